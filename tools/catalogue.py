#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn data/catalogue/*.txt into a C table of controls and of the words that mark them.

usage: catalogue.py OUT.c WORDS.tsv FILE...

A control is a block of `key: value` lines after `control <id>`. Its terms are separated by blanks; a term is one
or two words joined by `+` (both must be met), `*` and a weight from 1 to 9 behind it, or `-` and a word that
rules the control out. `general` holds terms in general use, `terms` those that were taken from certain texts.
Words are brought into the spelling in which texts are compared (category `variant` of WORDS.tsv). Anything
unknown, missing or doubled stops the build.
"""

import pathlib
import re
import sys

from messages import c_string
from words import read_words

KEYS = ["ja", "en", "achieves ja", "achieves en", "met", "owner", "rhythm", "terms", "general"]
TERM_KEYS = ["terms", "general"]  # a control needs one of them
RHYTHMS = ["immediate", "prompt", "periodic", "yearly", "as_needed", "event", "always"]
MET = re.compile(r"^(enforced|checked|recorded) by ([a-z.-]+)$|^attested$")
ENGINES = {  # what may stand behind `enforced by`; data/catalogue/README.md says what each is
    "cases.audit", "cases.exception", "cases.separation", "gate.antivirus", "gate.approval", "gate.classification",
    "gate.conduits", "gate.disarm", "gate.zones", "identity.password", "identity.permissions", "identity.privileged",
    "identity.second-factor", "identity.sessions", "journal", "policy.publication",
}
NARROW = {code: code - 0xFF01 + 0x21 for code in range(0xFF01, 0xFF5F)}  # as the compiler reads texts
TERM = re.compile(r"^(-?)([^*]+?)(?:\*([1-9]))?$")


def read_controls(path):
    """Yields (id, fields) of one file."""
    control = fields = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("control "):
            if control:
                yield control, fields
            control, fields = line[8:], {}
            continue
        key, _, value = line.partition(": " if ": " in line else ":")
        if key not in KEYS or key in fields or control is None:
            sys.exit(f"{path}:{number}: cannot stand here: {line}")
        fields[key] = value.strip()
    if control:
        yield control, fields


def check(control, fields):
    missing = [key for key in KEYS if key not in TERM_KEYS and not fields.get(key)]
    if not any(fields.get(key) for key in TERM_KEYS):
        missing.append("terms")
    if missing:
        sys.exit(f"control {control}: no {missing[0]}")
    if not MET.match(fields["met"]):
        sys.exit(f"control {control}: how it is met is not understood: {fields['met']}")
    met = MET.match(fields["met"])
    if met[1] == "enforced" and met[2] not in ENGINES:
        sys.exit(f"control {control}: no engine is called {met[2]}")
    if fields["rhythm"] not in RHYTHMS:
        sys.exit(f"control {control}: unknown rhythm {fields['rhythm']}")


def read_terms(control, text):
    for word in text.split():
        match = TERM.match(word)
        if not match:
            sys.exit(f"control {control}: term not understood: {word}")
        yield match[2].split("+"), -1 if match[1] else int(match[3] or 2)


def read_variants(path):
    """Spellings and names, longest first, with the ones that are compared in their place."""
    return [(word.translate(NARROW), plain.translate(NARROW))
            for category, word, plain in read_words(path) if category == "variant"]


def plain(word, variants):
    """The word as plain_append of src/policy/plain.c writes it."""
    word, out, at = word.translate(NARROW), [], 0
    while at < len(word):
        written, instead = next((v for v in variants if word.startswith(v[0], at)), (word[at], word[at]))
        out.append(instead)
        at += len(written)
    return "".join(out)


def main():
    controls = {}
    variants = read_variants(pathlib.Path(sys.argv[2]))
    for name in sys.argv[3:]:
        for control, fields in read_controls(pathlib.Path(name)):
            if control in controls:
                sys.exit(f"{name}: control {control} stands twice")
            check(control, fields)
            controls[control] = fields
    order = sorted(controls)
    needles, terms, rows = {}, [], []
    for index, control in enumerate(order):
        fields = controls[control]
        seen = set()
        for words, weight in read_terms(control, " ".join(fields.get(key, "") for key in TERM_KEYS)):
            if len(words) > 2:
                sys.exit(f"control {control}: more than two words joined")
            if any(len(word.encode()) < 3 for word in words):
                sys.exit(f"control {control}: a word is shorter than three bytes")
            words = [plain(word, variants) for word in words]
            if tuple(words) in seen:
                continue  # two spellings of one term
            seen.add(tuple(words))
            ids = [needles.setdefault(word, len(needles)) for word in words]
            terms.append((index, ids[0], ids[-1], weight))
        met = MET.match(fields["met"])
        how, by = (met[1], met[2]) if met[1] else ("attested", "")
        texts = [control, fields["ja"], fields["en"], fields["achieves ja"], fields["achieves en"]]
        rows.append(
            f"    {{{c_string(texts[0])}, {{{c_string(texts[1])}, {c_string(texts[2])}}}, "
            f"{{{c_string(texts[3])}, {c_string(texts[4])}}}, CONTROL_{how.upper()}, "
            f"{c_string(by)}, {c_string(fields['owner'])}, POLICY_{fields['rhythm'].upper()}}},"
        )
    by_start = sorted(needles.items(), key=lambda item: item[0].encode())
    place = {old: new for new, (_, old) in enumerate(by_start)}
    lines = ['#include "policy/catalogue_table.h"', "", "const struct control control_table[] = {"]
    lines += rows
    lines += ["};", f"const size_t control_count = {len(rows)};", "", "const char *const needle_table[] = {"]
    lines += [f"    {c_string(word)}," for word, _ in by_start]
    lines += ["};", "", "const uint32_t needle_starts[] = {"]
    lines += [f"    0x{word.encode()[:3].hex()}," for word, _ in by_start]
    lines += ["};", f"const size_t needle_count = {len(by_start)};", "", "const struct term term_table[] = {"]
    lines += [f"    {{{c}, {place[a]}, {place[b]}, {w}}}," for c, a, b, w in terms]
    lines += ["};", f"const size_t term_count = {len(terms)};", ""]
    written = sorted(variants, key=lambda v: v[0].encode())
    lines += ["const struct variant variant_table[] = {"]
    lines += [f"    {{{c_string(word)}, {c_string(instead)}}}," for word, instead in written]
    lines += ["};", "", "const uint32_t variant_starts[] = {"]
    lines += [f"    0x{word.encode()[:3].hex()}," for word, _ in written]
    lines += ["};", f"const size_t variant_count = {len(written)};", ""]
    pathlib.Path(sys.argv[1]).write_text("\n".join(lines))


if __name__ == "__main__":
    main()
