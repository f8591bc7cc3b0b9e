/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mail module: the list of header fields that go on, and the two forms that a mail can take. */
#include "disarm/format/mail.h"

#include <strings.h>

#include "disarm/format/mail_field.h"
#include "disarm/format/mail_parts.h"
#include "disarm/format/mime_words.h"

typedef unsigned field_writer(struct bytes value, struct buffer *out);

/* The fields of a mail, in the order in which they are written. Each goes on once. */
static const struct listed_field {
    const char *name;
    field_writer *write;
} listed_fields[] = {
    {"Date", mail_field_append_date},
    {"From", mail_field_append_addresses},
    {"Sender", mail_field_append_addresses},
    {"Reply-To", mail_field_append_addresses},
    {"To", mail_field_append_addresses},
    {"Cc", mail_field_append_addresses},
    {"Subject", mail_field_append_text},
    {"Message-ID", mail_field_append_identifiers},
    {"In-Reply-To", mail_field_append_identifiers},
    {"References", mail_field_append_identifiers},
};

#define LISTED_COUNT (sizeof listed_fields / sizeof *listed_fields)

/* Fields of MIME, which are written anew with the parts. */
static bool is_mime_field(struct bytes name)
{
    static const char *const names[] = {"MIME-Version", "Content-Type", "Content-Transfer-Encoding",
                                        "Content-Disposition"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (name.length == strlen(names[i]) &&
            !strncasecmp((const char *)name.data, names[i], name.length))
            return true;
    }
    return false;
}

static bool is_listed(struct bytes name)
{
    for (size_t i = 0; i < LISTED_COUNT; i++) {
        if (name.length == strlen(listed_fields[i].name) &&
            !strncasecmp((const char *)name.data, listed_fields[i].name, name.length))
            return true;
    }
    return is_mime_field(name);
}

static void record_changes(struct job *job, const char *name, unsigned changes, size_t bytes_in,
                           size_t bytes_out)
{
    enum receipt_action action = bytes_out ? RECEIPT_REWRITTEN : RECEIPT_DROPPED;
    if (changes & MAIL_FIELD_LOOKALIKE)
        job_record(job, name, "mail_field", action, "mail_lookalike", bytes_in, bytes_out);
    if (changes & MAIL_FIELD_ADDRESS)
        job_record(job, name, "mail_field", action, "mail_address", bytes_in, bytes_out);
    if (changes & MAIL_FIELD_BROKEN)
        job_record(job, name, "mail_field", action, "mail_broken", bytes_in, bytes_out);
    if (!changes)
        job_record(job, name, "mail_field", RECEIPT_KEPT, NULL, bytes_in, bytes_out);
}

/* Writes the listed fields and records those that stay behind. */
static void write_fields(struct job *job, const struct mime_part *mail, struct buffer *out)
{
    for (size_t i = 0; i < LISTED_COUNT; i++) {
        const struct listed_field *field = &listed_fields[i];
        AUTO_BUFFER value = {0};
        size_t count = mime_field_count(mail, field->name);
        if (!count)
            continue;
        struct bytes old = mime_field_value(mail, field->name);
        unsigned changes = field->write(old, &value);
        record_changes(job, field->name, changes, old.length, value.length);
        if (count > 1)
            job_record(job, field->name, "mail_field", RECEIPT_DROPPED, "mail_doubled", 0, 0);
        if (value.length) {
            buffer_append_format(out, "%s: ", field->name);
            buffer_append_bytes(out, buffer_bytes(&value));
            buffer_append_string(out, "\r\n");
        }
    }
    for (size_t i = 0; i < mail->field_count; i++) {
        AUTO_BUFFER name = {0};
        buffer_append_bytes(&name, mail->fields[i].name);
        if (!is_listed(mail->fields[i].name))
            job_record(job, buffer_string(&name), "mail_field", RECEIPT_DROPPED, "mail_unlisted",
                       mail->fields[i].value.length, 0);
    }
}

