/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How alike two pieces of Japanese text are: the cosine between their weighted pairs of
 * neighbouring characters. Pairs that stand in most texts weigh little. No dictionary is needed, so
 * that it works for words never seen.
 */
#ifndef POLICY_SIMILARITY_H
#define POLICY_SIMILARITY_H

#include "base/bytes.h"

/* A set of texts that are compared with one another. */
struct similarity;

/* An empty set. The caller frees it. */
struct similarity *similarity_new(void);
void similarity_free(struct similarity *similarity);

/* Adds a text and returns its number, counted from 0. Not after similarity_weigh. */
size_t similarity_add(struct similarity *similarity);

/* Adds words to the text added last; weight is how often they count. */
void similarity_add_words(struct similarity *similarity, struct bytes words, unsigned weight);

/* Weighs all pairs by their rareness. Call once, after the last text. */
void similarity_weigh(struct similarity *similarity);

/* 0 (nothing in common) to 1 (the same pairs in the same measure). Quick where many are compared
 * with the same a, one after the other. */
double similarity_of(struct similarity *similarity, size_t a, size_t b);

#endif
