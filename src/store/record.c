/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries recorded with the change that they tell of. */
#include "store/record.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/time.h"
#include "journal/entry.h"

_Static_assert(sizeof(struct store_digest) == sizeof(struct merkle_hash), "both are SHA-256");

/* The next number; taking it puts concurrent recorders in one line until the commit. */
static int take_sequence(struct store *store, uint64_t *sequence, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_OUTBOX_TAKE_SEQUENCE, STORE_NO_VALUES, &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found < 0)
        return -1;
    *sequence = (uint64_t)store_rows_integer(rows, 0);
    /* A statement that writes is finished only when it was read to its end. */
    return found == 1 ? store_rows_next(rows, error)
                      : error_set(error, "store_broken", store_directory(store), "counter");
}

/* Appends the journal's form of an entry. */
static int append_entry(struct buffer *out, const struct store_entry *entry, struct error *error)
{
    AUTO_FREE struct journal_fact *facts = memory_allocate(entry->fact_count + 1, sizeof *facts);
    AUTO_FREE struct journal_personal *personal =
        memory_allocate(entry->personal_count + 1, sizeof *personal);
    for (size_t i = 0; i < entry->fact_count; i++)
        facts[i] = (struct journal_fact){entry->facts[i].name, entry->facts[i].value};
    for (size_t i = 0; i < entry->personal_count; i++) {
        personal[i].field = entry->personal[i].field;
        memcpy(personal[i].digest.bytes, entry->personal[i].digest.bytes, sizeof personal->digest);
    }
    const struct journal_entry bytes = {
        .sequence = entry->sequence,
        .time = entry->time / (TIME_SECOND / 1000),
        .actor = entry->actor,
        .action = entry->action,
        .object = entry->object,
        .address = entry->address,
        .zone = entry->zone,
        .device = entry->device,
        .reason = entry->reason,
        .clause = entry->clause,
        .seen = entry->seen,
        .personal = personal,
        .personal_count = entry->personal_count,
        .facts = facts,
        .fact_count = entry->fact_count,
    };
    return journal_entry_append(out, &bytes, error);
}

/* Counts the entry, so that nobody has to read the journal to know how often something happened. */
static int count_entry(struct store *store, const struct store_entry *entry, struct error *error)
{
    AUTO_BUFFER day = {0};
    date_append(&day, time_date_in_japan(entry->time));
    return store_run(store, STATEMENT_EVIDENCE_ADD,
                     STORE_VALUES(store_text(entry->action), store_text(buffer_string(&day)),
                                  store_integer(entry->time)),
                     error);
}

int store_record(struct store *store, struct store_entry *entry, struct error *error)
{
    AUTO_BUFFER bytes = {0};
    if (entry->time == 0)
        entry->time = time_now();
    if (take_sequence(store, &entry->sequence, error) != 0 ||
        append_entry(&bytes, entry, error) != 0 || count_entry(store, entry, error) != 0)
        return -1;
    return store_run(
        store, STATEMENT_OUTBOX_ADD,
        STORE_VALUES(store_integer((int64_t)entry->sequence), store_blob(bytes.data, bytes.length)),
        error);
}
