/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work on an organization's directory, for tests that stop it in the middle.
 *
 * usage: load_driver work DIR NAME   change after change, each with its entry and its file; the
 * name of a change goes to standard output once it is committed load_driver seal DIR        seal
 * what comes, for ever load_driver check DIR       seal the rest, prove the directory, then print
 * what it holds: "setting NAME", "file NAME" (read whole), "entry JSON"
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/message.h"
#include "base/time.h"
#include "journal/checkpoint.h"
#include "journal/reader.h"
#include "store/backup.h"
#include "store/blob.h"
#include "store/record.h"
#include "store/sealing.h"

enum { CONTENT = 70000, COLLECT_EVERY = 16 };

static int fail(const struct error *error)
{
    AUTO_BUFFER sentence = {0};
    message_append_error(&sentence, LANGUAGE_EN, error);
    fprintf(stderr, "%s: %s\n", error->code, buffer_string(&sentence));
    return 1;
}

/* Content that only this name has: the name, repeated. */
static void make_content(struct buffer *out, const char *name)
{
    buffer_clear(out);
    buffer_append_format(out, "%s/", name);
    while (out->length < CONTENT) {
        buffer_reserve(out, out->length);
        buffer_append(out, out->data, out->length);
    }
}

/* The database's part of a change, in one transaction. The file's id stands in the setting. */
static int commit_change(struct store *store, struct store_blob_writer *writer, const char *name,
                         const struct store_blob_id *id, struct error *error)
{
    char hex[2 * sizeof id->bytes + 1] = "";
    for (size_t i = 0; i < sizeof id->bytes; i++)
        snprintf(hex + 2 * i, 3, "%02x", id->bytes[i]);
    struct store_entry entry = {.actor = "load", .action = "test.change", .object = name};
    if (store_begin(store, error) != 0)
        return -1;
    if (store_blob_keep(writer, name, 0, error) != 0 ||
        store_run(store, STATEMENT_SETTING_SET,
                  STORE_VALUES(store_text(name), store_text(hex), store_integer(time_now())),
                  error) != 0 ||
        store_record(store, &entry, error) != 0) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, error);
}

static int change(struct store *store, const char *name, struct error *error)
{
    struct store_blob_writer *writer;
    struct store_blob_id id;
    AUTO_BUFFER content = {0};
    make_content(&content, name);
    if (store_blob_begin(store, &writer, error) != 0)
        return -1;
    int result = store_blob_write(writer, buffer_bytes(&content), error);
    if (result == 0)
        result = store_blob_finish(writer, &id, NULL, error);
    if (result == 0)
        result = commit_change(store, writer, name, &id, error);
    store_blob_close(writer);
    return result;
}

/* Changes without end; a name is acknowledged when its commit has returned. */
static int work(const char *directory, const char *worker)
{
    struct store *store;
    struct error error;
    uint64_t removed;
    if (store_open(directory, &store, &error) != 0)
        return fail(&error);
    for (uint64_t number = 0;; number++) {
        AUTO_BUFFER name = {0};
        buffer_append_format(&name, "%s/%" PRIu64, worker, number);
        if (change(store, buffer_string(&name), &error) != 0)
            return fail(&error);
        buffer_append_byte(&name, '\n');
        if (write(STDOUT_FILENO, name.data, name.length) < 0)
            return 1;
        if (number % COLLECT_EVERY == 0 &&
            store_blob_collect(store, time_now(), &removed, &error) != 0)
            return fail(&error);
    }
}

static int seal(const char *directory)
{
    struct store_sealing *sealing;
    struct error error;
    const struct timespec pause = {0, 2000000};
    if (store_sealing_open(directory, NULL, &sealing, &error) != 0)
        return fail(&error);
    for (;;) {
        if (sealer_step(store_sealing_sealer(sealing), time_now() / 1000, &error) != 0)
            return fail(&error);
        nanosleep(&pause, NULL);
    }
}

static int print_entry(void *context, uint64_t index, struct bytes entry, struct error *error)
{
    (void)context;
    (void)index;
    (void)error;
    printf("entry %.*s\n", (int)entry.length, (const char *)entry.data);
    return 0;
}

static int print_journal(const char *directory, uint64_t size, struct error *error)
{
    AUTO_BUFFER path = {0};
    store_append_path(&path, directory, "journal");
    struct journal_reader *reader = journal_reader_open(buffer_string(&path), error);
    if (!reader)
        return -1;
    journal_reader_set_size(reader, size);
    int result = journal_reader_visit(reader, 0, size, print_entry, NULL, error);
    journal_reader_free(reader);
    return result;
}

/* True when the file of a setting is there and holds what its name says. */
static bool file_is_whole(struct store *store, const char *name, const char *hex)
{
    struct store_blob_id id;
    struct store_blob_reader *reader;
    struct bytes piece;
    AUTO_BUFFER expected = {0}, found = {0};
    for (size_t i = 0; i < sizeof id.bytes; i++) {
        const char pair[] = {hex[2 * i], hex[2 * i + 1], '\0'};
        id.bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    if (store_blob_open(store, &id, &reader, NULL) != 0)
        return false;
    int result;
    while ((result = store_blob_read(reader, &piece, NULL)) == 0 && piece.length > 0)
        buffer_append_bytes(&found, piece);
    store_blob_reader_close(reader);
    make_content(&expected, name);
    return result == 0 && bytes_equal(buffer_bytes(&found), buffer_bytes(&expected));
}

static int print_settings(struct store *store, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int found;
    if (store_query(store, STATEMENT_SETTING_LIST,
                    STORE_VALUES(store_text(""), store_integer(INT64_MAX)), &rows, error) != 0)
        return -1;
    while ((found = store_rows_next(rows, error)) == 1) {
        const char *name = store_rows_text(rows, 0);
        printf("setting %s\n", name);
        if (file_is_whole(store, name, store_rows_text(rows, 1)))
            printf("file %s\n", name);
    }
    return found;
}

static int check(const char *directory)
{
    struct store_sealing *sealing;
    struct store_backup_report report;
    struct store *store;
    struct error error;
    if (store_sealing_open(directory, NULL, &sealing, &error) != 0)
        return fail(&error);
    int result = sealer_flush(store_sealing_sealer(sealing), time_now() / 1000, &error);
    store_sealing_close(sealing);
    if (result != 0 || store_prove(directory, &report, &error) != 0 ||
        store_open(directory, &store, &error) != 0)
        return fail(&error);
    result = print_settings(store, &error);
    store_close(store);
    if (result != 0 || print_journal(directory, report.entries, &error) != 0)
        return fail(&error);
    return 0;
}

int main(int count, char **arguments)
{
    const char *what = count > 1 ? arguments[1] : "";
    if (count == 4 && strcmp(what, "work") == 0)
        return work(arguments[2], arguments[3]);
    if (count == 3 && strcmp(what, "seal") == 0)
        return seal(arguments[2]);
    if (count == 3 && strcmp(what, "check") == 0)
        return check(arguments[2]);
    fputs("usage: load_driver work DIR NAME | seal DIR | check DIR\n", stderr);
    return 2;
}
