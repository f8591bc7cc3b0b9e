# SPDX-License-Identifier: GPL-3.0-or-later
"""Call `sekisho disarm` on many files at once and read the receipts, for tests and tools."""

import json
import pathlib
import subprocess
import tempfile


def disarm(program, files, folder, treatment="rebuild", password=None, timeout=900, options=()):
    """Disarms files into folder; {file: receipt}. Raises when the program itself failed.

    options: further ones for the command line.
    receipt["output_path"] is the file that was made, or None when it was refused.
    """
    files = [pathlib.Path(file) for file in files]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    command = [str(program), "disarm", "--json", "--treatment", treatment, "--out-dir", str(folder), *options]
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as secret:
        if password is not None:
            secret.write(password)
            secret.flush()
            command += ["--password-file", secret.name]
        done = subprocess.run([*command, "--", *map(str, files)], capture_output=True, text=True,
                              timeout=timeout)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"sekisho disarm ended with {done.returncode}: {done.stderr[-2000:]}")
    return match_receipts(files, folder, done.stdout)


def match_receipts(files, folder, lines):
    receipts = {}
    for line in lines.splitlines():
        receipt = json.loads(line)
        output = receipt.get("output")
        receipt["output_path"] = folder / output["name"] if output else None
        receipts[pathlib.Path(receipt["input"]["name"])] = receipt
    missing = [str(file) for file in files if file not in receipts]
    if missing or len(receipts) != len(set(files)):
        raise RuntimeError(f"{len(missing)} files have no receipt, such as {missing[:3]}")
    return receipts


def count_kinds(receipt, action):
    """{kind: how many} of the objects with an action; of those rewritten, only where a reason says why."""
    kinds = {}
    for row in receipt["objects"]:
        if row["action"] == action and (action == "dropped" or row["reason"]):
            kinds[row["kind"]] = kinds.get(row["kind"], 0) + row["count"]
    return kinds
