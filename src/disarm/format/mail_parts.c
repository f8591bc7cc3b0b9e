/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which parts of a mail are texts, which are files, and which do not go on. */
#include "disarm/format/mail_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include "base/memory.h"
#include "disarm/format/character.h"
#include "disarm/format/container.h"
#include "disarm/format/file_name.h"
#include "disarm/format/format.h"
#include "disarm/format/html_text.h"
#include "disarm/format/mime_transfer.h"
#include "disarm/format/mime_words.h"
#include "disarm/format/name.h"

static struct mail_item *add_item(struct mail_items *items, enum mail_item_kind kind)
{
    if ((items->count & (items->count - 1)) == 0)
        items->items =
            memory_resize(items->items, items->count ? items->count * 2 : 1, sizeof *items->items);
    items->items[items->count] = (struct mail_item){.kind = kind};
    return &items->items[items->count++];
}

void mail_items_free(struct mail_items *items)
{
    for (size_t i = 0; i < items->count; i++)
        mail_item_free(&items->items[i]);
    free(items->items);
    *items = (struct mail_items){0};
}

static bool is_type(const struct mime_part *part, const char *prefix)
{
    return !strncmp(part->type, prefix, strlen(prefix));
}

/* Types of parts that do not go on, with the reason. */
static const struct {
    const char *type;
    const char *kind, *reason;
} dropped_types[] = {
    {"application/ms-tnef", "file", "mail_tnef"},
    {"application/pgp-encrypted", "encryption", "mail_encrypted"},
    {"application/pgp-signature", "signature", "mail_signature"},
    {"application/pkcs7-mime", "encryption", "mail_encrypted"},
    {"application/pkcs7-signature", "signature", "mail_signature"},
    {"application/vnd.ms-tnef", "file", "mail_tnef"},
    {"application/x-pkcs7-mime", "encryption", "mail_encrypted"},
    {"application/x-pkcs7-signature", "signature", "mail_signature"},
    {"message/external-body", "remote_content", "mail_remote"},
    {"message/partial", "mail_part", "mail_partial"},
    {"multipart/encrypted", "encryption", "mail_encrypted"},
};

/* True when the part is of a type that does not go on; a row says so. */
static bool drop_by_type(struct job *job, const struct mime_part *part)
{
    for (size_t i = 0; i < sizeof dropped_types / sizeof *dropped_types; i++) {
        if (strcmp(part->type, dropped_types[i].type))
            continue;
        job_record(job, part->type, dropped_types[i].kind, RECEIPT_DROPPED, dropped_types[i].reason,
                   part->body.length, 0);
        return true;
    }
    return false;
}

/* Appends the safe form of the name that a part gives itself; false when it has none. */
static bool append_file_name(struct job *job, const struct mime_part *part, struct buffer *name)
{
    AUTO_BUFFER raw = {0};
    if (!mime_parameter(mime_field_value(part, "Content-Disposition"), "filename", &raw))
        mime_parameter(mime_field_value(part, "Content-Type"), "name", &raw);
    if (!raw.length)
        return false;
    AUTO_BUFFER path = {0};
    unsigned changes = file_path_clean(buffer_bytes(&raw), &path);
    while (path.length && path.data[path.length - 1] == '/')
        path.length--;
    if (!path.length)
        return false;
    const char *slash = strrchr(buffer_string(&path), '/');
    buffer_append_string(name, slash ? slash + 1 : buffer_string(&path));
    if (slash)
        changes |= FILE_NAME_TRAVERSAL;
    file_name_record(job, buffer_string(name), changes);
    return true;
}

static bool is_attachment(const struct mime_part *part)
{
    struct bytes value = mime_field_value(part, "Content-Disposition");
    while (value.length && isspace(value.data[0]))
        value = bytes_slice(value, 1, value.length);
    return value.length >= 10 && !strncasecmp((const char *)value.data, "attachment", 10);
}

