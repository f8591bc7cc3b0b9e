/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One set of a backup: its manifest, set.json, and what must hold between its parts. */
#ifndef STORE_BACKUP_SET_H
#define STORE_BACKUP_SET_H

#include "base/buffer.h"
#include "store/store.h"

struct backup_set {
    char database_sha256[65];
    int64_t created; /* moment */
    uint64_t entries, blobs;
    struct buffer organization; /* UTF-8 */
    struct buffer checkpoint;   /* the signed note */
};

void backup_set_free(struct backup_set *set);

/* Appends the manifest as JSON. */
void backup_set_append(struct buffer *out, struct backup_set *set);

/* Reads a manifest; every member must be there. Code backup_unreadable. */
int backup_set_parse(struct bytes json, const char *where, struct backup_set *set,
                     struct error *error);

/* The name of the newest set below a backup's directory, appended. Code backup_no_set. */
int backup_set_newest(const char *backup, struct buffer *name, struct error *error);

/* SHA-256 of a file in hexadecimal. */
int backup_digest(const char *path, char hex[65], struct error *error);

/*
 * The journal in a directory ends at number `position` of the store's entries. True together means:
 * nothing of it is unknown to the database, and what comes behind it waits in the outbox without a
 * gap. Code backup_mixed.
 */
int backup_check_together(struct store *store, uint64_t position, struct error *error);

#endif
