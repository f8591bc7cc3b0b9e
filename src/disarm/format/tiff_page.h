/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page of a TIFF: its description, and the ways its pixels go over to a new file. */
#ifndef DISARM_FORMAT_TIFF_PAGE_H
#define DISARM_FORMAT_TIFF_PAGE_H

#include "disarm/format/picture_raster.h"
#include "disarm/format/tiff_memory.h"

struct tiff_page {
    uint32_t width, height; /* pixels */
    uint16_t bits, samples; /* bits per sample, samples per pixel */
    uint16_t compression, photometric, planar, predictor;
    bool tiled;
    bool reduced;  /* a thumbnail or mask of another page */
    bool metadata; /* has tags that do not go over */
    bool repaired; /* out: strips were missing and are zero */
    bool profile;  /* out: a sane colour profile went over */
};

/* Reads the description of the current page and charges its pixels. */
int tiff_page_read(struct job *job, TIFF *in, struct tiff_page *page, struct error *error);

/* True when the samples can go over as they are. */
bool tiff_page_plain(const struct tiff_page *page);

/* Writes the page with its samples decoded and coded again without loss. */
int tiff_page_copy_samples(TIFF *in, TIFF *out, struct tiff_page *page, const char *where,
                           struct error *error);

/* Writes a page of JPEG strips or tiles (TIFF TechNote 2) with each transcoded without loss. */
int tiff_page_copy_jpeg(TIFF *in, TIFF *out, struct tiff_page *page, const char *where,
                        struct error *error);

/* Writes the page as libtiff shows it: 8 bits of red, green, blue and, when not opaque, alpha.
 * turned: rows as shown, else as stored with the orientation kept. */
int tiff_page_copy_shown(TIFF *in, TIFF *out, struct tiff_page *page, bool turned,
                         const char *where, struct error *error);

/* Sets the tags that every way has: size, orientation, resolution, colour profile. */
void tiff_page_describe(TIFF *in, TIFF *out, struct tiff_page *page);

/* -1 with libtiff's last message of the reading side. */
int tiff_page_error(TIFF *tiff, const char *where, struct error *error);

#endif
