/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The five characters that mean something in HTML. */
#include "base/html.h"

#include "base/utf8.h"

void html_escape(struct buffer *out, struct bytes text)
{
    for (size_t at = 0; at < text.length;) {
        uint32_t point = utf8_take(text, &at);
        switch (point) {
        case '&':
            buffer_append_string(out, "&amp;");
            break;
        case '<':
            buffer_append_string(out, "&lt;");
            break;
        case '>':
            buffer_append_string(out, "&gt;");
            break;
        case '"':
            buffer_append_string(out, "&quot;");
            break;
        case '\'':
            buffer_append_string(out, "&#39;");
            break;
        default:
            utf8_append(out, point);
        }
    }
}
