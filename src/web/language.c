/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which language a browser wants (RFC 9110 §12.5.4), and what is compared or made secretly. */
#include <sodium.h>

#include "web/request_internal.h"

/* The weight behind ";q=" in thousandths, 1000 without one. */
static int weight_of(struct bytes range)
{
    size_t at = bytes_find(range, 0, ";q=");
    if (at == SIZE_MAX)
        return 1000;
    int weight = 0, unit = 1000;
    for (at += 3; at < range.length && unit > 0; at++) {
        if (range.data[at] == '.')
            continue;
        if (range.data[at] < '0' || range.data[at] > '9')
            break;
        weight += (range.data[at] - '0') * unit;
        unit /= 10;
    }
    return weight;
}

enum language language_accepted(const char *header)
{
    struct bytes rest = bytes_of_string(header ? header : "");
    int japanese = 0, english = 0;
    while (rest.length) {
        size_t comma = bytes_find(rest, 0, ",");
        struct bytes range = bytes_slice(rest, 0, comma);
        while (range.length && *range.data == ' ')
            range = bytes_slice(range, 1, SIZE_MAX);
        int weight = weight_of(range);
        if (bytes_start_with(range, "ja") && weight > japanese)
            japanese = weight;
        if (bytes_start_with(range, "en") && weight > english)
            english = weight;
        rest = comma == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_slice(rest, comma + 1, SIZE_MAX);
    }
    return english > japanese ? LANGUAGE_EN : LANGUAGE_JA;
}

void secret_make(char secret[WEB_SECRET_SIZE])
{
    uint8_t random[32];
    randombytes_buf(random, sizeof random);
    sodium_bin2base64(secret, WEB_SECRET_SIZE, random, sizeof random,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool secret_equal(const char *a, const char *b)
{
    size_t length = strlen(a);
    return length > 0 && length == strlen(b) && sodium_memcmp(a, b, length) == 0;
}
