/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rule for formulas in cells; its reasons are in doc/decisions (csv-formulas). */
#include "disarm/format/csv_formula.h"

#include "base/cursor.h"
#include "base/utf8.h"

/* The next character, with full-width forms brought to ASCII; 0 at the end. */
static uint32_t take_folded(struct cursor *cursor)
{
    if (!cursor_remaining(cursor))
        return 0;
    uint32_t point = UTF8_REPLACEMENT;
    size_t width = utf8_decode(
        (struct bytes){cursor->bytes.data + cursor->position, cursor_remaining(cursor)}, &point);
    cursor_skip(cursor, width ? width : 1);
    if (point >= 0xFF01 && point <= 0xFF5E)
        return point - 0xFF01 + 0x21;
    return point;
}

static bool is_blank(uint32_t point)
{
    return point == ' ' || point == 0x3000 || point == 0xA0;
}

static bool is_digit(uint32_t point)
{
    return point >= '0' && point <= '9';
}

/* Quotes and blanks in front are looked through: readers differ in whether they count. */
static uint32_t take_first(struct cursor *cursor)
{
    uint32_t point;
    do {
        point = take_folded(cursor);
    } while (is_blank(point) || point == '"');
    return point;
}

/* True when nothing but the same sign (and quotes) follows: "-", "====". */
static bool is_line_of(uint32_t sign, struct cursor cursor)
{
    uint32_t point;
    do {
        point = take_folded(&cursor);
    } while (point == sign || point == '"');
    return point == 0;
}

/*
 * True when what follows a sign can only be a number, an amount, a telephone number or words: no
 * call, no reference to another program, sheet or file, no further operator that needs one.
 */
static bool is_signed_value(struct cursor cursor)
{
    uint32_t before = 0;
    for (bool first = true;; first = false) {
        uint32_t point = take_folded(&cursor);
        if (!point)
            return !first;
        if (point == '"')
            continue;
        if (first && point < 0x80 && !is_digit(point) && !strchr(" .,-+(/:%$\\", (int)point))
            return false;
        if (point < 0x80 && strchr("|!=@&[]{}#'<>^*;\t", (int)point))
            return false;
        /* a bracket behind a letter is a call; behind digits or signs it is part of a number */
        if (point == '(' && before >= 0x3A && before != ':')
            return false;
        before = is_blank(point) ? before : point;
    }
}

bool csv_formula_starts(struct bytes cell)
{
    struct cursor cursor = cursor_open(cell);
    uint32_t first = take_first(&cursor);
    switch (first) {
    case '=':
    case '@':
        return !is_line_of(first, cursor);
    case '+':
    case '-':
        return !is_line_of(first, cursor) && !is_signed_value(cursor);
    case '\t':
    case '\r':
        return true;
    default:
        return false;
    }
}

static bool is_boundary(uint8_t byte)
{
    return byte == ',' || byte == ';' || byte == '\t' || byte == '\n' || byte == '\r';
}

size_t csv_formula_disarm(struct bytes value, struct buffer *out)
{
    size_t count = 0, start = 0;
    for (;;) {
        size_t end = start;
        while (end < value.length && !is_boundary(value.data[end]))
            end++;
        struct bytes segment = bytes_slice(value, start, end - start);
        bool control_first = start == 0 && end == 0 && value.length &&
                             (value.data[0] == '\t' || value.data[0] == '\r');
        if (control_first || csv_formula_starts(segment)) {
            buffer_append_byte(out, '\'');
            count++;
        }
        buffer_append_bytes(out, segment);
        if (end == value.length)
            return count;
        buffer_append_byte(out, value.data[end]);
        start = end + 1;
    }
}
