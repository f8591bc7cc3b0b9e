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
