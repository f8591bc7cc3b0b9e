/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A claimed transfer: its originals through antivirus into the pool, and what the pool makes. */
#include "gate/work.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "disarm/receipt.h"

enum { PIECE = 65536 };

static void refuse_item(struct work_item *item, const char *why)
{
    item->state = WORK_REFUSED;
    utf8_copy(item->why, sizeof item->why, why);
}

/* ---- reading ---- */

static int load_items(struct store *store, struct work *work, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more = 0;
    work->items = memory_allocate(GATE_ITEMS_MOST, sizeof *work->items);
    if (store_query(store, STATEMENT_TRANSFER_WORK_LIST,
                    STORE_VALUES(store_integer(work->transfer.id)), &rows, error) != 0)
        return -1;
    while (work->item_count < GATE_ITEMS_MOST && (more = store_rows_next(rows, error)) == 1) {
        struct work_item *item = &work->items[work->item_count++];
        const char *state = store_rows_text(rows, 3);
        item->work = work;
        item->number = store_rows_integer(rows, 0);
        utf8_copy(item->name, sizeof item->name, store_rows_text(rows, 1));
        gate_blob_id(&item->original, store_rows_blob(rows, 2));
        item->was_clean = !strcmp(state, "clean");
        item->state = item->was_clean || !strcmp(state, "refused") ? WORK_BEFORE : WORK_TODO;
    }
    return more < 0 ? -1 : 0;
}

struct work *work_load(struct gate_mover *mover, int64_t transfer, int64_t lease,
                       struct error *error)
{
    struct work *work = memory_allocate(1, sizeof *work);
    work->lease = lease;
    if (gate_transfer_find(mover->store, transfer, &work->transfer, error) == 0 &&
        gate_conduit_read(mover->store, work->transfer.conduit, &work->conduit, error) == 0 &&
        load_items(mover->store, work, error) == 0)
        return work;
    work_free(work);
    return NULL;
}

void work_free(struct work *work)
{
    for (size_t i = 0; i < work->item_count; i++) {
        store_blob_close(work->items[i].output_blob);
        store_blob_close(work->items[i].receipt_blob);
        store_blob_close(work->items[i].preview_blob);
    }
    free(work->items);
    free(work);
}

/* ---- antivirus ---- */

/* The scanner cannot be had: where it is demanded the work waits, elsewhere it goes on and says so.
 * One that let us wait is left alone for a while, since nothing else moves meanwhile. */
static int scanner_away(struct gate_mover *mover, struct work *work, const struct clamd_scan *scan)
{
    if (scan->timed_out)
        mover->scanner_after = mover->now + mover->options.retry;
    work->scanned = false;
    if (work->conduit.antivirus != GATE_ANTIVIRUS_REQUIRED)
        return 0;
    work->wait = "gate_scanner_away";
    return -1;
}

/* Begins a scan where the conduit wants one; the scan's socket is -1 when there is none. -1: the
 * work waits. */
static int begin_scan(struct gate_mover *mover, struct work *work, struct clamd_scan *scan)
{
    struct error error = {0};
    *scan = (struct clamd_scan){.socket = -1};
    if (work->conduit.antivirus == GATE_ANTIVIRUS_NONE)
        return 0;
    if (mover->scanner && mover->scanner_after <= mover->now &&
        clamd_begin(mover->scanner, mover->options.scanner_patience, scan, &error) == 0)
        return 0;
    return scanner_away(mover, work, scan);
}

/* What a scan said, or that it failed. */
static void take_verdict(struct gate_mover *mover, struct work_item *item,
                         const struct clamd_scan *scan, int verdict, const struct error *error)
{
    struct work *work = item->work;
    if (verdict == 0)
        return;
    if (verdict == 1) {
        work->infected = true;
        refuse_item(item, "gate_virus");
    } else if (!strcmp(error->code, "gate_scanner_away")) {
        scanner_away(mover, work, scan);
    } else {
        refuse_item(item, "gate_scanner_failed");
    }
}

/* Ends a scan that was begun. */
static void end_scan(struct gate_mover *mover, struct work_item *item, struct clamd_scan *scan,
                     int sent, struct error *error)
{
    struct work *work = item->work;
    int verdict = sent;
    if (sent == 0)
        verdict = clamd_finish(scan, work->found, sizeof work->found, error);
    clamd_close(scan);
    take_verdict(mover, item, scan, verdict, error);
}

