/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of the compiler, in the order in which policy_compile takes them. */
#ifndef POLICY_COMPILE_H
#define POLICY_COMPILE_H

#include "policy/lines.h"
#include "policy/source_map.h"

/* Lines → clauses and furniture. */
void compile_clauses(struct policy *policy, const struct lines *lines);

/* Clauses → sentences; `maps` gives for each clause where in the source its text stands. */
void compile_sentences(struct policy *policy, const struct source_map *maps);

/* What compile_even_commas took away. */
struct adopted_texts;

/*
 * Puts 、 for ， and 。 for ｡ in clauses and sentences, so that the steps below need to know one of
 * each. The texts as adopted come back, and what was handed out is freed, with
 * compile_restore_commas. NULL where the source has no such marks.
 */
struct adopted_texts *compile_even_commas(struct policy *policy);
void compile_restore_commas(struct policy *policy, struct adopted_texts *adopted);

/* Clauses → organization, dates, definitions, threats, zones, classification, roles. */
void compile_facts(struct policy *policy);

/* Facts and sentences → what may cross between the zones. */
void compile_crossings(struct policy *policy);

/* Clauses and the rows of tables → levels of the classification. */
void compile_levels(struct policy *policy);

/* Sentences → references to clauses. */
void compile_references(struct policy *policy);

/* Sentences → requirements. */
void compile_requirements(struct policy *policy);

/* Requirements → the controls of the catalogue that meet them. */
void compile_bindings(struct policy *policy);

#endif
