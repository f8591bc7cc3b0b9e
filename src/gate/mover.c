/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mover: claims what waits, keeps the pool busy, ends what is done. */
#include "gate/mover.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/utf8.h"
#include "gate/work.h"

#define RETRY         (15 * TIME_SECOND)
#define COLLECT       (6 * 3600 * TIME_SECOND) /* between two looks for files that nobody needs */
#define COLLECT_FIRST (60 * TIME_SECOND)
#define PATIENCE      30000 /* milliseconds */

/* ---- starting and stopping ---- */

/* One mover works at a time: the lock file stays, its lock goes with the process. */
static int take_lock(struct gate_mover *mover, const char *directory, struct error *error)
{
    AUTO_BUFFER path = {0};
    store_append_path(&path, directory, "mover.lock");
    mover->lock = file_open(buffer_string(&path), O_RDWR | O_CREAT, 0600, error);
    if (mover->lock < 0)
        return -1;
    return flock(mover->lock, LOCK_EX | LOCK_NB) == 0
               ? 0
               : error_set(error, "gate_mover_running", buffer_string(&path), "%s", "");
}

/* What was under way and is not any more begins anew: with free_leases as one attempt of a mover
 * that died, with return_leases as none. */
static int run_on_leases(struct gate_mover *mover, enum store_statement statement,
                         struct error *error)
{
    if (store_begin(mover->store, error) != 0)
        return -1;
    return store_conclude(mover->store, store_run(mover->store, statement, STORE_NO_VALUES, error),
                          error);
}

/* Gives back what could not be given back when it was to be. */
static int return_leases(struct gate_mover *mover, struct error *error)
{
    if (!mover->leases_left || mover->work_count > 0)
        return 0;
    if (run_on_leases(mover, STATEMENT_TRANSFER_RETURN_LEASES, error) != 0)
        return -1;
    mover->leases_left = false;
    return 0;
}

static int start(struct gate_mover *mover, struct error *error)
{
    const struct gate_mover_options *options = &mover->options;
    const struct disarm_pool_options pool = {.workers = options->workers,
                                             .one_zygote = options->locked_in};
    if (take_lock(mover, options->directory, error) != 0 ||
        store_open(options->directory, &mover->store, error) != 0 ||
        run_on_leases(mover, STATEMENT_TRANSFER_FREE_LEASES, error) != 0)
        return -1;
    for (size_t i = 0; i < options->inlet_count; i++) {
        int inlet = options->inlets[i].socket;
        fcntl(inlet, F_SETFL, fcntl(inlet, F_GETFL) | O_NONBLOCK);
    }
    mover->pool = disarm_pool_start(&pool, error);
    if (!mover->pool)
        return -1;
    mover->plain_most = disarm_pool_workers(mover->pool);
    mover->scanned_most = mover->plain_most + SCANS_MOST;
    mover->works = memory_allocate(mover->plain_most + mover->scanned_most, sizeof(struct work *));
    mover->scans = memory_allocate(mover->scanned_most, sizeof(struct work_item *));
    return 0;
}

int gate_mover_start(const struct gate_mover_options *options, struct gate_mover **mover,
                     struct error *error)
{
    struct gate_mover *new = memory_allocate(1, sizeof *new);
    new->options = *options;
    new->lock = -1;
    if (options->scanner)
        new->scanner = memory_copy_string(options->scanner, strlen(options->scanner));
    if (new->options.retry == 0)
        new->options.retry = RETRY;
    if (new->options.scanner_patience == 0)
        new->options.scanner_patience = PATIENCE;
    *mover = NULL;
    if (start(new, error) != 0) {
        gate_mover_stop(new);
        return -1;
    }
    *mover = new;
    return 0;
}

