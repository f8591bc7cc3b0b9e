/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The invisible text of a flattened page. */
#include "disarm/format/pdf_textlayer.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "disarm/format/character.h"
#include "disarm/format/pdf_program.h"

enum {
    POINTS = 0x110000,
    CHARACTERS_LIMIT = 65000, /* different ones in a document: two bytes each */
    WORD_LENGTH = 400,
    MAP_SECTION = 100, /* entries of one bfchar section (ISO 32000-2, 9.7.5.4) */
};

void pdf_textlayer_open(struct pdf_textlayer *layer)
{
    *layer = (struct pdf_textlayer){0};
    layer->numbers = memory_allocate(POINTS, sizeof *layer->numbers);
}

void pdf_textlayer_close(struct pdf_textlayer *layer)
{
    free(layer->points);
    free(layer->numbers);
}

/* The number of a character, given out at its first appearance; 0 when there are too many. */
static unsigned number_of(struct pdf_textlayer *layer, uint32_t point)
{
    if (point >= POINTS || (!layer->numbers[point] && layer->count >= CHARACTERS_LIMIT))
        return 0;
    if (!layer->numbers[point]) {
        if (layer->count == layer->capacity) {
            layer->capacity = layer->capacity ? layer->capacity * 2 : 256;
            layer->points = memory_resize(layer->points, layer->capacity, sizeof *layer->points);
        }
        layer->points[layer->count++] = point;
        layer->numbers[point] = (uint16_t)layer->count;
    }
    return layer->numbers[point];
}

/* True for characters that may stand in a text (character.h). */
static bool stays(uint32_t point)
{
    AUTO_BUFFER one = {0}, clean = {0};
    utf8_append(&one, point);
    character_clean(buffer_bytes(&one), &clean, NULL);
    return point > ' ' && clean.length == one.length;
}

/* True when b goes on in the line of a. */
static bool goes_on(const struct pdf_character *a, const struct pdf_character *b)
{
    double height = a->bottom - a->top;
    return b->point > ' ' && fabs(a->top - b->top) < height / 4 &&
           fabs(a->bottom - b->bottom) < height / 4 && b->left > a->left - height / 4 &&
           b->left - a->right < height / 2;
}

static void append_number(struct buffer *out, double value)
{
    char text[40];
    int length = snprintf(text, sizeof text, "%.2f", value);
    pdf_write_real(out, (struct bytes){(const uint8_t *)text, (size_t)length});
}

/* One word: as wide as its picture by stretching, as high by its size. */
static void append_word(struct pdf_textlayer *layer, const struct pdf_page_view *view, size_t from,
                        size_t to, struct buffer *content)
{
    AUTO_BUFFER codes = {0};
    const struct pdf_character *first = &view->characters[from];
    double size = first->bottom - first->top, width = view->characters[to - 1].right - first->left;
    for (size_t i = from; i < to; i++) {
        unsigned number =
            stays(view->characters[i].point) ? number_of(layer, view->characters[i].point) : 0;
        if (number)
            buffer_append_u16be(&codes, (uint16_t)number);
    }
    if (!codes.length || !(size > 0.1) || !(size < 5000) || !(width > 0) || !(width < 50000))
        return;
    double stretch = 100 * width / (size * (double)(codes.length / 2));
    buffer_append_string(content, "/F ");
    append_number(content, size);
    buffer_append_string(content, " Tf\n");
    append_number(content, stretch);
    buffer_append_string(content, " Tz\n1 0 0 1");
    append_number(content, first->left);
    append_number(content, view->height - first->bottom + size * 0.2);
    buffer_append_string(content, " Tm\n");
    pdf_write_string(content, buffer_bytes(&codes));
    buffer_append_string(content, "Tj\n");
}

void pdf_textlayer_append(struct pdf_textlayer *layer, const struct pdf_page_view *view,
                          struct buffer *content)
{
    size_t from = 0;
    buffer_append_string(content, "BT\n3 Tr\n");
    for (size_t i = 0; i < view->count; i++) {
        const struct pdf_character *character = &view->characters[i];
        if (character->point <= ' ' || character->point == 0x3000) {
            from = i + 1;
            continue;
        }
        bool last = i + 1 == view->count || i + 1 - from == WORD_LENGTH ||
                    !goes_on(character, character + 1);
        if (!last)
            continue;
        append_word(layer, view, from, i + 1, content);
        from = i + 1;
    }
    buffer_append_string(content, "ET\n");
}

/* A table of a font under construction, without its checksum: pdf_sfnt_rewrite makes that. */
static void add_table(struct buffer *directory, struct buffer *body, const char *tag,
                      const void *data, size_t length, size_t tables)
{
    buffer_append(directory, tag, 4);
    buffer_append_u32be(directory, 0);
    buffer_append_u32be(directory, (uint32_t)(12 + 16 * tables + body->length));
    buffer_append_u32be(directory, (uint32_t)length);
    buffer_append(body, data, length);
    while (body->length % 4)
        buffer_append_byte(body, 0);
}

