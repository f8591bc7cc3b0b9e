/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts with full-width commas (，) or half-width marks (､｡), read as if they had Japanese ones
 * (、。), and given back as adopted. All take three bytes, so that no place moves. */
#include <stdlib.h>

#include "base/memory.h"
#include "policy/compile.h"
#include "policy/model.h"

struct adopted_texts {
    char **clauses; /* the text of each clause as adopted */
    char **sentences;
};

/* What is written, and what is read in its place: of the same length. */
static const struct {
    const char written[4], read[4];
} marks[] = {{"，", "、"}, {"､", "、"}, {"｡", "。"}, {"｢", "「"}, {"｣", "」"}};

/* Returns the text as it was, and leaves an evened copy in its place. */
static char *even(char **text)
{
    char *adopted = *text;
    *text = model_copy(bytes_of_string(adopted));
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        for (char *at = *text; (at = strstr(at, marks[i].written)); at += strlen(marks[i].read))
            memcpy(at, marks[i].read, strlen(marks[i].read));
    }
    return adopted;
}

static void restore(char **text, char *adopted)
{
    free(*text);
    *text = adopted;
}

struct adopted_texts *compile_even_commas(struct policy *policy)
{
    bool needed = false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        needed |= strstr(policy->source, marks[i].written) != NULL;
    if (!needed)
        return NULL;
    struct adopted_texts *adopted = memory_allocate(1, sizeof *adopted);
    adopted->clauses = memory_allocate(policy->clause_count, sizeof *adopted->clauses);
    adopted->sentences = memory_allocate(policy->sentence_count, sizeof *adopted->sentences);
    for (size_t i = 0; i < policy->clause_count; i++)
        adopted->clauses[i] = even(&policy->clauses[i].text);
    for (size_t i = 0; i < policy->sentence_count; i++)
        adopted->sentences[i] = even(&policy->sentences[i].text);
    return adopted;
}

void compile_restore_commas(struct policy *policy, struct adopted_texts *adopted)
{
    if (!adopted)
        return;
    for (size_t i = 0; i < policy->clause_count; i++)
        restore(&policy->clauses[i].text, adopted->clauses[i]);
    for (size_t i = 0; i < policy->sentence_count; i++)
        restore(&policy->sentences[i].text, adopted->sentences[i]);
    free(adopted->clauses);
    free(adopted->sentences);
    free(adopted);
}
