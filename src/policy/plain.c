/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One spelling for what Japanese writes in several ways. */
#include "policy/plain.h"

#include "policy/catalogue_table.h"
#include "policy/japanese.h"

uint32_t plain_start(const uint8_t *text)
{
    return (uint32_t)text[0] << 16 | (uint32_t)text[1] << 8 | text[2];
}

size_t plain_first(const uint32_t *starts, size_t count, uint32_t start)
{
    size_t low = 0;
    while (count > 0) {
        size_t half = count / 2;
        if (starts[low + half] < start) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return low;
}

/* The longest variant that text begins with, or NULL. Sorted by bytes, a longer one follows the
 * shorter one that it begins with. */
static const struct variant *variant_at(struct bytes text)
{
    const struct variant *found = NULL;
    if (text.length < 3)
        return NULL;
    uint32_t start = plain_start(text.data);
    for (size_t i = plain_first(variant_starts, variant_count, start);
         i < variant_count && variant_starts[i] == start; i++) {
        if (bytes_start_with(text, variant_table[i].written))
            found = &variant_table[i];
    }
    return found;
}

void plain_append(struct buffer *out, struct bytes text)
{
    AUTO_BUFFER squeezed = {0};
    japanese_append_squeezed(&squeezed, text);
    struct bytes all = buffer_bytes(&squeezed);
    size_t start = 0; /* of what was not appended yet */
    for (size_t at = 0; at < all.length;) {
        bool begins = (all.data[at] & 0xC0) != 0x80; /* a character */
        const struct variant *variant = begins ? variant_at(bytes_slice(all, at, SIZE_MAX)) : NULL;
        if (!variant) {
            at++;
            continue;
        }
        buffer_append_bytes(out, bytes_slice(all, start, at - start));
        buffer_append_string(out, variant->plain);
        start = at += strlen(variant->written);
    }
    buffer_append_bytes(out, bytes_slice(all, start, SIZE_MAX));
}
