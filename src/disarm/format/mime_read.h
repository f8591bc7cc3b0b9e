/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The structure of a mail (RFC 5322, RFC 2045, RFC 2046): fields and parts as views of its bytes.
 *
 * Reading is tolerant: what has no boundary is text, what is not closed ends where its parent ends.
 */
#ifndef DISARM_FORMAT_MIME_READ_H
#define DISARM_FORMAT_MIME_READ_H

#include "base/buffer.h"
#include "base/error.h"

/* Multiparts in multiparts; messages in messages are counted by the job's depth instead. */
#define MIME_DEPTH 20

enum mime_transfer {
    MIME_TRANSFER_NONE, /* 7bit, 8bit, binary, and what nobody knows */
    MIME_TRANSFER_BASE64,
    MIME_TRANSFER_QUOTED,
    MIME_TRANSFER_UUENCODE,
};

struct mime_field {
    struct bytes name;  /* without the colon */
    struct bytes value; /* with its line ends, without the last one */
};

struct mime_part {
    struct mime_field *fields;
    size_t field_count;
    char type[80]; /* "text/plain", lower case; the default of the place when there is none */
    enum mime_transfer transfer;
    struct bytes body; /* between the empty line and the end; still transfer encoded */
    struct mime_part *children;
    size_t child_count;
};

/*
 * Reads a mail or a part. default_type: "text/plain", or "message/rfc822" inside a digest. At most
 * *parts_left parts, counted down. Errors: limit_members, mail_depth. Close it in any case.
 */
int mime_read(struct bytes text, const char *default_type, unsigned depth, uint64_t *parts_left,
              struct mime_part *part, struct error *error);

/* Gives the memory back; a second call does nothing. */
void mime_close(struct mime_part *part);

/* True when text begins with a header field, as a mail does. */
bool mime_begins_with_field(struct bytes text);

/* The value of the first field of that name (any case), or an empty view. */
struct bytes mime_field_value(const struct mime_part *part, const char *name);

/* How many fields of that name there are. */
size_t mime_field_count(const struct mime_part *part, const char *name);

/*
 * Appends the value of a parameter of a field (Content-Type, Content-Disposition) as UTF-8: plain,
 * quoted, in encoded words, or in the pieces of RFC 2231. False when it is not there.
 */
bool mime_parameter(struct bytes value, const char *name, struct buffer *out);

/* Appends the bytes of the body with its transfer encoding undone. */
void mime_decode_body(const struct mime_part *part, struct buffer *out);

#endif
