/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The invisible text of a flattened page: words in a font without outlines, placed over their
 * picture, so that searching and copying still work.
 */
#ifndef DISARM_FORMAT_PDF_TEXTLAYER_H
#define DISARM_FORMAT_PDF_TEXTLAYER_H

#include "disarm/format/pdf_render.h"
#include "disarm/format/pdf_writer.h"

/* Which characters a document uses; each gets a number of its own in order of appearance. */
struct pdf_textlayer {
    uint32_t *points; /* Unicode, by number - 1 */
    uint32_t count, capacity;
    uint16_t *numbers; /* by Unicode; 0: not used yet */
};

void pdf_textlayer_open(struct pdf_textlayer *layer);
void pdf_textlayer_close(struct pdf_textlayer *layer);

/* Appends the operators that set the words of a page, in a font called /F. */
void pdf_textlayer_append(struct pdf_textlayer *layer, const struct pdf_page_view *view,
                          struct buffer *content);

/* Writes the font with all that belongs to it under the number given. */
void pdf_textlayer_write_font(const struct pdf_textlayer *layer, struct pdf_writer *writer,
                              uint32_t number);

#endif