void gate_mover_stop(struct gate_mover *mover)
{
    if (!mover)
        return;
    for (size_t i = 0; i < mover->work_count; i++) {
        work_give_back(mover, mover->works[i], "", 0, NULL); /* else the next mover takes it */
        work_free(mover->works[i]);
    }
    mover->work_count = mover->scan_count = 0;
    return_leases(mover, NULL);
    disarm_pool_stop(mover->pool);
    passwords_forget(mover, 0);
    store_close(mover->store);
    file_close(&mover->lock);
    free(mover->works);
    free(mover->scans);
    free(mover->scanner);
    free(mover);
}

/* ---- one step ---- */

/* Takes away the files that nobody needs any more; what cannot be done now can be later. */
static void collect(struct gate_mover *mover, int64_t now)
{
    uint64_t removed;
    struct error error = {0};
    if (mover->collect_after == 0) /* transfers that wait go first */
        mover->collect_after = now + COLLECT_FIRST;
    if (mover->collect_after > now)
        return;
    mover->collect_after = now + COLLECT;
    store_blob_collect(mover->store, now, &removed, &error);
}

/* A random number that is not 0, by which a claim is told from every other. */
static int64_t make_lease(void)
{
    int64_t lease = 0;
    while (lease == 0) {
        random_fill(&lease, sizeof lease);
        lease &= INT64_MAX;
    }
    return lease;
}

/* Which works there is room for: a slow scanner does not hold up what is not for it. */
struct room {
    bool plain, scanned;
};

static struct room find_room(const struct gate_mover *mover)
{
    size_t scanned = 0;
    for (size_t i = 0; i < mover->work_count; i++)
        scanned += work_is_scanned(mover, mover->works[i]);
    if (mover->leases_left || mover->work_count == mover->plain_most + mover->scanned_most)
        return (struct room){false, false};
    bool plain = mover->work_count - scanned < mover->plain_most;
    return (struct room){plain, mover->scanner ? scanned < mover->scanned_most : plain};
}

