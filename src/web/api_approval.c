/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The API's approvals: what waits for the token's person, and deciding it with a code of theirs. */
#include "base/memory.h"
#include "gate/transfers.h"
#include "identity/factors.h"
#include "web/api.h"
#include "web/pages.h"

static json_t *case_object(const struct cases_case *one)
{
    json_t *object = json_pack("{sI ss ss ss ss s{sI ss} sb}", "id", (json_int_t)one->id, "form",
                               one->form, "object", one->object, "state", one->state, "seen",
                               one->seen, "requester", "id", (json_int_t)one->requester, "name",
                               one->requester_name, "emergency", one->emergency);
    api_moment(object, "created", one->created);
    api_moment(object, "due", one->due);
    api_moment(object, "decided", one->decided);
    return object;
}

void api_approvals(struct web_request *request)
{
    struct error error = {0};
    size_t count = 0, most = api_limit(request);
    AUTO_FREE struct cases_case *list = memory_allocate(most, sizeof *list);
    if (cases_waiting_for(request->store, &request->session, api_number(request, "after"), list,
                          most, &count, &error)) {
        api_problem(request, &error);
        return;
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(rows, case_object(&list[i]));
    api_answer_list(request, "approvals", rows, count == most ? list[count - 1].id : 0);
}

/* Answers with one case, its fields and steps. */
void api_approval(struct web_request *request)
{
    struct error error = {0};
    AUTO_BUFFER fields = {0};
    AUTO_FREE struct cases_case *one = memory_allocate(1, sizeof *one);
    if (cases_read(request->store, &request->session, request->match.numbers[0], one, &fields,
                   &error)) {
        api_problem(request, &error);
        return;
    }
    json_t *object = case_object(one), *steps = json_array();
    for (size_t i = 0; i < one->step_count; i++) {
        const struct cases_step *step = &one->steps[i];
        json_t *row = json_pack("{ss ss}", "role", step->role, "state", step->state);
        api_member(row, "name", step->name);
        api_member(row, "reason", step->reason);
        api_moment(row, "decided", step->decided);
        json_array_append_new(steps, row);
    }
    json_object_set_new(object, "steps", steps);
    json_object_set_new(object, "fields",
                        json_loadb((const char *)fields.data, fields.length, 0, NULL));
    api_answer(request, MHD_HTTP_OK, object);
}

/* A token alone decides nothing: its person shows a code with each decision. It is not used up when
 * something else stands in the way. */
static int decide(struct web_request *request, const json_t *body, bool approve,
                  struct error *error)
{
    const struct cases_decision wanted = {
        .id = request->match.numbers[0],
        .approve = approve,
        .reason = api_text(body, "reason"),
        .seen = api_text(body, "seen"),
        .now = request->now,
    };
    const char *code = api_text(body, "code");
    int result =
        cases_decide(request->store, &request->session, &wanted, gate_outcomes, NULL, error);
    if (result == 0 || strcmp(error->code, "case_by_token") != 0 || !*code)
        return result;
    *error = (struct error){0};
    if (identity_presence_prove(request->store, &request->session, code, request->now, error) != 0)
        return -1;
    return cases_decide(request->store, &request->session, &wanted, gate_outcomes, NULL, error);
}

void api_approval_decide(struct web_request *request)
{
    struct error error = {0};
    json_t *body = api_object(request);
    if (!body)
        return;
    const char *decision = api_text(body, "decision");
    bool approve = !strcmp(decision, "approve");
    if (!approve && strcmp(decision, "refuse") != 0)
        api_problem_status(request, MHD_HTTP_BAD_REQUEST);
    else if (decide(request, body, approve, &error) != 0)
        api_problem(request, &error);
    else
        api_approval(request);
    json_decref(body);
}
