/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Address lists (RFC 5322 section 3.4): each mailbox is a name to show and an address, both
 * checked. */
#include <ctype.h>
#include <strings.h>

#include "base/cursor.h"
#include "disarm/format/lookalike.h"
#include "disarm/format/mail_field.h"
#include "disarm/format/mime_words.h"

enum {
    ADDRESS_BYTES = 320,
    PLAIN_NAME_BYTES = 60, /* longer names are written as encoded words, which can be folded */
};

/* A mailbox as it is being read. */
struct mailbox {
    struct buffer phrase, comment, angle;
    bool has_angle;
};

static void mailbox_clear(struct mailbox *mailbox)
{
    buffer_clear(&mailbox->phrase);
    buffer_clear(&mailbox->comment);
    buffer_clear(&mailbox->angle);
    mailbox->has_angle = false;
}

static void mailbox_free(struct mailbox *mailbox)
{
    buffer_free(&mailbox->phrase);
    buffer_free(&mailbox->comment);
    buffer_free(&mailbox->angle);
}

static bool is_local_sign(uint8_t byte, bool bare)
{
    if (isalnum(byte) || byte == '.' || byte == '-' || byte == '_')
        return true;
    return !bare && byte && strchr("!#$%&'*+/=?^`{|}~", byte);
}

/* local@domain, or a bare local part (MAILER-DAEMON). Dots may stand anywhere in the local part, as
 * Japanese carriers give them out. */
static bool is_address(struct bytes text)
{
    if (!text.length || text.length > ADDRESS_BYTES || !mime_is_plain(text) ||
        bytes_find(text, 0, "=?") != SIZE_MAX)
        return false;
    size_t at = bytes_find(text, 0, "@");
    bool bare = at == SIZE_MAX;
    at = bare ? text.length : at;
    for (size_t i = 0; i < at; i++) {
        if (!is_local_sign(text.data[i], bare))
            return false;
    }
    for (size_t i = at + 1; i < text.length; i++) {
        if (!isalnum(text.data[i]) && !strchr("-._[]:", text.data[i]))
            return false;
    }
    return bare || (at > 0 && at + 1 < text.length);
}

/* Appends text without the white space at its ends; inside an angle, without any. */
static void append_tight(struct bytes text, bool angle, struct buffer *out)
{
    while (text.length && isspace(text.data[text.length - 1]))
        text.length--;
    for (size_t i = 0; i < text.length; i++) {
        bool leading = out->length == 0;
        if (!isspace(text.data[i]) || !(angle || leading))
            buffer_append_byte(out, text.data[i]);
    }
}

static bool holds_ignoring_case(struct bytes text, struct bytes part)
{
    for (size_t i = 0; i + part.length <= text.length; i++) {
        if (!strncasecmp((const char *)text.data + i, (const char *)part.data, part.length))
            return true;
    }
    return false;
}

static bool has_at_sign(struct bytes name)
{
    return bytes_find(name, 0, "@") != SIZE_MAX || bytes_find(name, 0, "＠") != SIZE_MAX;
}

static void append_quoted(struct bytes text, struct buffer *out)
{
    buffer_append_byte(out, '"');
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            buffer_append_byte(out, '\\');
        buffer_append_byte(out, text.data[i]);
    }
    buffer_append_byte(out, '"');
}

static void append_name(struct bytes name, struct buffer *out)
{
    bool plain = mime_is_plain(name) && name.length <= PLAIN_NAME_BYTES &&
                 bytes_find(name, 0, "=?") == SIZE_MAX;
    bool bare = plain;
    for (size_t i = 0; i < name.length && bare; i++)
        bare = isalnum(name.data[i]) || name.data[i] == ' ' || name.data[i] == '-';
    if (bare)
        buffer_append_bytes(out, name);
    else if (plain)
        append_quoted(name, out);
    else
        mime_encode_phrase(name, out);
}

