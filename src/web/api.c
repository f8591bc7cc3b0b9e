/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every call of the API shares: who asks, what came, problems. */
#include "web/api.h"

#include "base/utf8.h"
#include "identity/permissions.h"
#include "web/request_internal.h"

bool api_asked(const struct web_request *request)
{
    return !strncmp(request->path, API_PREFIX, strlen(API_PREFIX));
}

/* ---- problems ---- */

/* What the statuses that no error stands behind are called. */
static const struct {
    unsigned status;
    const char *code;
} statuses[] = {
    {MHD_HTTP_BAD_REQUEST, "bad_request"},
    {MHD_HTTP_UNAUTHORIZED, "token_wrong"},
    {MHD_HTTP_FORBIDDEN, "forbidden"},
    {MHD_HTTP_NOT_FOUND, "not_found"},
    {MHD_HTTP_METHOD_NOT_ALLOWED, "method_not_allowed"},
    {MHD_HTTP_CONTENT_TOO_LARGE, "too_large"},
    {MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "not_json"},
    {MHD_HTTP_TOO_MANY_REQUESTS, "too_many_requests"},
    {MHD_HTTP_SERVICE_UNAVAILABLE, "unavailable"},
};

/* Errors that are not about a value that the caller could correct. */
static const struct {
    const char *code;
    unsigned status;
} errors[] = {
    {"case_by_token", MHD_HTTP_FORBIDDEN},    {"case_changed", MHD_HTTP_CONFLICT},
    {"case_forbidden", MHD_HTTP_FORBIDDEN},   {"factor_none", MHD_HTTP_FORBIDDEN},
    {"factor_wrong", MHD_HTTP_FORBIDDEN},     {"login_locked", MHD_HTTP_FORBIDDEN},
    {"case_not_open", MHD_HTTP_CONFLICT},     {"case_not_yours", MHD_HTTP_FORBIDDEN},
    {"case_self", MHD_HTTP_FORBIDDEN},        {"case_twice", MHD_HTTP_FORBIDDEN},
    {"case_unknown", MHD_HTTP_NOT_FOUND},     {"gate_conduit_closed", MHD_HTTP_CONFLICT},
    {"gate_forbidden", MHD_HTTP_FORBIDDEN},   {"gate_locked", MHD_HTTP_CONFLICT},
    {"gate_state", MHD_HTTP_CONFLICT},        {"gate_transfer_unknown", MHD_HTTP_NOT_FOUND},
    {"identity_unknown", MHD_HTTP_NOT_FOUND},
};

static void answer_problem(struct web_request *request, unsigned status, const char *code,
                           const char *title, const char *detail)
{
    AUTO_BUFFER type = {0};
    buffer_append_format(&type, "urn:sekisho:problem:%s", code);
    json_t *problem = json_pack("{ss ss si ss ss}", "type", buffer_string(&type), "title", title,
                                "status", (int)status, "code", code, "detail", detail);
    api_answer(request, status, problem);
    request->content_type = "application/problem+json";
}

void api_problem_status(struct web_request *request, unsigned status)
{
    AUTO_BUFFER title = {0}, detail = {0};
    const char *code = "internal";
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].status == status)
            code = statuses[i].code;
    buffer_append_format(&title, "page.error_%u_title", status);
    buffer_append_format(&detail, "page.error_%u", status);
    if (status == MHD_HTTP_UNAUTHORIZED)
        answer_header(request, "WWW-Authenticate", "Bearer realm=\"sekisho\"");
    answer_problem(request, status, code, message_get(request->language, buffer_string(&title)),
                   message_get(request->language, buffer_string(&detail)));
}

