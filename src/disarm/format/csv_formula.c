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
    uint32_t point = utf8_take(cursor->bytes, &cursor->position);
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

/* True when nothing but the same sign (and quotes) follows: "-", "----". */
static bool is_line_of(uint32_t sign, struct cursor cursor)
{
    uint32_t point;
    do {
        point = take_folded(&cursor);
    } while (point == sign || point == '"');
    return point == 0;
}

/* True when only digits and the signs of numbers, amounts, dates and telephone numbers follow, and
 * perhaps an exponent at the end. */
static bool is_number(struct cursor cursor)
{
    bool digits = false, exponent = false;
    for (uint32_t before = 0;;) {
        uint32_t point = take_folded(&cursor);
        if (!point)
            return digits && before != 'e' && before != '!';
        if (point == '"')
            continue;
        bool sign_of_exponent = before == 'e' && (point == '+' || point == '-');
        if (is_digit(point)) {
            digits = true;
        } else if ((point | 0x20) == 'e' && digits && !exponent) {
            exponent = true;
            point = 'e';
        } else if (sign_of_exponent) {
            point = '!'; /* a digit must follow */
        } else if (exponent || (!is_blank(point) && point != 0xA5 && point != 0xFFE5 &&
                                (point >= 0x80 || !strchr(".,:/()%\\$-", (int)point)))) {
            return false;
        }
        before = point;
    }
}

/*
 * True when what follows a full-width minus, which Japanese text uses as a dash (－以上－), can
 * only be words: no call, no reference to another program, sheet or file.
 */
static bool is_words(struct cursor cursor)
{
    bool first = true;
    for (uint32_t before = 0;; first = false) {
        uint32_t point = take_folded(&cursor);
        if (!point)
            return true;
        bool latin = point < 0x80 && !is_digit(point) && !strchr(" .-\"", (int)point);
        bool call = point == '(' && before >= 0x3A;
        if ((first && latin) || call || (point < 0x80 && strchr("|!=@&[]{}#'<>^*;", (int)point)))
            return false;
        before = is_blank(point) ? before : point;
    }
}

/* Quotes and blanks in front are looked through: readers differ in whether they count. */
bool csv_formula_starts(struct bytes cell)
{
    struct cursor cursor = cursor_open(cell), start;
    uint32_t first;
    do {
        start = cursor;
        first = take_folded(&cursor);
    } while (is_blank(first) || first == '"');
    bool dash = bytes_start_with(bytes_slice(cell, start.position, 3), "－");
    switch (first) {
    case '=':
    case '@':
    case '\t':
    case '\r':
        return true;
    case '+':
    case '-':
        return !is_line_of(first, cursor) && !is_number(cursor) && !(dash && is_words(cursor));
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
