/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading PDF syntax from bytes. */
#include "disarm/format/pdf_token.h"

#include "base/memory.h"

enum { SPACE = 1, DELIMITER = 2 };

static const uint8_t classes[256] = {
    [0] = SPACE,       ['\t'] = SPACE,    ['\n'] = SPACE,    ['\f'] = SPACE,
    ['\r'] = SPACE,    [' '] = SPACE,     ['('] = DELIMITER, [')'] = DELIMITER,
    ['<'] = DELIMITER, ['>'] = DELIMITER, ['['] = DELIMITER, [']'] = DELIMITER,
    ['{'] = DELIMITER, ['}'] = DELIMITER, ['/'] = DELIMITER, ['%'] = DELIMITER,
};

bool pdf_is_space(uint8_t c)
{
    return classes[c] == SPACE;
}

bool pdf_is_regular(uint8_t c)
{
    return !classes[c];
}

int pdf_hexadecimal(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void pdf_lexer_close(struct pdf_lexer *lexer)
{
    buffer_free(&lexer->scratch);
}

/* The byte at offset from here, or 0 behind the end. */
static inline uint8_t peek(const struct pdf_lexer *lexer, size_t offset)
{
    size_t at = lexer->position + offset;
    return at < lexer->bytes.length ? lexer->bytes.data[at] : 0;
}

static inline bool at_end(const struct pdf_lexer *lexer)
{
    return lexer->position >= lexer->bytes.length;
}

static void skip_space(struct pdf_lexer *lexer)
{
    for (; !at_end(lexer); lexer->position++) {
        uint8_t c = peek(lexer, 0);
        if (c == ')') {
            continue; /* a string that ended too early */
        } else if (c == '%') {
            while (!at_end(lexer) && peek(lexer, 0) != '\r' && peek(lexer, 0) != '\n')
                lexer->position++;
        } else if (!pdf_is_space(c)) {
            return;
        }
    }
}

static enum pdf_token_kind read_name(struct pdf_lexer *lexer)
{
    size_t start = ++lexer->position;
    bool escaped = false;
    while (!at_end(lexer) && pdf_is_regular(peek(lexer, 0))) {
        escaped |= peek(lexer, 0) == '#';
        lexer->position++;
    }
    lexer->text = bytes_slice(lexer->bytes, start, lexer->position - start);
    if (!escaped)
        return PDF_TOKEN_NAME;
    struct bytes raw = lexer->text;
    buffer_clear(&lexer->scratch);
    for (size_t i = 0; i < raw.length; i++) {
        int high = i + 2 < raw.length ? pdf_hexadecimal(raw.data[i + 1]) : -1;
        int low = high >= 0 ? pdf_hexadecimal(raw.data[i + 2]) : -1;
        if (raw.data[i] == '#' && low >= 0) {
            buffer_append_byte(&lexer->scratch, (uint8_t)(high * 16 + low));
            i += 2;
        } else {
            buffer_append_byte(&lexer->scratch, raw.data[i]);
        }
    }
    lexer->text = buffer_bytes(&lexer->scratch);
    return PDF_TOKEN_NAME;
}

static enum pdf_token_kind read_hexadecimal_string(struct pdf_lexer *lexer)
{
    buffer_clear(&lexer->scratch);
    int high = -1;
    for (lexer->position++; !at_end(lexer); lexer->position++) {
        uint8_t c = peek(lexer, 0);
        int digit = pdf_hexadecimal(c);
        if (c == '>') {
            lexer->position++;
            break;
        }
        if (digit < 0)
            continue;
        if (high < 0) {
            high = digit;
        } else {
            buffer_append_byte(&lexer->scratch, (uint8_t)(high * 16 + digit));
            high = -1;
        }
    }
    if (high >= 0)
        buffer_append_byte(&lexer->scratch, (uint8_t)(high * 16));
    lexer->text = buffer_bytes(&lexer->scratch);
    return PDF_TOKEN_STRING;
}

/* What stands behind a backslash in a string; 7.3.4.2, table 3. */
static void read_escape(struct pdf_lexer *lexer)
{
    static const char names[] = "nrtbf", values[] = "\n\r\t\b\f";
    uint8_t c = peek(lexer, 0);
    const char *found = c ? strchr(names, c) : NULL;
    lexer->position++;
    if (found) {
        buffer_append_byte(&lexer->scratch, (uint8_t)values[found - names]);
    } else if (c >= '0' && c <= '7') {
        unsigned value = c - '0';
        for (int more = 0; more < 2 && peek(lexer, 0) >= '0' && peek(lexer, 0) <= '7'; more++)
            value = value * 8 + (peek(lexer, 0) - '0'), lexer->position++;
        buffer_append_byte(&lexer->scratch, (uint8_t)value);
    } else if (c == '\r') {
        lexer->position += peek(lexer, 0) == '\n';
    } else if (c != '\n') {
        buffer_append_byte(&lexer->scratch, c);
    }
}

static enum pdf_token_kind read_string(struct pdf_lexer *lexer)
{
    buffer_clear(&lexer->scratch);
    unsigned depth = 1;
    lexer->position++;
    while (!at_end(lexer)) {
        uint8_t c = peek(lexer, 0);
        lexer->position++;
        if (c == '\\') {
            if (!at_end(lexer))
                read_escape(lexer);
            continue;
        }
        depth += c == '(';
        depth -= c == ')';
        if (!depth)
            break;
        if (c == '\r') {
            c = '\n';
            lexer->position += peek(lexer, 0) == '\n';
        }
        buffer_append_byte(&lexer->scratch, c);
    }
    lexer->text = buffer_bytes(&lexer->scratch);
    return PDF_TOKEN_STRING;
}

/*
 * A number as readers understand it: signs and points too many are passed over ("--5" is -5,
 * "1.2.3" is 1.2, "5-3" is 5). False when there is no digit: then it is a keyword.
 */
static bool read_number(struct pdf_lexer *lexer)
{
    size_t start = lexer->position, at = start;
    const uint8_t *data = lexer->bytes.data;
    size_t length = lexer->bytes.length, digits = 0, points = 0;
    int64_t value = 0;
    bool negative = false;
    while (at < length && (data[at] == '-' || data[at] == '+'))
        negative |= data[at++] == '-';
    size_t first = at;
    for (; at < length && points < 2; at++) {
        uint8_t c = data[at];
        if (c >= '0' && c <= '9') {
            value = digits++ < 17 ? value * 10 + (c - '0') : value;
        } else if (c == '.') {
            if (++points == 2)
                break;
        } else {
            break;
        }
    }
    size_t end = at;
    while (at < length && pdf_is_regular(data[at]) &&
           (data[at] == '.' || data[at] == '-' || (data[at] >= '0' && data[at] <= '9')))
        at++;
    if (!digits && !points)
        return false;
    lexer->position = at;
    if (!points && digits < 17) {
        lexer->kind = PDF_TOKEN_INTEGER;
        lexer->integer = negative ? -value : value;
    } else {
        lexer->kind = PDF_TOKEN_REAL;
        start = negative && first > start ? first - 1 : first;
        lexer->text = bytes_slice(lexer->bytes, start, end - start);
        if (negative && data[start] != '-') { /* "-+5" */
            buffer_clear(&lexer->scratch);
            buffer_append_byte(&lexer->scratch, '-');
            buffer_append(&lexer->scratch, data + first, end - first);
            lexer->text = buffer_bytes(&lexer->scratch);
        }
    }
    return true;
}

static enum pdf_token_kind read_keyword(struct pdf_lexer *lexer)
{
    size_t start = lexer->position++;
    while (!at_end(lexer) && pdf_is_regular(peek(lexer, 0)))
        lexer->position++;
    lexer->text = bytes_slice(lexer->bytes, start, lexer->position - start);
    return PDF_TOKEN_KEYWORD;
}

static enum pdf_token_kind read_token(struct pdf_lexer *lexer)
{
    skip_space(lexer);
    if (at_end(lexer))
        return PDF_TOKEN_END;
    uint8_t c = peek(lexer, 0);
    switch (c) {
    case '/':
        return read_name(lexer);
    case '(':
        return read_string(lexer);
    case '<':
        if (peek(lexer, 1) != '<')
            return read_hexadecimal_string(lexer);
        lexer->position += 2;
        return PDF_TOKEN_DICTIONARY_OPEN;
    case '>':
        lexer->position += peek(lexer, 1) == '>' ? 2 : 1;
        return PDF_TOKEN_DICTIONARY_CLOSE;
    case '[':
    case ']':
    case '{':
    case '}':
        lexer->position++;
        return c == '['   ? PDF_TOKEN_ARRAY_OPEN
               : c == ']' ? PDF_TOKEN_ARRAY_CLOSE
               : c == '{' ? PDF_TOKEN_BRACE_OPEN
                          : PDF_TOKEN_BRACE_CLOSE;
    default:
        if ((c == '-' || c == '+' || c == '.' || (c >= '0' && c <= '9')) && read_number(lexer))
            return lexer->kind;
        return read_keyword(lexer);
    }
}

enum pdf_token_kind pdf_lexer_next(struct pdf_lexer *lexer)
{
    return lexer->kind = read_token(lexer);
}

/* Items read so far; copied into the arena when their number is known. */
struct item_list {
    struct pdf_value *items;
    size_t count, capacity;
};

static struct pdf_value *list_append(struct item_list *list)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 16;
        list->items = memory_resize(list->items, list->capacity, sizeof *list->items);
    }
    return &list->items[list->count++];
}

