# SPDX-License-Identifier: GPL-3.0-or-later
"""Ordinary readers, which share nothing with the product: does this file open, is this output sound?

A reader answers "opens", "encrypted", or a few words on what is broken.
"""

import concurrent.futures
import email
import multiprocessing
import pathlib
import select
import subprocess
import sys
import warnings
import xml.etree.ElementTree
import zipfile

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's Pillow, whichever python3 is first

FIRST_WAVE = {
    "docx": "ooxml", "docm": "ooxml", "dotx": "ooxml", "dotm": "ooxml", "xlsx": "ooxml",
    "xlsm": "ooxml", "xltx": "ooxml", "xltm": "ooxml", "pptx": "ooxml", "pptm": "ooxml",
    "ppsx": "ooxml", "potx": "ooxml", "pdf": "pdf", "jpg": "picture", "jpeg": "picture",
    "png": "picture", "apng": "picture", "gif": "picture", "bmp": "picture", "tif": "picture",
    "tiff": "picture", "webp": "picture", "csv": "text", "txt": "text", "zip": "zip", "eml": "mail"}
MAGIC = {"jpg": b"\xff\xd8", "jpeg": b"\xff\xd8", "png": b"\x89PNG", "apng": b"\x89PNG", "gif": b"GIF8",
         "bmp": b"BM", "webp": b"RIFF"}
OFFICE = "/officeDocument"


def kind_of(path):
    return FIRST_WAVE.get(path.suffix.lower().lstrip("."))


def call(*command, timeout=60):
    """(exit status, output of both kinds as text); a reader that hangs does not open the file."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return 124, "took too long"
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def check_package(archive):
    """What the packaging rules forbid and Office refuses: ECMA-376-2, 9.1.1 and 9.1.7 (M1.17)."""
    names = [name.lower() for name in archive.namelist()]
    if len(names) != len(set(names)):
        raise ValueError("two parts of the same name")
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(name):
            raise ValueError(f"{name} has a document type declaration")


def read_ooxml(path):
    """Opens when the archive is whole, and the main part is named, there, and well-formed."""
    data = path.read_bytes()
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "ole2"
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.testzip():
                return "damaged archive"
            check_package(archive)
            relations = xml.etree.ElementTree.fromstring(archive.read("_rels/.rels"))
            main = [r.get("Target").lstrip("/") for r in relations if r.get("Type", "").endswith(OFFICE)]
            types = archive.read("[Content_Types].xml")
            xml.etree.ElementTree.fromstring(types)
            if b"oasis" in types or not main:
                return "no main part"
            xml.etree.ElementTree.fromstring(archive.read(main[0]))
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError, OSError,
            EOFError, IndexError, xml.etree.ElementTree.ParseError) as error:
        return f"broken: {error}"
    except Exception as error:  # zlib.error and its like
        return f"broken: {error}"
    return "opens"


def read_pdf(path):
    """Opens when poppler finds pages and can read their text."""
    status, said = call("pdfinfo", str(path))
    if "Incorrect password" in said:
        return "encrypted"
    if status or "\nPages:" not in "\n" + said or "Pages:           0" in said:
        return "poppler: " + (said.splitlines() or ["no pages"])[0][:100]
    return "opens"


def read_picture(path):
    """Opens when Pillow decodes every frame; a wrong extension is said, not judged."""
    import PIL.Image

    magic = MAGIC.get(path.suffix.lower().lstrip("."))
    if magic and not path.read_bytes()[:8].startswith(magic):
        return "another kind of file than its name says"
    PIL.Image.MAX_IMAGE_PIXELS = None
    try:
        with warnings.catch_warnings(), PIL.Image.open(path) as picture:
            warnings.simplefilter("ignore")
            for frame in range(getattr(picture, "n_frames", 1)):
                picture.seek(frame)
                picture.load()
    except Exception as error:  # Pillow raises nearly anything
        return f"Pillow: {type(error).__name__} {error}"[:100]
    return "opens"


def read_zip(path):
    try:
        with zipfile.ZipFile(path) as archive:
            if any(member.flag_bits & 1 for member in archive.infolist()):
                return "encrypted"
            return "damaged archive" if archive.testzip() else "opens"
    except Exception as error:  # zlib.error, struct.error and their like
        return f"broken: {error}"


def read_mail(path):
    message = email.message_from_bytes(path.read_bytes())
    return "opens" if message.keys() else "no header"


def read_text(path):
    return "opens" if path.stat().st_size else "empty"


READERS = {"ooxml": read_ooxml, "pdf": read_pdf, "picture": read_picture, "zip": read_zip,
           "mail": read_mail, "text": read_text}


def opens(path):
    return READERS[kind_of(path)](path)


def open_pictures(paths, timeout=8):
    """What Pillow says of each, from a child process: it may crash or hang on broken pictures."""
    answers = []
    while len(answers) < len(paths):
        rest = [str(path) for path in paths[len(answers):]]
        child = subprocess.Popen([sys.executable, "-W", "ignore", __file__, *rest],
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        while select.select([child.stdout], [], [], timeout)[0] and (line := child.stdout.readline()):
            answers.append(line.decode("utf-8", "replace").rstrip("\n"))
        if child.poll() is None and len(answers) < len(paths):
            child.kill()
            answers.append("Pillow: took too long")
        elif child.wait() and len(answers) < len(paths):
            answers.append(f"Pillow: ended with {child.returncode}")
        child.stdout.close()
    return answers


def open_all(paths):
    """{path: answer of its ordinary reader}, on all cores."""
    pictures = [path for path in paths if kind_of(path) == "picture"]
    others = [path for path in paths if kind_of(path) not in ("picture", None)]
    answers = {path: "a kind of file that no reader here knows" for path in paths}
    with concurrent.futures.ThreadPoolExecutor() as pool:
        halves = [pictures[0::2], pictures[1::2]]
        for half, found in zip(halves, pool.map(open_pictures, halves)):
            answers.update(zip(half, found))
    with multiprocessing.Pool() as pool:
        answers.update(zip(others, pool.map(opens, others, chunksize=8)))
    return answers


def judge(path):
    """What a strict checker holds against an output; "" when it is sound."""
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        status, said = call("qpdf", "--check", str(path))
        return "" if status == 0 else "qpdf: " + " / ".join(said.splitlines()[-3:])[:300]
    if suffix in (".jpg", ".jpeg"):
        status, said = call("djpeg", "-fast", "-outfile", "/dev/null", str(path))
        return "" if status == 0 and not said else f"djpeg: {said[:200]}"
    if suffix == ".png":
        status, said = call("pngcheck", "-q", str(path))
        if status:
            return f"pngcheck: {said[:200]}"
    return ""


def judge_all(paths):
    """{path: what is held against it} for every output that is not sound."""
    complaints = {path: answer for path, answer in open_all(paths).items()
                  if answer not in ("opens", "empty")}
    with multiprocessing.Pool() as pool:
        for path, answer in zip(paths, pool.map(judge, paths, chunksize=8)):
            if answer:
                complaints[path] = answer
    return complaints


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print(opens(pathlib.Path(argument)).replace("\n", " "), flush=True)
