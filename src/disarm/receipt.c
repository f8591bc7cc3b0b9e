/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building a receipt and writing it as JSON. */
#include "disarm/receipt.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/utf8.h"

const char *receipt_action_name(enum receipt_action action)
{
    static const char *const names[RECEIPT_ACTION_COUNT] = {"kept", "rewritten", "dropped"};
    return names[action];
}

const char *receipt_verdict_name(enum receipt_verdict verdict)
{
    static const char *const names[RECEIPT_VERDICT_COUNT] = {"rebuilt", "flattened", "text",
                                                             "refused"};
    return names[verdict];
}

const char *disarm_treatment_name(enum disarm_treatment treatment)
{
    static const char *const names[DISARM_TREATMENT_COUNT] = {"rebuild", "flatten", "text"};
    return names[treatment];
}

/* A copy of a path that is UTF-8 and has no control characters; the caller frees it. */
static char *clean_path(const char *path)
{
    AUTO_BUFFER clean = {0};
    utf8_append_clean(&clean, bytes_of_string(path));
    for (size_t i = 0; i < clean.length; i++) {
        if (clean.data[i] < 0x20 || clean.data[i] == 0x7F)
            clean.data[i] = '?';
    }
    return memory_copy_string(clean.data, clean.length);
}

static bool row_matches(const struct receipt_row *row, const char *path, const char *kind,
                        enum receipt_action action, const char *reason)
{
    return row->action == action && !strcmp(row->kind, kind) && !strcmp(row->reason, reason) &&
           !strcmp(row->path, path);
}

/* How far back an equal row is looked for: objects of one part come close together. */
enum { ROWS_LOOKED_BACK = 32 };

static struct receipt_row *find_row(const struct receipt *receipt, const char *path,
                                    const char *kind, enum receipt_action action,
                                    const char *reason, size_t look_back)
{
    for (size_t i = receipt->row_count; i-- > 0 && look_back-- > 0;) {
        if (row_matches(&receipt->rows[i], path, kind, action, reason))
            return &receipt->rows[i];
    }
    return NULL;
}

static struct receipt_row *append_row(struct receipt *receipt, const char *path, const char *kind,
                                      enum receipt_action action, const char *reason)
{
    if (receipt->row_count == receipt->row_capacity) {
        receipt->row_capacity = receipt->row_capacity ? receipt->row_capacity * 2 : 32;
        receipt->rows = memory_resize(receipt->rows, receipt->row_capacity, sizeof *receipt->rows);
    }
    struct receipt_row *row = &receipt->rows[receipt->row_count++];
    *row = (struct receipt_row){
        .path = memory_copy_string(path, strlen(path)),
        .kind = memory_copy_string(kind, strlen(kind)),
        .reason = memory_copy_string(reason, strlen(reason)),
        .action = action,
    };
    return row;
}

void receipt_add_row(struct receipt *receipt, const struct receipt_row *added)
{
    AUTO_FREE char *clean = clean_path(added->path);
    struct receipt_row *row =
        find_row(receipt, clean, added->kind, added->action, added->reason, ROWS_LOOKED_BACK);
    if (!row && receipt->row_limit && receipt->row_count >= receipt->row_limit) {
        *clean = '\0';
        row = find_row(receipt, "", added->kind, added->action, added->reason, SIZE_MAX);
    }
    if (!row)
        row = append_row(receipt, clean, added->kind, added->action, added->reason);
    row->count += added->count;
    row->bytes_in += added->bytes_in;
    row->bytes_out += added->bytes_out;
}

void receipt_add(struct receipt *receipt, const char *path, const char *kind,
                 enum receipt_action action, const char *reason, uint64_t bytes_in,
                 uint64_t bytes_out)
{
    struct receipt_row row = {
        .path = (char *)(uintptr_t)(path ? path : ""),
        .kind = (char *)(uintptr_t)kind,
        .reason = (char *)(uintptr_t)(reason ? reason : ""),
        .action = action,
        .count = 1,
        .bytes_in = bytes_in,
        .bytes_out = bytes_out,
    };
    receipt_add_row(receipt, &row);
}

static void write_file(struct json_writer *json, const struct receipt_file *file)
{
    json_begin_object(json);
    json_member_string(json, "name", file->name);
    json_member_unsigned(json, "size", file->size);
    char hex[2 * sizeof file->sha256 + 1];
    for (size_t i = 0; i < sizeof file->sha256; i++)
        snprintf(hex + 2 * i, 3, "%02x", file->sha256[i]);
    json_member_string(json, "sha256", hex);
    json_member_string(json, "type", file->type);
    json_end_object(json);
}

static void write_reason(struct json_writer *json, const struct error *reason)
{
    json_begin_object(json);
    json_member_string(json, "code", reason->code);
    json_member_string(json, "where", reason->where);
    for (int language = 0; language < LANGUAGE_COUNT; language++) {
        AUTO_BUFFER sentence = {0};
        message_append_error(&sentence, language, reason);
        json_member_string(json, language == LANGUAGE_JA ? "ja" : "en", buffer_string(&sentence));
    }
    json_end_object(json);
}

static void write_row(struct json_writer *json, const struct receipt_row *row)
{
    json_begin_object(json);
    json_member_string(json, "path", row->path);
    json_member_string(json, "kind", row->kind);
    json_member_string(json, "action", receipt_action_name(row->action));
    json_member_string(json, "reason", row->reason);
    json_member_unsigned(json, "count", row->count);
    json_member_unsigned(json, "bytes_in", row->bytes_in);
    json_member_unsigned(json, "bytes_out", row->bytes_out);
    json_end_object(json);
}

void receipt_write_json(const struct receipt *receipt, struct buffer *out)
{
    struct json_writer json = json_writer_open(out);
    json_begin_object(&json);
    json_key(&json, "input");
    write_file(&json, &receipt->input);
    json_member_string(&json, "treatment", disarm_treatment_name(receipt->treatment));
    json_member_string(&json, "verdict", receipt_verdict_name(receipt->verdict));
    if (receipt->verdict == RECEIPT_REFUSED) {
        json_key(&json, "reason");
        write_reason(&json, &receipt->reason);
    }
    json_key(&json, "objects");
    json_begin_array(&json);
    for (size_t i = 0; i < receipt->row_count; i++)
        write_row(&json, &receipt->rows[i]);
    json_end_array(&json);
    if (receipt->output.name) {
        json_key(&json, "output");
        write_file(&json, &receipt->output);
    }
    json_member_unsigned(&json, "elapsed_us", receipt->elapsed_us);
    json_end_object(&json);
}

void receipt_take_back(struct receipt *receipt, size_t count)
{
    while (receipt->row_count > count) {
        struct receipt_row *row = &receipt->rows[--receipt->row_count];
        free(row->path);
        free(row->kind);
        free(row->reason);
    }
}

void receipt_clear(struct receipt *receipt)
{
    receipt_take_back(receipt, 0);
    free(receipt->rows);
    free(receipt->input.name);
    free(receipt->input.type);
    free(receipt->output.name);
    free(receipt->output.type);
    *receipt = (struct receipt){0};
}
