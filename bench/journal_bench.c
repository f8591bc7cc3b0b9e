/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Measures the journal; bench/journal_rows.py makes rows of what it prints.
 *
 *   journal_bench append DIR BATCH SECONDS   durable entries of 272 bytes a second, with a sealed
 *                                            checkpoint every half second
 *   journal_bench raw DIR BATCH SECONDS      the same bytes by write and fdatasync alone
 *   journal_bench sqlite DIR BATCH SECONDS   rows of 272 bytes, one commit a batch (WAL, full sync)
 *   journal_bench verify DIR ENTRIES         entries a second: of our schema, and of any bytes
 *   journal_bench proof DIR ENTRIES          microseconds for a proof: median, 99th percentile
 */
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/time.h"
#include "journal/audit.h"
#include "journal/entry.h"
#include "journal/journal.h"
#include "journal/reader.h"

#define ORIGIN "bench.example/log"

enum {
    ENTRY_BYTES = 272,
    BATCH_MAX = 4096,
    PROOFS = 2000,
    SHORT_ENTRY = 16, /* of the tree for proofs: their length does not matter there */
};

static struct note_signer signer;

static _Noreturn void fail(const struct error *error)
{
    fprintf(stderr, "%s: %s: %s\n", error->code, error->where, error->detail);
    exit(1);
}

static double seconds(void)
{
    return (double)time_now() / TIME_SECOND;
}

static struct journal *open_new(const char *directory)
{
    struct error error;
    if (note_signer_generate(ORIGIN, NOTE_ED25519, &signer, &error) < 0 ||
        journal_create(directory, ORIGIN, &error) < 0)
        fail(&error);
    struct journal *journal = journal_open(directory, ORIGIN, &error);
    if (!journal)
        fail(&error);
    return journal;
}

static void publish(struct journal *journal)
{
    AUTO_BUFFER text = {0}, note = {0};
    struct error error;
    struct checkpoint checkpoint = {.origin = bytes_of_string(ORIGIN),
                                    .size = journal_size(journal)};
    journal_root(journal, &checkpoint.root);
    checkpoint_append_text(&text, &checkpoint);
    buffer_append_bytes(&note, buffer_bytes(&text));
    buffer_append_byte(&note, '\n');
    note_append_signature(&note, buffer_bytes(&text), &signer, 0);
    if (journal_prepare(journal, &error) < 0 ||
        journal_publish(journal, buffer_bytes(&note), &error) < 0)
        fail(&error);
}

static void append(const char *directory, size_t batch, double limit)
{
    struct error error;
    struct bytes entries[BATCH_MAX];
    AUTO_FREE uint8_t *data = memory_allocate(batch, ENTRY_BYTES);
    for (size_t i = 0; i < batch; i++)
        entries[i] = (struct bytes){data + i * ENTRY_BYTES, ENTRY_BYTES};
    struct journal *journal = open_new(directory);
    double start = seconds(), sealed = start;
    while (seconds() - start < limit) {
        uint64_t size = journal_size(journal);
        for (size_t i = 0; i < batch; i++)
            memcpy(data + i * ENTRY_BYTES, &size, sizeof size);
        if (journal_append(journal, entries, batch, size + batch, &error) < 0)
            fail(&error);
        if (seconds() - sealed < 0.5)
            continue;
        publish(journal);
        sealed = seconds();
    }
    publish(journal);
    printf("%.0f\n", (double)journal_size(journal) / (seconds() - start));
    journal_close(journal);
}

static void write_raw(const char *directory, size_t batch, double limit)
{
    AUTO_BUFFER path = {0};
    AUTO_FREE uint8_t *data = memory_allocate(batch, ENTRY_BYTES);
    buffer_append_format(&path, "%s.raw", directory);
    int file = open(buffer_string(&path), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    size_t written = 0;
    double start = seconds();
    while (seconds() - start < limit) {
        ssize_t put = write(file, data, batch * ENTRY_BYTES);
        if (put != (ssize_t)(batch * ENTRY_BYTES) || fdatasync(file) < 0)
            exit(1);
        written += batch;
    }
    printf("%.0f\n", (double)written / (seconds() - start));
    close(file);
}

static void run_sql(sqlite3 *database, const char *sql)
{
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK)
        return;
    fprintf(stderr, "%s\n", sqlite3_errmsg(database));
    exit(1);
}