/* ---- into the pool ---- */

/* Reads the original into a memory file, and to the scanner on the way unless it has seen it. The
 * file, or -1. */
static int fetch(struct gate_mover *mover, struct work_item *item)
{
    struct clamd_scan scan = {.socket = -1};
    struct store_blob_reader *reader = NULL;
    struct error error = {0}, scan_error = {0};
    struct bytes piece = {0};
    int sent = 0, result, file = memfd_create("original", MFD_CLOEXEC);
    if (!item->seen_open && begin_scan(mover, item->work, &scan) != 0) {
        close(file);
        return -1;
    }
    bool scanning = scan.socket >= 0;
    result = store_blob_open(mover->store, &item->original, &reader, &error);
    while (result == 0 && (result = store_blob_read(reader, &piece, &error)) == 0 && piece.length) {
        result = file_write_all(file, piece, item->name, &error);
        if (scanning && sent == 0)
            sent = clamd_send(&scan, piece, &scan_error);
    }
    store_blob_reader_close(reader);
    if (result != 0)
        item->work->wait = "gate_store_trouble";
    if (scanning)
        end_scan(mover, item, &scan, sent, &scan_error);
    if (result == 0 && item->state == WORK_TODO && !item->work->wait &&
        lseek(file, 0, SEEK_SET) == 0)
        return file;
    close(file);
    return -1;
}

/* True when the file came closed with a password, and the conduit closes it again. */
static bool closes_again(const struct gate_mover *mover, const struct work_item *item)
{
    const struct work *work = item->work;
    return work->conduit.close_again && work->transfer.treatment == DISARM_REBUILD &&
           passwords_find(mover, work->transfer.id, item->number);
}

/* True when it is made open first, for antivirus and for who approves it: neither sees anything in
 * a closed file. */
static bool opens_first(const struct gate_mover *mover, const struct work_item *item)
{
    return closes_again(mover, item) && !item->seen_open &&
           (item->work->conduit.antivirus != GATE_ANTIVIRUS_NONE ||
            work_needs_approval(item->work));
}

static void submit(struct gate_mover *mover, struct work_item *item, int file)
{
    struct disarm_options options = disarm_default_options;
    options.treatment = item->work->transfer.treatment;
    options.password = passwords_find(mover, item->work->transfer.id, item->number);
    options.encrypt_again = closes_again(mover, item) && !opens_first(mover, item);
    if (mover->options.worker_patience)
        options.limits.time_ms = mover->options.worker_patience;
    disarm_pool_submit(mover->pool, file, item->name, &options, item);
    item->state = WORK_AT_POOL;
    item->work->at_pool++;
}

void work_start(struct gate_mover *mover, struct work *work)
{
    work->scanned = work->conduit.antivirus != GATE_ANTIVIRUS_NONE;
    for (size_t i = 0; i < work->item_count && !work->wait && !work->infected; i++) {
        struct work_item *item = &work->items[i];
        if (item->state != WORK_TODO)
            continue;
        int file = fetch(mover, item);
        if (file >= 0)
            submit(mover, item, file);
        file_close(&file);
    }
}

/* ---- out of the pool ---- */

/* What the journal says of a receipt. */
static void name_receipt(struct work_item *item, struct bytes json)
{
    uint8_t digest[HASH_BYTES];
    hash_sha256(json, digest);
    snprintf(item->receipt_name, sizeof item->receipt_name, "receipt_%lld",
             (long long)item->number);
    int at = snprintf(item->receipt_digest, sizeof item->receipt_digest, "sha256:");
    for (size_t i = 0; i < sizeof digest; i++)
        at += snprintf(item->receipt_digest + at, sizeof item->receipt_digest - (size_t)at, "%02x",
                       digest[i]);
}

