/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the encoding module share among themselves. */
#ifndef BASE_ENCODING_INTERNAL_H
#define BASE_ENCODING_INTERNAL_H

#include <unicode/ucnv.h>

#include "base/encoding.h"

/* An ICU converter that stops at what it cannot convert; ends the process when ICU has none. */
UConverter *encoding_open_converter(const char *name);

/* Conversion through one converter, with the meaning of encoding_to_utf8 and _from_utf8. */
size_t encoding_decode_with(UConverter *converter, struct bytes text, struct buffer *out);
size_t encoding_encode_with(UConverter *converter, struct bytes text, struct buffer *out);

/* The bytes of one character in a converter's encoding, 0 when it has none; room for 8. */
size_t encoding_encode_one(UConverter *converter, uint32_t point, uint8_t bytes[8]);

/* EUC-JP and ISO-2022-JP, framed by hand over the CP932 tables (encoding_jis.c). */
size_t encoding_euc_to_utf8(struct bytes text, struct buffer *out);
size_t encoding_euc_from_utf8(struct bytes text, struct buffer *out);
size_t encoding_iso2022_to_utf8(struct bytes text, struct buffer *out);
size_t encoding_iso2022_from_utf8(struct bytes text, struct buffer *out);

#endif
