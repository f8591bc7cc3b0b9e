/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conduits: reading, saving, closing. */
#include "gate/zones.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#include "gate/gate.h"

enum { CLOSE_BATCH = 200 };

static void conduit_from_row(struct gate_conduit *conduit, const struct store_rows *rows)
{
    memset(conduit, 0, sizeof *conduit);
    conduit->id = store_rows_integer(rows, 0);
    utf8_copy(conduit->source, sizeof conduit->source, store_rows_text(rows, 1));
    utf8_copy(conduit->destination, sizeof conduit->destination, store_rows_text(rows, 2));
    conduit->open = store_rows_integer(rows, 3) != 0;
    for (unsigned i = 0; i < DISARM_TREATMENT_COUNT; i++)
        conduit->treatments[i] = store_rows_integer(rows, 4) >> i & 1;
    conduit->usual = (enum disarm_treatment)store_rows_integer(rows, 5);
    utf8_copy(conduit->types, sizeof conduit->types, store_rows_text(rows, 6));
    conduit->size_most = store_rows_integer(rows, 7);
    conduit->items_most = store_rows_integer(rows, 8);
    conduit->approval_from = store_rows_integer(rows, 9);
    conduit->approval_personal = store_rows_integer(rows, 10) != 0;
    conduit->emergency = store_rows_integer(rows, 11) != 0;
    conduit->password = store_rows_integer(rows, 12) != 0;
    conduit->antivirus = (enum gate_antivirus)store_rows_integer(rows, 13);
    conduit->days_kept = store_rows_integer(rows, 14);
    conduit->medium_only = store_rows_integer(rows, 15) != 0;
    conduit->close_again = store_rows_integer(rows, 16) != 0;
}

int gate_conduit_list(struct store *store, const char *source, struct gate_conduit *list,
                      size_t most, size_t *count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    *count = 0;
    if (store_query(store, STATEMENT_CONDUIT_LIST,
                    STORE_VALUES(store_text(source ? source : ""), store_integer((int64_t)most)),
                    &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1)
        conduit_from_row(&list[(*count)++], rows);
    return more;
}

int gate_conduit_read(struct store *store, int64_t id, struct gate_conduit *conduit,
                      struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_CONDUIT_READ, STORE_VALUES(store_integer(id)), &rows, error) !=
        0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found < 0 ? -1
                         : error_set(error, "gate_conduit_unknown",
                                     gate_name_of("conduit", id).text, "%s", "");
    conduit_from_row(conduit, rows);
    return 0;
}

/* True when there is a format of this name. */
static bool format_known(const char *name, size_t length)
{
    struct disarm_format format;
    for (size_t i = 0; disarm_format_at(i, &format); i++)
        if (strlen(format.name) == length && !strncmp(format.name, name, length))
            return true;
    return false;
}

/* NULL, or the field that makes no sense. */
static const char *bad_field(const struct gate_conduit *conduit)
{
    for (const char *type = conduit->types; *type; type += strspn(type, " ")) {
        size_t length = strcspn(type, " ");
        if (!format_known(type, length))
            return "types";
        type += length;
    }
    if ((unsigned)conduit->usual >= DISARM_TREATMENT_COUNT || !conduit->treatments[conduit->usual])
        return "usual";
    if (conduit->size_most < 1 || conduit->items_most < 1 || conduit->items_most > GATE_ITEMS_MOST)
        return "size_most";
    if (conduit->approval_from < 0 || conduit->approval_from > GATE_LABEL_NONE)
        return "approval_from";
    if (conduit->days_kept < 1 || conduit->days_kept > 3650)
        return "days_kept";
    return !strcmp(conduit->source, conduit->destination) ? "destination" : NULL;
}

static int add_conduit(struct store *store, struct gate_conduit *conduit, int64_t treatments,
                       int64_t now, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (gate_zones_open(store, conduit->source, conduit->destination, error) != 0)
        return -1;
    if (store_query(
            store, STATEMENT_CONDUIT_ADD,
            STORE_VALUES(store_text(conduit->source), store_text(conduit->destination),
                         store_integer(conduit->open), store_integer(treatments),
                         store_integer(conduit->usual), store_text(conduit->types),
                         store_integer(conduit->size_most), store_integer(conduit->items_most),
                         store_integer(conduit->approval_from),
                         store_integer(conduit->approval_personal),
                         store_integer(conduit->emergency), store_integer(conduit->password),
                         store_integer(conduit->antivirus), store_integer(conduit->days_kept),
                         store_integer(now), store_integer(conduit->medium_only),
                         store_integer(conduit->close_again)),
            &rows, error) != 0 ||
        store_rows_next(rows, error) != 1)
        return -1;
    conduit->id = store_rows_integer(rows, 0);
    return store_rows_next(rows, error);
}

