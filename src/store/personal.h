/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Personal data that may have to be erased. The content stands in the database, the journal's entry
 * holds only SHA-256(salt, content) with a random salt of 32 bytes; once salt and content are
 * erased nobody can find out what was hashed, and every proof of the journal stays valid.
 */
#ifndef STORE_PERSONAL_H
#define STORE_PERSONAL_H

#include "journal/entry.h"
#include "store/store.h"

/* Keeps content in the open transaction; *digest is what an entry may name. */
int store_personal_add(struct store *store, struct bytes content, struct merkle_hash *digest,
                       struct error *error);

/* Appends the content. 1 it was there, 0 it was erased, -1 error (store_unknown: never kept). */
int store_personal_read(struct store *store, const struct merkle_hash *digest, struct buffer *out,
                        struct error *error);

/*
 * Erases content and salt in the open transaction and records the erasure: `entry` says who, why
 * and under which clause; action, object and time are set here. 1 erased, 0 it already was, -1
 * error.
 */
int store_personal_erase(struct store *store, const struct merkle_hash *digest,
                         struct journal_entry *entry, struct error *error);

#endif
