/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first page, the language, the state of the server, and files that never change. */
#include "identity/factors.h"
#include "web/pages.h"
#include "web/static_table.h"

enum { FEW_CODES = 3 }; /* recovery codes below which new ones should be made */

/* What waits for the person today. */
static int add_tasks(struct web_request *request, json_t *tasks, struct error *error)
{
    struct identity_factors factors;
    if (identity_factors_read(request->store, request->session.person, &factors, error))
        return -1;
    if ((factors.totp || factors.keys) && factors.recovery_codes < FEW_CODES)
        json_array_append_new(tasks, json_pack("{ss ss si}", "path", "account", "label",
                                               "page.task_recovery", "count",
                                               (int)factors.recovery_codes));
    return 0;
}

void page_home(struct web_request *request)
{
    const struct identity_session *session = &request->session;
    struct error error = {0};
    json_t *tasks = json_array();
    json_t *model = model_page(request, "page.home");
    json_object_set_new(model, "tasks", tasks);
    if (add_tasks(request, tasks, &error)) {
        json_decref(model);
        answer_error(request, &error);
        return;
    }
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

void page_health(struct web_request *request)
{
    struct error error = {0};
    int failed = store_begin_read(request->store, &error);
    store_rollback(request->store);
    answer_bytes(request, failed ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK,
                 "text/plain; charset=utf-8", bytes_of_string(failed ? "failed\n" : "ok\n"));
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
