/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How fast state becomes durable, beside the same work without our layers.
 *
 * usage: store_bench DIR SECONDS     DIR is empty; each measurement takes about SECONDS
 *
 * Prints lines "<name> <value>": changes/s (row, setting and journal entry, one transaction),
 * commits/s of bare SQLite with the same settings, raw write+fdatasync/s of as many bytes, and MB/s
 * of blobs written and read, of the same bytes written and synced plainly, and of the cipher and
 * hash alone.
 */
#include <fcntl.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "store/blob.h"
#include "store/record.h"
#include "store/sealing.h"

enum { ENTRY = 272, BLOB = 8 << 20 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void must(int result, const struct error *error)
{
    if (result == 0)
        return;
    fprintf(stderr, "%s %s %s\n", error->code, error->where, error->detail);
    exit(1);
}

static void must_sql(sqlite3 *database, int code)
{
    if (code == SQLITE_OK || code == SQLITE_DONE)
        return;
    fprintf(stderr, "%s\n", sqlite3_errmsg(database));
    exit(1);
}

/* Changes with their entries, one transaction each. */
static void measure_changes(struct store *store, double seconds)
{
    struct error error;
    char reason[ENTRY - 120];
    double start = now(), end;
    long count = 0;
    memset(reason, 'x', sizeof reason - 1);
    reason[sizeof reason - 1] = '\0';
    do {
        char name[32];
        snprintf(name, sizeof name, "bench/%ld", count % 1000);
        struct store_entry entry = {
            .actor = "bench", .action = "bench.change", .object = name, .reason = reason};
        must(store_begin(store, &error), &error);
        must(store_run(store, STATEMENT_SETTING_SET,
                       STORE_VALUES(store_text(name), store_text("value"), store_integer(count)),
                       &error),
             &error);
        must(store_record(store, &entry, &error), &error);
        must(store_commit(store, &error), &error);
        count++;
    } while ((end = now()) - start < seconds);
    printf("changes %.0f\n", (double)count / (end - start));
}

/* The least that SQLite does for one durable row of that size. */
static void measure_sqlite(const char *directory, double seconds)
{
    AUTO_BUFFER path = {0};
    sqlite3 *database;
    sqlite3_stmt *insert;
    uint8_t row[ENTRY] = {0};
    buffer_append_format(&path, "%s/bare.db", directory);
    must_sql(NULL, sqlite3_open(buffer_string(&path), &database));
    must_sql(database, sqlite3_exec(database,
                                    "pragma journal_mode = wal; pragma synchronous = full;"
                                    "create table t (id integer primary key, entry blob) strict",
                                    NULL, NULL, NULL));
    must_sql(database,
             sqlite3_prepare_v2(database, "insert into t (entry) values (?)", -1, &insert, NULL));
    sqlite3_bind_blob(insert, 1, row, sizeof row, SQLITE_STATIC);
    double start = now(), end;
    long count = 0;
    do {
        must_sql(database, sqlite3_step(insert));
        sqlite3_reset(insert);
        count++;
    } while ((end = now()) - start < seconds);
    printf("sqlite %.0f\n", (double)count / (end - start));
    sqlite3_finalize(insert);
    sqlite3_close(database);
}

static void measure_fdatasync(const char *directory, double seconds)
{
    AUTO_BUFFER path = {0};
    struct error error;
    uint8_t row[ENTRY] = {0};
    buffer_append_format(&path, "%s/raw", directory);
    AUTO_FD fd = file_open(buffer_string(&path), O_WRONLY | O_CREAT, 0600, &error);
    double start = now(), end;
    long count = 0;
    do {
        must(file_write_all(fd, (struct bytes){row, sizeof row}, "raw", &error), &error);
        if (fdatasync(fd) != 0)
            exit(1);
        count++;
    } while ((end = now()) - start < seconds);
    printf("fdatasync %.0f\n", (double)count / (end - start));
}

static double megabytes(long count)
{
    return (double)count * BLOB / 1e6;
}

static void measure_blob_write(struct store *store, uint8_t *content, double seconds,
                               struct store_blob_id *id)
{
    struct error error;
    double start = now(), end;
    long count = 0;
    do {
        struct store_blob_writer *writer;
        memcpy(content, &count, sizeof count); /* no two alike */
        must(store_blob_begin(store, &writer, &error), &error);
        must(store_blob_write(writer, (struct bytes){content, BLOB}, &error), &error);
        must(store_blob_finish(writer, id, NULL, &error), &error);
        must(store_begin(store, &error), &error);
        must(store_blob_keep(writer, "bench", 0, &error), &error);
        must(store_commit(store, &error), &error);
        store_blob_close(writer);
        count++;
    } while ((end = now()) - start < seconds);
    printf("blob_write %.0f\n", megabytes(count) / (end - start));
}

static void measure_blob_read(struct store *store, double seconds, const struct store_blob_id *id)
{
    struct error error;
    double start = now(), end;
    long count = 0;
    do {
        struct store_blob_reader *reader;
        struct bytes piece;
        must(store_blob_open(store, id, &reader, &error), &error);
        do
            must(store_blob_read(reader, &piece, &error), &error);
        while (piece.length > 0);
        store_blob_reader_close(reader);
        count++;
    } while ((end = now()) - start < seconds);
    printf("blob_read %.0f\n", megabytes(count) / (end - start));
}

/* The same bytes written and synced as they are. */
static void measure_plain_write(const char *directory, const uint8_t *content, double seconds)
{
    struct error error;
    double start = now(), end;
    long count = 0;
    do {
        AUTO_BUFFER path = {0};
        buffer_append_format(&path, "%s/plain-%ld", directory, count++);
        must(file_replace(buffer_string(&path), (struct bytes){content, BLOB}, 0600, &error),
             &error);
    } while ((end = now()) - start < seconds);
    printf("plain_write %.0f\n", megabytes(count) / (end - start));
}

/* Cipher and hash over the same bytes in memory: the limit. */
static void measure_cipher(const uint8_t *content, double seconds)
{
    crypto_secretstream_xchacha20poly1305_state stream;
    crypto_generichash_state hash;
    uint8_t key[32] = {1}, header[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
    uint8_t *sealed = malloc(STORE_BLOB_CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES);
    crypto_secretstream_xchacha20poly1305_init_push(&stream, header, key);
    crypto_generichash_init(&hash, key, sizeof key, 32);
    double start = now(), end;
    long count = 0;
    do {
        for (size_t at = 0; at < BLOB; at += STORE_BLOB_CHUNK) {
            crypto_secretstream_xchacha20poly1305_push(&stream, sealed, NULL, content + at,
                                                       STORE_BLOB_CHUNK, NULL, 0, 0);
            crypto_generichash_update(&hash, content + at, STORE_BLOB_CHUNK);
        }
        count++;
    } while ((end = now()) - start < seconds);
    printf("cipher %.0f\n", megabytes(count) / (end - start));
    free(sealed);
}

int main(int count, char **arguments)
{
    struct error error = {0};
    struct store *store;
    struct store_blob_id id;
    AUTO_BUFFER town = {0};
    double seconds = count == 3 ? strtod(arguments[2], NULL) : 0;
    if (seconds <= 0) {
        fputs("usage: store_bench DIR SECONDS\n", stderr);
        return 2;
    }
    buffer_append_format(&town, "%s/town", arguments[1]);
    must(store_setup(buffer_string(&town), "bench", NULL, &error), &error);
    must(store_open(buffer_string(&town), &store, &error), &error);
    uint8_t *content = malloc(BLOB);
    randombytes_buf(content, BLOB);
    measure_changes(store, seconds);
    measure_sqlite(arguments[1], seconds);
    measure_fdatasync(arguments[1], seconds);
    measure_blob_write(store, content, seconds, &id);
    measure_plain_write(arguments[1], content, seconds);
    measure_blob_read(store, seconds, &id);
    measure_cipher(content, seconds);
    free(content);
    store_close(store);
    return 0;
}
