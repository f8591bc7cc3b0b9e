/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters without regard to case, for comparing names as file systems do. */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include "base/buffer.h"

/* Appends UTF-8 text with each letter in its folded form (Unicode's simple case folding). What is
 * not well formed becomes U+FFFD. No locale is asked. */
void fold_append(struct bytes text, struct buffer *out);

#endif
