/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks the syntax of a VP8 key frame (RFC 6386 §9, §19) and echoes every symbol of it. */
#include "disarm/format/webp_vp8.h"

#include "base/cursor.h"
#include "base/memory.h"
#include "disarm/format/webp_bool.h"

#define PARTITIONS_LIMIT 8
#define FIRST_LIMIT      ((size_t)1 << 19) /* 19 bits of size */
#define OTHER_LIMIT      ((size_t)1 << 24) /* 24 bits of size */
#define BLOCK_FLAGS      9                 /* 4 Y, 2 U, 2 V, 1 Y2 */
#define FLAG_Y2          8

enum block_type {
    BLOCK_Y_AFTER_Y2,
    BLOCK_Y2,
    BLOCK_CHROMA,
    BLOCK_Y,
};

/* A macroblock of the row being read. */
struct macroblock {
    bool skipped;   /* has no tokens */
    bool own_modes; /* B_PRED: no Y2 block */
    uint8_t above_modes[4];
    uint8_t above_flags[BLOCK_FLAGS]; /* blocks with tokens in the row above */
};

struct frame {
    uint32_t width, height; /* pixels */
    struct bool_echo header;
    struct bool_echo tokens[PARTITIONS_LIMIT];
    unsigned partitions;
    bool segment_map;
    uint8_t segment_probability[3];
    bool skip_coded;
    uint8_t skip_probability;
    uint8_t probability[4][8][3][11];
    struct macroblock *row; /* one for each column */
    uint32_t columns, rows;
};

bool vp8_read_size(struct bytes bytes, uint32_t *width, uint32_t *height)
{
    struct cursor cursor = cursor_open(bytes);
    uint8_t tag = cursor_u8(&cursor);
    cursor_skip(&cursor, 2);
    bool start = bytes_equal_string(cursor_take(&cursor, 3), "\x9D\x01\x2A");
    *width = cursor_u16le(&cursor) & 0x3FFF;
    *height = cursor_u16le(&cursor) & 0x3FFF;
    bool key = !(tag & 1), shown = tag & 0x10, known = (tag >> 1 & 7) <= 3;
    return !cursor.failed && start && key && shown && known && *width && *height;
}

/* An optional value: flag, magnitude, sign (§9.3, §9.6). */
static void echo_optional(struct bool_echo *echo, unsigned bits)
{
    if (bool_echo_bit(echo, 128))
        bool_echo_literal(echo, bits + 1);
}

/* §9.3 */
static void echo_segmentation(struct frame *frame)
{
    struct bool_echo *echo = &frame->header;
    memset(frame->segment_probability, 255, sizeof frame->segment_probability);
    if (!bool_echo_bit(echo, 128))
        return;
    frame->segment_map = bool_echo_bit(echo, 128);
    if (bool_echo_bit(echo, 128)) {
        bool_echo_bit(echo, 128);
        for (int i = 0; i < 4; i++)
            echo_optional(echo, 7);
        for (int i = 0; i < 4; i++)
            echo_optional(echo, 6);
    }
    for (int i = 0; frame->segment_map && i < 3; i++) {
        if (bool_echo_bit(echo, 128))
            frame->segment_probability[i] = (uint8_t)bool_echo_literal(echo, 8);
    }
}

/* §9.4 to §9.11: everything of the header up to the first macroblock. */
static void echo_header(struct frame *frame)
{
    struct bool_echo *echo = &frame->header;
    bool_echo_literal(echo, 2); /* color space, clamping */
    echo_segmentation(frame);
    bool_echo_literal(echo, 1 + 6 + 3); /* loop filter */
    if (bool_echo_bit(echo, 128) && bool_echo_bit(echo, 128)) {
        for (int i = 0; i < 8; i++)
            echo_optional(echo, 6);
    }
    frame->partitions = 1u << bool_echo_literal(echo, 2);
    bool_echo_literal(echo, 7);
    for (int i = 0; i < 5; i++)
        echo_optional(echo, 4);
    bool_echo_bit(echo, 128); /* refresh_entropy_probs: no frame follows */
    uint8_t *probability = &frame->probability[0][0][0][0];
    const uint8_t *update = &vp8_token_update_probability[0][0][0][0];
    memcpy(probability, vp8_token_probability, sizeof frame->probability);
    for (size_t i = 0; i < sizeof frame->probability; i++) {
        if (bool_echo_bit(echo, update[i]))
            probability[i] = (uint8_t)bool_echo_literal(echo, 8);
    }
    frame->skip_coded = bool_echo_bit(echo, 128);
    frame->skip_probability = frame->skip_coded ? (uint8_t)bool_echo_literal(echo, 8) : 0;
}

