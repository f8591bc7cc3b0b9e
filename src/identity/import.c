/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People from a table: what would happen, and doing it. */
#include "identity/import.h"

#include <ctype.h>
#include <stddef.h>

#include "base/encoding.h"
#include "base/memory.h"
#include "base/time.h"
#include "base/utf8.h"
#include "identity/import_table.h"
#include "identity/internal.h"

enum column {
    COLUMN_LOGIN,
    COLUMN_NAME,
    COLUMN_KANA,
    COLUMN_MAIL,
    COLUMN_DEPARTMENT,
    COLUMN_EMPLOYMENT,
    COLUMN_STARTS,
    COLUMN_ENDS,
    COLUMNS,
};

static const struct {
    const char *english, *japanese;
    bool needed;
} column_names[COLUMNS] = {
    {"login", "ログインID", true},      {"name", "氏名", true},
    {"kana", "フリガナ", false},        {"mail", "メール", false},
    {"department", "所属コード", true}, {"employment", "任用区分", true},
    {"starts", "開始日", false},        {"ends", "終了日", false},
};

static const struct {
    const char *written, *kind;
} employments[] = {
    {"regular", "regular"},
    {"職員", "regular"},
    {"正規職員", "regular"},
    {"fiscal_year", "fiscal_year"},
    {"会計年度任用職員", "fiscal_year"},
    {"contractor", "contractor"},
    {"委託事業者", "contractor"},
    {"委託", "contractor"},
};

/* Where each column stands in the table; IMPORT_FIELDS: nowhere. */
struct layout {
    size_t place[COLUMNS];
};

/* ---- one row ---- */

/* A field that does not fit into its array would be cut: refuse it. */
static int put(char *to, size_t size, const char *from, const char *field, struct error *error)
{
    if (strlen(from) >= size)
        return error_set(error, "identity_bad_value", field, "%s", "");
    utf8_copy(to, size, from);
    return 0;
}

/* 2026-04-01, 2026/4/1; an empty field gives 0 and leaves the moment as it was. */
static int put_date(const char *text, int64_t *moment, const char *field, struct error *error)
{
    struct date date = {0};
    int *const parts[] = {&date.year, &date.month, &date.day};
    if (*text == '\0')
        return 0;
    for (size_t i = 0; i < 3; i++) {
        size_t digits = 0;
        for (; isdigit((unsigned char)*text) && digits < 4; text++, digits++)
            *parts[i] = *parts[i] * 10 + (*text - '0');
        bool separated = i == 2 ? *text == '\0' : *text == '-' || *text == '/';
        if (digits == 0 || !separated)
            return error_set(error, "import_date", field, "%s", "");
        text += i < 2;
    }
    if (!date_valid(date))
        return error_set(error, "import_date", field, "%s", "");
    *moment = time_start_of_date(date);
    return 0;
}

static int put_employment(const char *text, struct identity_person *person, struct error *error)
{
    for (size_t i = 0; i < sizeof employments / sizeof *employments; i++) {
        if (!strcmp(employments[i].written, text)) {
            utf8_copy(person->employment, sizeof person->employment, employments[i].kind);
            return 0;
        }
    }
    return error_set(error, "import_employment", "employment", "%s", text);
}

static int put_department(struct store *store, const char *code, struct identity_person *person,
                          struct error *error)
{
    struct identity_department department;
    struct error none = {0};
    if (identity_department_read(store, 0, code, &department, &none) != 0) {
        if (!strcmp(none.code, "identity_unknown"))
            return error_set(error, "identity_department_unknown", "department", "%s", code);
        *error = none;
        return -1;
    }
    person->department = department.id;
    memcpy(person->department_name, department.name, sizeof person->department_name);
    return 0;
}

/* Notes what an error says of a row; it is then nothing any more. */
static void note(struct identity_import_row *row, struct error *error)
{
    if (!error->code || row->mistake_count == IDENTITY_IMPORT_MISTAKES)
        return;
    if (!row->mistakes)
        row->mistakes = memory_allocate(IDENTITY_IMPORT_MISTAKES, sizeof *row->mistakes);
    struct identity_import_mistake *mistake = &row->mistakes[row->mistake_count++];
    mistake->code = error->code;
    utf8_copy(mistake->field, sizeof mistake->field, error->where);
    utf8_copy(mistake->detail, sizeof mistake->detail, error->detail);
    *error = (struct error){0};
}

