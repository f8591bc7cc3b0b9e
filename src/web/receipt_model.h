/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Receipts (disarm/receipt.h) as view models, in words. */
#ifndef WEB_RECEIPT_MODEL_H
#define WEB_RECEIPT_MODEL_H

#include "web/request.h"

/* Appends "sha256:<hexadecimal>" of a receipt's JSON, as the journal names it. */
void receipt_append_digest(struct buffer *out, struct bytes receipt);

/*
 * A receipt's JSON as a model: name, type, size, sha256, output {…}, verdict and treatment (keys of
 * the catalogue), why when it was refused, kept, rewritten, dropped (how many objects), groups
 * [{kind, action (keys), reason, count, bytes_in, bytes_out, paths}]. NULL when it is no receipt.
 */
json_t *receipt_model(enum language language, struct bytes receipt);

#endif