/* Turns "1 0 R" at the end of the list into one reference. */
static void join_reference(struct item_list *list)
{
    struct pdf_value *last = list->items + list->count;
    if (list->count < 2 || last[-1].type != PDF_INTEGER || last[-2].type != PDF_INTEGER)
        return;
    int64_t number = last[-2].integer, generation = last[-1].integer;
    list->count--;
    last[-2] = (struct pdf_value){.type = PDF_NULL};
    if (number > 0 && number < INT32_MAX && generation >= 0 && generation < 65536)
        last[-2] =
            (struct pdf_value){.type = PDF_REFERENCE, .reference = {(int)number, (int)generation}};
}

static struct pdf_value finish_array(struct item_list *list, struct pdf_arena *arena)
{
    struct pdf_value array = {.type = PDF_ARRAY, .count = (uint32_t)list->count};
    array.items = pdf_arena_take(arena, (list->count + 1) * sizeof *array.items);
    if (list->count)
        memcpy(array.items, list->items, list->count * sizeof *array.items);
    free(list->items);
    return array;
}

/* Pairs of name and value; anything else between them is passed over. The first of a key counts. */
static struct pdf_value finish_dictionary(struct item_list *list, struct pdf_arena *arena)
{
    struct pdf_value dictionary = {.type = PDF_DICTIONARY};
    dictionary.entries = pdf_arena_take(arena, (list->count / 2 + 1) * sizeof *dictionary.entries);
    for (size_t i = 0; i + 1 < list->count; i++) {
        if (list->items[i].type != PDF_NAME)
            continue;
        dictionary.entries[dictionary.count++] =
            (struct pdf_entry){list->items[i].text, list->items[i + 1]};
        i++;
    }
    free(list->items);
    return dictionary;
}

