/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small questions about Japanese text. */
#include "policy/japanese.h"

#include <ctype.h>

#include "base/utf8.h"

bool japanese_is_blank(uint32_t point)
{
    return point == ' ' || point == '\t' || point == '\r' || point == '\f' || point == 0x3000 ||
           point == 0xA0 || point == 0xFEFF;
}

/* The code point that ends just before end; *length is its size. */
static uint32_t point_before(struct bytes text, size_t end, size_t *length)
{
    size_t start = end;
    while (start > 0 && end - start < 4) {
        start--;
        if ((text.data[start] & 0xC0) != 0x80)
            break;
    }
    uint32_t point = 0;
    *length = end - start;
    if (end > start)
        utf8_decode(bytes_slice(text, start, end - start), &point);
    return point;
}

struct bytes japanese_trim(struct bytes text)
{
    size_t start = 0, end = text.length, length;
    uint32_t point;
    while (start < end && (length = utf8_decode(bytes_slice(text, start, 4), &point)) &&
           japanese_is_blank(point))
        start += length;
    while (end > start && japanese_is_blank(point_before(text, end, &length)))
        end -= length;
    return bytes_slice(text, start, end - start);
}

/* Appends a half-width kana or sign in full width, a voiced mark behind it taken in; how many bytes
 * of what follows that took. */
static size_t append_kana(struct buffer *out, uint32_t point, struct bytes behind)
{
    static const uint16_t wide[] = {
        0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9,
        0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB,
        0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1,
        0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5,
        0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6, 0x30E8, 0x30E9,
        0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3, 0x309B, 0x309C};
    uint32_t kana = wide[point - 0xFF61], mark = 0;
    size_t length = behind.length ? utf8_decode(behind, &mark) : 0;
    bool takes_mark = (kana >= 0x30AB && kana <= 0x30C8) || (kana >= 0x30CF && kana <= 0x30DB);
    if (length && mark == 0xFF9E && kana == 0x30A6) {
        utf8_append(out, 0x30F4); /* ヴ */
        return length;
    }
    if (length && mark == 0xFF9E && takes_mark) {
        utf8_append(out, kana + 1);
        return length;
    }
    if (length && mark == 0xFF9F && kana >= 0x30CF && kana <= 0x30DB) {
        utf8_append(out, kana + 2);
        return length;
    }
    utf8_append(out, kana);
    return 0;
}

void japanese_append_squeezed(struct buffer *out, struct bytes text)
{
    for (size_t at = 0, length; at < text.length; at += length) {
        uint32_t point;
        length = utf8_decode(bytes_slice(text, at, 4), &point);
        if (!length) {
            length = 1;
            continue;
        }
        if (japanese_is_blank(point))
            continue;
        if (point >= 0xFF61 && point <= 0xFF9F) {
            length += append_kana(out, point, bytes_slice(text, at + length, 4));
            continue;
        }
        utf8_append(out, point >= 0xFF01 && point <= 0xFF5E ? point - 0xFF01 + '!' : point);
    }
}

unsigned japanese_width(struct bytes text)
{
    unsigned width = 0;
    for (size_t at = 0, length; at < text.length; at += length) {
        uint32_t point;
        length = utf8_decode(bytes_slice(text, at, 4), &point);
        if (!length)
            length = 1;
        width += point < 0x80 || (point >= 0xFF61 && point <= 0xFF9F) ? 1 : 2;
    }
    return width;
}

uint32_t japanese_last(struct bytes text)
{
    size_t length;
    return text.length ? point_before(text, text.length, &length) : 0;
}

/* An era and the year before its first. */
static const struct {
    const char *name;
    unsigned base;
} eras[] = {{"令和", 2018}, {"平成", 1988}, {"昭和", 1925}, {"大正", 1911}, {"明治", 1867}};

static void skip_blanks(struct bytes text, size_t *at)
{
    uint32_t point;
    size_t length;
    while (*at < text.length && (length = utf8_decode(bytes_slice(text, *at, 4), &point)) &&
           japanese_is_blank(point))
        *at += length;
}

/* Takes a number of either width with a word behind it; 0 when that is not there. */
static unsigned take_number_and_word(struct bytes text, size_t *at, const char *word)
{
    size_t here = *at, length;
    unsigned value = 0;
    uint32_t point;
    skip_blanks(text, &here);
    if (bytes_start_with(bytes_slice(text, here, SIZE_MAX), "元")) {
        value = 1;
        here += strlen("元");
    }
    while (here < text.length && (length = utf8_decode(bytes_slice(text, here, 4), &point))) {
        if (point >= 0xFF10 && point <= 0xFF19)
            point = point - 0xFF10 + '0';
        if (point < '0' || point > '9' || value > 9999)
            break;
        value = value * 10 + (point - '0');
        here += length;
    }
    skip_blanks(text, &here);
    if (!value || !bytes_start_with(bytes_slice(text, here, SIZE_MAX), word))
        return 0;
    *at = here + strlen(word);
    return value;
}

/* Reads a date whose era, or year of our own count, stands at `at`. */
static size_t read_date_at(struct bytes text, size_t at, struct buffer *iso)
{
    unsigned base = 0;
    for (size_t i = 0; i < sizeof eras / sizeof *eras; i++) {
        if (bytes_start_with(bytes_slice(text, at, SIZE_MAX), eras[i].name)) {
            base = eras[i].base;
            at += strlen(eras[i].name);
        }
    }
    unsigned year = take_number_and_word(text, &at, "年");
    unsigned month = year ? take_number_and_word(text, &at, "月") : 0;
    year += base;
    if (!month || month > 12 || year < 1868 || year > 2200)
        return SIZE_MAX;
    unsigned day = take_number_and_word(text, &at, "日");
    buffer_append_format(iso, day && day <= 31 ? "%04u-%02u-%02u" : "%04u-%02u", year, month, day);
    return at;
}

size_t japanese_read_date(struct bytes text, size_t start, struct buffer *iso)
{
    for (size_t at = start; at < text.length; at++) {
        if ((text.data[at] & 0xC0) == 0x80)
            continue;
        bool digit_before = at > 0 && isdigit(text.data[at - 1]);
        size_t end = digit_before ? SIZE_MAX : read_date_at(text, at, iso);
        if (end != SIZE_MAX)
            return end;
    }
    return SIZE_MAX;
}

bool japanese_needs_blank(uint32_t before, uint32_t after)
{
    return before < 0x80 && after < 0x80 && isalnum((int)before) && isalnum((int)after);
}
