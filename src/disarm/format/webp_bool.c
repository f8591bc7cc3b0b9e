/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bool coder of VP8 (RFC 6386 §7.3), decoder and encoder in step. */
#include "disarm/format/webp_bool.h"

/* The decoder looks two bytes ahead; an encoder may have left those out. */
#define LOOK_AHEAD 2

static uint32_t next_byte(struct bool_echo *echo)
{
    uint32_t byte = echo->position < echo->in.length ? echo->in.data[echo->position] : 0;
    echo->position++;
    return byte;
}

void bool_echo_open(struct bool_echo *echo, struct bytes in)
{
    *echo = (struct bool_echo){.in = in, .in_range = 255, .out_range = 255, .out_left = 24};
    echo->value = next_byte(echo) << 8;
    echo->value |= next_byte(echo);
}

static unsigned read_bit(struct bool_echo *echo, unsigned probability)
{
    uint32_t split = 1 + (((echo->in_range - 1) * probability) >> 8);
    unsigned bit = echo->value >= split << 8;
    if (bit) {
        echo->in_range -= split;
        echo->value -= split << 8;
    } else {
        echo->in_range = split;
    }
    while (echo->in_range < 128) {
        echo->value <<= 1;
        echo->in_range <<= 1;
        if (++echo->in_shift == 8) {
            echo->in_shift = 0;
            echo->value |= next_byte(echo);
        }
    }
    return bit;
}

/* Adds one to the number that the bytes written so far make. */
static void carry(struct buffer *out)
{
    size_t at = out->length;
    while (at-- > 0 && ++out->data[at] == 0)
        ;
}

static void write_bit(struct bool_echo *echo, unsigned bit, unsigned probability)
{
    uint32_t split = 1 + (((echo->out_range - 1) * probability) >> 8);
    if (bit) {
        echo->bottom += split;
        echo->out_range -= split;
    } else {
        echo->out_range = split;
    }
    while (echo->out_range < 128) {
        echo->out_range <<= 1;
        if (echo->bottom & (1u << 31))
            carry(&echo->out);
        echo->bottom <<= 1;
        if (--echo->out_left == 0) {
            buffer_append_byte(&echo->out, (uint8_t)(echo->bottom >> 24));
            echo->bottom &= (1u << 24) - 1;
            echo->out_left = 8;
        }
    }
}

unsigned bool_echo_bit(struct bool_echo *echo, unsigned probability)
{
    unsigned bit = read_bit(echo, probability);
    write_bit(echo, bit, probability);
    return bit;
}

unsigned bool_echo_literal(struct bool_echo *echo, unsigned bits)
{
    unsigned value = 0;
    while (bits--)
        value = value << 1 | bool_echo_bit(echo, 128);
    return value;
}

bool bool_echo_close(struct bool_echo *echo)
{
    int left = echo->out_left;
    uint32_t bottom = echo->bottom;
    if (bottom & (1u << (32 - left)))
        carry(&echo->out);
    bottom <<= left & 7;
    for (int i = left >> 3; i > 0; i--)
        bottom <<= 8;
    for (int i = 0; i < 4; i++, bottom <<= 8)
        buffer_append_byte(&echo->out, (uint8_t)(bottom >> 24));
    return echo->position <= echo->in.length + LOOK_AHEAD;
}
