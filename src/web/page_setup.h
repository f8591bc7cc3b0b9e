/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the steps of the set-up share. */
#ifndef WEB_PAGE_SETUP_H
#define WEB_PAGE_SETUP_H

#include "adoption/setup.h"
#include "web/policy_reading.h"

/* Sets the list of steps; `here` is "upload", "understood", "correct", "people" or "open". */
void setup_steps(json_t *model, int64_t version, const char *here);

/* Sets in a row where a clause stands, for the template `cited`; POLICY_NONE sets nothing. */
void setup_cite(struct web_request *request, const struct policy *policy, size_t clause,
                json_t *row);

#endif
