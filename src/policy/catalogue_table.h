/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that tools/catalogue.py makes of data/catalogue. */
#ifndef POLICY_CATALOGUE_TABLE_H
#define POLICY_CATALOGUE_TABLE_H

#include "policy/catalogue.h"

/* A term of a control: met where both needles (often one and the same) stand. */
struct term {
    unsigned control; /* index in control_table */
    unsigned first;   /* indexes in needle_table */
    unsigned second;
    int weight; /* 1 to 9; -1 rules the control out */
};

/* A spelling or a name, and the one that is compared in its place. */
struct variant {
    const char *written;
    const char *plain;
};

extern const struct control control_table[]; /* sorted by id */
extern const size_t control_count;
extern const char *const needle_table[]; /* sorted by bytes */
extern const uint32_t needle_starts[];   /* the first three bytes of each needle as one number */
extern const size_t needle_count;
extern const struct term term_table[]; /* sorted by control */
extern const size_t term_count;
extern const struct variant variant_table[]; /* sorted by bytes of what is written */
extern const uint32_t variant_starts[];
extern const size_t variant_count;

#endif
