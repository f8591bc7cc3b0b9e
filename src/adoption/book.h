/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Excel workbooks by libxlsxwriter, cell after cell. Texts are texts: none is ever taken for a
 * formula. The same content always gives the same file.
 */
#ifndef ADOPTION_BOOK_H
#define ADOPTION_BOOK_H

#include <xlsxwriter.h>

#include "base/buffer.h"

struct error;

/* A workbook being written beside its final place. */
struct book {
    lxw_workbook *workbook;
    struct buffer path; /* where it is written */
    lxw_format *wrap;
    lxw_format *head;
};

/* A sheet being filled. */
struct book_sheet {
    lxw_worksheet *sheet;
    lxw_format *wrap;
    lxw_format *head;
    lxw_row_t row;
    lxw_col_t column;
};

/* Starts a workbook that will stand at path; its parts lie in the folder `temporary` meanwhile
 * (NULL: the system's). Code policy_excel_failed. */
int book_open(struct book *book, const char *path, const char *temporary, struct error *error);

/* Writes it, puts it in its place and frees the book; after an error nothing is there. */
int book_close(struct book *book, const char *path, struct error *error);

/* Adds a sheet that prints on A4 across, its head on every page. */
struct book_sheet book_sheet(struct book *book, const char *name);

/* Adds a heading, a text or a number to the right of the last cell. */
void book_head(struct book_sheet *sheet, const char *text, double width);
void book_cell(struct book_sheet *sheet, const char *text);
void book_number(struct book_sheet *sheet, double number);

/* Goes to the start of the next row. */
void book_next_row(struct book_sheet *sheet);

#endif
