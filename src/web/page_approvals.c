/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What waits for somebody's decision: the list, one request with its files, deciding one or many.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "identity/people.h"
#include "web/labels.h"
#include "web/pages.h"
#include "web/receipt_model.h"
#include "web/transfer_model.h"

enum { WAITING = 100, ITEMS = 200 };

/* A request about a transfer that can be seen from this zone. */
struct waiting {
    struct cases_case request;
    struct gate_transfer transfer;
};

/* 0, or -1 with gate_transfer_unknown when it is about something else or not of this zone. */
static int read_transfer(struct web_request *request, struct waiting *waiting, struct error *error)
{
    return gate_transfer_review(request->store, &request->session,
                                gate_transfer_number(waiting->request.object), request->now,
                                &waiting->transfer, error);
}

static void add_department(struct web_request *request, json_t *row, int64_t department)
{
    struct identity_department found;
    if (identity_department_read(request->store, department, NULL, &found, NULL) == 0)
        model_text(row, "department", found.name);
}

/* What a form must bring back to decide on what was shown: "17 sha256:…". */
static void add_choice(json_t *row, const struct cases_case *request)
{
    AUTO_BUFFER choice = {0};
    buffer_append_format(&choice, "%lld %s", (long long)request->id, request->seen);
    model_text(row, "choice", buffer_string(&choice));
}

static json_t *waiting_model(struct web_request *request, const struct waiting *waiting)
{
    const struct cases_case *found = &waiting->request;
    json_t *row = transfer_model(request, &waiting->transfer);
    labels_describe(request, row, waiting->transfer.classification);
    model_number(row, "request", found->id);
    add_choice(row, found);
    add_department(request, row, waiting->transfer.department);
    model_flag(row, "emergency", found->emergency);
    model_flag(row, "overdue", found->due && found->due < request->now);
    model_moment(row, "asked", request->language, found->created);
    model_moment(row, "due", request->language, found->due);
    return row;
}

/* ---- the list ---- */

static int list_waiting(struct web_request *request, json_t *model, struct error *error)
{
    AUTO_FREE struct cases_case *list = memory_allocate(WAITING, sizeof *list);
    AUTO_FREE struct waiting *waiting = memory_allocate(1, sizeof *waiting);
    size_t count = 0;
    int64_t elsewhere = 0;
    json_t *rows = json_array(), *after_the_fact = json_array();
    json_object_set_new(model, "requests", rows);
    json_object_set_new(model, "emergencies", after_the_fact);
    int result =
        cases_waiting_for(request->store, &request->session, 0, list, WAITING, &count, error);
    for (size_t i = 0; result == 0 && i < count; i++) {
        waiting->request = list[i];
        if (read_transfer(request, waiting, NULL) != 0)
            elsewhere++;
        else
            json_array_append_new(list[i].emergency ? after_the_fact : rows,
                                  waiting_model(request, waiting));
    }
    model_number(model, "elsewhere", elsewhere);
    model_flag(model, "any", json_array_size(rows) + json_array_size(after_the_fact) > 0);
    return result;
}

static void show_list(struct web_request *request, unsigned status, json_t *results,
                      const struct error *wrong)
{
    struct error error = {0};
    json_t *model = model_page(request, "transfer.approvals");
    const char *done = request_query(request, "done");
    if (!strcmp(done, "approved") || !strcmp(done, "denied"))
        model_text(model, "done", *done == 'a' ? "transfer.approved" : "transfer.denied");
    if (results)
        json_object_set_new(model, "results", results);
    model_text(model, "reason", wrong ? request_field(request, "reason") : "");
    if (wrong)
        model_error(request, model, "reason", wrong);
    if (list_waiting(request, model, &error) == 0) {
        answer_page(request, status, "approvals", model);
        return;
    }
    json_decref(model);
    answer_error(request, &error);
}

void page_approvals(struct web_request *request)
{
    show_list(request, MHD_HTTP_OK, NULL, NULL);
}

/* ---- deciding ---- */

/* Takes "17 sha256:…" apart and decides; the name of what was decided goes into object. */
static int decide(struct web_request *request, const char *choice, bool approve, char *object,
                  size_t size, struct error *error)
{
    AUTO_FREE struct waiting *waiting = memory_allocate(1, sizeof *waiting);
    char *seen = NULL;
    struct cases_decision decision = {.id = strtoll(choice, &seen, 10),
                                      .approve = approve,
                                      .reason = request_field(request, "reason"),
                                      .seen = *seen ? seen + 1 : seen,
                                      .now = request->now};
    if (cases_read(request->store, &request->session, decision.id, &waiting->request, NULL, error))
        return -1;
    snprintf(object, size, "%s", waiting->request.object);
    if (read_transfer(request, waiting, error) != 0)
        return -1;
    snprintf(object, size, "%s", waiting->transfer.purpose);
    return cases_decide(request->store, &request->session, &decision, gate_outcomes, NULL, error);
}

