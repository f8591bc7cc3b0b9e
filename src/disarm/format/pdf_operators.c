/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operators of content streams; BX, EX and PS are not among them on purpose. */
#include "disarm/format/pdf_operators.h"

/* Sorted by bytes. */
static const struct pdf_operator table[] = {
    {"\"", "nns", false},    {"'", "s", false},      {"B", "", false},        {"B*", "", false},
    {"BDC", "mp", false},    {"BI", "", true},       {"BMC", "m", false},     {"BT", "", false},
    {"CS", "m", false},      {"DP", "mp", false},    {"Do", "m", false},      {"EMC", "", false},
    {"ET", "", false},       {"F", "", false},       {"G", "n", false},       {"J", "n", false},
    {"K", "nnnn", false},    {"M", "n", false},      {"MP", "m", false},      {"Q", "", false},
    {"RG", "nnn", false},    {"S", "", false},       {"SC", "*", false},      {"SCN", "*m", false},
    {"T*", "", false},       {"TD", "nn", false},    {"TJ", "a", false},      {"TL", "n", false},
    {"Tc", "n", false},      {"Td", "nn", false},    {"Tf", "mn", false},     {"Tj", "s", false},
    {"Tm", "nnnnnn", false}, {"Tr", "n", false},     {"Ts", "n", false},      {"Tw", "n", false},
    {"Tz", "n", false},      {"W", "", false},       {"W*", "", false},       {"b", "", false},
    {"b*", "", false},       {"c", "nnnnnn", false}, {"cm", "nnnnnn", false}, {"cs", "m", false},
    {"d", "an", false},      {"d0", "nn", false},    {"d1", "nnnnnn", false}, {"f", "", false},
    {"f*", "", false},       {"g", "n", false},      {"gs", "m", false},      {"h", "", false},
    {"i", "n", false},       {"j", "n", false},      {"k", "nnnn", false},    {"l", "nn", false},
    {"m", "nn", false},      {"n", "", false},       {"q", "", false},        {"re", "nnnn", false},
    {"rg", "nnn", false},    {"ri", "m", false},     {"s", "", false},        {"sc", "*", false},
    {"scn", "*m", false},    {"sh", "m", false},     {"v", "nnnn", false},    {"w", "n", false},
    {"y", "nnnn", false},
};

static const struct pdf_operator *find(const uint8_t *word, size_t length)
{
    size_t low = 0, high = sizeof table / sizeof *table;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        size_t own = strlen(table[middle].name);
        int order = memcmp(word, table[middle].name, length < own ? length : own);
        if (!order && length == own)
            return &table[middle];
        if (order < 0 || (!order && length < own))
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct pdf_operator *pdf_operator_find(struct bytes *word)
{
    enum { LONGEST = 3, RUN_TOGETHER = 8 };
    const struct pdf_operator *found =
        word->length <= LONGEST ? find(word->data, word->length) : NULL;
    if (found) {
        *word = (struct bytes){NULL, 0};
        return found;
    }
    if (word->length > RUN_TOGETHER)
        return NULL;
    for (size_t length = word->length < LONGEST ? word->length : LONGEST; length > 0; length--) {
        found = find(word->data, length);
        struct bytes rest = bytes_slice(*word, length, word->length);
        struct bytes next = rest;
        if (found && rest.length && pdf_operator_find(&next)) {
            *word = rest;
            return found;
        }
    }
    return NULL;
}
