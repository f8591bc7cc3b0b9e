/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vocabulary of data/policy/words.tsv, made into a table at build time. */
#ifndef POLICY_WORDS_H
#define POLICY_WORDS_H

#include <stddef.h>

#include "base/bytes.h"

struct word {
    const char *category;
    const char *text;
    const char *value; /* "-" when the category needs none */
};

/* Sorted by category, within it longest text first. */
extern const struct word word_table[];
extern const size_t word_count;

/* The words of one category: the first, and how many follow it. */
const struct word *words_of(const char *category, size_t *count);

/* The longest word of a category that text ends with, or NULL. */
const struct word *words_match_end(const char *category, struct bytes text);

/* The longest word of a category that text begins with, or NULL. */
const struct word *words_match_start(const char *category, struct bytes text);

/* The first word of a category in text at or after start, the longest where several begin; *at is
 * its offset. */
const struct word *words_find(const char *category, struct bytes text, size_t start, size_t *at);

#endif
