/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table in CSV (RFC 4180) as fields, in UTF-8.
 *
 * The table comes from outside, and this small reader over base/cursor.h reads it in the web
 * process itself: that is sandboxed (no program, no socket, no file but its own), and sees no
 * journal key.
 */
#ifndef IDENTITY_IMPORT_TABLE_H
#define IDENTITY_IMPORT_TABLE_H

#include "base/buffer.h"
#include "base/cursor.h"

#define IMPORT_FIELDS 32 /* columns at most */

struct import_reader {
    struct cursor cursor;                /* over UTF-8 that is borrowed */
    size_t line;                         /* on which the present row began, from 1 */
    size_t next_line;                    /* on which the next one begins */
    struct buffer fields[IMPORT_FIELDS]; /* of the present row, spaces around them taken off */
    size_t count;
};

/* A reader at the start of the text, which must outlive it. */
struct import_reader import_reader_open(struct bytes text);

/* Reads the next row that is not empty: 1 there is one, 0 the end, -1 it is not a table (an open
 * quotation mark, too many columns). */
int import_reader_next(struct import_reader *reader);

/* The field of a column as a C string; "" when the row is shorter. */
const char *import_reader_field(struct import_reader *reader, size_t column);

void import_reader_free(struct import_reader *reader);

#endif
