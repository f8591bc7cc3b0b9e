/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an entry stands in the published journal: what a printed document says as its proof. */
#ifndef WEB_JOURNAL_PLACE_H
#define WEB_JOURNAL_PLACE_H

#include "web/request.h"

/*
 * Adds to a model, for the entry with that number of the organization (record.h): sealed (a
 * checkpoint holds it), entry (its number in the journal), size and root (of the checkpoint), log
 * (its name). An entry that no checkpoint holds yet leaves sealed false.
 */
int journal_place_model(struct web_request *request, uint64_t sequence, json_t *model,
                        struct error *error);

#endif
