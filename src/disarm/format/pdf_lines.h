/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The characters of a page as lines of text. A renderer gives characters flow by flow: what stands
 * in another font, a marker above all, and each cell of a table may be a flow of its own and come
 * long after the line beside it. Pieces of one height are put back on one line here.
 */
#ifndef DISARM_FORMAT_PDF_LINES_H
#define DISARM_FORMAT_PDF_LINES_H

#include "disarm/format/pdf_render.h"

/* Appends the text of a page, a line feed behind each line and a tab where a wide gap parts two
 * pieces of a line. Pages in columns and vertical writing keep the order of the renderer. */
void pdf_lines_append(const struct pdf_page_view *view, struct buffer *text);

#endif
