/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way from bytes of any encoding to cleaned UTF-8 and back, shared by text and csv. */
#ifndef DISARM_FORMAT_TEXT_CODEC_H
#define DISARM_FORMAT_TEXT_CODEC_H

#include "base/encoding.h"
#include "disarm/format/job.h"

struct text_source {
    enum encoding encoding;
    bool mark; /* begins with a byte order mark */
};

/*
 * Recognises the encoding of `in`, appends the text as cleaned UTF-8 and records what was left out.
 * Refuses with text_encoding or text_binary what is no text.
 */
int text_codec_open(struct job *job, struct bytes in, struct text_source *source,
                    struct buffer *utf8, struct error *error);

/*
 * Appends the text in the encoding of source. Text that would then be taken for another encoding is
 * written as UTF-8 with a mark instead, with a row.
 */
void text_codec_close(struct job *job, const struct text_source *source, struct bytes utf8,
                      struct buffer *out);

#endif
