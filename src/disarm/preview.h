/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A look at a document: one page of a PDF as a PNG picture, or a picture as its rebuild makes it.
 * What is drawn was rebuilt first, whatever came in.
 */
#ifndef DISARM_PREVIEW_H
#define DISARM_PREVIEW_H

#include "disarm/format/job.h"

/* Appends page options->preview_page (from 0) to out, options->flatten_dpi large; the receipt gets
 * a row of kind pdf_page whose count is the number of pages. Codes preview_not_offered (neither PDF
 * nor picture), preview_no_page, and those of the rebuild. */
int preview_make(struct job *job, struct bytes in, struct buffer *out, struct error *error);

#endif
