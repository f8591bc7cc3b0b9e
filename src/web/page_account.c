/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One's own account: what is registered, codes by time with their QR code, recovery codes, one's
 * roles, logging out everywhere. */
#include <qrencode.h>
#include <sodium.h>

#include "identity/permissions.h"
#include "web/pages.h"
#include "web/people.h"
#include "web/site.h"

enum { KEYS = 16, HOLDINGS = 32 };

/* A session that still owes a code or a new password has no business here; true: it was sent on. */
static bool sent_on(struct web_request *request)
{
    enum identity_stage stage = request->session.stage;
    if (stage == IDENTITY_SECOND_FACTOR)
        answer_redirect(request, "/login/second");
    else if (stage == IDENTITY_MUST_CHANGE)
        answer_redirect(request, "/password");
    return request->status != 0;
}

void account_add_site(const struct web_request *request, json_t *model)
{
    struct web_site site;
    const char *origin = request->server->options.origin;
    model_flag(model, "keys_possible", web_site_find(request, &site));
    if (origin && !strncmp(origin, "http://localhost", 16))
        model_text(model, "keys_address", origin);
}

static int add_keys(struct web_request *request, json_t *model, struct error *error)
{
    struct identity_key list[KEYS];
    size_t count = 0;
    if (identity_key_list(request->store, request->session.person, list, KEYS, &count, error))
        return -1;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_pack("{sI ss}", "id", (json_int_t)list[i].id, "name", list[i].name);
        model_moment(row, "created", request->language, list[i].created);
        model_moment(row, "used", request->language, list[i].used);
        json_array_append_new(rows, row);
    }
    json_object_set_new(model, "keys", rows);
    model_flag(model, "has_keys", count > 0);
    return 0;
}

/* The roles that one holds oneself, with the way to one's deputies. */
static int add_holdings(struct web_request *request, json_t *model, struct error *error)
{
    struct identity_holder list[HOLDINGS];
    size_t count = 0;
    if (identity_role_list(request->store, request->session.person, request->now, 0, list, HOLDINGS,
                           &count, error))
        return -1;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row = people_holding_row(request, &list[i]);
        model_flag(row, "own_deputies", !identity_role_privileged(list[i].role));
        json_array_append_new(rows, row);
    }
    json_object_set_new(model, "holdings", rows);
    model_flag(model, "has_holdings", count > 0 && request->session.stage == IDENTITY_FULL);
    return 0;
}

/* What limits this session: minutes without use, and hours at most. */
static void add_limits(struct web_request *request, json_t *model)
{
    const struct identity_session *session = &request->session;
    model_moment(model, "created", request->language, session->created);
    model_moment(model, "expires", request->language, session->expires);
    model_moment(model, "idle_expires", request->language, session->idle_expires);
    model_number(model, "idle_minutes",
                 (session->idle_expires - request->now) / (60 * TIME_SECOND));
    model_number(model, "most_minutes", (session->expires - session->created) / (60 * TIME_SECOND));
}

/* The account's model, or NULL when the answer is an error. */
static json_t *account_model(struct web_request *request)
{
    const struct identity_session *session = &request->session;
    struct error error = {0};
    struct identity_factors factors;
    json_t *model = model_page(request, "page.account");
    if (identity_factors_read(request->store, session->person, &factors, &error) ||
        add_keys(request, model, &error) || add_holdings(request, model, &error)) {
        json_decref(model);
        answer_error(request, &error);
        return NULL;
    }
    account_add_site(request, model);
    add_limits(request, model);
    people_model_done(request, model);
    model_text(model, "login", session->login);
    model_flag(model, "must_enroll", session->stage == IDENTITY_MUST_ENROLL);
    model_flag(model, "totp", factors.totp);
    model_flag(model, "has_factor", factors.totp || factors.keys);
    model_flag(model, "needs_recovery", (factors.totp || factors.keys) && !factors.recovery_codes);
    model_flag(model, "may_tokens", identity_may(session, "api.use", session->zone, NULL));
    model_number(model, "recovery_codes", factors.recovery_codes);
    return model;
}

