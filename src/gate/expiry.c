/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfers whose time is over: they end, and their files go. Receipts stay. */
#include <string.h>

#include "gate/work.h"

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

static int release_one(struct store *store, struct bytes column, int64_t transfer, int64_t item,
                       const char *what, struct error *error)
{
    struct store_blob_id id;
    if (column.length == 0)
        return 0;
    gate_blob_id(&id, column);
    return store_blob_release(store, &id, gate_owner_of(transfer, item, what).text, error);
}

/* Lets go of all files of a transfer, originals and disarmed ones. */
static int release_files(struct store *store, int64_t transfer, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    if (store_query(store, STATEMENT_TRANSFER_BLOB_LIST, STORE_VALUES(store_integer(transfer)),
                    &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1) {
        int64_t item = store_rows_integer(rows, 0);
        if (release_one(store, store_rows_blob(rows, 1), transfer, item, "original", error) != 0 ||
            release_one(store, store_rows_blob(rows, 2), transfer, item, "output", error) != 0 ||
            release_one(store, store_rows_blob(rows, 3), transfer, item, "preview", error) != 0)
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

static int end_old(struct store *store, const struct old *old, int64_t now, struct error *error)
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
    if (release_files(store, old->id, error) != 0)
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
    if (list_old(store, now, list, did, error) != 0)
        return -1;
    if (*did == 0)
        return 0;
    /* Read again inside the transaction: somebody may have moved them on meanwhile. */
    if (store_begin(store, error) != 0)
        return -1;
    int result = list_old(store, now, list, did, error);
    for (size_t i = 0; i < *did && result == 0; i++)
        result = end_old(store, &list[i], now, error);
    return store_conclude(store, result, error);
}
