/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The addresses that links may keep. */
#include "disarm/format/pdf_action.h"

#include <strings.h>

enum { URI_BYTES = 8192 };

static bool scheme_allowed(struct bytes uri)
{
    static const char *const schemes[] = {"http://", "https://", "mailto:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t length = strlen(schemes[i]);
        if (uri.length > length && !strncasecmp((const char *)uri.data, schemes[i], length))
            return true;
    }
    return false;
}

bool pdf_action_write_uri(struct pdf_copy *copy, struct bytes uri, struct buffer *out)
{
    while (uri.length && uri.data[0] <= ' ')
        uri = bytes_slice(uri, 1, uri.length);
    AUTO_BUFFER bare = {0};
    if (bytes_start_with(uri, "www.")) { /* what ordinary readers make of it */
        buffer_append_string(&bare, "http://");
        buffer_append_bytes(&bare, uri);
        uri = buffer_bytes(&bare);
    }
    if (uri.length > URI_BYTES || !scheme_allowed(uri)) {
        pdf_copy_drop(copy, "Action", "URI", "pdf_link", "pdf_scheme");
        copy->told = true;
        return false;
    }
    AUTO_BUFFER clean = {0};
    for (size_t i = 0; i < uri.length; i++) {
        if (uri.data[i] <= ' ' || uri.data[i] == 0x7F)
            buffer_append_format(&clean, "%%%02X", uri.data[i]);
        else
            buffer_append_byte(&clean, uri.data[i]);
    }
    pdf_write_string(out, buffer_bytes(&clean));
    return true;
}
