/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Receipts as printed pages (disarm/print.h). */
#ifndef WEB_RECEIPT_PRINT_H
#define WEB_RECEIPT_PRINT_H

#include "web/request.h"

/* Appends the description of the sheet that a model of page_receipt.c shows: of one file, or of all
 * files of a transfer. */
void receipt_print(struct buffer *out, enum language language, const json_t *model);

#endif