/* Writes the mailbox read so far, if there was one, and starts the next. */
static unsigned finish_mailbox(struct mailbox *mailbox, size_t start, struct buffer *out)
{
    AUTO_BUFFER address = {0}, decoded = {0}, name = {0};
    unsigned changes = 0;
    append_tight(buffer_bytes(mailbox->has_angle ? &mailbox->angle : &mailbox->phrase),
                 mailbox->has_angle, &address);
    bool good = is_address(buffer_bytes(&address));
    bool phrase_is_name = mailbox->has_angle || !good;
    bool deceives = mime_decode_phrase(
        buffer_bytes(phrase_is_name ? &mailbox->phrase : &mailbox->comment), &decoded);
    if (!decoded.length)
        deceives |= mime_decode_phrase(buffer_bytes(&mailbox->comment), &decoded);
    deceives |= lookalike_append_plain(buffer_bytes(&decoded), &name);
    if (deceives)
        changes |= MAIL_FIELD_LOOKALIKE;
    if (good && has_at_sign(buffer_bytes(&name)) &&
        !holds_ignoring_case(buffer_bytes(&name), buffer_bytes(&address))) {
        /* The name shows another address than the one that the answer goes to. */
        changes |= MAIL_FIELD_LOOKALIKE;
        buffer_clear(&name);
    }
    if (mailbox->has_angle && !good && mailbox->angle.length)
        changes |= MAIL_FIELD_ADDRESS;
    mailbox_clear(mailbox);
    if (!good && !name.length)
        return changes;
    if (out->length > start)
        buffer_append_string(out, ",\r\n ");
    append_name(buffer_bytes(&name), out);
    if (!good) {
        buffer_append_string(out, ":;"); /* a group without members: a name, no address */
        return changes;
    }
    if (name.length)
        buffer_append_byte(out, ' ');
    buffer_append_byte(out, '<');
    buffer_append_bytes(out, buffer_bytes(&address));
    buffer_append_byte(out, '>');
    return changes;
}

/* Takes the rest of a quoted string, a comment or an angle, with escapes undone. */
static void take_until(struct cursor *cursor, char open, char close, struct buffer *into)
{
    unsigned depth = 1;
    while (cursor_remaining(cursor)) {
        uint8_t byte = cursor_u8(cursor);
        if (byte == '\\' && cursor_remaining(cursor) && open != '<') {
            buffer_append_byte(into, cursor_u8(cursor));
            continue;
        }
        depth += open == '(' && byte == '(';
        if (byte == (uint8_t)close && --depth == 0)
            return;
        buffer_append_byte(into, byte);
    }
}

/* True when an address stands before the end of the group that the cursor is in. */
static bool group_has_members(const struct cursor *cursor)
{
    size_t end = bytes_find(cursor->bytes, cursor->position, ";");
    return bytes_find(bytes_slice(cursor->bytes, 0, end), cursor->position, "@") != SIZE_MAX;
}

unsigned mail_field_append_addresses(struct bytes value, struct buffer *out)
{
    AUTO_BUFFER utf8 = {0};
    mime_decode_charset(value, (struct bytes){NULL, 0}, &utf8);
    struct cursor cursor = cursor_open(buffer_bytes(&utf8));
    struct mailbox mailbox = {0};
    size_t start = out->length;
    unsigned changes = 0;
    while (cursor_remaining(&cursor)) {
        uint8_t byte = cursor_u8(&cursor);
        switch (byte) {
        case '"':
            take_until(&cursor, '"', '"', &mailbox.phrase);
            break;
        case '(':
            take_until(&cursor, '(', ')', &mailbox.comment);
            break;
        case '<':
            take_until(&cursor, '<', '>', &mailbox.angle);
            mailbox.has_angle = true;
            break;
        case ':':
            /* The name of a group; it stays only when the group has no members. */
            if (group_has_members(&cursor))
                mailbox_clear(&mailbox);
            mailbox.has_angle = mailbox.phrase.length > 0; /* a name without an address */
            break;
        case ',':
        case ';':
            changes |= finish_mailbox(&mailbox, start, out);
            break;
        default:
            buffer_append_byte(&mailbox.phrase, byte);
        }
    }
    changes |= finish_mailbox(&mailbox, start, out);
    mailbox_free(&mailbox);
    return changes;
}
