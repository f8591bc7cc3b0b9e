/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Copies of an organization's directory that stand for themselves, and coming back from them.
 *
 * A backup is a directory (or the same as one tar file):
 *
 *     sets/<UTC time>/sekisho.db   the database as of one moment
 *     sets/<UTC time>/set.json     what the set is, and the checkpoint that belongs to that moment
 *     sets/<UTC time>/keys/        journal.pub, journal.first.pub, blob.key; journal.key only when
 *                                  asked for
 *     blobs/, journal/             what all sets share: blobs, and the journal's tiles
 *
 * Database and checkpoint belong together: what the database does not hold any more of the outbox,
 * the checkpoint's tree holds, and no entry of the tree is unknown to the database. A further
 * backup into the same directory adds a set and only those blobs and tiles that are not there yet.
 *
 * Errors beside those of store, blobs and journal: backup_unreadable (not a backup, or of another
 * form), backup_changed (a file is not what the set says), backup_mixed (database and journal do
 * not belong together), backup_no_set, directory_not_empty.
 */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "store/store.h"

struct store_backup_options {
    const char *directory; /* of the organization; may be in use meanwhile */
    const char *to;        /* directory, or a new file whose name ends in .tar */
    bool with_signing_key; /* keys/journal.key too */
    bool without_blob_key; /* leave keys/blob.key out: it is kept elsewhere */
};

struct store_backup_report {
    char set[32];       /* name of the set */
    uint64_t entries;   /* of the journal, in its checkpoint */
    uint64_t blobs;     /* that the database names */
    uint64_t new_blobs; /* of them, copied this time */
};

/*
 * Takes a backup while the organization goes on working, then reads it back: the database is sound,
 * the journal's tree is that of its checkpoint and signed by the key in keys/journal.pub, both
 * belong together, and every blob copied this time is whole. The backup is recorded in the
 * organization's journal with the digest of the database. On failure no set is added, unless only
 * that recording failed.
 */
int store_backup(const struct store_backup_options *options, struct store_backup_report *report,
                 struct error *error);

struct store_restore_options {
    const char *from;      /* what store_backup wrote */
    const char *directory; /* absent or empty */
    const char *set;       /* NULL: the newest */
    const char *blob_key;  /* file, when the backup has none; else NULL */
};

/*
 * Makes an organization's directory out of a set and proves it as store_prove does. The restoring
 * is recorded as the first entry behind the checkpoint. On failure the directory stays without
 * sekisho.db and nothing can open it.
 */
int store_restore(const struct store_restore_options *options, struct store_backup_report *report,
                  struct error *error);

/*
 * Proves an organization's directory: database sound, journal whole and signed by the
 * key that keys/journal.first.pub leads to,
 * database and journal belong together, every blob whole. The report's set stays empty.
 */
int store_prove(const char *directory, struct store_backup_report *report, struct error *error);

#endif
