/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encodings: a text that converts to UTF-8 without loss must convert back without loss. */
#include <stdlib.h>
#include <string.h>

#include "base/encoding.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    enum encoding encoding = data[0] % ENCODING_COUNT;
    struct bytes text = {data + 1, size - 1};
    AUTO_BUFFER utf8 = {0}, back = {0}, again = {0};
    encoding_detect(text);
    if (encoding_to_utf8(encoding, text, &utf8))
        return 0;
    if (encoding_from_utf8(encoding, buffer_bytes(&utf8), &back))
        return 0;
    if (encoding_to_utf8(encoding, buffer_bytes(&back), &again))
        abort();
    if (again.length != utf8.length || (utf8.length && memcmp(again.data, utf8.data, utf8.length)))
        abort();
    return 0;
}