void page_account_wrong(struct web_request *request, const char *field, const struct error *error)
{
    json_t *model = account_model(request);
    if (!model)
        return;
    model_error(request, model, field, error);
    answer_page(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "account", model);
}

void page_account(struct web_request *request)
{
    json_t *model = sent_on(request) ? NULL : account_model(request);
    if (model)
        answer_page(request, MHD_HTTP_OK, "account", model);
}

/* The black squares of a QR code as the path of an SVG; false when the text is too long. */
static bool add_qr(json_t *model, const char *text)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return false;
    AUTO_BUFFER path = {0}, box = {0};
    for (int y = 0; y < code->width; y++)
        for (int x = 0; x < code->width; x++)
            if (code->data[y * code->width + x] & 1)
                buffer_append_format(&path, "M%d %dh1v1h-1z", x + 4, y + 4);
    buffer_append_format(&box, "0 0 %d %d", code->width + 8, code->width + 8);
    model_text(model, "qr_path", buffer_string(&path));
    model_text(model, "qr_box", buffer_string(&box));
    QRcode_free(code);
    return true;
}

/* The secret in an otpauth URI, for those who cannot take a picture. */
static void add_secret(json_t *model, const char *uri)
{
    const char *secret = strstr(uri, "secret=");
    if (secret)
        json_object_set_new(model, "secret", json_stringn(secret + 7, strcspn(secret + 7, "&")));
}

void page_account_totp(struct web_request *request)
{
    struct error error = {0};
    AUTO_BUFFER uri = {0};
    if (sent_on(request))
        return;
    if (identity_totp_begin(request->store, &request->session,
                            request->server->options.organization, request->now, &uri, &error)) {
        answer_error(request, &error);
        return;
    }
    json_t *model = model_page(request, "page.totp");
    add_qr(model, buffer_string(&uri));
    add_secret(model, buffer_string(&uri));
    sodium_memzero(uri.data, uri.length);
    answer_page(request, MHD_HTTP_OK, "totp", model);
}

void page_account_totp_confirm(struct web_request *request)
{
    struct error error = {0};
    char token[IDENTITY_TOKEN_SIZE];
    if (sent_on(request))
        return;
    if (identity_totp_confirm(request->store, &request->session, request_field(request, "code"),
                              request->now, token, &error) == 0) {
        answer_cookie(request, "session", token);
        people_done(request, "/account", 0, "totp_added");
    } else if (!strncmp(error.code, "factor_", 7)) {
        json_t *model = model_page(request, "page.totp");
        model_error(request, model, "code", &error);
        answer_page(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "totp", model);
    } else {
        answer_error(request, &error);
    }
}

void page_account_recovery(struct web_request *request)
{
    struct error error = {0};
    char codes[IDENTITY_RECOVERY_CODES][IDENTITY_RECOVERY_SIZE];
    if (sent_on(request))
        return;
    if (identity_recovery_make(request->store, &request->session, request->now, codes, &error)) {
        answer_error(request, &error);
        return;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < IDENTITY_RECOVERY_CODES; i++)
        json_array_append_new(list, json_string(codes[i]));
    sodium_memzero(codes, sizeof codes);
    json_t *model = model_page(request, "page.recovery");
    json_object_set_new(model, "codes", list);
    answer_page(request, MHD_HTTP_OK, "recovery", model);
}

void page_account_everywhere(struct web_request *request)
{
    struct error error = {0};
    struct identity_act act = identity_session_act(&request->session, request->now);
    if (identity_logout_everywhere(request->store, &act, request->session.person, 0, &error)) {
        answer_error(request, &error);
        return;
    }
    answer_cookie(request, "session", NULL);
    answer_redirect(request, "/login");
}
