/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * EUC-JP and ISO-2022-JP as Japanese software really writes them: the rows of CP932 (NEC row 13,
 * NEC-selected rows 89 to 92) in the framing of JIS X 0208, half-width kana, JIS X 0212.
 *
 * ICU's own converters lack row 13 in ISO-2022-JP and the user-defined rows in EUC-JP, so the
 * framing is done here; the characters themselves come from ICU's CP932 and EUC-JP tables.
 */
#include <unicode/ucnv.h>

#include "base/encoding_internal.h"
#include "base/utf8.h"

#define ESCAPE    0x1B
#define SHIFT_OUT 0x0E
#define SHIFT_IN  0x0F

struct tables {
    UConverter *cp932; /* JIS X 0208 and the vendor rows */
    UConverter *euc;   /* JIS X 0212 as three bytes, 8F xx xx */
};

static struct tables tables_open(void)
{
    return (struct tables){encoding_open_converter("ibm-943_P15A-2003"),
                           encoding_open_converter("euc-jp-2007")};
}

static void tables_close(struct tables *tables)
{
    ucnv_close(tables->cp932);
    ucnv_close(tables->euc);
}

/* The two bytes of CP932 for a character of the 94 × 94 plane (both bytes 0x21 to 0x7E). */
static void cp932_of_jis(uint8_t row, uint8_t cell, uint8_t bytes[2])
{
    unsigned lead = (row - 0x21u) / 2 + 0x81;
    bytes[0] = (uint8_t)(lead > 0x9F ? lead + 0x40 : lead);
    if (row & 1)
        bytes[1] = (uint8_t)(cell + (cell >= 0x60 ? 0x20 : 0x1F));
    else
        bytes[1] = (uint8_t)(cell + 0x7E);
}

/* A run of IBM extension characters and where the same characters stand among NEC's. Offsets count
 * positions of 188 to a lead byte. */
static const struct {
    uint16_t ibm, count, nec;
} twins[] = {
    {0xFA40, 10, 0xEEEF}, {0xFA4A, 10, 0x8754}, {0xFA54, 1, 0x81CA},
    {0xFA55, 3, 0xEEFA},  {0xFA58, 1, 0x878A},  {0xFA59, 1, 0x8782},
    {0xFA5A, 1, 0x8784},  {0xFA5B, 1, 0x81E6},  {0xFA5C, 360, 0xED40},
};

static unsigned position_of(unsigned code)
{
    unsigned tail = code & 0xFF;
    return (code >> 8) * 188 + tail - (tail > 0x7F ? 0x41 : 0x40);
}

static unsigned code_of(unsigned position)
{
    unsigned tail = position % 188;
    return position / 188 << 8 | (tail + (tail >= 0x3F ? 0x41 : 0x40));
}

/* The row and cell (0x21 to 0x7E) of two CP932 bytes; false when the plane does not hold them. */
static bool jis_of_cp932(const uint8_t bytes[2], uint8_t jis[2])
{
    unsigned code = (unsigned)bytes[0] << 8 | bytes[1];
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++) {
        unsigned offset = position_of(code) - position_of(twins[i].ibm);
        if (code >= twins[i].ibm && offset < twins[i].count) {
            code = code_of(position_of(twins[i].nec) + offset);
            break;
        }
    }
    unsigned lead = code >> 8, tail = code & 0xFF;
    if (lead > 0xEF)
        return false;
    unsigned row = ((lead > 0x9F ? lead - 0x40 : lead) - 0x81) * 2 + 0x21;
    if (tail >= 0x9F)
        jis[0] = (uint8_t)(row + 1), jis[1] = (uint8_t)(tail - 0x7E);
    else
        jis[0] = (uint8_t)row, jis[1] = (uint8_t)(tail - (tail > 0x7F ? 0x20 : 0x1F));
    return true;
}

/* Appends one character of the plane; returns 1 when it has no meaning. */
static size_t append_plane(struct tables *tables, uint8_t row, uint8_t cell, struct buffer *out)
{
    uint8_t bytes[2];
    cp932_of_jis(row, cell, bytes);
    return encoding_decode_with(tables->cp932, (struct bytes){bytes, 2}, out);
}

/* Appends one character of JIS X 0212; returns 1 when it has no meaning. */
static size_t append_supplement(struct tables *tables, uint8_t row, uint8_t cell,
                                struct buffer *out)
{
    const uint8_t bytes[3] = {0x8F, row | 0x80, cell | 0x80};
    return encoding_decode_with(tables->euc, (struct bytes){bytes, 3}, out);
}

static bool in_plane(uint8_t byte)
{
    return byte >= 0x21 && byte <= 0x7E;
}

