/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The receipt of a file as a text that lies beside it, for who opens the folder. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/era.h"
#include "base/quantity.h"
#include "base/time.h"
#include "gate/folder_internal.h"

/* The order in which a reader wants to know. */
static const char *const actions[] = {"dropped", "rewritten", "kept"};

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void append_line(struct buffer *out, enum language language, const char *key,
                        const char *value)
{
    buffer_append_format(out, "%s: %s\n", message_get(language, key), value);
}

/* Name and size of the file before or after. */
static void append_file(struct buffer *out, enum language language, const char *key,
                        const json_t *file)
{
    AUTO_BUFFER line = {0};
    if (!json_is_object(file))
        return;
    buffer_append_format(&line, "%s (", text_of(file, "name"));
    quantity_append_bytes(&line, (uint64_t)json_integer_value(json_object_get(file, "size")));
    buffer_append_format(&line, ")\n    SHA-256 %s", text_of(file, "sha256"));
    append_line(out, language, key, buffer_string(&line));
}

static bool same_group(const json_t *one, const json_t *other)
{
    static const char *const names[] = {"action", "kind", "reason"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(text_of(one, names[i]), text_of(other, names[i])) != 0)
            return false;
    return true;
}

/* The sentence of a reason: its own, or that of the error that was the reason. */
static void append_reason(struct buffer *out, enum language language, const char *reason)
{
    AUTO_BUFFER key = {0};
    buffer_append_format(&key, "reason.%s", reason);
    const char *text = message_find(language, buffer_string(&key));
    const struct error error = {.code = message_known("error", reason)};
    if (text)
        buffer_append_string(out, text);
    else if (error.code)
        message_append_error(out, language, &error);
}

static void append_group(struct buffer *out, enum language language, const json_t *row,
                         int64_t count)
{
    AUTO_BUFFER kind = {0}, number = {0}, reason = {0};
    const char *why = text_of(row, "reason");
    buffer_append_format(&kind, "kind.%s", text_of(row, "kind"));
    const char *known = message_find(language, buffer_string(&kind));
    buffer_append_format(&number, "%lld", (long long)count);
    append_reason(&reason, language, why);
    const struct message_value values[] = {{"kind", known ? known : text_of(row, "kind")},
                                           {"count", buffer_string(&number)},
                                           {"reason", buffer_string(&reason)}};
    buffer_append_string(out, "    ");
    message_append(out, language, reason.length ? "folder.row_reason" : "folder.row", values, 3);
    buffer_append_byte(out, '\n');
}

/* The rows of one action, those that agree added up. */
static void append_action(struct buffer *out, enum language language, const json_t *rows,
                          const char *action)
{
    AUTO_BUFFER title = {0};
    bool any = false;
    size_t count = json_array_size(rows);
    buffer_append_format(&title, "folder.%s", action);
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(rows, i);
        int64_t sum = 0;
        bool first = !strcmp(text_of(row, "action"), action);
        for (size_t j = 0; first && j < i; j++)
            first = !same_group(row, json_array_get(rows, j));
        for (size_t j = i; first && j < count; j++)
            if (same_group(row, json_array_get(rows, j)))
                sum += json_integer_value(json_object_get(json_array_get(rows, j), "count"));
        if (!first)
            continue;
        if (!any)
            buffer_append_format(out, "%s\n", message_get(language, buffer_string(&title)));
        any = true;
        append_group(out, language, row, sum);
    }
}

void folder_append_receipt(struct buffer *out, enum language language, struct bytes json,
                           int64_t transfer, int64_t now)
{
    AUTO_BUFFER day = {0}, verdict = {0}, number = {0};
    json_t *receipt = json_loadb((const char *)json.data, json.length, 0, NULL);
    buffer_append_format(out, "%s\n\n", message_get(language, "folder.receipt"));
    era_append_date_in(&day, language, time_date_in_japan(now));
    buffer_append_format(&number, "%lld", (long long)transfer);
    append_line(out, language, "folder.transfer", buffer_string(&number));
    append_line(out, language, "folder.day", buffer_string(&day));
    append_file(out, language, "folder.input", json_object_get(receipt, "input"));
    append_file(out, language, "folder.output", json_object_get(receipt, "output"));
    buffer_append_format(&verdict, "verdict.%s", text_of(receipt, "verdict"));
    const char *known = message_find(language, buffer_string(&verdict));
    append_line(out, language, "folder.verdict", known ? known : "");
    buffer_append_byte(out, '\n');
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        append_action(out, language, json_object_get(receipt, "objects"), actions[i]);
    json_decref(receipt);
}
