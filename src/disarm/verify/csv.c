/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader of csv. It does not parse cells: whichever separator and quoting a reader
 * believes in, a cell can only begin at the start or behind , ; tab CR LF. None of these places may
 * be followed by the start of a formula, quotes and blanks looked through.
 */
#include "disarm/verify/text.h"

static const char full_width_signs[][4] = {"＝", "＋", "－", "＠"};

/* The ASCII sign that text begins with, in either width, or 0; its length in *width. */
static char sign_at(struct bytes text, size_t *width)
{
    *width = 1;
    if (text.length && strchr("=+-@", text.data[0]) && text.data[0])
        return (char)text.data[0];
    for (size_t i = 0; i < 4; i++) {
        if (bytes_start_with(text, full_width_signs[i])) {
            *width = 3;
            return "=+-@"[i];
        }
    }
    return 0;
}

static size_t blank_at(struct bytes text)
{
    static const char *const blanks[] = {" ", "\"", "\xC2\xA0", "\xE3\x80\x80", "＂"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        if (bytes_start_with(text, blanks[i]))
            return strlen(blanks[i]);
    }
    return 0;
}

/* True when the rest of the segment is only the same sign, or nothing. */
static bool only_sign(struct bytes text, char sign)
{
    size_t width;
    while (text.length) {
        if (text.data[0] != '"' && !bytes_start_with(text, "＂") && sign_at(text, &width) != sign)
            return false;
        size_t skip = text.data[0] == '"' ? 1 : bytes_start_with(text, "＂") ? 3 : width;
        text = bytes_slice(text, skip, text.length);
    }
    return true;
}

/* True when the text ends in a letter of either width, blanks behind it left out. */
static bool ends_in_letter(struct bytes text)
{
    while (text.length && text.data[text.length - 1] == ' ')
        text.length--;
    if (!text.length)
        return false;
    uint8_t last = text.data[text.length - 1];
    if (last < 0x80)
        return (last | 0x20) >= 'a' && (last | 0x20) <= 'z';
    struct bytes wide = bytes_slice(text, text.length > 3 ? text.length - 3 : 0, 3);
    return (bytes_start_with(wide, "\xEF\xBC") && last >= 0xA1 && last <= 0xBA) ||
           (bytes_start_with(wide, "\xEF\xBD") && last >= 0x81 && last <= 0x9A);
}

static bool has_call(struct bytes text, const char *bracket)
{
    for (size_t at = bytes_find(text, 0, bracket); at != SIZE_MAX;
         at = bytes_find(text, at + 1, bracket)) {
        if (ends_in_letter(bytes_slice(text, 0, at)))
            return true;
    }
    return false;
}

/* Signs of which a formula needs at least one to do harm; letters right behind + or - too. */
static bool can_compute(struct bytes text)
{
    static const char *const needs[] = {"|", "!",  "=",  "@",  "&",  "[",  "{",  "#",
                                        "'", "｜", "！", "＝", "＠", "＆", "［", "｛"};
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        if (bytes_find(text, 0, needs[i]) != SIZE_MAX)
            return true;
    }
    while (text.length && text.data[0] == '"')
        text = bytes_slice(text, 1, text.length);
    return ends_in_letter(bytes_slice(text, 0, 1)) || has_call(text, "(") || has_call(text, "（");
}

/* Everything that a number, an amount, a date or a telephone number is written with. */
static bool is_numeric(struct bytes text)
{
    static const char *const wide[] = {
        "０", "１", "２", "３", "４", "５", "６", "７", "８", "９",       "．", "，", "：", "／",
        "（", "）", "％", "＄", "－", "　", "¥",  "￥", "＼", "\xC2\xA0", "＂", "ｅ", "Ｅ", "＋"};
    bool letter = false;
    while (text.length) {
        uint8_t byte = text.data[0];
        size_t width = byte && strchr("0123456789 .,:/()%\\$-\"", byte) ? 1 : 0;
        for (size_t i = 0; !width && i < sizeof wide / sizeof *wide; i++)
            width = bytes_start_with(text, wide[i]) ? strlen(wide[i]) : 0;
        if (!width && !letter && (byte | 0x20) == 'e') {
            letter = true;
            width = text.length > 1 && text.data[1] == '+' ? 2 : 1;
        }
        if (!width)
            return false;
        text = bytes_slice(text, width, text.length);
    }
    return true;
}

static bool begins_formula(struct bytes segment)
{
    size_t width;
    while ((width = blank_at(segment)))
        segment = bytes_slice(segment, width, segment.length);
    char sign = sign_at(segment, &width);
    if (sign == '=' || sign == '@')
        return true;
    struct bytes rest = bytes_slice(segment, width, segment.length);
    if (!sign || only_sign(rest, sign) || is_numeric(rest))
        return false;
    return !bytes_start_with(segment, "－") || can_compute(rest);
}

int verify_csv(struct verify_job *job, struct bytes file, struct error *error)
{
    (void)job;
    AUTO_BUFFER utf8 = {0};
    if (verify_decoded_text(file, &utf8, error))
        return -1;
    struct bytes text = buffer_bytes(&utf8);
    for (size_t start = 0; start <= text.length;) {
        size_t end = start;
        while (end < text.length && !strchr(",;\t\r\n", text.data[end]))
            end++;
        if (begins_formula(bytes_slice(text, start, end - start)))
            return error_set(error, "verify_csv", NULL, "a formula begins at offset %zu", start);
        start = end + 1;
    }
    return 0;
}
