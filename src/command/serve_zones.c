/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The networks of the configuration beside those that the organization has and still uses. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "command/serve.h"
#include "gate/zones.h"

enum { ZONES_MOST = 64 };

static const struct gate_zone *find(const struct gate_zone *list, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].id, id) == 0)
            return &list[i];
    return NULL;
}

/* Takes the zones out that are closed. */
static int leave_out_closed(struct serve_settings *settings, const struct gate_zone *list,
                            size_t count, struct error *error)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < settings->zone_count; i++) {
        const struct gate_zone *found = find(list, count, settings->zones[i].id);
        if (found && found->closed)
            serve_log("closed zone left out", NULL, found->id, 0);
        else
            settings->zones[kept++] = settings->zones[i];
    }
    settings->zone_count = kept;
    return kept ? 0 : error_set(error, "config_zone_closed", NULL, "%s", "");
}

int serve_zones_check(struct serve_settings *settings, struct store *store, struct error *error)
{
    AUTO_FREE struct gate_zone *list = memory_allocate(ZONES_MOST, sizeof *list);
    size_t count;
    if (gate_zone_list(store, list, ZONES_MOST, &count, error) != 0)
        return -1;
    for (unsigned i = 0; count && i < settings->zone_count; i++) {
        struct serve_zone *zone = &settings->zones[i];
        const struct gate_zone *found = find(list, count, zone->id);
        if (!found) {
            AUTO_BUFFER ids = {0};
            for (size_t k = 0; k < count; k++)
                buffer_append_format(&ids, "%s%s", k ? " " : "", list[k].id);
            return error_set(error, "config_zone_unknown", zone->id, "%s", buffer_string(&ids));
        }
        if (strcmp(zone->name, zone->id) == 0) /* the configuration gives it no name of its own */
            snprintf(zone->name, sizeof zone->name, "%s", found->name);
    }
    return leave_out_closed(settings, list, count, error);
}