static void commit_rows(const char *directory, size_t batch, double limit)
{
    AUTO_BUFFER path = {0};
    uint8_t data[ENTRY_BYTES] = {0};
    sqlite3 *database;
    sqlite3_stmt *insert;
    buffer_append_format(&path, "%s.db", directory);
    if (sqlite3_open(buffer_string(&path), &database) != SQLITE_OK)
        exit(1);
    run_sql(database, "PRAGMA journal_mode=WAL");
    run_sql(database, "PRAGMA synchronous=FULL");
    run_sql(database, "CREATE TABLE entry (id INTEGER PRIMARY KEY, body BLOB)");
    sqlite3_prepare_v2(database, "INSERT INTO entry (body) VALUES (?)", -1, &insert, NULL);
    size_t written = 0;
    double start = seconds();
    while (seconds() - start < limit) {
        run_sql(database, "BEGIN IMMEDIATE");
        for (size_t i = 0; i < batch; i++) {
            sqlite3_bind_blob(insert, 1, data, sizeof data, SQLITE_STATIC);
            if (sqlite3_step(insert) != SQLITE_DONE)
                exit(1);
            sqlite3_reset(insert);
        }
        run_sql(database, "COMMIT");
        written += batch;
    }
    printf("%.0f\n", (double)written / (seconds() - start));
    sqlite3_finalize(insert);
    sqlite3_close(database);
}

/* A log of that many entries: of our schema, or of SHORT_ENTRY bytes each. */
static void fill(const char *directory, uint64_t count, bool schema)
{
    struct error error;
    struct buffer made[BATCH_MAX] = {0};
    struct bytes entries[BATCH_MAX];
    struct journal *journal = open_new(directory);
    for (uint64_t first = 0; first < count; first += BATCH_MAX) {
        size_t batch = count - first < BATCH_MAX ? count - first : BATCH_MAX;
        for (size_t i = 0; i < batch; i++) {
            const struct journal_entry entry = {.sequence = first + i + 1,
                                                .time = INT64_C(1795135386000),
                                                .actor = "関所 花子",
                                                .action = "transfer.send",
                                                .object = "transfer/15",
                                                .zone = "lgwan"};
            buffer_clear(&made[i]);
            if (schema && journal_entry_append(&made[i], &entry, &error) < 0)
                fail(&error);
            if (!schema)
                buffer_append_format(&made[i], "%0*" PRIu64, SHORT_ENTRY, first + i);
            entries[i] = buffer_bytes(&made[i]);
        }
        if (journal_append(journal, entries, batch, first + batch, &error) < 0)
            fail(&error);
        if (first / BATCH_MAX % 64 == 63)
            publish(journal); /* so that segments are reused */
    }
    publish(journal);
    journal_close(journal);
    for (size_t i = 0; i < BATCH_MAX; i++)
        buffer_free(&made[i]);
}

static double audit_rate(const char *directory, uint64_t count, bool any_entries)
{
    const struct journal_audit_settings settings = {.log = &signer.verifier,
                                                    .any_entries = any_entries};
    double start = seconds();
    struct journal_audit *audit = journal_audit_run(directory, &settings);
    double rate = (double)count / (seconds() - start);
    if (audit->problem_count > 0)
        fail(&audit->problems[0].error);
    free(audit);
    return rate;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void prove(const char *directory, uint64_t count)
{
    double times[PROOFS];
    struct error error;
    struct journal_reader *reader = journal_reader_open(directory, &error);
    if (!reader)
        fail(&error);
    srandom(1);
    journal_reader_set_size(reader, count);
    struct merkle_source source = journal_reader_source(reader);
    for (size_t i = 0; i < PROOFS; i++) {
        struct merkle_proof proof;
        uint64_t index = ((uint64_t)random() << 31 | (uint64_t)random()) % count;
        double start = seconds();
        if (merkle_prove_inclusion(&source, index, count, &proof, &error) < 0)
            fail(&error);
        times[i] = (seconds() - start) * 1e6;
    }
    journal_reader_free(reader);
    qsort(times, PROOFS, sizeof *times, compare);
    printf("%.1f %.1f\n", times[PROOFS / 2], times[PROOFS * 99 / 100]);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    const char *what = argv[1], *directory = argv[2];
    uint64_t number = strtoull(argv[3], NULL, 10);
    double limit = argc > 4 ? strtod(argv[4], NULL) : 0;
    if (number == 0 || (argc > 4 && number > BATCH_MAX))
        return 2;
    if (!strcmp(what, "append")) {
        append(directory, number, limit);
    } else if (!strcmp(what, "raw")) {
        write_raw(directory, number, limit);
    } else if (!strcmp(what, "sqlite")) {
        commit_rows(directory, number, limit);
    } else if (!strcmp(what, "verify")) {
        fill(directory, number, true);
        double schema = audit_rate(directory, number, false);
        printf("%.0f %.0f\n", schema, audit_rate(directory, number, true));
    } else if (!strcmp(what, "proof")) {
        fill(directory, number, false);
        prove(directory, number);
    } else {
        return 2;
    }
    return 0;
}
