/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A conduit as its pages show it, and out of the form that changes it. */
#ifndef WEB_CONDUIT_MODEL_H
#define WEB_CONDUIT_MODEL_H

#include "identity/permissions.h"
#include "web/request.h"
#include "web/zones.h"

/* What lists and the head of its page say of a conduit. */
json_t *conduit_row(const struct web_request *request, const struct gate_conduit *conduit,
                    const struct gate_zone *zones, size_t zone_count);

/* Adds what the form needs: its fields, and every format with whether it may pass. */
void conduit_add_form(const struct web_request *request, json_t *model,
                      const struct gate_conduit *conduit);

/* Takes the form's fields. NULL, or the field that makes no sense and its error. */
const char *conduit_take_form(const struct web_request *request, struct gate_conduit *conduit,
                              struct error *error);

/* The field of an error: the one named, or the one that the gate complains about. */
const char *conduit_error_field(const char *field, const struct error *error);

#endif
