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

/*
 * libsodium 1.0.18 takes some bytes above 0x7F for letters, so that several texts would decode to
 * the same bytes: what was decoded must encode to the text again.
 */
ssize_t base64_decode(struct bytes text, uint8_t *out, size_t size)
{
    size_t length;
    AUTO_BUFFER again = {0};
    if (text.length == 0)
        return 0;
    if (sodium_base642bin(out, size, (const char *)text.data, text.length, NULL, &length, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return -1;
    base64_append(&again, (struct bytes){out, length});
    return bytes_equal(buffer_bytes(&again), text) ? (ssize_t)length : -1;
}
