/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lexer over formulas: quoted names, brackets and function names decide; operators do not matter.
 */
#include "disarm/format/ooxml_formula.h"

#include <strings.h>

#include "disarm/format/ooxml_schema.h"
#include "disarm/format/ooxml_url.h"

enum { FUNCTION_NAME_MAXIMUM = 64 };

struct lexer {
    struct bytes text;
    size_t at;
    const struct ooxml_formula_scope *scope;
};

static int peek(const struct lexer *lexer, size_t ahead)
{
    return lexer->at + ahead < lexer->text.length ? lexer->text.data[lexer->at + ahead] : -1;
}

static bool is_name_byte(int byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte == '_' || byte == '.' || byte == '$' ||
           byte == '?' || byte >= 0x80;
}

static bool list_has(char **list, size_t count, struct bytes name)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(list[i]) == name.length &&
            strncasecmp(list[i], (const char *)name.data, name.length) == 0)
            return true;
    }
    return false;
}

static bool sheet_lost(const struct lexer *lexer, struct bytes name)
{
    return lexer->scope &&
           list_has(lexer->scope->lost_sheets, lexer->scope->lost_sheet_count, name);
}

/* Takes a quoted run whose quote stands doubled inside; false when it does not end. */
static bool take_quoted(struct lexer *lexer, uint8_t quote, struct bytes *inside)
{
    size_t start = ++lexer->at;
    for (; lexer->at < lexer->text.length; lexer->at++) {
        if (lexer->text.data[lexer->at] != quote)
            continue;
        if (peek(lexer, 1) == quote) {
            lexer->at++;
            continue;
        }
        *inside = bytes_slice(lexer->text, start, lexer->at - start);
        lexer->at++;
        return true;
    }
    return false;
}

/* 'Sheet 1'!A1: a sheet name holds none of : \ / ? * [ ], but a path or another workbook does. */
static bool take_sheet_name(struct lexer *lexer)
{
    struct bytes name;
    if (!take_quoted(lexer, '\'', &name))
        return false;
    if (bytes_start_with(name, "[0]"))
        name = bytes_slice(name, 3, name.length - 3);
    bool pipe = false;
    for (size_t i = 0; i < name.length; i++) {
        if (strchr("\\/?*[]", name.data[i]))
            return false;
        pipe |= name.data[i] == '|';
    }
    if (pipe && !(lexer->scope && list_has(lexer->scope->sheets, lexer->scope->sheet_count, name)))
        return false;
    return !sheet_lost(lexer, name);
}

/* Moves behind the bracket that closes the one here; a quote escapes the next byte inside. */
static bool skip_brackets(struct lexer *lexer)
{
    size_t depth = 0;
    for (; lexer->at < lexer->text.length; lexer->at++) {
        uint8_t byte = lexer->text.data[lexer->at];
        if (byte == '\'') {
            lexer->at++;
        } else if (byte == '[') {
            depth++;
        } else if (byte == ']' && --depth == 0) {
            lexer->at++;
            return true;
        }
    }
    return false;
}

/* Table1[Column] and [@Column] are structured references; [1]Sheet!A1 is another workbook. */
static bool take_brackets(struct lexer *lexer)
{
    bool follows_name = lexer->at && (is_name_byte(lexer->text.data[lexer->at - 1]));
    if (!follows_name && bytes_start_with(bytes_slice(lexer->text, lexer->at, 3), "[0]")) {
        lexer->at += 3;
        return true;
    }
    if (!skip_brackets(lexer))
        return false;
    int next = peek(lexer, 0);
    return follows_name || !(next == '!' || next == '\'' || is_name_byte(next));
}

static bool looks_like_cell(struct bytes name)
{
    size_t at = 0, letters = 0, digits = 0;
    at += at < name.length && name.data[at] == '$';
    for (; at < name.length && ((name.data[at] | 0x20) >= 'a' && (name.data[at] | 0x20) <= 'z');
         at++)
        letters++;
    at += at < name.length && name.data[at] == '$';
    for (; at < name.length && name.data[at] >= '0' && name.data[at] <= '9'; at++)
        digits++;
    return at == name.length && letters >= 1 && letters <= 3 && digits >= 1 && digits <= 7;
}

