/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What archives and mails have in common. */
#ifndef DISARM_FORMAT_CONTAINER_H
#define DISARM_FORMAT_CONTAINER_H

#include <stdbool.h>

/*
 * True when this failure inside one member ends the whole file: what was unpacked so far is spent,
 * or a password that somebody can give would open it. Other failures only drop the member.
 */
bool container_ends(const char *code);

#endif
