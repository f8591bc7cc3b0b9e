/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The five characters that mean something in HTML. */
#include "base/html.h"

#include "base/utf8.h"

/* What a character is written as; NULL: as it is. */
static const char *escape_of(uint8_t byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_escape(struct buffer *out, struct bytes text)
{
    uint32_t point;
    size_t plain = 0; /* where what is copied as it is begins */
    for (size_t at = 0; at < text.length;) {
        const char *escape = escape_of(text.data[at]);
        size_t width = escape ? 1 : utf8_decode(bytes_slice(text, at, 4), &point);
        if (width && !escape) {
            at += width;
            continue;
        }
        buffer_append_bytes(out, bytes_slice(text, plain, at - plain));
        if (escape)
            buffer_append_string(out, escape);
        else
            utf8_append(out, UTF8_REPLACEMENT);
        plain = ++at;
    }
    buffer_append_bytes(out, bytes_slice(text, plain, SIZE_MAX));
}
