/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of mail header fields, read tolerantly and written in one strict form (RFC 5322). */
#ifndef DISARM_FORMAT_MAIL_FIELD_H
#define DISARM_FORMAT_MAIL_FIELD_H

#include "base/buffer.h"

/* What was wrong with a field; a set. */
enum mail_field_change {
    MAIL_FIELD_LOOKALIKE = 1 << 0, /* a displayed name that imitates an address or other letters */
    MAIL_FIELD_ADDRESS = 1 << 1,   /* an address that is none */
    MAIL_FIELD_BROKEN = 1 << 2,    /* a date or an identifier that is none */
};

/*
 * Each appends the new value (without name and last line end, folded) and returns what was changed.
 * Nothing is appended when nothing usable was there.
 */
unsigned mail_field_append_addresses(struct bytes value, struct buffer *out);
unsigned mail_field_append_identifiers(struct bytes value, struct buffer *out);
unsigned mail_field_append_date(struct bytes value, struct buffer *out);
unsigned mail_field_append_text(struct bytes value, struct buffer *out);

#endif
