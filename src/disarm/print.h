/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Printed pages: a typed description of what stands on them, from which a worker draws a PDF (A4).
 *
 * A description is a row of blocks of plain UTF-8 text, written one after the other into a buffer.
 * There is no markup in it: a text is drawn as it is.
 */
#ifndef DISARM_PRINT_H
#define DISARM_PRINT_H

#include "base/buffer.h"

#define PRINT_COLUMNS 8

/* Begins a description; foot stands at the bottom of every page beside its number. */
void print_begin(struct buffer *out, const char *title, const char *foot);

void print_heading(struct buffer *out, const char *text);
void print_paragraph(struct buffer *out, const char *text);

/* A name and its value, in two columns. */
void print_fact(struct buffer *out, const char *name, const char *value);

/* A table begins with the titles of its columns (PRINT_COLUMNS at most); shares are their widths in
 * any unit. The rows behind it have as many cells. */
void print_table(struct buffer *out, const char *const *titles, const unsigned *shares,
                 size_t columns);
void print_row(struct buffer *out, const char *const *cells, size_t columns);

#endif
