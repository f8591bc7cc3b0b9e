/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/journal_words.h"

#include <string.h>

#include "identity/people.h"

/* Keeps words under what they stand for. */
static const char *keep(json_t *names, const char *code, const char *words)
{
    json_object_set_new(names, code, json_string(words));
    return json_string_value(json_object_get(names, code));
}

const char *journal_action_words(const struct web_request *request, json_t *names,
                                 const char *action)
{
    AUTO_BUFFER key = {0};
    const char *kept = json_string_value(json_object_get(names, action)), *known;
    if (kept)
        return kept;
    for (const char *at = action; *at; at++)
        buffer_append_byte(&key, *at == '.' ? '_' : (uint8_t)*at);
    known = message_known("action", buffer_string(&key));
    if (!known)
        return keep(names, action, action);
    buffer_clear(&key);
    buffer_append_format(&key, "action.%s", known);
    return keep(names, action, message_get(request->language, buffer_string(&key)));
}

/* Appends the name of a person; false when nobody has that number. */
static bool append_person(struct web_request *request, struct buffer *out, const char *number)
{
    int64_t id = request_number(number);
    return id > 0 && identity_person_name(request->store, id, out, NULL) == 1;
}

const char *journal_object_words(struct web_request *request, json_t *names, const char *object)
{
    AUTO_BUFFER kind = {0}, words = {0};
    const char *kept = json_string_value(json_object_get(names, object));
    const char *slash = strchr(object, '/');
    if (kept)
        return kept;
    buffer_append(&kind, object, slash ? (size_t)(slash - object) : strlen(object));
    const char *known = message_known("object", buffer_string(&kind));
    if (slash && !strcmp(buffer_string(&kind), "person") &&
        append_person(request, &words, slash + 1))
        return keep(names, object, buffer_string(&words));
    if (!known)
        return keep(names, object, object);
    AUTO_BUFFER key = {0};
    buffer_append_format(&key, "object.%s", known);
    buffer_append_string(&words, message_get(request->language, buffer_string(&key)));
    if (slash)
        buffer_append_format(&words, " %s", slash + 1);
    return keep(names, object, buffer_string(&words));
}
