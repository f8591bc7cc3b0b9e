#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look through the program's C sources with cppcheck and gcc -fanalyzer.

usage: lint.py BUILD_DIR [cppcheck|analyzer]

Every finding must be mended or stand in tools/lint-exceptions.txt with its reason; an exception that
finds nothing any more is named, so that it can go.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[1]
EXCEPTIONS = SOURCE / "tools/lint-exceptions.txt"
FINDING = re.compile(r"^([^:\s]+):(\d+):(?:\d+:)? (?:warning|error|style|performance|portability): "
                     r"(.*) \[(?:-W)?([\w-]+)(?:=)?\]$", re.M)


def read_exceptions(tool):
    """{(file, check): reason} of one tool: lines `tool<TAB>file<TAB>check<TAB>reason`."""
    exceptions = {}
    for line in EXCEPTIONS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, file, check, reason = line.split("\t")
            assert reason.strip(), f"no reason: {line}"
            if name == tool:
                exceptions[file, check] = reason
    return exceptions


def compile_commands(build):
    """(directory, source, arguments) of every file under src/."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        if source.is_relative_to(SOURCE / "src"):
            yield entry["directory"], source, shlex.split(entry["command"])


def analyze(entry):
    """What gcc says of one file. Without optimisation: it sees the code as it was written."""
    directory, source, arguments, target = entry
    keep = [a for a in arguments
            if a.startswith(("-I", "-D", "-std", "-isystem")) and "FORTIFY" not in a]
    caching = ["ccache"] if arguments[0].endswith("ccache") else []
    command = [*caching, "gcc", *keep, "-O0", "-fanalyzer", "-fdiagnostics-plain-output",
               "-c", str(source), "-o", str(target)]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{source}: gcc failed\n{done.stderr}")
    return done.stderr


def run_analyzer(build):
    folder = build / "analyzer"  # kept, so that ccache can answer for what did not change
    folder.mkdir(exist_ok=True)
    entries = [(*entry, folder / f"{number}.o")
               for number, entry in enumerate(compile_commands(build))]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return "".join(pool.map(analyze, entries))


def run_cppcheck(build):
    folder = build / "cppcheck"
    folder.mkdir(exist_ok=True)
    entries = [e for e in json.loads((build / "compile_commands.json").read_text())
               if "/src/" in str((pathlib.Path(e["directory"]) / e["file"]).resolve())]
    project = folder / "compile_commands.json"
    project.write_text(json.dumps(entries))
    command = ["cppcheck", "-q", f"-j{os.cpu_count()}", f"--project={project}",
               f"--cppcheck-build-dir={folder}", "--enable=warning,performance,portability",
               "--inline-suppr", "--suppress=missingIncludeSystem",
               "--template={file}:{line}: {severity}: {message} [{id}]"]
    return subprocess.run(command, capture_output=True, text=True).stderr


def judge(tool, build, output):
    """Prints what is new or out of date; the number of new findings."""
    exceptions = read_exceptions(tool)
    seen, wrong = set(), 0
    for file, line, message, check in sorted(set(FINDING.findall(output))):
        path = pathlib.Path(build, file).resolve()
        if not path.is_relative_to(SOURCE):
            continue  # a system header, which is not ours to mend
        name = str(path.relative_to(SOURCE))
        if (name, check) in exceptions:
            seen.add((name, check))
            continue
        wrong += 1
        print(f"{tool}: {name}:{line}: {message} [{check}]")
    for name, check in sorted(exceptions.keys() - seen):
        print(f"{tool}: the exception for {check} in {name} is not needed any more")
    print(f"{tool}: {wrong} findings, {len(seen)} exceptions with a reason")
    return wrong


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    tools = {"cppcheck": run_cppcheck, "analyzer": run_analyzer}
    wanted = sys.argv[2:] or tools
    sys.exit(1 if sum([judge(tool, build, tools[tool](build)) for tool in wanted]) else 0)


if __name__ == "__main__":
    main()
