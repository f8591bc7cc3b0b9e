/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unpacking members of archives, with the methods beyond DEFLATE that ordinary programs write. */
#ifndef DISARM_FORMAT_ZIP_METHOD_H
#define DISARM_FORMAT_ZIP_METHOD_H

#include "disarm/format/zip_read.h"

/*
 * As zip_unpack, and for bzip2, LZMA, XZ and Zstandard too (APPNOTE 4.4.5). sealed: the bytes were
 * authenticated by decryption and have no CRC.
 */
int zip_method_unpack(const struct zip_member *member, bool sealed, uint64_t limit,
                      struct buffer *out, struct error *error);

#endif
