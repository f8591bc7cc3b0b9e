/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing the journal: entries in, durable on return; tiles and checkpoints out.
 *
 * One directory is one log (C2SP tlog-tiles): `checkpoint`, `tile/…`, and beside them `wal/`, the
 * write-ahead log, and `lock`. One process at a time writes; anybody may read at the same time.
 *
 * The source of the entries (the outbox) counts them by a position of its own. The journal keeps,
 * in the same write as the entries, the position behind the last of them, so that after a crash the
 * source knows where to go on: nothing is lost and nothing comes twice.
 *
 * Not thread-safe: one thread per journal.
 */
#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H

#include "base/buffer.h"
#include "journal/merkle.h"

struct journal;

/*
 * Makes an empty journal in directory, which must be absent or empty. origin is the log's name
 * (signed-note key name), the first line of its checkpoints. Codes: journal_exists, journal_bad_key
 * for the name, and those of the file system (disk_full, file_read_only,
 * file_missing, file_failed).
 */
int journal_create(const char *directory, const char *origin, struct error *error);

/*
 * Opens a journal for writing and brings it back after a crash: every entry that was ever
 * acknowledged is there. NULL and an error when it cannot be whole: journal_log_damaged (wal/),
 * journal_tiles_differ (tiles do not give the published root), journal_other_origin,
 * journal_in_use (another process has it open), or those of the file system.
 */
struct journal *journal_open(const char *directory, const char *origin, struct error *error);

/* Closes it; what was acknowledged stays. NULL does nothing. */
void journal_close(struct journal *journal);

enum { JOURNAL_BATCH_MAX = 8 << 20 };

/* What an entry of that length adds to the size of its batch, which JOURNAL_BATCH_MAX limits. */
static inline size_t journal_batch_cost(size_t entry_length)
{
    return 2 + entry_length;
}

/*
 * Appends a batch of entries of at most 65,535 bytes each and makes it durable with one flush.
 * position is the source's position behind the last of them. After a crash a batch is there as a
 * whole or not at all.
 *
 * On failure the batch may or may not be there: close and open the journal, and ask its size and
 * position. After disk_full or file_read_only what was there before is still whole.
 */
int journal_append(struct journal *journal, const struct bytes *entries, size_t count,
                   uint64_t position, struct error *error);

/* Entries acknowledged so far. */
uint64_t journal_size(const struct journal *journal);

/* The source's position behind the last acknowledged entry; 0 in an empty journal. */
uint64_t journal_position(const struct journal *journal);

/* The size of the published checkpoint; 0 when there is none. */
uint64_t journal_published_size(const struct journal *journal);

/* Appends the last acknowledged entry; nothing when the journal is empty. */
int journal_last_entry(const struct journal *journal, struct buffer *out, struct error *error);

/* The root of the tree of all acknowledged entries. */
void journal_root(const struct journal *journal, struct merkle_hash *root);

/*
 * Writes the partial tiles of the present size and makes all tiles durable, so that a checkpoint of
 * this size may be signed.
 */
int journal_prepare(struct journal *journal, struct error *error);

/*
 * Puts a signed checkpoint of the prepared tree in the place of the published one, durably. May be
 * called again for the same tree, with more signatures. journal_wrong_checkpoint for any other
 * tree.
 */
int journal_publish(struct journal *journal, struct bytes note, struct error *error);

#endif
