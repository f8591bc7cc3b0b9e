/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phrases that name people, posts and bodies. */
#ifndef POLICY_PEOPLE_H
#define POLICY_PEOPLE_H

#include "policy/policy.h"

/* Offset of the last occurrence of word before end, or SIZE_MAX. */
size_t people_find_last(struct bytes text, const char *word, size_t end);

/* Without brackets at its end; where they hold 以下「職員等」という, the name that they introduce.
 */
struct bytes people_without_brackets(struct bytes phrase);

/* True when a phrase ends like the name of a post, a group or an office. */
bool people_is_person_or_body(struct bytes phrase);

/* Reads who holds which role, and who belongs to which body: fills policy->roles. */
void people_read_appointments(struct policy *policy);

#endif
