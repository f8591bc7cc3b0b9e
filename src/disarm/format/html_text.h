/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reader sees of an HTML page, as plain text. Nothing of the markup survives. */
#ifndef DISARM_FORMAT_HTML_TEXT_H
#define DISARM_FORMAT_HTML_TEXT_H

#include "base/buffer.h"

/*
 * Appends the text of HTML given in UTF-8. Tolerant of any markup: what is not understood is passed
 * over. Scripts, styles and the like give nothing; links show where they lead when they are http,
 * https or mailto and the text does not show it already; pictures give their alternative text.
 */
void html_append_text(struct bytes html, struct buffer *out);

#endif
