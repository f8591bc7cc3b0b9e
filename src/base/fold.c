/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Case folding by ICU's tables, which are part of its library. */
#include "base/fold.h"

#include <unicode/uchar.h>

#include "base/utf8.h"

void fold_append(struct bytes text, struct buffer *out)
{
    for (size_t at = 0; at < text.length;)
        utf8_append(out, (uint32_t)u_foldCase((UChar32)utf8_take(text, &at), U_FOLD_CASE_DEFAULT));
}
