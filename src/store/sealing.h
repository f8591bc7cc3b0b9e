/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sealer of one organization: the outbox as the source of entries, journal and keys where the
 * directory has them. One process at a time seals; it alone needs keys/journal.key.
 */
#ifndef STORE_SEALING_H
#define STORE_SEALING_H

#include "journal/sealer.h"
#include "store/store.h"

struct store_sealing;

/*
 * Opens it; the caller closes it. witnesses may be NULL. Codes of store_open and sealer_open; the
 * step also store_gap and store_behind: nothing is sealed then.
 */
int store_sealing_open(const char *directory, const struct sealer_witnesses *witnesses,
                       struct store_sealing **sealing, struct error *error);

/* The sealer, for sealer_step, sealer_flush and the rest; lives as long as the sealing. */
struct sealer *store_sealing_sealer(struct store_sealing *sealing);

/* Closes it without sealing what is left. NULL does nothing. */
void store_sealing_close(struct store_sealing *sealing);

/*
 * Makes the directory of a new organization: keys, empty journal, database, and the first entry,
 * sealed. directory is absent or empty (directory_not_empty); the database comes last, so that what
 * was interrupted cannot be opened. origin names the log in its checkpoints (a signed-note key
 * name: no space, no plus) and never changes; NULL takes "sekisho/" and a random name.
 */
int store_setup(const char *directory, const char *organization, const char *origin,
                struct error *error);

/* As store_setup, with the moment that the first entry names. */
int store_setup_at(const char *directory, const char *organization, const char *origin, int64_t now,
                   struct error *error);

#endif
