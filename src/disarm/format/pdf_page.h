/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of a document (ISO 32000-2, 7.7.3): found however the tree is made, written as a flat
 * one. */
#ifndef DISARM_FORMAT_PDF_PAGE_H
#define DISARM_FORMAT_PDF_PAGE_H

#include "disarm/format/pdf_copy.h"

struct pdf_pages;

/*
 * Finds the pages of the catalogue, or, when its tree is broken, all objects that call themselves
 * pages. Gives each its number in the output, so that references to pages can be copied. NULL when
 * a limit was reached (the copy has failed) or there is no page (bad_pdf).
 */
struct pdf_pages *pdf_pages_find(struct pdf_copy *copy, const struct pdf_value *catalog,
                                 const struct pdf_value *trailer);

/* Writes the page tree and all pages; the number of its root. */
uint32_t pdf_pages_write(struct pdf_copy *copy, struct pdf_pages *pages);

void pdf_pages_free(struct pdf_pages *pages); /* NULL does nothing */

#endif
