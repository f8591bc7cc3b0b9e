/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One's own account: codes by time with their QR code, recovery codes, logging out everywhere. */
#include <qrencode.h>
#include <sodium.h>

#include "identity/factors.h"
#include "web/pages.h"

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

/* The account's model, or NULL when the answer is an error. */
static json_t *account_model(struct web_request *request)
{
    const struct identity_session *session = &request->session;
    struct error error = {0};
    struct identity_factors factors;
    if (identity_factors_read(request->store, session->person, &factors, &error)) {
        answer_error(request, &error);
        return NULL;
    }
    json_t *model = model_page(request, "page.account");
    model_text(model, "login", session->login);
    model_flag(model, "must_enroll", session->stage == IDENTITY_MUST_ENROLL);
    model_flag(model, "totp", factors.totp);
    model_flag(model, "has_factor", factors.totp || factors.keys);
    model_number(model, "recovery_codes", factors.recovery_codes);
    model_moment(model, "created", request->language, session->created);
    model_moment(model, "expires", request->language, session->expires);
    model_moment(model, "idle_expires", request->language, session->idle_expires);
    return model;
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
        answer_redirect(request, "/account");
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
