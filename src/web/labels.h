/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The labels that a sender chooses from: the organization's own scheme where its policy gave one.
 */
#ifndef WEB_LABELS_H
#define WEB_LABELS_H

#include "web/request.h"

/* The labels, the least secret first: [{label, text, rank, chosen}]; chosen: the one named. */
json_t *labels_model(struct web_request *request, const char *chosen);

/* The least secret label that stands at least that high, or the highest; borrowed from the list. */
const char *labels_at(const json_t *labels, int rank);

#endif
