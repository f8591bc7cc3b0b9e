# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a policy binds that nobody tuned the catalogue for. For each document the compiler is linked with three smaller catalogues:

  left out    without the terms taken from texts (`terms`) whose words stand in that document and in no other; terms in general
              use (`general`) stay, for nobody needed the document to know them
  pessimistic without any term, general or not, whose words stand in that document and in no other
  general     with the general terms alone: nothing taken from any of the five documents
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

import binding_quality

SOURCE = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SOURCE / "tools"))
import catalogue  # noqa: E402

WORDS = SOURCE / "data/policy/words.tsv"
WAYS = {"left out": ["terms"], "pessimistic": ["terms", "general"], "general alone": []}  # what is trimmed
LIBRARIES = ["icu-uc", "libcrypto", "libseccomp", "uchardet"]


def plain(text, variants):
    return catalogue.plain(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)), variants)


def terms_kept(line, own, others, variants):
    """The terms of a line whose words all stand in another document, or not in this one."""
    for term in line.split():
        words = [plain(word, variants) for word in re.sub(r"^-|\*\d$", "", term).split("+")]
        if not all(word in own for word in words) or any(all(word in other for word in words) for other in others):
            yield term


def trim(folder, way, own, others, variants):
    """Writes the catalogue without what only `own` says; how many terms went."""
    gone = 0
    for path in sorted((SOURCE / "data/catalogue").glob("*.txt")):
        lines = []
        for line in path.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(": ")
            if key == "terms" and way == "general alone":
                gone += len(value.split())
                line = "terms: （どこにもない語）"
            elif key in WAYS[way]:
                kept = list(terms_kept(value, own, others, variants))
                gone += len(value.split()) - len(kept)
                line = f"{key}: " + " ".join(kept or ["（どこにもない語）"])
            lines.append(line)
        (folder / path.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return gone


def link(build, folder):
    """The compiler with the trimmed catalogue: its table stands before the library's own."""
    table, program = folder / "catalogue.c", folder / "policy_show"
    subprocess.run(["/usr/bin/python3", str(SOURCE / "tools/catalogue.py"), str(table),
                    str(WORDS), *map(str, sorted(folder.glob("*.txt")))], check=True)
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", *LIBRARIES], capture_output=True, text=True,
                           check=True).stdout.split()
    subprocess.run([shutil.which("cc"), "-std=gnu17", "-D_GNU_SOURCE", "-O1", f"-I{SOURCE / 'src'}", "-o", str(program),
                    str(SOURCE / "bench/policy_show.c"), str(table), str(build / "src/policy/libpolicy.a"),
                    str(build / "src/base/libbase.a"), *flags, "-lm"], check=True)
    return program


def measure(build, documents, way="left out", names=binding_quality.DOCUMENTS):
    """Yields (name, terms gone, Quality) for each of the labelled documents."""
    variants = catalogue.read_variants(WORDS)
    paths = sorted(documents.glob("*.txt"))
    texts = [plain(path.read_text(encoding="utf-8"), variants) for path in paths]
    for number, name in enumerate(binding_quality.DOCUMENTS):
        if name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            gone = trim(folder, way, texts[number], texts[:number] + texts[number + 1:], variants)
            program = link(build, folder)
            yield name, gone, binding_quality.measure(program, documents, [name])
