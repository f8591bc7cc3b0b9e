/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PDF (ISO 32000-2): rebuilt object by object through an allow-list of keys, flattened to pages as
 * pictures with a text layer, or reduced to its text.
 */
#ifndef DISARM_FORMAT_PDF_H
#define DISARM_FORMAT_PDF_H

#include "disarm/format/format.h"

format_treatment pdf_rebuild;
format_treatment pdf_flatten;
format_treatment pdf_extract;

#endif
