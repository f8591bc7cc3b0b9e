/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The compiler from end to end, and the names of its enumerations. */
#include "policy/compile.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "policy/model.h"

enum {
    LARGEST_SOURCE = 64 << 20, /* bytes */
    MOST_CLAUSES = 200000,
};

const char *policy_part_name(enum policy_part part)
{
    static const char *const names[POLICY_PART_COUNT] = {"preface", "policy", "standard"};
    return names[part];
}

const char *policy_modality_name(enum policy_modality modality)
{
    static const char *const names[POLICY_MODALITY_COUNT] = {"must", "must_not", "may", "should"};
    return names[modality];
}

const char *policy_timing_name(enum policy_timing timing)
{
    static const char *const names[POLICY_TIMING_COUNT] = {
        "immediate", "prompt", "periodic", "yearly", "as_needed", "event", "always"};
    return names[timing];
}

const char *policy_furniture_name(enum policy_furniture_kind kind)
{
    static const char *const names[POLICY_FURNITURE_COUNT] = {
        "title", "contents", "revisions", "figure", "page", "part_heading", "table_heading"};
    return names[kind];
}

size_t policy_find_clause(const struct policy *policy, const char *id)
{
    for (size_t i = 0; i < policy->clause_count; i++) {
        if (!strcmp(policy->clauses[i].id, id))
            return i;
    }
    return POLICY_NONE;
}

static struct policy *make_empty(struct bytes utf8)
{
    struct policy *policy = memory_allocate(1, sizeof *policy);
    policy->source = model_copy(utf8);
    policy->source_length = utf8.length;
    policy->organization = memory_copy_string("", 0);
    policy->title = memory_copy_string("", 0);
    policy->effective = memory_copy_string("", 0);
    policy->classification_name = memory_copy_string("", 0);
    return policy;
}

static int check_source(struct bytes utf8, struct error *error)
{
    size_t blank = 0;
    while (blank < utf8.length && memchr(" \t\r\n\f", utf8.data[blank], 5))
        blank++;
    if (blank == utf8.length)
        return error_set(error, "policy_empty", NULL, "%s", "");
    if (utf8.length > LARGEST_SOURCE)
        return error_set(error, "policy_too_large", NULL, "%d", LARGEST_SOURCE >> 20);
    if (!utf8_valid(utf8) || memchr(utf8.data, '\0', utf8.length))
        return error_set(error, "policy_not_utf8", NULL, "%s", "");
    return 0;
}

struct policy *policy_compile(struct bytes utf8, struct error *error)
{
    if (check_source(utf8, error))
        return NULL;
    struct policy *policy = make_empty(utf8);
    struct lines lines;
    lines_read(policy, &lines);
    size_t marked = 0;
    for (size_t i = 0; i < lines.count; i++)
        marked += lines.items[i].kind == LINE_MARKED;
    if (marked < 2 || marked > MOST_CLAUSES) {
        if (marked < 2)
            error_set(error, "policy_not_a_policy", NULL, "%s", "");
        else
            error_set(error, "policy_too_many_clauses", NULL, "%d", MOST_CLAUSES);
        lines_free(&lines);
        policy_free(policy);
        return NULL;
    }
    compile_clauses(policy, &lines);
    lines_free(&lines);
    struct adopted_texts *adopted = compile_even_commas(policy);
    compile_facts(policy);
    compile_crossings(policy);
    compile_references(policy);
    compile_requirements(policy);
    compile_bindings(policy);
    compile_restore_commas(policy, adopted);
    return policy;
}
