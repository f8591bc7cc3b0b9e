/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons and coverage as Excel workbooks, by libxlsxwriter. */
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/file.h"
#include "base/utf8.h"
#include "command/policy_export.h"
#include "policy/catalogue.h"

enum {
    MOST_CHARACTERS = 16000, /* in a cell; Excel counts 32,767 UTF-16 units */
    MOST_ROWS = 1048576,
    CREATED = 946684800, /* a fixed time, so that the same policy gives the same file */
};

/* A sheet being filled. */
struct sheet {
    lxw_worksheet *sheet;
    lxw_format *wrap;
    lxw_format *head;
    lxw_row_t row;
    lxw_col_t column;
};

/* A workbook being written beside its final place. */
struct book {
    lxw_workbook *workbook;
    struct buffer path; /* where it is written */
    lxw_format *wrap;
    lxw_format *head;
};

static int book_open(struct book *book, const char *path, struct error *error)
{
    buffer_append_format(&book->path, "%s.new", path);
    book->workbook = workbook_new(buffer_string(&book->path));
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

static int book_close(struct book *book, const char *path, struct error *error)
{
    lxw_error failed = workbook_close(book->workbook);
    int status = failed ? error_set(error, "policy_excel_failed", path, "%s", lxw_strerror(failed))
                        : file_rename(buffer_string(&book->path), path, error);
    if (status)
        unlink(buffer_string(&book->path));
    buffer_free(&book->path);
    return status;
}

/* Adds a cell to the right of the last one. */
static void add_text(struct sheet *sheet, const char *text, lxw_format *format)
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

static void add_cell(struct sheet *sheet, const char *text)
{
    add_text(sheet, text, sheet->wrap);
}

static void add_number(struct sheet *sheet, double number)
{
    if (sheet->row < MOST_ROWS)
        worksheet_write_number(sheet->sheet, sheet->row, sheet->column++, number, sheet->wrap);
}

static void add_head(struct sheet *sheet, const char *text, double width)
{
    worksheet_set_column(sheet->sheet, sheet->column, sheet->column, width, NULL);
    add_text(sheet, text, sheet->head);
}

static void next_row(struct sheet *sheet)
{
    sheet->row++;
    sheet->column = 0;
}

/* A sheet that prints on A4 across, its head on every page. */
static struct sheet add_sheet(struct book *book, const char *name)
{
    struct sheet sheet = {.sheet = workbook_add_worksheet(book->workbook, name),
                          .wrap = book->wrap,
                          .head = book->head};
    worksheet_set_landscape(sheet.sheet);
    worksheet_set_paper(sheet.sheet, 9); /* A4 */
    worksheet_fit_to_pages(sheet.sheet, 1, 0);
    worksheet_repeat_rows(sheet.sheet, 0, 0);
    worksheet_freeze_panes(sheet.sheet, 1, 1);
    return sheet;
}

int policy_write_comparison_excel(const struct policy *const *policies,
                                  const struct policy_comparison *comparison,
                                  enum language language, const char *path, struct error *error)
{
    struct book book = {0};
    if (book_open(&book, path, error)) {
        buffer_free(&book.path);
        return -1;
    }
    struct sheet sheet = add_sheet(&book, message_get(language, "policy.comparison"));
    add_head(&sheet, message_get(language, "policy.topic"), 30);
    for (size_t p = 0; p < comparison->policy_count; p++) {
        add_head(&sheet, policies[p]->organization, 12);
        add_head(&sheet, message_get(language, "policy.clause"), 16);
        add_head(&sheet, message_get(language, "policy.text"), 50);
    }
    for (size_t r = 0; r < comparison->row_count; r++) {
        const struct policy_row *row = &comparison->rows[r];
        next_row(&sheet);
        add_cell(&sheet, row->topic);
        for (size_t p = 0; p < comparison->policy_count; p++) {
            AUTO_BUFFER key = {0};
            buffer_append_format(&key, "agreement.%s", policy_agreement_name(row->agreement[p]));
            const struct policy_clause *clause =
                row->clauses[p] == POLICY_NONE ? NULL : &policies[p]->clauses[row->clauses[p]];
            add_cell(&sheet, message_get(language, buffer_string(&key)));
            add_cell(&sheet, clause ? clause->id : "");
            add_cell(&sheet, clause ? clause->text : "");
        }
    }
    return book_close(&book, path, error);
}

static const char *how_words(enum language language, const char *how)
{
    AUTO_BUFFER key = {0};
    buffer_append_format(&key, "how.%s", how);
    return message_get(language, buffer_string(&key));
}

static void fill_duties(struct sheet *sheet, const struct policy *policy, enum language language)
{
    add_head(sheet, message_get(language, "policy.clause"), 18);
    add_head(sheet, message_get(language, "policy.text"), 60);
    add_head(sheet, message_get(language, "policy.who"), 24);
    add_head(sheet, message_get(language, "policy.when"), 16);
    add_head(sheet, message_get(language, "policy.control"), 32);
    add_head(sheet, message_get(language, "policy.how"), 12);
    add_head(sheet, message_get(language, "policy.confidence"), 8);
    for (size_t i = 0; i < policy->requirement_count; i++) {
        const struct policy_requirement *requirement = &policy->requirements[i];
        const struct policy_binding *best =
            requirement->binding_count ? &requirement->bindings[0] : NULL;
        AUTO_BUFFER roles = {0};
        for (size_t r = 0; r < requirement->roles.count; r++)
            buffer_append_format(&roles, "%s%s", r ? "・" : "", requirement->roles.items[r]);
        next_row(sheet);
        add_cell(sheet, requirement->id);
        add_cell(sheet, policy->sentences[requirement->sentence].text);
        add_cell(sheet, buffer_string(&roles));
        add_cell(sheet, requirement->timing_text);
        add_cell(sheet, best ? catalogue_find(best->control)->title[language]
                             : message_get(language, "policy.unbound"));
        add_cell(sheet, best ? how_words(language, best->how) : "");
        if (best)
            add_number(sheet, (double)(int)(best->confidence * 100 + 0.5) / 100);
    }
}

/* The requirements that one control meets, each on a line; how many. */
static size_t list_duties(const struct policy *policy, const char *control, struct buffer *out)
{
    size_t count = 0;
    for (size_t i = 0; i < policy->requirement_count; i++) {
        const struct policy_requirement *requirement = &policy->requirements[i];
        for (size_t b = 0; b < requirement->binding_count; b++) {
            if (!strcmp(requirement->bindings[b].control, control))
                buffer_append_format(out, "%s%s", count++ ? "\n" : "", requirement->id);
        }
    }
    return count;
}

static void fill_controls(struct sheet *sheet, const struct policy *policy, enum language language)
{
    add_head(sheet, message_get(language, "policy.control"), 36);
    add_head(sheet, message_get(language, "policy.how"), 12);
    add_head(sheet, message_get(language, "policy.count"), 8);
    add_head(sheet, message_get(language, "policy.clause"), 40);
    size_t count;
    const struct control *controls = catalogue_all(&count);
    for (size_t c = 0; c < count; c++) {
        AUTO_BUFFER duties = {0};
        size_t bound = list_duties(policy, controls[c].id, &duties);
        if (!bound)
            continue;
        next_row(sheet);
        add_cell(sheet, controls[c].title[language]);
        add_cell(sheet, how_words(language, control_how_name(controls[c].how)));
        add_number(sheet, (double)bound);
        add_cell(sheet, buffer_string(&duties));
    }
}

int policy_write_coverage_excel(const struct policy *policy, enum language language,
                                const char *path, struct error *error)
{
    struct book book = {0};
    if (book_open(&book, path, error)) {
        buffer_free(&book.path);
        return -1;
    }
    struct sheet duties = add_sheet(&book, message_get(language, "policy.duties"));
    fill_duties(&duties, policy, language);
    struct sheet controls = add_sheet(&book, message_get(language, "policy.controls"));
    fill_controls(&controls, policy, language);
    return book_close(&book, path, error);
}
