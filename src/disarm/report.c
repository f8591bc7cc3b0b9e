/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing and reading the report of a worker. */
#include "disarm/report.h"

#include <stdio.h>

#include "base/ipc.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "disarm/format/refused.h"

enum {
    KEY_MAX = 40,
    PATH_MAX_BYTES = 16384,
    /* above the row limit a receipt adds up per kind, action and reason: so many pairs at most */
    ADDED_UP_ROWS = 2000,
};

/* Marks the begin of a report, so that a half-written one never looks whole. */
static const uint32_t REPORT_MAGIC = 0x524B5321;

static const char *format_name(const struct format *format)
{
    return format ? format->name : NULL;
}

/* Puts a text from a module, made UTF-8 and cut at a character when it is too long. */
static void put_text(struct buffer *message, const char *text, size_t limit)
{
    AUTO_BUFFER clean = {0};
    utf8_append_clean(&clean, bytes_of_string(text));
    if (clean.length > limit) {
        clean.length = limit;
        while (clean.length && !utf8_valid(buffer_bytes(&clean)))
            clean.length--;
    }
    ipc_put_string(message, buffer_string(&clean));
}

void report_encode(const struct report *report, const struct receipt *receipt,
                   struct buffer *message)
{
    ipc_put_u32(message, REPORT_MAGIC);
    ipc_put_string(message, format_name(report->input_format));
    ipc_put_string(message, format_name(report->output_format));
    ipc_put_string(message, report->reason.code);
    put_text(message, report->reason.where, sizeof report->reason.where - 1);
    put_text(message, report->reason.detail, sizeof report->reason.detail - 1);
    ipc_put_u32(message, (uint32_t)receipt->row_count);
    for (size_t i = 0; i < receipt->row_count; i++) {
        const struct receipt_row *row = &receipt->rows[i];
        put_text(message, row->path, PATH_MAX_BYTES);
        ipc_put_string(message, row->kind);
        ipc_put_u8(message, (uint8_t)row->action);
        ipc_put_string(message, row->reason);
        ipc_put_u64(message, row->count);
        ipc_put_u64(message, row->bytes_in);
        ipc_put_u64(message, row->bytes_out);
    }
}

/* A format by a name from a report; an unknown name fails the report. */
static const struct format *take_format(struct ipc_reader *reader)
{
    AUTO_FREE char *name = ipc_take_string(reader, KEY_MAX);
    if (!name)
        return NULL;
    const struct format *format = format_find(name);
    if (!format)
        format = refused_find(name);
    if (!format)
        ipc_fail(reader);
    return format;
}

/* Replaces control characters: these texts go to terminals and pages. */
static void clean_text(char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            *text = '?';
    }
}

static void take_reason(struct ipc_reader *reader, struct error *reason, char unknown[static 64])
{
    AUTO_FREE char *code = ipc_take_string(reader, KEY_MAX);
    *reason = (struct error){0};
    ipc_take_text(reader, reason->where, sizeof reason->where);
    ipc_take_text(reader, reason->detail, sizeof reason->detail);
    clean_text(reason->where);
    clean_text(reason->detail);
    if (!code)
        return;
    reason->code = message_known("error", code);
    if (!reason->code) {
        snprintf(unknown, 64, "error %.40s", code);
        ipc_fail(reader);
    }
}

/* Takes one row; the name of an unknown key is put into `unknown`. */
static void take_row(struct ipc_reader *reader, struct receipt *receipt, char unknown[static 64])
{
    AUTO_FREE char *path = ipc_take_string(reader, PATH_MAX_BYTES);
    AUTO_FREE char *kind = ipc_take_string(reader, KEY_MAX);
    uint8_t action = ipc_take_u8(reader);
    AUTO_FREE char *reason = ipc_take_string(reader, KEY_MAX);
    uint64_t count = ipc_take_u64(reader);
    uint64_t bytes_in = ipc_take_u64(reader), bytes_out = ipc_take_u64(reader);
    if (reader->cursor.failed || !path || !reason || !count || action >= RECEIPT_ACTION_COUNT) {
        ipc_fail(reader);
        return;
    }
    if (!message_known("kind", kind) ||
        (*reason && !message_known("reason", reason) && !message_known("error", reason))) {
        snprintf(unknown, 64, "kind %.20s, reason %.20s", kind ? kind : "", reason);
        ipc_fail(reader);
        return;
    }
    struct receipt_row row = {path, kind, reason, action, count, bytes_in, bytes_out};
    receipt_add_row(receipt, &row);
}

int report_decode(struct bytes message, uint64_t row_limit, struct report *report,
                  struct receipt *receipt, struct error *error)
{
    char unknown[64] = "";
    struct ipc_reader reader = ipc_reader_open(message);
    if (ipc_take_u32(&reader) != REPORT_MAGIC)
        ipc_fail(&reader);
    report->input_format = take_format(&reader);
    report->output_format = take_format(&reader);
    take_reason(&reader, &report->reason, unknown);
    uint32_t rows = ipc_take_u32(&reader);
    if (rows > row_limit + ADDED_UP_ROWS)
        ipc_fail(&reader);
    for (uint32_t i = 0; i < rows && !reader.cursor.failed; i++)
        take_row(&reader, receipt, unknown);
    /* done means a format was made; refused means a reason was given; never both */
    if (!report->reason.code == !report->output_format)
        ipc_fail(&reader);
    if (ipc_finished(&reader))
        return 0;
    clean_text(unknown);
    return error_set(error, "report_invalid", NULL, "%s", unknown);
}
