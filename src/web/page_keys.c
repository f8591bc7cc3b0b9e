/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Security keys: registering one, showing one after the password, taking one away. The script
 * webauthn.js asks for the options, talks to the key and sends the answer as an ordinary form.
 */
#include "web/pages.h"
#include "web/people.h"
#include "web/site.h"

/* Answers the script with what went wrong, in words. */
static void answer_trouble(struct web_request *request, const struct error *error)
{
    AUTO_BUFFER sentence = {0};
    message_append_error(&sentence, request->language, error);
    json_t *model = json_pack("{ss}", "error", buffer_string(&sentence));
    char *text = json_dumps(model, JSON_COMPACT);
    buffer_append_string(&request->body, text);
    free(text);
    json_decref(model);
    request->status = MHD_HTTP_UNPROCESSABLE_CONTENT;
    request->content_type = "application/json";
}

/* The options for the browser; registering or showing a key. */
static void answer_options(struct web_request *request, bool registering)
{
    struct error error = {0};
    struct web_site site;
    AUTO_BUFFER options = {0};
    int result = 0;
    if (!web_site_find(request, &site))
        result = error_set(&error, "factor_address", NULL, "%s", "");
    else if (registering)
        result = identity_key_register_begin(request->store, &request->session, &site.site,
                                             request->now, &options, &error);
    else
        result = identity_key_check_begin(request->store, &request->session, &site.site,
                                          request->now, &options, &error);
    if (result != 0) {
        answer_trouble(request, &error);
        return;
    }
    buffer_append_bytes(&request->body, buffer_bytes(&options));
    request->status = MHD_HTTP_OK;
    request->content_type = "application/json";
}

void page_key_options(struct web_request *request)
{
    answer_options(request, true);
}

void page_key_check_options(struct web_request *request)
{
    answer_options(request, false);
}

void page_key_add(struct web_request *request)
{
    struct error error = {0};
    struct web_site site;
    char token[IDENTITY_TOKEN_SIZE];
    const char *answer = request_field(request, "answer"), *name = request_field(request, "name");
    int result = 0;
    if (!*name)
        result = error_set(&error, "factor_name", "name", "%s", "");
    else if (!web_site_find(request, &site))
        result = error_set(&error, "factor_address", NULL, "%s", "");
    else if (!*answer)
        result = error_set(&error, "factor_script", NULL, "%s", "");
    if (result == 0)
        result = identity_key_register_finish(request->store, &request->session, &site.site, name,
                                              bytes_of_string(answer), request->now, token, &error);
    if (result == 0) {
        answer_cookie(request, "session", token);
        people_done(request, "/account", 0, "key_added");
    } else if (people_error_is_theirs(&error)) {
        page_account_wrong(request, "key_name", &error);
    } else {
        answer_error(request, &error);
    }
}

void page_key_check(struct web_request *request)
{
    struct error error = {0};
    struct web_site site;
    char token[IDENTITY_TOKEN_SIZE];
    const char *answer = request_field(request, "answer");
    int result = 0;
    if (!web_site_find(request, &site))
        result = error_set(&error, "factor_address", NULL, "%s", "");
    else if (!*answer)
        result = error_set(&error, "factor_script", NULL, "%s", "");
    else
        result = identity_key_check_finish(request->store, &request->session, &site.site,
                                           bytes_of_string(answer), request->now, token, &error);
    if (result == 0) {
        answer_cookie(request, "session", token);
        answer_redirect(request, "/");
    } else if (!strncmp(error.code, "factor_", 7)) {
        page_second_wrong(request, "key", &error);
    } else {
        answer_error(request, &error);
    }
}

/* Takes a key (number 0: the codes by time) away. */
static void take_away(struct web_request *request, int64_t key, const char *done)
{
    struct error error = {0};
    struct identity_act act = identity_session_act(&request->session, request->now);
    if (identity_factor_remove(request->store, &act, request->session.person, key, &error) == 0)
        people_done(request, "/account", 0, done);
    else
        people_failed(request, &error);
}

void page_key_remove(struct web_request *request)
{
    take_away(request, request->match.numbers[0], "key_removed");
}

void page_account_totp_remove(struct web_request *request)
{
    take_away(request, 0, "totp_removed");
}
