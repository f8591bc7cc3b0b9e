/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plain text module. Line ends, form feeds and the byte order mark stay as they are. */
#include "disarm/format/text.h"

#include "disarm/format/text_codec.h"

static int treat(struct job *job, struct bytes in, bool to_utf8, struct buffer *out,
                 struct error *error)
{
    AUTO_BUFFER text = {0}, made = {0};
    struct text_source source;
    if (text_codec_open(job, in, &source, &text, error))
        return -1;
    if (to_utf8)
        source.encoding = ENCODING_UTF8;
    text_codec_close(job, &source, buffer_bytes(&text), &made);
    bool same = bytes_equal(in, buffer_bytes(&made));
    job_record(job, NULL, "text", same ? RECEIPT_KEPT : RECEIPT_REWRITTEN, NULL, in.length,
               made.length);
    buffer_append_bytes(out, buffer_bytes(&made));
    return 0;
}

int text_rebuild(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    return treat(job, in, job->options->text_to_utf8, out, error);
}

int text_extract(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    return treat(job, in, true, out, error);
}
