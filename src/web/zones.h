/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many zones and conduits pages and programs list. */
#ifndef WEB_ZONES_H
#define WEB_ZONES_H

#include "gate/zones.h"

enum { ZONES_MOST = 32, ZONES_CONDUITS = 128 };

#endif
