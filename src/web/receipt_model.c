/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of a file, for people: objects of one kind and fate are one row. */
#include "web/receipt_model.h"

#include <string.h>

#include "base/hash.h"

enum { PATHS_SHOWN = 5 };

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static int64_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static void set_key(json_t *model, const char *name, const char *prefix, const char *word)
{
    AUTO_BUFFER key = {0};
    buffer_append_format(&key, "%s.%s", prefix, word);
    model_text(model, name, buffer_string(&key));
}

/* A reason is a key of its own or an error's code. */
static void set_reason(json_t *row, enum language language, const char *reason)
{
    AUTO_BUFFER key = {0}, sentence = {0};
    buffer_append_format(&key, "reason.%s", reason);
    const char *text = message_find(language, buffer_string(&key));
    const struct error error = {.code = message_known("error", reason)};
    if (!text && error.code)
        message_append_error(&sentence, language, &error);
    if (*reason)
        model_text(row, "reason", text ? text : buffer_string(&sentence));
}

static json_t *file_model(const json_t *file)
{
    json_t *model = json_object();
    model_text(model, "name", text_of(file, "name"));
    model_text(model, "type", text_of(file, "type"));
    model_text(model, "sha256", text_of(file, "sha256"));
    model_bytes(model, "size", number_of(file, "size"));
    return model;
}

static json_t *find_group(json_t *groups, const json_t *object)
{
    json_t *group;
    size_t i;
    json_array_foreach(groups, i, group)
    {
        if (!strcmp(text_of(group, "kind_of"), text_of(object, "kind")) &&
            !strcmp(text_of(group, "fate"), text_of(object, "action")) &&
            !strcmp(text_of(group, "why_of"), text_of(object, "reason")))
            return group;
    }
    return NULL;
}

static json_t *open_group(json_t *groups, enum language language, const json_t *object)
{
    json_t *group = json_object();
    model_text(group, "kind_of", text_of(object, "kind"));
    model_text(group, "fate", text_of(object, "action"));
    model_text(group, "why_of", text_of(object, "reason"));
    set_key(group, "kind", "kind", text_of(object, "kind"));
    model_text(group, "kind_name", message_get(language, text_of(group, "kind")));
    set_key(group, "action", "action", text_of(object, "action"));
    model_flag(group, "is_dropped", !strcmp(text_of(object, "action"), "dropped"));
    set_reason(group, language, text_of(object, "reason"));
    json_object_set_new(group, "paths", json_array());
    json_array_append_new(groups, group);
    return group;
}

static void add_number(json_t *model, const char *name, int64_t more)
{
    model_number(model, name, number_of(model, name) + more);
}

static void add_object(json_t *model, json_t *groups, enum language language, const json_t *object)
{
    json_t *group = find_group(groups, object);
    json_t *path = json_object_get(object, "path");
    int64_t count = number_of(object, "count");
    if (!group)
        group = open_group(groups, language, object);
    add_number(group, "count", count);
    add_number(group, "in", number_of(object, "bytes_in"));
    add_number(group, "out", number_of(object, "bytes_out"));
    add_number(model, text_of(object, "action"), count);
    json_t *paths = json_object_get(group, "paths");
    if (*text_of(object, "path") && json_array_size(paths) < PATHS_SHOWN)
        json_array_append(paths, path);
}

static void add_groups(json_t *model, enum language language, const json_t *objects)
{
    json_t *groups = json_array(), *object, *group;
    size_t i;
    json_array_foreach(objects, i, object)
    {
        add_object(model, groups, language, object);
    }
    json_array_foreach(groups, i, group)
    {
        model_bytes(group, "bytes_in", number_of(group, "in"));
        model_bytes(group, "bytes_out", number_of(group, "out"));
    }
    json_object_set_new(model, "groups", groups);
}

void receipt_append_digest(struct buffer *out, struct bytes receipt)
{
    uint8_t digest[HASH_BYTES];
    hash_sha256(receipt, digest);
    buffer_append_string(out, "sha256:");
    for (size_t i = 0; i < sizeof digest; i++)
        buffer_append_format(out, "%02x", digest[i]);
}

json_t *receipt_model(enum language language, struct bytes receipt)
{
    json_t *read = json_loadb((const char *)receipt.data, receipt.length, 0, NULL);
    if (!json_is_object(read)) {
        json_decref(read);
        return NULL;
    }
    json_t *model = file_model(json_object_get(read, "input"));
    const json_t *output = json_object_get(read, "output");
    const json_t *reason = json_object_get(read, "reason");
    set_key(model, "verdict", "verdict", text_of(read, "verdict"));
    set_key(model, "treatment", "transfer.treatment", text_of(read, "treatment"));
    for (const char *const *name = (const char *const[]){"kept", "rewritten", "dropped", NULL};
         *name; name++)
        model_number(model, *name, 0);
    if (output)
        json_object_set_new(model, "output", file_model(output));
    model_text(model, "why", reason ? text_of(reason, language == LANGUAGE_JA ? "ja" : "en") : "");
    add_groups(model, language, json_object_get(read, "objects"));
    model_number(model, "milliseconds", number_of(read, "elapsed_us") / 1000);
    json_decref(read);
    return model;
}
