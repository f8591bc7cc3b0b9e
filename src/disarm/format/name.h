/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File names: what an extension claims, and what a rebuilt file is called. */
#ifndef DISARM_FORMAT_NAME_H
#define DISARM_FORMAT_NAME_H

#include "disarm/format/format.h"

/* True when the format may honestly carry the extension of the file name. */
bool name_fits_format(const char *name, const struct format *format);

/*
 * The format that the extension of a file name claims, or NULL when it claims none that we know.
 * Formats with a module come first.
 */
const struct format *name_claims(const char *name);

/*
 * Appends the name of the file that was made of `name` (a last path component, or a path: only the
 * last component changes). An extension that the made format may carry stays; a known one is
 * replaced (report.docm: report.docx); any other gets the format's own appended. Control and
 * direction-changing characters, which can hide an extension, become '_'. NULL gives "file.<ext>".
 */
void name_append_output(struct buffer *out, const char *name, const struct format *made);

#endif
