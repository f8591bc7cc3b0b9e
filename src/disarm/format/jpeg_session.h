/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One use of libjpeg: its errors become a longjmp to the session and a struct error, its warnings
 * are counted, its output goes to a buffer.
 *
 *     if (setjmp(session->escape))
 *         result = jpeg_session_error(session, path, error);
 *     else
 *         … calls of libjpeg …
 *
 * What is changed between setjmp and a jump must live in the session or be volatile.
 */
#ifndef DISARM_FORMAT_JPEG_SESSION_H
#define DISARM_FORMAT_JPEG_SESSION_H

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "base/buffer.h"
#include "base/error.h"

struct jpeg_session {
    struct jpeg_error_mgr errors; /* first: libjpeg hands back a pointer to it */
    jmp_buf escape;
    struct jpeg_progress_mgr progress;
    struct jpeg_decompress_struct source;
    struct jpeg_compress_struct target;
    struct jpeg_destination_mgr destination;
    struct buffer made; /* what the target wrote */
    char message[JMSG_LENGTH_MAX];
};

/* Makes both halves ready; call it after setjmp. The source has a limit on its number of scans. */
void jpeg_session_open(struct jpeg_session *session);

/* Fills error with libjpeg's last message and returns -1. */
int jpeg_session_error(const struct jpeg_session *session, const char *where, struct error *error);

/* Gives everything back, from any state after the session was zeroed. */
void jpeg_session_close(struct jpeg_session *session);

#endif
