/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zones: reading, adding, changing, closing. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "gate/gate.h"
#include "gate/zones.h"

static void zone_from_row(struct gate_zone *zone, const struct store_rows *rows)
{
    *zone = (struct gate_zone){.level = store_rows_integer(rows, 2)};
    utf8_copy(zone->id, sizeof zone->id, store_rows_text(rows, 0));
    utf8_copy(zone->name, sizeof zone->name, store_rows_text(rows, 1));
    zone->closed = store_rows_null(rows, 3) ? 0 : store_rows_integer(rows, 3);
}

int gate_zone_list(struct store *store, struct gate_zone *list, size_t most, size_t *count,
                   struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    *count = 0;
    if (store_query(store, STATEMENT_ZONE_LIST, STORE_VALUES(store_integer((int64_t)most)), &rows,
                    error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1)
        zone_from_row(&list[(*count)++], rows);
    return more;
}

int gate_zone_read(struct store *store, const char *id, struct gate_zone *zone, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_ZONE_READ, STORE_VALUES(store_text(id)), &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found < 0 ? -1 : error_set(error, "gate_zone_unknown", id, "%s", "");
    zone_from_row(zone, rows);
    return 0;
}

int gate_zones_open(struct store *store, const char *one, const char *other, struct error *error)
{
    const char *const ids[] = {one, other};
    for (size_t i = 0; i < 2; i++) {
        struct gate_zone zone;
        if (gate_zone_read(store, ids[i], &zone, error) != 0)
            return -1;
        if (zone.closed)
            return error_set(error, "gate_zone_closed", zone.name, "%s", "");
    }
    return 0;
}

static int record(struct store *store, const struct identity_act *act, const char *action,
                  const struct gate_zone *zone, struct error *error)
{
    char object[GATE_ZONE_SIZE + sizeof "zone/"], level[24];
    snprintf(object, sizeof object, "zone/%s", zone->id);
    snprintf(level, sizeof level, "%" PRId64, zone->level);
    const struct store_fact facts[] = {{"level", level}, {"name", zone->name}};
    return identity_act_record(store, act, action, object, facts, 2, NULL, error);
}

static int check(const struct gate_zone *zone, struct error *error)
{
    if (!*zone->id || zone->id[strspn(zone->id, "abcdefghijklmnopqrstuvwxyz0123456789-")])
        return error_set(error, "gate_bad_value", "id", "%s", zone->id);
    if (utf8_is_blank(zone->name))
        return error_set(error, "gate_bad_value", "name", "%s", "");
    if (zone->level < 0 || zone->level > GATE_LEVEL_MOST)
        return error_set(error, "gate_bad_value", "level", "%s", "");
    return 0;
}

int gate_zone_put(struct store *store, const struct identity_act *act, const struct gate_zone *zone,
                  struct error *error)
{
    if (check(zone, error) != 0 ||
        store_run(
            store, STATEMENT_ZONE_SAVE,
            STORE_VALUES(store_text(zone->id), store_text(zone->name), store_integer(zone->level)),
            error) != 0)
        return -1;
    return record(store, act, "zone.save", zone, error);
}

int gate_zone_save(struct store *store, const struct identity_act *act,
                   const struct gate_zone *zone, struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, gate_zone_put(store, act, zone, error), error);
}

static int add(struct store *store, const struct identity_act *act, const struct gate_zone *zone,
               struct error *error)
{
    if (check(zone, error) != 0 ||
        store_run(
            store, STATEMENT_ZONE_ADD,
            STORE_VALUES(store_text(zone->id), store_text(zone->name), store_integer(zone->level)),
            error) != 0)
        return -1;
    if (store_changed_rows(store) == 0)
        return error_set(error, "gate_zone_twice", zone->id, "%s", "");
    return record(store, act, "zone.save", zone, error);
}

int gate_zone_add(struct store *store, const struct identity_act *act, const struct gate_zone *zone,
                  struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, add(store, act, zone, error), error);
}

int gate_zone_use(struct store *store, const char *id, struct gate_zone_use *use,
                  struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_ZONE_USE, STORE_VALUES(store_text(id)), &rows, error) != 0 ||
        store_rows_next(rows, error) != 1)
        return -1;
    use->conduits = store_rows_integer(rows, 0);
    use->transfers = store_rows_integer(rows, 1);
    return store_rows_next(rows, error);
}

/* Refuses to close what is still used, or where the act itself comes from. */
static int may_close(struct store *store, const struct identity_act *act,
                     const struct gate_zone *zone, struct error *error)
{
    struct gate_zone_use use;
    if (gate_zone_use(store, zone->id, &use, error) != 0)
        return -1;
    if (act->zone && !strcmp(act->zone, zone->id))
        return error_set(error, "gate_zone_here", zone->name, "%s", "");
    return use.conduits || use.transfers ? error_set(error, "gate_zone_used", zone->name, "%s", "")
                                         : 0;
}

static int set_open(struct store *store, const struct identity_act *act, const char *id, bool open,
                    struct error *error)
{
    struct gate_zone zone;
    if (utf8_is_blank(act->reason))
        return error_set(error, "gate_reason", id, "%s", "");
    if (gate_zone_read(store, id, &zone, error) != 0 ||
        (!open && may_close(store, act, &zone, error) != 0) ||
        store_run(store, STATEMENT_ZONE_SET_CLOSED,
                  STORE_VALUES(store_text(id), open ? store_null() : store_integer(act->now)),
                  error) != 0)
        return -1;
    return store_changed_rows(store) == 0
               ? 0
               : record(store, act, open ? "zone.open" : "zone.close", &zone, error);
}

int gate_zone_open(struct store *store, const struct identity_act *act, const char *id, bool open,
                   struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, set_open(store, act, id, open, error), error);
}