/* Mails of very old systems end their lines with CR alone: brought to LF, in a copy. */
static struct bytes settle_lines(struct bytes in, struct buffer *copy)
{
    if (bytes_find(in, 0, "\n") != SIZE_MAX)
        return in;
    buffer_append_bytes(copy, in);
    for (size_t i = 0; i < copy->length; i++) {
        if (copy->data[i] == '\r')
            copy->data[i] = '\n';
    }
    return buffer_bytes(copy);
}

static int open_mail(struct job *job, struct bytes in, struct mime_part *mail, struct error *error)
{
    const uint64_t limit = job->options->limits.members - job->usage->members;
    uint64_t parts_left = limit;
    while (in.length && strchr("\r\n", in.data[0]) && in.data[0])
        in = bytes_slice(in, 1, in.length);
    if (mime_read(in, "text/plain", 0, &parts_left, mail, error))
        return -1;
    if (!mail->field_count)
        return error_set(error, "mail_no_fields", job->path, "%s", "");
    return job_use_members(job, limit - parts_left, error);
}

int mail_rebuild(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_BUFFER copy = {0};
    struct mime_part mail = {0};
    struct mail_items items = {0};
    size_t start = out->length;
    int failed = open_mail(job, settle_lines(in, &copy), &mail, error) ||
                 mail_collect(job, &mail, &items, error);
    if (!failed) {
        write_fields(job, &mail, out);
        mail_write_body(items.items, items.count, out);
        job_record(job, NULL, "mail", RECEIPT_REWRITTEN, NULL, in.length, out->length - start);
    }
    mail_items_free(&items);
    mime_close(&mail);
    return failed ? -1 : 0;
}

/* The lines of a summary, with their names in both languages. */
static const struct {
    const char *name, *label;
} summary[] = {
    {"Date", "日付 / Date"}, {"From", "差出人 / From"},     {"To", "宛先 / To"},
    {"Cc", "写し / Cc"},     {"Subject", "件名 / Subject"},
};

static void write_summary(const struct mime_part *mail, struct buffer *out)
{
    for (size_t i = 0; i < sizeof summary / sizeof *summary; i++) {
        AUTO_BUFFER value = {0};
        mime_decode_words(mime_field_value(mail, summary[i].name), &value);
        if (!value.length)
            continue;
        buffer_append_format(out, "%s: ", summary[i].label);
        buffer_append_bytes(out, buffer_bytes(&value));
        buffer_append_byte(out, '\n');
    }
}

static void append_lines(struct bytes text, struct buffer *out)
{
    for (size_t i = 0; i < text.length; i++) {
        bool before_lf = i + 1 < text.length && text.data[i + 1] == '\n';
        if (text.data[i] != '\r')
            buffer_append_byte(out, text.data[i]);
        else if (!before_lf)
            buffer_append_byte(out, '\n');
    }
}

int mail_extract(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_BUFFER copy = {0};
    struct mime_part mail = {0};
    struct mail_items items = {.names_only = true};
    size_t start = out->length;
    int failed = open_mail(job, settle_lines(in, &copy), &mail, error) ||
                 mail_collect(job, &mail, &items, error);
    if (!failed)
        write_summary(&mail, out);
    for (size_t i = 0; i < items.count && !failed; i++) {
        if (items.items[i].kind == MAIL_TEXT) {
            buffer_append_byte(out, '\n');
            append_lines(buffer_bytes(&items.items[i].data), out);
            continue;
        }
        buffer_append_string(out, "\n添付 / Attachment: ");
        buffer_append_bytes(out, buffer_bytes(&items.items[i].name));
        buffer_append_byte(out, '\n');
    }
    if (!failed)
        job_record(job, NULL, "mail", RECEIPT_REWRITTEN, NULL, in.length, out->length - start);
    mail_items_free(&items);
    mime_close(&mail);
    return failed ? -1 : 0;
}
