/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain pixels, for flattening: 8 bits each of red, green, blue and alpha, rows top down. */
#ifndef DISARM_FORMAT_PICTURE_RASTER_H
#define DISARM_FORMAT_PICTURE_RASTER_H

#include "disarm/format/job.h"

struct raster {
    uint32_t width, height; /* pixels */
    uint8_t *rgba;          /* width × height × 4 bytes, owned; not premultiplied */
};

/* Charges the pixels, then allocates them, all transparent black. 0 or -1. */
int raster_open(struct raster *raster, struct job *job, uint32_t width, uint32_t height,
                struct error *error);

/* Gives the pixels back; a second call does nothing. */
void raster_free(struct raster *raster);

#define AUTO_RASTER __attribute__((cleanup(raster_free))) struct raster

/* True when no pixel is even partly transparent. */
bool raster_opaque(const struct raster *raster);

/* Turns and mirrors the pixels as EXIF orientation 1 … 8 says. */
void raster_orient(struct raster *raster, unsigned orientation);

/* Appends a PNG of the narrow form that the verifier accepts. */
void raster_encode_png(const struct raster *raster, struct buffer *out);

/* Appends a baseline JPEG of the given quality; alpha is laid over white. 0 or -1. */
int raster_encode_jpeg(const struct raster *raster, int quality, struct buffer *out,
                       struct error *error);

/* The quality that flattening uses. */
#define RASTER_JPEG_QUALITY 90

#endif