static struct pdf_value parse_list(struct pdf_lexer *lexer, struct pdf_arena *arena,
                                   bool references, unsigned depth, enum pdf_token_kind close)
{
    struct item_list list = {0};
    for (;;) {
        enum pdf_token_kind kind = pdf_lexer_next(lexer);
        if (kind == PDF_TOKEN_END || kind == close)
            break;
        if (references && kind == PDF_TOKEN_KEYWORD && bytes_equal_string(lexer->text, "R")) {
            join_reference(&list);
            continue;
        }
        if (kind == PDF_TOKEN_ARRAY_CLOSE || kind == PDF_TOKEN_DICTIONARY_CLOSE)
            continue;
        struct pdf_value value = pdf_parse_value(lexer, arena, references, depth);
        *list_append(&list) = value;
    }
    return close == PDF_TOKEN_ARRAY_CLOSE ? finish_array(&list, arena)
                                          : finish_dictionary(&list, arena);
}

struct pdf_value pdf_parse_value(struct pdf_lexer *lexer, struct pdf_arena *arena, bool references,
                                 unsigned depth)
{
    struct pdf_value value = {.type = PDF_NULL};
    switch (lexer->kind) {
    case PDF_TOKEN_INTEGER:
        return (struct pdf_value){.type = PDF_INTEGER, .integer = lexer->integer};
    case PDF_TOKEN_REAL:
    case PDF_TOKEN_NAME:
    case PDF_TOKEN_STRING:
        value.type = lexer->kind == PDF_TOKEN_REAL   ? PDF_REAL
                     : lexer->kind == PDF_TOKEN_NAME ? PDF_NAME
                                                     : PDF_STRING;
        value.text = pdf_arena_copy(arena, lexer->text);
        return value;
    case PDF_TOKEN_KEYWORD:
        if (bytes_equal_string(lexer->text, "true") || bytes_equal_string(lexer->text, "false"))
            return (struct pdf_value){.type = PDF_BOOLEAN, .boolean = lexer->text.data[0] == 't'};
        return value;
    case PDF_TOKEN_ARRAY_OPEN:
    case PDF_TOKEN_DICTIONARY_OPEN:
        if (depth >= PDF_DEPTH)
            return value;
        return parse_list(lexer, arena, references, depth + 1,
                          lexer->kind == PDF_TOKEN_ARRAY_OPEN ? PDF_TOKEN_ARRAY_CLOSE
                                                              : PDF_TOKEN_DICTIONARY_CLOSE);
    default:
        return value;
    }
}
