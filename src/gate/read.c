/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking at transfers: inbox, outbox, one of them, its files and receipts. */
#include <stdlib.h>
#include <string.h>

#include "gate/gate.h"

#include "base/utf8.h"

void gate_transfer_from_row(struct gate_transfer *found, const struct store_rows *rows)
{
    memset(found, 0, sizeof *found);
    found->id = store_rows_integer(rows, 0);
    found->conduit = store_rows_integer(rows, 1);
    utf8_copy(found->source, sizeof found->source, store_rows_text(rows, 2));
    utf8_copy(found->destination, sizeof found->destination, store_rows_text(rows, 3));
    found->sender = store_rows_integer(rows, 4);
    found->department = store_rows_integer(rows, 5);
    utf8_copy(found->sender_name, sizeof found->sender_name, store_rows_text(rows, 6));
    utf8_copy(found->purpose, sizeof found->purpose, store_rows_text(rows, 7));
    utf8_copy(found->classification, sizeof found->classification, store_rows_text(rows, 8));
    found->personal_data = store_rows_integer(rows, 9) != 0;
    found->treatment = (enum disarm_treatment)store_rows_integer(rows, 10);
    utf8_copy(found->state, sizeof found->state, store_rows_text(rows, 11));
    utf8_copy(found->why, sizeof found->why, store_rows_text(rows, 12));
    found->case_id = store_rows_integer(rows, 13);
    found->emergency = store_rows_integer(rows, 14) != 0;
    found->password = store_rows_integer(rows, 15) != 0;
    found->items = store_rows_integer(rows, 16);
    found->created = store_rows_integer(rows, 17);
    found->accepted = store_rows_integer(rows, 18);
    found->ready = store_rows_integer(rows, 19);
    found->ended = store_rows_integer(rows, 20);
    found->expires = store_rows_integer(rows, 21);
    found->picked_up = store_rows_integer(rows, 22);
    utf8_copy(found->source_name, sizeof found->source_name, store_rows_text(rows, 23));
    utf8_copy(found->destination_name, sizeof found->destination_name, store_rows_text(rows, 24));
    utf8_copy(found->scan, sizeof found->scan, store_rows_text(rows, 25));
}

int gate_transfer_one(struct store *store, enum store_statement statement,
                      const struct store_value *values, size_t count, struct gate_transfer *found,
                      struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, statement, values, count, &rows, error) != 0)
        return -1;
    int there = store_rows_next(rows, error);
    if (there != 1)
        return there < 0 ? -1
                         : error_set(error, "gate_transfer_unknown",
                                     gate_name_of("transfer", values[0].integer).text, "%s", "");
    gate_transfer_from_row(found, rows);
    return 0;
}

int64_t gate_transfer_number(const char *object)
{
    static const char prefix[] = "transfer/";
    return strncmp(object, prefix, strlen(prefix)) == 0 ? strtoll(object + strlen(prefix), NULL, 10)
                                                        : 0;
}

int gate_transfer_find(struct store *store, int64_t transfer, struct gate_transfer *found,
                       struct error *error)
{
    const struct store_value values[] = {store_integer(transfer)};
    return gate_transfer_one(store, STATEMENT_TRANSFER_READ, values, 1, found, error);
}

