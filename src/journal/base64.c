/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base 64 by libsodium, with the strictness that signed notes need. */
#include "journal/base64.h"

#include <sodium.h>

void base64_append(struct buffer *out, struct bytes data)
{
    size_t length = sodium_base64_ENCODED_LEN(data.length, sodium_base64_VARIANT_ORIGINAL);
    buffer_reserve(out, length);
    sodium_bin2base64((char *)out->data + out->length, length, data.data, data.length,
                      sodium_base64_VARIANT_ORIGINAL);
    out->length += length - 1; /* without the NUL */
}

ssize_t base64_decode(struct bytes text, uint8_t *out, size_t size)
{
    size_t length;
    const char *end;
    if (!text.length)
        return 0;
    if (text.length % 4 != 0 ||
        sodium_base642bin(out, size, (const char *)text.data, text.length, NULL, &length, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != (const char *)text.data + text.length)
        return -1;
    return (ssize_t)length;
}