static size_t append_unknown(struct buffer *out)
{
    utf8_append(out, UTF8_REPLACEMENT);
    return 1;
}

/* Rows 85 to 88, 93 and 94 of EUC-JP are for users' own characters, as in Windows and in UTF-8. */
static bool is_user_row(uint8_t row)
{
    return (row >= 0x75 && row <= 0x78) || row >= 0x7D;
}

#define USER_FIRST 0xE000u

static size_t decode_euc_pair(struct tables *tables, uint8_t first, uint8_t second,
                              struct buffer *out)
{
    uint8_t row = first & 0x7F, cell = second & 0x7F;
    if (!is_user_row(row))
        return append_plane(tables, row, cell, out);
    utf8_append(out, USER_FIRST + (row - 0x75u) * 94 + (cell - 0x21u));
    return 0;
}

size_t encoding_euc_to_utf8(struct bytes text, struct buffer *out)
{
    struct tables tables = tables_open();
    size_t lost = 0;
    for (size_t at = 0; at < text.length;) {
        const uint8_t *b = text.data + at;
        size_t left = text.length - at;
        if (b[0] < 0x80) {
            buffer_append_byte(out, b[0]);
            at++;
        } else if (b[0] == 0x8E && left >= 2 && b[1] >= 0xA1 && b[1] <= 0xDF) {
            utf8_append(out, 0xFF61u + b[1] - 0xA1);
            at += 2;
        } else if (b[0] == 0x8F && left >= 3 && in_plane(b[1] ^ 0x80) && in_plane(b[2] ^ 0x80)) {
            lost += append_supplement(&tables, b[1], b[2], out);
            at += 3;
        } else if (in_plane(b[0] ^ 0x80) && left >= 2 && in_plane(b[1] ^ 0x80)) {
            lost += decode_euc_pair(&tables, b[0], b[1], out);
            at += 2;
        } else {
            lost += append_unknown(out);
            at++;
        }
    }
    tables_close(&tables);
    return lost;
}

/* Where a character stands in the sets of ISO 2022. */
enum jis_set { SET_ASCII, SET_ROMAN, SET_KANA, SET_PLANE, SET_SUPPLEMENT, SET_NONE };

/* Finds a character in the sets, the plane first. bytes: one or two, without the high bit. */
static enum jis_set find_character(struct tables *tables, uint32_t point, uint8_t bytes[2])
{
    uint8_t code[8];
    if (point < 0x80) {
        bytes[0] = (uint8_t)point;
        return SET_ASCII;
    }
    if (point >= 0xFF61 && point <= 0xFF9F) {
        bytes[0] = (uint8_t)(point - 0xFF61 + 0x21);
        return SET_KANA;
    }
    if (encoding_encode_one(tables->cp932, point, code) == 2 && jis_of_cp932(code, bytes))
        return SET_PLANE;
    if (encoding_encode_one(tables->euc, point, code) == 3 && code[0] == 0x8F) {
        bytes[0] = code[1] & 0x7F;
        bytes[1] = code[2] & 0x7F;
        return SET_SUPPLEMENT;
    }
    return SET_NONE;
}

/* The place of a user's own character in EUC-JP's rows; false when it has none. */
static bool find_user_character(uint32_t point, uint8_t bytes[2])
{
    if (point < USER_FIRST || point >= USER_FIRST + 10 * 94)
        return false;
    bytes[0] = (uint8_t)(0x75 + (point - USER_FIRST) / 94);
    bytes[1] = (uint8_t)(0x21 + (point - USER_FIRST) % 94);
    return is_user_row(bytes[0]);
}

size_t encoding_euc_from_utf8(struct bytes text, struct buffer *out)
{
    struct tables tables = tables_open();
    size_t lost = 0;
    for (size_t at = 0; at < text.length;) {
        uint32_t point = utf8_take(text, &at);
        uint8_t bytes[2] = {0};
        enum jis_set set = find_character(&tables, point, bytes);
        if (set == SET_NONE && find_user_character(point, bytes))
            set = SET_PLANE;
        if (set == SET_KANA)
            buffer_append_byte(out, 0x8E);
        if (set == SET_SUPPLEMENT)
            buffer_append_byte(out, 0x8F);
        if (set == SET_NONE) {
            bytes[0] = '?';
            lost++;
        }
        buffer_append_byte(out, set == SET_ASCII || set == SET_NONE ? bytes[0] : bytes[0] | 0x80);
        if (set == SET_PLANE || set == SET_SUPPLEMENT)
            buffer_append_byte(out, bytes[1] | 0x80);
    }
    tables_close(&tables);
    return lost;
}

