/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEG's own work: coefficients from one stream to another, pixels out of a stream. */
#ifndef DISARM_FORMAT_JPEG_CODEC_H
#define DISARM_FORMAT_JPEG_CODEC_H

#include "disarm/format/picture_raster.h"

/* What came out of a transcode beside the stream. */
struct jpeg_account {
    unsigned orientation; /* in: written when 2 … 8 */
    bool clamp;           /* in: bring coefficients that cannot be coded into range first */
    bool color_profile;   /* out: a sane profile was kept */
    bool repaired;        /* out: the stream was damaged; what could be read was written whole */
    size_t used;          /* out: bytes of the input up to the end of the picture */
};

/*
 * Appends a new JPEG stream with the same quantised coefficients: markers of our own (JFIF and
 * Adobe where the input had them, orientation, a sane colour profile), one fixed scan script
 * (sequential or progressive as the input), Huffman tables made anew. Charges the pixels.
 */
int jpeg_codec_transcode(struct job *job, struct bytes in, struct jpeg_account *account,
                         struct buffer *out, struct error *error);

/*
 * As jpeg_codec_transcode for one strip or tile of a TIFF (TechNote 2): tables (may be empty) and
 * stream are both JPEG streams; no markers for applications are written and nothing is charged.
 */
int jpeg_codec_transcode_strip(struct bytes tables, struct bytes stream, const char *where,
                               struct buffer *out, struct error *error);

/* Decodes to pixels. Charges them. */
int jpeg_codec_decode(struct job *job, struct bytes in, struct raster *raster, struct error *error);

#endif
