/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Name-based UUIDs (RFC 9562, version 5): the same name always gives the same one. */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include "base/bytes.h"

enum { UUID_TEXT = 37 }; /* 36 characters and a NUL */

/* Writes the version 5 UUID of name, a URI, in the namespace of URLs. */
void uuid_of_uri(struct bytes name, char text[static UUID_TEXT]);

#endif
