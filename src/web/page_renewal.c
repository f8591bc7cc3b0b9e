/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A version beside another: clause by clause, and what becomes stale by it. */
#include "adoption/renewal.h"
#include "policy/compare.h"
#include "web/pages.h"
#include "web/policy_difference.h"
#include "web/policy_reading.h"
#include "web/policy_text.h"

enum { ROWS = 200, STALE = 200 };

/* Two versions while they are compared. */
struct pair {
    struct adoption_version old, new;
    const struct policy *policies[2];
};

static void pair_close(struct pair *pair)
{
    adoption_policy_return(pair->policies[0]);
    adoption_policy_return(pair->policies[1]);
}

/* The adopted version before one: 1 found, 0 there is none, -1 error. */
static int version_before(struct web_request *request, int64_t id, struct adoption_version *found,
                          struct error *error)
{
    size_t count = 1;
    while (count) {
        if (adoption_list(request->store, request->now, id, found, 1, &count, error) != 0)
            return -1;
        if (count && found->recorded)
            return 1;
        id = found->id;
    }
    return 0;
}

/* Opens the version of the path and the one it is compared with: ?with=…, else the one in force,
 * for that one the one before. 1, 0 there is nothing to compare with, -1 error. */
static int pair_open(struct web_request *request, struct pair *pair, struct error *error)
{
    int64_t with = request_number(request_query(request, "with"));
    if (adoption_read(request->store, request->match.numbers[0], request->now, &pair->new, error))
        return -1;
    int found = with > 0 ? adoption_read(request->store, with, request->now, &pair->old, error) + 1
                         : adoption_in_force(request->store, request->now, &pair->old, error);
    if (with > 0 && found == 0)
        return -1;
    if (found > 0 && pair->old.id == pair->new.id)
        found = version_before(request, pair->new.id, &pair->old, error);
    if (found <= 0)
        return found;
    pair->policies[0] = adoption_policy_borrow(request->store, pair->old.id, error);
    pair->policies[1] = adoption_policy_borrow(request->store, pair->new.id, error);
    return pair->policies[0] && pair->policies[1] ? 1 : -1;
}

/* ---- clause by clause ---- */

static void add_side(const struct policy *policy, size_t clause, const char *place,
                     const char *title, json_t *row)
{
    AUTO_BUFFER name = {0};
    if (clause == POLICY_NONE)
        return;
    policy_text_title(policy, clause, &name);
    model_text(row, place, policy->clauses[clause].id);
    model_text(row, title, buffer_string(&name));
}

/* "same", "changed", "gone" or "new". */
static const char *kind_of(const struct policy_row *row)
{
    if (row->clauses[1] == POLICY_NONE)
        return "gone";
    if (row->clauses[0] == POLICY_NONE)
        return "new";
    return row->agreement[1] == POLICY_SAME ? "same" : "changed";
}

static struct bytes words_of(const struct policy *policy, size_t clause)
{
    return bytes_of_string(clause == POLICY_NONE ? "" : policy->clauses[clause].text);
}

static json_t *comparison_row(const struct pair *pair, const struct policy_row *row)
{
    const char *kind = kind_of(row);
    AUTO_BUFFER label = {0};
    buffer_append_format(&label, "policy_page.compared_%s", kind);
    json_t *shown = json_pack("{ss ss}", "kind", kind, "label", buffer_string(&label));
    add_side(pair->policies[0], row->clauses[0], "old_clause", "old_title", shown);
    add_side(pair->policies[1], row->clauses[1], "new_clause", "new_title", shown);
    json_object_set_new(shown, "pieces",
                        policy_difference(words_of(pair->policies[0], row->clauses[0]),
                                          words_of(pair->policies[1], row->clauses[1])));
    return shown;
}

/* The rows of one page, and in *next where the next begins (0: nowhere). */
static json_t *comparison_rows(struct web_request *request, const struct pair *pair,
                               const struct policy_comparison *comparison, bool all, size_t *next)
{
    int64_t from = request_number(request_query(request, "from"));
    json_t *rows = json_array();
    *next = 0;
    for (size_t i = from > 0 ? (size_t)from : 0; i < comparison->row_count; i++) {
        const struct policy_row *row = &comparison->rows[i];
        if (!all && !strcmp(kind_of(row), "same"))
            continue;
        if (json_array_size(rows) == ROWS) {
            *next = i;
            break;
        }
        json_array_append_new(rows, comparison_row(pair, row));
    }
    return rows;
}

