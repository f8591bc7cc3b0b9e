/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Flattening a PDF: it is rebuilt first, and what came out is drawn page by page. The new file
 * holds one picture for each page and its text, unseen, over it.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "disarm/format/pdf.h"
#include "disarm/format/pdf_filter.h"
#include "disarm/format/pdf_render.h"
#include "disarm/format/pdf_textlayer.h"
#include "disarm/format/pdf_writer.h"
#include "disarm/format/picture_raster.h"

enum { DPI_LEAST = 36, DPI_MOST = 600, POINTS_PER_INCH = 72, SIDE_LIMIT = 20000 };

struct flat {
    struct job *job;
    struct pdf_render *render;
    struct pdf_writer writer;
    struct pdf_textlayer layer;
    uint32_t root, pages, font;
    struct error *error;
};

/* True when every pixel has equal parts of the three colours. */
static bool is_gray(struct bytes samples)
{
    for (size_t i = 0; i + 2 < samples.length; i += 3) {
        if (samples.data[i] != samples.data[i + 1] || samples.data[i] != samples.data[i + 2])
            return false;
    }
    return true;
}

/* Samples without loss: rows predicted, one component when there is no colour. */
static void pack_samples(struct bytes samples, unsigned width, bool gray, struct buffer *predicted)
{
    AUTO_BUFFER single = {0};
    unsigned components = gray ? 1 : 3;
    if (gray) {
        for (size_t i = 0; i < samples.length; i += 3)
            buffer_append_byte(&single, samples.data[i]);
        samples = buffer_bytes(&single);
    }
    pdf_filter_predict(samples, (size_t)width * components, components, predicted);
}

static int pack_jpeg(struct flat *flat, struct bytes samples, unsigned width, unsigned height,
                     struct buffer *jpeg)
{
    AUTO_RASTER raster = {0};
    if (raster_open(&raster, flat->job, width, height, flat->error))
        return -1;
    for (size_t i = 0; i < samples.length / 3; i++) {
        memcpy(raster.rgba + 4 * i, samples.data + 3 * i, 3);
        raster.rgba[4 * i + 3] = 0xFF;
    }
    return raster_encode_jpeg(&raster, RASTER_JPEG_QUALITY, jpeg, flat->error);
}

/* Writes the picture of a page: without loss unless JPEG is smaller. Its number, or 0. */
static uint32_t write_picture(struct flat *flat, unsigned page, unsigned width, unsigned height)
{
    AUTO_BUFFER samples = {0}, predicted = {0}, packed = {0}, jpeg = {0}, keys = {0};
    if (pdf_render_draw(flat->render, page, width, height, &samples)) {
        error_set(flat->error, "bad_pdf", NULL, "page %u", page + 1);
        return 0;
    }
    bool gray = is_gray(buffer_bytes(&samples));
    pack_samples(buffer_bytes(&samples), width, gray, &predicted);
    pdf_filter_deflate(buffer_bytes(&predicted), &packed);
    if (pack_jpeg(flat, buffer_bytes(&samples), width, height, &jpeg))
        return 0;
    bool lossy = jpeg.length < packed.length;
    buffer_append_format(&keys, "/Width %u/Height %u/BitsPerComponent 8/ColorSpace/Device%s", width,
                         height, gray && !lossy ? "Gray" : "RGB");
    if (lossy)
        buffer_append_string(&keys, "/Filter/DCTDecode");
    else
        buffer_append_format(&keys,
                             "/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent 8/Columns %u>>"
                             "/Filter/FlateDecode",
                             gray ? 1 : 3, width);
    buffer_append_string(&keys, "/Subtype/Image/Type/XObject");
    uint32_t number = pdf_writer_reserve(&flat->writer);
    pdf_writer_put_stream(&flat->writer, number, buffer_bytes(&keys),
                          buffer_bytes(lossy ? &jpeg : &packed), false);
    job_record(flat->job, NULL, "pdf_page", RECEIPT_REWRITTEN, "pdf_flattened", 0,
               lossy ? jpeg.length : packed.length);
    return number;
}

static unsigned pixels_of(const struct flat *flat, double points)
{
    unsigned dpi = flat->job->options->flatten_dpi;
    dpi = dpi < DPI_LEAST ? DPI_LEAST : dpi > DPI_MOST ? DPI_MOST : dpi;
    double pixels = ceil(points * dpi / POINTS_PER_INCH - 0.001);
    return pixels < 1 ? 1 : pixels > SIDE_LIMIT ? SIDE_LIMIT : (unsigned)pixels;
}

