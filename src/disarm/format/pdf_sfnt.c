/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TrueType and OpenType fonts (ISO/IEC 14496-22), table by table: only those tables that a reader
 * of PDF needs to draw, glyphs without their hinting programs, checksums made anew.
 */
#include "base/cursor.h"
#include "disarm/format/pdf_program.h"

/* Sorted by bytes. What is not here does not go over: bitmaps, SVG, layout, hints, names. */
static const char kept_tables[][5] = {"CFF ", "OS/2", "VORG", "cmap", "glyf", "head", "hhea",
                                      "hmtx", "loca", "maxp", "post", "vhea", "vmtx"};

enum { TABLES = sizeof kept_tables / sizeof *kept_tables, DIRECTORY_LIMIT = 256 };

struct sfnt {
    struct bytes tables[TABLES];
    struct buffer glyf, loca;
    bool outlines; /* CFF */
};

static int table_index(const char *tag)
{
    for (int i = 0; i < TABLES; i++) {
        if (!memcmp(kept_tables[i], tag, 4))
            return i;
    }
    return -1;
}

/* Finds the tables; those that reach over the end are cut there, as readers do. */
static bool read_directory(struct bytes program, struct sfnt *font)
{
    struct cursor cursor = cursor_open(program);
    uint32_t version = cursor_u32be(&cursor);
    if (version == 0x74746366) { /* ttcf: the first font of the collection */
        cursor_skip(&cursor, 8);
        cursor_seek(&cursor, cursor_u32be(&cursor));
        cursor_skip(&cursor, 4);
    }
    unsigned count = cursor_u16be(&cursor);
    cursor_skip(&cursor, 6);
    for (unsigned i = 0; i < count && i < DIRECTORY_LIMIT && !cursor.failed; i++) {
        struct bytes tag = cursor_take(&cursor, 4);
        cursor_skip(&cursor, 4);
        uint32_t offset = cursor_u32be(&cursor), length = cursor_u32be(&cursor);
        int index = cursor.failed ? -1 : table_index((const char *)tag.data);
        if (index >= 0 && !font->tables[index].length)
            font->tables[index] = bytes_slice(program, offset, length);
    }
    font->outlines = font->tables[table_index("CFF ")].length != 0;
    return font->outlines || font->tables[table_index("glyf")].length ||
           font->tables[table_index("loca")].length;
}

/* Replaces glyf and loca by ones without instructions. */
static bool clean_outlines(struct sfnt *font)
{
    struct bytes head = font->tables[table_index("head")];
    struct bytes maxp = font->tables[table_index("maxp")];
    struct cursor format = cursor_open(head), profile = cursor_open(maxp);
    cursor_seek(&format, 50);
    bool long_offsets = cursor_u16be(&format) != 0;
    cursor_seek(&profile, 4);
    unsigned glyphs = cursor_u16be(&profile);
    struct bytes *glyf = &font->tables[table_index("glyf")];
    struct bytes *loca = &font->tables[table_index("loca")];
    if (format.failed || profile.failed ||
        !pdf_glyf_rewrite(*glyf, *loca, long_offsets, glyphs, &font->glyf, &font->loca))
        return false;
    *glyf = buffer_bytes(&font->glyf);
    *loca = buffer_bytes(&font->loca);
    return true;
}

static uint32_t checksum(struct bytes table)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < table.length; i++)
        sum += (uint32_t)table.data[i] << (24 - 8 * (i & 3));
    return sum;
}

static void append_padded(struct buffer *out, struct bytes table)
{
    buffer_append_bytes(out, table);
    while (out->length % 4)
        buffer_append_byte(out, 0);
}

static void set_u32be(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void write_font(const struct sfnt *font, struct buffer *out)
{
    unsigned count = 0, power = 1, log = 0;
    for (int i = 0; i < TABLES; i++)
        count += font->tables[i].length != 0;
    for (; power * 2 <= count; power *= 2)
        log++;
    AUTO_BUFFER body = {0};
    size_t start = out->length, first = 12 + 16 * (size_t)count, head_at = 0;
    buffer_append(out, font->outlines ? "OTTO" : "\0\1\0\0", 4);
    buffer_append_u16be(out, (uint16_t)count);
    buffer_append_u16be(out, (uint16_t)(power * 16));
    buffer_append_u16be(out, (uint16_t)log);
    buffer_append_u16be(out, (uint16_t)(count * 16 - power * 16));
    for (int i = 0; i < TABLES; i++) {
        struct bytes table = font->tables[i];
        if (!table.length)
            continue;
        size_t at = body.length;
        append_padded(&body, table);
        if (!memcmp(kept_tables[i], "head", 4) && table.length >= 12) {
            head_at = first + at + 8; /* checkSumAdjustment */
            memset(body.data + at + 8, 0, 4);
        }
        buffer_append(out, kept_tables[i], 4);
        buffer_append_u32be(out, checksum(bytes_slice(buffer_bytes(&body), at, SIZE_MAX)));
        buffer_append_u32be(out, (uint32_t)(first + at));
        buffer_append_u32be(out, (uint32_t)table.length);
    }
    buffer_append_bytes(out, buffer_bytes(&body));
    if (head_at)
        set_u32be(out->data + start + head_at,
                  0xB1B0AFBA - checksum(bytes_slice(buffer_bytes(out), start, SIZE_MAX)));
}

bool pdf_sfnt_rewrite(struct bytes program, struct buffer *out)
{
    struct sfnt font = {0};
    bool sound =
        read_directory(program, &font) &&
        (font.outlines ? pdf_cff_is_sane(font.tables[table_index("CFF ")]) : clean_outlines(&font));
    if (sound)
        write_font(&font, out);
    buffer_free(&font.glyf);
    buffer_free(&font.loca);
    return sound;
}
