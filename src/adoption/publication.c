/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The copy for publication, and which clauses stand in it. */
#include <string.h>

#include "adoption/internal.h"
#include "base/message.h"

/* What holds for one clause. */
struct publicity {
    bool is_public;
    size_t choice; /* index in choices, POLICY_NONE: as it comes */
};

struct adoption_publicity {
    struct adoption_publicity_choice *choices;
    size_t choice_count;
    size_t count;
    struct publicity clauses[];
};

/* Up to here clauses are public unless somebody said otherwise. */
#define LAST_PUBLIC_PART POLICY_PART_POLICY

/* Sets a clause and those below it, which stand behind it. */
static void set_below(struct adoption_publicity *publicity, const struct policy *policy,
                      size_t clause, struct publicity said)
{
    for (size_t i = clause; i < policy->clause_count; i++) {
        size_t above = i;
        while (above != POLICY_NONE && above != clause)
            above = policy->clauses[above].parent;
        if (above == clause)
            publicity->clauses[i] = said;
    }
}

static size_t add_choice(struct adoption_publicity *publicity, const struct store_rows *rows)
{
    size_t count = publicity->choice_count;
    if ((count & (count - 1)) == 0)
        publicity->choices =
            memory_resize(publicity->choices, count ? count * 2 : 1, sizeof *publicity->choices);
    struct adoption_publicity_choice *choice = &publicity->choices[publicity->choice_count++];
    const char *name = store_rows_text(rows, 4);
    *choice = (struct adoption_publicity_choice){.changed = store_rows_integer(rows, 5)};
    utf8_copy(choice->reason, sizeof choice->reason, store_rows_text(rows, 2));
    utf8_copy(choice->by, sizeof choice->by, *name ? name : store_rows_text(rows, 3));
    return count;
}

/* An id of a clause above is a prefix, so that rows by clause go from the whole to its parts. */
static int read_choices(struct store *store, const struct policy *policy,
                        struct adoption_publicity *publicity, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    if (store_query(store, STATEMENT_PUBLICITY_LIST,
                    STORE_VALUES(store_text(""), store_integer(INT32_MAX)), &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1) {
        size_t clause = policy_find_clause(policy, store_rows_text(rows, 0));
        if (clause != POLICY_NONE)
            set_below(
                publicity, policy, clause,
                (struct publicity){store_rows_integer(rows, 1) != 0, add_choice(publicity, rows)});
    }
    return more;
}

int adoption_publicity_read(struct store *store, const struct policy *policy,
                            struct adoption_publicity **publicity, struct error *error)
{
    struct adoption_publicity *found =
        memory_allocate(1, sizeof *found + policy->clause_count * sizeof *found->clauses);
    found->count = policy->clause_count;
    for (size_t i = 0; i < found->count; i++)
        found->clauses[i] =
            (struct publicity){policy->clauses[i].part <= LAST_PUBLIC_PART, POLICY_NONE};
    *publicity = found;
    if (read_choices(store, policy, found, error) == 0)
        return 0;
    adoption_publicity_free(found);
    *publicity = NULL;
    return -1;
}

bool adoption_is_public(const struct adoption_publicity *publicity, size_t clause)
{
    return clause < publicity->count && publicity->clauses[clause].is_public;
}

const struct adoption_publicity_choice *adoption_publicity_choice(
    const struct adoption_publicity *publicity, size_t clause)
{
    size_t choice = clause < publicity->count ? publicity->clauses[clause].choice : POLICY_NONE;
    return choice == POLICY_NONE ? NULL : &publicity->choices[choice];
}

void adoption_publicity_free(struct adoption_publicity *publicity)
{
    if (publicity)
        free(publicity->choices);
    free(publicity);
}

static int save(struct store *store, const struct identity_act *act, int64_t version,
                const char *clause, bool is_public, struct error *error)
{
    if (store_run(store, STATEMENT_PUBLICITY_SET,
                  STORE_VALUES(store_text(clause), store_integer(is_public),
                               store_text(act->reason), store_text(act->actor),
                               store_integer(act->now)),
                  error) != 0)
        return -1;
    struct identity_act of_clause = *act;
    of_clause.clause = clause;
    return identity_act_record(store, &of_clause, is_public ? "policy.publish" : "policy.withhold",
                               adoption_name_of("policy", version).text, NULL, 0, NULL, error);
}

int adoption_publicity_save(struct store *store, const struct identity_act *act, int64_t version,
                            const char *clause, bool is_public, struct error *error)
{
    if (utf8_is_blank(act->reason) || strlen(act->reason) >= ADOPTION_REASON_SIZE)
        return error_set(error, "adoption_reason", adoption_name_of("policy", version).text, "%s",
                         "");
    AUTO_POLICY *policy = adoption_policy_borrow(store, version, error);
    if (!policy)
        return -1;
    if (policy_find_clause(policy, clause) == POLICY_NONE)
        return error_set(error, "adoption_bad_value", "clause", "%s", clause);
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, save(store, act, version, clause, is_public, error), error);
}

