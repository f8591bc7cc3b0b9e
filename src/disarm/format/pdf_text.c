/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a PDF: it is rebuilt first, and what came out is read page by page. */
#include "disarm/format/character.h"
#include "disarm/format/pdf.h"
#include "disarm/format/pdf_lines.h"
#include "disarm/format/pdf_render.h"

/* Appends the text of a page and a line feed. */
static int append_page(struct pdf_render *render, unsigned page, struct buffer *text)
{
    struct pdf_page_view view;
    if (pdf_render_view(render, page, &view))
        return -1;
    pdf_lines_append(&view, text);
    pdf_page_view_clear(&view);
    buffer_append_byte(text, '\n');
    return 0;
}

int pdf_extract(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_BUFFER rebuilt = {0}, text = {0};
    if (pdf_rebuild(job, in, &rebuilt, error))
        return -1;
    struct pdf_render *render = pdf_render_open(buffer_bytes(&rebuilt), error);
    if (!render)
        return -1;
    unsigned pages = pdf_render_pages(render);
    int result = pages ? 0 : error_set(error, "bad_pdf", NULL, "%s", "no pages");
    for (unsigned i = 0; i < pages && !result; i++) {
        if (i)
            buffer_append_byte(&text, '\f');
        if (append_page(render, i, &text))
            result = error_set(error, "bad_pdf", NULL, "page %u", i + 1);
    }
    pdf_render_close(render);
    if (result)
        return -1;
    struct character_counts counts = {0};
    size_t before = out->length;
    character_clean(buffer_bytes(&text), out, &counts);
    character_record(job, NULL, &counts);
    job_record(job, NULL, "text", RECEIPT_REWRITTEN, NULL, in.length, out->length - before);
    return 0;
}
