/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fonts of printed pages, cut down to the glyphs that stand on them.
 *
 * Pango lays text out with the whole Japanese font. cairo would then embed, for each font of a
 * page, a place for every one of its 28,500 local subroutines, and all their bytes where it cannot
 * follow one glyph. So a page is laid out twice: the first time its glyphs are noted, then each
 * font is cut by HarfBuzz, without subroutines and under the same glyph numbers, and the second
 * time lines are drawn in what is left. One thread.
 */
#ifndef DISARM_PRINT_FONT_H
#define DISARM_PRINT_FONT_H

#include <pango/pangocairo.h>

#include "base/error.h"

struct print_fonts;

struct print_fonts *print_fonts_make(void);

/* NULL does nothing. Whatever was drawn in the fonts must be finished. */
void print_fonts_free(struct print_fonts *fonts);

/* Notes the glyphs of a line that will be drawn. */
void print_fonts_note(struct print_fonts *fonts, const PangoLayoutLine *line);

/* Cuts the fonts to what was noted. Code print_failed. */
int print_fonts_cut(struct print_fonts *fonts, struct error *error);

/* Draws a line, noted before, whose layout has this text, from (x, y) on its baseline in points. */
void print_fonts_show(const struct print_fonts *fonts, cairo_t *cairo, const char *text,
                      const PangoLayoutLine *line, double x, double y);

#endif
