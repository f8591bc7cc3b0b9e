/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing a mail in one narrow form: ASCII with CRLF, one text or one flat multipart/mixed, text in
 * UTF-8, everything that is not short ASCII in base64, boundaries made from the content.
 */
#ifndef DISARM_FORMAT_MAIL_WRITE_H
#define DISARM_FORMAT_MAIL_WRITE_H

#include "base/buffer.h"

enum mail_item_kind {
    MAIL_TEXT,       /* data: UTF-8 */
    MAIL_ATTACHMENT, /* data: a disarmed file */
    MAIL_MESSAGE,    /* data: a disarmed mail */
};

struct mail_item {
    enum mail_item_kind kind;
    const char *media_type; /* of an attachment */
    struct buffer name;     /* UTF-8, of an attachment or a message */
    struct buffer data;
};

/* Frees what the item owns. */
void mail_item_free(struct mail_item *item);

/* Appends the MIME fields and the body of a mail behind its other fields. No items: an empty text.
 */
void mail_write_body(const struct mail_item *items, size_t count, struct buffer *out);

#endif
