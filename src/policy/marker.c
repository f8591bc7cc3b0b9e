/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading markers. Each kind has a function that takes it from a cursor-like scan over code points.
 */
#include "policy/marker.h"

#include <stdio.h>

#include "base/utf8.h"

/* A scan over the code points of a line. */
struct scan {
    struct bytes line;
    size_t at;
};

/* The code point at the scan's place without taking it; 0 at the end. */
static uint32_t peek(const struct scan *scan, size_t *length)
{
    uint32_t point = 0;
    *length = 0;
    if (scan->at < scan->line.length)
        *length = utf8_decode(bytes_slice(scan->line, scan->at, 4), &point);
    return *length ? point : 0;
}

static bool take_if(struct scan *scan, uint32_t wanted)
{
    size_t length;
    if (peek(scan, &length) != wanted)
        return false;
    scan->at += length;
    return true;
}

static bool is_blank(uint32_t point)
{
    return point == ' ' || point == '\t' || point == 0x3000 || point == 0xA0;
}

/* Takes blanks; true when there was one or the line is at its end. */
static bool take_blanks(struct scan *scan)
{
    size_t start = scan->at, length;
    while (is_blank(peek(scan, &length)))
        scan->at += length;
    return scan->at > start || scan->at == scan->line.length;
}

static int digit_value(uint32_t point)
{
    if (point >= '0' && point <= '9')
        return (int)(point - '0');
    if (point >= 0xFF10 && point <= 0xFF19)
        return (int)(point - 0xFF10);
    return -1;
}

enum { LARGEST_NUMBER = 999 };

/* Takes a number in digits of either width; 0 when there is none or it is too large. */
static unsigned take_digits(struct scan *scan)
{
    unsigned value = 0;
    size_t length;
    for (int digit; (digit = digit_value(peek(scan, &length))) >= 0; scan->at += length) {
        value = value * 10 + (unsigned)digit;
        if (value > LARGEST_NUMBER)
            return 0;
    }
    return value;
}

static unsigned kanji_digit(uint32_t point)
{
    static const uint32_t digits[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                      0x516D, 0x4E03, 0x516B, 0x4E5D}; /* 一 … 九 */
    for (unsigned i = 0; i < 9; i++) {
        if (digits[i] == point)
            return i + 1;
    }
    return 0;
}

/* Takes a number below 100 in kanji; 0 when there is none. */
static unsigned take_kanji_number(struct scan *scan)
{
    size_t length;
    unsigned tens = 0, ones = kanji_digit(peek(scan, &length));
    if (ones)
        scan->at += length;
    if (take_if(scan, 0x5341)) { /* 十 */
        tens = ones ? ones : 1;
        ones = kanji_digit(peek(scan, &length));
        if (ones)
            scan->at += length;
    }
    return tens * 10 + ones;
}

static unsigned take_number(struct scan *scan)
{
    unsigned value = take_digits(scan);
    return value ? value : take_kanji_number(scan);
}

static bool opens_bracket(uint32_t point)
{
    return point == 0xFF08 || point == '('; /* （ */
}

/* 第N章, 第N節, 第N条, 第N条のM, and 第N with a blank behind it. */
static bool read_numbered_word(struct scan *scan, struct marker *marker)
{
    if (!take_if(scan, 0x7B2C)) /* 第 */
        return false;
    unsigned value = take_number(scan), branch = 0;
    const char *word;
    if (take_if(scan, 0x7AE0)) /* 章 */
        marker->kind = MARKER_CHAPTER, word = "章";
    else if (take_if(scan, 0x7DE8)) /* 編 */
        marker->kind = MARKER_CHAPTER, word = "編";
    else if (take_if(scan, 0x7BC0)) /* 節 */
        marker->kind = MARKER_SECTION, word = "節";
    else if (take_if(scan, 0x6761)) /* 条 */
        marker->kind = MARKER_ARTICLE, word = "条";
    else if (take_blanks(scan) && scan->at < scan->line.length)
        marker->kind = MARKER_ARTICLE, word = "";
    else
        return false;
    if (marker->kind == MARKER_ARTICLE && take_if(scan, 0x306E)) /* の */
        branch = take_number(scan);
    marker->value = value;
    if (branch)
        snprintf(marker->printed, sizeof marker->printed, "第%u%sの%u", value, word, branch);
    else
        snprintf(marker->printed, sizeof marker->printed, "第%u%s", value, word);
    size_t length;
    uint32_t next = peek(scan, &length);
    return value && (!*word || take_blanks(scan) || opens_bracket(next)); /* 第1条（目的） */
}

