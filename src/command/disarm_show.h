/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person reads about a file that was disarmed. */
#ifndef COMMAND_DISARM_SHOW_H
#define COMMAND_DISARM_SHOW_H

#include "base/message.h"
#include "disarm/receipt.h"

/* Appends a line for the file and a few lines that sum its receipt up by kind. */
void show_receipt(struct buffer *out, enum language language, const struct receipt *receipt);

/* Appends the table of formats, for people or as a JSON array. */
void show_formats(struct buffer *out, enum language language, bool json);

#endif
