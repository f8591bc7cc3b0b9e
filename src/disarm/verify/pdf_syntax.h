/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The syntax of PDF as our writer spells it: one spelling for each value, no comments. */
#ifndef DISARM_VERIFY_PDF_SYNTAX_H
#define DISARM_VERIFY_PDF_SYNTAX_H

#include "base/buffer.h"
#include "base/cursor.h"

enum syntax_kind {
    SYNTAX_END,
    SYNTAX_INTEGER,
    SYNTAX_REAL,
    SYNTAX_NAME,
    SYNTAX_STRING,
    SYNTAX_HEX_STRING,
    SYNTAX_WORD,
    SYNTAX_REFERENCE, /* only read_value makes it */
    SYNTAX_ARRAY,     /* [ */
    SYNTAX_ARRAY_END,
    SYNTAX_DICTIONARY, /* << */
    SYNTAX_DICTIONARY_END,
    SYNTAX_BAD,
};

struct syntax_token {
    enum syntax_kind kind;
    int64_t integer;   /* of INTEGER; object number of REFERENCE */
    struct bytes text; /* as written, without delimiters; of NAME in its written form */
};

/* The next token, after at most one blank. Line ends are skipped only when lines is true. */
struct syntax_token syntax_next(struct cursor *cursor, bool lines);

/* As syntax_next, but "n 0 R" is one token. */
struct syntax_token syntax_next_value(struct cursor *cursor);

/* True when the token is the name or word given. */
bool syntax_is(const struct syntax_token *token, enum syntax_kind kind, const char *text);

#endif
