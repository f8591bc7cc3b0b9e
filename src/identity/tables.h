/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that tools/identity_tables.py makes of the files under data/. */
#ifndef IDENTITY_TABLES_H
#define IDENTITY_TABLES_H

#include <stddef.h>

struct permission_row {
    const char *role, *action;
    const char *zone;    /* "*", "here", or an id */
    int lowest, highest; /* rank of classification */
};
extern const struct permission_row permission_table[]; /* by role and action */
extern const size_t permission_count;

struct classification_row {
    const char *label;
    int rank;
    const char *scheme;
};
extern const struct classification_row classification_table[]; /* by label */
extern const size_t classification_count;

extern const char *const guessable_table[]; /* the longest first */
extern const size_t guessable_count;

#endif