static int change_conduit(struct store *store, const struct gate_conduit *conduit,
                          int64_t treatments, int64_t now, struct error *error)
{
    if (store_run(store, STATEMENT_CONDUIT_CHANGE,
                  STORE_VALUES(
                      store_integer(conduit->id), store_integer(treatments),
                      store_integer(conduit->usual), store_text(conduit->types),
                      store_integer(conduit->size_most), store_integer(conduit->items_most),
                      store_integer(conduit->approval_from),
                      store_integer(conduit->approval_personal), store_integer(conduit->emergency),
                      store_integer(conduit->password), store_integer(conduit->antivirus),
                      store_integer(conduit->days_kept), store_integer(now),
                      store_integer(conduit->medium_only), store_integer(conduit->close_again)),
                  error) != 0)
        return -1;
    return store_changed_rows(store) == 1
               ? 0
               : error_set(error, "gate_conduit_unknown", gate_name_of("conduit", conduit->id).text,
                           "%s", "");
}

static int save_conduit(struct store *store, const struct identity_act *act,
                        struct gate_conduit *conduit, struct error *error)
{
    int64_t treatments = 0;
    for (unsigned i = 0; i < DISARM_TREATMENT_COUNT; i++)
        treatments |= (int64_t)conduit->treatments[i] << i;
    if ((conduit->id ? change_conduit(store, conduit, treatments, act->now, error)
                     : add_conduit(store, conduit, treatments, act->now, error)) != 0)
        return -1;
    struct gate_name name = gate_name_of("conduit", conduit->id);
    char from[8];
    snprintf(from, sizeof from, "%d", (int)conduit->approval_from);
    const struct store_fact facts[] = {{"source", conduit->source},
                                       {"destination", conduit->destination},
                                       {"approval_from", from}};
    return identity_act_record(store, act, "conduit.save", name.text, facts, 3, NULL, error);
}

int gate_conduit_put(struct store *store, const struct identity_act *act,
                     struct gate_conduit *conduit, struct error *error)
{
    const char *bad = bad_field(conduit);
    if (bad)
        return error_set(error, "gate_bad_value", bad, "%s", "");
    return save_conduit(store, act, conduit, error);
}

int gate_conduit_save(struct store *store, const struct identity_act *act,
                      struct gate_conduit *conduit, struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, gate_conduit_put(store, act, conduit, error), error);
}

/* Refuses one transfer of a conduit that closes. */
static int refuse(struct store *store, const struct identity_act *act, int64_t id, int64_t request,
                  struct error *error)
{
    struct gate_name name = gate_name_of("transfer", id);
    const struct store_fact facts[] = {{"why", "gate_conduit_closed"}};
    if (store_run(store, STATEMENT_TRANSFER_REFUSE,
                  STORE_VALUES(store_integer(id), store_text("gate_conduit_closed"),
                               store_integer(act->now)),
                  error) != 0 ||
        gate_withdraw(store, request, act->actor, act->reason, act->now, error) != 0)
        return -1;
    return identity_act_record(store, act, "transfer.refuse", name.text, facts, 1, NULL, error);
}

/* The next transfers behind *after that are not in the inbox yet; how many, or -1. */
static int next_unfinished(struct store *store, int64_t conduit, int64_t *after,
                           int64_t list[CLOSE_BATCH][2], struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int count = 0, more;
    if (store_query(
            store, STATEMENT_TRANSFER_LIST_UNFINISHED,
            STORE_VALUES(store_integer(conduit), store_integer(*after), store_integer(CLOSE_BATCH)),
            &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1) {
        *after = list[count][0] = store_rows_integer(rows, 0);
        list[count++][1] = store_rows_integer(rows, 1);
    }
    return more < 0 ? -1 : count;
}

static int refuse_all(struct store *store, const struct identity_act *act, int64_t conduit,
                      struct error *error)
{
    int64_t list[CLOSE_BATCH][2], after = 0;
    int count;
    while ((count = next_unfinished(store, conduit, &after, list, error)) > 0)
        for (int i = 0; i < count; i++)
            if (refuse(store, act, list[i][0], list[i][1], error) != 0)
                return -1;
    return count;
}

int gate_conduit_put_open(struct store *store, const struct identity_act *act, int64_t id,
                          bool open, struct error *error)
{
    if (utf8_is_blank(act->reason))
        return error_set(error, "gate_reason", gate_name_of("conduit", id).text, "%s", "");
    struct gate_conduit conduit;
    if (gate_conduit_read(store, id, &conduit, error) != 0 ||
        (open && gate_zones_open(store, conduit.source, conduit.destination, error) != 0) ||
        store_run(store, STATEMENT_CONDUIT_SET_OPEN,
                  STORE_VALUES(store_integer(id), store_integer(open), store_integer(act->now)),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) == 0)
        return 0;
    struct gate_name name = gate_name_of("conduit", id);
    if (identity_act_record(store, act, open ? "conduit.open" : "conduit.close", name.text, NULL, 0,
                            NULL, error) != 0)
        return -1;
    return open ? 0 : refuse_all(store, act, id, error);
}

int gate_conduit_open(struct store *store, const struct identity_act *act, int64_t id, bool open,
                      struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, gate_conduit_put_open(store, act, id, open, error), error);
}

int gate_conduit_unfinished(struct store *store, int64_t id, int64_t *count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_TRANSFER_COUNT_UNFINISHED, STORE_VALUES(store_integer(id)),
                    &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    *count = found == 1 ? store_rows_integer(rows, 0) : 0;
    return found < 0 ? -1 : 0;
}
