/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The description of a TIFF page: what is read, and the few tags that go over (TIFF 6.0). */
#include "disarm/format/tiff_page.h"

#include <math.h>

#include "disarm/format/picture_icc.h"

/* Colour channels and alpha; more are no picture that an office reads. */
#define SAMPLES_LIMIT 8

int tiff_page_error(TIFF *tiff, const char *where, struct error *error)
{
    const struct tiff_memory *memory = TIFFClientdata(tiff);
    return error_set(error, "bad_picture", where, "%s", memory->message);
}

/* True when the page has a tag that people write into, or one that libtiff does not know. */
static bool has_metadata(TIFF *in)
{
    static const uint32_t tags[] = {
        TIFFTAG_DOCUMENTNAME, TIFFTAG_IMAGEDESCRIPTION, TIFFTAG_MAKE,   TIFFTAG_MODEL,
        TIFFTAG_PAGENAME,     TIFFTAG_SOFTWARE,         TIFFTAG_ARTIST, TIFFTAG_DATETIME,
        TIFFTAG_HOSTCOMPUTER, TIFFTAG_COPYRIGHT,
    };
    const char *text;
    uint16_t count;
    void *values;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (TIFFGetField(in, tags[i], &text))
            return true;
    }
    return TIFFGetTagListCount(in) > 0 || TIFFGetField(in, TIFFTAG_SUBIFD, &count, &values);
}

int tiff_page_read(struct job *job, TIFF *in, struct tiff_page *page, struct error *error)
{
    uint32_t subfile = 0;
    *page = (struct tiff_page){.predictor = PREDICTOR_NONE};
    TIFFGetField(in, TIFFTAG_IMAGEWIDTH, &page->width);
    TIFFGetField(in, TIFFTAG_IMAGELENGTH, &page->height);
    TIFFGetFieldDefaulted(in, TIFFTAG_BITSPERSAMPLE, &page->bits);
    TIFFGetFieldDefaulted(in, TIFFTAG_SAMPLESPERPIXEL, &page->samples);
    TIFFGetFieldDefaulted(in, TIFFTAG_COMPRESSION, &page->compression);
    TIFFGetFieldDefaulted(in, TIFFTAG_PLANARCONFIG, &page->planar);
    TIFFGetFieldDefaulted(in, TIFFTAG_SUBFILETYPE, &subfile);
    if (!TIFFGetField(in, TIFFTAG_PHOTOMETRIC, &page->photometric))
        page->photometric = page->samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
    if (page->compression == COMPRESSION_LZW || page->compression == COMPRESSION_ADOBE_DEFLATE ||
        page->compression == COMPRESSION_DEFLATE)
        TIFFGetFieldDefaulted(in, TIFFTAG_PREDICTOR, &page->predictor);
    page->tiled = TIFFIsTiled(in);
    page->reduced = subfile & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK);
    page->metadata = has_metadata(in);
    if (!page->width || !page->height)
        return error_set(error, "bad_picture", job->path, "%u × %u", page->width, page->height);
    if (!page->samples || page->samples > SAMPLES_LIMIT || !page->bits || page->bits > 64)
        return error_set(error, "picture_unsupported", job->path, "%u × %u bit", page->samples,
                         page->bits);
    /* Wide samples are charged for the memory that they take. */
    uint64_t words = ((uint64_t)page->bits * page->samples + 31) / 32;
    return job_use_pixels(job, (uint64_t)page->width * words, page->height, error);
}

bool tiff_page_plain(const struct tiff_page *page)
{
    switch (page->photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
        return true;
    case PHOTOMETRIC_RGB:
    case PHOTOMETRIC_CIELAB:
    case PHOTOMETRIC_ICCLAB:
        return page->samples >= 3;
    case PHOTOMETRIC_SEPARATED:
        return page->samples >= 4;
    case PHOTOMETRIC_PALETTE:
        return page->bits <= 16;
    default:
        return false;
    }
}

/* Channels that a colour profile of this page describes. */
static unsigned profile_channels(const struct tiff_page *page)
{
    switch (page->photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
        return 1;
    case PHOTOMETRIC_SEPARATED:
        return 4;
    default:
        return 3;
    }
}

static void describe_resolution(TIFF *in, TIFF *out)
{
    float x = 0, y = 0;
    uint16_t unit = RESUNIT_INCH;
    TIFFGetField(in, TIFFTAG_XRESOLUTION, &x);
    TIFFGetField(in, TIFFTAG_YRESOLUTION, &y);
    TIFFGetFieldDefaulted(in, TIFFTAG_RESOLUTIONUNIT, &unit);
    if (!isfinite(x) || !isfinite(y) || x < 1e-3f || y < 1e-3f || x > 1e6f || y > 1e6f)
        return;
    TIFFSetField(out, TIFFTAG_XRESOLUTION, x);
    TIFFSetField(out, TIFFTAG_YRESOLUTION, y);
    TIFFSetField(out, TIFFTAG_RESOLUTIONUNIT, unit <= RESUNIT_CENTIMETER ? unit : RESUNIT_INCH);
}

void tiff_page_describe(TIFF *in, TIFF *out, struct tiff_page *page)
{
    uint16_t orientation = ORIENTATION_TOPLEFT;
    uint32_t length = 0;
    const uint8_t *data = NULL;
    TIFFSetField(out, TIFFTAG_IMAGEWIDTH, page->width);
    TIFFSetField(out, TIFFTAG_IMAGELENGTH, page->height);
    TIFFGetField(in, TIFFTAG_ORIENTATION, &orientation);
    if (orientation >= 2 && orientation <= 8)
        TIFFSetField(out, TIFFTAG_ORIENTATION, orientation);
    describe_resolution(in, out);
    if (TIFFGetField(in, TIFFTAG_ICCPROFILE, &length, &data)) {
        struct bytes profile =
            picture_icc_sane((struct bytes){data, length}, profile_channels(page));
        page->profile = profile.length > 0;
        if (page->profile)
            TIFFSetField(out, TIFFTAG_ICCPROFILE, (uint32_t)profile.length, profile.data);
    }
}
