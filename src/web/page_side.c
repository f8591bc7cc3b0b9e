/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two stored texts side by side, aligned by meaning: of two bodies, or of one at two times. */
#include <stdlib.h>

#include "adoption/export.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "identity/permissions.h"
#include "policy/compare.h"
#include "web/pages.h"
#include "web/policy_reading.h"
#include "web/policy_text.h"
#include "web/policy_upload.h"

enum { SIDES = 2, CHOICES = 100, ROWS = 100, TEXT_BYTES = 2000 };

/* The two texts of the address. */
struct sides {
    int64_t ids[SIDES];
    struct adoption_version versions[SIDES];
    const struct policy *policies[SIDES]; /* NULL: nothing was chosen */
};

static void sides_close(struct sides *sides)
{
    for (size_t i = 0; i < SIDES; i++)
        adoption_policy_return(sides->policies[i]);
}

static int open_one(struct web_request *request, struct sides *sides, size_t side,
                    struct error *error)
{
    if (adoption_read(request->store, sides->ids[side], request->now, &sides->versions[side],
                      error) != 0)
        return -1;
    if (!policy_may_see(request, &sides->versions[side]))
        return error_set(error, "adoption_unknown", "policy", "%s", "");
    sides->policies[side] = adoption_policy_borrow(request->store, sides->ids[side], error);
    return sides->policies[side] ? 0 : -1;
}

/* Opens what the address chooses. 1 both, 0 not both are chosen, -1 error. */
static int sides_open(struct web_request *request, struct sides *sides, struct error *error)
{
    static const char *const names[SIDES] = {"left", "right"};
    *sides = (struct sides){0};
    for (size_t i = 0; i < SIDES; i++)
        sides->ids[i] = request_number(request_query(request, names[i]));
    if (sides->ids[0] <= 0 || sides->ids[1] <= 0)
        return 0;
    for (size_t i = 0; i < SIDES; i++)
        if (open_one(request, sides, i, error) != 0)
            return -1;
    return policy_can_compare(sides->policies, SIDES, error) == 0 ? 1 : -1;
}

/* ---- the page ---- */

/* The versions to choose from, for both sides. */
static int add_choices(struct web_request *request, const struct sides *sides, json_t *model,
                       struct error *error)
{
    static const char *const names[SIDES] = {"left_choices", "right_choices"};
    size_t count = 0;
    AUTO_FREE struct adoption_version *list = memory_allocate(CHOICES, sizeof *list);
    if (adoption_list(request->store, request->now, 0, list, CHOICES, &count, error) != 0)
        return -1;
    for (size_t side = 0; side < SIDES; side++) {
        json_t *rows = json_array();
        for (size_t i = 0; i < count; i++) {
            if (!policy_may_see(request, &list[i]) || list[i].stage == ADOPTION_DISCARDED)
                continue;
            json_t *row = json_object();
            policy_version_model(request, &list[i], row);
            model_text(row, "stored_name", list[i].file_name);
            model_flag(row, "chosen", list[i].id == sides->ids[side]);
            json_array_append_new(rows, row);
        }
        json_object_set_new(model, names[side], rows);
    }
    return 0;
}

static json_t *cell_of(struct web_request *request, const struct sides *sides,
                       const struct policy_row *row, size_t side)
{
    const struct policy *policy = sides->policies[side];
    size_t clause = row->clauses[side];
    AUTO_BUFFER label = {0}, place = {0};
    const char *agreement = policy_agreement_name(row->agreement[side]);
    buffer_append_format(&label, "agreement.%s", agreement);
    json_t *cell = json_object();
    bool both = row->clauses[0] != POLICY_NONE && row->clauses[1] != POLICY_NONE;
    if (clause == POLICY_NONE || (both && side == 1)) { /* the left is what the right is held to */
        model_text(cell, "label", buffer_string(&label));
        model_text(cell, "agreement", agreement);
    }
    if (clause == POLICY_NONE)
        return cell;
    struct bytes text = bytes_of_string(policy->clauses[clause].text);
    size_t at = 0;
    while (at < text.length && at < TEXT_BYTES)
        utf8_take(text, &at);
    policy_text_place(policy, clause, request->language, &place);
    model_number(cell, "side", sides->ids[side]);
    model_text(cell, "clause", policy->clauses[clause].id);
    model_text(cell, "place", buffer_string(&place));
    json_object_set_new(cell, "words", json_stringn((const char *)text.data, at));
    model_flag(cell, "cut", at < text.length);
    return cell;
}