/* Adds a disarmed file; one that is refused is dropped with the row that the refusal made. */
static int add_file(struct job *job, const char *name, const char *type, struct bytes data,
                    struct mail_items *items, struct error *error)
{
    if (items->names_only) {
        buffer_append_string(&add_item(items, MAIL_ATTACHMENT)->name, name);
        job_record(job, name, "file", RECEIPT_DROPPED, "mail_text_only", data.length, 0);
        return 0;
    }
    AUTO_BUFFER made = {0}, raw = {0};
    const struct format *format;
    struct error own = {0};
    if (job_use_unpacked(job, data.length, 0, error))
        return -1;
    bool vague = !strcmp(type, "application/octet-stream") || !strncmp(type, "text/", 5);
    if (job_disarm_attachment(job, name, name, vague ? NULL : type, data, &made, &format, &own)) {
        if (!container_ends(own.code))
            return 0;
        *error = own;
        return -1;
    }
    bool message = !strcmp(format->name, "eml");
    struct mail_item *item = add_item(items, message ? MAIL_MESSAGE : MAIL_ATTACHMENT);
    item->media_type = format->media_type;
    name_append_output(&raw, name, format);
    file_name_clean(buffer_bytes(&raw), &item->name);
    buffer_append_bytes(&item->data, buffer_bytes(&made));
    return 0;
}

static int add_attachment(struct job *job, const struct mime_part *part, const char *fallback_name,
                          struct mail_items *items, struct error *error)
{
    AUTO_BUFFER name = {0}, data = {0};
    if (!append_file_name(job, part, &name))
        buffer_append_string(&name, fallback_name);
    mime_decode_body(part, &data);
    if (!strcasecmp(buffer_string(&name), "winmail.dat")) {
        job_record(job, buffer_string(&name), "file", RECEIPT_DROPPED, "mail_tnef", data.length, 0);
        return 0;
    }
    return add_file(job, buffer_string(&name), part->type, buffer_bytes(&data), items, error);
}

/* Takes uuencoded files out of a text, also those that only the taking brings together. */
static int take_uuencoded(struct job *job, struct buffer *text, struct mail_items *items,
                          struct error *error)
{
    AUTO_BUFFER data = {0};
    size_t begin, end;
    struct bytes raw;
    while (mime_find_uuencoded(buffer_bytes(text), 0, &begin, &end, &raw, &data)) {
        AUTO_BUFFER decoded = {0}, name = {0};
        if (job_use_members(job, 1, error))
            return -1;
        mime_decode_words(raw, &decoded);
        file_name_record(job, NULL, file_name_clean(buffer_bytes(&decoded), &name));
        memmove(text->data + begin, text->data + end, text->length - end);
        text->length -= end - begin;
        if (add_file(job, buffer_string(&name), "application/octet-stream", buffer_bytes(&data),
                     items, error))
            return -1;
        buffer_clear(&data);
    }
    return 0;
}

/* The text of a part as UTF-8; HTML as the text that its reader sees. */
static void decode_text(struct job *job, const struct mime_part *part, struct buffer *text)
{
    AUTO_BUFFER bytes = {0}, charset = {0}, utf8 = {0}, plain = {0};
    struct character_counts counts = {0};
    mime_decode_body(part, &bytes);
    mime_parameter(mime_field_value(part, "Content-Type"), "charset", &charset);
    mime_decode_charset(buffer_bytes(&bytes), buffer_bytes(&charset), &utf8);
    bool html = is_type(part, "text/html");
    if (html)
        html_append_text(buffer_bytes(&utf8), &plain);
    character_clean(buffer_bytes(html ? &plain : &utf8), text, &counts);
    character_record(job, NULL, &counts);
    if (html)
        job_record(job, part->type, "mail_body", RECEIPT_REWRITTEN, "mail_html", bytes.length,
                   text->length);
    else
        job_record(job, part->type, "mail_body", RECEIPT_KEPT, NULL, bytes.length, text->length);
}

static int add_text(struct job *job, const struct mime_part *part, struct mail_items *items,
                    struct error *error)
{
    AUTO_BUFFER text = {0};
    size_t place = items->count;
    add_item(items, MAIL_TEXT);
    decode_text(job, part, &text);
    if (take_uuencoded(job, &text, items, error))
        return -1;
    buffer_append_bytes(&items->items[place].data, buffer_bytes(&text));
    return 0;
}

