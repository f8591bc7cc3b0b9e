/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text inside HTML: the one place where it is escaped. */
#ifndef BASE_HTML_H
#define BASE_HTML_H

#include "base/buffer.h"

/* Appends text for an element or a quoted attribute; what is not UTF-8 becomes U+FFFD. */
void html_escape(struct buffer *out, struct bytes text);

#endif
