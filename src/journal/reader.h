/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading a published journal: its checkpoint, its entries, and the hashes that proofs are made of.
 * Nothing read here is verified; audit.h does that.
 */
#ifndef JOURNAL_READER_H
#define JOURNAL_READER_H

#include "base/buffer.h"
#include "journal/merkle.h"

struct journal_reader;

/* Opens the directory of a journal; the caller frees the reader. NULL and an error otherwise. */
struct journal_reader *journal_reader_open(const char *directory, struct error *error);
void journal_reader_free(struct journal_reader *reader);

/* Appends the bytes of the published checkpoint. */
int journal_reader_checkpoint(struct journal_reader *reader, struct buffer *note,
                              struct error *error);

/*
 * Reads as of a tree of that many entries from now on. Partial tiles of that size, or the complete
 * ones that took their place, must be there.
 */
void journal_reader_set_size(struct journal_reader *reader, uint64_t size);

/* Hashes of complete subtrees, out of tiles; borrowed from the reader. */
struct merkle_source journal_reader_source(struct journal_reader *reader);

/* The root of the first size entries of a journal's directory, whose tiles are of tree_size. */
int journal_reader_root(const char *directory, uint64_t tree_size, uint64_t size,
                        struct merkle_hash *root, struct error *error);

/* Appends entry index, which must be below the size. */
int journal_reader_entry(struct journal_reader *reader, uint64_t index, struct buffer *out,
                         struct error *error);

/*
 * Visits the entries from first up to end (or the size, if that is lower) in order. The visitor
 * returns 0 to go on, 1 to stop, -1 with an error.
 */
int journal_reader_visit(struct journal_reader *reader, uint64_t first, uint64_t end,
                         int (*visit)(void *context, uint64_t index, struct bytes entry,
                                      struct error *error),
                         void *context, struct error *error);

#endif
