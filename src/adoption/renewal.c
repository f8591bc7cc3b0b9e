/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a new version of the text makes of the state that belongs to the present one. */
#include "adoption/renewal.h"

#include <stdio.h>
#include <string.h>

#include "adoption/internal.h"
#include "adoption/keys.h"

static const char *const kind_names[ADOPTION_STALE_KIND_COUNT] = {
    "binding", "attestation", "exception", "request", "acknowledgement"};

const char *adoption_stale_kind_name(enum adoption_stale_kind kind)
{
    return kind_names[kind];
}

/* ---- the list ---- */

/* The two texts side by side. */
struct texts {
    const struct policy *old, *new;
    struct adoption_finder *in_old, *in_new;
};

static struct adoption_stale *add_stale(struct adoption_renewal *renewal,
                                        enum adoption_stale_kind kind, const char *object,
                                        const char *clause)
{
    if ((renewal->count & (renewal->count - 1)) == 0)
        renewal->items = memory_resize(renewal->items, renewal->count ? 2 * renewal->count : 1,
                                       sizeof *renewal->items);
    struct adoption_stale *stale = &renewal->items[renewal->count++];
    *stale = (struct adoption_stale){.kind = kind, .count = 1};
    utf8_copy(stale->object, sizeof stale->object, object);
    utf8_copy(stale->clause, sizeof stale->clause, clause);
    return stale;
}

/* What was said of a sentence of the old text that the new one does not have so. */
static void judge_sentence(struct adoption_renewal *renewal, const struct texts *texts,
                           enum adoption_stale_kind kind, const struct store_rows *rows)
{
    const char *clause = store_rows_text(rows, 0), *key = store_rows_text(rows, 1);
    double likeness;
    if (adoption_finder_same(texts->in_old, clause, key) == POLICY_NONE ||
        adoption_finder_same(texts->in_new, clause, key) != POLICY_NONE)
        return; /* not of the present text, or good in the new one too */
    size_t now =
        adoption_finder_find(texts->in_new, clause, key, store_rows_text(rows, 2), &likeness);
    struct adoption_stale *stale = add_stale(renewal, kind, store_rows_text(rows, 3), clause);
    stale->likeness = likeness;
    if (now != POLICY_NONE)
        utf8_copy(stale->now_at, sizeof stale->now_at,
                  texts->new->clauses[texts->new->requirements[now].clause].id);
}