/* Lays one column over what the person is so far. */
static int put_column(struct store *store, enum column column, const char *text,
                      struct identity_person *person, struct error *error)
{
    int64_t last_day = 0;
    switch (column) {
    case COLUMN_LOGIN:
        return put(person->login, sizeof person->login, text, "login", error);
    case COLUMN_NAME:
        return put(person->name, sizeof person->name, text, "name", error);
    case COLUMN_KANA:
        return *text ? put(person->kana, sizeof person->kana, text, "kana", error) : 0;
    case COLUMN_MAIL:
        return *text ? put(person->mail, sizeof person->mail, text, "mail", error) : 0;
    case COLUMN_DEPARTMENT:
        return put_department(store, text, person, error);
    case COLUMN_EMPLOYMENT:
        return put_employment(text, person, error);
    case COLUMN_STARTS:
        return put_date(text, &person->starts, "starts", error);
    default:
        if (put_date(text, &last_day, "ends", error) != 0)
            return -1;
        if (last_day)
            person->ends = last_day + TIME_DAY; /* the last day still counts */
        return 0;
    }
}

/* Puts what is never wrong into a field, so that the check says what else is; false: no column. */
static bool mend(struct identity_person *person, const char *field)
{
    static const struct {
        const char *field, *good;
        size_t offset;
    } texts[] = {
        {"login", "login", offsetof(struct identity_person, login)},
        {"name", "name", offsetof(struct identity_person, name)},
        {"kana", "", offsetof(struct identity_person, kana)},
        {"mail", "", offsetof(struct identity_person, mail)},
        {"employment", "regular", offsetof(struct identity_person, employment)},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!strcmp(texts[i].field, field)) {
            memcpy((char *)person + texts[i].offset, texts[i].good, strlen(texts[i].good) + 1);
            return true;
        }
    if (strcmp(field, "starts") != 0 && strcmp(field, "ends") != 0)
        return false;
    person->ends = 0;
    return true;
}

/* What a person must be besides, of every column that has no mistake yet. */
static void check_whole(struct identity_import_row *row)
{
    struct identity_person person = row->person;
    struct error error = {0};
    for (size_t i = 0; i < row->mistake_count; i++)
        mend(&person, row->mistakes[i].field);
    while (row->mistake_count < IDENTITY_IMPORT_MISTAKES &&
           identity_person_check(&person, &error) != 0) {
        bool known = mend(&person, error.where);
        note(row, &error);
        if (!known)
            return;
    }
    if (!row->mistake_count)
        row->person = person; /* with the language that was filled in */
}

/* Lays a row over what the person is so far and notes every mistake in it. -1: the store failed. */
static int fill(struct store *store, struct import_reader *reader, const struct layout *layout,
                struct identity_import_row *row, struct error *error)
{
    for (enum column i = 0; i < COLUMNS; i++) {
        struct error wrong = {0};
        if (put_column(store, i, import_reader_field(reader, layout->place[i]), &row->person,
                       &wrong) == 0)
            continue;
        if (!strncmp(wrong.code, "store_", 6)) {
            *error = wrong;
            return -1;
        }
        note(row, &wrong);
    }
    check_whole(row);
    return 0;
}

/* ---- the whole table ---- */

static int find_columns(struct import_reader *reader, struct layout *layout, struct error *error)
{
    if (import_reader_next(reader) != 1)
        return error_set(error, "import_empty", NULL, "%s", "");
    for (size_t i = 0; i < COLUMNS; i++) {
        layout->place[i] = IMPORT_FIELDS;
        for (size_t j = 0; j < reader->count; j++) {
            const char *title = import_reader_field(reader, j);
            if (!strcmp(title, column_names[i].english) || !strcmp(title, column_names[i].japanese))
                layout->place[i] = j;
        }
        if (layout->place[i] == IMPORT_FIELDS && column_names[i].needed)
            return error_set(error, "import_columns", NULL, "%s", column_names[i].japanese);
    }
    return 0;
}

/* True when a login stands in a row before this one. */
static bool stands_above(const struct identity_import *import, const char *login)
{
    for (size_t i = 0; i < import->count; i++)
        if (!strcmp(import->rows[i].person.login, login))
            return true;
    return false;
}

