/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small things that every file of the gate needs: names, texts, journal entries. */
#include <stdio.h>
#include <string.h>

#include "gate/gate.h"

struct gate_name gate_name_of(const char *kind, int64_t id)
{
    struct gate_name name;
    snprintf(name.text, sizeof name.text, "%s/%lld", kind, (long long)id);
    return name;
}

struct gate_name gate_owner_of(int64_t transfer, int64_t item, const char *what)
{
    struct gate_name name;
    snprintf(name.text, sizeof name.text, "transfer/%lld/%lld/%s", (long long)transfer,
             (long long)item, what);
    return name;
}

bool gate_is_blank(const char *text)
{
    return !text || text[strspn(text, " \t\r\n")] == 0;
}

int gate_record_numbered(struct store *store, const struct identity_act *act, const char *action,
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
    *sequence = entry.sequence;
    return result;
}

int gate_record(struct store *store, const struct identity_act *act, const char *action,
                const char *object, const struct store_fact *facts, size_t fact_count,
                struct error *error)
{
    uint64_t sequence;
    return gate_record_numbered(store, act, action, object, facts, fact_count, &sequence, error);
}

int gate_end(struct store *store, int result, struct error *error)
{
    if (result == 0)
        return store_commit(store, error);
    store_rollback(store);
    return -1;
}

void gate_blob_id(struct store_blob_id *id, struct bytes column)
{
    memset(id, 0, sizeof *id);
    if (column.length == sizeof id->bytes)
        memcpy(id->bytes, column.data, sizeof id->bytes);
}

int gate_withdraw(struct store *store, int64_t request, const char *actor, const char *reason,
                  int64_t now, struct error *error)
{
    return request ? cases_withdraw(store, request, actor, reason, now, error) : 0;
}
