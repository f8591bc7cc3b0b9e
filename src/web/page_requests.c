/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One's own requests: what became of them, and whom they wait for. */
#include "base/memory.h"
#include "cases/cases.h"
#include "gate/transfers.h"
#include "identity/people.h"
#include "web/pages.h"

enum { PAGE = 50, NAMED = 5 };

static void add_state(json_t *row, const struct cases_case *found)
{
    static const struct {
        const char *state, *label, *tone;
    } looks[] = {
        {"open", "request.state_open", "wait"},
        {"approved", "request.state_approved", "good"},
        {"refused", "request.state_refused", "bad"},
        {"withdrawn", "request.state_withdrawn", "off"},
    };
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (!strcmp(found->state, looks[i].state)) {
            model_text(row, "state", looks[i].label);
            model_text(row, "tone", looks[i].tone);
        }
    if (found->emergency && !strcmp(found->state, "open"))
        model_text(row, "state", "request.state_emergency");
}

static void add_role(json_t *row, const char *role)
{
    AUTO_BUFFER key = {0};
    buffer_append_format(&key, "page.role_%s", role);
    model_text(row, "role", buffer_string(&key));
}

/* Who decided, or who can be reached to decide now. */
static int add_deciders(struct web_request *request, json_t *row, const struct cases_case *found,
                        struct error *error)
{
    struct identity_approver list[NAMED];
    const struct cases_step *step = &found->steps[found->step];
    size_t count = 0;
    json_t *names = json_array();
    json_object_set_new(row, "names", names);
    if ((size_t)found->step >= found->step_count)
        return 0;
    if (step->person) {
        json_array_append_new(names, json_string(step->name));
        model_text(row, "reason", step->reason);
        return 0;
    }
    if (strcmp(found->state, "open") != 0)
        return 0;
    add_role(row, step->role);
    if (identity_approvers(request->store, step->role, step->department, request->now, list, NAMED,
                           &count, error))
        return -1;
    for (size_t i = 0; i < count; i++)
        if (list[i].person != found->requester && list[i].acts_for != found->requester)
            json_array_append_new(names, json_string(list[i].name));
    model_flag(row, "nobody", json_array_size(names) == 0);
    return 0;
}

/* Adds a request about a transfer that was sent from this zone; one of another zone is counted. */
static int add_request(struct web_request *request, json_t *rows, const struct cases_case *found,
                       int64_t *elsewhere, struct error *error)
{
    AUTO_FREE struct gate_transfer *transfer = memory_allocate(1, sizeof *transfer);
    int64_t number = gate_transfer_number(found->object);
    bool arrived = false;
    if (gate_transfer_read(request->store, &request->session, number, transfer, &arrived, NULL) !=
            0 ||
        arrived) {
        ++*elsewhere;
        return 0;
    }
    json_t *row = json_object();
    json_array_append_new(rows, row);
    model_number(row, "transfer", transfer->id);
    model_text(row, "subject", transfer->purpose);
    add_state(row, found);
    model_moment(row, "asked", request->language, found->created);
    model_moment(row, "decided", request->language, found->decided);
    if (!found->decided) {
        model_moment(row, "due", request->language, found->due);
        model_flag(row, "overdue", found->due && found->due < request->now);
    }
    return add_deciders(request, row, found, error);
}

void page_requests(struct web_request *request)
{
    struct error error = {0};
    size_t count = 0;
    int64_t elsewhere = 0, before = request_number(request_query(request, "before"));
    AUTO_FREE struct cases_case *list = memory_allocate(PAGE, sizeof *list);
    json_t *rows = json_array();
    int result = cases_own(request->store, &request->session, before > 0 ? before : 0, list, PAGE,
                           &count, &error);
    for (size_t i = 0; result == 0 && i < count; i++)
        result = add_request(request, rows, &list[i], &elsewhere, &error);
    if (result != 0) {
        json_decref(rows);
        answer_error(request, &error);
        return;
    }
    json_t *model = model_page(request, "request.title");
    model_flag(model, "any", json_array_size(rows) > 0);
    json_object_set_new(model, "requests", rows);
    model_number(model, "elsewhere", elsewhere);
    if (count == PAGE)
        model_number(model, "rest", list[count - 1].id);
    answer_page(request, MHD_HTTP_OK, "requests", model);
}
