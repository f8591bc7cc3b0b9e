/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first page, the language, the state of the server, and files that never change. */
#include "cases/cases.h"
#include "gate/folder.h"
#include "gate/transfers.h"
#include "identity/factors.h"
#include "identity/people.h"
#include "identity/permissions.h"
#include "web/pages.h"
#include "web/policy_tasks.h"
#include "web/static_table.h"
#include "web/zones.h"

enum {
    CASES = 100,   /* that are counted; more are not told apart */
    FEW_CODES = 3, /* recovery codes below which new ones should be made */
    HEADS = 3,     /* people to report to that are named */
};

static void add_task(json_t *tasks, const char *path, const char *label, int64_t count)
{
    json_array_append_new(
        tasks, json_pack("{ss ss sI}", "path", path, "label", label, "count", (json_int_t)count));
}

/* Approvals that wait for the person's roles. */
static int add_approvals(struct web_request *request, json_t *tasks, struct error *error)
{
    size_t count = 0;
    if (cases_count_waiting(request->store, &request->session, CASES, &count, error))
        return -1;
    if (count)
        add_task(tasks, "approvals", "page.task_approvals", (int64_t)count);
    return 0;
}

/* Watched folders that have stopped, for who looks after the zones. */
static int add_folders(struct web_request *request, json_t *tasks, struct error *error)
{
    struct gate_folder_trouble list[ZONES_FOLDERS];
    size_t count = 0;
    if (!identity_may(&request->session, "zones.read", request->server->options.zone, NULL))
        return 0;
    if (gate_folder_troubles(request->store, list, ZONES_FOLDERS, &count, error) != 0)
        return -1;
    if (count)
        add_task(tasks, "zones", "zones.task_folders", (int64_t)count);
    return 0;
}

/* What waits for the person today. */
static int add_tasks(struct web_request *request, json_t *tasks, struct error *error)
{
    struct identity_factors factors;
    struct gate_today today;
    if (add_approvals(request, tasks, error) || add_folders(request, tasks, error) ||
        gate_today(request->store, &request->session, &today, error) ||
        identity_factors_read(request->store, request->session.person, &factors, error))
        return -1;
    if (today.arrived)
        add_task(tasks, "inbox", "page.task_inbox", today.arrived);
    if (today.held)
        add_task(tasks, "outbox", "page.task_held", today.held);
    if ((factors.totp || factors.keys) && factors.recovery_codes < FEW_CODES)
        add_task(tasks, "account", "page.task_recovery", 0);
    return policy_add_tasks(request, tasks, error);
}

/* What one can do from here. */
static json_t *doors_of(const struct web_request *request)
{
    static const struct {
        const char *path, *label, *text, *action;
    } doors[] = {
        {"send", "page.send", "page.door_send", "transfer.send"},
        {"inbox", "page.inbox", "page.door_inbox", "transfer.receive"},
        {"outbox", "page.outbox", "page.door_outbox", "transfer.send"},
        {"requests", "page.door_apply", "page.door_requests", "transfer.send"},
    };
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
        if (identity_may(&request->session, doors[i].action, request->server->options.zone, NULL))
            json_array_append_new(list, json_pack("{ss ss ss}", "path", doors[i].path, "label",
                                                  doors[i].label, "text", doors[i].text));
    return list;
}

/* Whom to tell when something is odd: who heads the person's department today. */
static int add_heads(struct web_request *request, json_t *heads, struct error *error)
{
    struct identity_approver list[HEADS];
    size_t count = 0;
    if (identity_approvers(request->store, "section_manager", request->session.department,
                           request->now, list, HEADS, &count, error))
        return -1;
    for (size_t i = 0; i < count; i++)
        if (list[i].person != request->session.person)
            json_array_append_new(heads, json_pack("{ss}", "name", list[i].name));
    return 0;
}

/* Sets a list, and "has_<name>" for what stands around it. */
static void set_list(json_t *model, const char *name, json_t *list)
{
    AUTO_BUFFER has = {0};
    buffer_append_format(&has, "has_%s", name);
    model_flag(model, buffer_string(&has), json_array_size(list) > 0);
    json_object_set_new(model, name, list);
}

void page_home(struct web_request *request)
{
    const struct identity_session *session = &request->session;
    struct error error = {0};
    json_t *tasks = json_array(), *heads = json_array();
    if (add_tasks(request, tasks, &error) || add_heads(request, heads, &error)) {
        json_decref(tasks);
        json_decref(heads);
        answer_error(request, &error);
        return;
    }
    json_t *model = model_page(request, "page.home");
    set_list(model, "tasks", tasks);
    set_list(model, "heads", heads);
    set_list(model, "doors", doors_of(request));
    model_moment(model, "last_login", request->language, session->last_login);
    model_number(model, "failures", session->failures_since);
    model_moment(model, "expires", request->language, session->expires);
    answer_page(request, MHD_HTTP_OK, "home", model);
}

/* Back to the page that the form stood on: a path of ours, nothing else. */
void page_language(struct web_request *request)
{
    const char *wanted = request_field(request, "language"), *back = request_field(request, "path");
    AUTO_BUFFER path = {0};
    if (strcmp(wanted, "ja") != 0 && strcmp(wanted, "en") != 0) {
        answer_status(request, MHD_HTTP_BAD_REQUEST);
        return;
    }
    answer_cookie(request, "language", wanted);
    buffer_append_byte(&path, '/');
    if (strspn(back, "abcdefghijklmnopqrstuvwxyz0123456789/") == strlen(back) && *back != '/')
        buffer_append_string(&path, back);
    answer_redirect(request, buffer_string(&path));
}

void page_static(struct web_request *request)
{
    const char *known =
        MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "If-None-Match");
    for (size_t i = 0; i < static_count; i++) {
        const struct static_file *file = &static_table[i];
        if (strcmp(file->name, request->match.rest) != 0)
            continue;
        bool same = known && !strcmp(known, file->tag);
        answer_header(request, "ETag", file->tag);
        answer_header(request, "Cache-Control", "public, max-age=600");
        answer_bytes(request, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, file->content_type,
                     same ? bytes_of_string("") : (struct bytes){file->data, file->length});
        return;
    }
    answer_status(request, MHD_HTTP_NOT_FOUND);
}
