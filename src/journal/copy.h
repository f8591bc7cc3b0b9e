/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Copies of a published journal: for backups, and to go on from one. A copy holds what the tree of
 * one checkpoint needs and nothing of what came later; nothing read here is verified (audit.h).
 */
#ifndef JOURNAL_COPY_H
#define JOURNAL_COPY_H

#include "base/buffer.h"
#include "journal/merkle.h"

/*
 * Brings the tiles of a checkpoint (the bytes of its note) from one journal's directory to another,
 * which is made when absent; tiles that are there already stay, so that the next copy is only what
 * is new. The checkpoint itself goes over last. The source may be written to meanwhile. All of it
 * is durable on return.
 */
int journal_copy(const char *from, const char *to, struct bytes checkpoint, struct error *error);

/*
 * The greatest sequence number among the entries of a copy, read back from the last one: the
 * position at which the source of the entries stood. 0 when no entry has one.
 */
int journal_copy_position(const char *directory, uint64_t *position, struct error *error);

/*
 * Makes a copy a journal that can be opened for writing, behind the position given. The directory
 * must not have a write-ahead log (journal_exists).
 */
int journal_adopt(const char *directory, uint64_t position, struct error *error);

#endif
