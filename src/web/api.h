/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The API for programs under /api/v1 (doc/api/openapi.yaml): JSON in, JSON out, with a token made
 * for one zone ("Authorization: Bearer …") and its scopes; no cookie counts. What goes wrong is
 * told as RFC 9457 says, with the code of the error and its sentence in the language asked for.
 */
#ifndef WEB_API_H
#define WEB_API_H

#include "web/request.h"

#define API_PREFIX "/api/"

enum { API_PAGE = 50, API_PAGE_MOST = 200 };

/* True when the request is one of a program. */
bool api_asked(const struct web_request *request);

/* The token's session into the request. 0, or -1 with the answer given. */
int api_admit(struct web_request *request);

/* Looks at the head and length of a body that came: JSON, or a file where the route takes one. */
void api_admit_body(struct web_request *request);

/* Takes a piece of the body. */
void api_take_body(struct web_request *request, struct bytes data, uint64_t offset);

/* The members of the JSON object that came (an empty one when nothing came), or NULL with the
 * answer given. The caller decrefs it. */
json_t *api_object(struct web_request *request);

/* A string member, or "". */
const char *api_text(const json_t *object, const char *name);

/* Answers with a value (taken). */
void api_answer(struct web_request *request, unsigned status, json_t *value);

/* Answers with a problem: of a status alone, or of an error, whose code decides the status. */
void api_problem_status(struct web_request *request, unsigned status);
void api_problem(struct web_request *request, const struct error *error);

/* How many rows the request wants (limit=), and the number behind which they begin (name=). */
size_t api_limit(const struct web_request *request);
int64_t api_number(const struct web_request *request, const char *name);

/* Sets a moment as RFC 3339 in UTC; null for 0. */
void api_moment(json_t *object, const char *name, int64_t moment);

/* Sets a text; null for "". */
void api_member(json_t *object, const char *name, const char *text);

/* Answers with {"<name>": rows (taken), "next": number or null}. */
void api_answer_list(struct web_request *request, const char *name, json_t *rows, int64_t next);

#endif
