/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formats that are known but have no module yet: they get a clear refusal, and a name. */
#ifndef DISARM_FORMAT_REFUSED_H
#define DISARM_FORMAT_REFUSED_H

#include "disarm/format/format.h"

/* The known format without a module called name, or NULL. */
const struct format *refused_find(const char *name);

/* All of them; *count is their number. */
const struct format *refused_all(size_t *count);

#endif