static bool is_text(const struct mime_part *part)
{
    /* Reports for machines are text, and people read them too. */
    return is_type(part, "text/") || is_type(part, "message/") ||
           (is_type(part, "multipart/") && !part->child_count);
}

static bool has_name(const struct mime_part *part)
{
    AUTO_BUFFER name = {0};
    return mime_parameter(mime_field_value(part, "Content-Disposition"), "filename", &name) ||
           mime_parameter(mime_field_value(part, "Content-Type"), "name", &name);
}

/* A mail in the mail. Reports announce one and then hold a remark only: that is text. */
static bool is_mail(const struct mime_part *part)
{
    if (strcmp(part->type, "message/rfc822") && strcmp(part->type, "message/global"))
        return false;
    return part->transfer != MIME_TRANSFER_NONE || is_attachment(part) ||
           mime_begins_with_field(part->body);
}

static bool is_body(const struct mime_part *part)
{
    bool html = is_type(part, "text/html"); /* refused as a file, so that its text is better */
    return is_text(part) && !is_mail(part) && !is_attachment(part) && (html || !has_name(part));
}

/* True when a text part has more than white space. */
static bool is_written(const struct mime_part *part)
{
    AUTO_BUFFER bytes = {0};
    mime_decode_body(part, &bytes);
    for (size_t i = 0; i < bytes.length; i++) {
        if (!isspace(bytes.data[i]))
            return true;
    }
    return false;
}

/* The text to show of a part: the first written text/plain, else the first HTML, depth first. */
static const struct mime_part *find_text(const struct mime_part *part, const char *type)
{
    if (!part->child_count)
        return is_body(part) && !strcmp(part->type, type) && is_written(part) ? part : NULL;
    for (size_t i = 0; i < part->child_count; i++) {
        const struct mime_part *found = find_text(&part->children[i], type);
        if (found)
            return found;
    }
    return NULL;
}

static int collect(struct job *job, const struct mime_part *part, const struct mime_part *chosen,
                   struct mail_items *items, struct error *error);

/* Of several forms of one text, plain text goes on and HTML only where there is no other; pictures
 * that belong to a form go on as files. */
static int collect_alternative(struct job *job, const struct mime_part *part,
                               struct mail_items *items, struct error *error)
{
    const struct mime_part *chosen = find_text(part, "text/plain");
    if (!chosen)
        chosen = find_text(part, "text/html");
    for (size_t i = 0; i < part->child_count; i++) {
        if (collect(job, &part->children[i], chosen, items, error))
            return -1;
    }
    return 0;
}

/* chosen: inside an alternative, the only text that goes on; else NULL. */
static int collect(struct job *job, const struct mime_part *part, const struct mime_part *chosen,
                   struct mail_items *items, struct error *error)
{
    if (mime_field_count(part, "Content-Type") > 1)
        job_record(job, part->type, "mail_part", RECEIPT_REWRITTEN, "mail_doubled", 0, 0);
    if (drop_by_type(job, part))
        return 0;
    if (!strcmp(part->type, "multipart/alternative") && !chosen && part->child_count)
        return collect_alternative(job, part, items, error);
    for (size_t i = 0; i < part->child_count; i++) {
        if (collect(job, &part->children[i], chosen, items, error))
            return -1;
    }
    if (part->child_count)
        return 0;
    if (is_type(part, "multipart/"))
        job_record(job, part->type, "mail_part", RECEIPT_REWRITTEN, "mail_boundary",
                   part->body.length, 0);
    if (is_mail(part))
        return add_attachment(job, part, "message.eml", items, error);
    if (!is_body(part))
        return add_attachment(job, part, "attachment", items, error);
    if (chosen && part != chosen) {
        job_record(job, part->type, "mail_body", RECEIPT_DROPPED, "mail_alternative",
                   part->body.length, 0);
        return 0;
    }
    return add_text(job, part, items, error);
}

int mail_collect(struct job *job, const struct mime_part *part, struct mail_items *items,
                 struct error *error)
{
    return collect(job, part, NULL, items, error);
}
