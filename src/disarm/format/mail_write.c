/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MIME entities, their file names (RFC 2231) and the boundary between them. */
#include "disarm/format/mail_write.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "disarm/format/mime_transfer.h"
#include "disarm/format/mime_words.h"

/* Longest line of a text that goes out as it is (RFC 5322 allows 998). */
#define LINE_BYTES 900u

void mail_item_free(struct mail_item *item)
{
    buffer_free(&item->name);
    buffer_free(&item->data);
}

/* True for short ASCII lines, which need no transfer encoding. */
static bool is_seven_bit(struct bytes text)
{
    size_t run = 0;
    for (size_t i = 0; i < text.length; i++) {
        run = text.data[i] == '\n' ? 0 : run + 1;
        if (text.data[i] >= 0x80 || run > LINE_BYTES)
            return false;
    }
    return true;
}

/* Line ends of any kind as CRLF, which text in a mail has. */
static void append_canonical(struct bytes text, struct buffer *out)
{
    for (size_t i = 0; i < text.length; i++) {
        bool pair = text.data[i] == '\r' && i + 1 < text.length && text.data[i + 1] == '\n';
        if (text.data[i] != '\r' && text.data[i] != '\n') {
            buffer_append_byte(out, text.data[i]);
            continue;
        }
        buffer_append_string(out, "\r\n");
        i += pair;
    }
}

static void append_text(struct bytes text, struct buffer *out)
{
    AUTO_BUFFER lines = {0};
    append_canonical(text, &lines);
    bool plain = is_seven_bit(buffer_bytes(&lines));
    buffer_append_format(out,
                         "Content-Type: text/plain; charset=UTF-8\r\n"
                         "Content-Transfer-Encoding: %s\r\n\r\n",
                         plain ? "7bit" : "base64");
    if (plain)
        buffer_append_bytes(out, buffer_bytes(&lines));
    else
        mime_encode_base64(buffer_bytes(&lines), true, out);
}

/* filename="a.txt", or filename*=UTF-8''… when the name is not plain ASCII (RFC 2231 section 4). */
static void append_name(struct bytes name, struct buffer *out)
{
    bool plain = mime_is_plain(name) && bytes_find(name, 0, "=?") == SIZE_MAX;
    for (size_t i = 0; i < name.length && plain; i++)
        plain = name.data[i] != '"' && name.data[i] != '\\';
    if (plain) {
        buffer_append_format(out, "filename=\"%.*s\"", (int)name.length, (const char *)name.data);
        return;
    }
    buffer_append_string(out, "filename*=UTF-8''");
    for (size_t i = 0; i < name.length; i++) {
        uint8_t byte = name.data[i];
        if (byte < 0x80 && (isalnum(byte) || byte == '.' || byte == '-' || byte == '_'))
            buffer_append_byte(out, byte);
        else
            buffer_append_format(out, "%%%02X", byte);
    }
}

static void append_file(const struct mail_item *item, struct buffer *out)
{
    bool message = item->kind == MAIL_MESSAGE;
    buffer_append_format(out,
                         "Content-Type: %s\r\n"
                         "Content-Transfer-Encoding: %s\r\n"
                         "Content-Disposition: attachment;\r\n ",
                         message ? "message/rfc822" : item->media_type,
                         message ? "7bit" : "base64");
    append_name(buffer_bytes(&item->name), out);
    buffer_append_string(out, "\r\n\r\n");
    if (message)
        buffer_append_bytes(out, buffer_bytes(&item->data));
    else
        mime_encode_base64(buffer_bytes(&item->data), true, out);
}

static void append_entity(const struct mail_item *item, struct buffer *out)
{
    if (item->kind == MAIL_TEXT)
        append_text(buffer_bytes(&item->data), out);
    else
        append_file(item, out);
}

/* FNV-1a over the entities: the same content gives the same boundary. */
static uint64_t hash(uint64_t value, struct bytes bytes)
{
    for (size_t i = 0; i < bytes.length; i++)
        value = (value ^ bytes.data[i]) * UINT64_C(0x100000001B3);
    return value;
}

/* A boundary that stands in none of the entities. */
static void choose_boundary(const struct buffer *entities, size_t count, char boundary[40])
{
    uint64_t value = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < count; i++)
        value = hash(value, buffer_bytes(&entities[i]));
    bool found = true;
    for (uint64_t attempt = 0; found; attempt++) {
        snprintf(boundary, 40, "=_sekisho_%016" PRIx64, value + attempt);
        found = false;
        for (size_t i = 0; i < count && !found; i++)
            found = bytes_find(buffer_bytes(&entities[i]), 0, boundary) != SIZE_MAX;
    }
}

static void append_multipart(const struct mail_item *items, size_t count, struct buffer *out)
{
    AUTO_FREE struct buffer *entities = memory_allocate(count, sizeof *entities);
    char boundary[40];
    for (size_t i = 0; i < count; i++)
        append_entity(&items[i], &entities[i]);
    choose_boundary(entities, count, boundary);
    buffer_append_format(out, "Content-Type: multipart/mixed;\r\n boundary=\"%s\"\r\n\r\n",
                         boundary);
    for (size_t i = 0; i < count; i++) {
        buffer_append_format(out, "--%s\r\n", boundary);
        buffer_append_bytes(out, buffer_bytes(&entities[i]));
        buffer_append_string(out, "\r\n");
        buffer_free(&entities[i]);
    }
    buffer_append_format(out, "--%s--\r\n", boundary);
}

void mail_write_body(const struct mail_item *items, size_t count, struct buffer *out)
{
    static const struct mail_item nothing = {.kind = MAIL_TEXT};
    buffer_append_string(out, "MIME-Version: 1.0\r\n");
    if (count > 1 || (count == 1 && items[0].kind != MAIL_TEXT))
        append_multipart(items, count, out);
    else
        append_entity(count ? items : &nothing, out);
}
