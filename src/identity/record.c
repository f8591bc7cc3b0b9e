/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transactions, journal entries and values as all files of the room need them. */
#include <inttypes.h>
#include <stdio.h>

#include "base/utf8.h"
#include "identity/internal.h"

int identity_act_record(struct store *store, const struct identity_act *act, const char *action,
                        const char *object, const struct store_fact *facts, size_t fact_count,
                        uint64_t *sequence, struct error *error)
{
    struct store_entry entry = {.time = act->now,
                                .actor = act->actor,
                                .action = action,
                                .object = object,
                                .address = act->address,
                                .zone = act->zone,
                                .device = act->device,
                                .reason = act->reason,
                                .clause = act->clause,
                                .facts = facts,
                                .fact_count = fact_count};
    int result = store_record(store, &entry, error);
    if (sequence)
        *sequence = entry.sequence;
    return result;
}

int identity_record(struct store *store, const struct identity_act *act, const char *action,
                    const char *kind, int64_t number, const struct store_fact *facts,
                    struct error *error)
{
    AUTO_BUFFER object = {0};
    size_t count = 0;
    if (number)
        buffer_append_format(&object, "%s/%" PRId64, kind, number);
    while (facts && facts[count].name)
        count++;
    return identity_act_record(store, act, action, number ? buffer_string(&object) : kind, facts,
                               count, NULL, error);
}

struct identity_text identity_number(int64_t number)
{
    struct identity_text text;
    snprintf(text.text, sizeof text.text, "%" PRId64, number);
    return text;
}

int identity_run_returning(struct store *store, enum store_statement statement,
                           const struct store_value *values, size_t count, int64_t *number,
                           struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, statement, values, count, &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found < 0)
        return -1;
    *number = store_rows_integer(rows, 0);
    /* A statement that writes is finished only when it was read to its end. */
    return found == 1 ? store_rows_next(rows, error)
                      : error_set(error, "store_broken", store_directory(store), "returning");
}

int identity_check_text(const char *text, const char *field, bool may_be_empty, struct error *error)
{
    if ((*text == '\0' && !may_be_empty) || !utf8_valid(bytes_of_string(text)))
        return error_set(error, "identity_bad_value", field, "%s", "");
    for (const char *at = text; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            return error_set(error, "identity_bad_value", field, "%s", "");
    return 0;
}
