# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sample document: its hostile construct is in it before and gone after, its honest content
stays, and what cannot be rebuilt is refused with the expected code."""

import pathlib
import subprocess
import sys
import tempfile
import unicodedata

sys.path[:0] = [str(pathlib.Path(__file__).parents[1]), str(pathlib.Path(__file__).parents[2] / "tools")]
import make_samples  # noqa: E402
import show  # noqa: E402
import tap  # noqa: E402
from walker import walk  # noqa: E402

FOLDER = tempfile.TemporaryDirectory(prefix="sekisho-samples-")
INPUTS = pathlib.Path(FOLDER.name, "inputs")
OUTPUTS = pathlib.Path(FOLDER.name, "outputs")
STATE = {}
# What the walker calls a construct, where it has another word for it than the samples.
WALKER_WORDS = {
    "active_formula": {"active_formula", "external_formula", "unsafe_link"},
    "duplicate_name": {"zip_doubled_name"}, "eps": {"postscript"}, "hidden_text": {"bidi_control"},
    "pdf_3d": {"three_d"}, "pdf_external": {"external_stream"}, "pdf_link": {"unsafe_link"},
    "pdf_outside_bytes": {"polyglot_tail", "polyglot_prefix"}, "unlisted_part": {"unknown_content"},
    "zip_bomb": {"zip_tail", "zip_bomb"}}
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "iso2022_jp")


def results():
    """(entry of the manifest, receipt) of every sample; disarmed once."""
    if not STATE:
        INPUTS.mkdir()
        STATE["manifest"] = make_samples.write_samples(INPUTS)
        STATE["receipts"] = show.disarm_all(tap.SEKISHO, INPUTS, STATE["manifest"], OUTPUTS)
    return [(entry, STATE["receipts"][entry["path"]]) for entry in STATE["manifest"]]


def accepted():
    return [(entry, receipt) for entry, receipt in results() if receipt["output_path"]]


def walk_input(entry):
    return walk(entry["name"], (INPUTS / entry["path"]).read_bytes())


def walk_output(receipt):
    return walk(receipt["output_path"].name, receipt["output_path"].read_bytes())


def report(problems):
    assert not problems, f"{len(problems)} problems\n" + "\n".join(problems)


def squeeze(text):
    """Without spaces and in one width, so that line breaks and layout do not count."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def all_text(path, found):
    parts = [text for _, text in found.texts]
    for _, piece in found.pieces:
        parts.extend(piece.decode(encoding, "ignore") for encoding in ENCODINGS[:1])
    if path.suffix == ".pdf":
        command = ["pdftotext", "-enc", "UTF-8", str(path), "-"]
        parts.append(subprocess.run(command, capture_output=True).stdout.decode("utf-8", "replace"))
    return squeeze("\n".join(parts))


def holds(found, needle):
    """Whether a byte string stands in any unpacked piece or text, in any usual encoding."""
    forms = {needle}
    try:
        text = needle.decode("utf-8")
        forms.update(text.encode(encoding) for encoding in ENCODINGS[1:3])
        if any(text in seen for _, seen in found.texts):
            return True
    except UnicodeError:
        pass
    return any(form in piece for form in forms for _, piece in found.pieces)


def test_every_area_has_honest_and_hostile_samples():
    manifest = [entry for entry, _ in results()]
    for area in make_samples.areas():
        own = [entry for entry in manifest if entry["area"] == area]
        assert [entry for entry in own if not entry["construct"]], f"{area}: no honest sample"
        assert [entry for entry in own if entry["construct"]], f"{area}: no hostile sample"


def test_every_construct_has_its_words():
    known = show.constructs()
    report([f"{entry['construct']} ({entry['path']}) is not in constructs.tsv" for entry, _ in results()
            if entry["construct"] and entry["construct"] not in known])


def test_every_verdict_is_the_expected_one():
    problems = []
    for entry, receipt in results():
        code = (receipt.get("reason") or {}).get("code")
        if code != entry["refused"]:
            problems.append(f"{entry['path']}: refused {code}, expected {entry['refused']}"
                            f" ({(receipt.get('reason') or {}).get('en', '')})")
    report(problems)


def test_the_walker_finds_every_construct_in_the_inputs():
    problems = []
    for entry, _ in results():
        key = entry["construct"]
        if key and entry["password"] is None:
            words = WALKER_WORDS.get(key, {key, key.removeprefix("pdf_")})
            found = walk_input(entry).constructs()
            if not words & found:
                problems.append(f"{entry['path']}: no {key} among {sorted(found)}")
    report(problems)


def test_what_must_go_was_there_before():
    report([f"{entry['path']}: {bytes.fromhex(value)!r} does not stand in the input"
            for entry, _ in accepted() if entry["password"] is None for value in entry["gone"]
            if not holds(walk_input(entry), bytes.fromhex(value))])


def test_what_must_go_is_gone():
    problems = []
    for entry, receipt in accepted():
        found = walk_output(receipt)
        problems += [f"{entry['path']}: {bytes.fromhex(value)!r} still stands in the output"
                     for value in entry["gone"] if holds(found, bytes.fromhex(value))]
    report(problems)


def test_what_must_stay_stays():
    problems = []
    for entry, receipt in accepted():
        text = all_text(receipt["output_path"], walk_output(receipt))
        problems += [f"{entry['path']}: {value!r} is lost" for value in entry["stays"]
                     if squeeze(value) not in text]
    report(problems)


def test_the_walker_finds_nothing_in_the_outputs():
    report([f"{entry['path']}: {finding}" for entry, receipt in accepted()
            for finding in sorted(set(walk_output(receipt).findings), key=str)])


def test_a_hostile_sample_leaves_a_row_in_its_receipt():
    report([f"{entry['path']}: nothing dropped or rewritten" for entry, receipt in accepted()
            if entry["construct"] and not
            [row for row in receipt["objects"] if row["action"] in ("dropped", "rewritten")]])


def test_a_second_pass_changes_nothing():
    problems = []
    again = pathlib.Path(FOLDER.name, "again")
    for treatment in ("rebuild",):
        rows = [(entry, receipt) for entry, receipt in accepted()
                if entry["treatment"] == treatment and entry["password"] is None]
        files = [receipt["output_path"] for _, receipt in rows]
        second = show.run_disarm.disarm(tap.SEKISHO, files, again, treatment)
        for entry, receipt in rows:
            made = second[receipt["output_path"]]
            if not made["output_path"]:
                problems.append(f"{entry['path']}: refused the second time: {made['reason']}")
            elif made["output"]["sha256"] != receipt["output"]["sha256"]:
                problems.append(f"{entry['path']}: the second pass changed it")
    report(problems)


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
