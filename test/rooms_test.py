# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of the house know only the rooms that src/rooms.tsv allows them."""

import pathlib
import re
import subprocess
import sys
import tempfile

import tap

sys.path.insert(0, str(tap.SOURCE / "tools"))
import room_views  # noqa: E402

ROOMS = room_views.read_rooms(tap.SOURCE / "src/rooms.tsv")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def compiles(room, include):
    """Whether a file of a room that includes `include` gets past the preprocessor."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "probe.c")
        source.write_text(f'#include "{include}"\n')
        command = ["cc", "-E", "-D_GNU_SOURCE", f"-I{tap.BUILD}/rooms/{room}", str(source)]
        return subprocess.run(command, capture_output=True).returncode == 0


def sources():
    for path in sorted((tap.SOURCE / "src").rglob("*.[ch]")):
        yield path, path.relative_to(tap.SOURCE / "src").parts[0]


def test_every_include_is_allowed_by_the_table():
    for path, room in sources():
        for include in INCLUDE.findall(path.read_text()):
            assert not include.startswith("."), f"{path}: relative include {include}"
            other = include.split("/")[0]
            if other == room:
                continue
            assert other in ROOMS[room][0], f"{path}: {room} may not use {other}"
            public = ROOMS[other][1]
            assert public == ["*"] or include.split("/", 1)[1] in public, (
                f"{path}: {include} is not a public header"
            )


def test_a_forbidden_include_does_not_compile():
    assert compiles("disarm", "base/buffer.h")
    assert not compiles("base", "disarm/disarm.h")
    for room, (uses, _) in ROOMS.items():
        for path, other in sources():
            if path.suffix == ".h" and other not in uses and other != room:
                include = str(path.relative_to(tap.SOURCE / "src"))
                assert not compiles(room, include), f"{room} could include {include}"
                break


def test_a_private_header_is_out_of_sight():
    assert compiles("gate", "disarm/disarm.h")
    assert not compiles("gate", "disarm/format/job.h")


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
