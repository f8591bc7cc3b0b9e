/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The form of a blob's file and its keys, shared by writer and reader.
 *
 *     bytes 0–7    "SEKBLOB1"
 *     bytes 8–11   key number, little endian
 *     bytes 12–15  chunk size, little endian: STORE_BLOB_CHUNK
 *     bytes 16–39  head of the secretstream
 *     then chunks: content, encrypted, and 17 bytes more; all but the last are full. The first 16
 *     bytes are authenticated with the first chunk; the last chunk has the tag FINAL.
 */
#ifndef STORE_BLOB_FILE_H
#define STORE_BLOB_FILE_H

#include <sodium.h>

#include "store/blob.h"

enum {
    BLOB_HEAD = 16,
    BLOB_START = BLOB_HEAD + crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    BLOB_CHUNK_FILE = STORE_BLOB_CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES,
};

struct blob_keys {
    uint32_t number; /* of the key, from 1 */
    uint8_t content[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    uint8_t identity[crypto_generichash_KEYBYTES];
    uint8_t secret[crypto_aead_xchacha20poly1305_ietf_KEYBYTES]; /* of store/secret.h */
};

/* The newest key (number 0), or the one of that number, from keys/blob.key. Codes
 * store_key_missing, store_key_bad. The caller wipes the keys with sodium_memzero. */
int blob_keys_read(const char *directory, uint32_t number, struct blob_keys *keys,
                   struct error *error);

/* Fills the first BLOB_HEAD bytes of a file. */
void blob_head_write(uint8_t head[BLOB_HEAD], uint32_t key_number);

/* The key number in a head; 0 when it is not one of ours. */
uint32_t blob_head_read(struct bytes head);

/* As store_blob_open, with the file below one directory and the key below another: in a backup the
 * keys may lie elsewhere. */
int blob_open(const char *directory, const char *key_directory, const struct store_blob_id *id,
              struct store_blob_reader **reader, struct error *error);

/* Reads a blob to its end: it must be whole, have this id and this many bytes of content. */
int blob_check(const char *directory, const char *key_directory, const struct store_blob_id *id,
               int64_t size, struct error *error);

/* The blob behind *id in the order of ids (first: the very first): 1 and id and size, 0 none, -1.
 */
int blob_next(struct store *store, struct store_blob_id *id, bool first, int64_t *size,
              struct error *error);

/* Appends the path of a blob's file. */
void blob_append_path(struct buffer *out, const char *directory, const struct store_blob_id *id);

/* Reads an id from the two parts of its file's name, "ab/cdef…"; false when it is none. */
bool blob_id_from_name(const char *name, struct store_blob_id *id);

/* The id in a row, or a code store_broken. */
int blob_id_from_bytes(struct bytes bytes, struct store_blob_id *id, struct error *error);

#endif
