/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which clauses the copy for publication holds, and deciding it for single ones. */
#include <stdlib.h>

#include "base/memory.h"
#include "identity/permissions.h"
#include "web/pages.h"
#include "web/policy_reading.h"
#include "web/policy_text.h"

enum { CLAUSES = 100 }; /* of one page */

static bool may_manage(const struct web_request *request)
{
    return identity_may(&request->session, "policy.manage", NULL, NULL);
}

/* What the page shows, and what a form was refused for. */
struct view {
    const struct policy_reading *reading;
    const struct adoption_publicity *publicity;
    const struct error *wrong; /* NULL: nothing was refused */
    size_t wrong_clause;
};

/* One clause: whether it is published, and who said so when it was not left as it comes. */
static json_t *row_of(struct web_request *request, const struct view *view, size_t clause)
{
    const struct policy *policy = view->reading->policy;
    const struct adoption_publicity_choice *choice =
        adoption_publicity_choice(view->publicity, clause);
    AUTO_BUFFER title = {0}, place = {0};
    policy_text_title(policy, clause, &title);
    policy_text_place(policy, clause, request->language, &place);
    json_t *row = json_pack("{sI ss ss ss}", "clause_number", (json_int_t)clause + 1, "clause",
                            policy->clauses[clause].id, "clause_title", buffer_string(&title),
                            "clause_place", buffer_string(&place));
    model_flag(row, "is_public", adoption_is_public(view->publicity, clause));
    if (choice) {
        model_text(row, "choice_reason", choice->reason);
        model_text(row, "choice_by", choice->by);
        model_moment(row, "choice_moment", request->language, choice->changed);
    }
    if (view->wrong && view->wrong_clause == clause)
        model_error(request, row, "reason", view->wrong);
    return row;
}

static void show(struct web_request *request, const struct view *view)
{
    const struct policy *policy = view->reading->policy;
    int64_t from = request_number(request_query(request, "from"));
    size_t first = from > 0 && (size_t)from <= policy->clause_count ? (size_t)from - 1 : 0;
    if (view->wrong)
        first = view->wrong_clause;
    size_t end = policy->clause_count - first > CLAUSES ? first + CLAUSES : policy->clause_count;
    size_t published = 0;
    for (size_t i = 0; i < policy->clause_count; i++)
        published += adoption_is_public(view->publicity, i);
    json_t *model = model_page(request, "policy_page.publication"), *rows = json_array();
    for (size_t i = first; i < end; i++)
        json_array_append_new(rows, row_of(request, view, i));
    policy_version_model(request, &view->reading->version, model);
    json_object_set_new(model, "clauses", rows);
    model_number(model, "published", (int64_t)published);
    model_number(model, "withheld", (int64_t)(policy->clause_count - published));
    model_number(model, "from", (int64_t)first + 1);
    model_flag(model, "may_manage", may_manage(request));
    if (first > 0)
        model_number(model, "previous", first > CLAUSES ? (int64_t)(first - CLAUSES) + 1 : 1);
    if (end < policy->clause_count)
        model_number(model, "next", (int64_t)end + 1);
    answer_page(request, view->wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK,
                "policy_publication", model);
}

static void show_with(struct web_request *request, const struct policy_reading *reading,
                      const struct error *wrong, size_t clause)
{
    struct error error = {0};
    struct adoption_publicity *publicity = NULL;
    if (adoption_publicity_read(request->store, reading->policy, &publicity, &error) != 0) {
        answer_error(request, &error);
        return;
    }
    show(request, &(struct view){reading, publicity, wrong, clause});
    adoption_publicity_free(publicity);
}

void page_publication(struct web_request *request)
{
    AUTO_READING reading = {0};
    if (policy_reading_open(request, request->match.numbers[0], &reading) > 0)
        show_with(request, &reading, NULL, 0);
}

void page_publication_save(struct web_request *request)
{
    AUTO_READING reading = {0};
    struct error error = {0};
    AUTO_BUFFER path = {0};
    if (policy_reading_open(request, request->match.numbers[0], &reading) <= 0)
        return;
    int64_t number = request_number(request_field(request, "clause"));
    bool publish = !strcmp(request_field(request, "choice"), "publish");
    if (number < 1 || (size_t)number > reading.policy->clause_count ||
        (!publish && strcmp(request_field(request, "choice"), "withhold") != 0)) {
        answer_status(request, MHD_HTTP_BAD_REQUEST);
        return;
    }
    size_t clause = (size_t)number - 1;
    struct identity_act act = identity_session_act(&request->session, request->now);
    act.reason = request_field(request, "reason");
    if (adoption_publicity_save(request->store, &act, reading.version.id,
                                reading.policy->clauses[clause].id, publish, &error) == 0) {
        int64_t from = request_number(request_field(request, "from"));
        buffer_append_format(&path, "/policy/versions/%lld/publication?from=%lld#clause-%lld",
                             (long long)reading.version.id, (long long)(from > 0 ? from : 1),
                             (long long)number);
        answer_redirect(request, buffer_string(&path));
    } else if (!strcmp(error.code, "adoption_reason")) {
        show_with(request, &reading, &error, clause);
    } else {
        answer_error(request, &error);
    }
}
