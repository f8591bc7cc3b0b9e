/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading entries as JSON inside the room. */
#ifndef JOURNAL_ENTRY_INTERNAL_H
#define JOURNAL_ENTRY_INTERNAL_H

#include <jansson.h>

#include "journal/entry.h"

/*
 * Parses an entry as JSON with a known schema; NULL and an error otherwise. The caller gives the
 * value back with json_decref.
 */
json_t *journal_entry_load(struct bytes bytes, const char *where, struct error *error);

/* journal_entry_check without the quick look first. */
int journal_entry_parse(struct bytes bytes, uint64_t *sequence, const char *where,
                        struct error *error);

/* A member that is a string, or NULL. */
const char *journal_entry_text(const json_t *entry, const char *name);

#endif
