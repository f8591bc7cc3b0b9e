/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes over of a GIF, between its reader, its writer and its flattening. */
#ifndef DISARM_FORMAT_GIF_PARTS_H
#define DISARM_FORMAT_GIF_PARTS_H

#include "disarm/format/job.h"

enum {
    GIF_EXTENSION = 0x21,
    GIF_IMAGE = 0x2C,
    GIF_TRAILER = 0x3B,
    GIF_TABLE_FLAG = 0x80,
    GIF_INTERLACE_FLAG = 0x40,
};

/* What a graphic control extension says (§23). */
struct gif_control {
    bool present;
    uint8_t disposal; /* 0 … 3 */
    bool transparent;
    uint8_t transparent_index;
    uint16_t delay; /* hundredths of a second */
};

struct gif_frame {
    uint16_t x, y, width, height; /* pixels on the screen */
    bool interlaced;
    struct bytes palette; /* local; empty: the global one */
    struct gif_control control;
    unsigned code_size;   /* as read */
    struct buffer codes;  /* as read, without sub-blocks; then as written */
    unsigned index_above; /* one more than the largest index */
    bool dropped;
};

struct gif {
    uint16_t width, height;
    uint8_t background;
    struct bytes palette; /* global; may be empty */
    struct gif_frame *frames;
    size_t frame_count;
    size_t global_entries; /* of the global palette as it is written; 0: none */
    bool loops;
    uint16_t plays;
    size_t used, metadata, unknown;
    bool damaged;
};

/*
 * Reads the whole file, decodes every frame once to learn its largest index and drops those that
 * cannot be decoded; -1 when none is left. Charges pixels and pages. The caller frees with
 * gif_free.
 */
int gif_read(struct job *job, struct bytes in, struct gif *gif, struct error *error);

void gif_free(struct gif *gif);

#define AUTO_GIF __attribute__((cleanup(gif_free))) struct gif

/* The indices of a frame in coded order, width × height bytes that the caller frees; missing ones
 * are 0 and set *repaired. NULL when there is not one. */
uint8_t *gif_decode_frame(const struct gif_frame *frame, bool *repaired);

/* Appends a color table of the given number of entries: those of palette, then black; without a
 * palette a ramp of greys, which is what readers show then. */
void gif_append_palette(struct buffer *out, struct bytes palette, size_t entries);

#endif
