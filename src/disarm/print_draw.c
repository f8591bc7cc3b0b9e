/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing a description on A4 pages by cairo and pango. */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/ipc.h"
#include "base/memory.h"
#include "disarm/format/format.h"
#include "disarm/format/pdf.h"
#include "disarm/print_font.h"
#include "disarm/print_internal.h"
#include "disarm/print_map.h"

/* Points. */
#define PAGE_WIDTH  595.276
#define PAGE_HEIGHT 841.89
#define MARGIN      51.0
#define BOTTOM      (PAGE_HEIGHT - MARGIN)
#define FOOT        (PAGE_HEIGHT - MARGIN * 0.6)
#define BODY        (PAGE_WIDTH - 2 * MARGIN)
#define FACT_NAME   130.0
#define PADDING     3.0

enum style {
    STYLE_TITLE,
    STYLE_HEADING,
    STYLE_BODY,
    STYLE_NAME,
    STYLE_SMALL,
    STYLE_COUNT,
};

/* All that is ever asked of the fonts: what is warmed is what is used. */
static const char *const fonts[STYLE_COUNT] = {
    [STYLE_TITLE] = "Noto Sans CJK JP Bold 16", [STYLE_HEADING] = "Noto Sans CJK JP Bold 12",
    [STYLE_BODY] = "Noto Sans CJK JP 9.5",      [STYLE_NAME] = "Noto Sans CJK JP Bold 9.5",
    [STYLE_SMALL] = "Noto Sans CJK JP 8",
};

struct printer {
    cairo_t *cairo;
    struct print_fonts *fonts;
    bool drawing; /* false the first time, which only notes the glyphs */
    PangoLayout *layouts[STYLE_COUNT];
    double y;
    unsigned page;
    char *foot;
    size_t columns; /* of the table that is open; 0: none */
    double widths[PRINT_COLUMNS];
    char *titles[PRINT_COLUMNS];
};

/* One layout for each style, as text of the Japanese language. */
static void open_layouts(struct printer *printer)
{
    static PangoFontMap *font_map; /* opened in the zygote, by print_warm */
    if (!font_map)
        font_map = print_map_open(fonts, STYLE_COUNT);
    for (int i = 0; i < STYLE_COUNT; i++) {
        PangoFontDescription *font = pango_font_description_from_string(fonts[i]);
        PangoLayout *layout = pango_cairo_create_layout(printer->cairo);
        pango_context_set_language(pango_layout_get_context(layout),
                                   pango_language_from_string("ja"));
        pango_context_set_font_map(pango_layout_get_context(layout), font_map);
        pango_layout_set_font_description(layout, font);
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
        pango_font_description_free(font);
        printer->layouts[i] = layout;
    }
}

static void close_layouts(struct printer *printer)
{
    for (int i = 0; i < STYLE_COUNT; i++)
        g_object_unref(printer->layouts[i]);
}

/* A text in a style and width, without looking for other fonts. */
static PangoLayout *lay(struct printer *printer, enum style style, const char *text, double width)
{
    PangoLayout *layout = printer->layouts[style];
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_fallback_new(FALSE));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_text(layout, text, -1);
    return layout;
}

static double height_of(PangoLayout *layout)
{
    int width, height;
    pango_layout_get_size(layout, &width, &height);
    return (double)height / PANGO_SCALE;
}

/* A line from (x, y) on its baseline. */
static void show_line(struct printer *printer, PangoLayout *layout, const PangoLayoutLine *line,
                      double x, double y)
{
    if (printer->drawing)
        print_fonts_show(printer->fonts, printer->cairo, pango_layout_get_text(layout), line, x, y);
    else
        print_fonts_note(printer->fonts, line);
}

