/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The labels that a sender chooses from: the organization's own scheme where its policy gave one.
 */
#ifndef WEB_LABELS_H
#define WEB_LABELS_H

#include "web/request.h"

/* The labels, the least secret first: [{label, text, rank, chosen}]; chosen: the one named. */
json_t *labels_model(struct web_request *request, const char *chosen);

/* Sets label_text to what a label means: in the words of the organization's own scheme where its
 * policy gives some, else in those of the national guideline, else the bare label. */
void labels_describe(struct web_request *request, json_t *row, const char *label);

/* Appends from which labels on a conduit asks for an approval (gate_conduit.approval_from), in the
 * organization's own labels where it has a scheme. */
void labels_append_approval(const struct web_request *request, int64_t from, struct buffer *out);

/* Whether the policy gave a scheme of the organization's own. */
bool labels_own(const struct web_request *request);

/* The scheme that the labels are of, as data/classifications.tsv names it; the usual one when none. */
const char *labels_scheme(const json_t *labels);

/* Whether a label is the organization's: 0, or send_label with those that are. As long as no policy
 * gave a scheme, every label of the national guideline is. */
int labels_check(struct web_request *request, const char *label, struct error *error);

/* The least secret label that stands at least that high, or the highest; borrowed from the list. */
const char *labels_at(const json_t *labels, int rank);

#endif
