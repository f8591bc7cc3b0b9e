/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The renderer: a process that shows what is in documents, for the web processes, which parse
 * nothing themselves. It owns a disarm pool; every document is opened in a sandboxed worker that
 * ends with it.
 *
 * A web handler asks over request->server->options.renderer:
 *
 *     AUTO_BUFFER text = {0};
 *     if (renderer_text(socket, "policy.docx", content, &text, &error) != 0)
 *         … the error is a sentence for the person who gave the file
 *
 * Any number of threads and processes may ask over the same socket at one time: each request brings
 * the pipe by which its answer comes. Nothing is kept after the answer.
 *
 * Errors: renderer_away (there is none, it ended, or it did not answer in time), renderer_too_much
 * (the answer is longer than the caller takes), and the refusals of the disarm room: unknown type,
 * password needed, a limit, a worker that died.
 */
#ifndef GATE_RENDERER_H
#define GATE_RENDERER_H

#include "base/buffer.h"
#include "base/bytes.h"

struct error;

enum renderer_kind {
    RENDERER_TEXT,  /* a document → its text, UTF-8 */
    RENDERER_PAGE,  /* a PDF → one page as PNG; a picture → the picture rebuilt */
    RENDERER_PRINT, /* a description of printed pages (disarm/print.h) → PDF */
    RENDERER_KIND_COUNT,
};

struct renderer_request {
    enum renderer_kind kind;
    const char *name; /* claimed file name, UTF-8; NULL: none */
    unsigned page;    /* RENDERER_PAGE: from 0 */
};

struct renderer_answer {
    struct buffer content;  /* freed by the caller */
    const char *media_type; /* static; what a browser is told: "image/png" */
    uint32_t pages;         /* RENDERER_PAGE: of the whole document */
};

/* Asks about the content of a memory file (or any regular file; read from its start) and waits, at
 * most a minute. 0, or -1 with nothing in the answer. */
int renderer_ask(int socket, const struct renderer_request *request, int input,
                 struct renderer_answer *answer, struct error *error);

/* As renderer_ask for RENDERER_TEXT and content that is in memory. */
int renderer_text(int socket, const char *name, struct bytes content, struct buffer *text,
                  struct error *error);

/* ---- the process itself ---- */

struct renderer;

/* Starts one that answers what comes over the other end of that socket, which stays the caller's;
 * workers 0: one per processor. NULL with sandbox_failed when nothing can be locked in here. */
struct renderer *renderer_start(int socket, unsigned workers, struct error *error);

/* Takes requests and gives answers for at most so many milliseconds. 0, or -1 when the socket is
 * broken, or with sandbox_failed when the pool is lost: the process may be locked in and cannot
 * start another one. */
int renderer_step(struct renderer *renderer, int milliseconds, struct error *error);

/* Ends it; who still waits hears renderer_away. NULL does nothing. */
void renderer_stop(struct renderer *renderer);

#endif
