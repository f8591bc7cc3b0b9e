/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfers and their files as view models, for the pages that show them. */
#ifndef WEB_TRANSFER_MODEL_H
#define WEB_TRANSFER_MODEL_H

#include "gate/transfers.h"
#include "web/request.h"

/* Sets `why` to the sentence of a code that the gate left with a transfer or file; "" sets nothing.
 */
void transfer_model_reason(struct web_request *request, json_t *row, const char *code);

/* What a list of transfers shows of one. */
json_t *transfer_row(const struct web_request *request, const struct gate_transfer *transfer);

/* One transfer, without its files and what its label means (labels_describe). */
json_t *transfer_model(struct web_request *request, const struct gate_transfer *transfer);

/* The error that a code of the gate stands for, with its sentence appended; no code: none is known.
 */
struct error transfer_reason(const struct web_request *request, const char *code,
                             struct buffer *sentence);

/* One file as a row; open: it can be taken from here. */
typedef json_t *transfer_item_row(struct web_request *request, const struct gate_item *item,
                                  bool open);

/* A row for each file of a transfer. NULL with the error. */
json_t *transfer_item_rows(struct web_request *request, int64_t transfer, bool open,
                           transfer_item_row *row, struct error *error);

/* The files of a transfer; open: they can be taken from here. NULL with the error. */
json_t *transfer_model_items(struct web_request *request, int64_t transfer, bool open,
                             struct error *error);

/* What happened so far: [{what (key), who, reason, when, when_iso}]. */
json_t *transfer_timeline(struct web_request *request, const struct gate_transfer *transfer);

/* The state for a script: {"state", "text", "why", "ended", "items": [{"number",
 * "state", "text", "why"}]}; takes the items. */
json_t *transfer_model_state(struct web_request *request, const struct gate_transfer *transfer,
                             json_t *items);

/* Answers 404 for what is not there or not for this person, else as answer_error. */
void transfer_answer_error(struct web_request *request, const struct error *error);

#endif
