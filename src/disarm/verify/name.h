/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of the names that files have inside disarmed archives and mails. */
#ifndef DISARM_VERIFY_NAME_H
#define DISARM_VERIFY_NAME_H

#include "disarm/format/format.h"

/* The format that the extension of a file name claims, when it is one that we make; else NULL. */
const struct format *verify_claimed_format(struct bytes name);

/* 0 when a path has only plain relative components, and perhaps a '/' at its end. */
int verify_path(struct bytes path, struct error *error);

#endif
