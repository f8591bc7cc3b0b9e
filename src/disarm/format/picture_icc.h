/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a colour profile (ICC.1) sane enough to go over? Asked of every profile before it is kept. */
#ifndef DISARM_FORMAT_PICTURE_ICC_H
#define DISARM_FORMAT_PICTURE_ICC_H

#include "base/bytes.h"

/* No honest profile is larger. */
#define PICTURE_ICC_LIMIT ((size_t)4 << 20)

/*
 * The profile itself (without bytes behind its declared size), or an empty view when the header
 * (ICC.1 §7.2), the tag table (§7.3) or the size is wrong, or when its colour space is not the
 * picture's. channels: colour components of the picture without alpha (1 grey, 3, 4 CMYK).
 */
struct bytes picture_icc_sane(struct bytes profile, unsigned channels);

#endif