/* The counts of all rows, and those of one page. */
static void add_rows(struct web_request *request, const struct sides *sides, json_t *model)
{
    struct policy_comparison comparison;
    size_t counts[4] = {0}; /* same, changed, only left, only right */
    static const char *const names[] = {"count_same", "count_changed", "count_left", "count_right"};
    bool all = !strcmp(request_query(request, "all"), "1");
    int64_t from = request_number(request_query(request, "from"));
    size_t first = from > 0 ? (size_t)from - 1 : 0, wanted = 0;
    json_t *rows = json_array();
    policy_compare(sides->policies, SIDES, &comparison);
    for (size_t i = 0; i < comparison.row_count; i++) {
        const struct policy_row *row = &comparison.rows[i];
        size_t kind = row->clauses[0] == POLICY_NONE        ? 3
                      : row->clauses[1] == POLICY_NONE      ? 2
                      : row->agreement[1] == POLICY_CHANGED ? 1
                                                            : 0;
        counts[kind]++;
        if ((!all && kind == 0) || wanted++ < first || json_array_size(rows) == ROWS)
            continue;
        json_t *cells = json_array();
        for (size_t side = 0; side < SIDES; side++)
            json_array_append_new(cells, cell_of(request, sides, row, side));
        json_array_append_new(rows, json_pack("{ss so}", "topic", row->topic, "cells", cells));
    }
    policy_comparison_free(&comparison);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        model_number(model, names[i], (int64_t)counts[i]);
    model_flag(model, "all", all);
    if (wanted > first + ROWS)
        model_number(model, "next", (int64_t)(first + ROWS) + 1);
    model_flag(model, "has_rows", json_array_size(rows) > 0);
    json_object_set_new(model, "rows", rows);
}

/* The texts that are drafts: what was taken in only to be compared goes with one press. */
static void add_drafts(const struct sides *sides, json_t *table)
{
    json_t *drafts = json_array();
    for (size_t i = 0; i < SIDES; i++) {
        const struct adoption_version *version = &sides->versions[i];
        if (version->stage == ADOPTION_DRAFT && (i == 0 || sides->ids[0] != sides->ids[1]))
            json_array_append_new(drafts, json_pack("{sI ss ss}", "draft", (json_int_t)version->id,
                                                    "draft_body", version->organization,
                                                    "draft_file", version->file_name));
    }
    json_object_set_new(table, "drafts", drafts);
}

static void show(struct web_request *request, const struct sides *sides, bool chosen,
                 const char *field, const struct error *wrong)
{
    struct error error = {0};
    json_t *model = model_page(request, "policy_page.side");
    if (add_choices(request, sides, model, &error) != 0) {
        json_decref(model);
        answer_error(request, &error);
        return;
    }
    model_flag(model, "may_manage", identity_may(&request->session, "policy.manage", NULL, NULL));
    if (chosen) {
        json_t *table = json_object();
        model_number(table, "left", sides->ids[0]);
        model_number(table, "right", sides->ids[1]);
        model_text(table, "left_name", sides->policies[0]->organization);
        model_text(table, "right_name", sides->policies[1]->organization);
        add_rows(request, sides, table);
        if (identity_may(&request->session, "policy.manage", NULL, NULL))
            add_drafts(sides, table);
        json_object_set_new(model, "table", table);
    }
    if (wrong)
        model_error(request, model, field, wrong);
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "policy_side",
                model);
}

void page_side(struct web_request *request)
{
    struct sides sides;
    struct error error = {0};
    int open = sides_open(request, &sides, &error);
    if (open < 0 && !strcmp(error.code, "policy_too_many_clauses"))
        show(request, &sides, false, "sides", &error);
    else if (open < 0)
        policy_answer_error(request, &error);
    else
        show(request, &sides, open > 0, NULL, NULL);
    sides_close(&sides);
}

void page_side_upload(struct web_request *request)
{
    struct error error = {0};
    struct adoption_version current;
    AUTO_BUFFER path = {0};
    int64_t version = 0;
    int found = adoption_in_force(request->store, request->now, &current, &error);
    if (found >= 0 && policy_upload_store(request, &version, &error) == 0) {
        buffer_append_format(&path, "/policy/side?left=%lld&right=%lld",
                             (long long)(found > 0 ? current.id : version), (long long)version);
        answer_redirect(request, buffer_string(&path));
    } else if (found < 0 || !strncmp(error.code, "store_", 6)) {
        answer_error(request, &error);
    } else {
        show(request, &(struct sides){0}, false, "file", &error);
    }
}

void page_side_discard(struct web_request *request)
{
    struct error error = {0};
    int64_t version = request_number(request_field(request, "version"));
    struct identity_act act = identity_session_act(&request->session, request->now);
    act.reason = message_get(request->language, "policy_page.side_discard_reason");
    if (adoption_discard(request->store, &act, version, &error) == 0)
        answer_redirect(request, "/policy/side");
    else
        policy_answer_error(request, &error);
}

void page_side_excel(struct web_request *request)
{
    struct sides sides;
    struct error error = {0};
    struct policy_comparison comparison = {0};
    int open = sides_open(request, &sides, &error);
    if (open > 0) {
        policy_compare(sides.policies, SIDES, &comparison);
        buffer_clear(&request->body);
        if (adoption_write_comparison(request->store, sides.policies, &comparison,
                                      request->language, &request->body, &error) != 0)
            open = -1;
        policy_comparison_free(&comparison);
    }
    if (open > 0) {
        answer_download_name(request, "policy-comparison.xlsx");
        request->status = MHD_HTTP_OK;
        request->content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    } else if (open == 0) {
        answer_status(request, MHD_HTTP_NOT_FOUND);
    } else {
        buffer_clear(&request->body);
        policy_answer_error(request, &error);
    }
    sides_close(&sides);
}
