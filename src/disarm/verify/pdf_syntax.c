/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The syntax of PDF as our writer spells it. */
#include "disarm/verify/pdf_syntax.h"

static int look(const struct cursor *cursor)
{
    return cursor->position < cursor->bytes.length ? cursor->bytes.data[cursor->position] : -1;
}

static bool digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool ends_token(int c)
{
    return c <= ' ' || c >= 0x7F || strchr("()<>[]{}/%", c);
}

static struct syntax_token number(struct cursor *cursor)
{
    size_t start = cursor->position, digits = 0;
    struct syntax_token token = {.kind = SYNTAX_INTEGER};
    bool negative = look(cursor) == '-';
    cursor->position += negative;
    for (; digit(look(cursor)); cursor->position++, digits++)
        token.integer = digits < 18 ? token.integer * 10 + (look(cursor) - '0') : token.integer;
    if (look(cursor) == '.') {
        token.kind = SYNTAX_REAL;
        for (cursor->position++; digit(look(cursor)); cursor->position++)
            ;
    }
    if (!digits || digits > 24 || !ends_token(look(cursor)))
        token.kind = SYNTAX_BAD;
    token.integer = negative ? -token.integer : token.integer;
    token.text = bytes_slice(cursor->bytes, start, cursor->position - start);
    return token;
}

static struct syntax_token string(struct cursor *cursor)
{
    size_t start = ++cursor->position;
    for (int c; (c = look(cursor)) != ')'; cursor->position++) {
        if (c == '\\') {
            cursor->position++;
            c = look(cursor);
            if (c != '(' && c != ')' && c != '\\' && c != 'r')
                return (struct syntax_token){.kind = SYNTAX_BAD};
        } else if (c < 0 || c == '(' || c == '\r') {
            return (struct syntax_token){.kind = SYNTAX_BAD};
        }
    }
    cursor->position++;
    return (struct syntax_token){
        .kind = SYNTAX_STRING,
        .text = bytes_slice(cursor->bytes, start, cursor->position - 1 - start)};
}

static struct syntax_token hexadecimal(struct cursor *cursor)
{
    size_t start = ++cursor->position;
    while (digit(look(cursor)) || (look(cursor) >= 'A' && look(cursor) <= 'F'))
        cursor->position++;
    struct syntax_token token = {.kind = look(cursor) == '>' ? SYNTAX_HEX_STRING : SYNTAX_BAD,
                                 .text =
                                     bytes_slice(cursor->bytes, start, cursor->position - start)};
    cursor->position++;
    return token;
}

/* A name or a word: up to the next delimiter. A name's escapes are only for bytes that need them.
 */
static struct syntax_token word(struct cursor *cursor, enum syntax_kind kind)
{
    size_t start = cursor->position;
    while (!ends_token(look(cursor)))
        cursor->position++;
    struct syntax_token token = {
        .kind = kind, .text = bytes_slice(cursor->bytes, start, cursor->position - start)};
    if (kind == SYNTAX_WORD && !token.text.length)
        token.kind = SYNTAX_BAD;
    return token;
}

struct syntax_token syntax_next(struct cursor *cursor, bool lines)
{
    while (look(cursor) == ' ' || (lines && look(cursor) == '\n'))
        cursor->position++;
    int c = look(cursor), next = -1;
    if (cursor->position + 1 < cursor->bytes.length)
        next = cursor->bytes.data[cursor->position + 1];
    if (c < 0)
        return (struct syntax_token){.kind = SYNTAX_END};
    if (digit(c) || c == '-')
        return number(cursor);
    if (c == '(')
        return string(cursor);
    if (c == '/') {
        cursor->position++;
        return word(cursor, SYNTAX_NAME);
    }
    if (c == '<' && next != '<')
        return hexadecimal(cursor);
    if ((c == '<' && next == '<') || (c == '>' && next == '>')) {
        cursor->position += 2;
        return (struct syntax_token){.kind = c == '<' ? SYNTAX_DICTIONARY : SYNTAX_DICTIONARY_END};
    }
    if (c == '[' || c == ']') {
        cursor->position++;
        return (struct syntax_token){.kind = c == '[' ? SYNTAX_ARRAY : SYNTAX_ARRAY_END};
    }
    return word(cursor, SYNTAX_WORD);
}

struct syntax_token syntax_next_value(struct cursor *cursor)
{
    struct syntax_token token = syntax_next(cursor, false);
    if (token.kind != SYNTAX_INTEGER || token.integer <= 0)
        return token;
    struct cursor ahead = *cursor;
    struct bytes rest = cursor_take(&ahead, 4);
    if (!ahead.failed && !memcmp(rest.data, " 0 R", 4) && ends_token(look(&ahead))) {
        *cursor = ahead;
        token.kind = SYNTAX_REFERENCE;
    }
    return token;
}

bool syntax_is(const struct syntax_token *token, enum syntax_kind kind, const char *text)
{
    return token->kind == kind && bytes_equal_string(token->text, text);
}
