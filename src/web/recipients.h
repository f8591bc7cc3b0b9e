/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The people that a sender names: what was typed, and whom the page proposes. */
#ifndef WEB_RECIPIENTS_H
#define WEB_RECIPIENTS_H

#include "gate/transfers.h"
#include "web/request.h"

/*
 * Finds people by a text with commas, 、 or line ends between them: logins, with blanks between
 * them too, or whole names when only one person has that name. Nobody named: the session's own
 * person. Code send_recipient with what was not found.
 */
int recipients_find(struct web_request *request, const char *text,
                    int64_t people[GATE_RECIPIENTS_MOST], size_t *count, struct error *error);

/* The people of the session's department, to choose from: a list of {"login", "name"}, or NULL. */
json_t *recipients_near(struct web_request *request, struct error *error);

#endif
