/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a number and the unit behind it. */
#include "adoption/numbers.h"

#include <string.h>

#include "base/utf8.h"

#define LARGEST 1000000

/* 0 to 9 for a digit of either width, or -1. */
static int digit_of(uint32_t point)
{
    if (point >= '0' && point <= '9')
        return (int)(point - '0');
    return point >= 0xFF10 && point <= 0xFF19 ? (int)(point - 0xFF10) : -1;
}

/* 1 to 9 for a Chinese numeral, 10 for 十, or -1. */
static int numeral_of(uint32_t point)
{
    static const uint32_t numerals[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                        0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341};
    for (int i = 0; i < 10; i++)
        if (numerals[i] == point)
            return i + 1;
    return -1;
}

/* Reads a number at *at and moves behind it; -1 and one character further when there is none. */
static int64_t read_number(struct bytes text, size_t *at)
{
    size_t next = *at;
    uint32_t point = utf8_take(text, &next);
    int64_t value = digit_of(point), tens = 0, ones;
    if (value >= 0) {
        for (*at = next; next < text.length && value < LARGEST; *at = next) {
            int digit = digit_of(utf8_take(text, &next));
            if (digit < 0)
                break;
            value = value * 10 + digit;
        }
        return value;
    }
    *at = next;
    if ((ones = numeral_of(point)) < 0)
        return -1;
    for (; next < text.length; *at = next) {
        if (ones == 10 || tens) {
            tens = tens ? tens : 10;
            ones = ones == 10 ? 0 : ones;
        }
        int numeral = numeral_of(utf8_take(text, &next));
        if (numeral < 0)
            break;
        if (numeral == 10) {
            tens = ones * 10;
            ones = 0;
        } else {
            ones = numeral;
        }
    }
    return ones == 10 ? 10 : tens + ones;
}

/* Spaces between a number and its unit, as PDF leaves them. */
static size_t skip_spaces(struct bytes text, size_t at)
{
    while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\n'))
        at++;
    return at;
}

bool numbers_find(const char *string, const struct number_unit *units, int64_t *value)
{
    struct bytes text = bytes_of_string(string);
    for (size_t at = 0; at < text.length;) {
        int64_t number = read_number(text, &at);
        if (number < 0)
            continue;
        struct bytes rest = bytes_slice(text, skip_spaces(text, at), SIZE_MAX);
        for (const struct number_unit *unit = units; unit->word; unit++)
            if (bytes_start_with(rest, unit->word)) {
                *value = number * unit->factor;
                return true;
            }
    }
    return false;
}