/* HYPERLINK("https://…"…): the address must begin with a literal that fixes where it leads. */
static bool link_argument_safe(const struct lexer *lexer)
{
    struct lexer ahead = *lexer;
    do {
        ahead.at++;
    } while (peek(&ahead, 0) == ' ');
    struct bytes address;
    if (peek(&ahead, 0) != '"' || !take_quoted(&ahead, '"', &address))
        return false;
    return (address.length && address.data[0] == '#') || ooxml_url_safe(address);
}

static bool starts_with_fold(struct bytes name, const char *prefix)
{
    size_t length = strlen(prefix);
    return name.length >= length && strncasecmp((const char *)name.data, prefix, length) == 0;
}

/* Here: the parenthesis behind a function's name. */
static bool function_safe(const struct lexer *lexer, struct bytes name)
{
    if (starts_with_fold(name, "_xlpm."))
        return true; /* a parameter of LET or LAMBDA */
    static const char *const prefixes[] = {"_xlfn.", "_xlws."};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (starts_with_fold(name, prefixes[i]))
            name = bytes_slice(name, 6, name.length - 6);
    }
    uint8_t upper[FUNCTION_NAME_MAXIMUM];
    if (name.length == 0)
        return false;
    if (name.length > sizeof upper)
        return lexer->scope && list_has(lexer->scope->names, lexer->scope->name_count, name);
    for (size_t i = 0; i < name.length; i++) {
        uint8_t byte = name.data[i];
        upper[i] = byte >= 'a' && byte <= 'z' ? (uint8_t)(byte - 0x20) : byte;
    }
    struct bytes folded = {upper, name.length};
    if (bytes_equal_string(folded, "HYPERLINK"))
        return link_argument_safe(lexer);
    return ooxml_function_known(folded) ||
           (lexer->scope && list_has(lexer->scope->names, lexer->scope->name_count, name));
}

static bool take_name(struct lexer *lexer)
{
    size_t start = lexer->at;
    while (is_name_byte(peek(lexer, 0)))
        lexer->at++;
    struct bytes name = bytes_slice(lexer->text, start, lexer->at - start);
    bool qualified = start && lexer->text.data[start - 1] == '!';
    if (peek(lexer, 0) == '!')
        return !sheet_lost(lexer, name);
    size_t spaces = 0;
    while (peek(lexer, spaces) == ' ' || peek(lexer, spaces) == '\n' ||
           peek(lexer, spaces) == '\t' || peek(lexer, spaces) == '\r')
        spaces++;
    if (peek(lexer, spaces) != '(')
        return true;
    if (spaces && looks_like_cell(name))
        return true; /* an intersection */
    lexer->at += spaces;
    return !qualified && function_safe(lexer, name);
}

/* #REF! #N/A #NAME? and the spill operator A1#. */
static void take_error_value(struct lexer *lexer)
{
    lexer->at++;
    while ((peek(lexer, 0) >= 'A' && peek(lexer, 0) <= 'Z') || peek(lexer, 0) == '/' ||
           peek(lexer, 0) == '0' || peek(lexer, 0) == '_')
        lexer->at++;
    if (peek(lexer, 0) == '!' || peek(lexer, 0) == '?')
        lexer->at++;
}

static void take_number(struct lexer *lexer)
{
    while ((peek(lexer, 0) >= '0' && peek(lexer, 0) <= '9') || peek(lexer, 0) == '.')
        lexer->at++;
    if ((peek(lexer, 0) == 'E' || peek(lexer, 0) == 'e') &&
        ((peek(lexer, 1) >= '0' && peek(lexer, 1) <= '9') || peek(lexer, 1) == '+' ||
         peek(lexer, 1) == '-'))
        lexer->at += 2;
}

bool ooxml_formula_safe(struct bytes formula, const struct ooxml_formula_scope *scope)
{
    struct lexer lexer = {formula, 0, scope};
    struct bytes literal;
    while (lexer.at < formula.length) {
        uint8_t byte = formula.data[lexer.at];
        if (byte == '|' || byte == '\\') {
            return false;
        } else if (byte == '"') {
            if (!take_quoted(&lexer, '"', &literal))
                return false;
        } else if (byte == '\'') {
            if (!take_sheet_name(&lexer))
                return false;
        } else if (byte == '[') {
            if (!take_brackets(&lexer))
                return false;
        } else if (byte == '#') {
            take_error_value(&lexer);
        } else if (byte >= '0' && byte <= '9') {
            take_number(&lexer);
        } else if (is_name_byte(byte)) {
            if (!take_name(&lexer))
                return false;
        } else {
            lexer.at++;
        }
    }
    return true;
}
