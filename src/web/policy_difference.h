/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which characters differ between two texts, for marking them on a page. */
#ifndef WEB_POLICY_DIFFERENCE_H
#define WEB_POLICY_DIFFERENCE_H

#include <jansson.h>

#include "base/bytes.h"

/*
 * Pieces of both texts in order: {"same": "…"}, {"gone": "…"} only in the old one, {"came": "…"}
 * only in the new one. Bounded in time and memory: long middles count as wholly different.
 */
json_t *policy_difference(struct bytes old, struct bytes new);

#endif
