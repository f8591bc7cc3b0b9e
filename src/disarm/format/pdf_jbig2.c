/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JBIG2 (ITU-T T.88) by jbig2dec. */
#include "disarm/format/pdf_picture_codecs.h"

#include <jbig2.h>

static void ignore_problem(void *data, const char *message, Jbig2Severity severity,
                           uint32_t segment)
{
    (void)data, (void)message, (void)severity, (void)segment;
}

static Jbig2GlobalCtx *read_globals(struct bytes globals)
{
    if (!globals.length)
        return NULL;
    Jbig2Ctx *context = jbig2_ctx_new(NULL, JBIG2_OPTIONS_EMBEDDED, NULL, ignore_problem, NULL);
    if (!context)
        return NULL;
    jbig2_data_in(context, globals.data, globals.length);
    return jbig2_make_global_ctx(context);
}

static bool take_page(Jbig2Ctx *context, uint32_t *width, uint32_t *height, struct buffer *samples)
{
    Jbig2Image *page = jbig2_page_out(context);
    if (!page) {
        jbig2_complete_page(context); /* data that end too early: what there is */
        page = jbig2_page_out(context);
    }
    if (!page)
        return false;
    size_t row_bytes = (page->width + 7) / 8;
    for (uint32_t row = 0; row < page->height; row++) {
        buffer_append(samples, page->data + (size_t)row * page->stride, row_bytes);
        uint8_t *to = samples->data + samples->length - row_bytes;
        for (size_t i = 0; i < row_bytes; i++)
            to[i] = (uint8_t)~to[i];
    }
    *width = page->width;
    *height = page->height;
    jbig2_release_page(context, page);
    return true;
}

bool pdf_jbig2_decode(struct bytes globals, struct bytes coded, uint32_t *width, uint32_t *height,
                      struct buffer *samples)
{
    Jbig2GlobalCtx *shared = read_globals(globals);
    Jbig2Ctx *context = jbig2_ctx_new(NULL, JBIG2_OPTIONS_EMBEDDED, shared, ignore_problem, NULL);
    bool decoded = false;
    if (context) {
        jbig2_data_in(context, coded.data, coded.length);
        decoded = take_page(context, width, height, samples);
        jbig2_ctx_free(context);
    }
    if (shared)
        jbig2_global_ctx_free(shared);
    return decoded;
}
