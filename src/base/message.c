/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking up and filling in messages. */
#include "base/message.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/message_table.h"

static int compare_key(const void *key, const void *message)
{
    return strcmp(key, ((const struct message *)message)->key);
}

const char *message_find(enum language language, const char *key)
{
    const struct message *found =
        bsearch(key, message_table, message_count, sizeof *message_table, compare_key);
    return found ? found->text[language] : NULL;
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

void message_append(struct buffer *out, enum language language, const char *key,
                    const struct message_value *values, size_t count)
{
    const char *rest = message_get(language, key);
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

void message_append_error(struct buffer *out, enum language language, const struct error *error)
{
    char key[96];
    snprintf(key, sizeof key, "error.%s", error->code ? error->code : "unknown");
    if (!message_find(language, key))
        snprintf(key, sizeof key, "error.unknown");
    const struct message_value values[] = {
        {"where", error->where},
        {"detail", error->detail},
        {"code", error->code ? error->code : "unknown"},
    };
    message_append(out, language, key, values, 3);
}
