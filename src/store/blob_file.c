/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names, heads and keys of blob files. */
#include "store/blob_file.h"

#include "base/cursor.h"
#include "base/error.h"
#include "base/file.h"

#define MAGIC     "SEKBLOB1"
#define KEY_LABEL "sekisho-blob-key "

enum {
    MASTER_BYTES = crypto_kdf_KEYBYTES,
    KEY_LINE = sizeof KEY_LABEL - 1 + 8 + 1 + 2 * MASTER_BYTES, /* label, number, space, key */
    KEY_FILE_MAX = 65536,
};

void blob_head_write(uint8_t head[BLOB_HEAD], uint32_t key_number)
{
    AUTO_BUFFER bytes = {0};
    buffer_append_string(&bytes, MAGIC);
    buffer_append_u32le(&bytes, key_number);
    buffer_append_u32le(&bytes, STORE_BLOB_CHUNK);
    memcpy(head, bytes.data, BLOB_HEAD);
}

uint32_t blob_head_read(struct bytes head)
{
    struct cursor cursor = cursor_open(head);
    bool ours = bytes_equal_string(cursor_take(&cursor, 8), MAGIC);
    uint32_t number = cursor_u32le(&cursor), chunk = cursor_u32le(&cursor);
    return ours && chunk == STORE_BLOB_CHUNK && cursor_at_end(&cursor) ? number : 0;
}

void blob_append_path(struct buffer *out, const char *directory, const struct store_blob_id *id)
{
    char hex[2 * sizeof id->bytes + 1];
    sodium_bin2hex(hex, sizeof hex, id->bytes, sizeof id->bytes);
    buffer_append_format(out, "%s/blobs/%.2s/%s", directory, hex, hex + 2);
}

bool blob_id_from_name(const char *name, struct store_blob_id *id)
{
    size_t length = 0;
    return strlen(name) == 65 && name[2] == '/' &&
           sodium_hex2bin(id->bytes, sizeof id->bytes, name, 65, "/", &length, NULL) == 0 &&
           length == sizeof id->bytes;
}

int blob_id_from_bytes(struct bytes bytes, struct store_blob_id *id, struct error *error)
{
    if (bytes.length != sizeof id->bytes)
        return error_set(error, "store_broken", "blob", "%zu", bytes.length);
    memcpy(id->bytes, bytes.data, sizeof id->bytes);
    return 0;
}

/* Appends a line of the key file. */
static void append_key_line(struct buffer *out, uint32_t number, const uint8_t *master)
{
    char hex[2 * MASTER_BYTES + 1];
    sodium_bin2hex(hex, sizeof hex, master, MASTER_BYTES);
    buffer_append_format(out, KEY_LABEL "%08x %s\n", number, hex);
    sodium_memzero(hex, sizeof hex);
}

int store_blob_create_key(const char *directory, struct error *error)
{
    uint8_t master[MASTER_BYTES];
    AUTO_BUFFER path = {0}, line = {0};
    if (sodium_init() < 0)
        return error_set(error, "store_key_bad", directory, "%s", "libsodium");
    crypto_kdf_keygen(master);
    append_key_line(&line, 1, master);
    sodium_memzero(master, sizeof master);
    store_append_path(&path, directory, "keys/blob.key");
    int result = file_create(buffer_string(&path), buffer_bytes(&line), 0600, error);
    sodium_memzero(line.data, line.length);
    return result;
}

/* Reads one line of the key file; 0 when it is not one. */
static uint32_t read_key_line(struct bytes line, uint8_t master[MASTER_BYTES])
{
    struct cursor cursor = cursor_open(line);
    struct bytes label = cursor_take(&cursor, sizeof KEY_LABEL - 1);
    struct bytes number = cursor_take(&cursor, 8);
    cursor_skip(&cursor, 1);
    struct bytes key = cursor_take_rest(&cursor);
    uint8_t raw[4];
    size_t length = 0, key_length = 0;
    if (cursor.failed || line.length != KEY_LINE || !bytes_equal_string(label, KEY_LABEL) ||
        sodium_hex2bin(raw, 4, (const char *)number.data, 8, NULL, &length, NULL) != 0 ||
        length != 4 ||
        sodium_hex2bin(master, MASTER_BYTES, (const char *)key.data, key.length, NULL, &key_length,
                       NULL) != 0 ||
        key_length != MASTER_BYTES)
        return 0;
    struct cursor value = cursor_open((struct bytes){raw, 4});
    return cursor_u32be(&value);
}

/* Finds the key of a number, or the last one, among the lines. */
static int find_key(struct bytes file, uint32_t wanted, struct blob_keys *keys, const char *path,
                    struct error *error)
{
    struct cursor cursor = cursor_open(file);
    uint8_t master[MASTER_BYTES];
    keys->number = 0;
    while (cursor_remaining(&cursor) > 0) {
        uint32_t number = read_key_line(cursor_line(&cursor), master);
        if (number == 0)
            return error_set(error, "store_key_bad", path, "%s", "");
        if (wanted == 0 || number == wanted) {
            keys->number = number;
            crypto_kdf_derive_from_key(keys->content, sizeof keys->content, 1, "skblobv1", master);
            crypto_kdf_derive_from_key(keys->identity, sizeof keys->identity, 2, "skblobv1",
                                       master);
            crypto_kdf_derive_from_key(keys->secret, sizeof keys->secret, 1, "sksecret", master);
        }
    }
    sodium_memzero(master, sizeof master);
    if (keys->number == 0)
        return error_set(error, "store_key_missing", path, "%u", wanted);
    return 0;
}

int blob_keys_read(const char *directory, uint32_t number, struct blob_keys *keys,
                   struct error *error)
{
    AUTO_BUFFER path = {0}, file = {0};
    store_append_path(&path, directory, "keys/blob.key");
    if (sodium_init() < 0)
        return error_set(error, "store_key_bad", directory, "%s", "libsodium");
    if (!file_exists(buffer_string(&path)))
        return error_set(error, "store_key_missing", buffer_string(&path), "%s", "");
    if (file_read(buffer_string(&path), KEY_FILE_MAX, &file, error) != 0)
        return -1;
    int result = find_key(buffer_bytes(&file), number, keys, buffer_string(&path), error);
    sodium_memzero(file.data, file.length);
    return result;
}
