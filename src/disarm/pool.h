/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the pool may look at besides its public face in disarm.h. */
#ifndef DISARM_POOL_H
#define DISARM_POOL_H

#include <sys/types.h>

#include "disarm/disarm.h"

/* The process of the pool's zygote, for a test that kills it; 0 when there is none. */
pid_t disarm_pool_zygote(const struct disarm_pool *pool);

/* Whether the pool has a zygote that can render. */
bool disarm_pool_renders(const struct disarm_pool *pool);

#endif
