# SPDX-License-Identifier: GPL-3.0-or-later
"""Disarming over the corpus, per kind of file, beside mat2, qpdf, pixels, and the bare libraries."""

import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

import readers
from row import Row

SOURCE = pathlib.Path(__file__).resolve().parents[1]
CORPUS = SOURCE.parent / "shared/corpus"
ROUNDS = 3  # of which the best counts for a file: the machine has other work too
PEER_FILES = 40
OFFICE_FILES = 8
TARGET_MS = {"ooxml": 5, "pdf": 5}


def openable():
    """{kind: [file]} of the corpus that its ordinary reader opens."""
    files = [p for p in sorted(CORPUS.rglob("*")) if p.is_file() and readers.kind_of(p)]
    kinds = {}
    for path, answer in readers.open_all(files).items():
        if answer == "opens":
            kinds.setdefault(readers.kind_of(path), []).append(path)
    return kinds


def run_ours(build, files, workers):
    """({file: (verdict, ms, bytes in, bytes out, peak bytes, processor ms)}, seconds for all)."""
    done = subprocess.run([str(build / "bench/disarm_bench"), str(workers)], text=True, check=True,
                          input="".join(f"{path}\n" for path in files), capture_output=True)
    found, total = {}, 0.0
    for line in done.stdout.splitlines():
        verdict, _, took, size_in, size_out, peak, cpu, name = line.split("\t")
        if verdict == "total":
            total = int(took) / 1e6
        else:
            found[pathlib.Path(name)] = (verdict, int(took) / 1000, int(size_in), int(size_out), int(peak),
                                         int(cpu) / 1000)
    return found, total


def best_of(build, files):
    rounds = [run_ours(build, files, 1)[0] for _ in range(ROUNDS)]
    return {path: min((one[path] for one in rounds), key=lambda row: row[1]) for path in files}


def percentile(values, share):
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def sample(files, count):
    step = max(len(files) // count, 1)
    return files[::step][:count]


def mat2(files):
    """(median ms, share taken) of mat2 on some of the files; None when it is not there."""
    if not pathlib.Path("/usr/lib/python3/dist-packages/libmat2").exists():
        return None, None
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["/usr/bin/python3", str(SOURCE / "bench/peer_mat2.py"), folder], text=True,
            input="".join(f"{path}\n" for path in files), capture_output=True)
    lines = [line.split("\t")[0] for line in done.stdout.splitlines()]
    took = [float(word) for word in lines if word != "-"]
    return (statistics.median(took) if took else None), len(took) / max(len(files), 1)


def timed(*command):
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True)
    return (time.monotonic() - start) * 1000, done.returncode


def qpdf_rewrite(files):
    with tempfile.TemporaryDirectory() as folder:
        took = [timed("qpdf", str(path), f"{folder}/out.pdf") for path in files]
    return statistics.median(ms for ms, status in took if status in (0, 3))


def pixels_of(files):
    """Milliseconds to turn a whole PDF into pictures at 150 dpi, and output : input size."""
    took, ratios = [], []
    for path in files:
        with tempfile.TemporaryDirectory() as folder:
            ms, status = timed("pdftoppm", "-r", "150", "-jpeg", str(path), f"{folder}/page")
            size = sum(page.stat().st_size for page in pathlib.Path(folder).iterdir())
        if not status and size:
            took.append(ms)
            ratios.append(size / path.stat().st_size)
    return statistics.median(took), statistics.median(ratios)


