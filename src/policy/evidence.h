/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which words of the catalogue stand in a requirement and over it, and what they say for each
 * control. */
#ifndef POLICY_EVIDENCE_H
#define POLICY_EVIDENCE_H

#include "policy/catalogue_table.h"

enum { EVIDENCE_BEGINS = 1 << 14 };

/* What was found for one requirement; made once and used for one after the other. */
struct evidence {
    uint64_t begins[EVIDENCE_BEGINS / 64]; /* by a hash of three bytes: a needle may begin so */
    double *places;  /* of each needle: how much the place counts where it stands, 0 if nowhere */
    size_t *offsets; /* of each needle in the sentence, SIZE_MAX if it is not there */
    bool *asides;    /* of each needle in the sentence: it says when, or with whom, not what */
    double *scores;  /* of each control */
    unsigned *strongest; /* of each control: the term that says most, an index in term_table */
};

struct evidence evidence_new(void);
void evidence_free(struct evidence *evidence);

/* Looks for all needles in the sentence of a requirement and in the headings over it. */
void evidence_search(struct evidence *evidence, const struct policy *policy, size_t requirement);

/* Gives every control its score from the needles found. */
void evidence_score(struct evidence *evidence);

/* True when the strongest terms of two controls stand in different words of the sentence, or are
 * one and the same: then it asks for both. */
bool evidence_is_apart(const struct evidence *evidence, size_t control, size_t other);

/* True when the strongest term of a control says what is to be done, and not only when the duty
 * holds or whom it is done with. */
bool evidence_is_asked(const struct evidence *evidence, size_t control);

#endif
