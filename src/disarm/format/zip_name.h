/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of an archive's members as UTF-8, whichever way the archive says them. */
#ifndef DISARM_FORMAT_ZIP_NAME_H
#define DISARM_FORMAT_ZIP_NAME_H

#include "base/encoding.h"
#include "disarm/format/zip_read.h"

/* The encoding of the names that do not say theirs: UTF-8 where all of them are, else what
 * encoding_detect makes of all of them together, else CP932. */
enum encoding zip_name_encoding(const struct zip_archive *archive);

/*
 * Appends the name of a member as UTF-8: by the UTF-8 flag, by Info-ZIP's Unicode path field
 * (0x7075, if its CRC fits), else in `encoding`. What has no meaning becomes U+FFFD.
 */
void zip_name_append(const struct zip_member *member, enum encoding encoding, struct buffer *out);

#endif
