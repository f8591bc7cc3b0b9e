/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bool decoder and encoder of VP8 (RFC 6386 §7), coupled: what is read is written. */
#ifndef DISARM_FORMAT_WEBP_BOOL_H
#define DISARM_FORMAT_WEBP_BOOL_H

#include "base/buffer.h"

struct bool_echo {
    struct bytes in; /* borrowed */
    size_t position;
    uint32_t value;     /* the two bytes at hand */
    uint32_t in_range;  /* 128 … 255 between symbols */
    unsigned in_shift;  /* bits of `value` used up since the last byte */
    struct buffer out;  /* owned */
    uint32_t bottom;    /* of the encoder's interval */
    uint32_t out_range; /* 128 … 255 between symbols */
    int out_left;       /* shifts until a byte is complete */
};

/* Starts both at in. The caller frees echo->out. */
void bool_echo_open(struct bool_echo *echo, struct bytes in);

/* Reads one symbol whose probability of being 0 is probability / 256, writes it and returns it. */
unsigned bool_echo_bit(struct bool_echo *echo, unsigned probability);

/* As many symbols of even probability, highest bit first. */
unsigned bool_echo_literal(struct bool_echo *echo, unsigned bits);

/* Completes the output. False when more was read than the input had. */
bool bool_echo_close(struct bool_echo *echo);

#endif
