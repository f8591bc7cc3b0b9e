/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfers whose time is over and uploads that broke off: they end, and their files go. Receipts
 * stay. */
#include <stdlib.h>
#include <string.h>

#include "gate/work.h"

#include "base/memory.h"
#include "base/utf8.h"

enum { BATCH = 50 };

struct old {
    int64_t id, request;
    char state[GATE_STATE_SIZE];
};

static int list_old(struct store *store, int64_t now, struct old *list, size_t *count,
                    struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    *count = 0;
    if (store_query(store, STATEMENT_TRANSFER_LIST_OLD,
                    STORE_VALUES(store_integer(now), store_integer(BATCH)), &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1) {
        struct old *old = &list[(*count)++];
        old->id = store_rows_integer(rows, 0);
        utf8_copy(old->state, sizeof old->state, store_rows_text(rows, 1));
        old->request = store_rows_integer(rows, 2);
    }
    return more;
}

/* What was let go of in a transaction, to be removed after it. */
struct released {
    struct store_blob_id *ids;
    size_t count;
};

static int release_one(struct store *store, struct released *released, struct bytes column,
                       int64_t transfer, int64_t item, const char *what, struct error *error)
{
    if (column.length == 0)
        return 0;
    released->ids = memory_resize(released->ids, released->count + 1, sizeof *released->ids);
    struct store_blob_id *id = &released->ids[released->count++];
    gate_blob_id(id, column);
    return store_blob_release(store, id, gate_owner_of(transfer, item, what).text, error);
}

/* Removes the files of what was let go of; those that cannot go now, the collector takes. */
static void remove_files(struct store *store, struct released *released, bool committed,
                         int64_t now)
{
    for (size_t i = 0; committed && i < released->count; i++)
        store_blob_remove(store, &released->ids[i], now, NULL);
    free(released->ids);
    *released = (struct released){0};
}

/* Lets go of all files of a transfer, originals and disarmed ones. */
static int release_files(struct store *store, struct released *released, int64_t transfer,
                         struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    if (store_query(store, STATEMENT_TRANSFER_BLOB_LIST, STORE_VALUES(store_integer(transfer)),
                    &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1) {
        int64_t item = store_rows_integer(rows, 0);
        static const char *const what[] = {"original", "output", "preview"};
        for (int i = 0; i < 3; i++)
            if (release_one(store, released, store_rows_blob(rows, 1 + i), transfer, item, what[i],
                            error) != 0)
                return -1;
    }
    store_rows_close(&rows);
    return more < 0 ? -1
                    : store_run(store, STATEMENT_TRANSFER_BLOB_FORGET,
                                STORE_VALUES(store_integer(transfer)), error);
}

/* True for the ends of a transfer. */
static bool has_ended(const char *state)
{
    static const char *const ends[] = {"received", "refused", "recalled", "expired"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (!strcmp(ends[i], state))
            return true;
    return false;
}

static int end_old(struct store *store, const struct old *old, struct released *released,
                   int64_t now, struct error *error)
{
    bool ended = has_ended(old->state);
    struct identity_act act = {.actor = "mover", .now = now};
    if (store_run(store, STATEMENT_TRANSFER_EXPIRE,
                  STORE_VALUES(store_integer(old->id), store_text(ended ? old->state : "expired"),
                               store_integer(now)),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) == 0)
        return 0;
    if (release_files(store, released, old->id, error) != 0)
        return -1;
    /* What was delivered at night keeps the approval that is still owed. */
    if (!ended && strcmp(old->state, "ready") != 0 &&
        gate_withdraw(store, old->request, act.actor, NULL, now, error) != 0)
        return -1;
    return identity_act_record(store, &act, ended ? "transfer.release" : "transfer.expire",
                               gate_name_of("transfer", old->id).text, NULL, 0, NULL, error);
}

int expiry_step(struct store *store, int64_t now, size_t *did, struct error *error)
{
    struct old list[BATCH];
    struct released released = {0};
    if (list_old(store, now, list, did, error) != 0)
        return -1;
    if (*did == 0)
        return 0;
    /* Read again inside the transaction: somebody may have moved them on meanwhile. */
    if (store_begin(store, error) != 0)
        return -1;
    int result = list_old(store, now, list, did, error);
    for (size_t i = 0; i < *did && result == 0; i++)
        result = end_old(store, &list[i], &released, now, error);
    result = store_conclude(store, result, error);
    remove_files(store, &released, result == 0, now);
    return result;
}

static int drop(struct store *store, const struct identity_session *session, int64_t transfer,
                const char *reason, int64_t now, struct released *released, struct error *error)
{
    struct identity_act act = identity_session_act(session, now);
    struct gate_name name = gate_name_of("transfer", transfer);
    act.reason = reason;
    if (store_run(store, STATEMENT_TRANSFER_UPLOAD_DROP,
                  STORE_VALUES(store_integer(transfer), store_integer(session->person),
                               store_text(session->zone), store_integer(now)),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) != 1)
        return error_set(error, "gate_state", name.text, "%s", "");
    if (release_files(store, released, transfer, error) != 0)
        return -1;
    return identity_act_record(store, &act, "transfer.break_off", name.text, NULL, 0, NULL, error);
}

int gate_send_drop(struct store *store, const struct identity_session *session, int64_t transfer,
                   const char *reason, int64_t now, struct error *error)
{
    struct released released = {0};
    if (store_begin(store, error) != 0)
        return -1;
    int result =
        store_conclude(store, drop(store, session, transfer, reason, now, &released, error), error);
    remove_files(store, &released, result == 0, now);
    return result;
}
