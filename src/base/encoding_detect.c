/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which encoding a text is in. Marks, escapes and validity decide where they can; between CP932 and
 * EUC-JP, which accept most of each other's bytes, the likelihood of what comes out decides.
 */
#include <stdlib.h>
#include <uchardet.h>

#include "base/cursor.h"
#include "base/encoding.h"
#include "base/utf8.h"

/* Text longer than this is judged by its beginning. */
#define SAMPLE_LENGTH (64u << 10)

/* Costs in tenths of bits: -log2(share of the class in Japanese text / characters in it). */
enum cost {
    COST_ASCII = 40,
    COST_HIRAGANA = 75,
    COST_KATAKANA = 92,
    COST_SYMBOL = 105,
    COST_KANJI_COMMON = 133,
    COST_KANJI_RARE = 194,
    COST_OTHER = 170,
    COST_KANA_ENTER = 60, /* half-width kana come in runs, so the first is dearer */
    COST_KANA = 62,
    COST_KANA_VOICED = 30,
    COST_KANA_MISVOICED = 140,
    COST_USER = 250,
    COST_CONTROL = 300,
    COST_INVALID = 600,
};

static bool is_half_kana(uint32_t point)
{
    return point >= 0xFF61 && point <= 0xFF9F;
}

/* The cost of a half-width kana after `before`. */
static unsigned half_kana_cost(uint32_t point, uint32_t before)
{
    unsigned enter = is_half_kana(before) ? 0 : COST_KANA_ENTER;
    if (point != 0xFF9E && point != 0xFF9F)
        return COST_KANA + enter;
    bool bears_mark = (before >= 0xFF76 && before <= 0xFF84) ||
                      (before >= 0xFF8A && before <= 0xFF8E) || before == 0xFF73;
    return bears_mark ? COST_KANA_VOICED : COST_KANA_MISVOICED;
}

/* Kanji of the first level stand at rows 16 to 47, which is what the lead byte says. */
static unsigned kanji_cost(enum encoding encoding, uint8_t lead)
{
    bool common =
        encoding == ENCODING_EUC_JP ? lead >= 0xB0 && lead <= 0xCF : lead >= 0x88 && lead <= 0x98;
    return common ? COST_KANJI_COMMON : COST_KANJI_RARE;
}

static unsigned point_cost(enum encoding encoding, uint8_t lead, uint32_t point, uint32_t before)
{
    if (point == UTF8_REPLACEMENT)
        return COST_INVALID;
    if (point < 0x20 && point != '\t' && point != '\n' && point != '\r' && point != '\f')
        return COST_CONTROL;
    if (point < 0x7F)
        return COST_ASCII;
    if (point < 0xA0)
        return COST_CONTROL;
    if (point >= 0x3041 && point <= 0x3096)
        return COST_HIRAGANA;
    if (point >= 0x30A1 && point <= 0x30FC)
        return COST_KATAKANA;
    if (point >= 0x4E00 && point <= 0x9FFF)
        return kanji_cost(encoding, lead);
    if (is_half_kana(point))
        return half_kana_cost(point, before);
    if (point >= 0xE000 && point <= 0xF8FF)
        return COST_USER;
    if ((point >= 0x3000 && point <= 0x3020) || (point >= 0xFF01 && point <= 0xFF5E))
        return COST_SYMBOL;
    return COST_OTHER;
}

/* How many bytes of the source the character at the start of text takes, for the lead byte. */
static size_t source_width(enum encoding encoding, struct bytes text)
{
    uint8_t lead = text.data[0];
    if (encoding == ENCODING_EUC_JP)
        return lead == 0x8F ? 3 : lead == 0x8E || lead >= 0xA1 ? 2 : 1;
    return (lead >= 0x81 && lead <= 0x9F) || (lead >= 0xE0 && lead <= 0xFC) ? 2 : 1;
}

