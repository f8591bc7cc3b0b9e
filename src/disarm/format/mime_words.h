/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of mails: character sets by label and by sight, encoded words (RFC 2047) both ways. */
#ifndef DISARM_FORMAT_MIME_WORDS_H
#define DISARM_FORMAT_MIME_WORDS_H

#include "base/buffer.h"

/*
 * Appends text as UTF-8. charset is its label, which may be empty, unknown or wrong: then the text
 * itself decides. Nothing is cleaned here.
 */
void mime_decode_charset(struct bytes text, struct bytes charset, struct buffer *out);

/*
 * Appends the text of a header field's value: unfolded, encoded words decoded, cleaned of
 * characters that deceive, runs of white space as one blank, none at the ends. Returns true when
 * there were characters that deceive.
 */
bool mime_decode_words(struct bytes value, struct buffer *out);

/* As mime_decode_words for text that is UTF-8 already. */
bool mime_decode_phrase(struct bytes utf8, struct buffer *out);

/* As mime_decode_words, but nothing is cleaned or settled. */
void mime_decode_words_raw(struct bytes value, struct buffer *out);

/*
 * Appends UTF-8 text for a header field: as it is where it is plain ASCII and short words, else as
 * encoded words in UTF-8. Lines are folded at 76 characters; column is where the text begins.
 */
void mime_encode_words(struct bytes utf8, size_t column, struct buffer *out);

/* Appends UTF-8 text as encoded words in any case, for names with signs that would need quoting. */
void mime_encode_phrase(struct bytes utf8, struct buffer *out);

/* True when every byte is printable ASCII. */
bool mime_is_plain(struct bytes text);

#endif