static int judge_sentences(struct store *store, struct adoption_renewal *renewal,
                           const struct texts *texts, enum adoption_stale_kind kind,
                           enum store_statement statement, const struct store_value *values,
                           size_t count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    if (store_query(store, statement, values, count, &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1)
        judge_sentence(renewal, texts, kind, rows);
    return more;
}

/* ---- requests ---- */

/* True when a requirement is met by the form: by itself, or by the engine that asks with it. */
static bool met_by_form(const struct policy_requirement *requirement, const char *form)
{
    AUTO_BUFFER by = {0};
    buffer_append_format(&by, "form.%s", form);
    bool asks_for_transfers = strcmp(form, "transfer") == 0;
    for (size_t i = 0; i < requirement->binding_count; i++) {
        const struct control *control = catalogue_find(requirement->bindings[i].control);
        if (control && (strcmp(control->by, buffer_string(&by)) == 0 ||
                        (asks_for_transfers && strcmp(control->by, "gate.approval") == 0)))
            return true;
    }
    return false;
}

/* An open request is stale when a sentence that asks for its form changed or went: the first. */
static void judge_request(struct adoption_renewal *renewal, const struct texts *texts,
                          int64_t request, const char *form)
{
    for (size_t i = 0; i < texts->old->requirement_count; i++) {
        const struct policy_requirement *one = &texts->old->requirements[i];
        const char *clause = texts->old->clauses[one->clause].id;
        char key[ADOPTION_SENTENCE_KEY_SIZE];
        double likeness;
        if (!met_by_form(one, form))
            continue;
        adoption_sentence_key(texts->old, i, key);
        if (adoption_finder_same(texts->in_new, clause, key) != POLICY_NONE)
            continue;
        size_t now = adoption_finder_find(texts->in_new, clause, key,
                                          texts->old->sentences[one->sentence].text, &likeness);
        struct adoption_stale *stale = add_stale(renewal, ADOPTION_STALE_REQUEST,
                                                 adoption_name_of("case", request).text, clause);
        stale->likeness = likeness;
        if (now != POLICY_NONE)
            utf8_copy(stale->now_at, sizeof stale->now_at,
                      texts->new->clauses[texts->new->requirements[now].clause].id);
        return;
    }
}

static int judge_requests(struct store *store, struct adoption_renewal *renewal,
                          const struct texts *texts, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    if (store_query(store, STATEMENT_REQUEST_LIST_OPEN, STORE_NO_VALUES, &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1)
        judge_request(renewal, texts, store_rows_integer(rows, 0), store_rows_text(rows, 1));
    return more;
}

/* ---- how much changed ---- */

static void count_requirements(struct adoption_renewal *renewal, const struct texts *texts)
{
    for (size_t i = 0; i < texts->old->requirement_count; i++) {
        const struct policy_requirement *one = &texts->old->requirements[i];
        char key[ADOPTION_SENTENCE_KEY_SIZE];
        double likeness;
        adoption_sentence_key(texts->old, i, key);
        size_t found = adoption_finder_find(texts->in_new, texts->old->clauses[one->clause].id, key,
                                            texts->old->sentences[one->sentence].text, &likeness);
        *(found == POLICY_NONE ? &renewal->requirements_gone
          : likeness < 1       ? &renewal->requirements_changed
                               : &renewal->requirements_same) += 1;
    }
    size_t kept = renewal->requirements_same + renewal->requirements_changed;
    renewal->requirements_new =
        texts->new->requirement_count > kept ? texts->new->requirement_count - kept : 0;
}

static void count_clauses(struct adoption_renewal *renewal, const struct texts *texts)
{
    const struct policy *both[] = {texts->old, texts->new};
    struct policy_comparison comparison;
    policy_compare(both, 2, &comparison);
    for (size_t i = 0; i < comparison.row_count; i++) {
        const struct policy_row *row = &comparison.rows[i];
        *(row->clauses[0] == POLICY_NONE     ? &renewal->clauses_new
          : row->clauses[1] == POLICY_NONE   ? &renewal->clauses_gone
          : row->agreement[1] == POLICY_SAME ? &renewal->clauses_same
                                             : &renewal->clauses_changed) += 1;
    }
    policy_comparison_free(&comparison);
}

/* ---- all ---- */

static int judge_acknowledgements(struct store *store, struct adoption_renewal *renewal,
                                  int64_t present, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_ACKNOWLEDGEMENT_COUNT, STORE_VALUES(store_integer(present)),
                    &rows, error) != 0 ||
        store_rows_next(rows, error) != 1)
        return -1;
    size_t count = (size_t)store_rows_integer(rows, 0);
    if (count)
        add_stale(renewal, ADOPTION_STALE_ACKNOWLEDGEMENT, "", "")->count = count;
    return 0;
}

static int judge(struct store *store, const struct texts *texts, int64_t present, int64_t now,
                 struct adoption_renewal *renewal, struct error *error)
{
    char today[ADOPTION_DATE_SIZE];
    adoption_today(now, today);
    count_clauses(renewal, texts);
    count_requirements(renewal, texts);
    if (judge_sentences(store, renewal, texts, ADOPTION_STALE_BINDING, STATEMENT_CHOICE_LIST_LATEST,
                        STORE_NO_VALUES, error) != 0 ||
        judge_sentences(store, renewal, texts, ADOPTION_STALE_ATTESTATION,
                        STATEMENT_ATTESTATION_LIST_LATEST, STORE_NO_VALUES, error) != 0 ||
        judge_sentences(store, renewal, texts, ADOPTION_STALE_EXCEPTION,
                        STATEMENT_EXCEPTION_LIST_RUNNING, STORE_VALUES(store_text(today)),
                        error) != 0)
        return -1;
    return judge_requests(store, renewal, texts, error) == 0
               ? judge_acknowledgements(store, renewal, present, error)
               : -1;
}

int adoption_renewal_read(struct store *store, int64_t present, int64_t next, int64_t now,
                          struct adoption_renewal *renewal, struct error *error)
{
    *renewal = (struct adoption_renewal){0};
    AUTO_POLICY *old = adoption_policy_borrow(store, present, error);
    AUTO_POLICY *new = old ? adoption_policy_borrow(store, next, error) : NULL;
    if (!new)
        return -1;
    struct texts texts = {old, new, adoption_finder_new(old), adoption_finder_new(new)};
    int result = judge(store, &texts, present, now, renewal, error);
    adoption_finder_free(texts.in_old);
    adoption_finder_free(texts.in_new);
    if (result != 0)
        adoption_renewal_free(renewal);
    return result;
}

void adoption_renewal_free(struct adoption_renewal *renewal)
{
    free(renewal->items);
    *renewal = (struct adoption_renewal){0};
}
