/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LZW as GIF has it: codes of growing width, low bits first, a table of 4,096 entries. */
#include "disarm/format/gif_lzw.h"

#include "base/memory.h"

#define WIDTH_LIMIT  12
#define TABLE_LENGTH (1u << WIDTH_LIMIT)

/* Takes codes of up to 12 bits, low bits first. */
struct code_reader {
    struct bytes bytes;
    size_t position;
    uint32_t bits;
    unsigned count; /* bits held */
};

/* The next code, or TABLE_LENGTH at the end. */
static unsigned take_code(struct code_reader *reader, unsigned width)
{
    while (reader->count < width) {
        if (reader->position == reader->bytes.length)
            return TABLE_LENGTH;
        reader->bits |= (uint32_t)reader->bytes.data[reader->position++] << reader->count;
        reader->count += 8;
    }
    unsigned code = reader->bits & ((1u << width) - 1);
    reader->bits >>= width;
    reader->count -= width;
    return code;
}

/* Each entry says where its string last stood in the output, and how long it is. */
struct decode_table {
    size_t start[TABLE_LENGTH];
    uint32_t length[TABLE_LENGTH];
};

/* Puts the string of one code at `done`; the strings overlap for a code that is just being made. */
static size_t copy_string(uint8_t *indices, size_t done, size_t count, size_t start, size_t length)
{
    if (length > count - done)
        length = count - done;
    for (size_t i = 0; i < length; i++)
        indices[done + i] = indices[start + i];
    return done + length;
}

size_t gif_lzw_decode(struct bytes codes, unsigned code_size, uint8_t *indices, size_t count)
{
    const unsigned clear = 1u << code_size, end = clear + 1;
    AUTO_FREE struct decode_table *table = memory_allocate(1, sizeof *table);
    struct code_reader reader = {.bytes = codes};
    unsigned next = clear + 2, width = code_size + 1;
    size_t done = 0, before = 0; /* before: where the string of the code before starts */
    bool first = true;
    while (done < count) {
        unsigned code = take_code(&reader, width);
        if (code == end || code == TABLE_LENGTH)
            break;
        if (code == clear) {
            next = clear + 2;
            width = code_size + 1;
            first = true;
            continue;
        }
        if (code > clear && (first ? true : code > next || (code == next && next == TABLE_LENGTH)))
            break;
        if (!first && next < TABLE_LENGTH) {
            /* The string of the code before and the first index of this one. */
            table->start[next] = before;
            table->length[next] = (uint32_t)(done - before) + 1;
            next++;
            if (next == 1u << width && width < WIDTH_LIMIT)
                width++;
        }
        before = done;
        if (code < clear)
            indices[done++] = (uint8_t)code;
        else
            done = copy_string(indices, done, count, table->start[code], table->length[code]);
        first = false;
    }
    return done;
}

/* Puts codes out, low bits first. */
struct code_writer {
    struct buffer *out;
    uint32_t bits;
    unsigned count;
};

static void put_code(struct code_writer *writer, unsigned code, unsigned width)
{
    writer->bits |= (uint32_t)code << writer->count;
    writer->count += width;
    while (writer->count >= 8) {
        buffer_append_byte(writer->out, (uint8_t)writer->bits);
        writer->bits >>= 8;
        writer->count -= 8;
    }
}

#define HASH_BITS   13
#define HASH_LENGTH (1u << HASH_BITS)

/* Finds the code of (string, index): key 0 is an empty slot, so keys are kept plus one. */
struct encode_table {
    uint32_t key[HASH_LENGTH];
    uint16_t code[HASH_LENGTH];
};

static unsigned find_slot(const struct encode_table *table, uint32_t key)
{
    unsigned slot = (key * 2654435761u) >> (32 - HASH_BITS);
    while (table->key[slot] && table->key[slot] != key)
        slot = (slot + 1) & (HASH_LENGTH - 1);
    return slot;
}

void gif_lzw_encode(const uint8_t *indices, size_t count, unsigned code_size, struct buffer *out)
{
    const unsigned clear = 1u << code_size, end = clear + 1;
    AUTO_FREE struct encode_table *table = memory_allocate(1, sizeof *table);
    struct code_writer writer = {.out = out};
    unsigned next = clear + 2, width = code_size + 1, string = indices[0];
    put_code(&writer, clear, width);
    for (size_t i = 1; i < count; i++) {
        uint32_t key = ((string << 8) | indices[i]) + 1;
        unsigned slot = find_slot(table, key);
        if (table->key[slot]) {
            string = table->code[slot];
            continue;
        }
        put_code(&writer, string, width);
        string = indices[i];
        if (next < TABLE_LENGTH) {
            table->key[slot] = key;
            table->code[slot] = (uint16_t)next;
            if (next++ == 1u << width)
                width++;
        } else {
            put_code(&writer, clear, width);
            memset(table->key, 0, sizeof table->key);
            next = clear + 2;
            width = code_size + 1;
        }
    }
    put_code(&writer, string, width);
    if (next == 1u << width && width < WIDTH_LIMIT)
        width++;
    put_code(&writer, end, width);
    if (writer.count)
        put_code(&writer, 0, 8 - writer.count);
}
