/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of Office documents (テキスト化). */
#ifndef DISARM_FORMAT_OOXML_TEXT_H
#define DISARM_FORMAT_OOXML_TEXT_H

#include "disarm/format/format.h"

/*
 * Writes UTF-8 text: a Word document paragraph by paragraph with tables as tab-separated lines and
 * its notes, headers and comments behind; a workbook sheet by sheet as tab-separated values under
 * the sheet's name; a slide show slide by slide with its notes.
 */
int ooxml_text(struct job *job, struct bytes in, struct buffer *out, struct error *error);

#endif