static int judge(struct store *store, struct import_reader *reader, const struct layout *layout,
                 int64_t now, const struct identity_import *import, struct identity_import_row *row,
                 struct error *error)
{
    struct error wrong = {0};
    struct identity_person before = {.starts = now};
    const char *login = import_reader_field(reader, layout->place[COLUMN_LOGIN]);
    if (identity_person_read(store, 0, login, &before, &wrong) != 0 &&
        strcmp(wrong.code, "identity_unknown") != 0) {
        *error = wrong;
        return -1;
    }
    wrong = (struct error){0};
    row->line = reader->line;
    row->person = before;
    if (fill(store, reader, layout, row, error) != 0)
        return -1;
    if (*login && stands_above(import, login)) {
        error_set(&wrong, "import_twice", "login", "%s", "");
        note(row, &wrong);
    }
    if (row->mistake_count) {
        row->change = IDENTITY_IMPORT_ERROR;
    } else if (before.id == 0) {
        row->change = IDENTITY_IMPORT_ADD;
    } else {
        row->change = memcmp(&before, &row->person, sizeof before) ? IDENTITY_IMPORT_CHANGE
                                                                   : IDENTITY_IMPORT_SAME;
    }
    return 0;
}

static int read_rows(struct store *store, struct import_reader *reader, int64_t now,
                     struct identity_import *import, struct error *error)
{
    struct layout layout;
    int found;
    if (find_columns(reader, &layout, error) != 0)
        return -1;
    import->rows = memory_allocate(IDENTITY_IMPORT_ROWS, sizeof *import->rows);
    while ((found = import_reader_next(reader)) == 1) {
        if (import->count == IDENTITY_IMPORT_ROWS)
            return error_set(error, "import_too_long", NULL, "%d", IDENTITY_IMPORT_ROWS);
        struct identity_import_row *row = &import->rows[import->count];
        int judged = judge(store, reader, &layout, now, import, row, error);
        import->count++; /* also one that failed, so that it is freed */
        if (judged != 0)
            return -1;
        import->adds += row->change == IDENTITY_IMPORT_ADD;
        import->changes += row->change == IDENTITY_IMPORT_CHANGE;
        import->errors += row->change == IDENTITY_IMPORT_ERROR;
    }
    if (found < 0)
        return error_set(error, "import_unreadable", NULL, "%zu", reader->line);
    return import->count ? 0 : error_set(error, "import_empty", NULL, "%s", "");
}

int identity_import_preview(struct store *store, struct bytes csv, int64_t now,
                            struct identity_import *import, struct error *error)
{
    AUTO_BUFFER text = {0};
    *import = (struct identity_import){0};
    if (csv.length > IDENTITY_IMPORT_BYTES)
        return error_set(error, "import_too_long", NULL, "%d", IDENTITY_IMPORT_ROWS);
    enum encoding encoding = encoding_detect(csv), marked;
    size_t mark = encoding_mark(csv, &marked);
    if (encoding == ENCODING_UNKNOWN ||
        encoding_to_utf8(encoding, bytes_slice(csv, mark, csv.length), &text) != 0)
        return error_set(error, "import_unreadable", NULL, "%d", 1);
    struct import_reader reader = import_reader_open(buffer_bytes(&text));
    int result = read_rows(store, &reader, now, import, error);
    import_reader_free(&reader);
    if (result != 0)
        identity_import_free(import);
    return result;
}

void identity_import_free(struct identity_import *import)
{
    for (size_t i = 0; i < import->count; i++)
        free(import->rows[i].mistakes);
    free(import->rows);
    *import = (struct identity_import){0};
}

static int apply(struct store *store, const struct identity_act *act,
                 struct identity_import *import, struct error *error)
{
    for (size_t i = 0; i < import->count; i++) {
        struct identity_import_row *row = &import->rows[i];
        bool saves = row->change == IDENTITY_IMPORT_ADD || row->change == IDENTITY_IMPORT_CHANGE;
        if (saves && identity_person_write(store, act, &row->person, error) != 0)
            return -1;
    }
    struct identity_text adds = identity_number((int64_t)import->adds);
    struct identity_text changes = identity_number((int64_t)import->changes);
    return identity_record(store, act, "people.import", "people", 0,
                           IDENTITY_FACTS({"added", adds.text}, {"changed", changes.text}), error);
}

int identity_import_apply(struct store *store, const struct identity_act *act,
                          struct identity_import *import, struct error *error)
{
    if (import->errors)
        return error_set(error, "import_errors", NULL, "%zu", import->errors);
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, apply(store, act, import, error), error);
}
