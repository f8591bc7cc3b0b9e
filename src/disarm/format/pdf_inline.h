/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inline images of content streams (ISO 32000-2, 8.9.7). */
#ifndef DISARM_FORMAT_PDF_INLINE_H
#define DISARM_FORMAT_PDF_INLINE_H

#include "disarm/format/pdf_copy.h"
#include "disarm/format/pdf_token.h"

/*
 * Reads an inline image, of which BI was just read, up to and with its EI, and appends it rewritten
 * when it can be decoded: as plain samples in hexadecimal, which no reader can misjudge the end of.
 */
void pdf_inline_rewrite(struct pdf_copy *copy, struct pdf_lexer *lexer, struct buffer *out);

#endif
