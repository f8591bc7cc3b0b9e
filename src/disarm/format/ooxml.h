/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Office documents (ECMA-376, ISO/IEC 29500; Transitional and Strict): Word, Excel and PowerPoint
 * packages, rebuilt by positive selection of parts, relationships, elements and attributes.
 */
#ifndef DISARM_FORMAT_OOXML_H
#define DISARM_FORMAT_OOXML_H

#include "disarm/format/format.h"

/* Rebuilds the package; job->output_format becomes the macro-free format of its kind. */
int ooxml_rebuild(struct job *job, struct bytes in, struct buffer *out, struct error *error);

#endif
