/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content transfer encodings (RFC 2045 section 6) and uuencode, read tolerantly, written strictly.
 */
#ifndef DISARM_FORMAT_MIME_TRANSFER_H
#define DISARM_FORMAT_MIME_TRANSFER_H

#include "base/buffer.h"

/* Appends the decoded bytes; characters outside the alphabet are passed over, the end may be cut.
 */
void mime_decode_base64(struct bytes text, struct buffer *out);

/* Appends the decoded bytes; an escape that is none stays as it is. */
void mime_decode_quoted(struct bytes text, struct buffer *out);

/* Appends the text of the Q encoding of RFC 2047, where '_' is a blank. */
void mime_decode_word_quoted(struct bytes text, struct buffer *out);

/* Appends base64 in lines of 76 characters with CRLF between them, or in one line. */
void mime_encode_base64(struct bytes data, bool lines, struct buffer *out);

/*
 * Finds the next uuencoded file at or after offset start: its lines from *begin to *end, its name,
 * its bytes appended to out. False when there is none.
 */
bool mime_find_uuencoded(struct bytes text, size_t start, size_t *begin, size_t *end,
                         struct bytes *name, struct buffer *out);

/* The value of a hexadecimal digit, or -1. */
int mime_hex_value(uint8_t digit);

#endif
