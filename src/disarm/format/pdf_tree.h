/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Name trees and number trees (ISO 32000-2, 7.9.6 and 7.9.7), written anew and sorted. */
#ifndef DISARM_FORMAT_PDF_TREE_H
#define DISARM_FORMAT_PDF_TREE_H

#include "disarm/format/pdf_copy.h"

/* Appends a tree as one dictionary; large ones get leaves as objects of their own. as.argument is
 * the shape of the values. False when there is nothing in it. */
bool pdf_tree_copy(struct pdf_copy *copy, const struct pdf_value *root, struct pdf_alternative as,
                   struct buffer *out);

#endif
