/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many requests one address may make. A fixed table of counters by a keyed hash of the address:
 * two addresses that share a counter share its allowance, and no flood makes it grow. Threads may
 * use one at the same time.
 */
#ifndef WEB_FLOOD_H
#define WEB_FLOOD_H

#include "base/bytes.h"

struct flood;

/* per_second requests over time, `burst` at once. The caller frees it with flood_free. */
struct flood *flood_make(unsigned per_second, unsigned burst);
void flood_free(struct flood *flood);

/* Counts a request of an address at a moment; false: too many. */
bool flood_allow(struct flood *flood, struct bytes address, int64_t now);

#endif
