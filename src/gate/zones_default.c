/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The usual set-up of a town with three separated networks. */
#include <string.h>

#include "gate/gate.h"

#define MEBIBYTE (INT64_C(1) << 20)

static const struct gate_zone town_zones[] = {
    {.id = "internet", .name = "インターネット接続系", .level = 0},
    {.id = "lgwan", .name = "LGWAN接続系", .level = 1},
    {.id = "mynumber", .name = "マイナンバー利用事務系", .level = 2},
};

/*
 * Inwards everything is disarmed; outwards too, since what leaves must be as clean, and what is
 * classified needs an approval. Between internet and mynumber nothing passes directly.
 */
static const struct gate_conduit town_conduits[] = {
    {.source = "internet",
     .destination = "lgwan",
     .treatments = {true, true, true},
     .usual = DISARM_REBUILD,
     .approval_from = GATE_LABEL_NONE,
     .days_kept = 14},
    {.source = "lgwan",
     .destination = "internet",
     .treatments = {true, true, true},
     .usual = DISARM_REBUILD,
     .approval_from = 1,
     .approval_personal = true,
     .emergency = true,
     .days_kept = 7},
    {.source = "lgwan",
     .destination = "mynumber",
     .treatments = {true, true, true},
     .usual = DISARM_REBUILD,
     .approval_from = 3,
     .emergency = true,
     .days_kept = 14},
    {.source = "mynumber",
     .destination = "lgwan",
     .treatments = {true, true, true},
     .usual = DISARM_REBUILD,
     .approval_from = 0,
     .approval_personal = true,
     .days_kept = 7},
};

int gate_zones_default(struct store *store, const struct identity_act *act, struct error *error)
{
    struct gate_zone present[1];
    size_t count;
    if (gate_zone_list(store, present, 1, &count, error) != 0)
        return -1;
    if (count)
        return error_set(error, "gate_bad_value", "zones", "%s", present[0].id);
    for (size_t i = 0; i < sizeof town_zones / sizeof *town_zones; i++)
        if (gate_zone_save(store, act, &town_zones[i], error) != 0)
            return -1;
    for (size_t i = 0; i < sizeof town_conduits / sizeof *town_conduits; i++) {
        struct gate_conduit conduit = town_conduits[i];
        conduit.open = true;
        conduit.size_most = 100 * MEBIBYTE;
        conduit.items_most = 50;
        conduit.antivirus = GATE_ANTIVIRUS_IF_THERE;
        if (gate_conduit_save(store, act, &conduit, error) != 0)
            return -1;
    }
    return 0;
}