static int list_page(struct store *store, enum store_statement statement,
                     const struct identity_session *session, int64_t before,
                     struct gate_transfer *list, size_t most, size_t *count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    *count = 0;
    if (store_query(store, statement,
                    STORE_VALUES(store_integer(session->person), store_text(session->zone),
                                 store_integer(before > 0 ? before : INT64_MAX),
                                 store_integer((int64_t)most)),
                    &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1)
        gate_transfer_from_row(&list[(*count)++], rows);
    return more;
}

int gate_inbox(struct store *store, const struct identity_session *session, int64_t before,
               struct gate_transfer *list, size_t most, size_t *count, struct error *error)
{
    if (!identity_may(session, "transfer.receive", session->zone, NULL))
        return error_set(error, "gate_forbidden", session->zone, "%s", "transfer.receive");
    return list_page(store, STATEMENT_TRANSFER_LIST_INBOX, session, before, list, most, count,
                     error);
}

int gate_today(struct store *store, const struct identity_session *session,
               struct gate_today *today, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    memset(today, 0, sizeof *today);
    if (store_query(store, STATEMENT_TRANSFER_TODAY,
                    STORE_VALUES(store_integer(session->person), store_text(session->zone)), &rows,
                    error) != 0)
        return -1;
    int there = store_rows_next(rows, error);
    if (there == 1) {
        today->arrived = store_rows_integer(rows, 0);
        today->held = store_rows_integer(rows, 1);
    }
    return there < 0 ? -1 : 0;
}

int gate_outbox(struct store *store, const struct identity_session *session, int64_t before,
                struct gate_transfer *list, size_t most, size_t *count, struct error *error)
{
    return list_page(store, STATEMENT_TRANSFER_LIST_OUTBOX, session, before, list, most, count,
                     error);
}

int gate_transfer_read(struct store *store, const struct identity_session *session,
                       int64_t transfer, struct gate_transfer *found, bool *arrived,
                       struct error *error)
{
    const struct store_value values[] = {store_integer(transfer), store_integer(session->person),
                                         store_text(session->zone)};
    struct error own = {0};
    if (arrived)
        *arrived = false;
    if (session->stage != IDENTITY_FULL)
        return error_set(error, "gate_forbidden", session->zone, "%s", "");
    if (gate_transfer_one(store, STATEMENT_TRANSFER_READ_SENT, values, 3, found, &own) == 0)
        return 0;
    if (gate_transfer_one(store, STATEMENT_TRANSFER_READ_ARRIVED, values, 3, found, error) != 0)
        return -1;
    if (arrived)
        *arrived = true;
    return 0;
}

int gate_transfer_review(struct store *store, const struct identity_session *session,
                         int64_t transfer, int64_t now, struct gate_transfer *found,
                         struct error *error)
{
    const struct store_value values[] = {store_integer(transfer), store_text(session->zone)};
    if (gate_transfer_one(store, STATEMENT_TRANSFER_READ_REVIEW, values, 2, found, error) != 0)
        return -1;
    if (cases_may_decide(store, session, found->case_id, now, error) == 0)
        return 0;
    memset(found, 0, sizeof *found);
    return -1;
}

int gate_transfer_audit(struct store *store, const struct identity_session *session,
                        int64_t transfer, struct gate_transfer *found, struct error *error)
{
    if (gate_transfer_find(store, transfer, found, error) != 0)
        return -1;
    if (identity_may(session, "journal.read", found->source, NULL) &&
        identity_may(session, "journal.read", found->destination, NULL) &&
        identity_may(session, "receipt.read", found->source, NULL) &&
        identity_may(session, "receipt.read", found->destination, NULL))
        return 0;
    memset(found, 0, sizeof *found);
    return error_set(error, "gate_transfer_unknown", gate_name_of("transfer", transfer).text, "%s",
                     "");
}

static void item_from_row(struct gate_item *item, const struct store_rows *rows)
{
    memset(item, 0, sizeof *item);
    item->number = store_rows_integer(rows, 0);
    utf8_copy(item->name, sizeof item->name, store_rows_text(rows, 1));
    utf8_copy(item->output_name, sizeof item->output_name, store_rows_text(rows, 2));
    item->size = store_rows_integer(rows, 3);
    item->output_size = store_rows_integer(rows, 4);
    utf8_copy(item->state, sizeof item->state, store_rows_text(rows, 5));
    utf8_copy(item->why, sizeof item->why, store_rows_text(rows, 6));
    item->receipt = !store_rows_null(rows, 7);
}

int gate_item_list(struct store *store, int64_t transfer, struct gate_item *list, size_t most,
                   size_t *count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    *count = 0;
    if (store_query(store, STATEMENT_TRANSFER_ITEM_LIST,
                    STORE_VALUES(store_integer(transfer), store_integer((int64_t)most)), &rows,
                    error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1)
        item_from_row(&list[(*count)++], rows);
    return more;
}

int gate_recipient_list(struct store *store, int64_t transfer, struct gate_recipient *list,
                        size_t most, size_t *count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    *count = 0;
    if (store_query(store, STATEMENT_TRANSFER_RECIPIENT_LIST,
                    STORE_VALUES(store_integer(transfer), store_integer((int64_t)most)), &rows,
                    error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1) {
        struct gate_recipient *recipient = &list[(*count)++];
        utf8_copy(recipient->name, sizeof recipient->name, store_rows_text(rows, 0));
        recipient->picked_up = store_rows_integer(rows, 1);
    }
    return more;
}

/* Appends a whole blob. */
static int read_blob(struct store *store, const struct store_blob_id *id, struct buffer *out,
                     struct error *error)
{
    struct store_blob_reader *reader = NULL;
    struct bytes piece = {0};
    int result = store_blob_open(store, id, &reader, error);
    while (result == 0 && (result = store_blob_read(reader, &piece, error)) == 0 && piece.length)
        buffer_append_bytes(out, piece);
    store_blob_reader_close(reader);
    return result;
}

int gate_receipt(struct store *store, int64_t transfer, int64_t item, struct buffer *json,
                 int64_t *entry, struct error *error)
{
    struct gate_name name = gate_owner_of(transfer, item, "receipt");
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_TRANSFER_ITEM_RECEIPT,
                    STORE_VALUES(store_integer(transfer), store_integer(item)), &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found < 0 ? -1 : error_set(error, "gate_transfer_unknown", name.text, "%s", "");
    if (store_rows_null(rows, 0))
        return error_set(error, "gate_state", name.text, "%s", "");
    struct store_blob_id id;
    gate_blob_id(&id, store_rows_blob(rows, 0));
    if (entry)
        *entry = store_rows_integer(rows, 1);
    return read_blob(store, &id, json, error);
}

/* Takes the one file that a statement leads to; code gate_transfer_unknown without one. */
static int take_item(struct store_rows **rows, int64_t transfer, struct gate_item *found,
                     struct store_blob_id *id, struct error *error)
{
    int there = store_rows_next(*rows, error);
    if (there != 1)
        return there < 0 ? -1
                         : error_set(error, "gate_transfer_unknown",
                                     gate_name_of("transfer", transfer).text, "%s", "");
    item_from_row(found, *rows);
    gate_blob_id(id, store_rows_blob(*rows, 8));
    store_rows_close(rows);
    return 0;
}

/* Writes down who looked at which file. */
static int record_preview(struct store *store, const struct identity_session *session,
                          int64_t transfer, const struct gate_item *item, int64_t now,
                          struct error *error)
{
    struct identity_act act = identity_session_act(session, now);
    const struct store_fact facts[] = {{"file", item->name}};
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store,
                          identity_act_record(store, &act, "transfer.preview",
                                              gate_name_of("transfer", transfer).text, facts, 1,
                                              NULL, error),
                          error);
}

int gate_item_review(struct store *store, const struct identity_session *session, int64_t transfer,
                     int64_t item, int64_t now, bool note, struct gate_item *found,
                     struct store_blob_reader **reader, struct error *error)
{
    struct gate_transfer seen;
    struct store_blob_id id;
    AUTO_ROWS *rows = NULL;
    if (gate_transfer_review(store, session, transfer, now, &seen, error) != 0 ||
        store_query(
            store, STATEMENT_TRANSFER_ITEM_REVIEW,
            STORE_VALUES(store_integer(transfer), store_integer(item), store_text(session->zone)),
            &rows, error) != 0 ||
        take_item(&rows, transfer, found, &id, error) != 0 ||
        (note && record_preview(store, session, transfer, found, now, error) != 0))
        return -1;
    return store_blob_open(store, &id, reader, error);
}

/* What leads to a file's content: only the statement that checks the zone. */
static int find_arrived(struct store *store, const struct identity_session *session,
                        int64_t transfer, int64_t item, int64_t now, struct gate_item *found,
                        struct store_blob_id *id, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_TRANSFER_ITEM_ARRIVED,
                    STORE_VALUES(store_integer(transfer), store_integer(item),
                                 store_integer(session->person), store_text(session->zone),
                                 store_integer(now)),
                    &rows, error) != 0)
        return -1;
    return take_item(&rows, transfer, found, id, error);
}

