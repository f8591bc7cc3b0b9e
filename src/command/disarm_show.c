/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Receipts and formats for people. */
#include "command/disarm_show.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/quantity.h"
#include "command/command.h"

enum { GROUPS_SHOWN = 12 };

/* The rows of a receipt that agree in action, kind and reason. */
struct group {
    enum receipt_action action;
    const char *kind, *reason;
    uint64_t count;
};

static void add_to_group(struct group *groups, size_t *count, const struct receipt_row *row)
{
    for (size_t i = 0; i < *count; i++) {
        if (groups[i].action == row->action && !strcmp(groups[i].kind, row->kind) &&
            !strcmp(groups[i].reason, row->reason)) {
            groups[i].count += row->count;
            return;
        }
    }
    groups[(*count)++] = (struct group){row->action, row->kind, row->reason, row->count};
}

static int compare_groups(const void *a, const void *b)
{
    const struct group *one = a, *other = b;
    if (one->action != other->action)
        return one->action > other->action ? -1 : 1; /* dropped first */
    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    int kind = strcmp(one->kind, other->kind);
    return kind ? kind : strcmp(one->reason, other->reason);
}

/* The text of a reason: its own, or that of the error that was the reason. */
static void append_reason(struct buffer *out, enum language language, const char *reason)
{
    AUTO_BUFFER key = {0};
    buffer_append_format(&key, "reason.%s", reason);
    const char *text = message_find(language, buffer_string(&key));
    if (text) {
        buffer_append_string(out, text);
        return;
    }
    struct error error;
    error_set(&error, reason, "", "%s", "");
    message_append_error(out, language, &error);
}

static void append_group(struct buffer *out, enum language language, const struct group *group)
{
    AUTO_BUFFER kind = {0}, action = {0}, number = {0}, reason = {0};
    buffer_append_format(&kind, "kind.%s", group->kind);
    buffer_append_format(&action, "action.%s", receipt_action_name(group->action));
    buffer_append_format(&number, "%" PRIu64, group->count);
    if (*group->reason)
        append_reason(&reason, language, group->reason);
    struct message_value values[] = {
        {"action", message_get(language, buffer_string(&action))},
        {"kind", message_get(language, buffer_string(&kind))},
        {"count", buffer_string(&number)},
        {"reason", buffer_string(&reason)},
    };
    buffer_append_string(out, "    ");
    message_append(out, language, *group->reason ? "disarm.group_reason" : "disarm.group", values,
                   4);
    buffer_append_byte(out, '\n');
}

static void append_groups(struct buffer *out, enum language language, const struct receipt *receipt)
{
    AUTO_FREE struct group *groups = memory_allocate(receipt->row_count + 1, sizeof *groups);
    size_t count = 0;
    for (size_t i = 0; i < receipt->row_count; i++)
        add_to_group(groups, &count, &receipt->rows[i]);
    qsort(groups, count, sizeof *groups, compare_groups);
    for (size_t i = 0; i < count && i < GROUPS_SHOWN; i++)
        append_group(out, language, &groups[i]);
    if (count > GROUPS_SHOWN) {
        AUTO_BUFFER number = {0};
        buffer_append_format(&number, "%zu", count - GROUPS_SHOWN);
        struct message_value values[] = {{"count", buffer_string(&number)}};
        buffer_append_string(out, "    ");
        message_append(out, language, "disarm.more_groups", values, 1);
        buffer_append_byte(out, '\n');
    }
}

void show_receipt(struct buffer *out, enum language language, const struct receipt *receipt)
{
    bool refused = receipt->verdict == RECEIPT_REFUSED;
    AUTO_BUFFER input = {0}, output = {0}, before = {0}, after = {0}, verdict = {0}, reason = {0};
    command_append_plain(&input, receipt->input.name ? receipt->input.name : "");
    command_append_plain(&output, receipt->output.name ? receipt->output.name : "");
    quantity_append_bytes(&before, receipt->input.size);
    quantity_append_bytes(&after, receipt->output.size);
    buffer_append_format(&verdict, "verdict.%s", receipt_verdict_name(receipt->verdict));
    if (refused) {
        AUTO_BUFFER sentence = {0};
        message_append_error(&sentence, language, &receipt->reason);
        command_append_plain(&reason, buffer_string(&sentence));
    }
    struct message_value values[] = {
        {"input", buffer_string(&input)},
        {"output", buffer_string(&output)},
        {"before", buffer_string(&before)},
        {"after", buffer_string(&after)},
        {"verdict", message_get(language, buffer_string(&verdict))},
        {"reason", buffer_string(&reason)},
    };
    message_append(out, language, refused ? "disarm.refused" : "disarm.done", values, 6);
    buffer_append_byte(out, '\n');
    append_groups(out, language, receipt);
}

static void append_formats_json(struct buffer *out)
{
    struct json_writer json = json_writer_open(out);
    struct disarm_format format;
    json_begin_array(&json);
    for (size_t i = 0; disarm_format_at(i, &format); i++) {
        json_begin_object(&json);
        json_member_string(&json, "name", format.name);
        json_member_string(&json, "media_type", format.media_type);
        json_member_string(&json, "extensions", format.extensions);
        json_member_string(&json, "output", format.output);
        json_key(&json, "treatments");
        json_begin_array(&json);
        for (int t = 0; t < DISARM_TREATMENT_COUNT; t++) {
            if (format.offers[t])
                json_text(&json, disarm_treatment_name(t));
        }
        json_end_array(&json);
        json_end_object(&json);
    }
    json_end_array(&json);
    buffer_append_byte(out, '\n');
}

void show_formats(struct buffer *out, enum language language, bool json)
{
    if (json) {
        append_formats_json(out);
        return;
    }
    struct disarm_format format;
    buffer_append_format(out, "%s\n", message_get(language, "disarm.formats_head"));
    for (size_t i = 0; disarm_format_at(i, &format); i++) {
        buffer_append_format(out, "%-6s %-8s %-8s %-5s %s\n", format.name,
                             format.offers[DISARM_REBUILD] ? "rebuild" : "-",
                             format.offers[DISARM_FLATTEN] ? "flatten" : "-",
                             format.offers[DISARM_TEXT] ? "text" : "-", format.extensions);
    }
}
