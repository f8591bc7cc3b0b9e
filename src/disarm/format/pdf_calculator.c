/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PostScript calculator functions: numbers, braces and the operators of ISO 32000-2, table 42. */
#include "disarm/format/pdf_program.h"
#include "disarm/format/pdf_token.h"

enum { NESTING = 32 };

static bool is_operator(struct bytes word)
{
    static const char *const operators[] = {
        "abs", "add",  "and", "atan",   "bitshift", "ceiling", "copy",  "cos",   "cvi",
        "cvr", "div",  "dup", "eq",     "exch",     "exp",     "false", "floor", "ge",
        "gt",  "idiv", "if",  "ifelse", "index",    "le",      "ln",    "log",   "lt",
        "mod", "mul",  "ne",  "neg",    "not",      "or",      "pop",   "roll",  "round",
        "sin", "sqrt", "sub", "true",   "truncate", "xor"};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (bytes_equal_string(word, operators[i]))
            return true;
    }
    return false;
}

static bool write_token(const struct pdf_lexer *lexer, unsigned *depth, struct buffer *out)
{
    switch (lexer->kind) {
    case PDF_TOKEN_INTEGER:
        pdf_write_integer(out, lexer->integer);
        return true;
    case PDF_TOKEN_REAL:
        pdf_write_real(out, lexer->text);
        return true;
    case PDF_TOKEN_BRACE_OPEN:
        buffer_append_byte(out, '{');
        return ++*depth <= NESTING;
    case PDF_TOKEN_BRACE_CLOSE:
        buffer_append_byte(out, '}');
        --*depth;
        return true;
    case PDF_TOKEN_KEYWORD:
        if (!is_operator(lexer->text))
            return false;
        if (pdf_is_regular(out->data[out->length - 1]))
            buffer_append_byte(out, ' ');
        buffer_append_bytes(out, lexer->text);
        return true;
    default:
        return false;
    }
}

bool pdf_calculator_rewrite(struct bytes program, struct buffer *out)
{
    struct pdf_lexer lexer = pdf_lexer_open(program);
    unsigned depth = 0;
    bool sound = pdf_lexer_next(&lexer) == PDF_TOKEN_BRACE_OPEN;
    while (sound && write_token(&lexer, &depth, out) && depth)
        pdf_lexer_next(&lexer);
    sound = sound && !depth;
    pdf_lexer_close(&lexer);
    return sound;
}
