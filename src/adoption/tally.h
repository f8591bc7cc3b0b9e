/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which entries of the journal prove a control, and how many there are. */
#ifndef ADOPTION_TALLY_H
#define ADOPTION_TALLY_H

#include "adoption/internal.h"
#include "policy/catalogue.h"

enum { TALLY_ACTIONS = 4 };

/* A row of data/evidence.tsv; lists end with NULL or at TALLY_ACTIONS. "*" is every action. */
struct tally_row {
    const char *by;
    const char *accepted[TALLY_ACTIONS], *refused[TALLY_ACTIONS];
};

/* Made by tools/evidence.py, sorted by `by`. */
extern const struct tally_row tally_table[];
extern const size_t tally_row_count;

/* The row of a control whose work this program records; NULL when people have to attest it. */
const struct tally_row *tally_row_of(const struct control *control);

/* The counts of all actions: since the start of a fiscal year, and the moment of the last ever. */
struct tally;
int tally_read(struct store *store, int64_t now, struct tally **counts, struct error *error);
void tally_free(struct tally *counts);

/* Adds up the entries of a list of actions; *last is the latest moment, if later than it was. */
int64_t tally_sum(const struct tally *counts, const char *const actions[], int64_t *last);

#endif
