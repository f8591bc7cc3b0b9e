/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who has read exactly this version of the policy. */
#include <string.h>

#include "adoption/internal.h"
#include "adoption/renewal.h"

static int acknowledge(struct store *store, const struct identity_act *act, int64_t version,
                       int64_t person, const char *digest, struct error *error)
{
    if (store_run(store, STATEMENT_ACKNOWLEDGEMENT_ADD,
                  STORE_VALUES(store_integer(version), store_integer(person), store_text(digest),
                               store_integer(act->now)),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) == 0)
        return 0;
    struct adoption_name object = adoption_name_of("policy", version);
    struct store_entry entry = {.time = act->now,
                                .actor = act->actor,
                                .action = "policy.acknowledge",
                                .object = object.text,
                                .address = act->address,
                                .zone = act->zone,
                                .device = act->device,
                                .seen = digest};
    return store_record(store, &entry, error);
}

int adoption_acknowledge(struct store *store, const struct identity_act *act, int64_t version,
                         int64_t person, const char *text_digest, struct error *error)
{
    struct adoption_version found;
    if (adoption_read(store, version, act->now, &found, error) != 0)
        return -1;
    if (found.stage != ADOPTION_IN_FORCE)
        return error_set(error, "adoption_stage", adoption_name_of("policy", version).text, "%s",
                         adoption_stage_name(found.stage));
    if (!text_digest || strcmp(text_digest, found.text_digest) != 0)
        return error_set(error, "adoption_bad_value", "text_digest", "%s", "");
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, acknowledge(store, act, version, person, text_digest, error),
                          error);
}

int adoption_acknowledged(struct store *store, int64_t version, int64_t person, int64_t *moment,
                          struct error *error)
{
    AUTO_ROWS *rows = NULL;
    *moment = 0;
    if (store_query(store, STATEMENT_ACKNOWLEDGEMENT_READ,
                    STORE_VALUES(store_integer(version), store_integer(person)), &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 1)
        *moment = store_rows_integer(rows, 0);
    return found < 0 ? -1 : 0;
}

int adoption_readers(struct store *store, int64_t version, bool pending, int64_t now, int64_t after,
                     struct adoption_reader *list, size_t most, size_t *count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    *count = 0;
    if (store_query(store, pending ? STATEMENT_READER_LIST_PENDING : STATEMENT_READER_LIST_DONE,
                    STORE_VALUES(store_integer(version), store_integer(now), store_integer(after),
                                 store_integer((int64_t)most)),
                    &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1) {
        struct adoption_reader *reader = &list[(*count)++];
        reader->person = store_rows_integer(rows, 0);
        utf8_copy(reader->name, sizeof reader->name, store_rows_text(rows, 1));
        utf8_copy(reader->department, sizeof reader->department, store_rows_text(rows, 2));
        reader->acknowledged = store_rows_integer(rows, 3);
    }
    return more;
}

int adoption_readers_count(struct store *store, int64_t version, int64_t now, int64_t *have,
                           int64_t *have_not, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_READER_COUNT,
                    STORE_VALUES(store_integer(version), store_integer(now)), &rows, error) != 0 ||
        store_rows_next(rows, error) != 1)
        return -1;
    *have = store_rows_integer(rows, 0);
    *have_not = store_rows_integer(rows, 1);
    return 0;
}
