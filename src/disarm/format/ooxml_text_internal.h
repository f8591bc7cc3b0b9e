/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by ooxml_text.c and ooxml_text_sheet.c only. */
#ifndef DISARM_FORMAT_OOXML_TEXT_INTERNAL_H
#define DISARM_FORMAT_OOXML_TEXT_INTERNAL_H

#include "disarm/format/ooxml_package.h"

/* Reads the relationships of a part unless that was done. */
int ooxml_text_relations(struct ooxml_package *package, struct ooxml_part *part,
                         struct error *error);

/* True when the relationship leads to a part with this root element. */
bool ooxml_text_root_is(const struct ooxml_relationship *one, const char *root);

/* Appends the sheets of a workbook, whose relationships have been read. */
int ooxml_text_workbook(struct ooxml_package *package, struct buffer *out, struct error *error);

#endif
