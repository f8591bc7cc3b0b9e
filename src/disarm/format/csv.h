/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables as text (RFC 4180, with tabs and semicolons too): cells that no spreadsheet executes. */
#ifndef DISARM_FORMAT_CSV_H
#define DISARM_FORMAT_CSV_H

#include "disarm/format/format.h"

/*
 * Every cell is written anew; one that a spreadsheet would take for a formula gets an apostrophe in
 * front (doc/decisions: csv-formulas). Errors: those of text, and csv_unstable.
 */
format_treatment csv_rebuild;

/* The same in UTF-8, as plain text. */
format_treatment csv_extract;

#endif
