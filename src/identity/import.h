/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * People from a table (CSV as Excel writes it, in CP932 or UTF-8).
 *
 * The first row names the columns, in any order: ログインID/login, 氏名/name, フリガナ/kana,
 * メール/mail, 所属コード/department, 任用区分/employment, 開始日/starts, 終了日/ends. The first,
 * second, fifth and sixth must be there. Dates are 2026-04-01 or 2026/4/1. A login that exists
 * already is a change of that person; who is not in the table is left alone.
 */
#ifndef IDENTITY_IMPORT_H
#define IDENTITY_IMPORT_H

#include "identity/people.h"

#define IDENTITY_IMPORT_ROWS 5000

enum identity_import_change {
    IDENTITY_IMPORT_ADD,
    IDENTITY_IMPORT_CHANGE,
    IDENTITY_IMPORT_SAME,
    IDENTITY_IMPORT_ERROR,
};

#define IDENTITY_IMPORT_MISTAKES 8 /* that are named of one row: one for each column at most */

struct identity_import_mistake {
    const char *code;           /* `error.<code>` */
    char field[32], detail[64]; /* in which column, and more about it */
};

struct identity_import_row {
    size_t line; /* in the file, from 1 */
    enum identity_import_change change;
    struct identity_person
        person; /* as it would be saved; of a row with mistakes, what could be read */
    struct identity_import_mistake
        *mistakes; /* what cannot be read, then what does not fit; NULL: none */
    size_t mistake_count;
};

struct identity_import {
    struct identity_import_row *rows; /* freed by identity_import_free */
    size_t count, adds, changes, errors;
};

/* Reads the table and says what would happen; nothing is changed. Codes import_columns (a needed
 * column is missing), import_empty, import_unreadable, import_too_long. */
int identity_import_preview(struct store *store, struct bytes csv, int64_t now,
                            struct identity_import *import, struct error *error);

/* Saves what the preview showed, all or nothing; one with errors is refused (import_errors). New
 * people have no password yet. Journal: people.import, and each person's own entry. */
int identity_import_apply(struct store *store, const struct identity_act *act,
                          struct identity_import *import, struct error *error);

void identity_import_free(struct identity_import *import);

/* ---- between the preview and the confirmation ---- */

#define IDENTITY_IMPORT_BYTES (8 << 20) /* a table at most */

/* Keeps a table for the person who brought it, for an hour; the one before it is forgotten. */
int identity_import_keep(struct store *store, int64_t person, struct bytes csv, int64_t now,
                         struct error *error);

/* Appends the table that is kept: 1 there is one, 0 none, -1 error. */
int identity_import_kept(struct store *store, int64_t person, int64_t now, struct buffer *csv,
                         struct error *error);

/* Forgets it. */
int identity_import_drop(struct store *store, int64_t person, struct error *error);

#endif