/* Runs the claim: 1 and the transfer, 0 nothing waits, -1 error. */
static int claim_row(struct gate_mover *mover, struct room room, int64_t lease, int64_t now,
                     int64_t *transfer, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(mover->store, STATEMENT_TRANSFER_CLAIM,
                    STORE_VALUES(store_integer(lease), store_integer(now),
                                 store_integer(room.plain), store_integer(room.scanned)),
                    &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found;
    *transfer = store_rows_integer(rows, 0);
    return store_rows_next(rows, error) < 0 ? -1 : 1;
}

static int claim(struct gate_mover *mover, int64_t lease, int64_t now, int64_t *transfer,
                 struct error *error)
{
    struct room room = find_room(mover);
    if (!room.plain && !room.scanned)
        return 0;
    if (store_begin(mover->store, error) != 0)
        return -1;
    int found = claim_row(mover, room, lease, now, transfer, error);
    return store_conclude(mover->store, found < 0 ? -1 : 0, error) == 0 ? found : -1;
}

static int read_attempts(struct gate_mover *mover, const struct work *work, int64_t *attempts,
                         struct error *error)
{
    AUTO_ROWS *rows = NULL;
    *attempts = 0;
    if (store_query(mover->store, STATEMENT_TRANSFER_ATTEMPTS,
                    STORE_VALUES(store_integer(work->transfer.id), store_integer(work->lease)),
                    &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 1)
        *attempts = store_rows_integer(rows, 0);
    return found < 0 ? -1 : 0;
}

/* Stores the end of a work whose files are all done, or gives it back. */
static int finish(struct gate_mover *mover, struct work *work, int64_t now, struct error *error)
{
    struct error own = {0};
    int result = 0;
    const char *why = work->wait;
    if (!why && work_end(mover, work, now, &own) != 0)
        why = own.code && !strcmp(own.code, "disk_full") ? "gate_disk_full" : "gate_store_trouble";
    if (why && work_give_back(mover, work, why, now, error) != 0) {
        mover->leases_left = true;
        result = -1;
    }
    work_free(work);
    return result;
}

/* Takes one transfer out of the queue; 1 there was one. */
static int begin_work(struct gate_mover *mover, int64_t now, struct error *error)
{
    int64_t transfer, attempts, lease = make_lease();
    int found = claim(mover, lease, now, &transfer, error);
    if (found != 1)
        return found;
    struct work *work = work_load(mover, transfer, lease, error);
    if (!work || read_attempts(mover, work, &attempts, error) != 0) {
        mover->leases_left = true;
        if (work)
            work_free(work);
        return -1;
    }
    if (attempts > GATE_ATTEMPTS) /* what killed its mover again and again is not tried any more */
        work_refuse_all(work, "gate_attempts");
    mover->works[mover->work_count++] = work;
    return 1;
}

/* Takes what the scanner and the pool have done with. 1: something, 0: nothing. */
static int take_finished(struct gate_mover *mover, struct error *error)
{
    struct work_item *item;
    struct disarm_result *result;
    enum clamd_answer answer;
    int did = 0;
    for (; (item = scans_next(mover, &answer)); did = 1)
        work_take_answer(mover, item, answer);
    for (;; did = 1) {
        result = disarm_pool_next(mover->pool, false);
        if (disarm_pool_lost(mover->pool) && mover->options.locked_in) {
            disarm_result_free(result);
            return error_set(error, "sandbox_failed", "zygote", "%s", "");
        }
        if (!result)
            return did;
        work_take_result(mover, result);
    }
}

/* Ends the works that are done. 1: one was, 0: none. */
static int end_works(struct gate_mover *mover, int64_t now, struct error *error)
{
    int did = 0;
    for (size_t i = 0; i < mover->work_count;) {
        struct work *work = mover->works[i];
        if (work_is_settled(work))
            scans_drop(mover, work);
        if (!work_is_done(work)) {
            i++;
            continue;
        }
        mover->work_count--;
        memmove(mover->works + i, mover->works + i + 1,
                (mover->work_count - i) * sizeof *mover->works);
        if (finish(mover, work, now, error) != 0)
            return -1;
        did = 1;
    }
    return did;
}

void gate_mover_wait(const struct gate_mover *mover, const int *others, size_t count,
                     int milliseconds)
{
    const struct gate_mover_options *options = &mover->options;
    size_t most = count + options->inlet_count + SCANS_MOST + 1;
    AUTO_FREE struct pollfd *watched = memory_allocate(most, sizeof *watched);
    size_t used = scans_watch(mover, watched, &milliseconds);
    for (size_t i = 0; i < count; i++)
        watched[used++] = (struct pollfd){others[i], POLLIN, 0};
    for (size_t i = 0; i < options->inlet_count; i++)
        watched[used++] = (struct pollfd){options->inlets[i].socket, POLLIN, 0};
    watched[used++] = (struct pollfd){disarm_pool_descriptor(mover->pool), POLLIN, 0};
    poll(watched, used, milliseconds);
}

int gate_mover_step(struct gate_mover *mover, int64_t now, bool wait, struct error *error)
{
    size_t old = 0;
    int found, did = 0;
    mover->now = now;
    if (passwords_take(mover, now, error) != 0)
        return -1;
    if (return_leases(mover, error) != 0 || expiry_step(mover->store, now, &old, error) != 0)
        return -1;
    collect(mover, now);
    while ((found = begin_work(mover, now, error)) == 1)
        did = 1;
    if (found < 0)
        return -1;
    did |= work_start_files(mover);
    if (mover->work_count > 0 && (found = take_finished(mover, error)) < 0)
        return -1;
    did |= found;
    if ((found = end_works(mover, now, error)) < 0)
        return -1;
    if (!did && !found && old == 0 && wait && mover->work_count > 0) {
        gate_mover_wait(mover, NULL, 0, -1);
        return 1;
    }
    return did || found || old > 0;
}
