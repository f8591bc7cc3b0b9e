/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base64, quoted-printable and uuencode. */
#include "disarm/format/mime_transfer.h"

#include "base/cursor.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int mime_hex_value(uint8_t digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit |= 0x20;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

void mime_decode_base64(struct bytes text, struct buffer *out)
{
    uint32_t bits = 0;
    unsigned count = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '=') { /* padding ends a run; another one may follow (joined bodies) */
            count = 0;
            bits = 0;
            continue;
        }
        const char *found = text.data[i] ? strchr(alphabet, text.data[i]) : NULL;
        if (!found)
            continue;
        bits = bits << 6 | (uint32_t)(found - alphabet);
        count += 6;
        if (count >= 8) {
            count -= 8;
            buffer_append_byte(out, (uint8_t)(bits >> count));
        }
    }
}

/* The byte that "=XY" at offset at stands for, or -1. */
static int quoted_byte(struct bytes text, size_t at)
{
    if (text.length - at < 3)
        return -1;
    int high = mime_hex_value(text.data[at + 1]), low = mime_hex_value(text.data[at + 2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* Offset of the line end at or after `at` when only blanks stand before it, else SIZE_MAX. */
static size_t blank_line_end(struct bytes text, size_t at)
{
    while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\t'))
        at++;
    if (at == text.length)
        return at;
    if (text.data[at] == '\r' && at + 1 < text.length && text.data[at + 1] == '\n')
        return at + 1;
    return text.data[at] == '\n' ? at : SIZE_MAX;
}

void mime_decode_quoted(struct bytes text, struct buffer *out)
{
    for (size_t i = 0; i < text.length; i++) {
        uint8_t byte = text.data[i];
        if (byte == '=') {
            int value = quoted_byte(text, i);
            size_t soft = blank_line_end(text, i + 1);
            if (value >= 0)
                i += 2;
            else if (soft != SIZE_MAX) {
                i = soft;
                continue;
            }
            buffer_append_byte(out, value >= 0 ? (uint8_t)value : byte);
            continue;
        }
        buffer_append_byte(out, byte);
    }
}

void mime_decode_word_quoted(struct bytes text, struct buffer *out)
{
    for (size_t i = 0; i < text.length; i++) {
        int value = text.data[i] == '=' ? quoted_byte(text, i) : -1;
        if (value >= 0) {
            buffer_append_byte(out, (uint8_t)value);
            i += 2;
        } else {
            buffer_append_byte(out, text.data[i] == '_' ? ' ' : text.data[i]);
        }
    }
}

void mime_encode_base64(struct bytes data, bool lines, struct buffer *out)
{
    for (size_t i = 0; i < data.length; i += 3) {
        if (lines && i && i % 57 == 0)
            buffer_append_string(out, "\r\n");
        size_t left = data.length - i;
        uint32_t bits = (uint32_t)data.data[i] << 16;
        bits |= left > 1 ? (uint32_t)data.data[i + 1] << 8 : 0;
        bits |= left > 2 ? data.data[i + 2] : 0u;
        buffer_append_byte(out, (uint8_t)alphabet[bits >> 18]);
        buffer_append_byte(out, (uint8_t)alphabet[bits >> 12 & 63]);
        buffer_append_byte(out, left > 1 ? (uint8_t)alphabet[bits >> 6 & 63] : '=');
        buffer_append_byte(out, left > 2 ? (uint8_t)alphabet[bits & 63] : '=');
    }
}

/* "begin 644 name": the name, or an empty view. */
static struct bytes uu_name(struct bytes line)
{
    if (!bytes_start_with(line, "begin ") || line.length < 11)
        return (struct bytes){NULL, 0};
    size_t at = 6;
    while (at < line.length && line.data[at] >= '0' && line.data[at] <= '7')
        at++;
    if (at < 9 || at > 10 || at >= line.length || line.data[at] != ' ')
        return (struct bytes){NULL, 0};
    return bytes_slice(line, at + 1, line.length);
}

/* One line of data; false when its length character and its length do not fit. */
static bool uu_line(struct bytes line, struct buffer *out)
{
    if (!line.length || line.data[0] < ' ' || line.data[0] > '`')
        return false;
    size_t length = (line.data[0] - ' ') & 63u;
    if (line.length - 1 < (length * 4 + 2) / 3)
        return false;
    uint32_t bits = 0;
    unsigned count = 0;
    for (size_t i = 1; i < line.length && length; i++) {
        if (line.data[i] < ' ' || line.data[i] > '`')
            return false;
        bits = bits << 6 | ((line.data[i] - ' ') & 63u);
        count += 6;
        if (count >= 8) {
            count -= 8;
            buffer_append_byte(out, (uint8_t)(bits >> count));
            length--;
        }
    }
    return true;
}

bool mime_find_uuencoded(struct bytes text, size_t start, size_t *begin, size_t *end,
                         struct bytes *name, struct buffer *out)
{
    struct cursor cursor = cursor_open(text);
    cursor_skip(&cursor, start);
    while (cursor_remaining(&cursor)) {
        size_t at = cursor.position;
        *name = uu_name(cursor_line(&cursor));
        if (!name->length)
            continue;
        struct cursor inside = cursor;
        size_t length = out->length;
        bool good = true;
        while (good && cursor_remaining(&inside)) {
            struct bytes line = cursor_line(&inside);
            if (bytes_equal_string(line, "end"))
                break;
            good = uu_line(line, out);
        }
        if (good && out->length > length) {
            *begin = at;
            *end = inside.position;
            return true;
        }
        out->length = length;
    }
    return false;
}
