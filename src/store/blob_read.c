/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a blob: each chunk authenticated, the end marked, the whole compared with its id. */
#include <fcntl.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "store/blob_file.h"

struct store_blob_reader {
    struct buffer path;
    int fd;
    bool started, ended;
    struct store_blob_id id;
    crypto_secretstream_xchacha20poly1305_state stream;
    crypto_generichash_state hash;
    uint8_t head[BLOB_HEAD];
    uint8_t sealed[BLOB_CHUNK_FILE];
    uint8_t content[STORE_BLOB_CHUNK];
};

static int broken(struct store_blob_reader *reader, const char *what, struct error *error)
{
    return error_set(error, "store_blob_broken", buffer_string(&reader->path), "%s", what);
}

/* Reads the head and starts cipher and hash with the key that it names. */
static int start_stream(struct store_blob_reader *reader, const char *directory,
                        struct error *error)
{
    uint8_t start[BLOB_START];
    size_t got;
    struct blob_keys keys;
    const char *path = buffer_string(&reader->path);
    if (file_read_some(reader->fd, start, sizeof start, &got, path, error) != 0)
        return -1;
    uint32_t number = got == sizeof start ? blob_head_read((struct bytes){start, BLOB_HEAD}) : 0;
    if (number == 0)
        return broken(reader, "head", error);
    if (blob_keys_read(directory, number, &keys, error) != 0)
        return -1;
    memcpy(reader->head, start, BLOB_HEAD);
    int result = crypto_secretstream_xchacha20poly1305_init_pull(&reader->stream, start + BLOB_HEAD,
                                                                 keys.content);
    crypto_generichash_init(&reader->hash, keys.identity, sizeof keys.identity,
                            sizeof reader->id.bytes);
    sodium_memzero(&keys, sizeof keys);
    return result == 0 ? 0 : broken(reader, "head", error);
}

int blob_open(const char *directory, const char *key_directory, const struct store_blob_id *id,
              struct store_blob_reader **out, struct error *error)
{
    struct store_blob_reader *reader = memory_allocate(1, sizeof *reader);
    reader->id = *id;
    blob_append_path(&reader->path, directory, id);
    const char *path = buffer_string(&reader->path);
    struct error opening = {0};
    reader->fd = file_open(path, O_RDONLY | O_NOFOLLOW, 0, &opening);
    int result = 0;
    if (reader->fd < 0 && strcmp(opening.code, "file_missing") == 0)
        result = error_set(error, "store_blob_missing", path, "%s", "");
    else if (reader->fd < 0)
        result = error_set(error, opening.code, opening.where, "%s", opening.detail);
    if (result != 0 || start_stream(reader, key_directory, error) != 0) {
        store_blob_reader_close(reader);
        return -1;
    }
    *out = reader;
    return 0;
}

int store_blob_open(struct store *store, const struct store_blob_id *id,
                    struct store_blob_reader **reader, struct error *error)
{
    return blob_open(store_directory(store), store_directory(store), id, reader, error);
}

/* At the marked end: nothing may follow, and the content must be that of the id. */
static int check_end(struct store_blob_reader *reader, struct error *error)
{
    uint8_t more;
    size_t got;
    struct store_blob_id found;
    if (file_read_some(reader->fd, &more, 1, &got, buffer_string(&reader->path), error) != 0)
        return -1;
    if (got != 0)
        return broken(reader, "bytes behind the end", error);
    crypto_generichash_final(&reader->hash, found.bytes, sizeof found.bytes);
    if (sodium_memcmp(found.bytes, reader->id.bytes, sizeof found.bytes) != 0)
        return broken(reader, "the content of another blob", error);
    reader->ended = true;
    return 0;
}

int store_blob_read(struct store_blob_reader *reader, struct bytes *content, struct error *error)
{
    size_t got;
    unsigned long long length = 0;
    unsigned char tag = 0;
    *content = (struct bytes){NULL, 0};
    if (reader->ended)
        return 0;
    if (file_read_some(reader->fd, reader->sealed, sizeof reader->sealed, &got,
                       buffer_string(&reader->path), error) != 0)
        return -1;
    if (got == 0)
        return broken(reader, "cut off", error);
    if (crypto_secretstream_xchacha20poly1305_pull(
            &reader->stream, reader->content, &length, &tag, reader->sealed, got,
            reader->started ? NULL : reader->head, reader->started ? 0 : BLOB_HEAD) != 0)
        return broken(reader, "changed", error);
    bool full = got == sizeof reader->sealed;
    if (tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL && (tag != 0 || !full))
        return broken(reader, "changed", error);
    reader->started = true;
    crypto_generichash_update(&reader->hash, reader->content, length);
    if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL && check_end(reader, error) != 0)
        return -1;
    *content = (struct bytes){reader->content, (size_t)length};
    return 0;
}

int blob_check(const char *directory, const char *key_directory, const struct store_blob_id *id,
               int64_t size, struct error *error)
{
    struct store_blob_reader *reader;
    struct bytes content;
    if (blob_open(directory, key_directory, id, &reader, error) != 0)
        return -1;
    int result;
    do {
        result = store_blob_read(reader, &content, error);
        size -= (int64_t)content.length;
    } while (result == 0 && content.length > 0);
    if (result == 0 && size != 0)
        result = broken(reader, "size", error);
    store_blob_reader_close(reader);
    return result;
}

void store_blob_reader_close(struct store_blob_reader *reader)
{
    if (!reader)
        return;
    file_close(&reader->fd);
    buffer_free(&reader->path);
    sodium_memzero(reader, sizeof *reader);
    free(reader);
}
