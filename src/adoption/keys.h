/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By what a requirement is known in another version of the text. */
#ifndef ADOPTION_KEYS_H
#define ADOPTION_KEYS_H

#include "policy/policy.h"

#define ADOPTION_SENTENCE_KEY_SIZE 48 /* 32 digits, '/', a number, the final NUL */

/* Writes the key of a requirement: a digest of its sentence without blanks, widths and cases, and
 * which of the sentence's requirements it is. */
void adoption_sentence_key(const struct policy *policy, size_t requirement,
                           char key[ADOPTION_SENTENCE_KEY_SIZE]);

/* How alike two sentences are: 0 to 1, by the pairs of neighbouring letters that they share. */
double adoption_likeness(const char *a, const char *b);

/* The requirement with this id, or POLICY_NONE. */
size_t adoption_find_requirement(const struct policy *policy, const char *id);

/*
 * Finds requirements of a policy by clause and key as they were in another text, or by likeness.
 * Made once for a policy; the policy must outlive it.
 */
struct adoption_finder;
struct adoption_finder *adoption_finder_new(const struct policy *policy);
void adoption_finder_free(struct adoption_finder *finder);

/* The requirement with the same key, in the same clause if it is there; or POLICY_NONE. */
size_t adoption_finder_same(const struct adoption_finder *finder, const char *clause,
                            const char *key);

/*
 * The requirement that stands for what was decided about another: with the same key, in the same
 * clause if it is there; else the one whose sentence is most like `sentence` and alike enough
 * (*likeness below 1). POLICY_NONE when there is none.
 */
size_t adoption_finder_find(struct adoption_finder *finder, const char *clause, const char *key,
                            const char *sentence, double *likeness);

#endif
