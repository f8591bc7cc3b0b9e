/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that tools/statements.py makes of the SQL files. */
#ifndef STORE_STATEMENT_TABLE_H
#define STORE_STATEMENT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/statements.h"
#include "store/store.h"

#define STATEMENT_COLUMNS_MAX 32

struct statement_text {
    const char *name;
    const char *sql;
    bool of_connection; /* sets up the connection, or begins or ends a transaction */
    uint8_t in_count, out_count;
    uint8_t in[STATEMENT_COLUMNS_MAX]; /* enum store_type, STORE_NULLABLE added where null may be */
    uint8_t out[STATEMENT_COLUMNS_MAX];
};

struct migration {
    int version;
    const char *sql; /* several statements */
};

extern const struct statement_text statement_table[STATEMENT_COUNT];
extern const struct migration migration_table[]; /* by version, 1 first */
extern const size_t migration_count;

#endif