void api_problem(struct web_request *request, const struct error *error)
{
    unsigned status = MHD_HTTP_UNPROCESSABLE_CONTENT;
    AUTO_BUFFER detail = {0};
    if (!error->code || !strncmp(error->code, "store_", 6) || !strncmp(error->code, "file_", 5)) {
        answer_error(request, error);
        return;
    }
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (!strcmp(errors[i].code, error->code))
            status = errors[i].status;
    message_append_error(&detail, request->language, error);
    answer_problem(request, status, error->code, message_get(request->language, "api.problem"),
                   buffer_string(&detail));
}

/* ---- who asks ---- */

int api_admit(struct web_request *request)
{
    struct error error = {0};
    const char *given =
        MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Authorization");
    int found = 0;
    if (given && !strncmp(given, "Bearer ", 7))
        found = identity_token_find(request->store, given + 7, request->server->options.zone,
                                    request->now, &request->session, &error);
    if (found < 0)
        answer_error(request, &error);
    if (found == 0)
        api_problem_status(request, MHD_HTTP_UNAUTHORIZED);
    if (found <= 0)
        return -1;
    request->has_session = true;
    utf8_copy(request->session.address, sizeof request->session.address, request->address);
    utf8_copy(request->session.device, sizeof request->session.device, request->device);
    const char *action = request->match.route ? request->match.route->action : NULL;
    const char *zone = request->server->options.zone;
    if (identity_may(&request->session, "api.use", zone, NULL) &&
        (!action || identity_may(&request->session, action, zone, NULL)))
        return 0;
    api_problem_status(request, MHD_HTTP_FORBIDDEN);
    return -1;
}

/* ---- what came ---- */

void api_admit_body(struct web_request *request)
{
    const char *type =
        MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Content-Type");
    if (request->body_bytes > request->match.route->body_bytes)
        api_problem_status(request, MHD_HTTP_CONTENT_TOO_LARGE);
    else if (request->body_bytes && !request->match.route->file &&
             (!type || strncmp(type, "application/json", 16) != 0))
        api_problem_status(request, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE);
}

void api_take_body(struct web_request *request, struct bytes data, uint64_t offset)
{
    if (request->match.route->file)
        request->match.route->file(request, request_query(request, "name"), data, offset);
    else
        buffer_append_bytes(&request->given, data);
}

json_t *api_object(struct web_request *request)
{
    struct bytes given = buffer_bytes(&request->given);
    json_t *object = given.length ? json_loadb((const char *)given.data, given.length,
                                               JSON_REJECT_DUPLICATES, NULL)
                                  : json_object();
    if (json_is_object(object))
        return object;
    json_decref(object);
    api_problem_status(request, MHD_HTTP_BAD_REQUEST);
    return NULL;
}

const char *api_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

size_t api_limit(const struct web_request *request)
{
    int64_t limit = request_number(request_query(request, "limit"));
    return limit < 1 ? API_PAGE : limit > API_PAGE_MOST ? API_PAGE_MOST : (size_t)limit;
}

int64_t api_number(const struct web_request *request, const char *name)
{
    int64_t number = request_number(request_query(request, name));
    return number > 0 ? number : 0;
}

/* ---- answers ---- */

void api_answer(struct web_request *request, unsigned status, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);
    buffer_clear(&request->body);
    buffer_append_string(&request->body, text ? text : "{}");
    free(text);
    json_decref(value);
    request->status = status;
    request->content_type = "application/json";
}

void api_moment(json_t *object, const char *name, int64_t moment)
{
    AUTO_BUFFER text = {0};
    if (moment)
        time_append_utc(&text, moment);
    api_member(object, name, moment ? buffer_string(&text) : "");
}

void api_member(json_t *object, const char *name, const char *text)
{
    json_object_set_new(object, name, *text ? json_string(text) : json_null());
}

void api_answer_list(struct web_request *request, const char *name, json_t *rows, int64_t next)
{
    json_t *answer = json_object();
    json_object_set_new(answer, name, rows);
    json_object_set_new(answer, "next", next ? json_integer(next) : json_null());
    api_answer(request, MHD_HTTP_OK, answer);
}
