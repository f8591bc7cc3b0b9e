/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What in a cell could make a spreadsheet compute, and the apostrophe that prevents it. */
#ifndef DISARM_FORMAT_CSV_FORMULA_H
#define DISARM_FORMAT_CSV_FORMULA_H

#include "base/buffer.h"

/*
 * True when a cell holding this UTF-8 text would be taken for a formula. Numbers with a sign,
 * telephone numbers, lines of dashes and words behind a full-width dash are none.
 */
bool csv_formula_starts(struct bytes cell);

/*
 * Appends the value of a cell with an apostrophe wherever a formula could start: at its beginning,
 * and behind a separator or line end inside it, where a reader that splits otherwise begins a cell.
 * Returns how many were put in. Doing it twice is doing it once.
 */
size_t csv_formula_disarm(struct bytes value, struct buffer *out);

#endif