/* A receipt as a finished blob. */
static int write_receipt(struct gate_mover *mover, struct work_item *item,
                         const struct receipt *receipt, struct error *error)
{
    AUTO_BUFFER json = {0};
    receipt_write_json(receipt, &json);
    name_receipt(item, buffer_bytes(&json));
    return store_blob_begin(mover->store, &item->receipt_blob, error) == 0 &&
                   store_blob_write(item->receipt_blob, buffer_bytes(&json), error) == 0 &&
                   store_blob_finish(item->receipt_blob, &item->receipt, NULL, error) == 0
               ? 0
               : -1;
}

/* The disarmed file past the scanner, unless it has seen it, and into a blob (NULL: not). */
static int pass_output(struct gate_mover *mover, struct work_item *item, int output,
                       struct store_blob_writer *blob, struct error *error)
{
    struct clamd_scan scan = {.socket = -1};
    struct error scan_error = {0};
    uint8_t piece[PIECE];
    size_t got = 0;
    int sent = 0, result;
    if (!item->seen_open && begin_scan(mover, item->work, &scan) != 0)
        return 0;
    bool scanning = scan.socket >= 0;
    while ((result = file_read_some(output, piece, sizeof piece, &got, item->name, error)) == 0 &&
           got) {
        struct bytes content = {piece, got};
        if (blob && (result = store_blob_write(blob, content, error)) != 0)
            break;
        if (scanning && sent == 0)
            sent = clamd_send(&scan, content, &scan_error);
    }
    if (scanning)
        end_scan(mover, item, &scan, sent, &scan_error);
    return result;
}

/* The disarmed file as a finished blob. */
static int write_output(struct gate_mover *mover, struct work_item *item, int output,
                        struct error *error)
{
    if (store_blob_begin(mover->store, &item->output_blob, error) != 0 ||
        pass_output(mover, item, output, item->output_blob, error) != 0)
        return -1;
    return store_blob_finish(item->output_blob, &item->output, &item->output_size, error);
}

/* What was made open has been looked at; now the same once more, closed. */
static int close_again(struct gate_mover *mover, struct work_item *item,
                       const struct disarm_result *result, struct error *error)
{
    bool shown = work_needs_approval(item->work);
    if ((shown && store_blob_begin(mover->store, &item->preview_blob, error) != 0) ||
        pass_output(mover, item, result->output, item->preview_blob, error) != 0 ||
        (shown && store_blob_finish(item->preview_blob, &item->preview, NULL, error) != 0))
        return -1;
    if (item->state == WORK_REFUSED)
        return write_receipt(mover, item, result->receipt, error);
    if (item->work->wait)
        return 0;
    item->seen_open = true;
    int file = fetch(mover, item);
    if (file >= 0)
        submit(mover, item, file);
    file_close(&file);
    return 0;
}

static bool needs_password(const char *code)
{
    return !strcmp(code, "password_needed") || !strcmp(code, "password_wrong");
}

/* The last part of a path. */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int take_receipt(struct gate_mover *mover, struct work_item *item,
                        const struct disarm_result *result, struct error *error)
{
    const struct receipt *receipt = result->receipt;
    const char *why = receipt->reason.code;
    if (why && needs_password(why)) {
        item->state = WORK_HELD;
        utf8_copy(item->why, sizeof item->why, why);
        return 0;
    }
    if (result->output >= 0 && opens_first(mover, item))
        return close_again(mover, item, result, error);
    if (write_receipt(mover, item, receipt, error) != 0)
        return -1;
    if (receipt->verdict == RECEIPT_REFUSED || result->output < 0) {
        refuse_item(item, why ? why : "unknown");
        return 0;
    }
    if (!gate_type_allowed(&item->work->conduit, receipt->input.type)) {
        refuse_item(item, "gate_file_type");
        return 0;
    }
    item->state = WORK_CLEAN;
    utf8_copy(item->output_name, sizeof item->output_name,
              last_part(receipt->output.name ? receipt->output.name : item->name));
    return write_output(mover, item, result->output, error);
}

void work_take_result(struct gate_mover *mover, struct disarm_result *result)
{
    struct work_item *item = result->context;
    struct error error = {0};
    item->work->at_pool--;
    item->state = WORK_TODO;
    if (!item->work->wait && take_receipt(mover, item, result, &error) != 0)
        item->work->wait =
            !strcmp(error.code, "disk_full") ? "gate_disk_full" : "gate_store_trouble";
    disarm_result_free(result);
}
