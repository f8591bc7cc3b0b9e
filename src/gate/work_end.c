/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a transfer after the mover's work, in one transaction with its journal entries.
 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "gate/work.h"

/* How a work ends. */
struct verdict {
    const char *state; /* of the transfer */
    const char *why;
    size_t clean, held, refused;
};

static const char *item_state(const struct work_item *item)
{
    switch (item->state) {
    case WORK_CLEAN:
        return "clean";
    case WORK_HELD:
        return "held";
    case WORK_REFUSED:
        return "refused";
    default:
        return "stored";
    }
}

bool work_needs_approval(const struct work *work)
{
    const struct gate_transfer *transfer = &work->transfer;
    return identity_classification_rank(transfer->classification) >= work->conduit.approval_from ||
           (transfer->personal_data && work->conduit.approval_personal);
}

static struct verdict judge(const struct work *work)
{
    struct verdict verdict = {.why = ""};
    const char *held = "", *refused = "gate_no_files";
    for (size_t i = 0; i < work->item_count; i++) {
        const struct work_item *item = &work->items[i];
        bool clean = item->state == WORK_CLEAN || (item->state == WORK_BEFORE && item->was_clean);
        verdict.clean += clean;
        if (item->state == WORK_HELD) {
            verdict.held++;
            held = item->why;
        } else if (!clean) {
            verdict.refused++;
            if (item->state == WORK_REFUSED)
                refused = item->why;
        }
    }
    if (work->infected) {
        verdict.state = "refused";
        verdict.why = "gate_virus";
    } else if (verdict.held) {
        verdict.state = "held";
        verdict.why = held;
    } else if (verdict.clean == 0) {
        verdict.state = "refused";
        verdict.why = refused;
    } else {
        verdict.state = work_needs_approval(work) ? "pending" : "ready";
    }
    return verdict;
}

/* ---- storing ---- */

static struct store_value blob_or_null(struct store_blob_writer *writer,
                                       const struct store_blob_id *id)
{
    return writer ? store_blob(id->bytes, sizeof id->bytes) : store_null();
}

/* Makes a blob (NULL: none) a file of the item. */
static int keep(struct store_blob_writer *blob, const struct work_item *item, const char *what,
                int64_t now, struct error *error)
{
    struct gate_name owner = gate_owner_of(item->work->transfer.id, item->number, what);
    return blob ? store_blob_keep(blob, owner.text, now, error) : 0;
}

static int store_item(struct store *store, const struct work *work, struct work_item *item,
                      int64_t now, struct error *error)
{
    int64_t transfer = work->transfer.id;
    bool clean = item->state == WORK_CLEAN;
    struct store_blob_writer *output = clean ? item->output_blob : NULL,
                             *preview = clean ? item->preview_blob : NULL;
    if (item->state == WORK_BEFORE || item->state == WORK_NOT_BEGUN || item->state == WORK_AT_POOL)
        return 0;
    if (keep(output, item, "output", now, error) != 0 ||
        keep(preview, item, "preview", now, error) != 0 ||
        keep(item->receipt_blob, item, "receipt", now, error) != 0)
        return -1;
    return store_run(store, STATEMENT_TRANSFER_ITEM_END,
                     STORE_VALUES(store_integer(transfer), store_integer(item->number),
                                  store_text(item_state(item)), store_text(item->why),
                                  store_text(clean ? item->output_name : ""),
                                  store_integer(clean ? item->output_size : 0),
                                  blob_or_null(output, &item->output),
                                  blob_or_null(item->receipt_blob, &item->receipt),
                                  blob_or_null(preview, &item->preview)),
                     error);
}

