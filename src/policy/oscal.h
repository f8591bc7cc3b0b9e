/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A policy in OSCAL 1.1 (NIST's Open Security Controls Assessment Language, JSON), for tools that
 * read no Japanese policies. The same policy always gives the same bytes: UUIDs are made from
 * names, dates are the policy's own.
 */
#ifndef POLICY_OSCAL_H
#define POLICY_OSCAL_H

#include <stdbool.h>

#include "policy/policy.h"

enum policy_oscal {
    POLICY_OSCAL_CATALOG,            /* the clauses, and the requirements in them */
    POLICY_OSCAL_COMPONENT,          /* which control of the catalogue meets which */
    POLICY_OSCAL_ASSESSMENT_RESULTS, /* which have a control, and what lint found in the text */
    POLICY_OSCAL_COUNT,
};

/* "catalog", "component-definition", "assessment-results". */
const char *policy_oscal_name(enum policy_oscal model);

/* Writes one OSCAL document. */
void policy_write_oscal(const struct policy *policy, enum policy_oscal model, struct buffer *out);

/* How one requirement stands in an organization. Strings are borrowed, "" when there is none. */
struct policy_oscal_standing {
    const char *control; /* id in the catalogue */
    const char *state, *owner, *due;
    const char *evidence;  /* a sentence: what shows it */
    const char *collected; /* RFC 3339: when the last evidence came */
    bool satisfied;
};

/*
 * As policy_write_oscal for an organization that lives by the policy: controls are those that
 * people chose, and results tell how each requirement stands at the moment `time` (RFC 3339).
 * standings: one for each requirement.
 */
void policy_write_oscal_standing(const struct policy *policy, enum policy_oscal model,
                                 const struct policy_oscal_standing *standings, const char *time,
                                 struct buffer *out);

#endif
