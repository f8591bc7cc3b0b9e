/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking up and filling in messages. */
#include "base/message.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/message_table.h"

/* Room for the longest key that comes from outside. */
enum { KNOWN_MAX = 64 };

static int compare_key(const void *key, const void *message)
{
    return strcmp(key, ((const struct message *)message)->key);
}

static const struct message *find(const char *key)
{
    return bsearch(key, message_table, message_count, sizeof *message_table, compare_key);
}

const char *message_find(enum language language, const char *key)
{
    const struct message *found = find(key);
    return found ? found->text[language] : NULL;
}

const char *message_known(const char *prefix, const char *key)
{
    char whole[KNOWN_MAX];
    if (!key || key[strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_")])
        return NULL;
    int length = snprintf(whole, sizeof whole, "%s.%s", prefix, key);
    if (length < 0 || length >= KNOWN_MAX)
        return NULL;
    const struct message *found = find(whole);
    return found ? found->key + strlen(prefix) + 1 : NULL;
}

const char *message_get(enum language language, const char *key)
{
    const char *text = message_find(language, key);
    return text ? text : key;
}

static const char *find_value(const struct message_value *values, size_t count, struct bytes name)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal_string(name, values[i].name))
            return values[i].value;
    }
    return NULL;
}

static void fill(struct buffer *out, const char *rest, const struct message_value *values,
                 size_t count)
{
    for (;;) {
        const char *open = strchr(rest, '{');
        const char *close = open ? strchr(open, '}') : NULL;
        if (!close)
            break;
        struct bytes name = {(const uint8_t *)open + 1, (size_t)(close - open - 1)};
        const char *value = find_value(values, count, name);
        buffer_append(out, rest, (size_t)((value ? open : close + 1) - rest));
        if (value)
            buffer_append_string(out, value);
        rest = close + 1;
    }
    buffer_append_string(out, rest);
}

void message_append(struct buffer *out, enum language language, const char *key,
                    const struct message_value *values, size_t count)
{
    fill(out, message_get(language, key), values, count);
}

/* Copies a text without its brackets around placeholders: there is nothing to fill them with. */
static void leave_out_brackets(struct buffer *out, const char *text)
{
    static const char *const pairs[][2] = {{"（", "）"}, {" (", ")"}};
    while (*text) {
        size_t skip = 0;
        for (size_t i = 0; i < 2; i++) {
            const char *brace = strchr(text, '{'), *close = strstr(text, pairs[i][1]);
            if (!strncmp(text, pairs[i][0], strlen(pairs[i][0])) && brace && close && brace < close)
                skip = (size_t)(close - text) + strlen(pairs[i][1]);
        }
        if (!skip)
            buffer_append_byte(out, (uint8_t)*text);
        text += skip ? skip : 1;
    }
}

void message_append_error(struct buffer *out, enum language language, const struct error *error)
{
    char key[96];
    snprintf(key, sizeof key, "error.%s", error->code ? error->code : "unknown");
    if (!message_find(language, key))
        snprintf(key, sizeof key, "error.unknown");
    const struct message_value values[] = {
        {"where", *error->where ? error->where : message_get(language, "error.no_place")},
        {"detail", error->detail},
        {"code", error->code ? error->code : "unknown"},
    };
    AUTO_BUFFER text = {0};
    if (*error->where || *error->detail || !strcmp(key, "error.unknown"))
        buffer_append_string(&text, message_get(language, key));
    else
        leave_out_brackets(&text, message_get(language, key));
    fill(out, buffer_string(&text), values, 3);
}
