/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cutting fonts by HarfBuzz, and drawing lines of pango in them. */
#include "disarm/print_font.h"

#include <cairo-ft.h>
#include <hb-subset.h>
#include <stdbool.h>
#include FT_FREETYPE_H

#include "base/memory.h"

enum { FACES = 8 };

struct face {
    hb_face_t *whole; /* borrowed from pango, which keeps it */
    hb_set_t *glyphs;
    hb_blob_t *cut;
    FT_Face opened; /* of the blob */
    cairo_font_face_t *drawn;
};

struct print_fonts {
    struct face faces[FACES];
    size_t count;
    FT_Library library;
};

struct print_fonts *print_fonts_make(void)
{
    return memory_allocate(1, sizeof(struct print_fonts));
}

void print_fonts_free(struct print_fonts *fonts)
{
    for (size_t i = 0; fonts && i < fonts->count; i++) {
        cairo_font_face_destroy(fonts->faces[i].drawn);
        FT_Done_Face(fonts->faces[i].opened);
        hb_blob_destroy(fonts->faces[i].cut);
        hb_set_destroy(fonts->faces[i].glyphs);
    }
    if (fonts && fonts->library)
        FT_Done_FreeType(fonts->library);
    free(fonts);
}

static size_t find(const struct print_fonts *fonts, PangoFont *font)
{
    const hb_face_t *whole = hb_font_get_face(pango_font_get_hb_font(font));
    size_t i = 0;
    while (i < fonts->count && fonts->faces[i].whole != whole)
        i++;
    return i;
}

/* What pango draws as an empty box or not at all has no number in the font: 0 is its own box. */
static bool is_glyph(PangoGlyph glyph)
{
    return glyph != PANGO_GLYPH_EMPTY && !(glyph & PANGO_GLYPH_UNKNOWN_FLAG);
}

void print_fonts_note(struct print_fonts *fonts, const PangoLayoutLine *line)
{
    for (const GSList *at = line->runs; at; at = at->next) {
        const PangoGlyphItem *run = at->data;
        size_t i = find(fonts, run->item->analysis.font);
        if (i == FACES)
            continue;
        if (i == fonts->count)
            fonts->faces[fonts->count++] = (struct face){
                .whole = hb_font_get_face(pango_font_get_hb_font(run->item->analysis.font)),
                .glyphs = hb_set_create()};
        for (int k = 0; k < run->glyphs->num_glyphs; k++)
            if (is_glyph(run->glyphs->glyphs[k].glyph))
                hb_set_add(fonts->faces[i].glyphs, run->glyphs->glyphs[k].glyph);
    }
}

/* The font with the noted glyphs alone: no layout tables, no subroutines, the same numbers. */
static hb_blob_t *cut(const struct face *face)
{
    static const hb_tag_t needless[] = {HB_TAG('B', 'A', 'S', 'E'), HB_TAG('D', 'S', 'I', 'G'),
                                        HB_TAG('G', 'D', 'E', 'F'), HB_TAG('G', 'P', 'O', 'S'),
                                        HB_TAG('G', 'S', 'U', 'B'), HB_TAG('V', 'O', 'R', 'G'),
                                        HB_TAG('v', 'h', 'e', 'a'), HB_TAG('v', 'm', 't', 'x')};
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (!input)
        return NULL;
    hb_set_union(hb_subset_input_glyph_set(input), face->glyphs);
    for (size_t i = 0; i < sizeof needless / sizeof *needless; i++)
        hb_set_add(hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG), needless[i]);
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_RETAIN_GIDS | HB_SUBSET_FLAGS_DESUBROUTINIZE);
    hb_face_t *made = hb_subset_or_fail(face->whole, input);
    hb_subset_input_destroy(input);
    hb_blob_t *blob = made ? hb_face_reference_blob(made) : NULL;
    hb_face_destroy(made);
    return blob;
}

int print_fonts_cut(struct print_fonts *fonts, struct error *error)
{
    if (FT_Init_FreeType(&fonts->library))
        return error_set(error, "print_failed", NULL, "%s", "FreeType");
    for (size_t i = 0; i < fonts->count; i++) {
        struct face *face = &fonts->faces[i];
        unsigned length = 0;
        face->cut = cut(face);
        const char *data = face->cut ? hb_blob_get_data(face->cut, &length) : NULL;
        if (!data || FT_New_Memory_Face(fonts->library, (const FT_Byte *)data, (FT_Long)length, 0,
                                        &face->opened))
            return error_set(error, "print_failed", NULL, "%s", "font");
        face->drawn = cairo_ft_font_face_create_for_ft_face(face->opened, FT_LOAD_NO_HINTING);
    }
    return 0;
}

/* The glyphs of a run with the pieces of text that they stand for, so that the text can be taken
 * out of the PDF again. */
static void show_run(cairo_t *cairo, const char *text, PangoGlyphItem *run, double x, double y)
{
    int most = run->glyphs->num_glyphs, count = 0;
    AUTO_FREE cairo_glyph_t *glyphs = memory_allocate((size_t)most + 1, sizeof *glyphs);
    AUTO_FREE cairo_text_cluster_t *clusters = memory_allocate((size_t)most + 1, sizeof *clusters);
    PangoGlyphItemIter at;
    for (int i = 0; i < most; i++) {
        const PangoGlyphInfo *glyph = &run->glyphs->glyphs[i];
        glyphs[i] = (cairo_glyph_t){
            .index = is_glyph(glyph->glyph) ? glyph->glyph : 0,
            .x = x + (double)glyph->geometry.x_offset / PANGO_SCALE,
            .y = y + (double)glyph->geometry.y_offset / PANGO_SCALE,
        };
        x += (double)glyph->geometry.width / PANGO_SCALE;
    }
    for (gboolean more = pango_glyph_item_iter_init_start(&at, run, text); more;
         more = pango_glyph_item_iter_next_cluster(&at)) {
        int length = at.end_glyph - at.start_glyph;
        clusters[count++] = (cairo_text_cluster_t){.num_bytes = at.end_index - at.start_index,
                                                   .num_glyphs = length > 0 ? length : -length};
    }
    cairo_show_text_glyphs(cairo, text + run->item->offset, run->item->length, glyphs, most,
                           clusters, count,
                           run->item->analysis.level & 1 ? CAIRO_TEXT_CLUSTER_FLAG_BACKWARD : 0);
}

void print_fonts_show(const struct print_fonts *fonts, cairo_t *cairo, const char *text,
                      const PangoLayoutLine *line, double x, double y)
{
    for (const GSList *at = line->runs; at; at = at->next) {
        PangoGlyphItem *run = at->data;
        PangoFont *font = run->item->analysis.font;
        size_t i = find(fonts, font);
        if (i < fonts->count) {
            PangoFontDescription *size = pango_font_describe_with_absolute_size(font);
            cairo_set_font_face(cairo, fonts->faces[i].drawn);
            cairo_set_font_size(cairo, (double)pango_font_description_get_size(size) / PANGO_SCALE);
            pango_font_description_free(size);
            show_run(cairo, text, run, x, y);
        }
        x += (double)pango_glyph_string_get_width(run->glyphs) / PANGO_SCALE;
    }
}