/* ---- the copy ---- */

/* A stretch of the source that is withheld. */
static int by_offset(const void *a, const void *b)
{
    const struct policy_span *left = a, *right = b;
    return (left->offset > right->offset) - (left->offset < right->offset);
}

static bool goes_with_withheld(enum policy_furniture_kind kind)
{
    return kind == POLICY_FURNITURE_CONTENTS || kind == POLICY_FURNITURE_FIGURE ||
           kind == POLICY_FURNITURE_TABLE_HEADING;
}

/* What is left out, in the order of the text; furniture between two such stretches goes too. */
static size_t list_withheld(const struct policy *policy, const struct adoption_publicity *publicity,
                            struct policy_span *spans)
{
    size_t count = 0;
    for (size_t i = 0; i < policy->clause_count; i++)
        if (!adoption_is_public(publicity, i))
            spans[count++] = policy->clauses[i].place;
    if (count == 0)
        return 0;
    for (size_t i = 0; i < policy->furniture_count; i++)
        if (goes_with_withheld(policy->furniture[i].kind))
            spans[count++] = policy->furniture[i].place;
    qsort(spans, count, sizeof *spans, by_offset);
    return count;
}

/* True when a published clause has text between two places. */
static bool publishes_between(const struct policy *policy,
                              const struct adoption_publicity *publicity, size_t from, size_t to)
{
    for (size_t i = 0; i < policy->clause_count; i++)
        if (adoption_is_public(publicity, i) && policy->clauses[i].place.length &&
            policy->clauses[i].place.offset >= from && policy->clauses[i].place.offset < to)
            return true;
    return false;
}

/* Says that a stretch with clauses in it is withheld; a table of contents goes silently. */
static void append_note(const struct policy *policy, size_t from, size_t to, struct buffer *out)
{
    for (size_t i = 0; i < policy->clause_count; i++) {
        const struct policy_span *place = &policy->clauses[i].place;
        if (!place->length || place->offset < from || place->offset >= to)
            continue;
        buffer_append_string(out, message_get(LANGUAGE_JA, "adoption.withheld"));
        buffer_append_string(out, "\n\n");
        return;
    }
}

void adoption_publication(const struct policy *policy, const struct adoption_publicity *publicity,
                          struct buffer *out)
{
    struct bytes source = {(const uint8_t *)policy->source, policy->source_length};
    AUTO_FREE struct policy_span *spans =
        memory_allocate(policy->clause_count + policy->furniture_count + 1, sizeof *spans);
    size_t count = list_withheld(policy, publicity, spans), at = 0;
    for (size_t i = 0; i < count;) {
        size_t start = spans[i].offset, end = start + spans[i].length;
        buffer_append_bytes(out, bytes_slice(source, at, start - at));
        for (i++; i < count && !publishes_between(policy, publicity, end, spans[i].offset); i++)
            end = spans[i].offset + spans[i].length;
        append_note(policy, start, end, out);
        at = end;
    }
    if (count == 0 || publishes_between(policy, publicity, at, source.length))
        buffer_append_bytes(out, bytes_slice(source, at, SIZE_MAX));
}
