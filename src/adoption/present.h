/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zones and conduits as they are set up now. */
#ifndef ADOPTION_PRESENT_H
#define ADOPTION_PRESENT_H

#include "gate/zones.h"

enum { PRESENT_ZONES = 32, PRESENT_CONDUITS = 512 };

struct present {
    struct gate_zone zones[PRESENT_ZONES];
    size_t zone_count;
    struct gate_conduit conduits[PRESENT_CONDUITS];
    size_t conduit_count;
};

int present_read(struct store *store, struct present *present, struct error *error);

/* The zone with this id, the conduit of this pair; NULL when there is none. */
struct gate_zone *present_zone(struct present *present, const char *id);
struct gate_conduit *present_conduit(struct present *present, const char *from, const char *to);

/* The field of a conduit that an item of this name with yes and no is about. */
bool *present_flag(struct gate_conduit *conduit, const char *name);

#endif
