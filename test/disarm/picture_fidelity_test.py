# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures made here by Pillow in every mode that it can save: after the rebuild each frame has the
very same samples, and orientation, colour profile, timing, loops, pages and resolution are the same;
metadata is gone; once more gives the same bytes; the flattened form opens and has no metadata."""

import io
import pathlib
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).parents[1]), str(pathlib.Path(__file__).parents[2] / "tools")]
import run_disarm  # noqa: E402
import tap  # noqa: E402

FOLDER = tempfile.TemporaryDirectory(prefix="sekisho-pictures-")
STATE = {}
SECRET = "撮影者 見本太郎 35.6895N 139.6917E"
ORIENTATION, MAKER = 0x0112, 0x010F


def pillow():
    try:
        from PIL import Image, ImageCms
    except ImportError:
        raise tap.Skip("Pillow is not installed") from None
    return Image, ImageCms


def drawing(size=(97, 61)):
    """Smooth, flat and busy parts in one picture."""
    Image, _ = pillow()
    picture = Image.new("RGB", size)
    for y in range(size[1]):
        for x in range(size[0]):
            busy = (x * 7919 + y * 104729) % 251 if y > size[1] // 2 else 128
            picture.putpixel((x, y), (x * 255 // size[0], y * 255 // size[1], busy))
    return picture


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def still_pictures(base, alpha, profile, exif):
    grey, palette, two = base.convert("L"), base.quantize(16), base.convert("1")
    both = {"icc_profile": profile, "exif": exif}
    return {
        "base.jpg": saved(base, "JPEG", quality=80, dpi=(300, 300), **both),
        "progressive.jpg": saved(base, "JPEG", progressive=True, subsampling=0, comment=SECRET),
        "grey.jpg": saved(grey, "JPEG"),
        "cmyk.jpg": saved(base.convert("CMYK"), "JPEG"),
        "rgb.png": saved(base, "PNG", dpi=(200, 200), **both),
        "alpha.png": saved(alpha, "PNG"),
        "palette.png": saved(palette, "PNG", bits=4, transparency=3),
        "two.png": saved(two, "PNG"),
        "deep.png": saved(grey.convert("I"), "PNG"),
        "palette.gif": saved(palette, "GIF", comment=SECRET),
        "rgb.bmp": saved(base, "BMP"),
        "alpha.bmp": saved(alpha, "BMP"),
        "palette.bmp": saved(palette, "BMP"),
        "two.bmp": saved(two, "BMP"),
        "lossy.webp": saved(base, "WEBP", quality=60, **both),
        "lossless.webp": saved(base, "WEBP", lossless=True),
        "alpha.webp": saved(alpha, "WEBP", quality=60),
        "alpha-lossless.webp": saved(alpha, "WEBP", lossless=True, exact=True),
    }


def tiff_pictures(base, alpha, profile):
    made = {}
    for coding in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        made[f"{coding}.tif"] = saved(base, "TIFF", compression=coding, icc_profile=profile,
                                      dpi=(300, 300), description=SECRET)
    for coding in ("group3", "group4"):
        made[f"{coding}.tif"] = saved(base.convert("1"), "TIFF", compression=coding)
    made["alpha.tif"] = saved(alpha, "TIFF", compression="tiff_lzw")
    made["cmyk.tif"] = saved(base.convert("CMYK"), "TIFF", compression="tiff_lzw")
    made["palette.tif"] = saved(base.quantize(64), "TIFF")
    made["pages.tif"] = saved(base, "TIFF", save_all=True, compression="tiff_lzw",
                              append_images=[base.convert("L"), base.rotate(90, expand=True)])
    return made


def moving_pictures(alpha):
    frames = [alpha.rotate(25 * turn) for turn in range(5)]
    rest = {"save_all": True, "append_images": frames[1:], "loop": 3}
    times = [100, 50, 200, 70, 80]
    return {
        "moving.png": saved(frames[0], "PNG", duration=times, **rest),
        "moving.gif": saved(frames[0], "GIF", duration=times, disposal=2, **rest),
        "moving.webp": saved(frames[0], "WEBP", duration=times, **rest),
        "moving-lossless.webp": saved(frames[0], "WEBP", duration=times, lossless=True, **rest),
    }


def inputs():
    """{path: bytes} of every picture, written once."""
    if "inputs" not in STATE:
        Image, ImageCms = pillow()
        base = drawing()
        alpha = base.convert("RGBA")
        alpha.putalpha(Image.linear_gradient("L").resize(base.size))
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        exif = Image.Exif()
        exif[ORIENTATION], exif[MAKER] = 6, SECRET
        made = {**still_pictures(base, alpha, profile, exif), **tiff_pictures(base, alpha, profile),
                **moving_pictures(alpha)}
        folder = pathlib.Path(FOLDER.name, "in")
        folder.mkdir()
        for name, data in made.items():
            (folder / name).write_bytes(data)
        STATE["inputs"] = {folder / name: data for name, data in made.items()}
    return STATE["inputs"]


def disarmed(name, treatment="rebuild", files=None):
    """{input path: output path} of one pass over all pictures."""
    if name not in STATE:
        receipts = run_disarm.disarm(tap.SEKISHO, files or inputs(), pathlib.Path(FOLDER.name, name),
                                     treatment)
        refused = [f"{path.name}: {receipt['reason']}" for path, receipt in receipts.items()
                   if not receipt["output_path"]]
        assert not refused, "\n".join(refused)
        STATE[name] = {path: receipt["output_path"] for path, receipt in receipts.items()}
    return STATE[name]


def look(path):
    """What a reader sees: (mode, size, samples, milliseconds) of each frame, and what describes them."""
    Image, _ = pillow()
    with Image.open(path) as picture:
        frames = []
        for number in range(getattr(picture, "n_frames", 1)):
            picture.seek(number)
            picture.load()
            seen = picture.convert("RGBA") if picture.mode in ("P", "PA", "1", "L") else picture
            frames.append((seen.mode, seen.size, seen.tobytes(), picture.info.get("duration")))
        dpi = tuple(round(float(value)) for value in picture.info.get("dpi", ()))
        return {"frames": frames, "profile": picture.info.get("icc_profile"), "dpi": dpi,
                "loop": picture.info.get("loop"), "orientation": picture.getexif().get(ORIENTATION, 1)}


def test_every_picture_looks_exactly_the_same():
    problems = []
    for path, output in disarmed("first").items():
        before, after = look(path), look(output)
        problems += [f"{path.name}: {key} differs" for key in before if before[key] != after[key]]
    assert not problems, "\n".join(problems)


def test_no_secret_is_left():
    needles = [SECRET.encode(encoding) for encoding in ("utf-8", "utf-16-le")]
    assert any(needles[0] in data for data in inputs().values())
    left = [path.name for path, output in disarmed("first").items()
            if any(needle in output.read_bytes() for needle in needles)]
    assert not left, left


def test_once_more_gives_the_same_bytes():
    first = disarmed("first")
    again = disarmed("again", files=list(first.values()))
    other = [path.name for path, output in again.items() if path.read_bytes() != output.read_bytes()]
    assert not other, other


def test_no_picture_grows_much():
    grown = [f"{path.name}: {len(inputs()[path])} → {output.stat().st_size}"
             for path, output in disarmed("first").items()
             if output.stat().st_size > len(inputs()[path]) * 1.25 + 64]
    assert not grown, "\n".join(grown)


def test_flattened_pictures_stand_upright_without_metadata():
    problems = []
    for path, output in disarmed("flat", "flatten").items():
        before, after = look(path), look(output)
        size = before["frames"][0][1]
        upright = size[::-1] if before["orientation"] >= 5 else size
        if after["frames"][0][1] != upright:
            problems.append(f"{path.name}: {after['frames'][0][1]} instead of {upright}")
        if after["profile"] or after["orientation"] != 1 or SECRET.encode() in output.read_bytes():
            problems.append(f"{path.name}: metadata is left")
        if path.name == "pages.tif" and len(after["frames"]) != len(before["frames"]):
            problems.append(f"{path.name}: pages are missing")
    assert not problems, "\n".join(problems)


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
