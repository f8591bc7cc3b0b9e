# SPDX-License-Identifier: GPL-3.0-or-later
"""Real documents look and read the same after disarming: PDF pages and text by poppler, pictures by
Pillow, Office documents by LibreOffice. With SEKISHO_LONG=1 over the whole corpus, else over a share."""

import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1]),
                str(pathlib.Path(__file__).parents[2] / "tools")]
import readers  # noqa: E402
import run_disarm  # noqa: E402
import tap  # noqa: E402

LONG = os.environ.get("SEKISHO_LONG") == "1"
STEP = {"pdf": 1 if LONG else 6, "picture": 1 if LONG else 3, "ooxml": 8}
PAGES = 30 if LONG else 5  # of each document
LEVELS = 12  # of 255: two pixels that differ by less look the same
FOLDER = tempfile.TemporaryDirectory(prefix="sekisho-fidelity-")
STATE = {}


def pairs(kind):
    """(input, output) of the share of a kind that its reader opens and we accept."""
    if kind not in STATE:
        files = [p for p in sorted(tap.shared("corpus").rglob("*")) if p.is_file()
                 and readers.kind_of(p) == kind and p.stat().st_size < 3_000_000][::STEP[kind]]
        files = [path for path, answer in readers.open_all(files).items() if answer == "opens"]
        receipts = run_disarm.disarm(tap.SEKISHO, files, f"{FOLDER.name}/{kind}")
        STATE[kind] = [(p, receipts[p]["output_path"]) for p in files if receipts[p]["output_path"]]
    return STATE[kind]


def in_threads(function, items):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


def judge(what, good, total, share, complaints):
    for line in complaints:
        print(f"# {line}")
    print(f"# {what}: {good} of {total} agree")
    assert good >= share * total, f"only {good} of {total}"


def pages(path, folder):
    """The grey pages of a PDF at 72 dpi, as (header, pixels)."""
    folder.mkdir(parents=True)
    readers.call("pdftoppm", "-r", "72", "-gray", "-l", str(PAGES), str(path), str(folder / "p"))
    made = []
    for page in sorted(folder.iterdir()):
        _, size, _, pixels = page.read_bytes().split(b"\n", 3)
        made.append((size, pixels))
    shutil.rmtree(folder)
    return made


def different(one, other):
    """The share of pixels that a person could tell apart."""
    if one == other:
        return 0.0
    if one[0] != other[0]:
        return 1.0
    return sum(abs(a - b) > LEVELS for a, b in zip(one[1], other[1])) / max(len(one[1]), 1)


def compare_pages(numbered):
    number, (source, output) = numbered
    folder = pathlib.Path(FOLDER.name, f"pages-{number}")
    before, after = pages(source, folder / "before"), pages(output, folder / "after")
    shares = [different(*pair) for pair in zip(before, after)]
    shares += [1.0] * abs(len(before) - len(after))
    return [(f"{source.name} page {page}: {share:.1%} of the pixels", share)
            for page, share in enumerate(shares, 1)]


def test_pdf_pages_look_the_same():
    rows = [row for found in in_threads(compare_pages, enumerate(pairs("pdf"))) for row in found]
    good = sum(share < 0.01 for _, share in rows)
    judge("PDF pages", good, len(rows), 0.98, [line for line, share in rows if share >= 0.01])


def pdf_text(path):
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", "-l", "50", str(path), "-"], capture_output=True,
                          timeout=120)
    return b"".join(done.stdout.split())


def test_pdf_text_reads_the_same():
    same = in_threads(lambda pair: pdf_text(pair[0]) == pdf_text(pair[1]), pairs("pdf"))
    judge("PDF texts", sum(same), len(same), 0.98,
          [f"{pair[0].name}: another text" for pair, good in zip(pairs("pdf"), same) if not good])


def page_count(path):
    _, said = readers.call("pdfinfo", str(path))
    return [line for line in said.splitlines() if line.startswith("Pages:")]


def test_pdf_has_as_many_pages():
    same = in_threads(lambda pair: page_count(pair[0]) == page_count(pair[1]), pairs("pdf"))
    judge("PDF page counts", sum(same), len(same), 1,
          [f"{pair[0].name}: another number of pages" for pair, good in zip(pairs("pdf"), same) if not good])


def frames(path):
    """Every frame, upright, as RGBA."""
    import PIL.Image
    import PIL.ImageOps

    PIL.Image.MAX_IMAGE_PIXELS = None
    with warnings.catch_warnings(), PIL.Image.open(path) as picture:
        warnings.simplefilter("ignore")
        for frame in range(min(getattr(picture, "n_frames", 1), PAGES)):
            picture.seek(frame)
            yield PIL.ImageOps.exif_transpose(picture).convert("RGBA")


def picture_difference(pair):
    """The largest share of pixels of a frame that differ visibly."""
    import PIL.ImageChops

    try:
        before, after = list(frames(pair[0])), list(frames(pair[1]))
    except Exception as error:
        return f"{type(error).__name__}"
    if [f.size for f in before] != [f.size for f in after]:
        return f"{[f.size for f in before][:3]} and then {[f.size for f in after][:3]}"
    for one, other in zip(before, after):
        grey = PIL.ImageChops.difference(one.convert("RGB"), other.convert("RGB")).convert("L")
        if sum(grey.histogram()[LEVELS:]) > 0.01 * one.size[0] * one.size[1]:
            return "other pixels"
    return ""


def test_pictures_look_the_same():
    # one after the other: Pillow's TIFF reader may close a descriptor that another thread just opened
    found = [picture_difference(pair) for pair in pairs("picture")]
    judge("pictures", found.count(""), len(found), 0.98,
          [f"{pair[0].name}: {word}" for pair, word in zip(pairs("picture"), found) if word])


def office_to_pdf(files, folder):
    """{file: its PDF} by one LibreOffice process; those that it could not convert are left out."""
    folder.mkdir(parents=True)
    copies = {}
    for number, path in enumerate(files):
        copies[path] = folder / f"{number}{path.suffix}"
        shutil.copyfile(path, copies[path])
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                    "--convert-to", "pdf", "--outdir", str(folder / "pdf"), *map(str, copies.values())],
                   capture_output=True, timeout=900)
    made = {path: folder / "pdf" / f"{copy.stem}.pdf" for path, copy in copies.items()}
    return {path: pdf for path, pdf in made.items() if pdf.exists()}


def test_libreoffice_opens_office_documents_as_before():
    if not LONG:
        raise tap.Skip("only with SEKISHO_LONG=1")
    if not shutil.which("soffice"):
        raise tap.Skip("LibreOffice is not installed")
    root = pathlib.Path(FOLDER.name, "office")
    before = office_to_pdf([source for source, _ in pairs("ooxml")], root / "before")
    after = office_to_pdf([output for _, output in pairs("ooxml")], root / "after")
    opened = [(source, output) for source, output in pairs("ooxml") if source in before]
    lost = [source.name for source, output in opened if output not in after]
    assert not lost, f"LibreOffice opens these no more: {lost}"
    same = [pdf_text(before[source]) == pdf_text(after[output]) for source, output in opened]
    judge("Office texts by LibreOffice", sum(same), len(same), 0.9,
          [f"{pair[0].name}: another text" for pair, good in zip(opened, same) if not good])


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
