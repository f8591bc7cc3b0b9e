/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the server's own files share about requests. */
#ifndef WEB_REQUEST_INTERNAL_H
#define WEB_REQUEST_INTERNAL_H

#include "web/request.h"

/* True when browsers reach the server under TLS, its own or what stands in front. */
bool server_is_secure(const struct web_server *server);

/* Writes a line of the log: a request that was answered; the code of an error that nobody expected.
 */
void log_request(const struct web_request *request);
void log_failure(const struct web_request *request, const char *code);

/* Appends the name of a cookie as the browser knows it: of this zone, and __Host- under TLS. */
void cookie_append_name(struct buffer *out, const struct web_server *server, const char *name);

/* The language that a browser asks for first, of Japanese and English; Japanese for none. */
enum language language_accepted(const char *header);

/* Fills random characters that a cookie can hold. */
void secret_make(char secret[WEB_SECRET_SIZE]);

/* Compares in constant time. */
bool secret_equal(const char *a, const char *b);

/*
 * Looks at the head of a request: flood, path, length, session, permission. What may not go on has
 * its answer afterwards.
 */
void admit_request(struct web_request *request);

/* Looks at a form before its handler does: it is whole and carries its secret. */
void admit_form(struct web_request *request);

#endif
