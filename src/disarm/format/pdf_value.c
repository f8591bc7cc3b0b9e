/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of PDF in memory, and their one spelling. */
#include "disarm/format/pdf_value.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/memory.h"
#include "disarm/format/pdf_token.h"

struct pdf_block {
    struct pdf_block *next;
    size_t used, size; /* bytes of data */
    _Alignas(16) uint8_t data[];
};

enum { BLOCK_BYTES = 32768, REAL_DIGITS_BEFORE = 20, REAL_DIGITS_AFTER = 12 };

void *pdf_arena_take(struct pdf_arena *arena, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    struct pdf_block *block = arena->first;
    if (!block || block->size - block->used < size) {
        size_t room = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        block = memory_allocate(1, sizeof *block + room);
        block->size = room;
        block->next = arena->first;
        arena->first = block;
    }
    void *taken = block->data + block->used;
    block->used += size;
    return memset(taken, 0, size);
}

struct bytes pdf_arena_copy(struct pdf_arena *arena, struct bytes bytes)
{
    uint8_t *copy = pdf_arena_take(arena, bytes.length + 1);
    if (bytes.length)
        memcpy(copy, bytes.data, bytes.length);
    return (struct bytes){copy, bytes.length};
}

void pdf_arena_free(struct pdf_arena *arena)
{
    while (arena->first) {
        struct pdf_block *block = arena->first;
        arena->first = block->next;
        free(block);
    }
}

void pdf_arena_clear(struct pdf_arena *arena)
{
    struct pdf_block *kept = arena->first;
    if (!kept || kept->next || kept->size != BLOCK_BYTES)
        pdf_arena_free(arena);
    else
        kept->used = 0;
}

const struct pdf_value *pdf_value_get(const struct pdf_value *dictionary, const char *key)
{
    if (!dictionary || dictionary->type != PDF_DICTIONARY)
        return NULL;
    for (uint32_t i = 0; i < dictionary->count; i++) {
        if (bytes_equal_string(dictionary->entries[i].key, key))
            return &dictionary->entries[i].value;
    }
    return NULL;
}

bool pdf_value_is_name(const struct pdf_value *value, const char *name)
{
    return value && value->type == PDF_NAME && bytes_equal_string(value->text, name);
}

bool pdf_value_is_number(const struct pdf_value *value)
{
    return value && (value->type == PDF_INTEGER || value->type == PDF_REAL);
}

double pdf_value_number(const struct pdf_value *value, double fallback)
{
    if (!pdf_value_is_number(value))
        return fallback;
    if (value->type == PDF_INTEGER)
        return (double)value->integer;
    double number = 0, scale = 1;
    bool negative = false, fraction = false;
    for (size_t i = 0; i < value->text.length; i++) {
        uint8_t c = value->text.data[i];
        negative |= c == '-';
        fraction |= c == '.';
        if (c >= '0' && c <= '9') {
            number = number * 10 + (c - '0');
            scale *= fraction ? 10 : 1;
        }
    }
    return (negative ? -number : number) / scale;
}

int64_t pdf_value_integer(const struct pdf_value *value, int64_t fallback)
{
    if (value && value->type == PDF_INTEGER)
        return value->integer;
    double number = pdf_value_number(value, (double)fallback);
    return number > -9e15 && number < 9e15 ? (int64_t)number : fallback;
}

/* A blank when the last byte would otherwise run into what follows. */
static void separate(struct buffer *out)
{
    if (out->length && pdf_is_regular(out->data[out->length - 1]))
        buffer_append_byte(out, ' ');
}

void pdf_write_integer(struct buffer *out, int64_t value)
{
    separate(out);
    char digits[24];
    int at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        digits[--at] = '-';
    buffer_append(out, digits + at, sizeof digits - (size_t)at);
}

void pdf_write_real(struct buffer *out, struct bytes digits)
{
    separate(out);
    size_t i = 0, before = 0, start = out->length;
    bool negative = false;
    for (; i < digits.length && (digits.data[i] == '-' || digits.data[i] == '+'); i++)
        negative |= digits.data[i] == '-';
    if (negative)
        buffer_append_byte(out, '-');
    size_t first = out->length;
    for (; i < digits.length && digits.data[i] != '.'; i++) {
        if ((out->length > first || digits.data[i] != '0') && before++ < REAL_DIGITS_BEFORE)
            buffer_append_byte(out, digits.data[i]);
    }
    if (out->length == first)
        buffer_append_byte(out, '0');
    size_t whole_end = out->length, last = whole_end;
    struct bytes fraction = bytes_slice(digits, i + 1, REAL_DIGITS_AFTER);
    buffer_append_byte(out, '.');
    for (size_t at = 0; at < fraction.length && fraction.data[at] != '-'; at++) {
        buffer_append_byte(out, fraction.data[at]);
        if (fraction.data[at] != '0')
            last = out->length;
    }
    out->length = last;
    if (last == whole_end && whole_end == first + 1 && out->data[first] == '0' && negative) {
        out->length = start; /* no negative zero */
        buffer_append_byte(out, '0');
    }
}

static const char hexadecimal[] = "0123456789ABCDEF";

void pdf_write_name(struct buffer *out, struct bytes name)
{
    buffer_append_byte(out, '/');
    for (size_t i = 0; i < name.length; i++) {
        uint8_t c = name.data[i];
        if (c > 0x20 && c < 0x7F && c != '#' && pdf_is_regular(c)) {
            buffer_append_byte(out, c);
        } else if (!c) { /* 7.3.5: a name has no zero byte */
            buffer_append_byte(out, '_');
        } else {
            buffer_append_byte(out, '#');
            buffer_append_byte(out, (uint8_t)hexadecimal[c >> 4]);
            buffer_append_byte(out, (uint8_t)hexadecimal[c & 15]);
        }
    }
}

void pdf_write_string(struct buffer *out, struct bytes string)
{
    buffer_reserve(out, 2 * string.length + 2);
    uint8_t *to = out->data + out->length;
    *to++ = '(';
    for (size_t i = 0; i < string.length; i++) {
        uint8_t c = string.data[i];
        if (c == '(' || c == ')' || c == '\\')
            *to++ = '\\';
        if (c == '\r') {
            *to++ = '\\';
            c = 'r';
        }
        *to++ = c;
    }
    *to++ = ')';
    out->length = (size_t)(to - out->data);
}

void pdf_write_keyword(struct buffer *out, const char *keyword)
{
    separate(out);
    buffer_append_string(out, keyword);
}

void pdf_write_reference(struct buffer *out, uint32_t number)
{
    pdf_write_integer(out, number);
    buffer_append_string(out, " 0 R");
}

void pdf_write_scalar(struct buffer *out, const struct pdf_value *value)
{
    switch (value->type) {
    case PDF_BOOLEAN:
        pdf_write_keyword(out, value->boolean ? "true" : "false");
        break;
    case PDF_INTEGER:
        pdf_write_integer(out, value->integer);
        break;
    case PDF_REAL:
        pdf_write_real(out, value->text);
        break;
    case PDF_NAME:
        pdf_write_name(out, value->text);
        break;
    case PDF_STRING:
        pdf_write_string(out, value->text);
        break;
    default:
        pdf_write_keyword(out, "null");
    }
}
