/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proving that a directory holds what the journal says. */
#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"
#include "journal/audit.h"
#include "journal/copy.h"
#include "journal/key.h"
#include "store/backup_internal.h"
#include "store/blob.h"

int prove_journal(const char *journal, const char *public_key, uint64_t *entries,
                  uint64_t *position, struct error *error)
{
    struct note_verifier key;
    if (journal_key_load_public(public_key, &key, error) != 0)
        return -1;
    struct journal_audit_settings settings = {.log = &key};
    struct journal_audit *audit = journal_audit_run(journal, &settings);
    int result = 0;
    if (audit->problem_count > 0) {
        const struct error *first = &audit->problems[0].error;
        result = error_set(error, first->code, first->where, "%s", first->detail);
    }
    *entries = audit->size;
    free(audit);
    return result == 0 ? journal_copy_position(journal, position, error) : -1;
}

/* Database and journal of an organization belong together. */
static int prove_together(struct store *store, const char *directory,
                          struct store_backup_report *report, struct error *error)
{
    AUTO_BUFFER journal = {0}, key = {0};
    uint64_t position;
    store_append_path(&journal, directory, "journal");
    store_append_path(&key, directory, "keys/journal.first.pub");
    if (prove_journal(buffer_string(&journal), buffer_string(&key), &report->entries, &position,
                      error) != 0)
        return -1;
    return backup_check_together(store, position, error);
}

int store_prove(const char *directory, struct store_backup_report *report, struct error *error)
{
    struct store *store;
    *report = (struct store_backup_report){0};
    if (store_open(directory, &store, error) != 0)
        return -1;
    int result = store_check(store, error);
    if (result == 0)
        result = prove_together(store, directory, report, error);
    if (result == 0)
        result = store_blob_check_all(store, &report->blobs, error);
    store_close(store);
    return result;
}
