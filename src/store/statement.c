/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Named statements: prepared once per connection, values checked against their declared types. */
#include <stdio.h>

#include "base/error.h"
#include "store/connection.h"

static int misuse(const struct store_rows *rows, const char *what, struct error *error)
{
    return error_set(error, "store_misuse", statement_table[rows->statement].name, "%s", what);
}

static int prepare(struct store_rows *rows, struct error *error)
{
    const struct statement_text *text = &statement_table[rows->statement];
    if (sqlite3_prepare_v3(rows->store->database, text->sql, -1, SQLITE_PREPARE_PERSISTENT,
                           &rows->prepared, NULL) != SQLITE_OK)
        return connection_error(rows->store, error);
    if (text->out_count && sqlite3_column_count(rows->prepared) != text->out_count)
        return misuse(rows, "out does not fit the columns", error);
    return 0;
}

/* Binds one value to $number. The bytes stay the caller's until the statement ends. */
static int bind_value(struct store_rows *rows, int number, const struct store_value *value)
{
    char name[16];
    snprintf(name, sizeof name, "$%d", number);
    int index = sqlite3_bind_parameter_index(rows->prepared, name);
    const void *data = value->bytes.data ? (const void *)value->bytes.data : "";
    switch ((unsigned)value->type) {
    case STORE_INTEGER:
        return sqlite3_bind_int64(rows->prepared, index, value->integer);
    case STORE_TEXT:
        return sqlite3_bind_text64(rows->prepared, index, data, value->bytes.length, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case STORE_BLOB:
        return sqlite3_bind_blob64(rows->prepared, index, data, value->bytes.length, SQLITE_STATIC);
    default:
        return sqlite3_bind_null(rows->prepared, index);
    }
}

static int bind_values(struct store_rows *rows, const struct store_value *values, size_t count,
                       struct error *error)
{
    const struct statement_text *text = &statement_table[rows->statement];
    if (count != text->in_count)
        return misuse(rows, "wrong number of values", error);
    for (size_t i = 0; i < count; i++) {
        unsigned wanted = text->in[i], given = values[i].type;
        bool fits = given == STORE_NULLABLE ? (wanted & STORE_NULLABLE)
                                            : given == (wanted & ~(unsigned)STORE_NULLABLE);
        if (!fits)
            return misuse(rows, "value of another type", error);
        if (bind_value(rows, (int)i + 1, &values[i]) != SQLITE_OK)
            return connection_error(rows->store, error);
    }
    return 0;
}

/* Changes happen in transactions only, so that a change and its journal entry go together. */
static int check_allowed(const struct store_rows *rows, struct error *error)
{
    const struct statement_text *text = &statement_table[rows->statement];
    if (text->of_connection || sqlite3_stmt_readonly(rows->prepared) ||
        rows->store->transaction == TRANSACTION_WRITE)
        return 0;
    return error_set(error, "store_no_transaction", text->name, "%s", "");
}

int store_query(struct store *store, enum store_statement statement,
                const struct store_value *values, size_t count, struct store_rows **out,
                struct error *error)
{
    struct store_rows *rows = &store->rows[statement];
    rows->store = store;
    rows->statement = statement;
    if (store->process != getpid())
        return error_set(error, "store_wrong_process", statement_table[statement].name, "%s", "");
    if (rows->open)
        return error_set(error, "store_nested", statement_table[statement].name, "%s", "");
    if (!rows->prepared && prepare(rows, error) != 0)
        return -1;
    if (check_allowed(rows, error) != 0 || bind_values(rows, values, count, error) != 0) {
        sqlite3_clear_bindings(rows->prepared);
        return -1;
    }
    rows->open = true;
    store->open_rows++;
    *out = rows;
    return 0;
}

int store_rows_next(struct store_rows *rows, struct error *error)
{
    if (!rows || !rows->open)
        return error_set(error, "store_misuse", "rows", "%s", "not open");
    int code = sqlite3_step(rows->prepared);
    rows->on_row = code == SQLITE_ROW;
    if (code == SQLITE_ROW)
        return 1;
    return code == SQLITE_DONE ? 0 : connection_error(rows->store, error);
}

int store_run(struct store *store, enum store_statement statement, const struct store_value *values,
              size_t count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, statement, values, count, &rows, error) != 0)
        return -1;
    int result;
    while ((result = store_rows_next(rows, error)) == 1)
        continue;
    return result;
}

void store_rows_close(struct store_rows **rows)
{
    struct store_rows *closing = *rows;
    *rows = NULL;
    if (!closing || !closing->open)
        return;
    sqlite3_reset(closing->prepared);
    sqlite3_clear_bindings(closing->prepared);
    closing->open = closing->on_row = false;
    closing->store->open_rows--;
}

int64_t store_rows_integer(const struct store_rows *rows, int column)
{
    return rows->on_row ? sqlite3_column_int64(rows->prepared, column) : 0;
}

const char *store_rows_text(const struct store_rows *rows, int column)
{
    const unsigned char *text = rows->on_row ? sqlite3_column_text(rows->prepared, column) : NULL;
    return text ? (const char *)text : "";
}

struct bytes store_rows_blob(const struct store_rows *rows, int column)
{
    if (!rows->on_row)
        return (struct bytes){NULL, 0};
    const void *data = sqlite3_column_blob(rows->prepared, column);
    return (struct bytes){data, (size_t)sqlite3_column_bytes(rows->prepared, column)};
}

bool store_rows_null(const struct store_rows *rows, int column)
{
    return !rows->on_row || sqlite3_column_type(rows->prepared, column) == SQLITE_NULL;
}

int64_t store_changed_rows(const struct store *store)
{
    return sqlite3_changes64(store->database);
}
