/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Canonical JSON (RFC 8785): one value, one sequence of bytes. */
#ifndef JOURNAL_CANONICAL_H
#define JOURNAL_CANONICAL_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/error.h"

/*
 * Appends the canonical form of value: no white space, members sorted by the UTF-16 code units of
 * their names, numbers as ECMAScript writes them. -1 with code journal_not_canonical when an
 * integer is beyond ±(2^53 - 1), which I-JSON (RFC 7493) does not allow.
 */
int canonical_append(struct buffer *out, const json_t *value, struct error *error);

/* Appends a finite number as ECMAScript's Number::toString does (RFC 8785 section 3.2.2.3). */
void canonical_append_number(struct buffer *out, double number);

#endif
