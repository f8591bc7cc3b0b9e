/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Previews, made in a worker like everything else that looks into a document. */
#include "disarm/preview.h"

#include <math.h>

#include "disarm/format/format.h"
#include "disarm/format/identify.h"
#include "disarm/format/pdf.h"
#include "disarm/format/pdf_render.h"
#include "disarm/format/picture_raster.h"

enum { POINTS_PER_INCH = 72, SIDE_MOST = 4000, ROW_OF_PAGES = 1 };

static uint32_t pixels_of(const struct job *job, double points)
{
    double pixels = ceil(points * job->options->flatten_dpi / POINTS_PER_INCH);
    return pixels < 1 ? 1 : pixels > SIDE_MOST ? SIDE_MOST : (uint32_t)pixels;
}

/* Draws one page and codes it. */
static int draw(struct job *job, struct pdf_render *render, unsigned page, struct buffer *out,
                struct error *error)
{
    AUTO_BUFFER samples = {0};
    AUTO_RASTER raster = {0};
    struct pdf_page_view view;
    if (pdf_render_view(render, page, &view))
        return error_set(error, "bad_pdf", job->path, "page %u", page + 1);
    uint32_t width = pixels_of(job, view.width), height = pixels_of(job, view.height);
    pdf_page_view_clear(&view);
    if (raster_open(&raster, job, width, height, error))
        return -1;
    if (pdf_render_draw(render, page, width, height, &samples))
        return error_set(error, "bad_pdf", job->path, "page %u", page + 1);
    for (size_t i = 0; i < samples.length / 3; i++) {
        memcpy(raster.rgba + 4 * i, samples.data + 3 * i, 3);
        raster.rgba[4 * i + 3] = 0xFF;
    }
    raster_encode_png(&raster, out);
    return 0;
}

static void record_pages(struct job *job, uint64_t pages)
{
    struct receipt_row row = {.path = (char *)(uintptr_t) "",
                              .kind = (char *)(uintptr_t) "pdf_page",
                              .reason = (char *)(uintptr_t) "",
                              .action = RECEIPT_KEPT,
                              .count = pages};
    receipt_take_back(job->receipt, 0);
    receipt_add_row(job->receipt, &row);
}

static int preview_pdf(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_BUFFER rebuilt = {0};
    if (pdf_rebuild(job, in, &rebuilt, error))
        return -1;
    struct pdf_render *render = pdf_render_open(buffer_bytes(&rebuilt), error);
    if (!render)
        return -1;
    unsigned page = job->options->preview_page, pages = pdf_render_pages(render);
    int result = page < pages ? draw(job, render, page, out, error)
                              : error_set(error, "preview_no_page", job->path, "%u", page + 1);
    pdf_render_close(render);
    record_pages(job, pages);
    return result;
}

int preview_make(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    if (identify_content(in, job->name, &job->format, error))
        return -1;
    if (!strcmp(job->format->name, "pdf")) {
        job->output_format = format_find("png");
        return preview_pdf(job, in, out, error);
    }
    if (!job->format->picture || !job->format->rebuild)
        return error_set(error, "preview_not_offered", job->path, "%s", job->format->name);
    job->output_format = format_find(job->format->output);
    int result = job->format->rebuild(job, in, out, error);
    record_pages(job, ROW_OF_PAGES);
    return result;
}
