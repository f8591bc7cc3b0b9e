/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * People out of a table: bring the file, see what would happen, confirm. Between the two the table
 * stays with the server for an hour. What would happen then must still be what was shown.
 */
#include "base/memory.h"
#include "identity/import.h"
#include "web/pages.h"
#include "web/people.h"

enum { ROWS_SHOWN = 300 };

static const struct {
    const char *state;
    enum identity_import_change change;
} groups[] = {
    {"errors_found", IDENTITY_IMPORT_ERROR},
    {"adds", IDENTITY_IMPORT_ADD},
    {"changes", IDENTITY_IMPORT_CHANGE},
};

static void show(struct web_request *request, const struct error *wrong)
{
    static const char *const fields[] = {"table", NULL};
    json_t *model = model_page(request, "people.import");
    if (wrong)
        people_error(request, model, "", fields, "table", wrong);
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "people_import",
                model);
}

void page_import(struct web_request *request)
{
    show(request, NULL);
}

/* ---- the file ---- */

static void close_table(void *table)
{
    buffer_free(table);
    free(table);
}

void page_import_file(struct web_request *request, const char *name, struct bytes data,
                      uint64_t offset)
{
    bool first;
    struct buffer *table = request_upload(request, sizeof *table, close_table, &first);
    (void)name;
    (void)offset;
    buffer_append_bytes(table, data);
}

/* ---- what would happen ---- */

/* "氏名：旧 → 新" for every field in which the person changes. */
static json_t *differences(struct web_request *request, const struct identity_person *after)
{
    struct identity_person before;
    json_t *list = json_array();
    if (identity_person_read(request->store, after->id, NULL, &before, NULL) != 0)
        return list;
    json_t *old = people_row(request, &before), *new = people_row(request, after);
    static const char *const names[] = {"name", "kana", "mail", "department", "starts", "ends"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        AUTO_BUFFER label = {0};
        const char *was = json_string_value(json_object_get(old, names[i]));
        const char *is = json_string_value(json_object_get(new, names[i]));
        if (!strcmp(was ? was : "", is ? is : ""))
            continue;
        buffer_append_format(&label, "page.field_%s", names[i]);
        json_t *row = json_pack("{ss}", "label", buffer_string(&label));
        model_text(row, "was", was);
        model_text(row, "is", is);
        json_array_append_new(list, row);
    }
    if (strcmp(before.employment, after->employment) != 0)
        json_array_append_new(list, json_pack("{ss sO sO}", "label", "page.field_employment",
                                              "was_key", json_object_get(old, "employment"),
                                              "is_key", json_object_get(new, "employment")));
    json_decref(old);
    json_decref(new);
    return list;
}

/* [{column (key), sentence}] */
static json_t *mistake_rows(struct web_request *request, const struct identity_import_row *row)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < row->mistake_count; i++) {
        const struct identity_import_mistake *mistake = &row->mistakes[i];
        AUTO_BUFFER label = {0};
        json_t *shown = json_object();
        struct error error = {.code = mistake->code};
        snprintf(error.where, sizeof error.where, "%s", mistake->field);
        snprintf(error.detail, sizeof error.detail, "%s", mistake->detail);
        buffer_append_format(&label, "page.field_%s", mistake->field);
        if (*mistake->field)
            model_text(shown, "column", buffer_string(&label));
        model_text(shown, "sentence", people_sentence(request, &error, &label));
        json_array_append_new(rows, shown);
    }
    return rows;
}

static json_t *row_model(struct web_request *request, const struct identity_import_row *row)
{
    json_t *model = people_row(request, &row->person);
    model_number(model, "line", (int64_t)row->line);
    if (row->change == IDENTITY_IMPORT_CHANGE)
        json_object_set_new(model, "differences", differences(request, &row->person));
    if (row->change == IDENTITY_IMPORT_ERROR)
        json_object_set_new(model, "mistakes", mistake_rows(request, row));
    return model;
}

static void show_preview(struct web_request *request, const struct identity_import *import,
                         bool changed)
{
    json_t *model = model_page(request, "people.import_preview");
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        json_t *rows = json_array();
        for (size_t i = 0; i < import->count && json_array_size(rows) < ROWS_SHOWN; i++)
            if (import->rows[i].change == groups[g].change)
                json_array_append_new(rows, row_model(request, &import->rows[i]));
        json_object_set_new(model, groups[g].state, rows);
    }
    model_number(model, "error_count", (int64_t)import->errors);
    model_number(model, "add_count", (int64_t)import->adds);
    model_number(model, "change_count", (int64_t)import->changes);
    model_number(model, "same_count",
                 (int64_t)(import->count - import->adds - import->changes - import->errors));
    model_flag(model, "shortened",
               import->adds > ROWS_SHOWN || import->changes > ROWS_SHOWN ||
                   import->errors > ROWS_SHOWN);
    model_flag(model, "ready", !import->errors && (import->adds || import->changes));
    model_flag(model, "changed", changed);
    answer_page(request, import->errors || changed ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK,
                "people_import_preview", model);
}

static void failed(struct web_request *request, const struct error *error)
{
    if (people_error_is_theirs(error))
        show(request, error);
    else
        answer_error(request, error);
}

void page_import_preview(struct web_request *request)
{
    const struct buffer *table = request->upload;
    struct identity_import import;
    struct error error = {0};
    if (!table || !table->length)
        error_set(&error, "people_no_table", "table", "%s", "");
    if (error.code || identity_import_preview(request->store, buffer_bytes(table), request->now,
                                              &import, &error)) {
        failed(request, &error);
        return;
    }
    if (!import.errors && identity_import_keep(request->store, request->session.person,
                                               buffer_bytes(table), request->now, &error))
        answer_error(request, &error);
    else
        show_preview(request, &import, false);
    identity_import_free(&import);
}

/* ---- doing it ---- */

void page_import_apply(struct web_request *request)
{
    AUTO_BUFFER table = {0};
    struct identity_import import;
    struct error error = {0};
    struct identity_act act = people_act(request);
    int64_t person = request->session.person;
    int kept = identity_import_kept(request->store, person, request->now, &table, &error);
    if (kept == 0)
        error_set(&error, "people_import_gone", "table", "%s", "");
    if (kept != 1 || identity_import_preview(request->store, buffer_bytes(&table), request->now,
                                             &import, &error)) {
        failed(request, &error);
        return;
    }
    bool same = request_number(request_field(request, "adds")) == (int64_t)import.adds &&
                request_number(request_field(request, "changes")) == (int64_t)import.changes;
    if (!same || import.errors)
        show_preview(request, &import, true);
    else if (identity_import_apply(request->store, &act, &import, &error) ||
             identity_import_drop(request->store, person, &error))
        failed(request, &error);
    else
        people_done(request, "/people", 0, "imported");
    identity_import_free(&import);
}
