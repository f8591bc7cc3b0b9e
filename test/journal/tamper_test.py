# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is done to a sealed journal's files, the offline verifier says so and names the place.

The matrix of the design: flip, delete, truncate, reorder, roll back, wipe.
"""

import shutil
import sys

import harness
import tap
import verifier

ENTRIES = 1000
MANY = 65536 + 300  # three levels of tiles


class Log:
    """One journal, made once; every test changes a copy of it."""

    def __init__(self):
        self.context = harness.scratch()
        self.base = self.context.__enter__()
        self.journal = harness.make_log(self.base, 300, ENTRIES - 300)
        self.key = harness.vkey(self.base)

    def __enter__(self):
        self.copy = harness.copy(self.journal, self.base / "copy")
        return self.copy

    def __exit__(self, *_):
        shutil.rmtree(self.copy, ignore_errors=True)


_log = None


def log():
    global _log
    _log = _log or Log()
    return _log


def problems(journal, *options):
    return harness.verify(journal, log().key, *options)["problems"]


def assert_found(journal, file=None, entry=None, code=None, options=()):
    found = problems(journal, *options)
    assert found, "not found"
    for problem in found:
        if ((file is None or problem["file"] == file)
                and (entry is None or problem["entry"] == entry)
                and (code is None or problem["code"] == code)):
            assert problem["ja"] and problem["en"]
            return
    raise AssertionError(f"found, but elsewhere: {found[:3]}")


def sealed_files(journal):
    """One file of each kind."""
    return [
        "checkpoint", "tile/0/000", "tile/0/002", "tile/0/003.p/232", "tile/1/000.p/3",
        "tile/entries/000", "tile/entries/002", "tile/entries/003.p/232",
    ]


def entry_spans(bundle):
    position, spans = 0, []
    while position < len(bundle):
        length = int.from_bytes(bundle[position:position + 2], "big")
        spans.append((position, position + 2 + length))
        position += 2 + length
    return spans


def test_an_honest_journal_is_whole():
    with log() as journal:
        report = harness.verify(journal, log().key)
        assert report["whole"] and report["size"] == report["checked"] == ENTRIES
        assert verifier.check_log(journal, verifier.Key(log().key)) == ENTRIES


def test_flip_is_found_in_every_kind_of_file():
    for name in sealed_files(log().journal):
        for place in (0.0, 0.37, 0.999):
            with log() as journal:
                data = bytearray((journal / name).read_bytes())
                data[int(place * len(data))] ^= 0x04
                (journal / name).write_bytes(data)
                assert_found(journal, file=name)


def test_flip_in_an_entry_names_the_entry():
    with log() as journal:
        path = journal / "tile/entries/001"
        data = bytearray(path.read_bytes())
        start, _ = entry_spans(data)[37]
        data[start + 20] ^= 1
        path.write_bytes(data)
        assert_found(journal, file="tile/entries/001", entry=256 + 37,
                     code="journal_entry_changed")
        assert len(problems(journal)) == 1


def test_damage_is_found_on_every_level_of_a_larger_tree():
    base = log().base / "many"
    journal = harness.make_log(base, 400, MANY - 400)
    key = harness.vkey(base)
    assert harness.verify(journal, key)["checked"] == MANY
    assert verifier.check_log(journal, verifier.Key(key)) == MANY
    for name in ("tile/0/255", "tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"):
        honest = (journal / name).read_bytes()
        for changed in (bytes([honest[0] ^ 1]) + honest[1:], honest[:-1]):
            (journal / name).write_bytes(changed)
            files = [p["file"] for p in harness.verify(journal, key)["problems"]]
            assert name in files, files
        (journal / name).write_bytes(honest)
    shutil.rmtree(base)


def test_delete_is_found_for_every_kind_of_file():
    for name in sealed_files(log().journal):
        with log() as journal:
            (journal / name).unlink()
            assert_found(journal, file=name, code="file_missing")


def test_truncate_is_found_for_every_kind_of_file():
    for name in sealed_files(log().journal):
        for keep in (0, 1, -1):
            with log() as journal:
                data = (journal / name).read_bytes()
                (journal / name).write_bytes(data[:keep])
                assert_found(journal, file=name)


def test_truncate_of_whole_entries_is_found():
    with log() as journal:
        path = journal / "tile/entries/003.p/232"
        data = path.read_bytes()
        path.write_bytes(data[:entry_spans(data)[230][1]])
        assert_found(journal, file="tile/entries/003.p/232", code="journal_bundle_broken")


def test_reorder_of_entries_names_the_first_of_them():
    with log() as journal:
        path = journal / "tile/entries/001"
        data = path.read_bytes()
        spans = entry_spans(data)
        parts = [data[a:b] for a, b in spans]
        parts[10], parts[20] = parts[20], parts[10]
        path.write_bytes(b"".join(parts))
        assert_found(journal, file="tile/entries/001", entry=256 + 10)


def test_reorder_of_entries_with_their_hashes_is_found():
    with log() as journal:
        for name in ("tile/entries/001", "tile/0/001"):
            first, second = journal / name, journal / name.replace("001", "002")
            data = first.read_bytes()
            first.write_bytes(second.read_bytes())
            second.write_bytes(data)
        assert_found(journal, file="tile/0/001", code="journal_tile_changed")
        assert_found(journal, code="journal_sequence")


def test_history_made_anew_without_the_key_is_found():
    other = harness.make_log(log().base / "other", ENTRIES)
    with log() as journal:
        harness.copy(other / "tile", journal / "tile")
        assert not problems(journal), "the same entries make the same tree, whoever writes it"
    harness.run(harness.DRIVER, "rotate", log().base / "other")  # one more entry
    with log() as journal:
        harness.copy(other / "tile", journal / "tile")
        shutil.copy(other / "checkpoint", journal / "checkpoint")
        assert_found(journal, file="checkpoint", code="journal_bad_signature")
    shutil.rmtree(log().base / "other")


def test_roll_back_is_found_through_a_checkpoint_that_was_kept():
    with log() as journal:
        kept = log().base / "kept"
        shutil.copy(journal / "checkpoint", kept)
        older = harness.make_log(log().base / "older", 500)  # an honest log of another key
        assert_found(older, code="journal_bad_signature")
    base = log().base / "rolled"
    journal = harness.make_log(base, 300)
    honest = harness.copy(journal, base / "old-copy")
    harness.run(harness.DRIVER, "seal", base, 300, 1)
    kept = base / "kept"
    shutil.copy(journal / "checkpoint", kept)
    key = harness.vkey(base)
    assert harness.verify(honest, key)["whole"], "an old honest copy looks whole by itself"
    report = harness.verify(honest, key, "--since", kept)
    assert [p["code"] for p in report["problems"]] == ["journal_rolled_back"]
    assert harness.verify(journal, key, "--since", kept)["whole"]
    assert harness.verify(journal, key, "--since", honest / "checkpoint")["whole"]


def test_history_rewritten_by_the_holder_of_the_key_is_found_through_a_kept_checkpoint():
    base = log().base / "rewritten"
    journal = harness.make_log(base, 10)
    start = harness.copy(base, log().base / "start")
    harness.run(harness.DRIVER, "seal", base, 10, 1)
    kept = log().base / "kept-of-rewritten"
    shutil.copy(journal / "checkpoint", kept)
    harness.run(harness.DRIVER, "rotate", start)  # another entry at index 10
    harness.run(harness.DRIVER, "seal", start, 50, 1)
    key = harness.vkey(base)
    assert harness.verify(start / "journal", key)["whole"]
    report = harness.verify(start / "journal", key, "--since", kept)
    assert not report["whole"]


def test_wipe_is_found():
    with log() as journal:
        shutil.rmtree(journal)
        assert_found(journal, code="file_missing")
        journal.mkdir()
        assert_found(journal, file="checkpoint", code="file_missing")
    with log() as journal:
        shutil.rmtree(journal / "tile")
        assert_found(journal, code="file_missing")


def test_stranger_files_are_found():
    for name in ("tile/x", "tile/0/0000", "tile/0/000.p/256", "tile/entries/00a", "tile/9/000",
                 "tile/0/003.p/00"):
        with log() as journal:
            (journal / name).parent.mkdir(parents=True, exist_ok=True)
            (journal / name).write_bytes(b"x")
            assert_found(journal, code="journal_unknown_file")


def test_old_partial_tiles_must_agree():
    with log() as journal:
        for name in ("tile/0/003.p/3", "tile/entries/003.p/3"):
            path = journal / name
            data = (journal / name.replace("/3", "/232")).read_bytes()
            data = data[:96] if "/0/" in name else data[:entry_spans(data)[2][1]]
            path.write_bytes(data)
            assert not problems(journal)
            path.write_bytes(data[:-1] + b"\xff")
            assert_found(journal, code="journal_partial_differs")
            path.unlink()


def test_proofs_hold_for_the_independent_verifier_and_for_ours():
    key = verifier.Key(log().key)
    for index in (0, 1, 255, 256, 511, 512, 767, 768, ENTRIES - 1):
        path = log().base / "entry.tlog-proof"
        harness.run(harness.SEKISHO, "journal", "proof", log().journal, index, "-o", path)
        number, entry = verifier.check_proof(path.read_bytes(), key)
        assert number == index and f'"sequence":{index + 1},'.encode() in entry
        checked = harness.run(harness.SEKISHO, "journal", "check", path, "--key", log().key)
        assert checked.encode() == entry + b"\n"
        changed = path.read_bytes().replace(b"\nindex ", b"\nindex 1", 1)
        path.write_bytes(changed)
        harness.run(harness.SEKISHO, "journal", "check", path, "--key", log().key, status=1)


def test_proof_beyond_the_end_is_refused():
    harness.run(harness.SEKISHO, "journal", "proof", log().journal, ENTRIES, status=3)
    harness.run(harness.SEKISHO, "journal", "proof", log().journal, "x", status=3)


def test_show_filters():
    def lines(*options):
        return harness.run(harness.SEKISHO, "journal", "show", log().journal,
                           *options).splitlines()

    assert len(lines()) == ENTRIES
    assert len(lines("--limit", 5)) == 5
    assert len(lines("--actor", "花子")) == ENTRIES // 2
    assert len(lines("--action", "approve")) == ENTRIES // 3
    assert len(lines("--object", "thing/77/")) == 1
    start = "2026-11-20T09:43:16+09:00"
    assert lines("--from", start, "--until", "2026-11-20T00:43:18Z")[0].startswith("9\t2026-11-20")
    assert len(lines("--from", start, "--until", "2026-11-20T00:43:18Z")) == 2
    harness.run(harness.SEKISHO, "journal", "show", log().journal, "--from", "yesterday", status=2)


def test_export_is_a_whole_log_with_a_manifest():
    target = log().base / "export"
    harness.run(harness.SEKISHO, "journal", "export", log().journal, "--to", target)
    assert harness.verify(target, log().key)["whole"]
    assert verifier.check_log(target, verifier.Key(log().key)) == ENTRIES
    harness.run("sh", "-c", f"cd {target} && sha256sum --check --quiet MANIFEST.sha256")
    assert not (target / "wal").exists()


def test_checkpoint_is_printed_with_its_code():
    text = harness.run(harness.SEKISHO, "journal", "checkpoint", log().journal)
    printed = (log().journal / "checkpoint").read_text()
    assert text.startswith(printed) and "▀▀▀▀▀" in text
    kept = log().base / "printed"
    kept.write_text(printed)
    assert harness.verify(log().journal, log().key, "--since", kept)["whole"]


def test_a_log_with_another_key_is_not_accepted():
    base = log().base / "another"
    harness.make_log(base, 3)
    found = harness.verify(log().journal, harness.vkey(base))["problems"]
    assert [p["code"] for p in found] == ["journal_bad_signature"]


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
