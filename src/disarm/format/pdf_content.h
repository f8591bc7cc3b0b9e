/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Content streams (ISO 32000-2, 7.8.2 and annex A), written anew from the operators that we know,
 * each with operands of the right types. Everything else is left out.
 */
#ifndef DISARM_FORMAT_PDF_CONTENT_H
#define DISARM_FORMAT_PDF_CONTENT_H

#include "disarm/format/pdf_copy.h"

/* Appends the content rewritten; counts what was left out in the copy's drops. */
void pdf_content_rewrite(struct pdf_copy *copy, struct bytes content, struct buffer *out);

/* Appends a default appearance (12.7.4.3) rewritten, as a string. */
bool pdf_content_write_appearance(struct pdf_copy *copy, struct bytes content, struct buffer *out);

#endif
