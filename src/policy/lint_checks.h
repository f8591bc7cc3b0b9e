/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks of the lint that look at the text's structure; lint.c has those on words and runs all.
 */
#ifndef POLICY_LINT_CHECKS_H
#define POLICY_LINT_CHECKS_H

#include "policy/lint.h"

/* Adds one finding; words are copied, kind must be static. */
void lint_add(struct policy_findings *findings, const char *kind, size_t clause,
              struct bytes words);

/* Lists that begin late, miss a number, have one twice, or mix two kinds of markers. */
void lint_numbering(const struct policy *policy, struct policy_findings *findings);

/* Headings that the table of contents should have and does not, and entries without a heading. */
void lint_contents(const struct policy *policy, struct policy_findings *findings);

/* References that reach nothing. */
void lint_references(const struct policy *policy, struct policy_findings *findings);

/* Terms that are defined and never used. */
void lint_terms(const struct policy *policy, struct policy_findings *findings);

/* Roles that have duties but that nobody holds. */
void lint_roles(const struct policy *policy, struct policy_findings *findings);

/* Duties of the standard that name nobody. */
void lint_owners(const struct policy *policy, struct policy_findings *findings);

#endif
