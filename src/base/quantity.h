/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amounts as people read them. */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include "base/buffer.h"

/* Appends a size as file managers show it: "999 B", "1.5 KB", "20 MB"; 1 KB is 1,024 bytes. */
void quantity_append_bytes(struct buffer *out, uint64_t bytes);

#endif