/* The mode of one 4×4 block (§11.2). */
static uint8_t echo_mode(struct bool_echo *echo, uint8_t above, uint8_t left)
{
    const uint8_t *p = vp8_mode_probability[above][left];
    if (!bool_echo_bit(echo, p[0]))
        return VP8_DC;
    if (!bool_echo_bit(echo, p[1]))
        return VP8_TM;
    if (!bool_echo_bit(echo, p[2]))
        return VP8_VE;
    if (!bool_echo_bit(echo, p[3])) {
        if (!bool_echo_bit(echo, p[4]))
            return VP8_HE;
        return bool_echo_bit(echo, p[5]) ? VP8_VR : VP8_RD;
    }
    if (!bool_echo_bit(echo, p[6]))
        return VP8_LD;
    if (!bool_echo_bit(echo, p[7]))
        return VP8_VL;
    return bool_echo_bit(echo, p[8]) ? VP8_HU : VP8_HD;
}

/* The luma mode of a whole macroblock, as the 4×4 mode that its neighbours see. */
static uint8_t echo_whole_mode(struct bool_echo *echo)
{
    if (bool_echo_bit(echo, 156))
        return bool_echo_bit(echo, 128) ? VP8_TM : VP8_HE;
    return bool_echo_bit(echo, 163) ? VP8_VE : VP8_DC;
}

/* The header of one macroblock (§19.3). */
static void echo_macroblock(struct frame *frame, struct macroblock *block, uint8_t left[4])
{
    struct bool_echo *echo = &frame->header;
    if (frame->segment_map) {
        unsigned high = bool_echo_bit(echo, frame->segment_probability[0]);
        bool_echo_bit(echo, frame->segment_probability[1 + high]);
    }
    block->skipped = frame->skip_coded && bool_echo_bit(echo, frame->skip_probability);
    block->own_modes = !bool_echo_bit(echo, 145);
    if (block->own_modes) {
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++)
                left[y] = block->above_modes[x] = echo_mode(echo, block->above_modes[x], left[y]);
        }
    } else {
        uint8_t mode = echo_whole_mode(echo);
        memset(block->above_modes, mode, 4);
        memset(left, mode, 4);
    }
    if (bool_echo_bit(echo, 142) && bool_echo_bit(echo, 114))
        bool_echo_bit(echo, 183);
}

/* The extra bits of a value of 5 or more (§13.2); p are the probabilities at its place. */
static void echo_large(struct bool_echo *echo, const uint8_t *p)
{
    static const uint8_t extra[4][12] = {{173, 148, 140},
                                         {176, 155, 140, 135},
                                         {180, 157, 141, 134, 130},
                                         {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}};
    if (!bool_echo_bit(echo, p[6])) {
        if (!bool_echo_bit(echo, p[7])) {
            bool_echo_bit(echo, 159);
        } else {
            bool_echo_bit(echo, 165);
            bool_echo_bit(echo, 145);
        }
        return;
    }
    unsigned high = bool_echo_bit(echo, p[8]);
    unsigned category = 2 * high + bool_echo_bit(echo, p[9 + high]);
    for (const uint8_t *bit = extra[category]; *bit; bit++)
        bool_echo_bit(echo, *bit);
}

/* A value that is not zero, with its sign; returns the context that it makes: 1 or 2. */
static unsigned echo_value(struct bool_echo *echo, const uint8_t *p)
{
    unsigned context = 1;
    if (bool_echo_bit(echo, p[2])) {
        context = 2;
        if (bool_echo_bit(echo, p[3]))
            echo_large(echo, p);
        else if (bool_echo_bit(echo, p[4]))
            bool_echo_bit(echo, p[5]);
    }
    bool_echo_bit(echo, 128);
    return context;
}

/* The tokens of one block (§13); true when it has any. */
static bool echo_block(const struct frame *frame, struct bool_echo *echo, enum block_type type,
                       unsigned context)
{
    static const uint8_t bands[16] = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7};
    unsigned first = type == BLOCK_Y_AFTER_Y2;
    for (unsigned i = first; i < 16; i++) {
        const uint8_t *p = frame->probability[type][bands[i]][context];
        if (!bool_echo_bit(echo, p[0]))
            return i > first;
        while (!bool_echo_bit(echo, p[1])) {
            if (++i == 16)
                return true;
            p = frame->probability[type][bands[i]][0];
        }
        context = echo_value(echo, p);
    }
    return true;
}

/* A square of blocks of one plane, whose flags start at `at`. */
static void echo_plane(const struct frame *frame, struct bool_echo *echo, enum block_type type,
                       int size, uint8_t *above, uint8_t *left)
{
    for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++)
            above[x] = left[y] = echo_block(frame, echo, type, above[x] + left[y]);
    }
}