/* 附則 or 付則 on a line of its own. */
static bool read_supplement(struct scan *scan, struct marker *marker)
{
    if (!take_if(scan, 0x9644) && !take_if(scan, 0x4ED8)) /* 附 付 */
        return false;
    take_blanks(scan);
    if (!take_if(scan, 0x5247) || !take_blanks(scan)) /* 則 */
        return false;
    marker->kind = MARKER_CLOSING;
    marker->value = 1;
    snprintf(marker->printed, sizeof marker->printed, "附則");
    return true;
}

/* Takes a word when the scan stands before it. */
static bool take_word(struct scan *scan, const char *word)
{
    if (!bytes_start_with(bytes_slice(scan->line, scan->at, SIZE_MAX), word))
        return false;
    scan->at += strlen(word);
    return true;
}

/* 別表, 別表第1, 様式第2号, 別記様式第1号, 別紙 with brackets, blanks or nothing behind. */
static bool read_appendix(struct scan *scan, struct marker *marker)
{
    static const char *const names[] = {"別表", "別紙", "別記様式", "別記", "別添", "様式"};
    const char *name = NULL;
    for (size_t i = 0; !name && i < sizeof names / sizeof *names; i++)
        name = take_word(scan, names[i]) ? names[i] : NULL;
    if (!name)
        return false;
    bool numbered = take_word(scan, "第");
    unsigned value = numbered ? take_number(scan) : 1;
    bool counted = take_word(scan, "号");
    size_t length;
    uint32_t next = peek(scan, &length);
    if (!value || (!take_blanks(scan) && !opens_bracket(next)))
        return false;
    marker->kind = MARKER_CLOSING;
    marker->value = value;
    if (numbered)
        snprintf(marker->printed, sizeof marker->printed, "%s第%u%s", name, value,
                 counted ? "号" : "");
    else
        snprintf(marker->printed, sizeof marker->printed, "%s", name);
    return true;
}

/* Words that stand behind a number inside a sentence, never behind a heading's number. */
static bool goes_on_as_sentence(const struct scan *scan)
{
    size_t length;
    uint32_t next = peek(scan, &length);
    return next == 0x306E || next == 0x3064 || next == 0x304B; /* の, つ, か(月) */
}

/* 1, 1., 1.1, 1.1.1 followed by a blank; 1. may be followed by text at once. */
static bool read_decimal(struct scan *scan, struct marker *marker)
{
    unsigned components = 0;
    size_t used = 0;
    bool dotted = false;
    for (;;) {
        size_t before = scan->at;
        unsigned value = take_digits(scan);
        if (!value) {
            scan->at = before;
            break;
        }
        used += (size_t)snprintf(marker->printed + used, sizeof marker->printed - used,
                                 components ? ".%u" : "%u", value);
        if (used >= sizeof marker->printed)
            return false;
        marker->value = value;
        components++;
        dotted = take_if(scan, '.') || take_if(scan, 0xFF0E);
        if (!dotted)
            break;
    }
    if (!components)
        return false;
    bool blank = take_blanks(scan);
    if ((!blank && !dotted) || goes_on_as_sentence(scan))
        return false;
    marker->kind = components == 1   ? MARKER_NUMBER
                   : components == 2 ? MARKER_NUMBER2
                                     : MARKER_NUMBER3;
    return true;
}

/* アイウ… and イロハ… as code points; 0 ends. */
static const uint32_t gojuon[] = {
    0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7,
    0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD,
    0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4,
    0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F2, 0x30F3, 0};
static const uint32_t iroha[] = {0x30A4, 0x30ED, 0x30CF, 0x30CB, 0x30DB, 0x30D8, 0x30C8, 0x30C1,
                                 0x30EA, 0x30CC, 0x30EB, 0x30F2, 0x30EF, 0x30AB, 0x30E8, 0};

static unsigned place_in(const uint32_t *order, uint32_t point)
{
    for (unsigned i = 0; order[i]; i++) {
        if (order[i] == point)
            return i + 1;
    }
    return 0;
}

static bool take_kana(struct scan *scan, struct marker *marker)
{
    size_t length;
    uint32_t point = peek(scan, &length);
    marker->value = place_in(gojuon, point);
    marker->iroha_value = place_in(iroha, point);
    if (!marker->value)
        return false;
    snprintf(marker->printed, sizeof marker->printed, "%.*s", (int)length,
             (const char *)scan->line.data + scan->at);
    scan->at += length;
    return true;
}

static bool read_kana(struct scan *scan, struct marker *marker)
{
    if (!take_kana(scan, marker))
        return false;
    marker->kind = MARKER_KANA;
    bool dotted = take_if(scan, '.') || take_if(scan, 0xFF0E);
    return take_blanks(scan) || dotted;
}

