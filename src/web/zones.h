/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pages of zones and conduits share. */
#ifndef WEB_ZONES_H
#define WEB_ZONES_H

#include "gate/zones.h"
#include "web/request.h"

enum { ZONES_MOST = 32, ZONES_CONDUITS = 128, ZONES_FOLDERS = 32 }; /* that are listed */

/* The act of the session with the form's reason, which must be there: else code gate_reason. */
struct identity_act zones_act(struct web_request *request, struct error *error);

/* Whether the address is the one that opens, not the one that closes. */
bool zones_opens(const struct web_request *request);

/* Answers 404 for a zone or conduit that is not there, else as answer_error. */
void zones_answer_error(struct web_request *request, const struct error *error);

/* Whether some listener answers for a zone: it stands in the configuration. */
bool zones_served(const struct web_request *request, const char *id);

#endif
