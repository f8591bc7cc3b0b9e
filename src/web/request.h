/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request while it is being read and answered: what handlers see, and how they answer. */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include <jansson.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/message.h"
#include "base/time.h"
#include "identity/sessions.h"
#include "web/flood.h"
#include "web/router.h"
#include "web/web.h"

enum {
    WEB_FORM_BYTES = 64 * 1024, /* of all fields together, files apart */
    WEB_FORM_FIELDS = 256,
    WEB_SECRET_SIZE = 44, /* characters of a secret, with the NUL */
};

struct web_server {
    struct web_options options;
    struct MHD_Daemon **daemons; /* one for each thread */
    struct connections *connections;
    struct listener *listener;
    struct flood *flood;
    pthread_key_t store;         /* each thread's own connection */
    _Atomic uint64_t sealed;     /* entries, as /healthz saw it last, … */
    _Atomic int64_t sealed_seen; /* … and when that was another number or all of them */
};

struct web_field {
    char *name;
    struct buffer value;
};

struct web_request {
    struct web_server *server;
    struct MHD_Connection *connection;
    char *method, *path;
    struct route_match match;
    struct store *store; /* of this thread */
    int64_t now;
    char address[IDENTITY_ADDRESS_SIZE];
    char device[IDENTITY_DEVICE_SIZE];
    enum language language;
    bool has_session;
    struct identity_session session;
    char secret[WEB_SECRET_SIZE]; /* what forms must carry: the session's, or a cookie's before */
    struct MHD_PostProcessor *post;
    struct web_field *fields;
    size_t field_count, field_bytes;
    uint64_t body_bytes; /* read so far */
    struct buffer given; /* the body of a call of the API, where it is no file */
    void *upload;        /* a handler's own, while files come in */
    void (*upload_close)(void *upload);
    bool broken;     /* the form is too long or not a form */
    unsigned status; /* of the answer; 0: none was given yet */
    char **headers;  /* name, value, name, value … */
    size_t header_count;
    const char *content_type;
    struct buffer body;
    struct bytes fixed;            /* instead of body: bytes that stay for good */
    struct MHD_Response *response; /* instead of body: read while it is sent */
};

/* ---- what came ---- */

/* The last value of a form's field, or "" when there was none. */
const char *request_field(const struct web_request *request, const char *name);

/* A parameter of the address behind ?, or "". */
const char *request_query(const struct web_request *request, const char *name);

/* The form read so far carries the secret of its session and comes from our own page. */
bool request_is_ours(const struct web_request *request);

/* What a handler keeps while files come in: zeroed memory of this size the first time (*first), the
 * same ever after; `close` frees it with the request. */
void *request_upload(struct web_request *request, size_t size, void (*close)(void *upload),
                     bool *first);

/* A number of at least 0 in a text; -1 when it is none. */
int64_t request_number(const char *text);

/* A cookie of this zone by its short name ("session", "form"), or NULL. */
const char *request_cookie(const struct web_request *request, const char *name);

/* ---- answering: exactly one of these ---- */

/* Fills a template from a model (taken) and sends it. */
void answer_page(struct web_request *request, unsigned status, const char *template, json_t *model);

/* Sends JSON (taken). */
void answer_json(struct web_request *request, unsigned status, json_t *value);

/* Sends bytes as they are; they must stay for good. What was made for this answer goes into
 * request->body instead, with its status and content_type. */
void answer_bytes(struct web_request *request, unsigned status, const char *content_type,
                  struct bytes bytes);

/* 303 See Other: the browser goes on with GET. path begins with one slash. */
void answer_redirect(struct web_request *request, const char *path);

/* An error page: the sentence page.error_<status>; or what a struct error says to people. */
void answer_status(struct web_request *request, unsigned status);
void answer_error(struct web_request *request, const struct error *error);

/* Adds a header to the answer. */
void answer_header(struct web_request *request, const char *name, const char *value);

/* Says that the answer is a file to be saved, and under which name (RFC 8187). */
void answer_download_name(struct web_request *request, const char *name);

/* Sets a cookie of this zone until the browser is closed; NULL takes it away. */
void answer_cookie(struct web_request *request, const char *name, const char *value);

/* Queues what the handler answered, with the headers that every answer has. */
enum MHD_Result answer_send(struct web_request *request);

/* ---- models ---- */

/* A model with what every page shows; title is a key of the catalogue. */
json_t *model_page(struct web_request *request, const char *title);

/* Sets a member; NULL text sets nothing. */
void model_text(json_t *model, const char *name, const char *text);
void model_number(json_t *model, const char *name, int64_t number);
void model_flag(json_t *model, const char *name, bool value);

/* Sets a moment as {"name": 令和8年11月20日 9:43, "name_iso": …}; 0 sets nothing. */
void model_moment(json_t *model, const char *name, enum language language, int64_t moment);

/* Sets a size as people read it: "1.5 MB". */
void model_bytes(json_t *model, const char *name, int64_t bytes);

/* Puts a page under another of the navigation than its address says: "inbox". */
void model_under(json_t *model, const char *path, const char *label);

/*
 * Ties an error to a field: "error_<field>" holds its sentence, "has_errors" is true and "errors"
 * lists the sentences with their fields for the head of the page.
 */
void model_error(struct web_request *request, json_t *model, const char *field,
                 const struct error *error);

#endif
