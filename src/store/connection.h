/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the store room share about a connection. */
#ifndef STORE_CONNECTION_H
#define STORE_CONNECTION_H

#include <sqlite3.h>
#include <unistd.h>

#include "store/statement_table.h"
#include "store/store.h"

/* A prepared statement and whether its rows are being read. */
struct store_rows {
    struct store *store;
    sqlite3_stmt *prepared; /* NULL until first used */
    enum store_statement statement;
    bool open;
    bool on_row; /* stepped to a row that can be read */
};

enum store_transaction {
    TRANSACTION_NONE,
    TRANSACTION_READ,
    TRANSACTION_WRITE,
};

struct store {
    sqlite3 *database;
    char *directory;
    pid_t process; /* that opened it */
    enum store_transaction transaction;
    unsigned open_rows;
    struct store_rows rows[STATEMENT_COUNT];
};

/* Fills error from what SQLite last said about the connection; returns -1. */
int connection_error(struct store *store, struct error *error);

/* Opens the file with all safety settings on, without looking at the schema; `flags` are SQLite's.
 */
int connection_open(const char *directory, int flags, struct store **store, struct error *error);

/* Brings the schema to version `target` at most, in one transaction (migrate.c). */
int migrate_to(struct store *store, int target, struct error *error);

#endif
