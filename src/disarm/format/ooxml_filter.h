/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing one XML part anew from the elements and attributes that data/ooxml/ lists.
 *
 * The part is read with expat and written as it is read; an element that turns out to be unusable
 * is taken back by cutting the output where it began. What cannot be known in one pass (a field
 * whose code comes in pieces, a shared formula whose master goes) is noted, and the part is read a
 * second time with that knowledge.
 */
#ifndef DISARM_FORMAT_OOXML_FILTER_H
#define DISARM_FORMAT_OOXML_FILTER_H

#include "disarm/format/ooxml_package.h"

/*
 * Rebuilds the XML part into part->data; its relationships must have been read. Relationships that
 * the output names are marked used, after what they lead to was rebuilt. Errors: those of
 * ooxml_xml_read, ooxml_root, ooxml_unusable; *fatal is set when the whole file is to be refused.
 */
int ooxml_filter_part(struct ooxml_package *package, struct ooxml_part *part, struct bytes xml,
                      bool *fatal, struct error *error);

#endif