/* A layout whose upper left corner is (x, y). */
static void show(struct printer *printer, PangoLayout *layout, double x, double y)
{
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    do {
        double baseline = (double)pango_layout_iter_get_baseline(at) / PANGO_SCALE;
        show_line(printer, layout, pango_layout_iter_get_line_readonly(at), x, y + baseline);
    } while (pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
}

static void rule(struct printer *printer, double width)
{
    if (!printer->drawing)
        return;
    cairo_set_line_width(printer->cairo, width);
    cairo_move_to(printer->cairo, MARGIN, printer->y);
    cairo_line_to(printer->cairo, PAGE_WIDTH - MARGIN, printer->y);
    cairo_stroke(printer->cairo);
}

static void end_page(struct printer *printer)
{
    AUTO_BUFFER foot = {0};
    buffer_append_format(&foot, "%s    %u", printer->foot ? printer->foot : "", printer->page);
    show(printer, lay(printer, STYLE_SMALL, buffer_string(&foot), BODY), MARGIN, FOOT);
    if (printer->drawing)
        cairo_show_page(printer->cairo);
}

static void next_page(struct printer *printer)
{
    end_page(printer);
    printer->page++;
    printer->y = MARGIN;
}

/* Draws line by line, over as many pages as it takes. */
static void draw_text(struct printer *printer, enum style style, const char *text)
{
    PangoLayout *layout = lay(printer, style, text, BODY);
    int lines = pango_layout_get_line_count(layout);
    for (int i = 0; i < lines; i++) {
        PangoRectangle place;
        PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
        pango_layout_line_get_extents(line, NULL, &place);
        double height = (double)place.height / PANGO_SCALE;
        if (printer->y + height > BOTTOM)
            next_page(printer);
        show_line(printer, layout, line, MARGIN, printer->y - (double)place.y / PANGO_SCALE);
        printer->y += height;
    }
}

/* Draws cells side by side; those of a row stay on one page. */
static void draw_cells(struct printer *printer, const enum style *styles, char *const *cells,
                       const double *widths, size_t count)
{
    double height = 0, x = MARGIN;
    for (size_t i = 0; i < count; i++) {
        double own = height_of(lay(printer, styles[i], cells[i], widths[i] - 2 * PADDING));
        height = own > height ? own : height;
    }
    if (printer->y + height + 2 * PADDING > BOTTOM && printer->y > MARGIN)
        next_page(printer);
    for (size_t i = 0; i < count; i++) {
        show(printer, lay(printer, styles[i], cells[i], widths[i] - 2 * PADDING), x + PADDING,
             printer->y + PADDING);
        x += widths[i];
    }
    printer->y += height + 2 * PADDING;
    rule(printer, 0.4);
}

/* ---- reading the description ---- */

static void take_fact(struct printer *printer, struct ipc_reader *reader)
{
    static const enum style styles[] = {STYLE_NAME, STYLE_BODY};
    static const double widths[] = {FACT_NAME, BODY - FACT_NAME};
    char *cells[] = {ipc_take_string(reader, PRINT_TEXT_MOST),
                     ipc_take_string(reader, PRINT_TEXT_MOST)};
    if (cells[0] && cells[1])
        draw_cells(printer, styles, cells, widths, 2);
    else
        ipc_fail(reader);
    free(cells[0]);
    free(cells[1]);
}

static void close_table(struct printer *printer)
{
    for (size_t i = 0; i < PRINT_COLUMNS; i++) {
        free(printer->titles[i]);
        printer->titles[i] = NULL;
    }
    printer->columns = 0;
}

static void take_table(struct printer *printer, struct ipc_reader *reader)
{
    enum style styles[PRINT_COLUMNS];
    uint64_t sum = 0;
    close_table(printer);
    printer->columns = ipc_take_u8(reader);
    if (printer->columns == 0 || printer->columns > PRINT_COLUMNS) {
        printer->columns = 0;
        ipc_fail(reader);
        return;
    }
    for (size_t i = 0; i < printer->columns; i++) {
        uint32_t share = ipc_take_u32(reader);
        sum += share;
        printer->widths[i] = share;
        printer->titles[i] = ipc_take_string(reader, PRINT_TEXT_MOST);
        styles[i] = STYLE_NAME;
        if (!printer->titles[i] || !share)
            ipc_fail(reader);
    }
    if (reader->cursor.failed)
        return;
    for (size_t i = 0; i < printer->columns; i++)
        printer->widths[i] *= BODY / (double)sum;
    draw_cells(printer, styles, printer->titles, printer->widths, printer->columns);
}

static void take_row(struct printer *printer, struct ipc_reader *reader)
{
    enum style styles[PRINT_COLUMNS];
    char *cells[PRINT_COLUMNS] = {0};
    size_t count = ipc_take_u8(reader);
    if (!count || count != printer->columns) {
        ipc_fail(reader);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        styles[i] = STYLE_BODY;
        cells[i] = ipc_take_string(reader, PRINT_TEXT_MOST);
        if (!cells[i])
            ipc_fail(reader);
    }
    if (!reader->cursor.failed)
        draw_cells(printer, styles, cells, printer->widths, count);
    for (size_t i = 0; i < count; i++)
        free(cells[i]);
}

static void take_text(struct printer *printer, struct ipc_reader *reader, enum style style,
                      double before, double after)
{
    AUTO_FREE char *text = ipc_take_string(reader, PRINT_TEXT_MOST);
    if (!text) {
        ipc_fail(reader);
        return;
    }
    printer->y += printer->y > MARGIN ? before : 0;
    draw_text(printer, style, text);
    printer->y += after;
}

static void take_block(struct printer *printer, struct ipc_reader *reader)
{
    switch (ipc_take_u8(reader)) {
    case PRINT_HEADING:
        take_text(printer, reader, STYLE_HEADING, 14, 4);
        break;
    case PRINT_PARAGRAPH:
        take_text(printer, reader, STYLE_BODY, 4, 4);
        break;
    case PRINT_FACT:
        take_fact(printer, reader);
        break;
    case PRINT_TABLE:
        take_table(printer, reader);
        break;
    case PRINT_ROW:
        take_row(printer, reader);
        break;
    default:
        ipc_fail(reader);
    }
}

/* The whole description; false when it is none. */
static bool draw(struct printer *printer, struct bytes in)
{
    struct ipc_reader reader = ipc_reader_open(in);
    if (ipc_take_u8(&reader) != PRINT_TITLE)
        return false;
    AUTO_FREE char *title = ipc_take_string(&reader, PRINT_TEXT_MOST);
    printer->foot = ipc_take_string(&reader, PRINT_TEXT_MOST);
    if (!title || reader.cursor.failed)
        return false;
    draw_text(printer, STYLE_TITLE, title);
    printer->y += 6;
    rule(printer, 1);
    while (!reader.cursor.failed && !ipc_finished(&reader))
        take_block(printer, &reader);
    close_table(printer);
    end_page(printer);
    return ipc_finished(&reader);
}

static cairo_status_t take_bytes(void *out, const unsigned char *data, unsigned length)
{
    buffer_append(out, data, length);
    return CAIRO_STATUS_SUCCESS;
}

/* Once through the description, noting or drawing. */
static int pass(struct printer *printer, bool drawing, struct bytes in, struct error *error)
{
    printer->drawing = drawing;
    printer->y = MARGIN;
    printer->page = 1;
    bool whole = draw(printer, in);
    close_table(printer);
    free(printer->foot);
    printer->foot = NULL;
    return whole ? 0 : error_set(error, "print_invalid", NULL, "%s", "");
}

/* Appends the PDF as cairo writes it. */
static int print(struct bytes in, struct buffer *out, struct error *error)
{
    struct printer printer = {.fonts = print_fonts_make()};
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(take_bytes, out, PAGE_WIDTH, PAGE_HEIGHT);
    printer.cairo = cairo_create(surface);
    open_layouts(&printer);
    int result = pass(&printer, false, in, error);
    if (result == 0)
        result = print_fonts_cut(printer.fonts, error);
    if (result == 0)
        result = pass(&printer, true, in, error);
    close_layouts(&printer);
    cairo_destroy(printer.cairo);
    cairo_surface_finish(surface);
    if (result == 0 && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        result = error_set(error, "print_failed", NULL, "%s", "cairo");
    cairo_surface_destroy(surface);
    print_fonts_free(printer.fonts);
    return result;
}

int print_make(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_BUFFER drawn = {0};
    job->format = job->output_format = format_find("pdf");
    if (print(in, &drawn, error) != 0 || pdf_rebuild(job, buffer_bytes(&drawn), out, error) != 0)
        return -1;
    receipt_take_back(job->receipt, 0);
    return 0;
}

int print_warm(struct error *error)
{
    static const char *const cells[] = {"氏名 Name", "12"};
    static const unsigned shares[] = {1, 1};
    AUTO_BUFFER description = {0}, drawn = {0};
    print_begin(&description, "無害化票 A", "みほん市");
    print_heading(&description, "見出し");
    print_paragraph(&description, "本文");
    print_fact(&description, "名", "値");
    print_table(&description, cells, shares, 2);
    print_row(&description, cells, 2);
    return print(buffer_bytes(&description), &drawn, error);
}
