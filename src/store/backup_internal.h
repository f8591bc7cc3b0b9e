/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What backup, restore and proof share. */
#ifndef STORE_BACKUP_INTERNAL_H
#define STORE_BACKUP_INTERNAL_H

#include "store/backup.h"
#include "store/backup_set.h"
#include "store/blob_file.h"

/*
 * The journal in a directory is whole and signed by the key in the file, or one that it handed over
 * to. *entries is its size, *position the number of its last entry from the store.
 */
int prove_journal(const char *journal, const char *public_key, uint64_t *entries,
                  uint64_t *position, struct error *error);

/* Puts a file at a new place in one step: by linking where the file system can, else by copying. A
 * file that is there already stays. *added counts those that were not. */
int backup_put_file(const char *from, const char *to, bool link_allowed, uint64_t *added,
                    struct error *error);

/* Packs a directory into one tar file, in one step; and unpacks one into a directory (made here).
 */
int backup_pack(const char *directory, const char *file, struct error *error);
int backup_unpack(const char *file, const char *directory, struct error *error);

/* True when a path names a tar file rather than a directory. */
bool backup_is_file(const char *path);

#endif
