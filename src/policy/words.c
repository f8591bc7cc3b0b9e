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

const struct word *words_find(const char *category, struct bytes text, size_t start, size_t *at)
{
    size_t count;
    const struct word *words = words_of(category, &count);
    const struct word *found = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t here = bytes_find(text, start, words[i].text);
        if (here != SIZE_MAX && (!found || here < *at)) {
            found = &words[i];
            *at = here;
        }
    }
    return found;
}
