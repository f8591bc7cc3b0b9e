# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a policy binds that nobody tuned the catalogue for: for each document, the compiler is linked with a catalogue without
the terms whose words stand in that document and in no other."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unicodedata

import binding_quality

SOURCE = pathlib.Path(__file__).resolve().parents[1]
LIBRARIES = ["icu-uc", "libcrypto", "libseccomp", "uchardet"]


def squeezed(text):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def terms_kept(line, own, others):
    """The terms of a line whose words all stand in another document, or not in this one."""
    for term in line.split():
        words = [squeezed(word) for word in re.sub(r"^-|\*\d$", "", term).split("+")]
        if not all(word in own for word in words) or any(all(word in other for word in words) for other in others):
            yield term


def trim(folder, own, others):
    """Writes the catalogue without what only `own` says; how many terms went."""
    gone = 0
    for path in sorted((SOURCE / "data/catalogue").glob("*.txt")):
        lines = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("terms:"):
                kept = list(terms_kept(line[6:], own, others))
                gone += len(line[6:].split()) - len(kept)
                line = "terms: " + " ".join(kept or ["（どこにもない語）"])
            lines.append(line)
        (folder / path.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return gone


def link(build, folder):
    """The compiler with the trimmed catalogue: its table stands before the library's own."""
    table, program = folder / "catalogue.c", folder / "policy_show"
    subprocess.run(["/usr/bin/python3", str(SOURCE / "tools/catalogue.py"), str(table),
                    *map(str, sorted(folder.glob("*.txt")))], check=True)
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", *LIBRARIES], capture_output=True, text=True,
                           check=True).stdout.split()
    subprocess.run([shutil.which("cc"), "-std=gnu17", "-D_GNU_SOURCE", "-O1", f"-I{SOURCE / 'src'}", "-o", str(program),
                    str(SOURCE / "bench/policy_show.c"), str(table), str(build / "src/policy/libpolicy.a"),
                    str(build / "src/base/libbase.a"), *flags, "-lm"], check=True)
    return program


def measure(build, documents):
    """Yields (name, terms gone, Quality) for each of the labelled documents."""
    paths = sorted(documents.glob("*.txt"))
    texts = [squeezed(path.read_text(encoding="utf-8")) for path in paths]
    for number, name in enumerate(binding_quality.DOCUMENTS):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            gone = trim(folder, texts[number], texts[:number] + texts[number + 1:])
            program = link(build, folder)
            yield name, gone, binding_quality.measure(program, documents, [name])
