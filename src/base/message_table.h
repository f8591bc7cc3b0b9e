/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table that tools/messages.py makes of the catalogues, sorted by key. */
#ifndef BASE_MESSAGE_TABLE_H
#define BASE_MESSAGE_TABLE_H

#include <stddef.h>

struct message {
    const char *key;
    const char *text[2]; /* by enum language */
};

extern const struct message message_table[];
extern const size_t message_count;

#endif
