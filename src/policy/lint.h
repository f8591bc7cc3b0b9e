/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is broken in the text itself: numbering, references, terms, roles, characters. Each finding
 * names the clause and the words; what it means and what to do stand in the message catalogue as
 * `lint.<kind>`.
 */
#ifndef POLICY_LINT_H
#define POLICY_LINT_H

#include "policy/policy.h"

struct policy_finding {
    const char *kind; /* static: "doubled_words", "foreign_script", … */
    size_t clause;    /* POLICY_NONE: the text as a whole */
    char *words;      /* the words it is about */
};

struct policy_findings {
    struct policy_finding *items;
    size_t count;
};

/* Examines a compiled policy. Findings come in the order of the checks, within each in that of the
 * text. */
void policy_lint(const struct policy *policy, struct policy_findings *findings);

/* Writes {"findings":[{kind,clause,words,ja,en}]}. */
void policy_findings_write_json(const struct policy *policy, const struct policy_findings *findings,
                                struct buffer *out);

/* Frees the findings; a second call does nothing. */
void policy_findings_free(struct policy_findings *findings);

#endif
