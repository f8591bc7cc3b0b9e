/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strict UTF-8, after the table of well-formed sequences in RFC 3629 section 4. */
#include "base/utf8.h"

static bool is_tail(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

size_t utf8_decode(struct bytes text, uint32_t *point)
{
    const uint8_t *b = text.data;
    if (b[0] < 0x80) {
        *point = b[0];
        return 1;
    }
    if (b[0] >= 0xC2 && b[0] <= 0xDF && text.length >= 2 && is_tail(b[1])) {
        *point = (uint32_t)(b[0] & 0x1F) << 6 | (b[1] & 0x3F);
        return 2;
    }
    if ((b[0] & 0xF0) == 0xE0 && text.length >= 3 && is_tail(b[1]) && is_tail(b[2])) {
        uint32_t value =
            (uint32_t)(b[0] & 0x0F) << 12 | (uint32_t)(b[1] & 0x3F) << 6 | (b[2] & 0x3F);
        *point = value;
        return value >= 0x800 && (value < 0xD800 || value > 0xDFFF) ? 3 : 0;
    }
    if (b[0] >= 0xF0 && b[0] <= 0xF4 && text.length >= 4 && is_tail(b[1]) && is_tail(b[2]) &&
        is_tail(b[3])) {
        uint32_t value = (uint32_t)(b[0] & 0x07) << 18 | (uint32_t)(b[1] & 0x3F) << 12 |
                         (uint32_t)(b[2] & 0x3F) << 6 | (b[3] & 0x3F);
        *point = value;
        return value >= 0x10000 && value <= 0x10FFFF ? 4 : 0;
    }
    return 0;
}

uint32_t utf8_take(struct bytes text, size_t *at)
{
    uint32_t point;
    size_t width = utf8_decode(bytes_slice(text, *at, 4), &point);
    *at += width ? width : 1;
    return width ? point : UTF8_REPLACEMENT;
}

void utf8_append(struct buffer *out, uint32_t point)
{
    if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        point = UTF8_REPLACEMENT;
    if (point < 0x80) {
        buffer_append_byte(out, (uint8_t)point);
    } else if (point < 0x800) {
        buffer_append_byte(out, (uint8_t)(0xC0 | point >> 6));
        buffer_append_byte(out, (uint8_t)(0x80 | (point & 0x3F)));
    } else if (point < 0x10000) {
        buffer_append_byte(out, (uint8_t)(0xE0 | point >> 12));
        buffer_append_byte(out, (uint8_t)(0x80 | (point >> 6 & 0x3F)));
        buffer_append_byte(out, (uint8_t)(0x80 | (point & 0x3F)));
    } else {
        buffer_append_byte(out, (uint8_t)(0xF0 | point >> 18));
        buffer_append_byte(out, (uint8_t)(0x80 | (point >> 12 & 0x3F)));
        buffer_append_byte(out, (uint8_t)(0x80 | (point >> 6 & 0x3F)));
        buffer_append_byte(out, (uint8_t)(0x80 | (point & 0x3F)));
    }
}

bool utf8_valid(struct bytes text)
{
    size_t at = 0;
    while (at < text.length) {
        uint32_t point;
        size_t length = utf8_decode(bytes_slice(text, at, 4), &point);
        if (!length)
            return false;
        at += length;
    }
    return true;
}

void utf8_append_clean(struct buffer *out, struct bytes text)
{
    for (size_t at = 0; at < text.length;)
        utf8_append(out, utf8_take(text, &at));
}

void utf8_copy(char *into, size_t size, const char *text)
{
    size_t length = strnlen(text, size);
    if (length == size)
        for (length = size - 1; length && ((unsigned char)text[length] & 0xC0) == 0x80;)
            length--;
    memcpy(into, text, length);
    into[length] = '\0';
}

bool utf8_is_blank(const char *text)
{
    return !text || text[strspn(text, " \t\r\n")] == 0;
}
