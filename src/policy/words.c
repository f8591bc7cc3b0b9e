/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking up the vocabulary. */
#include "policy/words.h"

const struct word *words_of(const char *category, size_t *count)
{
    size_t low = 0, high = word_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(word_table[middle].category, category) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < word_count && !strcmp(word_table[end].category, category))
        end++;
    *count = end - low;
    return word_table + low;
}

const struct word *words_match_end(const char *category, struct bytes text)
{
    size_t count;
    const struct word *words = words_of(category, &count);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(words[i].text);
        if (text.length >= length &&
            !memcmp(text.data + text.length - length, words[i].text, length))
            return &words[i];
    }
    return NULL;
}

const struct word *words_match_start(const char *category, struct bytes text)
{
    size_t count;
    const struct word *words = words_of(category, &count);
    for (size_t i = 0; i < count; i++) {
        if (bytes_start_with(text, words[i].text))
            return &words[i];
    }
    return NULL;
}

enum { SHORTEST_WORD = 3 }; /* bytes: one character, or three letters; tools/words.py checks it */

enum { START_BITS = 1024 };

/* Which of START_BITS the first three bytes of a word are. */
static unsigned bit_of(const uint8_t *text)
{
    uint32_t start = (uint32_t)text[0] << 16 | (uint32_t)text[1] << 8 | text[2];
    return start * 0x9E3779B1U >> 22;
}

const struct word *words_find(const char *category, struct bytes text, size_t start, size_t *at)
{
    size_t count;
    const struct word *words = words_of(category, &count);
    uint64_t bits[START_BITS / 64] = {0}; /* where none is set, no word begins */
    for (size_t i = 0; i < count; i++) {
        unsigned bit = bit_of((const uint8_t *)words[i].text);
        bits[bit / 64] |= (uint64_t)1 << bit % 64;
    }
    for (size_t here = start; here + SHORTEST_WORD <= text.length; here++) {
        unsigned bit = bit_of(text.data + here);
        if (!(bits[bit / 64] >> bit % 64 & 1))
            continue;
        struct bytes rest = bytes_slice(text, here, SIZE_MAX);
        for (size_t i = 0; i < count; i++) {
            if (!memcmp(words[i].text, rest.data, SHORTEST_WORD) &&
                bytes_start_with(rest, words[i].text)) {
                *at = here;
                return &words[i];
            }
        }
    }
    return NULL;
}
