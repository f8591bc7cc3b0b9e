/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing a blob: chunk by chunk into a temporary file, which is synced, then linked under the name
 * that its content gives it, then kept by a transaction.
 *
 * The temporary name stays until the writer is closed. Should the collector remove the final name
 * before the transaction (nobody used the blob yet), keeping it links it again. The lock on the
 * file tells the collector that its writer lives.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/time.h"
#include "store/blob_file.h"
#include "store/connection.h"

struct store_blob_writer {
    struct store *store;
    struct blob_keys keys;
    struct buffer temporary; /* path */
    struct buffer path;      /* final path, once finished */
    int fd;
    bool finished;
    int64_t size;
    struct store_blob_id id;
    crypto_secretstream_xchacha20poly1305_state stream;
    crypto_generichash_state hash;
    uint8_t head[BLOB_HEAD];
    bool started; /* the first chunk, which authenticates the head, is written */
    size_t filled;
    uint8_t content[STORE_BLOB_CHUNK];
    uint8_t sealed[BLOB_CHUNK_FILE];
};

/* Opens blobs/tmp/<random>, locked. */
static int open_temporary(struct store_blob_writer *writer, struct error *error)
{
    const char *directory = store_directory(writer->store);
    uint8_t random[16];
    char name[2 * sizeof random + 1];
    AUTO_BUFFER folder = {0};
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(name, sizeof name, random, sizeof random);
    store_append_path(&folder, directory, "blobs/tmp");
    if (file_make_directory(buffer_string(&folder), error) != 0)
        return -1;
    buffer_append_format(&writer->temporary, "%s/%s", buffer_string(&folder), name);
    const char *path = buffer_string(&writer->temporary);
    writer->fd = file_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0400, error);
    if (writer->fd < 0)
        return -1;
    return flock(writer->fd, LOCK_EX) == 0 ? 0 : file_error(error, path);
}

/* Writes the head and starts cipher and hash. */
static int start_stream(struct store_blob_writer *writer, struct error *error)
{
    uint8_t start[BLOB_START];
    blob_head_write(writer->head, writer->keys.number);
    memcpy(start, writer->head, BLOB_HEAD);
    crypto_secretstream_xchacha20poly1305_init_push(&writer->stream, start + BLOB_HEAD,
                                                    writer->keys.content);
    crypto_generichash_init(&writer->hash, writer->keys.identity, sizeof writer->keys.identity,
                            sizeof writer->id.bytes);
    return file_write_all(writer->fd, (struct bytes){start, sizeof start},
                          buffer_string(&writer->temporary), error);
}

int store_blob_begin(struct store *store, struct store_blob_writer **out, struct error *error)
{
    struct store_blob_writer *writer = memory_allocate(1, sizeof *writer);
    writer->store = store;
    writer->fd = -1;
    if (blob_keys_read(store_directory(store), 0, &writer->keys, error) != 0 ||
        open_temporary(writer, error) != 0 || start_stream(writer, error) != 0) {
        store_blob_close(writer);
        return -1;
    }
    *out = writer;
    return 0;
}

/* Encrypts and writes what is in the chunk. */
static int write_chunk(struct store_blob_writer *writer, unsigned char tag, struct error *error)
{
    unsigned long long length = 0;
    crypto_secretstream_xchacha20poly1305_push(
        &writer->stream, writer->sealed, &length, writer->content, writer->filled,
        writer->started ? NULL : writer->head, writer->started ? 0 : BLOB_HEAD, tag);
    crypto_generichash_update(&writer->hash, writer->content, writer->filled);
    writer->started = true;
    writer->size += (int64_t)writer->filled;
    writer->filled = 0;
    return file_write_all(writer->fd, (struct bytes){writer->sealed, (size_t)length},
                          buffer_string(&writer->temporary), error);
}

int store_blob_write(struct store_blob_writer *writer, struct bytes content, struct error *error)
{
    while (content.length > 0) {
        /* A full chunk is written only when more follows, so that the last one carries the end. */
        if (writer->filled == STORE_BLOB_CHUNK && write_chunk(writer, 0, error) != 0)
            return -1;
        size_t room = STORE_BLOB_CHUNK - writer->filled;
        size_t taken = content.length < room ? content.length : room;
        memcpy(writer->content + writer->filled, content.data, taken);
        writer->filled += taken;
        content.data += taken;
        content.length -= taken;
    }
    return 0;
}

/*
 * Gives the content its final name, beside the temporary one. A file that is there already is
 * replaced by this one, which is known to be whole.
 */
static int link_final(struct store_blob_writer *writer, struct error *error)
{
    const char *path = buffer_string(&writer->path);
    AUTO_BUFFER second = {0}, folder = {0};
    buffer_append_format(&second, "%s.link", buffer_string(&writer->temporary));
    file_append_directory(&folder, path);
    if (file_make_directory(buffer_string(&folder), error) != 0)
        return -1;
    if (link(buffer_string(&writer->temporary), buffer_string(&second)) != 0)
        return file_error(error, path);
    int result = file_rename(buffer_string(&second), path, error);
    unlink(buffer_string(&second)); /* stays when both names were the same file already */
    return result;
}

int store_blob_finish(struct store_blob_writer *writer, struct store_blob_id *id, int64_t *size,
                      struct error *error)
{
    const char *temporary = buffer_string(&writer->temporary);
    if (write_chunk(writer, crypto_secretstream_xchacha20poly1305_TAG_FINAL, error) != 0 ||
        file_sync(writer->fd, temporary, error) != 0)
        return -1;
    crypto_generichash_final(&writer->hash, writer->id.bytes, sizeof writer->id.bytes);
    blob_append_path(&writer->path, store_directory(writer->store), &writer->id);
    if (link_final(writer, error) != 0)
        return -1;
    writer->finished = true;
    if (id)
        *id = writer->id;
    if (size)
        *size = writer->size;
    return 0;
}

int store_blob_keep(struct store_blob_writer *writer, const char *owner, int64_t retain_until,
                    struct error *error)
{
    struct store *store = writer->store;
    struct store_value id = store_blob(writer->id.bytes, sizeof writer->id.bytes);
    if (!writer->finished)
        return error_set(error, "store_misuse", "blob_keep", "%s", "not finished");
    if (store_run(store, STATEMENT_BLOB_KEEP,
                  STORE_VALUES(id, store_integer(writer->size),
                               store_integer((int64_t)writer->keys.number),
                               store_integer(time_now()), store_integer(retain_until)),
                  error) != 0 ||
        store_run(store, STATEMENT_BLOB_USE_ADD, STORE_VALUES(id, store_text(owner)), error) != 0)
        return -1;
    /* From the first statement on no collector can come between. */
    return file_exists(buffer_string(&writer->path)) ? 0 : link_final(writer, error);
}

void store_blob_close(struct store_blob_writer *writer)
{
    if (!writer)
        return;
    if (writer->fd >= 0)
        unlink(buffer_string(&writer->temporary));
    file_close(&writer->fd);
    buffer_free(&writer->temporary);
    buffer_free(&writer->path);
    sodium_memzero(writer, sizeof *writer);
    free(writer);
}
