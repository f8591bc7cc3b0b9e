/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG chunks (W3C PNG §5, §11): what a file holds, read into one struct, and how it is written. */
#ifndef DISARM_FORMAT_PNG_CHUNK_H
#define DISARM_FORMAT_PNG_CHUNK_H

#include "disarm/format/png_rows.h"

#define PNG_SIGNATURE        "\x89PNG\r\n\x1A\n"
#define PNG_SIGNATURE_LENGTH 8

#define PNG_TYPE(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))

/* One frame of an animation (§11.3.6.2). */
struct png_frame {
    uint32_t width, height, x, y; /* pixels, inside the picture */
    uint16_t delay, delay_unit;   /* delay / delay_unit seconds */
    uint8_t dispose, blend;
    bool broken;        /* the frame and those behind it cannot be used */
    struct buffer data; /* its fdAT bytes; empty for a frame that is the picture itself */
    bool is_picture;    /* its rows are those of IDAT */
};

/* The chunks of a file that may go over; views look into the file. */
struct png_file {
    struct png_header header;
    struct bytes palette, transparency;             /* PLTE, tRNS */
    struct bytes gamma, chromaticities, srgb, cicp; /* gAMA, cHRM, sRGB, cICP */
    struct bytes density;                           /* pHYs */
    struct buffer profile;                          /* iCCP, inflated and found sane */
    unsigned orientation;                           /* of eXIf, 1 … 8 */
    struct buffer data;                             /* IDAT bytes, one behind the other */
    bool animated;                                  /* acTL seen before IDAT */
    uint32_t plays;                                 /* 0: without end */
    struct png_frame *frames;
    size_t frame_count;
    size_t used;              /* bytes up to the end of IEND */
    size_t metadata, unknown; /* bytes of chunks that are not read */
    size_t profile_dropped;   /* bytes of profiles that were not sane */
    bool damaged;             /* a checksum of IDAT was wrong, or the end was missing */
};

/* Reads all chunks. The caller frees with png_file_free, also on failure. */
int png_file_read(struct job *job, struct bytes in, struct png_file *file, struct error *error);

void png_file_free(struct png_file *file);

#define AUTO_PNG_FILE __attribute__((cleanup(png_file_free))) struct png_file

/* Appends one chunk with its length and checksum. */
void png_chunk_append(struct buffer *out, uint32_t type, struct bytes body);

/* Appends IHDR behind the signature. */
void png_header_append(struct buffer *out, const struct png_header *header);

#endif