/* Appends what an approval is about: every file with its state, content and receipt. */
static int append_content(struct store *store, int64_t transfer, struct buffer *out,
                          struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    if (store_query(store, STATEMENT_TRANSFER_ITEM_LIST,
                    STORE_VALUES(store_integer(transfer), store_integer(GATE_ITEMS_MOST)), &rows,
                    error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1) {
        buffer_append_format(out, "%lld %s ", (long long)store_rows_integer(rows, 0),
                             store_rows_text(rows, 5));
        for (int column = 7; column <= 8; column++) {
            struct bytes id = store_rows_blob(rows, column);
            for (size_t i = 0; i < id.length; i++)
                buffer_append_format(out, "%02x", id.data[i]);
            buffer_append_byte(out, ' ');
        }
        buffer_append_format(out, "%s\n", store_rows_text(rows, 1));
    }
    return more;
}

static void append_fields(const struct gate_transfer *transfer, struct buffer *out)
{
    struct json_writer json = json_writer_open(out);
    json_begin_object(&json);
    json_member_string(&json, "purpose", transfer->purpose);
    json_member_string(&json, "classification", transfer->classification);
    json_member_string(&json, "personal_data", transfer->personal_data ? "yes" : "no");
    json_member_string(&json, "source", transfer->source);
    json_member_string(&json, "destination", transfer->destination);
    json_end_object(&json);
}

static int ask_approval(struct store *store, const struct work *work, int64_t now, int64_t *request,
                        struct error *error)
{
    const struct gate_transfer *transfer = &work->transfer;
    AUTO_BUFFER fields = {0};
    AUTO_BUFFER content = {0};
    struct gate_name name = gate_name_of("transfer", transfer->id);
    append_fields(transfer, &fields);
    if (append_content(store, transfer->id, &content, error) != 0)
        return -1;
    const struct cases_request asked = {.form = "transfer",
                                        .object = name.text,
                                        .content = buffer_string(&content),
                                        .fields = buffer_string(&fields),
                                        .requester = transfer->sender,
                                        .department = transfer->department,
                                        .zone = transfer->source,
                                        .now = now};
    return cases_open(store, &asked, request, error);
}

/* Ends the claim; *lost: it was not ours any more. */
static int end_claim(struct store *store, const struct work *work, const struct verdict *verdict,
                     int64_t request, int64_t now, bool *lost, struct error *error)
{
    bool ready = !strcmp(verdict->state, "ready"), refused = !strcmp(verdict->state, "refused");
    bool asked = work->conduit.antivirus != GATE_ANTIVIRUS_NONE && !work->infected;
    const char *scan = !asked ? "" : work->scanned ? "clean" : "absent";
    if (store_run(store, STATEMENT_TRANSFER_WORK_END,
                  STORE_VALUES(store_integer(work->transfer.id), store_integer(work->lease),
                               store_text(verdict->state), store_text(verdict->why),
                               request ? store_integer(request) : store_null(),
                               ready ? store_integer(now) : store_null(),
                               refused ? store_integer(now) : store_null(), store_integer(now),
                               store_integer(TIME_DAY), store_text(scan)),
                  error) != 0)
        return -1;
    *lost = store_changed_rows(store) == 0;
    return 0;
}

/* What antivirus did; that it did nothing is told as such. */
static int record_scan(struct store *store, const struct work *work, const struct identity_act *act,
                       const char *transfer, struct error *error)
{
    const struct store_fact found[] = {{"found", work->found}};
    const char *action = work->infected  ? "transfer.virus"
                         : work->scanned ? "transfer.scan"
                                         : "transfer.unscanned";
    if (work->conduit.antivirus == GATE_ANTIVIRUS_NONE)
        return 0;
    return identity_act_record(store, act, action, transfer, found, work->infected, NULL, error);
}

/* The entry names the digest of each receipt, and each file the entry: so a receipt is proved. */
static int record_receipts(struct store *store, const struct work *work,
                           const struct identity_act *act, const char *action,
                           const struct store_fact *counts, size_t count, struct error *error)
{
    struct store_fact facts[GATE_ITEMS_MOST + 8];
    uint64_t sequence;
    memcpy(facts, counts, count * sizeof *counts);
    for (size_t i = 0; i < work->item_count && i < GATE_ITEMS_MOST; i++)
        if (work->items[i].receipt_blob)
            facts[count++] =
                (struct store_fact){work->items[i].receipt_name, work->items[i].receipt_digest};
    if (identity_act_record(store, act, action, gate_name_of("transfer", work->transfer.id).text,
                            facts, count, &sequence, error) != 0)
        return -1;
    for (size_t i = 0; i < work->item_count; i++)
        if (work->items[i].receipt_blob &&
            store_run(store, STATEMENT_TRANSFER_ITEM_ENTRY,
                      STORE_VALUES(store_integer(work->transfer.id),
                                   store_integer(work->items[i].number),
                                   store_integer((int64_t)sequence)),
                      error) != 0)
            return -1;
    return 0;
}

/* What disarming did with the files; a refusal stands by itself, so that it can be counted. */
static int record_disarm(struct store *store, const struct work *work,
                         const struct verdict *verdict, const struct identity_act *act,
                         struct error *error)
{
    char clean[24], held[24], refused[24];
    snprintf(clean, sizeof clean, "%zu", verdict->clean);
    snprintf(held, sizeof held, "%zu", verdict->held);
    snprintf(refused, sizeof refused, "%zu", verdict->refused);
    const struct store_fact facts[] = {{"clean", clean}, {"held", held}, {"refused", refused}};
    const char *action = verdict->refused ? "transfer.disarm_refuse" : "transfer.disarm";
    if (!verdict->clean && !verdict->refused)
        return 0; /* all are held: nothing was done yet */
    return record_receipts(store, work, act, action, facts, 3, error);
}

static int record_end(struct store *store, const struct work *work, const struct verdict *verdict,
                      int64_t now, struct error *error)
{
    struct identity_act act = {.actor = "mover", .now = now};
    struct gate_name name = gate_name_of("transfer", work->transfer.id);
    const struct store_fact why[] = {{"why", verdict->why}};
    if (record_scan(store, work, &act, name.text, error) != 0 ||
        (!work->infected && record_disarm(store, work, verdict, &act, error) != 0))
        return -1;
    if (!strcmp(verdict->state, "ready"))
        return identity_act_record(store, &act, "transfer.deliver", name.text, NULL, 0, NULL,
                                   error);
    if (!strcmp(verdict->state, "pending"))
        return 0; /* the case says so */
    return identity_act_record(
        store, &act, !strcmp(verdict->state, "held") ? "transfer.hold" : "transfer.refuse",
        name.text, why, 1, NULL, error);
}

/* The whole end inside a transaction. 1: the claim was lost, undo it. */
static int store_end(struct store *store, struct work *work, const struct verdict *verdict,
                     int64_t now, struct error *error)
{
    bool lost;
    int64_t request = 0;
    for (size_t i = 0; i < work->item_count; i++)
        if (store_item(store, work, &work->items[i], now, error) != 0)
            return -1;
    if (!strcmp(verdict->state, "pending") && ask_approval(store, work, now, &request, error) != 0)
        return -1;
    if (end_claim(store, work, verdict, request, now, &lost, error) != 0)
        return -1;
    return lost ? 1 : record_end(store, work, verdict, now, error);
}

int work_end(struct gate_mover *mover, struct work *work, int64_t now, struct error *error)
{
    struct verdict verdict = judge(work);
    if (store_begin(mover->store, error) != 0)
        return -1;
    int result = store_end(mover->store, work, &verdict, now, error);
    if (result != 0) {
        store_rollback(mover->store);
        return result > 0 ? 0 : -1;
    }
    if (store_commit(mover->store, error) != 0)
        return -1;
    if (strcmp(verdict.state, "held") != 0)
        passwords_forget(mover, work->transfer.id);
    return 0;
}

int work_give_back(struct gate_mover *mover, const struct work *work, const char *why, int64_t now,
                   struct error *error)
{
    int64_t after = *why ? now + mover->options.retry : 0;
    if (store_begin(mover->store, error) != 0)
        return -1;
    return store_conclude(
        mover->store,
        store_run(mover->store, STATEMENT_TRANSFER_GIVE_BACK,
                  STORE_VALUES(store_integer(work->transfer.id), store_integer(work->lease),
                               store_text(why), store_integer(after)),
                  error),
        error);
}