/* A TrueType font with one glyph, and nothing in it (ISO/IEC 14496-22, 5). */
static void make_font(struct buffer *out)
{
    static const uint8_t head[54] = {0,    1, 0, 0, [12] = 0x5F, 0x0F,     0x3C,
                                     0xF5, 0, 0, 3, 0xE8,        [45] = 8, [47] = 2};
    static const uint8_t hhea[36] = {0, 1, 0, 0, 3, 0x20, 0xFF, 0x38, [10] = 3, 0xE8, [35] = 1};
    static const uint8_t maxp[32] = {0, 1, 0, 0, 0, 1, [15] = 1};
    static const uint8_t hmtx[4] = {3, 0xE8}, loca[4] = {0}, glyf[4] = {0};
    static const uint8_t post[32] = {0, 3};
    enum { TABLES_MADE = 7 };
    AUTO_BUFFER directory = {0}, body = {0}, raw = {0};
    add_table(&directory, &body, "glyf", glyf, sizeof glyf, TABLES_MADE);
    add_table(&directory, &body, "head", head, sizeof head, TABLES_MADE);
    add_table(&directory, &body, "hhea", hhea, sizeof hhea, TABLES_MADE);
    add_table(&directory, &body, "hmtx", hmtx, sizeof hmtx, TABLES_MADE);
    add_table(&directory, &body, "loca", loca, sizeof loca, TABLES_MADE);
    add_table(&directory, &body, "maxp", maxp, sizeof maxp, TABLES_MADE);
    add_table(&directory, &body, "post", post, sizeof post, TABLES_MADE);
    buffer_append(&raw, "\0\1\0\0\0\x07\0\0\0\0\0\0", 12);
    buffer_append_bytes(&raw, buffer_bytes(&directory));
    buffer_append_bytes(&raw, buffer_bytes(&body));
    pdf_sfnt_rewrite(buffer_bytes(&raw), out);
}

/* Which character each number is, for copying and searching. */
static void make_unicode_map(const struct pdf_textlayer *layer, struct buffer *out)
{
    AUTO_BUFFER raw = {0};
    buffer_append_string(&raw, "/CMapName/Text def 1 begincodespacerange<0000><FFFF>"
                               "endcodespacerange ");
    for (uint32_t i = 0; i < layer->count; i++) {
        uint32_t point = layer->points[i];
        if (i % MAP_SECTION == 0)
            buffer_append_string(&raw, "1 beginbfchar ");
        buffer_append_format(&raw, "<%04" PRIX32 "><", i + 1);
        if (point < 0x10000)
            buffer_append_format(&raw, "%04" PRIX32 ">", point);
        else
            buffer_append_format(&raw, "%04" PRIX32 "%04" PRIX32 ">", 0xD7C0 + (point >> 10),
                                 0xDC00 + (point & 0x3FF));
        if (i % MAP_SECTION == MAP_SECTION - 1 || i + 1 == layer->count)
            buffer_append_string(&raw, "endbfchar ");
    }
    pdf_cmap_rewrite(buffer_bytes(&raw), out);
}

static uint32_t write_stream(struct pdf_writer *writer, const char *dictionary, struct bytes data)
{
    uint32_t number = pdf_writer_reserve(writer);
    pdf_writer_put_stream(writer, number, bytes_of_string(dictionary), data, true);
    return number;
}

void pdf_textlayer_write_font(const struct pdf_textlayer *layer, struct pdf_writer *writer,
                              uint32_t number)
{
    AUTO_BUFFER program = {0}, map = {0}, glyphs = {0}, length = {0}, text = {0};
    make_font(&program);
    make_unicode_map(layer, &map);
    for (uint32_t i = 0; i <= layer->count; i++)
        buffer_append_u16be(&glyphs, 0);
    buffer_append_format(&length, "/Length1 %zu", program.length);
    uint32_t file = write_stream(writer, buffer_string(&length), buffer_bytes(&program));
    uint32_t unicode = write_stream(writer, "", buffer_bytes(&map));
    uint32_t numbers = write_stream(writer, "", buffer_bytes(&glyphs));
    buffer_append_format(
        &text,
        "<</BaseFont/Text/DescendantFonts[<</BaseFont/Text/CIDSystemInfo<</Ordering(Identity)"
        "/Registry(Adobe)/Supplement 0>>/CIDToGIDMap %" PRIu32 " 0 R/DW 1000/FontDescriptor<<"
        "/Ascent 800/CapHeight 800/Descent -200/Flags 4/FontBBox[0 -200 1000 800]/FontFile2 "
        "%" PRIu32
        " 0 R/FontName/Text/ItalicAngle 0/StemV 80/Type/FontDescriptor>>/Subtype/CIDFontType2"
        "/Type/Font>>]/Encoding/Identity-H/Subtype/Type0/ToUnicode %" PRIu32 " 0 R/Type/Font>>",
        numbers, file, unicode);
    pdf_writer_put(writer, number, buffer_bytes(&text));
}
