/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `sekisho policy` prints for a person. Everything goes to standard output. */
#ifndef COMMAND_POLICY_PRINT_H
#define COMMAND_POLICY_PRINT_H

#include "base/message.h"
#include "policy/catalogue.h"
#include "policy/compare.h"
#include "policy/lint.h"
#include "policy/policy.h"

/* The facts of a policy, then its clauses with the duties found in each and the controls that meet
 * them. */
void policy_print(const struct policy *policy, enum language language);

/* The findings, each with its clause and what to do, and how many there are. */
void policy_print_findings(const struct policy *policy, const struct policy_findings *findings,
                           enum language language);

/* The table of two or more policies. */
void policy_print_comparison(const struct policy *const *policies,
                             const struct policy_comparison *comparison, enum language language);

/* How the duties are met: how many by each way, then each control with its duties, then those
 * without one. */
void policy_print_coverage(const struct policy *policy, enum language language);

/* The same as one JSON object:
 * {"requirements":n,"met":{…},"controls":[{control,title,how,requirements[]}],"unbound":[]}. */
void policy_write_coverage_json(const struct policy *policy, enum language language,
                                struct buffer *out);

#endif
