/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The addresses that links may keep. */
#ifndef DISARM_FORMAT_PDF_ACTION_H
#define DISARM_FORMAT_PDF_ACTION_H

#include "disarm/format/pdf_copy.h"

/*
 * Appends an address as a string when it is http, https or mailto (RFC 3986), with control
 * characters and blanks percent-encoded. False, with a row, for every other scheme and for
 * addresses without one.
 */
bool pdf_action_write_uri(struct pdf_copy *copy, struct bytes uri, struct buffer *out);

#endif