def office_pixels(files):
    """(ms a document, output : input size) of office → PDF → pixels in one LibreOffice process."""
    if not shutil.which("soffice"):
        return None, None
    with tempfile.TemporaryDirectory() as folder:
        ms, _ = timed("soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                      "--convert-to", "pdf", "--outdir", f"{folder}/out", *map(str, files))
        made = sorted(pathlib.Path(folder, "out").glob("*.pdf"))
        if not made:
            return None, None
        page_ms, _ = pixels_of(made)
        ratios = []
        for pdf in made:
            ms_pdf, _ = timed("pdftoppm", "-r", "150", "-jpeg", str(pdf), f"{folder}/{pdf.stem}")
            source = next(path for path in files if path.stem == pdf.stem)
            size = sum(page.stat().st_size for page in pathlib.Path(folder).glob(f"{glob(pdf.stem)}*.jpg"))
            ratios.append(size / source.stat().st_size)
    return ms / len(made) + page_ms, statistics.median(ratios)


def glob(text):
    """A file name as a pattern that matches just itself."""
    return "".join(f"[{char}]" if char in "[]*?" else char for char in text)


def limit(build, files):
    """{file: ms} of the bare libraries."""
    done = subprocess.run([str(build / "bench/limit_bench")], text=True, capture_output=True,
                          input="".join(f"{path}\n" for path in files))
    rows = (line.split("\t", 1) for line in done.stdout.splitlines())
    return {pathlib.Path(name): int(took) / 1000 for took, name in rows}


def limit_rows(build, kind, ours):
    """How near we are to the bare libraries, over the files that both could do."""
    bare = limit(build, list(ours))
    both = [path for path in bare if ours[path][0] != "refused"]
    if both:
        words = "inflate + deflate alone" if kind == "ooxml" else "decode + encode alone"
        yield Row(f"{kind}: median of files the bare libraries do",
                  statistics.median(ours[path][1] for path in both), "ms",
                  peers=[(words, statistics.median(bare[path] for path in both))])


def peers_of(kind, files):
    """([(name, ms)], [(name, output : input)])"""
    few = sample(files, PEER_FILES)
    mat2_ms, mat2_share = mat2(few) if kind in ("ooxml", "pdf", "picture", "zip") else (None, None)
    times = [] if mat2_ms is None else [(f"mat2 (takes {mat2_share:.0%})", mat2_ms)]
    sizes = []
    if kind == "pdf":
        pixel_ms, pixel_size = pixels_of(few)
        times += [("qpdf rewrite", qpdf_rewrite(few)), ("pixels 150 dpi", pixel_ms)]
        sizes.append(("pixels 150 dpi", pixel_size))
    if kind == "ooxml":
        office_ms, office_size = office_pixels(sample([p for p in files if p.stat().st_size < 500000],
                                                      OFFICE_FILES))
        if office_ms:
            times.append(("office→PDF→pixels", office_ms))
            sizes.append(("office→PDF→pixels", office_size))
    return times, sizes


def kind_rows(build, kind, files):
    ours = {path: row for path, row in best_of(build, files).items() if row[0] != "nothing"}
    files = [path for path in files if path in ours]
    accepted = {path: row for path, row in ours.items() if row[0] != "refused"}
    if not accepted:
        yield Row(f"{kind}: accepted of {len(files)}", 0.0, "%", 99, True)
        return
    times, sizes = peers_of(kind, files)
    took = [row[1] for row in accepted.values()]
    _, total = run_ours(build, files, 0)
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    target = TARGET_MS.get(kind)
    yield Row(f"{kind}: accepted of {len(files)} that open", 100 * len(accepted) / len(files), "%", 99, True)
    yield Row(f"{kind}: median, sandbox included", statistics.median(took), "ms", target, peers=times)
    yield Row(f"{kind}: median of processor time (holds on a busy machine)",
              statistics.median(row[5] for row in accepted.values()), "ms")
    yield Row(f"{kind}: p99", percentile(took, 0.99), "ms", 100 if target else None)
    yield Row(f"{kind}: all cores", len(files) / total, "files/s", more_is_better=True)
    yield Row(f"{kind}: all cores", megabytes / total, "MB/s", more_is_better=True)
    yield Row(f"{kind}: output : input, median",
              statistics.median(row[3] / max(row[2], 1) for row in accepted.values()), "ratio", 1.1, peers=sizes)
    yield Row(f"{kind}: peak memory of a worker", max(row[4] for row in accepted.values()) / 1e6, "MB",
              None if kind == "picture" else 100)
    if kind in ("ooxml", "picture"):
        yield from limit_rows(build, kind, ours)


def rows(build):
    with tempfile.TemporaryDirectory() as folder:
        tiny = pathlib.Path(folder, "a.txt")
        tiny.write_text("a\n")
        found, total = run_ours(build, [tiny] * 300, 1)
        yield Row("worker: start, twice, for a text of one letter", total / 300 * 1000, "ms", 4)
    if not CORPUS.exists():
        print("(no ../shared/corpus: the rows over real documents are left out)")
        return
    for kind, files in sorted(openable().items()):
        yield from kind_rows(build, kind, files)
