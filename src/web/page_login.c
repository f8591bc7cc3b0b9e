/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logging in and out: password, second factor, a new password where the rules want one. */
#include "identity/credentials.h"
#include "identity/factors.h"
#include "web/pages.h"
#include "web/people.h"

/* Where the browser goes after a step of the login. */
static void go_on(struct web_request *request, enum identity_stage stage)
{
    const char *path = stage == IDENTITY_SECOND_FACTOR ? "/login/second"
                       : stage == IDENTITY_MUST_CHANGE ? "/password"
                       : stage == IDENTITY_MUST_ENROLL ? "/account"
                                                       : "/";
    answer_redirect(request, path);
}

static void show_login(struct web_request *request, unsigned status, const char *login,
                       const char *sentence, int64_t retry_at)
{
    json_t *model = model_page(request, "page.login");
    model_text(model, "banner", request->server->options.banner);
    model_text(model, "login", login);
    model_text(model, "sentence", sentence);
    model_moment(model, "retry_at", request->language, retry_at);
    answer_page(request, status, "login", model);
}

void page_login(struct web_request *request)
{
    if (request->has_session)
        go_on(request, request->session.stage);
    else
        show_login(request, MHD_HTTP_OK, NULL, NULL, 0);
}

void page_login_try(struct web_request *request)
{
    struct error error = {0};
    struct identity_login login;
    const struct identity_directory directory = {request->server->options.ldap};
    const struct identity_attempt attempt = {
        .login = request_field(request, "login"),
        .password = request_field(request, "password"),
        .zone = request->server->options.zone,
        .address = request->address,
        .device = request->device,
        .now = request->now,
        .directory = request->server->options.ldap >= 0 ? &directory : NULL,
    };
    if (identity_login(request->store, &attempt, &login, &error)) {
        if (error.code && !strcmp(error.code, "directory_away"))
            show_login(request, MHD_HTTP_SERVICE_UNAVAILABLE, attempt.login, "error.directory_away",
                       0);
        else
            answer_error(request, &error);
    } else if (login.state == IDENTITY_WRONG) {
        show_login(request, MHD_HTTP_UNPROCESSABLE_CONTENT, attempt.login, "page.login_wrong", 0);
    } else if (login.state == IDENTITY_LOCKED) {
        show_login(request, MHD_HTTP_TOO_MANY_REQUESTS, attempt.login, "page.login_locked",
                   login.retry_at);
    } else {
        answer_cookie(request, "session", login.token);
        answer_cookie(request, "form", NULL);
        go_on(request, login.state);
    }
}

void page_logout(struct web_request *request)
{
    struct error error = {0};
    if (identity_logout(request->store, &request->session, request->now, &error)) {
        answer_error(request, &error);
        return;
    }
    answer_cookie(request, "session", NULL);
    answer_redirect(request, "/login");
}

/* ---- second factor ---- */

static void show_second(struct web_request *request, unsigned status, const char *field,
                        const struct error *wrong)
{
    struct error error = {0};
    struct identity_factors factors;
    if (identity_factors_read(request->store, request->session.person, &factors, &error)) {
        answer_error(request, &error);
        return;
    }
    json_t *model = model_page(request, "page.second");
    model_flag(model, "totp", factors.totp);
    model_flag(model, "keys", factors.keys > 0);
    model_flag(model, "codes_possible", factors.totp || factors.recovery_codes > 0);
    account_add_site(request, model);
    if (wrong)
        model_error(request, model, field, wrong);
    answer_page(request, status, "second", model);
}

void page_second_wrong(struct web_request *request, const char *field, const struct error *error)
{
    show_second(request, MHD_HTTP_UNPROCESSABLE_CONTENT, field, error);
}

void page_second(struct web_request *request)
{
    if (request->session.stage == IDENTITY_SECOND_FACTOR)
        show_second(request, MHD_HTTP_OK, NULL, NULL);
    else
        go_on(request, request->session.stage);
}

/* One field takes both kinds: six digits are of the app, anything else is a recovery code. */
void page_second_check(struct web_request *request)
{
    const char *code = request_field(request, "code");
    struct error error = {0};
    char token[IDENTITY_TOKEN_SIZE];
    bool of_app = strspn(code, "0123456789 ") == strlen(code);
    int failed = of_app ? identity_totp_check(request->store, &request->session, code, request->now,
                                              token, &error)
                        : identity_recovery_check(request->store, &request->session, code,
                                                  request->now, token, &error);
    if (!failed) {
        answer_cookie(request, "session", token);
        answer_redirect(request, "/");
    } else if (!strncmp(error.code, "factor_", 7)) {
        page_second_wrong(request, "code", &error);
    } else {
        answer_error(request, &error);
    }
}

/* ---- password ---- */

static void show_password(struct web_request *request, unsigned status, const char *field,
                          const struct error *wrong)
{
    struct error error = {0};
    struct identity_rules rules;
    if (identity_rules_read(request->store, &rules, &error)) {
        answer_error(request, &error);
        return;
    }
    json_t *model = model_page(request, "page.password");
    model_number(model, "length",
                 request->session.privileged ? rules.password_length_privileged
                                             : rules.password_length);
    if (request->session.must_change) {
        const struct error reason = {.code = request->session.must_change};
        AUTO_BUFFER sentence = {0};
        message_append_error(&sentence, request->language, &reason);
        model_text(model, "must_change", buffer_string(&sentence));
    }
    if (wrong)
        model_error(request, model, field, wrong);
    answer_page(request, status, "password", model);
}

void page_password(struct web_request *request)
{
    struct error error = {0};
    bool own = true;
    if (request->session.stage == IDENTITY_SECOND_FACTOR)
        answer_redirect(request, "/login/second");
    else if (identity_password_own(request->store, request->session.person, &own, &error))
        answer_error(request, &error);
    else if (!own)
        answer_page(request, MHD_HTTP_OK, "password_elsewhere",
                    model_page(request, "page.password"));
    else
        show_password(request, MHD_HTTP_OK, NULL, NULL);
}

void page_password_change(struct web_request *request)
{
    const char *wanted = request_field(request, "wanted");
    struct error error = {0};
    if (request->session.stage == IDENTITY_SECOND_FACTOR) {
        answer_redirect(request, "/login/second");
        return;
    }
    if (strcmp(wanted, request_field(request, "again")) != 0) {
        error_set(&error, "password_unequal", NULL, "%s", "");
        show_password(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "again", &error);
        return;
    }
    int failed =
        identity_password_change(request->store, &request->session,
                                 request_field(request, "present"), wanted, request->now, &error);
    if (!failed)
        answer_redirect(request, "/");
    else if (!strncmp(error.code, "password_", 9))
        show_password(request, MHD_HTTP_UNPROCESSABLE_CONTENT,
                      !strcmp(error.code, "password_wrong") ? "present" : "wanted", &error);
    else
        answer_error(request, &error);
}
