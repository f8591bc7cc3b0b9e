/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Items of a plan in words for people. */
#include <stdio.h>
#include <string.h>

#include "adoption/plan.h"

/* Appends the name of a zone, or its id when the plan does not have it. */
static void append_zone(const struct adoption_plan *plan, const char *id, struct buffer *out)
{
    AUTO_BUFFER key = {0};
    buffer_append_format(&key, "zone/%s/name", id);
    const struct adoption_item *name = adoption_plan_find(plan, buffer_string(&key));
    buffer_append_string(out, name && *name->value ? name->value : id);
}

/* Appends what the item is about. */
static void append_subject(const struct adoption_plan *plan, const struct adoption_item *item,
                           enum language language, struct buffer *out)
{
    char from[IDENTITY_ZONE_SIZE], to[IDENTITY_ZONE_SIZE];
    AUTO_BUFFER key = {0};
    size_t first = strcspn(item->subject, "/");
    snprintf(from, sizeof from, "%.*s", (int)first, item->subject);
    if (setup_conduit_zones(item, from, to)) {
        append_zone(plan, from, out);
        buffer_append_string(out, " → ");
        append_zone(plan, to, out);
    } else if (item->kind == ADOPTION_ITEM_ZONE) {
        append_zone(plan, from, out);
    } else if (item->kind == ADOPTION_ITEM_ROLE) {
        buffer_append_format(&key, "adoption.role.%s", from);
        buffer_append_string(out, message_get(language, buffer_string(&key)));
    } else if (item->subject[first]) {
        const struct message_value values[] = {{"rank", from}};
        message_append(out, language, "adoption.subject.rank", values, 1);
    } else {
        return;
    }
    buffer_append_string(out, ": ");
}

void adoption_item_label(const struct adoption_plan *plan, const struct adoption_item *item,
                         enum language language, struct buffer *out)
{
    AUTO_BUFFER key = {0};
    append_subject(plan, item, language, out);
    buffer_append_format(&key, "adoption.item.%s.%s", adoption_item_kind_name(item->kind),
                         item->name);
    buffer_append_string(out, message_get(language, buffer_string(&key)));
}

/* ---- values ---- */

/* The unit of a number by the start of its name. */
static const struct {
    const char *start, *key;
} units[] = {
    {"days_kept", "adoption.unit.days"},
    {"lock_after", "adoption.unit.times"},
    {"lock_seconds", "adoption.unit.seconds"},
    {"password_days", "adoption.unit.days_none"},
    {"password_history", "adoption.unit.times"},
    {"password_length", "adoption.unit.characters"},
    {"password_strength", "adoption.unit.points"},
    {"password_uses", "adoption.unit.times_none"},
    {"periodic_months", "adoption.unit.months"},
    {"second_factor_privileged", "adoption.unit.flag"},
    {"session_", "adoption.unit.seconds"},
    {"years_kept", "adoption.unit.years"},
};

static bool append_number(const struct adoption_item *item, const char *value,
                          enum language language, struct buffer *out)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strncmp(item->name, units[i].start, strlen(units[i].start)) != 0)
            continue;
        AUTO_BUFFER key = {0};
        bool none = strcmp(value, "0") == 0;
        bool minutes = strstr(units[i].key, "seconds") && strtoll(value, NULL, 10) % 60 == 0;
        char number[24];
        snprintf(number, sizeof number, "%lld", strtoll(value, NULL, 10) / (minutes ? 60 : 1));
        buffer_append_format(
            &key, "%s%s", minutes ? "adoption.unit.minutes" : units[i].key,
            none && (strstr(units[i].key, "none") || strstr(units[i].key, "flag")) ? ".zero" : "");
        const struct message_value values[] = {{"number", number}};
        message_append(out, language, buffer_string(&key), values, 1);
        return true;
    }
    return false;
}

/* Words for machines become words for people, one by one. */
static bool append_words(const struct adoption_item *item, const char *value,
                         enum language language, struct buffer *out)
{
    bool any = false;
    if (item->kind != ADOPTION_ITEM_ZONE && item->kind != ADOPTION_ITEM_CONDUIT)
        return false;
    for (const char *at = value; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        AUTO_BUFFER key = {0};
        buffer_append_format(&key, "adoption.value.%s.%.*s", item->name, (int)length, at);
        const char *words = message_find(language, buffer_string(&key));
        if (!words) {
            buffer_clear(&key);
            buffer_append_format(&key, "adoption.value.%.*s", (int)length, at);
            words = message_find(language, buffer_string(&key));
        }
        if (!words)
            return any;
        buffer_append_format(out, "%s%s", any ? message_get(language, "adoption.list") : "", words);
        any = true;
        at += length;
    }
    return any;
}

void adoption_item_value(const struct adoption_plan *plan, const struct adoption_item *item,
                         const char *value, enum language language, struct buffer *out)
{
    (void)plan;
    if (!append_number(item, value, language, out) && !append_words(item, value, language, out))
        buffer_append_string(out, value);
}
