# SPDX-License-Identifier: GPL-3.0-or-later
"""The built program carries the hardening that the build asks for, read from its ELF file."""

import platform
import re
import subprocess
import sys

import tap

BINARY = str(tap.SEKISHO)


def readelf(*options):
    command = ["readelf", "-W", *options, BINARY]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_program_is_position_independent():
    assert re.search(r"Type:\s+DYN \(Position-Independent", readelf("-h"))
    assert re.search(r"FLAGS_1.*PIE", readelf("-d"))


def test_relocations_are_read_only():
    assert "GNU_RELRO" in readelf("-l")
    dynamic = readelf("-d")
    assert "BIND_NOW" in dynamic or re.search(r"FLAGS_1.*NOW", dynamic)


def test_stack_is_not_executable():
    stack = re.search(r"GNU_STACK.*", readelf("-l"))[0]
    assert " RW " in stack and "RWE" not in stack, stack


def test_no_segment_is_writable_and_executable():
    loads = re.findall(r"LOAD .*", readelf("-l"))
    assert loads and not [line for line in loads if "RWE" in line], loads


def test_stack_protector_is_in():
    assert "__stack_chk_fail" in readelf("--dyn-syms")


def test_fortified_functions_are_used():
    symbols = readelf("--dyn-syms")
    assert re.search(r"\b__\w+_chk\b", symbols)


def test_objects_carry_control_flow_protection():
    """The start-up code of Debian 12 has no such note, so the linker drops it from the program."""
    if platform.machine() != "x86_64":
        raise tap.Skip("control flow notes are of x86-64")
    objects = [str(path) for path in sorted((tap.BUILD / "src").rglob("*.c.o"))]
    assert objects
    command = ["readelf", "-W", "-n", *objects]
    notes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for part in notes.split("File: ")[1:] or [notes]:
        assert "IBT" in part and "SHSTK" in part, part.splitlines()[0]


def test_no_library_path_is_built_in():
    assert not re.search(r"\((RPATH|RUNPATH)\)", readelf("-d"))


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
