/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growing the arrays of a struct policy while it is being compiled. */
#ifndef POLICY_MODEL_H
#define POLICY_MODEL_H

#include "policy/policy.h"

/* Replaces a string of the policy by a copy of text. */
void model_set(char **field, struct bytes text);

/* A copy of text as a string; the caller owns it. */
char *model_copy(struct bytes text);

/* Adds a zeroed element and returns it; the pointer holds until the next one is added. */
struct policy_revision *model_add_revision(struct policy *policy);
struct policy_clause *model_add_clause(struct policy *policy);
struct policy_furniture *model_add_furniture(struct policy *policy);
struct policy_sentence *model_add_sentence(struct policy *policy);
struct policy_definition *model_add_definition(struct policy *policy);
struct policy_threat *model_add_threat(struct policy *policy);
struct policy_zone *model_add_zone(struct policy *policy);
struct policy_crossing *model_add_crossing(struct policy *policy);
struct policy_level *model_add_level(struct policy *policy);
struct policy_role *model_add_role(struct policy *policy);
struct policy_requirement *model_add_requirement(struct policy *policy);
struct policy_reference *model_add_reference(struct policy *policy);

/* Frees what a level holds. */
void model_free_level(struct policy_level *level);

/* Adds a copy of name when the list does not have it yet. */
void names_add(struct policy_names *names, struct bytes name);

/* Adds copies of all names of another list. */
void names_add_all(struct policy_names *names, const struct policy_names *others);

#endif
