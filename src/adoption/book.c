/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing Excel workbooks. */
#include "adoption/book.h"

#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/utf8.h"

enum {
    MOST_CHARACTERS = 16000, /* in a cell; Excel counts 32,767 UTF-16 units */
    MOST_ROWS = 1048576,
    A4 = 9,
    CREATED = 946684800, /* a fixed time, so that the same policy gives the same file */
};

int book_open(struct book *book, const char *path, const char *temporary, struct error *error)
{
    AUTO_BUFFER folder = {0};
    buffer_append_string(&folder, temporary ? temporary : "");
    (void)buffer_string(&folder);
    lxw_workbook_options options = {.tmpdir = temporary ? (char *)folder.data : NULL};
    buffer_append_format(&book->path, "%s.new", path);
    book->workbook = workbook_new_opt(buffer_string(&book->path), &options);
    if (!book->workbook)
        return error_set(error, "policy_excel_failed", path, "%s", "");
    lxw_doc_properties properties = {.created = CREATED};
    workbook_set_properties(book->workbook, &properties);
    book->wrap = workbook_add_format(book->workbook);
    format_set_text_wrap(book->wrap);
    format_set_align(book->wrap, LXW_ALIGN_VERTICAL_TOP);
    book->head = workbook_add_format(book->workbook);
    format_set_bold(book->head);
    format_set_text_wrap(book->head);
    format_set_bg_color(book->head, 0xF2F2F2);
    format_set_border(book->head, LXW_BORDER_THIN);
    return 0;
}

int book_close(struct book *book, const char *path, struct error *error)
{
    lxw_error failed = workbook_close(book->workbook);
    int status = failed ? error_set(error, "policy_excel_failed", path, "%s", lxw_strerror(failed))
                        : file_rename(buffer_string(&book->path), path, error);
    if (status)
        unlink(buffer_string(&book->path));
    buffer_free(&book->path);
    return status;
}

static void add_text(struct book_sheet *sheet, const char *text, lxw_format *format)
{
    struct bytes rest = bytes_of_string(text);
    AUTO_BUFFER cut = {0};
    for (int left = MOST_CHARACTERS; left > 0 && rest.length; left--) {
        uint32_t point;
        size_t length = utf8_decode(rest, &point);
        buffer_append(&cut, rest.data, length);
        rest = bytes_slice(rest, length, SIZE_MAX);
    }
    if (sheet->row < MOST_ROWS)
        worksheet_write_string(sheet->sheet, sheet->row, sheet->column++, buffer_string(&cut),
                               format);
}

void book_cell(struct book_sheet *sheet, const char *text)
{
    add_text(sheet, text, sheet->wrap);
}

void book_number(struct book_sheet *sheet, double number)
{
    if (sheet->row < MOST_ROWS)
        worksheet_write_number(sheet->sheet, sheet->row, sheet->column++, number, sheet->wrap);
}

void book_head(struct book_sheet *sheet, const char *text, double width)
{
    worksheet_set_column(sheet->sheet, sheet->column, sheet->column, width, NULL);
    add_text(sheet, text, sheet->head);
}

void book_next_row(struct book_sheet *sheet)
{
    sheet->row++;
    sheet->column = 0;
}

struct book_sheet book_sheet(struct book *book, const char *name)
{
    struct book_sheet sheet = {.sheet = workbook_add_worksheet(book->workbook, name),
                               .wrap = book->wrap,
                               .head = book->head};
    worksheet_set_landscape(sheet.sheet);
    worksheet_set_paper(sheet.sheet, A4);
    worksheet_fit_to_pages(sheet.sheet, 1, 0);
    worksheet_repeat_rows(sheet.sheet, 0, 0);
    worksheet_freeze_panes(sheet.sheet, 1, 1);
    return sheet;
}