uint64_t encoding_unlikelihood(enum encoding encoding, struct bytes text)
{
    AUTO_BUFFER decoded = {0};
    encoding_to_utf8(encoding, text, &decoded);
    struct cursor points = cursor_open(buffer_bytes(&decoded));
    uint64_t cost = 0;
    uint32_t before = 0;
    size_t at = 0;
    while (cursor_remaining(&points)) {
        uint32_t point = utf8_take(points.bytes, &points.position);
        cost += point_cost(encoding, at < text.length ? text.data[at] : 0, point, before);
        /* After an invalid byte the places differ by a byte or two; the lead byte only weighs. */
        if (at < text.length)
            at += source_width(encoding, bytes_slice(text, at, 3));
        before = point;
    }
    return cost;
}

static bool is_seven_bit(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] >= 0x80)
            return false;
    }
    return true;
}

static bool has_jis_escape(struct bytes text)
{
    static const char *const escapes[] = {"\x1B$B", "\x1B$@", "\x1B(I", "\x1B(J", "\x1B$(D"};
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        if (bytes_find(text, 0, escapes[i]) != SIZE_MAX)
            return true;
    }
    return false;
}

/* UTF-16 without a mark: NUL bytes stand mostly at one side of the pairs. */
static enum encoding guess_wide(struct bytes text)
{
    size_t zeroes[2] = {0, 0};
    for (size_t i = 0; i < text.length; i++)
        zeroes[i & 1] += text.data[i] == 0;
    size_t pairs = text.length / 2;
    if (text.length % 2 || zeroes[0] + zeroes[1] < pairs / 8 + 4)
        return ENCODING_UNKNOWN;
    enum encoding guess = zeroes[1] > zeroes[0] ? ENCODING_UTF16LE : ENCODING_UTF16BE;
    if (zeroes[0] > zeroes[1] / 8 && zeroes[1] > zeroes[0] / 8)
        return ENCODING_UNKNOWN;
    return guess;
}

static size_t count_losses(enum encoding encoding, struct bytes text)
{
    AUTO_BUFFER decoded = {0};
    return encoding_to_utf8(encoding, text, &decoded);
}

static enum encoding ask_uchardet(struct bytes text)
{
    uchardet_t detector = uchardet_new();
    enum encoding found = ENCODING_UNKNOWN;
    if (detector && !uchardet_handle_data(detector, (const char *)text.data, text.length)) {
        uchardet_data_end(detector);
        found = encoding_find(bytes_of_string(uchardet_get_charset(detector)));
    }
    uchardet_delete(detector);
    return found;
}

/* The part that is judged; it ends behind a line where it can, never inside a character. */
static struct bytes take_sample(struct bytes text)
{
    if (text.length <= SAMPLE_LENGTH)
        return text;
    size_t length = SAMPLE_LENGTH;
    while (length > SAMPLE_LENGTH / 2 && text.data[length - 1] != '\n')
        length--;
    return bytes_slice(text, 0, length);
}

enum encoding encoding_detect(struct bytes text)
{
    enum encoding marked;
    if (encoding_mark(text, &marked))
        return marked;
    if (text.length && memchr(text.data, 0, text.length)) {
        enum encoding wide = guess_wide(take_sample(text));
        if (wide != ENCODING_UNKNOWN)
            return wide;
    }
    if (is_seven_bit(text))
        return has_jis_escape(text) ? ENCODING_ISO_2022_JP : ENCODING_UTF8;
    if (utf8_valid(text))
        return ENCODING_UTF8;
    struct bytes sample = take_sample(text);
    uint64_t cp932 = encoding_unlikelihood(ENCODING_CP932, sample);
    uint64_t euc = encoding_unlikelihood(ENCODING_EUC_JP, sample);
    enum encoding japanese = cp932 <= euc ? ENCODING_CP932 : ENCODING_EUC_JP;
    size_t lost = count_losses(japanese, text);
    if (!lost)
        return japanese;
    if (has_jis_escape(text) && count_losses(ENCODING_ISO_2022_JP, text) <= lost)
        return ENCODING_ISO_2022_JP;
    size_t broken = count_losses(ENCODING_UTF8, text);
    if (broken <= lost && broken < text.length / 50 + 1)
        return ENCODING_UTF8;
    enum encoding other = ask_uchardet(sample);
    if (other != ENCODING_UNKNOWN && count_losses(other, text) < lost)
        return other;
    return lost < text.length / 50 + 1 ? japanese : ENCODING_UNKNOWN;
}
