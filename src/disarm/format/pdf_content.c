/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content streams, written anew from known operators. */
#include "disarm/format/pdf_content.h"

#include <stdlib.h>

#include "disarm/format/pdf_inline.h"
#include "disarm/format/pdf_operators.h"
#include "disarm/format/pdf_token.h"

enum {
    OPERANDS = 40,      /* kept before one operator; a DeviceN colour has 32 and a name */
    OPERAND_DEPTH = 16, /* arrays in one another */
};

/* The operands read since the last operator, as they will be written. */
struct operands {
    struct buffer text;
    size_t count;
    size_t start[OPERANDS]; /* offset of each in text */
    char type[OPERANDS];    /* n number, m name, s string, a array, d dictionary, x anything else */
};

/* Appends an array of numbers, strings, names and arrays; the token [ was just read. */
static void read_array(struct pdf_lexer *lexer, struct buffer *out, unsigned depth)
{
    buffer_append_byte(out, '[');
    for (;;) {
        switch (pdf_lexer_next(lexer)) {
        case PDF_TOKEN_INTEGER:
            pdf_write_integer(out, lexer->integer);
            continue;
        case PDF_TOKEN_REAL:
            pdf_write_real(out, lexer->text);
            continue;
        case PDF_TOKEN_NAME:
            if (lexer->text.length)
                pdf_write_name(out, lexer->text);
            continue;
        case PDF_TOKEN_STRING:
            pdf_write_string(out, lexer->text);
            continue;
        case PDF_TOKEN_ARRAY_OPEN:
            if (depth < OPERAND_DEPTH)
                read_array(lexer, out, depth + 1);
            continue;
        case PDF_TOKEN_END:
        case PDF_TOKEN_ARRAY_CLOSE:
            break;
        default:
            continue;
        }
        break;
    }
    buffer_append_byte(out, ']');
}

/* Appends a property list (14.6.2) by its allow-list; the token << was just read. */
static void read_dictionary(struct pdf_copy *copy, struct pdf_lexer *lexer, struct buffer *out)
{
    struct pdf_arena arena = {0};
    struct pdf_value value = pdf_parse_value(lexer, &arena, false, 0);
    buffer_append_string(out, "<<");
    pdf_copy_entries(copy, &pdf_kinds[pdf_kind_find("PlainProperties")], &value, out, 1);
    buffer_append_string(out, ">>");
    pdf_arena_free(&arena);
}

/* Makes room for one more operand: of too many, the last count. */
static void begin_operand(struct operands *operands)
{
    if (operands->count == OPERANDS) {
        memmove(operands->start, operands->start + 1, (OPERANDS - 1) * sizeof *operands->start);
        memmove(operands->type, operands->type + 1, OPERANDS - 1);
        operands->count--;
    }
    operands->start[operands->count] = operands->text.length;
}

static bool read_operand(struct pdf_copy *copy, struct pdf_lexer *lexer, struct operands *operands)
{
    static const char types[] = {
        [PDF_TOKEN_INTEGER] = 'n',  [PDF_TOKEN_REAL] = 'n',       [PDF_TOKEN_NAME] = 'm',
        [PDF_TOKEN_STRING] = 's',   [PDF_TOKEN_ARRAY_OPEN] = 'a', [PDF_TOKEN_DICTIONARY_OPEN] = 'd',
        [PDF_TOKEN_BRACE_CLOSE] = 0};
    char type = types[lexer->kind];
    if (!type)
        return false;
    if (type == 'm' && !lexer->text.length)
        type = 'x';
    begin_operand(operands);
    struct buffer *out = &operands->text;
    switch (lexer->kind) {
    case PDF_TOKEN_INTEGER:
        pdf_write_integer(out, lexer->integer);
        break;
    case PDF_TOKEN_REAL:
        pdf_write_real(out, lexer->text);
        break;
    case PDF_TOKEN_NAME:
        if (lexer->text.length)
            pdf_write_name(out, lexer->text);
        break;
    case PDF_TOKEN_STRING:
        pdf_write_string(out, lexer->text);
        break;
    case PDF_TOKEN_ARRAY_OPEN:
        read_array(lexer, out, 0);
        break;
    default:
        read_dictionary(copy, lexer, out);
    }
    operands->type[operands->count++] = type;
    return true;
}

