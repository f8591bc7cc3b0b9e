/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Standard Base 64 with padding (RFC 4648 section 4); only the canonical form is read. */
#ifndef JOURNAL_BASE64_H
#define JOURNAL_BASE64_H

#include <sys/types.h>

#include "base/buffer.h"

/* Appends the encoding of data. */
void base64_append(struct buffer *out, struct bytes data);

/* Decodes text into out[size]; -1 when it is not canonical or does not fit, else its length. */
ssize_t base64_decode(struct bytes text, uint8_t *out, size_t size);

#endif
