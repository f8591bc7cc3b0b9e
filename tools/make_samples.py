#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the sample documents of every module in tools/samples/ into a folder.

usage: make_samples.py DIR [AREA...]

Each area (a module there: ooxml, pdf, …) gets its own folder DIR/<area>/. DIR/manifest.json says of
every file what it is: a list of {area, name, path, construct, gone, stays, refused, treatment,
password}; `gone` as hexadecimal, everything else as in samples/sample.py.
"""

import importlib
import json
import pathlib
import sys

SAMPLES = pathlib.Path(__file__).resolve().parent / "samples"
sys.path.insert(0, str(SAMPLES))


def areas():
    """The names of the modules that have samples."""
    names = []
    for path in sorted(SAMPLES.glob("*.py")):
        if "\ndef samples(" in path.read_text(encoding="utf-8"):
            names.append(path.stem)
    return names


def load(area):
    """The samples of one area, names checked to be different and plain."""
    found = importlib.import_module(area).samples()
    names = [sample.name for sample in found]
    for name in names:
        if "/" in name or names.count(name) > 1:
            sys.exit(f"tools/samples/{area}.py: the name {name!r} is doubled or holds a slash")
    return found


def as_bytes(value):
    """A text or a byte string as bytes."""
    return value.encode() if isinstance(value, str) else bytes(value)


def describe(area, sample):
    return {
        "area": area,
        "name": sample.name,
        "path": f"{area}/{sample.name}",
        "construct": sample.construct,
        "gone": [as_bytes(value).hex() for value in sample.gone],
        "stays": list(sample.stays),
        "refused": sample.refused,
        "treatment": sample.treatment,
        "password": sample.password,
    }


def write_samples(folder, wanted=None):
    """Writes the samples of the wanted areas (None: all) and returns the manifest."""
    manifest = []
    for area in wanted or areas():
        target = folder / area
        target.mkdir(parents=True, exist_ok=True)
        for sample in load(area):
            (target / sample.name).write_bytes(sample.data)
            manifest.append(describe(area, sample))
    (folder / "manifest.json").write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return manifest


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    manifest = write_samples(folder, sys.argv[2:] or None)
    print(f"{len(manifest)} sample documents in {folder}")


if __name__ == "__main__":
    main()