/* How many operands the operator takes when the last ones fit it; -1 when they do not. */
static int operands_fit(const struct operands *operands, const char *pattern)
{
    size_t wanted = strlen(pattern);
    if (*pattern == '*') { /* colours: numbers, or numbers and then a name */
        size_t count = operands->count;
        bool named = pattern[1] == 'm' && count && operands->type[count - 1] == 'm';
        for (size_t i = 0; i < count - named; i++) {
            if (operands->type[i] != 'n')
                return -1;
        }
        return count ? (int)count : -1;
    }
    if (operands->count < wanted)
        return -1;
    for (size_t i = 0; i < wanted; i++) {
        char type = operands->type[operands->count - wanted + i];
        if (pattern[i] == 'p' ? type != 'm' && type != 'd' : type != pattern[i])
            return -1;
    }
    return (int)wanted;
}

static void write_operation(const struct operands *operands, int used, const char *operator,
                            struct buffer * out)
{
    if (used) {
        size_t start = operands->start[operands->count - (size_t)used];
        struct bytes text = bytes_slice(buffer_bytes(&operands->text), start, SIZE_MAX);
        if (text.length && text.data[0] == ' ')
            text = bytes_slice(text, 1, SIZE_MAX);
        buffer_append_bytes(out, text);
    }
    pdf_write_keyword(out, operator);
    buffer_append_byte(out, '\n');
}

/* "true", "false" and "null" are operands, though none that an operator takes. */
static bool is_constant(struct bytes word)
{
    return bytes_equal_string(word, "true") || bytes_equal_string(word, "false") ||
           bytes_equal_string(word, "null");
}

void pdf_content_rewrite(struct pdf_copy *copy, struct bytes content, struct buffer *out)
{
    struct pdf_lexer lexer = pdf_lexer_open(content);
    struct operands operands = {0};
    while (pdf_lexer_next(&lexer) != PDF_TOKEN_END && !copy->failed) {
        if (lexer.kind != PDF_TOKEN_KEYWORD) {
            read_operand(copy, &lexer, &operands);
            continue;
        }
        if (is_constant(lexer.text)) {
            begin_operand(&operands);
            operands.type[operands.count++] = 'x';
            continue;
        }
        const struct pdf_operator *known = pdf_operator_find(&lexer.text);
        if (known && known->starts_image) {
            pdf_inline_rewrite(copy, &lexer, out);
        } else if (known) {
            int used = operands_fit(&operands, known->operands);
            if (used >= 0)
                write_operation(&operands, used, known->name, out);
            else
                pdf_copy_drop(copy, "Content", NULL, "pdf_operator", "pdf_not_understood");
        } else {
            pdf_copy_drop(copy, "Content", NULL, "pdf_operator", "pdf_not_on_list");
        }
        if (known && lexer.text.length) /* "BTq": what follows is an operator of its own */
            lexer.position -= lexer.text.length;
        buffer_clear(&operands.text);
        operands.count = 0;
    }
    buffer_free(&operands.text);
    pdf_lexer_close(&lexer);
}

bool pdf_content_write_appearance(struct pdf_copy *copy, struct bytes content, struct buffer *out)
{
    AUTO_BUFFER text = {0};
    pdf_content_rewrite(copy, content, &text);
    while (text.length && text.data[text.length - 1] == '\n')
        text.length--;
    for (size_t i = 0; i < text.length; i++)
        text.data[i] = text.data[i] == '\n' ? ' ' : text.data[i];
    pdf_write_string(out, buffer_bytes(&text));
    return text.length != 0;
}