static void append_size(struct buffer *out, double value)
{
    char text[40];
    int length = snprintf(text, sizeof text, "%.4f", value);
    pdf_write_real(out, (struct bytes){(const uint8_t *)text, (size_t)length});
}

static int write_page(struct flat *flat, unsigned page, const struct pdf_page_view *view,
                      uint32_t number)
{
    unsigned width = pixels_of(flat, view->width), height = pixels_of(flat, view->height);
    if (job_use_pixels(flat->job, width, height, flat->error))
        return -1;
    uint32_t picture = write_picture(flat, page, width, height);
    if (!picture)
        return -1;
    AUTO_BUFFER content = {0}, text = {0};
    buffer_append_string(&content, "q\n");
    append_size(&content, view->width);
    buffer_append_string(&content, " 0 0");
    append_size(&content, view->height);
    buffer_append_string(&content, " 0 0 cm\n/P Do\nQ\n");
    pdf_textlayer_append(&flat->layer, view, &content);
    uint32_t stream = pdf_writer_reserve(&flat->writer);
    pdf_writer_put_stream(&flat->writer, stream, (struct bytes){0}, buffer_bytes(&content), true);
    buffer_append_format(&text, "<</Type/Page/Parent %" PRIu32 " 0 R/MediaBox[0 0", flat->pages);
    append_size(&text, view->width);
    append_size(&text, view->height);
    buffer_append_format(&text,
                         "]/Contents %" PRIu32 " 0 R/Resources<</Font<</F %" PRIu32
                         " 0 R>>/XObject<</P %" PRIu32 " 0 R>>>>>>",
                         stream, flat->font, picture);
    pdf_writer_put(&flat->writer, number, buffer_bytes(&text));
    return 0;
}

static int write_pages(struct flat *flat)
{
    AUTO_BUFFER kids = {0}, text = {0};
    unsigned count = pdf_render_pages(flat->render);
    for (unsigned i = 0; i < count; i++) {
        struct pdf_page_view view;
        uint32_t number = pdf_writer_reserve(&flat->writer);
        if (pdf_render_view(flat->render, i, &view))
            return error_set(flat->error, "bad_pdf", NULL, "page %u", i + 1);
        int result = write_page(flat, i, &view, number);
        pdf_page_view_clear(&view);
        if (result)
            return -1;
        pdf_write_reference(&kids, number);
    }
    buffer_append_format(&text, "<</Type/Pages/Count %u/Kids[%s]>>", count, buffer_string(&kids));
    pdf_writer_put(&flat->writer, flat->pages, buffer_bytes(&text));
    return count ? 0 : error_set(flat->error, "bad_pdf", NULL, "%s", "no pages");
}

static int write_document(struct flat *flat)
{
    AUTO_BUFFER text = {0};
    flat->root = pdf_writer_reserve(&flat->writer);
    flat->pages = pdf_writer_reserve(&flat->writer);
    flat->font = pdf_writer_reserve(&flat->writer);
    if (write_pages(flat))
        return -1;
    pdf_textlayer_write_font(&flat->layer, &flat->writer, flat->font);
    buffer_append_format(&text, "<</Pages %" PRIu32 " 0 R/Type/Catalog>>", flat->pages);
    pdf_writer_put(&flat->writer, flat->root, buffer_bytes(&text));
    pdf_writer_finish(&flat->writer, flat->root, 0);
    return 0;
}

int pdf_flatten(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_BUFFER rebuilt = {0}, file = {0};
    if (pdf_rebuild(job, in, &rebuilt, error))
        return -1;
    struct flat flat = {.job = job, .error = error};
    flat.render = pdf_render_open(buffer_bytes(&rebuilt), error);
    if (!flat.render)
        return -1;
    pdf_writer_open(&flat.writer, &file);
    pdf_textlayer_open(&flat.layer);
    int result = write_document(&flat);
    pdf_textlayer_close(&flat.layer);
    pdf_writer_close(&flat.writer);
    pdf_render_close(flat.render);
    if (!result)
        buffer_append_bytes(out, buffer_bytes(&file));
    return result;
}