/* All tokens of one macroblock; left: the flags of the one before it. */
static void echo_tokens(const struct frame *frame, struct bool_echo *echo, struct macroblock *block,
                        uint8_t left[BLOCK_FLAGS])
{
    uint8_t *above = block->above_flags;
    if (block->skipped) {
        size_t count = block->own_modes ? FLAG_Y2 : BLOCK_FLAGS;
        memset(above, 0, count);
        memset(left, 0, count);
        return;
    }
    if (!block->own_modes)
        echo_plane(frame, echo, BLOCK_Y2, 1, above + FLAG_Y2, left + FLAG_Y2);
    echo_plane(frame, echo, block->own_modes ? BLOCK_Y : BLOCK_Y_AFTER_Y2, 4, above, left);
    echo_plane(frame, echo, BLOCK_CHROMA, 2, above + 4, left + 4);
    echo_plane(frame, echo, BLOCK_CHROMA, 2, above + 6, left + 6);
}

/* Opens the token partitions behind the first (§9.5). */
static bool open_partitions(struct frame *frame, struct bytes rest)
{
    struct cursor sizes = cursor_open(rest);
    struct cursor data = cursor_open(rest);
    cursor_skip(&data, (size_t)3 * (frame->partitions - 1));
    for (unsigned i = 0; i < frame->partitions; i++) {
        size_t length = cursor_remaining(&data);
        if (i + 1 < frame->partitions)
            length = cursor_u8(&sizes) | (size_t)cursor_u16le(&sizes) << 8;
        bool_echo_open(&frame->tokens[i], cursor_take(&data, length));
    }
    return !sizes.failed && !data.failed;
}

static void echo_macroblocks(struct frame *frame)
{
    for (uint32_t y = 0; y < frame->rows; y++) {
        struct bool_echo *tokens = &frame->tokens[y & (frame->partitions - 1)];
        uint8_t left_modes[4] = {VP8_DC, VP8_DC, VP8_DC, VP8_DC};
        uint8_t left_flags[BLOCK_FLAGS] = {0};
        for (uint32_t x = 0; x < frame->columns; x++) {
            echo_macroblock(frame, &frame->row[x], left_modes);
            echo_tokens(frame, tokens, &frame->row[x], left_flags);
        }
    }
}

/* Completes all partitions and joins them to a frame (§9.1, §9.5). */
static bool append_frame(struct frame *frame, uint8_t tag, struct buffer *out)
{
    bool whole = bool_echo_close(&frame->header);
    for (unsigned i = 0; i < frame->partitions; i++) {
        whole = bool_echo_close(&frame->tokens[i]) && whole;
        whole = whole && frame->tokens[i].out.length < OTHER_LIMIT;
    }
    size_t first = frame->header.out.length;
    if (!whole || first >= FIRST_LIMIT)
        return false;
    buffer_append_byte(out, (uint8_t)((tag & 0x1F) | (first & 7) << 5));
    buffer_append_u16le(out, (uint16_t)(first >> 3));
    buffer_append_string(out, "\x9D\x01\x2A");
    buffer_append_u16le(out, (uint16_t)frame->width);
    buffer_append_u16le(out, (uint16_t)frame->height);
    buffer_append_bytes(out, buffer_bytes(&frame->header.out));
    for (unsigned i = 0; i + 1 < frame->partitions; i++) {
        size_t length = frame->tokens[i].out.length;
        buffer_append_byte(out, (uint8_t)length);
        buffer_append_u16le(out, (uint16_t)(length >> 8));
    }
    for (unsigned i = 0; i < frame->partitions; i++)
        buffer_append_bytes(out, buffer_bytes(&frame->tokens[i].out));
    return true;
}

static bool transcode(struct frame *frame, struct bytes bytes, struct buffer *out)
{
    if (!vp8_read_size(bytes, &frame->width, &frame->height))
        return false;
    struct cursor cursor = cursor_open(bytes);
    uint8_t tag = cursor_u8(&cursor);
    size_t first = tag >> 5 | (size_t)cursor_u16le(&cursor) << 3;
    cursor_skip(&cursor, 7);
    bool_echo_open(&frame->header, cursor_take(&cursor, first));
    if (cursor.failed)
        return false;
    echo_header(frame);
    if (!open_partitions(frame, cursor_take_rest(&cursor)))
        return false;
    frame->columns = (frame->width + 15) / 16;
    frame->rows = (frame->height + 15) / 16;
    frame->row = memory_allocate(frame->columns, sizeof *frame->row);
    echo_macroblocks(frame);
    return append_frame(frame, tag, out);
}

int vp8_transcode(struct bytes bytes, struct buffer *out, const char *where, struct error *error)
{
    struct frame *frame = memory_allocate(1, sizeof *frame);
    bool done = transcode(frame, bytes, out);
    for (int i = 0; i < PARTITIONS_LIMIT; i++)
        buffer_free(&frame->tokens[i].out);
    buffer_free(&frame->header.out);
    free(frame->row);
    free(frame);
    return done ? 0 : error_set(error, "bad_picture", where, "VP8");
}
