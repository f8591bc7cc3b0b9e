# SPDX-License-Identifier: GPL-3.0-or-later
"""The repository keeps the rules of the house: licences, messages, nothing that belongs elsewhere."""

import hashlib
import re
import subprocess
import sys

import tap

sys.path.insert(0, str(tap.SOURCE / "tools"))
import messages  # noqa: E402

SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
SOURCE_SUFFIXES = {".c", ".h", ".py", ".sh", ".js", ".mjs", ".css", ".sql"}
LOCALE = tap.SOURCE / "data/locale"

# What may not stand in a file: places of one machine, package mirrors, left-over notes.
FOREIGN = re.compile(
    r"/wo" r"rk/|/ho" r"me/\w|/ro" r"ot/\w"
    r"|https?://[^/\s\"']*(?:artifactory|nexus|mirror|proxy)"
    r"|\bwork" r"tree\b|\bsub-?" r"agent\b|\blanguage " r"model\b"
    r"|\bTO" r"DO\b|\bFIX" r"ME\b|\bX" r"XX\b"
)

# Which arguments of which calls are keys of the catalogue: function, position, key prefix.
KEY_ARGUMENTS = [
    ("error_set", 1, "error"),
    ("error_set_errno", 1, "error"),
    ("job_record", 2, "kind"),
    ("job_record", 4, "reason"),
    ("receipt_add", 2, "kind"),
    ("receipt_add", 4, "reason"),
]
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|("(?:[^"\\\n]|\\.)*")', re.S)


def tracked():
    """Every file of the checkout that is not left out by .gitignore."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=tap.SOURCE, capture_output=True, text=True, check=True)
    return [path for name in names.stdout.splitlines() if (path := tap.SOURCE / name).is_file()]


def texts():
    for path in tracked():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # sample bytes, not text


def call_arguments(code, function):
    """The argument texts of every call of a function, split at the commas of its own level."""
    for call in re.finditer(rf"\b{function}\(", code):
        arguments, depth, start, position = [], 0, call.end(), call.end()
        while position < len(code):
            char = code[position]
            if char == '"':
                position = STRING.match(code, position).end()
                continue
            if char in "([{":
                depth += 1
            elif char in ")]}":
                if depth == 0:
                    arguments.append(code[start:position])
                    break
                depth -= 1
            elif char == "," and depth == 0:
                arguments.append(code[start:position])
                start = position + 1
            position += 1
        yield arguments


def c_sources():
    for path in sorted((tap.SOURCE / "src").rglob("*.c")):
        yield path, COMMENT.sub(lambda match: match[1] or " ", path.read_text(encoding="utf-8"))


def catalogue():
    """The keys of all catalogues; both languages agree, or the build would have stopped."""
    keys = set()
    for path in LOCALE.glob("*.ja.po"):
        keys.update(key for key, _ in messages.read_po(path))
    return keys


def used_keys():
    """(file, key) for every key that stands literally in a call."""
    for path, code in c_sources():
        for function, position, prefix in KEY_ARGUMENTS:
            for arguments in call_arguments(code, function):
                if len(arguments) <= position:
                    continue
                for text in STRING.findall(arguments[position]):
                    if text:
                        yield path, f"{prefix}.{text}"


def test_every_source_file_names_its_licence():
    for path in tracked():
        if path.suffix in SOURCE_SUFFIXES or path.name in ("Makefile", "run"):
            head = path.read_text(encoding="utf-8")[:400]
            assert SPDX in head, f"{path} does not name its licence"


def test_the_licence_is_whole():
    text = (tap.SOURCE / "LICENSE").read_text(encoding="utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in text and "END OF TERMS AND CONDITIONS" in text


def test_nothing_belongs_to_one_machine():
    found = [
        f"{path}: {match[0]}" for path, text in texts() if (match := FOREIGN.search(text))
    ]
    assert not found, "\n".join(found)


def test_every_message_key_in_the_code_has_its_text():
    known = catalogue()
    missing = sorted({f"{key} ({path.name})" for path, key in used_keys() if key not in known})
    assert not missing, "not in data/locale: " + ", ".join(missing)


def test_the_scan_of_calls_sees_keys():
    code = 'error_set(error, wide ? "a_b" : "c", f(1, 2), "x, %s", "y");'
    arguments = next(call_arguments(code, "error_set"))
    assert len(arguments) == 5 and STRING.findall(arguments[1]) == ["a_b", "c"], arguments


def test_every_message_is_used():
    words = {text for _, code in c_sources() for text in STRING.findall(code)}
    unused = sorted(
        key for key in catalogue() if key not in words and key.split(".", 1)[-1] not in words
    )
    if unused:
        print(f"# {len(unused)} messages that no code names: {', '.join(unused)}")


def test_message_files_are_all_built_in():
    listed = (tap.SOURCE / "data/meson.build").read_text(encoding="utf-8")
    for path in LOCALE.glob("*.po"):
        assert f"'{path.name.split('.')[0]}'" in listed, f"{path.name} is not built in"


def test_unsafe_functions_are_not_called():
    unsafe = re.compile(r"\b(sprintf|vsprintf|strcpy|strcat|atoi|atol|atof|gets|alloca|system|popen)\(")
    found = [f"{path}: {match[0]}" for path, code in c_sources() if (match := unsafe.search(code))]
    assert not found, "\n".join(found)


def test_no_corpus_file_was_copied():
    corpus = tap.shared("corpus")
    ours = {hashlib.sha256(path.read_bytes()).digest(): path for path in tracked()}
    for path in corpus.rglob("*"):
        if path.is_file() and path.stat().st_size:
            same = ours.get(hashlib.sha256(path.read_bytes()).digest())
            assert not same, f"{same} is a copy of {path.name}"


def test_no_policy_sentence_was_copied():
    sentences = set()
    for path in tap.shared("policies").glob("*.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if len(line.strip()) >= 30:
                sentences.add(line.strip())
    for path, text in texts():
        for line in text.splitlines():
            assert line.strip() not in sentences, f"{path}: {line.strip()}"


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
