/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers of all kinds, and the headers that every one of them has. */
#include <stdlib.h>

#include "base/memory.h"
#include "web/api.h"
#include "web/request_internal.h"
#include "web/template.h"

/* Nothing of a page may come from elsewhere, run inside it, frame it or stay in a cache. */
static const char *const always[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
     "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
};

void answer_header(struct web_request *request, const char *name, const char *value)
{
    request->headers =
        memory_resize(request->headers, request->header_count + 2, sizeof *request->headers);
    request->headers[request->header_count++] = memory_copy_string(name, strlen(name));
    request->headers[request->header_count++] = memory_copy_string(value, strlen(value));
}

void answer_download_name(struct web_request *request, const char *name)
{
    AUTO_BUFFER value = {0};
    buffer_append_string(&value, "attachment; filename*=UTF-8''");
    for (const char *at = name; *at; at++) {
        bool plain = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._",
                            *at) != NULL;
        if (plain)
            buffer_append_byte(&value, (uint8_t)*at);
        else
            buffer_append_format(&value, "%%%02X", (unsigned)(uint8_t)*at);
    }
    answer_header(request, "Content-Disposition", buffer_string(&value));
}

void answer_cookie(struct web_request *request, const char *name, const char *value)
{
    AUTO_BUFFER cookie = {0};
    cookie_append_name(&cookie, request->server, name);
    buffer_append_format(&cookie, "=%s; Path=/; HttpOnly; SameSite=Strict", value ? value : "");
    if (server_is_secure(request->server))
        buffer_append_string(&cookie, "; Secure");
    if (!value)
        buffer_append_string(&cookie, "; Max-Age=0");
    answer_header(request, "Set-Cookie", buffer_string(&cookie));
}

void answer_bytes(struct web_request *request, unsigned status, const char *content_type,
                  struct bytes bytes)
{
    request->status = status;
    request->content_type = content_type;
    request->fixed = bytes;
}

static int append_json(const char *text, size_t length, void *body)
{
    buffer_append(body, text, length);
    return 0;
}

void answer_json(struct web_request *request, unsigned status, json_t *value)
{
    request->status = status;
    request->content_type = "application/json; charset=utf-8";
    buffer_clear(&request->body);
    json_dump_callback(value, append_json, &request->body, JSON_COMPACT);
    json_decref(value);
}

void answer_page(struct web_request *request, unsigned status, const char *template, json_t *model)
{
    request->status = status;
    request->content_type = "text/html; charset=utf-8";
    buffer_clear(&request->body);
    template_render(&request->body, template_find(template), request->language, model);
    json_decref(model);
}

void answer_redirect(struct web_request *request, const char *path)
{
    request->status = MHD_HTTP_SEE_OTHER;
    request->content_type = "text/plain; charset=utf-8";
    answer_header(request, "Location", path);
}

void answer_status(struct web_request *request, unsigned status)
{
    if (api_asked(request)) {
        api_problem_status(request, status);
        return;
    }
    AUTO_BUFFER key = {0}, title = {0};
    buffer_append_format(&key, "page.error_%u", status);
    buffer_append_format(&title, "page.error_%u_title", status);
    json_t *model = model_page(request, buffer_string(&title));
    model_text(model, "sentence", buffer_string(&key));
    answer_page(request, status, "error", model);
}

void answer_error(struct web_request *request, const struct error *error)
{
    log_failure(request, error->code ? error->code : "");
    bool busy = error->code && !strcmp(error->code, "store_busy");
    answer_status(request, busy ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_INTERNAL_SERVER_ERROR);
}

static void add_headers(const struct web_request *request, struct MHD_Response *response)
{
    bool kept = false;
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        MHD_add_response_header(response, always[i][0], always[i][1]);
    for (size_t i = 0; i < request->header_count; i += 2) {
        MHD_add_response_header(response, request->headers[i], request->headers[i + 1]);
        kept |= !strcmp(request->headers[i], "Cache-Control");
    }
    if (!kept)
        MHD_add_response_header(response, "Cache-Control", "no-store");
    if (server_is_secure(request->server))
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    if (request->content_type)
        MHD_add_response_header(response, "Content-Type", request->content_type);
}

enum MHD_Result answer_send(struct web_request *request)
{
    struct bytes body = request->fixed.data ? request->fixed : buffer_bytes(&request->body);
    struct MHD_Response *response =
        request->response
            ? request->response
            : MHD_create_response_from_buffer(body.length, (void *)(uintptr_t)body.data,
                                              request->fixed.data ? MHD_RESPMEM_PERSISTENT
                                                                  : MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    request->response = NULL;
    add_headers(request, response);
    enum MHD_Result result = MHD_queue_response(request->connection, request->status, response);
    MHD_destroy_response(response);
    return result;
}
