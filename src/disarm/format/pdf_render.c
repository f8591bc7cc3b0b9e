/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rebuilt PDF as seen by poppler and cairo. */
#include "disarm/format/pdf_render.h"

#include <poppler.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "disarm/worker.h"

struct pdf_render {
    PopplerDocument *document;
};

static bool left_out; /* of this zygote */

void pdf_render_leave_out(bool out)
{
    left_out = out;
}

bool pdf_render_left_out(void)
{
    return left_out;
}

struct pdf_render *pdf_render_open(struct bytes file, struct error *error)
{
    if (left_out)
        _exit(WORKER_NEEDS_RENDERER);
    GError *problem = NULL;
    GBytes *bytes = g_bytes_new_static(file.data, file.length);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, &problem);
    g_bytes_unref(bytes);
    if (!document) {
        error_set(error, "bad_pdf", NULL, "%s", problem ? problem->message : "");
        g_clear_error(&problem);
        return NULL;
    }
    struct pdf_render *render = memory_allocate(1, sizeof *render);
    render->document = document;
    return render;
}

void pdf_render_close(struct pdf_render *render)
{
    if (!render)
        return;
    g_object_unref(render->document);
    free(render);
}

unsigned pdf_render_pages(const struct pdf_render *render)
{
    int pages = poppler_document_get_n_pages(render->document);
    return pages > 0 ? (unsigned)pages : 0;
}

/* Joins the text of a page, character by character, with their places. */
static void join_layout(const char *text, const PopplerRectangle *places, guint count,
                        struct pdf_page_view *view)
{
    struct bytes rest = bytes_of_string(text);
    view->characters = memory_allocate(count + 1, sizeof *view->characters);
    while (rest.length && view->count < count) {
        uint32_t point;
        size_t width = utf8_decode(rest, &point);
        if (!width)
            break;
        const PopplerRectangle *place = &places[view->count];
        view->characters[view->count++] =
            (struct pdf_character){point, place->x1, place->y1, place->x2, place->y2};
        rest = bytes_slice(rest, width, rest.length);
    }
    view->whole = !rest.length && view->count == count;
}

int pdf_render_view(struct pdf_render *render, unsigned page, struct pdf_page_view *view)
{
    *view = (struct pdf_page_view){0};
    PopplerPage *shown = poppler_document_get_page(render->document, (int)page);
    if (!shown)
        return -1;
    poppler_page_get_size(shown, &view->width, &view->height);
    char *text = poppler_page_get_text(shown);
    PopplerRectangle *places = NULL;
    guint count = 0;
    if (text && poppler_page_get_text_layout(shown, &places, &count))
        join_layout(text, places, count, view);
    view->text = memory_copy_string(text ? text : "", text ? strlen(text) : 0);
    g_free(places);
    g_free(text);
    g_object_unref(shown);
    return 0;
}

void pdf_page_view_clear(struct pdf_page_view *view)
{
    free(view->characters);
    free(view->text);
    *view = (struct pdf_page_view){0};
}

/* Takes red, green and blue out of cairo's native 32-bit pixels. */
static void append_samples(cairo_surface_t *surface, unsigned width, unsigned height,
                           struct buffer *samples)
{
    cairo_surface_flush(surface);
    const uint8_t *data = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    buffer_reserve(samples, (size_t)width * height * 3);
    uint8_t *to = samples->data + samples->length;
    for (unsigned y = 0; y < height; y++) {
        for (unsigned x = 0; x < width; x++) {
            uint32_t pixel;
            memcpy(&pixel, data + y * stride + (size_t)x * 4, sizeof pixel);
            *to++ = (uint8_t)(pixel >> 16);
            *to++ = (uint8_t)(pixel >> 8);
            *to++ = (uint8_t)pixel;
        }
    }
    samples->length += (size_t)width * height * 3;
}

int pdf_render_draw(struct pdf_render *render, unsigned page, unsigned width, unsigned height,
                    struct buffer *samples)
{
    PopplerPage *shown = poppler_document_get_page(render->document, (int)page);
    if (!shown)
        return -1;
    double points_wide, points_high;
    poppler_page_get_size(shown, &points_wide, &points_high);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, width / points_wide, height / points_high);
    poppler_page_render(shown, cairo);
    cairo_destroy(cairo);
    bool drawn = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
    if (drawn)
        append_samples(surface, width, height, samples);
    cairo_surface_destroy(surface);
    g_object_unref(shown);
    return drawn ? 0 : -1;
}

/* One page with Latin and Japanese text in fonts that are not embedded: all that has to be found.
 */
static const char warm_document[] =
    "%PDF-1.4\n"
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<<"
    "/A<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    "/B<</Type/Font/Subtype/Type0/BaseFont/Mincho/Encoding/90ms-RKSJ-H/DescendantFonts[<<"
    "/Type/Font/Subtype/CIDFontType0/BaseFont/Mincho/CIDSystemInfo<</Registry(Adobe)"
    "/Ordering(Japan1)/Supplement 2>>/FontDescriptor<</Type/FontDescriptor/FontName/Mincho"
    "/Flags 4/Ascent 800/Descent -200/CapHeight 700/StemV 80/ItalicAngle 0"
    "/FontBBox[0 -200 1000 900]>>>>]>>>>>>>>endobj\n"
    "4 0 obj<</Length 49>>stream\n"
    "BT/A 9 Tf 9 50 Td(A)Tj/B 9 Tf 9 0 Td<82A0>Tj ET  \n"
    "endstream endobj\n"
    "trailer<</Root 1 0 R/Size 5>>\n"
    "startxref\n0\n%%EOF\n";

int pdf_render_warm(struct error *error)
{
    AUTO_BUFFER samples = {0};
    struct pdf_page_view view;
    static struct pdf_render *render; /* stays open: poppler forgets its tables with its last one */
    if (!render)
        render = pdf_render_open(bytes_of_string(warm_document), error);
    if (!render)
        return -1;
    int result = pdf_render_draw(render, 0, 99, 99, &samples);
    if (!result)
        result = pdf_render_view(render, 0, &view);
    if (!result)
        pdf_page_view_clear(&view);
    return result ? error_set(error, "bad_pdf", NULL, "%s", "warm") : 0;
}
