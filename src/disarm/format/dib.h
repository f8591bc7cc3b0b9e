/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Device-independent bitmaps ([MS-WMF] 2.2.2.9, [MS-EMF] 2.2.x): what BMP files, WMF and EMF
 * records hold. Read from every header version, kept as plain samples, written with the smallest
 * header.
 */
#ifndef DISARM_FORMAT_DIB_H
#define DISARM_FORMAT_DIB_H

#include "disarm/format/picture_raster.h"

enum dib_layout {
    DIB_INDEXED, /* 1 byte a pixel, an index into the palette */
    DIB_RGB16,   /* 2 bytes, 5-5-5 or 5-6-5 */
    DIB_BGR24,   /* 3 bytes */
    DIB_BGRA32,  /* 4 bytes with alpha, or with an unused byte when has_alpha is false */
};

struct dib {
    uint32_t width, height;       /* pixels */
    bool top_down;                /* rows in the input */
    unsigned bits;                /* a pixel in the input: 1 2 4 8 16 24 32 */
    uint32_t compression;         /* of the input */
    uint32_t masks[4];            /* red, green, blue, alpha; zero for indexed */
    int32_t density_x, density_y; /* pixels per metre, 0: unknown */
    uint8_t palette[256 * 3];     /* blue, green, red */
    unsigned colors;              /* entries of palette */
    unsigned palette_entry;       /* bytes of an entry in the input: 3 or 4 */
    struct bytes profile;         /* ICC, sane; borrowed, may be empty */
    enum dib_layout layout;
    bool has_alpha;
    uint8_t *samples; /* owned: rows top down, no padding */
    bool repaired;    /* pixels were missing and are now zero */
};

/* How a caller wants pixels of 32 bits without alpha mask. */
enum dib_fourth {
    DIB_FOURTH_UNUSED, /* the byte means nothing: stored as 24 bits */
    DIB_FOURTH_KEPT,   /* it may be alpha to a drawing record: stored as 32 bits */
};

/*
 * Reads header, masks and palette from the start of info. *length: the bytes they take. The
 * samples are not there yet. 0, or -1 with bad_picture or picture_unsupported.
 */
int dib_read_info(struct bytes info, enum dib_fourth fourth, struct dib *dib, size_t *length,
                  const char *where, struct error *error);

/* Charges the pixels and reads the samples. -1 also when there is not one. */
int dib_read_pixels(struct job *job, struct bytes bits, struct dib *dib, struct error *error);

void dib_free(struct dib *dib);

#define AUTO_DIB __attribute__((cleanup(dib_free))) struct dib

/* Appends the new header, masks and palette; pixels_length: bytes that dib_append_pixels made. */
void dib_append_info(const struct dib *dib, bool run_length, size_t pixels_length,
                     struct buffer *out);

/* Appends the pixels, bottom row first. Returns true when they are run-length coded, which is so
 * only for input that was, and only when it is smaller. */
bool dib_append_pixels(const struct dib *dib, struct buffer *out);

/* Length of the header, masks and palette that dib_append_info makes. */
size_t dib_info_length(const struct dib *dib, bool run_length);

/* Paints the pixels on a raster of the same size. */
void dib_paint(const struct dib *dib, struct raster *raster);

enum {
    DIB_RGB = 0,
    DIB_RLE8 = 1,
    DIB_RLE4 = 2,
    DIB_BITFIELDS = 3,
    DIB_ALPHABITFIELDS = 6,
};

/* Bytes of one pixel of a layout. */
static inline size_t dib_sample_size(enum dib_layout layout)
{
    return (size_t)layout + 1;
}

#endif
