/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lossless transcode of a VP8 key frame (RFC 6386), the lossy coding of WebP: every symbol is read
 * with the bool decoder and written with a bool encoder of our own, so that nothing of the old
 * stream goes over but the symbols that make the pixels.
 */
#ifndef DISARM_FORMAT_WEBP_VP8_H
#define DISARM_FORMAT_WEBP_VP8_H

#include "base/buffer.h"
#include "base/error.h"

/* Reads the size in pixels from the frame header (§9.1). False when it is not a key frame. */
bool vp8_read_size(struct bytes frame, uint32_t *width, uint32_t *height);

/* Appends the frame written anew. 0, or -1 when the frame is damaged or cut short. */
int vp8_transcode(struct bytes frame, struct buffer *out, const char *where, struct error *error);

/* 4×4 modes in the order of their tree (§11.2). */
enum vp8_mode {
    VP8_DC,
    VP8_TM,
    VP8_VE,
    VP8_HE,
    VP8_RD,
    VP8_VR,
    VP8_LD,
    VP8_VL,
    VP8_HD,
    VP8_HU,
    VP8_MODE_COUNT,
};

extern const uint8_t vp8_token_update_probability[4][8][3][11];
extern const uint8_t vp8_token_probability[4][8][3][11];
extern const uint8_t vp8_mode_probability[VP8_MODE_COUNT][VP8_MODE_COUNT][9];

#endif
