# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the bindings that the compiler proposes with those a person chose (labels.tsv)."""

import collections
import dataclasses
import json
import pathlib
import subprocess

LABELS = pathlib.Path(__file__).with_name("labels.tsv")
DOCUMENTS = ["saga", "higashiyamato", "munakata", "sunagawa", "miyazaki"]  # in the order of the files


@dataclasses.dataclass
class Quality:
    precision: float  # of the controls proposed, the share that a person chose
    recall: float     # of the controls chosen, the share that is proposed
    missing: list     # labelled requirements that the compiler no longer finds


def read_labels():
    labels = collections.defaultdict(dict)
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            document, requirement, controls = line.split("\t")
            labels[document][requirement] = set(controls.split(","))
    return labels


def proposals(program, path):
    verb = ["policy", "show", "--json"] if pathlib.Path(program).name == "sekisho" else []
    command = [str(program), *verb, str(path)]
    policy = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return {r["id"]: {b["control"] for b in r["bindings"]} for r in policy["requirements"]}


def measure(program, folder, documents=DOCUMENTS):
    labels = read_labels()
    right = proposed = chosen = 0
    missing = []
    for document, path in zip(DOCUMENTS, sorted(folder.glob("*.txt"))):
        if document not in documents:
            continue
        found = proposals(program, path)
        for requirement, controls in labels[document].items():
            if requirement not in found:
                missing.append((document, requirement))
                continue
            right += len(found[requirement] & controls)
            proposed += len(found[requirement])
            chosen += len(controls)
    return Quality(right / max(proposed, 1), right / max(chosen, 1), missing)