/* Notes that the person opened the transfer, and that everybody has, if so. */
static int note_pick_up(struct store *store, const struct identity_session *session,
                        int64_t transfer, int64_t item, int64_t now, struct error *error)
{
    struct identity_act act = identity_session_act(session, now);
    struct gate_name name = gate_name_of("transfer", transfer);
    if (store_run(store, STATEMENT_TRANSFER_PICK_UP,
                  STORE_VALUES(store_integer(transfer), store_integer(session->person),
                               store_text(session->zone), store_integer(now)),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) == 1 &&
        identity_act_record(store, &act, "transfer.receive", name.text, NULL, 0, NULL, error) != 0)
        return -1;
    if (store_run(store, STATEMENT_TRANSFER_RECEIVE,
                  STORE_VALUES(store_integer(transfer), store_integer(now)), error) != 0)
        return -1;
    return identity_act_record(store, &act, "transfer.open",
                               gate_owner_of(transfer, item, "file").text, NULL, 0, NULL, error);
}

static int pick_up(struct store *store, const struct identity_session *session, int64_t transfer,
                   int64_t item, int64_t now, struct gate_item *found,
                   struct store_blob_reader **reader, struct error *error)
{
    struct store_blob_id id;
    if (find_arrived(store, session, transfer, item, now, found, &id, error) != 0 ||
        store_blob_open(store, &id, reader, error) != 0)
        return -1;
    return note_pick_up(store, session, transfer, item, now, error);
}

int gate_item_take(struct store *store, const struct identity_session *session, int64_t transfer,
                   int64_t item, int64_t now, struct gate_item *found,
                   struct store_blob_reader **reader, struct error *error)
{
    *reader = NULL;
    if (!identity_may(session, "transfer.receive", session->zone, NULL))
        return error_set(error, "gate_forbidden", session->zone, "%s", "transfer.receive");
    if (store_begin(store, error) != 0)
        return -1;
    int result = store_conclude(
        store, pick_up(store, session, transfer, item, now, found, reader, error), error);
    if (result != 0) {
        store_blob_reader_close(*reader);
        *reader = NULL;
    }
    return result;
}

int gate_item_open(struct store *store, const struct identity_session *session, int64_t transfer,
                   int64_t item, int64_t now, struct gate_item *found,
                   struct store_blob_reader **reader, struct error *error)
{
    struct gate_transfer read;
    *reader = NULL;
    if (gate_transfer_read(store, session, transfer, &read, NULL, error) != 0)
        return -1;
    if (read.password)
        return error_set(error, "gate_locked", gate_name_of("transfer", transfer).text, "%s", "");
    return gate_item_take(store, session, transfer, item, now, found, reader, error);
}
