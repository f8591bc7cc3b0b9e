/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decoding, cleaning and encoding again, so that the result is read the same way as before. */
#include "disarm/format/text_codec.h"

#include "base/utf8.h"
#include "disarm/format/character.h"

/* More than one meaningless or control character in so many: the file is not text. */
#define BINARY_SHARE 20
#define BINARY_FLOOR 8

int text_codec_open(struct job *job, struct bytes in, struct text_source *source,
                    struct buffer *utf8, struct error *error)
{
    AUTO_BUFFER decoded = {0};
    struct character_counts counts = {0};
    source->encoding = encoding_detect(in);
    if (source->encoding == ENCODING_UNKNOWN)
        return error_set(error, "text_encoding", job->path, "%s", "");
    size_t mark = encoding_mark(in, &source->encoding);
    source->mark = mark > 0;
    size_t lost = encoding_to_utf8(source->encoding, bytes_slice(in, mark, in.length), &decoded);
    character_clean(buffer_bytes(&decoded), utf8, &counts);
    uint64_t strange = lost + counts.of[CHARACTER_CONTROL];
    if (strange > BINARY_FLOOR && strange > decoded.length / BINARY_SHARE)
        return error_set(error, "text_binary", job->path, "%s", "");
    if (lost)
        job_record(job, NULL, "undecodable", RECEIPT_REWRITTEN, "undecodable", lost, lost);
    character_record(job, NULL, &counts);
    return 0;
}

void text_codec_close(struct job *job, const struct text_source *source, struct bytes utf8,
                      struct buffer *out)
{
    AUTO_BUFFER encoded = {0};
    /* UTF-16 and UTF-32 always get their mark: without it they are a guess. */
    bool wide = source->encoding >= ENCODING_UTF16LE && source->encoding <= ENCODING_UTF32BE;
    if (source->mark || wide)
        encoding_append_mark(source->encoding, &encoded);
    encoding_from_utf8(source->encoding, utf8, &encoded);
    enum encoding read_as = encoding_detect(buffer_bytes(&encoded));
    AUTO_BUFFER back = {0};
    size_t mark = encoding_mark(buffer_bytes(&encoded), &read_as);
    encoding_to_utf8(read_as, bytes_slice(buffer_bytes(&encoded), mark, encoded.length), &back);
    if (!bytes_equal(buffer_bytes(&back), utf8) && source->encoding != ENCODING_UTF8) {
        job_record(job, NULL, "encoding", RECEIPT_REWRITTEN, "encoding_ambiguous", encoded.length,
                   utf8.length);
        encoding_append_mark(ENCODING_UTF8, out);
        buffer_append_bytes(out, utf8);
        return;
    }
    buffer_append_bytes(out, buffer_bytes(&encoded));
}
