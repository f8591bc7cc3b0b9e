/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A rebuilt PDF as seen by a renderer (poppler with cairo): pictures of its pages, and its text
 * with the places of the characters. Only ever given what our own writer made, never the input.
 */
#ifndef DISARM_FORMAT_PDF_RENDER_H
#define DISARM_FORMAT_PDF_RENDER_H

#include "disarm/format/job.h"

struct pdf_render;

/* One character of a page; lengths in points from the upper left corner of the page as shown. */
struct pdf_character {
    uint32_t point; /* Unicode */
    double left, top, right, bottom;
};

struct pdf_page_view {
    double width, height;             /* points, turned as the page is shown */
    struct pdf_character *characters; /* owned */
    size_t count;
    char *text; /* owned: what the renderer reads in its own order, as UTF-8 */
    bool whole; /* the characters are those of the text, one by one */
};

/* Lets the libraries read their configuration and fonts; before the sandbox closes. 0 or -1. */
int pdf_render_warm(struct error *error);

/* Says that nothing was warmed and nothing can be: opening a PDF then ends the process with
 * WORKER_NEEDS_RENDERER. */
void pdf_render_leave_out(bool left_out);
bool pdf_render_left_out(void);

/* Opens a PDF; file is borrowed. NULL with bad_pdf. */
struct pdf_render *pdf_render_open(struct bytes file, struct error *error);
void pdf_render_close(struct pdf_render *render); /* NULL does nothing */

unsigned pdf_render_pages(const struct pdf_render *render);

/* The size and the characters of a page (from 0); free with pdf_page_view_clear. 0 or -1. */
int pdf_render_view(struct pdf_render *render, unsigned page, struct pdf_page_view *view);
void pdf_page_view_clear(struct pdf_page_view *view);

/*
 * Draws a page on white, width × height pixels, and appends its samples: 8 bits each of red, green
 * and blue, rows top down. 0 or -1.
 */
int pdf_render_draw(struct pdf_render *render, unsigned page, unsigned width, unsigned height,
                    struct buffer *samples);

#endif
