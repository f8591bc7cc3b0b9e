/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Character encodings of Japanese offices: which one a text is in, and conversion to and from
 * UTF-8.
 *
 * CP932 means what Windows means (NEC row 13, NEC-selected and IBM extensions, user-defined rows);
 * EUC-JP and ISO-2022-JP carry the same characters in their own framing. Nothing is normalised:
 * every character comes back as the character it was. What has no counterpart is counted, never
 * passed over in silence. No function here opens a file or uses a lock across calls.
 */
#ifndef BASE_ENCODING_H
#define BASE_ENCODING_H

#include "base/buffer.h"

enum encoding {
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_UTF32LE,
    ENCODING_UTF32BE,
    ENCODING_CP932,
    ENCODING_EUC_JP,
    ENCODING_ISO_2022_JP,
    ENCODING_WINDOWS_1252, /* also what is labelled ISO-8859-1 */
    ENCODING_LATIN_2,
    ENCODING_LATIN_9,
    ENCODING_WINDOWS_1250,
    ENCODING_WINDOWS_1251,
    ENCODING_WINDOWS_1253,
    ENCODING_WINDOWS_1254,
    ENCODING_KOI8_R,
    ENCODING_GB18030, /* also what is labelled GB2312 and GBK */
    ENCODING_BIG5,
    ENCODING_EUC_KR,
    ENCODING_UTF7, /* RFC 2152, in old mails; never recognised by detection */
    ENCODING_COUNT,
    ENCODING_UNKNOWN = ENCODING_COUNT,
};

/* The label used in mail and on pages: "UTF-8", "Shift_JIS", "ISO-2022-JP". */
const char *encoding_name(enum encoding encoding);

/* The encoding that a label means, in any case and by its usual aliases, or ENCODING_UNKNOWN. */
enum encoding encoding_find(struct bytes label);

/* Length in bytes of the byte order mark at the start of text and its encoding; 0 when none. */
size_t encoding_mark(struct bytes text, enum encoding *encoding);

/* Appends the byte order mark of a Unicode encoding; nothing for the others. */
void encoding_append_mark(enum encoding encoding, struct buffer *out);

/*
 * The encoding of a text, by its mark, its escapes, its validity and its likelihood as Japanese.
 * Plain ASCII is UTF-8. ENCODING_UNKNOWN when nothing fits.
 */
enum encoding encoding_detect(struct bytes text);

/*
 * How unlikely `text` is as Japanese in ENCODING_CP932 or ENCODING_EUC_JP: tenths of bits, lower is
 * likelier. For comparing candidates of the same bytes.
 */
uint64_t encoding_unlikelihood(enum encoding encoding, struct bytes text);

/*
 * Appends text as UTF-8 and returns how many byte sequences had no meaning; each became U+FFFD. A
 * byte order mark is a character like others (U+FEFF): take it off before.
 */
size_t encoding_to_utf8(enum encoding encoding, struct bytes text, struct buffer *out);

/*
 * Appends UTF-8 text in the encoding and returns how many characters it cannot hold; each became
 * '?'. ISO-2022-JP begins and ends in ASCII.
 */
size_t encoding_from_utf8(enum encoding encoding, struct bytes text, struct buffer *out);

/*
 * Loads what the conversions need. Called once before the sandbox closes; without it the first use
 * does the same, which a worker can do too, only slower.
 */
void encoding_warm(void);

#endif
