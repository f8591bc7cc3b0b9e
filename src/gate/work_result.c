/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pool makes of a file, past antivirus into the store. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "disarm/receipt.h"
#include "gate/work.h"

enum { PIECE = 65536 };

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

/* The disarmed file as a finished blob. */
static int write_output(struct gate_mover *mover, const struct work_item *item, int output,
                        struct store_blob_writer **blob, struct store_blob_id *id, int64_t *size,
                        struct error *error)
{
    uint8_t piece[PIECE];
    size_t got = 0;
    int result = store_blob_begin(mover->store, blob, error);
    while (result == 0 &&
           (result = file_read_some(output, piece, sizeof piece, &got, item->name, error)) == 0 &&
           got)
        result = store_blob_write(*blob, (struct bytes){piece, got}, error);
    return result == 0 ? store_blob_finish(*blob, id, size, error) : -1;
}

/* The last part of a path. */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* What was made passed antivirus, or needs not to. What was made open is made once more then,
 * closed. */
static int take_output(struct gate_mover *mover, struct work_item *item,
                       const struct disarm_result *result, struct error *error)
{
    const char *name = result->receipt->output.name;
    if (work_opens_first(mover, item)) {
        if (work_needs_approval(item->work) &&
            write_output(mover, item, result->output, &item->preview_blob, &item->preview, NULL,
                         error) != 0)
            return -1;
        item->seen_open = true;
        work_submit(mover, item);
        return 0;
    }
    utf8_copy(item->output_name, sizeof item->output_name, last_part(name ? name : item->name));
    if (write_output(mover, item, result->output, &item->output_blob, &item->output,
                     &item->output_size, error) != 0)
        return -1;
    work_set_state(item, WORK_CLEAN);
    return 0;
}

static bool needs_password(const char *code)
{
    return !strcmp(code, "password_needed") || !strcmp(code, "password_wrong");
}

/* Takes a receipt; 1: there is an output that goes on, 0: not, -1 error. */
static int take_receipt(struct gate_mover *mover, struct work_item *item,
                        const struct disarm_result *result, struct error *error)
{
    const struct receipt *receipt = result->receipt;
    const char *why = receipt->reason.code;
    bool made = receipt->verdict != RECEIPT_REFUSED && result->output >= 0;
    if (why && needs_password(why)) {
        work_set_state(item, WORK_HELD);
        utf8_copy(item->why, sizeof item->why, why);
        return 0;
    }
    if (made && work_opens_first(mover, item))
        return 1; /* its receipt is that of what is closed again */
    if (write_receipt(mover, item, receipt, error) != 0)
        return -1;
    if (!made)
        work_refuse_item(item, why ? why : "unknown");
    else if (!gate_type_allowed(&item->work->conduit, receipt->input.type))
        work_refuse_item(item, "gate_file_type");
    else
        return 1;
    return 0;
}

static void wait_for_store(struct work *work, const struct error *error)
{
    work->wait = !strcmp(error->code, "disk_full") ? "gate_disk_full" : "gate_store_trouble";
}

void work_take_result(struct gate_mover *mover, struct disarm_result *result)
{
    struct work_item *item = result->context;
    struct error error = {0};
    int goes_on = 0;
    work_set_state(item, WORK_NOT_BEGUN);
    if (!work_is_settled(item->work))
        goes_on = take_receipt(mover, item, result, &error);
    if (goes_on == 1 && work_send_to_scanner(mover, item, WORK_AT_SECOND_SCAN)) {
        item->result = result;
        return;
    }
    if (goes_on == 1 && !item->work->wait)
        goes_on = take_output(mover, item, result, &error);
    if (goes_on < 0)
        wait_for_store(item->work, &error);
    disarm_result_free(result);
}

/* ---- from the scanner ---- */

static int refuse_scanned(struct gate_mover *mover, struct work_item *item, const char *why,
                          const struct disarm_result *result, struct error *error)
{
    work_refuse_item(item, why);
    return result && !item->receipt_blob ? write_receipt(mover, item, result->receipt, error) : 0;
}

static int take_answer(struct gate_mover *mover, struct work_item *item, enum clamd_answer answer,
                       const struct disarm_result *result, struct error *error)
{
    struct work *work = item->work;
    if (answer == CLAMD_FOUND) {
        work->infected = true;
        utf8_copy(work->found, sizeof work->found, clamd_found(item->scan));
        return refuse_scanned(mover, item, "gate_virus", result, error);
    }
    if (answer == CLAMD_FAILED)
        return refuse_scanned(mover, item, "gate_scanner_failed", result, error);
    if (result)
        return take_output(mover, item, result, error);
    work_submit(mover, item);
    return 0;
}

void work_take_answer(struct gate_mover *mover, struct work_item *item, enum clamd_answer answer)
{
    struct error error = {0};
    struct disarm_result *result = item->result;
    item->result = NULL;
    work_set_state(item, WORK_NOT_BEGUN);
    if (answer == CLAMD_AWAY)
        work_scanner_away(item->work);
    if (!work_is_settled(item->work) && take_answer(mover, item, answer, result, &error) != 0)
        wait_for_store(item->work, &error);
    clamd_end(item->scan);
    item->scan = NULL;
    file_close(&item->original_file);
    disarm_result_free(result);
}
