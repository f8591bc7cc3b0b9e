/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files outside the database: written once, encrypted, found by their content.
 *
 * A blob's id is BLAKE2b-256 of its content under a key of the organization, so that equal files
 * are kept once and nobody without the key can tell whether a known file is there. On the disk
 * stands blobs/<2 hex>/<62 hex>: a head, then chunks of STORE_BLOB_CHUNK bytes under
 * XChaCha20-Poly1305 (libsodium's secretstream), the last one marked: a changed, cut, lengthened or
 * exchanged file is noticed when it is read.
 *
 * A blob stays as long as somebody uses it or its retention has not passed.
 *
 * Errors beside those of the store: store_blob_missing, store_blob_broken, store_key_missing,
 * store_key_bad.
 */
#ifndef STORE_BLOB_H
#define STORE_BLOB_H

#include "store/store.h"

#define STORE_BLOB_CHUNK 65536 /* bytes of content per chunk */

struct store_blob_id {
    uint8_t bytes[32];
};

/* ---- writing ---- */

struct store_blob_writer;

/* Starts a new blob; the caller closes the writer. Outside of any transaction, or in one. */
int store_blob_begin(struct store *store, struct store_blob_writer **writer, struct error *error);

/* Appends content. */
int store_blob_write(struct store_blob_writer *writer, struct bytes content, struct error *error);

/* Ends the content: the file is on the disk under its own name. Nobody uses it yet, so it goes when
 * the program stops here. id and size (bytes of content) may be NULL. */
int store_blob_finish(struct store_blob_writer *writer, struct store_blob_id *id, int64_t *size,
                      struct error *error);

/*
 * In the open transaction: the finished blob belongs to owner ("transfer/17/original") and is not
 * removed before the moment retain_until, not even when it was released.
 */
int store_blob_keep(struct store_blob_writer *writer, const char *owner, int64_t retain_until,
                    struct error *error);

/* Frees the writer; what was not finished is gone. NULL does nothing. */
void store_blob_close(struct store_blob_writer *writer);

/* ---- using ---- */

/* In the open transaction: one more owner for a blob that is kept already. */
int store_blob_share(struct store *store, const struct store_blob_id *id, const char *owner,
                     int64_t retain_until, struct error *error);

/* In the open transaction: owner does not need it any more. */
int store_blob_release(struct store *store, const struct store_blob_id *id, const char *owner,
                       struct error *error);

/* ---- reading ---- */

struct store_blob_reader;

/* Opens a blob for reading from its start; the caller closes the reader. */
int store_blob_open(struct store *store, const struct store_blob_id *id,
                    struct store_blob_reader **reader, struct error *error);

/*
 * The next piece of content, at most STORE_BLOB_CHUNK bytes, good until the next call; no bytes:
 * the end. Each piece is authentic; that the whole is this blob is known only at the end.
 */
int store_blob_read(struct store_blob_reader *reader, struct bytes *content, struct error *error);

/* Frees the reader. NULL does nothing. */
void store_blob_reader_close(struct store_blob_reader *reader);

/* ---- care ---- */

/* Reads every blob that the database names; the first broken or missing one is the error. */
int store_blob_check_all(struct store *store, uint64_t *checked, struct error *error);

/*
 * Removes what nobody uses and whose retention has passed at the moment `now`, files that no
 * committed transaction kept, and leftovers of writers that died. Safe beside everything else.
 */
int store_blob_collect(struct store *store, int64_t now, uint64_t *removed, struct error *error);

/*
 * Removes one blob now instead of at the next collection, if it may go: nobody uses it and its
 * retention has passed at the moment `now`. 0 also when it stays. Not in a transaction.
 */
int store_blob_remove(struct store *store, const struct store_blob_id *id, int64_t now,
                      struct error *error);

/* Makes keys/blob.key (0600) of a new organization; its directory exists. Code file_exists. */
int store_blob_create_key(const char *directory, struct error *error);

#endif
