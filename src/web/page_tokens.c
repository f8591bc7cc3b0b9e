/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tokens by which one's programs use the interface: made with what they may do and until when,
 * shown once, and ended. A token can do no more than its person, and that only in this zone.
 */
#include <sodium.h>

#include "identity/permissions.h"
#include "web/pages.h"
#include "web/people.h"

enum { TOKENS = 100 };

static const int days_offered[] = {30, 90, 180, 365};

/* Every token carries the permission to come by the interface at all; it is not asked for. */
#define USE "api.use"

/* The actions that the person may do here, with what was ticked. */
static json_t *scope_rows(struct web_request *request)
{
    const char *action;
    json_t *rows = json_array();
    for (size_t i = 0; (action = identity_action_name(i)) != NULL; i++) {
        AUTO_BUFFER field = {0}, label = {0};
        if (!strcmp(action, USE) || !identity_may(&request->session, action, NULL, NULL))
            continue;
        buffer_append_format(&field, "scope_%s", action);
        buffer_append_format(&label, "action.%s", action);
        json_array_append_new(rows, json_pack("{ss ss sb}", "action", action, "label",
                                              buffer_string(&label), "chosen",
                                              *request_field(request, buffer_string(&field)) != 0));
    }
    return rows;
}

/* "transfer.send api.use": what was ticked. */
static void append_scopes(struct web_request *request, struct buffer *scopes)
{
    const char *action;
    for (size_t i = 0; (action = identity_action_name(i)) != NULL; i++) {
        AUTO_BUFFER field = {0};
        buffer_append_format(&field, "scope_%s", action);
        if (*request_field(request, buffer_string(&field)))
            buffer_append_format(scopes, "%s ", action);
    }
    if (scopes->length)
        buffer_append_string(scopes, USE);
}

/* The actions of a token by their names for people. */
static json_t *action_labels(const char *scopes)
{
    json_t *list = json_array();
    while (*scopes) {
        size_t length = strcspn(scopes, " ");
        AUTO_BUFFER label = {0};
        buffer_append_string(&label, "action.");
        buffer_append(&label, scopes, length);
        if (length != strlen(USE) || strncmp(scopes, USE, length) != 0)
            json_array_append_new(list, json_pack("{ss}", "label", buffer_string(&label)));
        scopes += length + (scopes[length] == ' ');
    }
    return list;
}

static json_t *token_rows(struct web_request *request, struct error *error)
{
    struct identity_token list[TOKENS];
    size_t count = 0;
    if (identity_token_list(request->store, request->session.person, request->now, 0, list, TOKENS,
                            &count, error))
        return NULL;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row =
            json_pack("{sI ss ss so}", "id", (json_int_t)list[i].id, "name", list[i].name,
                      "token_zone", list[i].zone, "actions", action_labels(list[i].scopes));
        model_moment(row, "expires", request->language, list[i].expires);
        model_moment(row, "used", request->language, list[i].used);
        json_array_append_new(rows, row);
    }
    return rows;
}

static void show(struct web_request *request, const char *token, const struct error *wrong)
{
    static const char *const fields[] = {"name", "scopes", "expires", NULL};
    struct error error = {0};
    json_t *rows = token_rows(request, &error), *days = json_array();
    if (!rows) {
        json_decref(days);
        answer_error(request, &error);
        return;
    }
    for (size_t i = 0; i < sizeof days_offered / sizeof *days_offered; i++)
        json_array_append_new(
            days, json_pack("{si sb}", "days", days_offered[i], "chosen",
                            request_number(request_field(request, "days")) == days_offered[i]));
    json_t *model = model_page(request, "people.tokens");
    model_flag(model, "has_tokens", json_array_size(rows) > 0);
    json_object_set_new(model, "tokens", rows);
    json_object_set_new(model, "scopes", scope_rows(request));
    json_object_set_new(model, "offered", days);
    model_text(model, "token", token);
    people_model_done(request, model);
    if (wrong) {
        model_text(model, "typed_name", request_field(request, "name"));
        people_error(request, model, "token_", fields, "name", wrong);
    }
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "tokens", model);
}

void page_tokens(struct web_request *request)
{
    show(request, NULL, NULL);
}

void page_token_add(struct web_request *request)
{
    AUTO_BUFFER scopes = {0};
    struct error error = {0};
    char token[IDENTITY_TOKEN_SIZE];
    int64_t days = request_number(request_field(request, "days"));
    append_scopes(request, &scopes);
    int result = 0;
    if (!scopes.length)
        result = error_set(&error, "people_scopes", "scopes", "%s", "");
    else if (days < 1 || days > 366)
        result = error_set(&error, "people_days", "expires", "%s", "");
    else
        result =
            identity_token_add(request->store, &request->session, request_field(request, "name"),
                               buffer_string(&scopes), request->now + days * TIME_DAY, request->now,
                               token, NULL, &error);
    if (result == 0) {
        show(request, token, NULL);
        sodium_memzero(token, sizeof token);
    } else if (people_error_is_theirs(&error)) {
        show(request, NULL, &error);
    } else {
        answer_error(request, &error);
    }
}

void page_token_revoke(struct web_request *request)
{
    struct error error = {0};
    struct identity_act act = identity_session_act(&request->session, request->now);
    if (identity_token_revoke(request->store, &act, request->session.person,
                              request->match.numbers[0], &error) == 0)
        people_done(request, "/account/tokens", 0, "token_revoked");
    else
        people_failed(request, &error);
}