/* (1), （１）, (一), (ア). */
static bool read_paren(struct scan *scan, struct marker *marker)
{
    if (!take_if(scan, '(') && !take_if(scan, 0xFF08))
        return false;
    unsigned value = take_number(scan);
    if (value) {
        marker->kind = MARKER_PAREN;
        marker->value = value;
        snprintf(marker->printed, sizeof marker->printed, "(%u)", value);
    } else if (take_kana(scan, marker)) {
        char kana[8];
        snprintf(kana, sizeof kana, "%.7s", marker->printed);
        marker->kind = MARKER_PAREN_KANA;
        snprintf(marker->printed, sizeof marker->printed, "(%s)", kana);
    } else {
        return false;
    }
    if (!take_if(scan, ')') && !take_if(scan, 0xFF09))
        return false;
    take_blanks(scan);
    return !goes_on_as_sentence(scan);
}

/* Value of a circled number or letter, 0 for anything else. */
static unsigned circled_value(uint32_t point)
{
    if (point >= 0x2460 && point <= 0x2473) /* ① … ⑳ */
        return point - 0x2460 + 1;
    if (point >= 0x3251 && point <= 0x325F) /* ㉑ … ㉟ */
        return point - 0x3251 + 21;
    if (point >= 0x32B1 && point <= 0x32BF) /* ㊱ … ㊿ */
        return point - 0x32B1 + 36;
    if (point >= 0x24B6 && point <= 0x24CF) /* Ⓐ … Ⓩ */
        return point - 0x24B6 + 1;
    if (point >= 0x24D0 && point <= 0x24E9) /* ⓐ … ⓩ */
        return point - 0x24D0 + 1;
    return 0;
}

/* A marker of one code point, printed as it stands. */
static void take_single(struct scan *scan, struct marker *marker, enum marker_kind kind,
                        unsigned value)
{
    size_t length;
    peek(scan, &length);
    snprintf(marker->printed, sizeof marker->printed, "%.*s", (int)length,
             (const char *)scan->line.data + scan->at);
    scan->at += length;
    marker->kind = kind;
    marker->value = value;
    take_blanks(scan);
}

static bool read_single(struct scan *scan, struct marker *marker)
{
    size_t length;
    uint32_t point = peek(scan, &length);
    unsigned circled = circled_value(point);
    if (circled) {
        take_single(scan, marker, MARKER_CIRCLED, circled);
        return !goes_on_as_sentence(scan);
    }
    if (point >= 0x2160 && point <= 0x216B) { /* Ⅰ … Ⅻ */
        take_single(scan, marker, MARKER_ROMAN, point - 0x2160 + 1);
        return true;
    }
    if (point == 0x30FB || point == 0x2022 || point == 0x25CF || point == 0x25CB) { /* ・ • ● ○ */
        take_single(scan, marker, MARKER_DOT, 0);
        snprintf(marker->printed, sizeof marker->printed, "・");
        return true;
    }
    return false;
}

/* 一 followed by a blank: the items of legal texts. */
static bool read_kanji(struct scan *scan, struct marker *marker)
{
    unsigned value = take_kanji_number(scan);
    if (!value || scan->at == scan->line.length || !take_blanks(scan))
        return false;
    marker->kind = MARKER_KANJI;
    marker->value = value;
    snprintf(marker->printed, sizeof marker->printed, "%u", value);
    return true;
}

bool marker_read(struct bytes line, struct marker *marker)
{
    static bool (*const readers[])(struct scan *, struct marker *) = {
        read_numbered_word, read_supplement, read_appendix, read_decimal,
        read_paren,         read_single,     read_kana,     read_kanji,
    };
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        struct scan scan = {line, 0};
        *marker = (struct marker){0};
        if (readers[i](&scan, marker)) {
            marker->length = scan.at;
            return true;
        }
    }
    *marker = (struct marker){0};
    return false;
}

bool marker_read_table_row(struct bytes line, struct marker *marker)
{
    static const char *const numerals[] = {"I", "II", "III", "IV", "V", "VI"};
    static const char *const printed[] = {"Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "Ⅵ"};
    for (unsigned i = sizeof numerals / sizeof *numerals; i-- > 0;) {
        struct scan scan = {line, strlen(numerals[i])};
        if (!bytes_start_with(line, numerals[i]) || scan.at == line.length || !take_blanks(&scan))
            continue;
        *marker = (struct marker){.kind = MARKER_ROMAN, .value = i + 1, .length = scan.at};
        snprintf(marker->printed, sizeof marker->printed, "%s", printed[i]);
        return true;
    }
    return marker_read(line, marker) && marker->kind == MARKER_ROMAN;
}
