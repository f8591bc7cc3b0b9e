# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the bindings that the compiler proposes with those a person chose (labels.tsv)."""

import collections
import dataclasses
import json
import pathlib
import subprocess

LABELS = pathlib.Path(__file__).with_name("labels.tsv")
SAMPLE_LABELS = pathlib.Path(__file__).with_name("sample_labels.tsv")
SAMPLES = pathlib.Path(__file__).with_name("samples")
DOCUMENTS = ["saga", "higashiyamato", "munakata", "sunagawa", "miyazaki"]  # in the order of the files


@dataclasses.dataclass
class Quality:
    precision: float  # of the controls proposed, the share that a person chose
    recall: float     # of the controls chosen, the share that is proposed
    missing: list     # labelled requirements that the compiler no longer finds


def read_labels(path=LABELS):
    labels = collections.defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            document, requirement, controls = line.split("\t")
            labels[document][requirement] = set(controls.split(","))
    return labels


def proposals(program, path):
    verb = ["policy", "show", "--json"] if pathlib.Path(program).name == "sekisho" else []
    command = [str(program), *verb, str(path)]
    policy = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return {r["id"]: {b["control"] for b in r["bindings"]} for r in policy["requirements"]}


def compare(program, named_paths, labels):
    """Quality over the labelled requirements of (name, path) pairs."""
    right = proposed = chosen = 0
    missing = []
    for document, path in named_paths:
        found = proposals(program, path)
        for requirement, controls in labels[document].items():
            if requirement not in found:
                missing.append((document, requirement))
                continue
            right += len(found[requirement] & controls)
            proposed += len(found[requirement])
            chosen += len(controls)
    return Quality(right / max(proposed, 1), right / max(chosen, 1), missing)


def measure(program, folder, documents=DOCUMENTS):
    pairs = zip(DOCUMENTS, sorted(folder.glob("*.txt")))
    return compare(program, [pair for pair in pairs if pair[0] in documents], read_labels())


def measure_sample(program, name):
    return compare(program, [(name, SAMPLES / f"{name}.txt")], read_labels(SAMPLE_LABELS))
