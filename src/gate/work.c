/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A claimed transfer, and its originals on the way to antivirus and into the pool. */
#include "gate/work.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"

static bool is_in_hand(enum work_state state)
{
    return state == WORK_AT_SCANNER || state == WORK_AT_POOL || state == WORK_AT_SECOND_SCAN;
}

void work_set_state(struct work_item *item, enum work_state state)
{
    item->work->in_hand += is_in_hand(state);
    item->work->in_hand -= is_in_hand(item->state);
    item->state = state;
}

void work_refuse_item(struct work_item *item, const char *why)
{
    work_set_state(item, WORK_REFUSED);
    utf8_copy(item->why, sizeof item->why, why);
}

void work_refuse_all(struct work *work, const char *why)
{
    for (size_t i = 0; i < work->item_count; i++)
        if (work->items[i].state == WORK_NOT_BEGUN)
            work_refuse_item(&work->items[i], why);
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
        item->original_file = -1;
        item->number = store_rows_integer(rows, 0);
        utf8_copy(item->name, sizeof item->name, store_rows_text(rows, 1));
        gate_blob_id(&item->original, store_rows_blob(rows, 2));
        item->was_clean = !strcmp(state, "clean");
        item->state = item->was_clean || !strcmp(state, "refused") ? WORK_BEFORE : WORK_NOT_BEGUN;
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
        load_items(mover->store, work, error) == 0) {
        work->scanned = work->conduit.antivirus != GATE_ANTIVIRUS_NONE;
        return work;
    }
    work_free(work);
    return NULL;
}

void work_free(struct work *work)
{
    for (size_t i = 0; i < work->item_count; i++) {
        struct work_item *item = &work->items[i];
        store_blob_close(item->output_blob);
        store_blob_close(item->receipt_blob);
        store_blob_close(item->preview_blob);
        work_put_back(item);
    }
    free(work->items);
    free(work);
}

void work_put_back(struct work_item *item)
{
    clamd_end(item->scan);
    item->scan = NULL;
    disarm_result_free(item->result);
    item->result = NULL;
    file_close(&item->original_file);
    if (is_in_hand(item->state))
        work_set_state(item, WORK_NOT_BEGUN);
}

/* ---- to antivirus ---- */

/* Reads the original into a memory file. The file, or -1: the work waits. */
static int fetch(struct gate_mover *mover, const struct work_item *item)
{
    struct store_blob_reader *reader = NULL;
    struct error error = {0};
    struct bytes piece = {0};
    int file = memfd_create("original", MFD_CLOEXEC);
    int result = file < 0 ? -1 : store_blob_open(mover->store, &item->original, &reader, &error);
    while (result == 0 && (result = store_blob_read(reader, &piece, &error)) == 0 && piece.length)
        result = file_write_all(file, piece, item->name, &error);
    store_blob_reader_close(reader);
    if (result == 0 && lseek(file, 0, SEEK_SET) == 0)
        return file;
    item->work->wait = "gate_store_trouble";
    file_close(&file);
    return -1;
}

void work_scanner_away(struct work *work)
{
    work->scanned = false;
    if (work->conduit.antivirus == GATE_ANTIVIRUS_REQUIRED && !work->wait)
        work->wait = "gate_scanner_away";
}

bool work_send_to_scanner(struct gate_mover *mover, struct work_item *item, enum work_state state)
{
    if (item->work->conduit.antivirus == GATE_ANTIVIRUS_NONE || item->seen_open)
        return false;
    if (!mover->scanner) {
        work_scanner_away(item->work);
        return false;
    }
    scans_add(mover, item);
    work_set_state(item, state);
    return true;
}

int work_file_to_scan(struct gate_mover *mover, struct work_item *item)
{
    if (item->state == WORK_AT_SECOND_SCAN)
        return item->result->output;
    if (item->original_file < 0)
        item->original_file = fetch(mover, item);
    return item->original_file;
}

/* ---- into the pool ---- */

/* True when the file came closed with a password, and the conduit closes it again. */
static bool closes_again(const struct gate_mover *mover, const struct work_item *item)
{
    const struct work *work = item->work;
    return work->conduit.close_again && work->transfer.treatment == DISARM_REBUILD &&
           passwords_find(mover, work->transfer.id, item->number);
}

bool work_opens_first(const struct gate_mover *mover, const struct work_item *item)
{
    return closes_again(mover, item) && !item->seen_open &&
           (item->work->conduit.antivirus != GATE_ANTIVIRUS_NONE ||
            work_needs_approval(item->work));
}

void work_submit(struct gate_mover *mover, struct work_item *item)
{
    struct disarm_options options = disarm_default_options;
    options.treatment = item->work->transfer.treatment;
    options.password = passwords_find(mover, item->work->transfer.id, item->number);
    options.encrypt_again = closes_again(mover, item) && !work_opens_first(mover, item);
    if (mover->options.worker_patience)
        options.limits.time_ms = mover->options.worker_patience;
    if (item->original_file < 0)
        item->original_file = fetch(mover, item);
    if (item->original_file < 0)
        return;
    disarm_pool_submit(mover->pool, item->original_file, item->name, &options, item);
    file_close(&item->original_file);
    work_set_state(item, WORK_AT_POOL);
}

/* ---- which file is next ---- */

bool work_is_scanned(const struct gate_mover *mover, const struct work *work)
{
    return mover->scanner && work->conduit.antivirus != GATE_ANTIVIRUS_NONE;
}

/* The first file of a work that is to be started; NULL: none. */
static struct work_item *next_file(const struct work *work)
{
    for (size_t i = 0; i < work->item_count && !work_is_settled(work); i++)
        if (work->items[i].state == WORK_NOT_BEGUN)
            return &work->items[i];
    return NULL;
}

bool work_is_done(const struct work *work)
{
    return work->in_hand == 0 && !next_file(work);
}

/* Whether one more file may be in hand: as many as keep the workers busy, since each is in memory.
 * Those that antivirus looks at are counted by themselves, so that a slow scanner does not hold up
 * what is not for it. */
static bool has_room(const struct gate_mover *mover, bool scanned)
{
    size_t in_hand = 0;
    for (size_t i = 0; i < mover->work_count; i++)
        if (work_is_scanned(mover, mover->works[i]) == scanned)
            in_hand += mover->works[i]->in_hand;
    return in_hand < (scanned ? mover->scanned_most : 2 * mover->plain_most);
}

/* The next file: of the work that has fewest in hand, so that none waits for all of another's. */
static struct work_item *choose_file(const struct gate_mover *mover)
{
    struct work_item *chosen = NULL;
    const bool room[] = {has_room(mover, false), has_room(mover, true)};
    for (size_t i = 0; i < mover->work_count; i++) {
        const struct work *work = mover->works[i];
        if (!room[work_is_scanned(mover, work)] ||
            (chosen && work->in_hand >= chosen->work->in_hand))
            continue;
        struct work_item *item = next_file(work);
        chosen = item ? item : chosen;
    }
    return chosen;
}

int work_start_files(struct gate_mover *mover)
{
    struct work_item *item;
    int did = 0;
    for (; (item = choose_file(mover)); did = 1)
        if (!work_send_to_scanner(mover, item, WORK_AT_SCANNER) && !item->work->wait)
            work_submit(mover, item);
    return did;
}