static const struct {
    const char *sequence; /* what follows ESC */
    enum jis_set set;
} escapes[] = {
    {"(B", SET_ASCII},       {"(J", SET_ROMAN}, {"(H", SET_ROMAN},  {"(I", SET_KANA},
    {"$@", SET_PLANE},       {"$B", SET_PLANE}, {"$(@", SET_PLANE}, {"$(B", SET_PLANE},
    {"$(D", SET_SUPPLEMENT}, {"&@", SET_NONE}, /* announces JIS X 0208:1990, then comes $B */
};

/* Length of the escape sequence at the start of text, or 0; changes *set when it selects one. */
static size_t take_escape(struct bytes text, enum jis_set *set)
{
    for (size_t i = 0; text.data[0] == ESCAPE && i < sizeof escapes / sizeof *escapes; i++) {
        size_t length = strlen(escapes[i].sequence);
        if (!bytes_start_with(bytes_slice(text, 1, length), escapes[i].sequence))
            continue;
        if (escapes[i].set != SET_NONE)
            *set = escapes[i].set;
        return 1 + length;
    }
    return 0;
}

/* Decodes the character at the start of text and returns its length. Line ends and bytes that the
 * set does not hold are taken as ASCII, as readers do. */
static size_t decode_iso2022(struct tables *tables, enum jis_set set, struct bytes text,
                             struct buffer *out, size_t *lost)
{
    const uint8_t *b = text.data;
    if (b[0] >= 0xA1 && b[0] <= 0xDF) { /* half-width kana in eight bits */
        utf8_append(out, 0xFF61u + b[0] - 0xA1);
        return 1;
    }
    if (b[0] >= 0x80) {
        *lost += append_unknown(out);
        return 1;
    }
    if (set == SET_KANA && b[0] >= 0x21 && b[0] <= 0x5F) {
        utf8_append(out, 0xFF61u + b[0] - 0x21);
        return 1;
    }
    if (set < SET_PLANE || !in_plane(b[0])) {
        buffer_append_byte(out, b[0]);
        return 1;
    }
    if (text.length < 2 || !in_plane(b[1])) {
        *lost += append_unknown(out);
        return 1;
    }
    *lost += set == SET_PLANE ? append_plane(tables, b[0], b[1], out)
                              : append_supplement(tables, b[0], b[1], out);
    return 2;
}

size_t encoding_iso2022_to_utf8(struct bytes text, struct buffer *out)
{
    struct tables tables = tables_open();
    enum jis_set set = SET_ASCII;
    bool shifted = false;
    size_t lost = 0;
    for (size_t at = 0; at < text.length;) {
        uint8_t byte = text.data[at];
        size_t escape = take_escape(bytes_slice(text, at, 4), &set);
        if (escape) {
            at += escape;
            continue;
        }
        if (byte == SHIFT_OUT || byte == SHIFT_IN) {
            shifted = byte == SHIFT_OUT;
            at++;
            continue;
        }
        if (byte == '\n') { /* RFC 1468: every line begins in ASCII */
            set = SET_ASCII;
            shifted = false;
        }
        at +=
            decode_iso2022(&tables, shifted ? SET_KANA : set, bytes_slice(text, at, 2), out, &lost);
    }
    tables_close(&tables);
    return lost;
}

size_t encoding_iso2022_from_utf8(struct bytes text, struct buffer *out)
{
    static const char *const selectors[] = {[SET_ASCII] = "\x1B(B",
                                            [SET_KANA] = "\x1B(I",
                                            [SET_PLANE] = "\x1B$B",
                                            [SET_SUPPLEMENT] = "\x1B$(D"};
    struct tables tables = tables_open();
    enum jis_set current = SET_ASCII;
    size_t lost = 0;
    for (size_t at = 0; at < text.length;) {
        uint32_t point = utf8_take(text, &at);
        uint8_t bytes[2] = {0};
        enum jis_set set = find_character(&tables, point, bytes);
        /* written as they are, these would change how the text behind them is read */
        if (point == ESCAPE || point == SHIFT_OUT || point == SHIFT_IN)
            set = SET_NONE;
        if (set == SET_NONE) {
            set = SET_ASCII;
            bytes[0] = '?';
            lost++;
        }
        if (set != current)
            buffer_append_string(out, selectors[set]);
        current = set;
        buffer_append(out, bytes, set == SET_PLANE || set == SET_SUPPLEMENT ? 2 : 1);
    }
    if (current != SET_ASCII)
        buffer_append_string(out, selectors[SET_ASCII]);
    tables_close(&tables);
    return lost;
}
