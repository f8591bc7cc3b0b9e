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
    "ja": {"input": "入力", "inside": "仕掛け", "honest": "（なし）", "verdict": "判定", "result": "除いたもの、作り直したもの、受け付けない理由", "dropped": "除いた", "rewritten": "作り直した",
           "rebuilt": "再構成", "flattened": "画像化", "text": "テキスト化", "refused": "不可",
           "nothing": "なし",
           "start": "見本の文書 {count} 件（架空のみほん市のもの）を無害化します。",
           "end": "無害化 {made} 件、受け付けなかったもの {refused} 件。",
           "where": "入力 {inputs}\n出力 {outputs}\n無害化票 {outputs}/…/<名前>.receipt.json",
           "unexpected": "想定と違う判定: {names}",
           "next": "自分の文書で試す: {program} disarm --out-dir {out} ファイル…"},
    "en": {"input": "input", "inside": "what is in it", "honest": "(honest)", "verdict": "verdict", "result": "dropped, rewritten, or why not", "dropped": "dropped", "rewritten": "rewritten",
           "rebuilt": "rebuilt", "flattened": "flattened", "text": "text", "refused": "refused",
           "nothing": "nothing",
           "start": "Disarming {count} sample documents (of the made-up town みほん市).",
           "end": "{made} disarmed, {refused} refused.",
           "where": "inputs   {inputs}\noutputs  {outputs}\nreceipts {outputs}/…/<name>.receipt.json",
           "unexpected": "not the expected verdict: {names}",
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


def constructs():
    """{key: words} of the hostile constructs."""
    lines = (SOURCE / "tools/samples/constructs.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {key: {"ja": ja, "en": en}[LANGUAGE] for key, ja, en in rows}


def print_table(manifest, receipts, texts):
    """Hostile documents first."""
    widths = [30, 24, 10]
    widths.append(max(shutil.get_terminal_size((140, 24)).columns - sum(widths) - len(widths), 30))
    known = constructs()

    def line(*cells):
        print(" ".join(fit(cell, columns) for cell, columns in zip(cells, widths)).rstrip())

    line(WORDS["input"], WORDS["inside"], WORDS["verdict"], WORDS["result"])
    line(*("-" * columns for columns in widths))
    for entry in sorted(manifest, key=lambda entry: not entry["construct"]):
        receipt, key = receipts[entry["path"]], entry["construct"]
        line(entry["path"], known.get(key, key) or WORDS["honest"], WORDS[receipt["verdict"]],
             outcome(receipt, texts))


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
        print(WORDS["unexpected"].format(names=", ".join(unexpected)))


if __name__ == "__main__":
    main()