/* Decides on one of several and tells what became of it. */
static json_t *decide_one_of(struct web_request *request, const char *choice, bool approve)
{
    AUTO_BUFFER sentence = {0};
    struct error error = {0};
    char name[GATE_PURPOSE_SIZE] = "";
    bool done = decide(request, choice, approve, name, sizeof name, &error) == 0;
    json_t *result = json_object();
    if (!done)
        message_append_error(&sentence, request->language, &error);
    model_text(result, "purpose", name);
    model_flag(result, "done", done);
    model_text(result, "outcome", approve ? "transfer.approved" : "transfer.denied");
    model_text(result, "sentence", buffer_string(&sentence));
    return result;
}

/* Whether a refusal lacks its reason; then nothing at all is decided. */
static bool lacks_reason(const struct web_request *request, bool approve, struct error *error)
{
    const char *reason = request_field(request, "reason");
    if (approve || reason[strspn(reason, " \t\r\n")])
        return false;
    error_set(error, "case_reason", NULL, "%s", "");
    return true;
}

static bool wanted(struct web_request *request, bool *approve)
{
    const char *decision = request_field(request, "decision");
    *approve = !strcmp(decision, "approve");
    if (*approve || !strcmp(decision, "refuse"))
        return true;
    answer_status(request, MHD_HTTP_BAD_REQUEST);
    return false;
}

void page_approvals_decide(struct web_request *request)
{
    struct error error = {0};
    bool approve;
    if (!wanted(request, &approve))
        return;
    if (lacks_reason(request, approve, &error)) {
        show_list(request, MHD_HTTP_UNPROCESSABLE_CONTENT, NULL, &error);
        return;
    }
    json_t *results = json_array();
    for (size_t i = 0; i < request->field_count && json_array_size(results) < WAITING; i++)
        if (!strcmp(request->fields[i].name, "request"))
            json_array_append_new(
                results, decide_one_of(request, buffer_string(&request->fields[i].value), approve));
    bool none = json_array_size(results) == 0;
    if (none)
        error_set(&error, "transfer_none_chosen", NULL, "%s", "");
    show_list(request, none ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, results,
              none ? &error : NULL);
}

/* ---- one request ---- */

/* What a file's receipt says in short, and how it can be looked at. */
static void add_receipt(struct web_request *request, json_t *row, int64_t transfer, int64_t item)
{
    AUTO_BUFFER json = {0};
    if (gate_receipt(request->store, transfer, item, &json, NULL, NULL) != 0)
        return;
    json_t *receipt = receipt_model(request->language, buffer_bytes(&json));
    if (receipt)
        json_object_set_new(row, "receipt", receipt);
}

static json_t *file_rows(struct web_request *request, int64_t transfer, struct error *error)
{
    json_t *rows = transfer_model_items(request, transfer, false, error), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        int64_t number = json_integer_value(json_object_get(row, "number"));
        const char *state = json_string_value(json_object_get(row, "state"));
        add_receipt(request, row, transfer, number);
        model_flag(row, "viewable", !strcmp(state, "page.item_clean"));
    }
    return rows;
}

/* What was decided meanwhile is said above what still waits. */
static void answer_refusal(struct web_request *request, const struct error *error)
{
    if (!strncmp(error->code, "case_", 5) && strcmp(error->code, "case_unknown") != 0)
        show_list(request, MHD_HTTP_CONFLICT, NULL, error);
    else if (!strncmp(error->code, "case_", 5))
        answer_status(request, MHD_HTTP_NOT_FOUND);
    else
        transfer_answer_error(request, error);
}

static int read_one(struct web_request *request, struct waiting *waiting, struct error *error)
{
    if (cases_read(request->store, &request->session, request->match.numbers[0], &waiting->request,
                   NULL, error) ||
        cases_may_decide(request->store, &request->session, waiting->request.id, request->now,
                         error))
        return -1;
    return read_transfer(request, waiting, error);
}

static void show_one(struct web_request *request, unsigned status, const struct error *wrong)
{
    struct error error = {0};
    AUTO_FREE struct waiting *waiting = memory_allocate(1, sizeof *waiting);
    json_t *files = NULL;
    if (read_one(request, waiting, &error) ||
        !(files = file_rows(request, waiting->transfer.id, &error))) {
        answer_refusal(request, &error);
        return;
    }
    json_t *model = model_page(request, "transfer.approval");
    json_t *shown = waiting_model(request, waiting);
    json_object_set_new(shown, "files", files);
    json_object_set_new(model, "shown", shown);
    model_text(model, "reason", request_field(request, "reason"));
    if (wrong)
        model_error(request, model, "reason", wrong);
    answer_page(request, status, "approval", model);
}

void page_approval(struct web_request *request)
{
    show_one(request, MHD_HTTP_OK, NULL);
}

void page_approval_decide(struct web_request *request)
{
    struct error error = {0};
    bool approve;
    if (!wanted(request, &approve))
        return;
    char name[GATE_PURPOSE_SIZE];
    if (lacks_reason(request, approve, &error) || decide(request, request_field(request, "request"),
                                                         approve, name, sizeof name, &error) != 0) {
        bool again = !strcmp(error.code, "case_reason") || !strcmp(error.code, "case_changed");
        if (again)
            show_one(request, MHD_HTTP_UNPROCESSABLE_CONTENT, &error);
        else
            answer_refusal(request, &error);
        return;
    }
    answer_redirect(request, approve ? "/approvals?done=approved" : "/approvals?done=denied");
}
