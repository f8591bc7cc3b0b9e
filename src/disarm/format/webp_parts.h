/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes over of a WebP file (RFC 9649), between its reader, its writer and its flattening. */
#ifndef DISARM_FORMAT_WEBP_PARTS_H
#define DISARM_FORMAT_WEBP_PARTS_H

#include "disarm/format/picture_raster.h"

/* One picture: the file itself, or a frame of an animation (§2.7.1). */
struct webp_frame {
    uint32_t x, y, width, height; /* pixels; x and y are even */
    uint32_t duration;            /* milliseconds */
    uint8_t flags;                /* bit 0: dispose to background, bit 1: do not blend */
    struct bytes alpha;           /* ALPH; may be empty */
    struct bytes lossy;           /* VP8; empty when lossless is there */
    struct bytes lossless;        /* VP8L */
};

struct webp {
    uint32_t width, height; /* of the canvas, pixels */
    bool animated;
    uint32_t background;
    uint16_t plays;
    struct bytes profile; /* sane, may be empty */
    unsigned orientation; /* 1 … 8 */
    struct webp_frame *frames;
    size_t frame_count;
    size_t used, metadata, unknown, profile_dropped, frames_dropped;
};

/* Reads the chunks; views look into the file. Charges the pixels of each frame. The caller frees
 * with webp_free, also on failure. */
int webp_read(struct job *job, struct bytes in, struct webp *webp, struct error *error);

void webp_free(struct webp *webp);

#define AUTO_WEBP __attribute__((cleanup(webp_free))) struct webp

/*
 * The coded forms of one frame, made anew: lossy by transcode, lossless and alpha by decoding and
 * encoding again, which loses nothing.
 */
struct webp_coded {
    struct buffer alpha, lossy, lossless;
    bool has_alpha;
};

int webp_code_frame(const struct webp_frame *frame, struct webp_coded *coded, const char *where,
                    struct error *error);

void webp_coded_free(struct webp_coded *coded);

/* Decodes one frame to pixels, width × height × 4 bytes that rgba holds. */
int webp_decode_frame(const struct webp_frame *frame, uint8_t *rgba, const char *where,
                      struct error *error);

/* Appends one chunk with its padding. */
void webp_chunk_append(struct buffer *out, const char *name, struct bytes body);

#endif
