# SPDX-License-Identifier: GPL-3.0-or-later
"""Real documents of other people: every one is rebuilt or refused with a reason, nothing active
remains, other readers open what comes out, and doing it again changes nothing."""

import collections
import multiprocessing
import pathlib
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1]),
                str(pathlib.Path(__file__).parents[2] / "tools")]
import readers  # noqa: E402
import run_disarm  # noqa: E402
import tap  # noqa: E402
from walker import walk  # noqa: E402

FOLDER = tempfile.TemporaryDirectory(prefix="sekisho-corpus-")
STATE = {}
SHARE = 0.99
# Refusals that say that the product failed, not that the file is bad.
FAILURES = ("worker_", "sandbox_", "verif", "report_", "memory_file", "magic_", "ipc_", "limit_time",
            "unknown", "csv_unstable")
# An archive that opens, but holds nothing that we offer to disarm: said in its own column.
NOTHING_INSIDE = "zip_nothing_left"


def corpus():
    """Every document below ../shared/corpus."""
    root = tap.shared("corpus")
    return root, sorted(p for p in root.rglob("*") if p.is_file() and p.name != "SOURCES.md")


def first_pass():
    """{file: receipt} of the whole corpus, disarmed in one call."""
    if "first" not in STATE:
        _, files = corpus()
        STATE["first"] = run_disarm.disarm(tap.SEKISHO, files, f"{FOLDER.name}/first")
    return STATE["first"]


def outputs():
    return [receipt["output_path"] for receipt in first_pass().values() if receipt["output_path"]]


def short(path):
    for base in (pathlib.Path(FOLDER.name, "first"), corpus()[0]):
        if path.is_relative_to(base):
            return str(path.relative_to(base))
    return str(path)


def report(problems, limit=60):
    more = [f"… and {len(problems) - limit} more"] if len(problems) > limit else []
    assert not problems, f"{len(problems)} problems\n" + "\n".join(problems[:limit] + more)


def in_parallel(function, items):
    with multiprocessing.Pool() as pool:
        return pool.map(function, items, chunksize=8)


def walked(path):
    """What the walker finds in one output, as lines."""
    try:
        return sorted(set(map(str, walk(path.name, path.read_bytes()).findings)))
    except Exception as error:  # a walker that fails must be heard
        return [f"the walker failed: {error!r}"]


def test_every_file_has_a_receipt_with_a_verdict():
    for path, receipt in first_pass().items():
        assert receipt["verdict"] in ("rebuilt", "refused"), short(path)
        if receipt["verdict"] == "refused":
            reason = receipt["reason"]
            assert reason["code"] and reason["ja"] and reason["en"], f"{short(path)}: {reason}"
            assert receipt["output_path"] is None
        else:
            assert receipt["output_path"].stat().st_size == receipt["output"]["size"], short(path)


def test_no_worker_crashes_hangs_or_fails_its_verifier():
    report([f"{short(path)}: {receipt['reason']['code']} at {receipt['reason']['where']}: "
            f"{receipt['reason']['en']}" for path, receipt in first_pass().items()
            if receipt["verdict"] == "refused" and receipt["reason"]["code"].startswith(FAILURES)])


def test_nothing_active_is_left_in_any_output():
    made = outputs()
    report([f"{short(path)}: {line}" for path, lines in zip(made, in_parallel(walked, made))
            for line in lines])


def test_the_walker_is_awake():
    """It must find in the inputs what it may not find in the outputs."""
    found = collections.Counter()
    for path, receipt in first_pass().items():
        if receipt["output_path"] and path.suffix.lower() in (".docm", ".xlsm", ".pptm", ".pdf"):
            found.update({str(f).split()[0] for f in walk(path.name, path.read_bytes()).findings})
    for construct in ("vba", "macro_type", "javascript", "open_action", "embedded_file", "old_revision",
                      "metadata"):
        assert found[construct], f"no {construct} in any input: {found}"


def test_other_readers_accept_every_output():
    """A picture that Pillow could not even open before is not held against its output."""
    sources = {r["output_path"]: path for path, r in first_pass().items() if r["output_path"]}
    complaints = readers.judge_all(list(sources))
    before = readers.open_all([sources[path] for path in complaints])
    problems = []
    for path, word in complaints.items():
        if word.startswith("Pillow") and before[sources[path]] != "opens":
            print(f"# neither before nor after: {short(path)}: {word}")
        else:
            problems.append(f"{short(path)}: {word}")
    report(problems)


def test_what_ordinary_readers_open_is_accepted():
    """Of the files of the first wave, by kind: opened by the reader, and of those, accepted by us."""
    files = [path for path in first_pass() if readers.kind_of(path)]
    table = collections.defaultdict(collections.Counter)
    refused = []
    for path, answer in readers.open_all(files).items():
        receipt, kind = first_pass()[path], readers.kind_of(path)
        code = (receipt.get("reason") or {}).get("code", "")
        if answer == "encrypted":
            table[kind]["encrypted"] += 1
        elif code == NOTHING_INSIDE:
            table[kind]["nothing inside"] += 1
        elif answer != "opens":
            table[kind]["broken"] += 1
        else:
            table[kind]["opens"] += 1
            table[kind]["accepted"] += not code
            if code:
                refused.append(f"{short(path)}: {code} at {receipt['reason']['where']}: "
                               f"{receipt['reason']['en']}")
    for kind, row in sorted(table.items()):
        print(f"# {kind}: {row['accepted']} of {row['opens']} that open are accepted; "
              f"{row['encrypted']} encrypted, {row['broken']} broken, "
              f"{row['nothing inside']} with nothing inside that we disarm")
    for line in refused:
        print(f"# refused: {line}")
    total = sum(table.values(), collections.Counter())
    share = total["accepted"] / max(total["opens"], 1)
    print(f"# accepted {share:.2%} of {total['opens']}")
    assert share >= SHARE, f"{share:.2%} of the files that ordinary readers open are accepted"


def test_the_same_input_gives_the_same_bytes():
    _, files = corpus()
    second = run_disarm.disarm(tap.SEKISHO, files, f"{FOLDER.name}/second")
    report([f"{short(path)}: {digest(receipt)} and then {digest(second[path])}"
            for path, receipt in first_pass().items() if digest(receipt) != digest(second[path])])


def test_disarming_twice_is_disarming_once():
    made = outputs()
    again = run_disarm.disarm(tap.SEKISHO, made, f"{FOLDER.name}/again")
    digests = {r["output_path"]: digest(r) for r in first_pass().values() if r["output_path"]}
    report([f"{short(path)}: {digests[path]} and then {digest(receipt)}"
            for path, receipt in again.items() if digest(receipt) != digests[path]])


def digest(receipt):
    """The output's checksum, or why there is none."""
    output = receipt.get("output")
    return output["sha256"][:16] if output else f"refused {receipt['reason']['code']}"


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