static void add_comparison(struct web_request *request, const struct pair *pair, json_t *model)
{
    static const char *const kinds[] = {"changed", "gone", "new", "same"};
    struct policy_comparison comparison;
    bool all = *request_query(request, "all") != 0;
    size_t counts[4] = {0}, next;
    policy_compare(pair->policies, 2, &comparison);
    for (size_t i = 0; i < comparison.row_count; i++)
        for (size_t k = 0; k < 4; k++)
            counts[k] += !strcmp(kinds[k], kind_of(&comparison.rows[i]));
    json_object_set_new(model, "rows", comparison_rows(request, pair, &comparison, all, &next));
    for (size_t k = 0; k < 4; k++) {
        AUTO_BUFFER name = {0};
        buffer_append_format(&name, "count_%s", kinds[k]);
        model_number(model, buffer_string(&name), (int64_t)counts[k]);
    }
    if (next)
        model_number(model, "next", (int64_t)next);
    model_flag(model, "all", all);
    policy_comparison_free(&comparison);
}

/* ---- what becomes stale ---- */

/* Where a clause stands, for people; the id stays for the link. */
static void add_place(struct web_request *request, const struct policy *policy, const char *clause,
                      const char *name, json_t *row)
{
    AUTO_BUFFER place = {0};
    size_t index = policy_find_clause(policy, clause);
    if (index == POLICY_NONE)
        return;
    policy_text_place(policy, index, request->language, &place);
    model_text(row, name, buffer_string(&place));
}

static void add_stale(struct web_request *request, const struct pair *pair,
                      const struct adoption_renewal *renewal, json_t *model)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < renewal->count && i < STALE; i++) {
        const struct adoption_stale *stale = &renewal->items[i];
        AUTO_BUFFER label = {0};
        buffer_append_format(&label, "policy_page.stale_%s", adoption_stale_kind_name(stale->kind));
        json_t *row = json_pack("{ss ss ss ss sI}", "stale", buffer_string(&label), "object",
                                stale->object, "stale_at", stale->clause, "now_at", stale->now_at,
                                "stale_count", (json_int_t)stale->count);
        model_flag(row, "single", stale->count <= 1);
        add_place(request, pair->policies[0], stale->clause, "stale_place", row);
        add_place(request, pair->policies[1], stale->now_at, "now_place", row);
        json_array_append_new(rows, row);
    }
    json_object_set_new(model, "stale_rows", rows);
    model_flag(model, "has_stale", renewal->count > 0);
    if (renewal->count > STALE)
        model_number(model, "stale_more", (int64_t)(renewal->count - STALE));
}

void page_policy_compare(struct web_request *request)
{
    struct error error = {0};
    struct pair pair = {0};
    struct adoption_renewal renewal = {0};
    int open = pair_open(request, &pair, &error);
    if (open > 0 && adoption_renewal_read(request->store, pair.old.id, pair.new.id, request->now,
                                          &renewal, &error) != 0)
        open = -1;
    if (open < 0) {
        policy_answer_error(request, &error);
    } else {
        json_t *model = model_page(request, "policy_page.compare");
        policy_version_model(request, &pair.new, model);
        model_flag(model, "comparable", open > 0);
        if (open > 0) {
            model_number(model, "old_version", pair.old.id);
            model_text(model, "new_number",
                       *pair.new.number ? pair.new.number
                                        : message_get(request->language, "policy_page.draft_of"));
            model_text(model, "old_number", pair.old.number);
            model_text(model, "old_policy", pair.old.title);
            add_comparison(request, &pair, model);
            add_stale(request, &pair, &renewal, model);
            adoption_renewal_free(&renewal);
        }
        answer_page(request, MHD_HTTP_OK, "policy_compare", model);
    }
    pair_close(&pair);
}
