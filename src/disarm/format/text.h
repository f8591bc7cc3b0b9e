/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain text: the characters without those that deceive, in the encoding they came in. */
#ifndef DISARM_FORMAT_TEXT_H
#define DISARM_FORMAT_TEXT_H

#include "disarm/format/format.h"

/* Refuses text_encoding (no encoding fits) and text_binary (too much that is no text). */
format_treatment text_rebuild;

/* As text_rebuild, in UTF-8. */
format_treatment text_extract;

#endif
