/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pages about people share: days in forms, errors at fields, lists to choose from. */
#ifndef WEB_PEOPLE_H
#define WEB_PEOPLE_H

#include "identity/people.h"
#include "web/request.h"

/*
 * Reads a day of the form ("2026-11-20", also 令和8年11月20日); empty gives 0. With `last` the day
 * still counts, so that the moment is the end of it. A day that is the one of `before` leaves that
 * moment as it is. Code people_day, {where} is the field.
 */
int people_day(const struct web_request *request, const char *field, bool last, int64_t before,
               int64_t *moment, struct error *error);

/* Sets the day of a moment as {"name": "2026-11-20"} for a field; with `last` the day that ends
 * there. 0 sets nothing. */
void people_model_day(json_t *model, const char *name, int64_t moment, bool last);

/* The same for reading: {"name": "令和8年11月20日", "name_iso": "2026-11-20"}. */
void people_model_date(const struct web_request *request, json_t *model, const char *name,
                       int64_t moment, bool last);

/* Ties an error to its field, which {where} names, as "<prefix><where>"; to `other` when {where}
 * is none of the names in fields (ends with NULL). */
void people_error(struct web_request *request, json_t *model, const char *prefix,
                  const char *const *fields, const char *other, const struct error *error);

/* The sentence of an error; of a wrong value, what a right one looks like. It lies in `out`. */
const char *people_sentence(const struct web_request *request, const struct error *error,
                            struct buffer *out);

/* True when the error is about what was typed; others are ours and get answer_error. */
bool people_error_is_theirs(const struct error *error);

/* Answers with an error page: 404 for what is not there, else as answer_error. */
void people_failed(struct web_request *request, const struct error *error);

/* The act of this request, with the form's "reason". */
struct identity_act people_act(struct web_request *request);

/* Reads the person of the path's first number; false: the request is answered. */
bool people_find(struct web_request *request, struct identity_person *person);

/* Goes on to "<path>/<number>" and says there what was done: the key people.done_<done>. */
void people_done(struct web_request *request, const char *path, int64_t number, const char *done);

/* Takes what people_done said into a model. */
void people_model_done(const struct web_request *request, json_t *model);

/* Shows the account, or the page of the second factor, with what is wrong at a field. */
void page_account_wrong(struct web_request *request, const char *field, const struct error *error);
void page_second_wrong(struct web_request *request, const char *field, const struct error *error);

/* Whether security keys can be used under this address, and under which they could. */
void account_add_site(const struct web_request *request, json_t *model);

/* Shows a temporary password of a person, this once. */
void people_show_password(struct web_request *request, const struct identity_person *person,
                          const char *password, const char *title);

/* All departments that are open, and the one that is chosen: [{id, name, chosen}]. NULL on error.
 */
json_t *people_departments(struct web_request *request, int64_t chosen, struct error *error);

/* One row about a person, as lists and pages show it. */
json_t *people_row(const struct web_request *request, const struct identity_person *person);

/* One row about a holding: id, role (a key), scope (the department's name or nothing), dates. */
json_t *people_holding_row(struct web_request *request, const struct identity_holder *holder);

#endif
