/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * State that survives anything: one organization's directory with its database.
 *
 *     sekisho.db     state (SQLite, write-ahead log, every commit synced)
 *     blobs/         files, encrypted (store/blob.h)
 *     journal/       the record nobody can quietly change (journal/journal.h)
 *     keys/          journal.key (0600), journal.pub, journal.first.pub (the log's first key, where
 *                    proving begins), journal.state (what was last signed), blob.key (0600)
 *
 * A struct store is one connection: one thread of one process uses it. After fork the child opens
 * its own. SQL stands in src/store/sql and nowhere else; callers name a statement and give values.
 *
 * Errors of all functions here, beside those of base/file.h: store_busy (another process kept the
 * database locked for STORE_PATIENCE), store_broken (the database is damaged), store_failed (what
 * the database says), store_nested (a transaction or a statement is used inside itself),
 * store_no_transaction (a change outside a transaction), store_wrong_process, store_misuse (values
 * that the statement does not take: a mistake in our code), store_conflict (the change would break
 * a uniqueness, reference or check of the schema).
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/buffer.h"
#include "store/statements.h"

struct error;
struct store;

#define STORE_PATIENCE 10000 /* ms that a transaction waits for another one's end */

/* ---- directory and connection ---- */

/* Appends the path of something inside the organization's directory: "sekisho.db", "blobs". */
void store_append_path(struct buffer *out, const char *directory, const char *inside);

/*
 * Makes an empty database with today's schema in a directory that exists; store_setup
 * (store/sealing.h) makes the whole of a new organization. Code file_exists when there is one.
 */
int store_create(const char *directory, struct error *error);

/*
 * Opens the database and brings an older schema forward. Code store_newer_schema when it comes from
 * a newer program, file_missing when there is none. The caller closes what comes out.
 */
int store_open(const char *directory, struct store **store, struct error *error);

/* Closes it, rolling an open transaction back. NULL is allowed. */
void store_close(struct store *store);

/* The directory that was opened; lives as long as the store. */
const char *store_directory(const struct store *store);

/* ---- transactions ---- */

/* Begins a transaction that may change things; waits for its turn, then nobody else writes. */
int store_begin(struct store *store, struct error *error);

/* Begins one that only reads and sees one state from its first statement to its end. */
int store_begin_read(struct store *store, struct error *error);

/* Ends it; 0 means everything is on the disk. After a failure it is rolled back. */
int store_commit(struct store *store, struct error *error);

/* Ends it as `result` says: 0 as store_commit, else as store_rollback. 0, or -1. */
int store_conclude(struct store *store, int result, struct error *error);

/* Ends it without a trace; allowed, and without effect, when none is open. */
void store_rollback(struct store *store);

/* ---- statements ---- */

enum store_type {
    STORE_INTEGER = 1,
    STORE_TEXT = 2,
    STORE_BLOB = 3,
    STORE_NULLABLE = 8, /* added to a type in the tables; alone: the null value */
};

struct store_value {
    enum store_type type;
    int64_t integer;
    struct bytes bytes; /* borrowed until the call returns or the rows are closed */
};

static inline struct store_value store_integer(int64_t value)
{
    return (struct store_value){.type = STORE_INTEGER, .integer = value};
}

static inline struct store_value store_text(const char *value)
{
    return (struct store_value){.type = STORE_TEXT, .bytes = bytes_of_string(value)};
}

static inline struct store_value store_text_bytes(struct bytes utf8)
{
    return (struct store_value){.type = STORE_TEXT, .bytes = utf8};
}

static inline struct store_value store_blob(const void *data, size_t length)
{
    return (struct store_value){.type = STORE_BLOB, .bytes = {data, length}};
}

static inline struct store_value store_null(void)
{
    return (struct store_value){.type = STORE_NULLABLE};
}

/* The values of a call: store_run(store, STATEMENT_X, STORE_VALUES(store_integer(7)), error). */
#define STORE_VALUES(...)                                                                          \
    ((const struct store_value[]){__VA_ARGS__}),                                                   \
        (sizeof((const struct store_value[]){__VA_ARGS__}) / sizeof(struct store_value))
#define STORE_NO_VALUES NULL, 0

/* Runs a statement to its end and forgets its rows. */
int store_run(struct store *store, enum store_statement statement, const struct store_value *values,
              size_t count, struct error *error);

/* The rows of a statement that is under way. */
struct store_rows;

/*
 * Starts a statement that gives rows; the caller closes *rows, at the latest before the transaction
 * ends. The same statement cannot be started again before that (store_nested).
 */
int store_query(struct store *store, enum store_statement statement,
                const struct store_value *values, size_t count, struct store_rows **rows,
                struct error *error);

/* Goes to the next row: 1 there is one, 0 no more, -1 error. */
int store_rows_next(struct store_rows *rows, struct error *error);

/* The columns of the present row, counted from 0; of the type the statement's `out` says. Text and
 * blob are good until the next row; a null gives 0, "", or no bytes. */
int64_t store_rows_integer(const struct store_rows *rows, int column);
const char *store_rows_text(const struct store_rows *rows, int column);
struct bytes store_rows_blob(const struct store_rows *rows, int column);
bool store_rows_null(const struct store_rows *rows, int column);

/* Ends the statement and sets *rows to NULL; for __attribute__((cleanup)) too. */
void store_rows_close(struct store_rows **rows);

#define AUTO_ROWS __attribute__((cleanup(store_rows_close))) struct store_rows

/* How many rows the last store_run changed. */
int64_t store_changed_rows(const struct store *store);

/* ---- care ---- */

/* Looks through the whole database: structure and references. Code store_broken. */
int store_check(struct store *store, struct error *error);

/* Moves the write-ahead log into the database, so that sekisho.db alone holds everything; with
 * other connections at work it moves what it can. */
int store_settle(struct store *store, struct error *error);

#endif
