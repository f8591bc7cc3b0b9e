#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disarm our own sample documents and show what became of each: what `make run` does.

usage: show.py BUILD_DIR OUT_DIR

The samples are made up (a town called みほん市) and made here; nothing is fetched from anywhere.
"""

import os
import pathlib
import shutil
import sys
import unicodedata

import make_samples
import messages
import run_disarm

SOURCE = pathlib.Path(__file__).resolve().parents[1]
LOCALE = next((v for n in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(n))), "ja")
LANGUAGE = "en" if LOCALE.startswith("en") else "ja"  # the same rule as the program's
WORDS = {
    "ja": {"input": "入力", "verdict": "判定", "result": "除いたもの、作り直したもの、受け付けない理由", "dropped": "除いた", "rewritten": "作り直した",
           "rebuilt": "再構成", "flattened": "画像化", "text": "テキスト化", "refused": "不可",
           "nothing": "なし",
           "start": "見本の文書 {count} 件（架空のみほん市のもの）を無害化します。",
           "end": "無害化 {made} 件、受け付けなかったもの {refused} 件。",
           "where": "入力 {inputs}\n出力 {outputs}\n無害化票 {outputs}/…/<名前>.receipt.json",
           "next": "自分の文書で試す: {program} disarm --out-dir {out} ファイル…"},
    "en": {"input": "input", "verdict": "verdict", "result": "dropped, rewritten, or why not", "dropped": "dropped", "rewritten": "rewritten",
           "rebuilt": "rebuilt", "flattened": "flattened", "text": "text", "refused": "refused",
           "nothing": "nothing",
           "start": "Disarming {count} sample documents (of the made-up town みほん市).",
           "end": "{made} disarmed, {refused} refused.",
           "where": "inputs   {inputs}\noutputs  {outputs}\nreceipts {outputs}/…/<name>.receipt.json",
           "next": "With your own documents: {program} disarm --out-dir {out} FILE…"},
}[LANGUAGE]


def catalogue():
    texts = {}
    for path in sorted((SOURCE / "data/locale").glob(f"*.{LANGUAGE}.po")):
        texts.update(messages.read_po(path))
    return texts


def width(text):
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def fit(text, columns):
    """The text cut or padded to a number of terminal columns."""
    while width(text) > columns:
        text = text[:-2] + "…"
    return text + " " * (columns - width(text))


def outcome(receipt, texts):
    """What did not cross or crossed changed, in words; for a refusal its sentence."""
    if receipt["verdict"] == "refused":
        return receipt["reason"][LANGUAGE]
    parts = []
    for action in ("dropped", "rewritten"):
        counts = run_disarm.count_kinds(receipt, action)
        words = [f"{texts.get('kind.' + kind, kind)} {count}" for kind, count in sorted(counts.items())]
        if words:
            parts.append(f"{WORDS[action]}: {', '.join(words)}")
    return "; ".join(parts) or WORDS["nothing"]


def disarm_all(program, folder, manifest, outputs):
    """{path in the manifest: receipt}; one call for each treatment and password."""
    receipts = {}
    ways = {(entry["area"], entry["treatment"], entry["password"]) for entry in manifest}
    for area, treatment, password in sorted(ways, key=str):
        files = [folder / entry["path"] for entry in manifest
                 if (entry["area"], entry["treatment"], entry["password"])
                 == (area, treatment, password)]
        target = outputs / area if treatment == "rebuild" else outputs / area / treatment
        found = run_disarm.disarm(program, files, target, treatment, password)
        receipts.update({str(file.relative_to(folder)): found[file] for file in files})
    return receipts


def print_table(manifest, receipts, texts):
    columns = shutil.get_terminal_size((120, 24)).columns
    first, second = 36, 10
    third = max(columns - first - second - 3, 30)
    print(fit(WORDS["input"], first), fit(WORDS["verdict"], second), WORDS["result"])
    print("-" * first, "-" * second, "-" * third)
    for entry in manifest:
        receipt = receipts[entry["path"]]
        print(fit(entry["path"], first), fit(WORDS[receipt["verdict"]], second),
              fit(outcome(receipt, texts), third).rstrip())


def main():
    build, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    program = build / "src/command/sekisho"
    inputs, outputs = out / "inputs", out / "outputs"
    for folder in (inputs, outputs):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    manifest = make_samples.write_samples(inputs)
    print(WORDS["start"].format(count=len(manifest)) + "\n")
    receipts = disarm_all(program, inputs, manifest, outputs)
    print_table(manifest, receipts, catalogue())
    refused = sum(receipt["verdict"] == "refused" for receipt in receipts.values())
    print("\n" + WORDS["end"].format(made=len(receipts) - refused, refused=refused))
    print(WORDS["where"].format(inputs=inputs, outputs=outputs))
    print(WORDS["next"].format(program=program, out=out / "mine"))
    unexpected = [entry["path"] for entry in manifest
                  if (receipts[entry["path"]].get("reason") or {}).get("code") != entry["refused"]]
    if unexpected:
        sys.exit("not as expected: " + ", ".join(unexpected))


if __name__ == "__main__":
    main()
