/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading PDF syntax (ISO 32000-2, 7.2 and 7.3) from bytes, as tolerant as ordinary readers are:
 * used for objects, content streams, CMaps and calculator functions.
 */
#ifndef DISARM_FORMAT_PDF_TOKEN_H
#define DISARM_FORMAT_PDF_TOKEN_H

#include "disarm/format/pdf_value.h"

enum pdf_token_kind {
    PDF_TOKEN_END,
    PDF_TOKEN_INTEGER,
    PDF_TOKEN_REAL,
    PDF_TOKEN_NAME,
    PDF_TOKEN_STRING,
    PDF_TOKEN_KEYWORD,
    PDF_TOKEN_ARRAY_OPEN,
    PDF_TOKEN_ARRAY_CLOSE,
    PDF_TOKEN_DICTIONARY_OPEN,
    PDF_TOKEN_DICTIONARY_CLOSE,
    PDF_TOKEN_BRACE_OPEN,
    PDF_TOKEN_BRACE_CLOSE,
};

/* Nesting that we read; deeper values become null. */
enum { PDF_DEPTH = 100 };

struct pdf_lexer {
    struct bytes bytes; /* borrowed */
    size_t position;
    struct buffer scratch; /* decoded names and strings */
    enum pdf_token_kind kind;
    int64_t integer;
    struct bytes text; /* of REAL, NAME, STRING, KEYWORD: valid until the next token */
};

/* A lexer at the start of bytes; give it to pdf_lexer_close in the end. */
static inline struct pdf_lexer pdf_lexer_open(struct bytes bytes)
{
    return (struct pdf_lexer){.bytes = bytes};
}
void pdf_lexer_close(struct pdf_lexer *lexer);

/* Reads the next token into the lexer's fields and returns its kind. */
enum pdf_token_kind pdf_lexer_next(struct pdf_lexer *lexer);

/*
 * The value that starts with the token just read, copied into the arena. References ("1 0 R") are
 * understood only when references is true. Never fails: what makes no sense becomes null.
 */
struct pdf_value pdf_parse_value(struct pdf_lexer *lexer, struct pdf_arena *arena, bool references,
                                 unsigned depth);

/* 7.2.3: white space, delimiters, and everything else. */
bool pdf_is_space(uint8_t c);
bool pdf_is_regular(uint8_t c);

/* The value of a hexadecimal digit, or -1. */
int pdf_hexadecimal(uint8_t c);

#endif
