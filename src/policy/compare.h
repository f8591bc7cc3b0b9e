/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two or more policies side by side, aligned by meaning, not by number: one row for each thing that
 * at least one of them says, with the clause of each that says it.
 */
#ifndef POLICY_COMPARE_H
#define POLICY_COMPARE_H

#include "policy/policy.h"

enum policy_agreement {
    POLICY_SAME,    /* the same words, the body's own name aside */
    POLICY_CHANGED, /* about the same thing, in other words */
    POLICY_MISSING, /* nothing like it */
    POLICY_AGREEMENT_COUNT,
};

/* "same", "changed", "missing". */
const char *policy_agreement_name(enum policy_agreement agreement);

struct policy_row {
    char *topic;     /* the heading or the first words of the first clause in the row */
    size_t *clauses; /* one for each policy: index of its clause, or POLICY_NONE */
    enum policy_agreement
        *agreement;   /* one for each policy, measured against the first that has it */
    double *likeness; /* one for each policy: 0 to 1 against the same */
};

struct policy_comparison {
    struct policy_row
        *rows; /* in the order of the first policy, what others add behind their neighbours */
    size_t row_count;
    size_t policy_count;
};

enum { POLICY_COMPARED_CLAUSES = 4000 }; /* in one policy; the work grows with their product */

/* 0 when no policy has more clauses than can be compared, else -1 (policy_too_many_clauses). */
int policy_can_compare(const struct policy *const *policies, size_t count, struct error *error);

/* Compares the clauses that say something of their own; beyond POLICY_COMPARED_CLAUSES a policy is
 * not aligned with others. A row may name a clause that another row has too: one clause may answer
 * several. The policies must outlive nothing: texts
 * are copied. */
void policy_compare(const struct policy *const *policies, size_t count,
                    struct policy_comparison *comparison);

/* Writes {"policies":[names],"rows":[{topic,clauses[],agreement[],likeness[]}]}. */
void policy_comparison_write_json(const struct policy *const *policies,
                                  const struct policy_comparison *comparison, struct buffer *out);

/* Frees the comparison. */
void policy_comparison_free(struct policy_comparison *comparison);

#endif
