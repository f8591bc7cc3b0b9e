/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters of one script that look like those of another, mixed into one word to deceive. */
#ifndef DISARM_FORMAT_LOOKALIKE_H
#define DISARM_FORMAT_LOOKALIKE_H

#include "base/buffer.h"

/*
 * Appends UTF-8 text; in words that mix Latin letters with Cyrillic or Greek ones, letters that
 * look like Latin become Latin. Returns true when something was changed. Twice is once.
 */
bool lookalike_append_plain(struct bytes text, struct buffer *out);

#endif
