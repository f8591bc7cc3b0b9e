# SPDX-License-Identifier: GPL-3.0-or-later
"""Office documents of the corpus: what a person reads is the same before and after, what comes out
does not change when it is disarmed again, and what an ordinary reader opens is accepted."""

import concurrent.futures
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).parents[1]), str(pathlib.Path(__file__).parent)]
import ooxml_fidelity  # noqa: E402
import readers  # noqa: E402
import tap  # noqa: E402

DRIVER = tap.BUILD / "test" / "module_driver"
KINDS = ("docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xltx", "xltm", "pptx", "pptm", "ppsx", "potx")
FOLDER = tempfile.TemporaryDirectory(prefix="sekisho-ooxml-")
STATE = {}


def disarm(path, out):
    """(exit status, receipt)"""
    kind = path.suffix[1:]
    done = subprocess.run([DRIVER, kind, "rebuild", path, out], capture_output=True)
    assert done.returncode in (0, 1), f"{path.name}: status {done.returncode}\n{done.stderr.decode()[-2000:]}"
    return done.returncode, json.loads(done.stdout)


def examine(path):
    """One file: everything that the tests want to know about it."""
    out = pathlib.Path(FOLDER.name, f"{abs(hash(str(path)))}.{path.suffix[1:-1]}x")
    status, receipt = disarm(path, out)
    result = {"path": path, "receipt": receipt, "accepted": status == 0, "problems": []}
    result["opens"] = readers.read_ooxml(path) == "opens"
    if status:
        return result
    before = ooxml_fidelity.content(path)
    again = out.with_name("again-" + out.name)
    disarm(out, again)
    result["idempotent"] = again.exists() and again.read_bytes() == out.read_bytes()
    result["ratio"] = out.stat().st_size / path.stat().st_size
    after = ooxml_fidelity.content(out)
    result["problems"] = ooxml_fidelity.differences(before, after)
    gone, changed = ooxml_fidelity.lost_formulas(before, after)
    noted = sum(o["count"] for o in receipt["objects"] if o["kind"] == "formula")
    if changed or gone > noted:
        result["problems"].append(f"{gone} formulas gone, {noted} of them in the receipt, {changed} changed")
    for file in (out, again):
        file.unlink(missing_ok=True)
    return result


def results():
    if not STATE:
        corpus = tap.shared("corpus")
        paths = sorted(p for p in corpus.rglob("*") if p.suffix[1:] in KINDS)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            STATE["results"] = list(pool.map(examine, paths))
    return STATE["results"]


def report(problems):
    assert not problems, f"{len(problems)} problems\n" + "\n".join(problems)


def test_ooxml_keeps_what_a_person_reads():
    report([f"{r['path'].name}: {p}" for r in results() for p in r["problems"]])


def test_ooxml_disarmed_again_gives_the_same_bytes():
    report([r["path"].name for r in results() if not r.get("idempotent", True)])


def test_ooxml_accepts_what_an_ordinary_reader_opens():
    opened = [r for r in results() if r["opens"]]
    refused = [r for r in opened if not r["accepted"]]
    for r in refused:
        print(f"# refused: {r['path'].name}: {r['receipt']['reason']['en']}")
    share = 1 - len(refused) / len(opened)
    print(f"# {len(opened)} opened, {len(refused)} refused, {share:.2%} accepted")
    assert share >= 0.99


def test_ooxml_output_is_not_larger():
    ratio = statistics.median(r["ratio"] for r in results() if "ratio" in r)
    print(f"# output : input, median {ratio:.3f}")
    assert ratio <= 1.1


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
