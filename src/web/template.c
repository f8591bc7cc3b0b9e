/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs compiled templates over view models. */
#include "web/template.h"

#include "base/html.h"
#include "base/utf8.h"

/* The objects around the present place, innermost first. */
struct scope {
    json_t *value;
    const struct scope *outer;
};

struct renderer {
    struct buffer *out;
    enum language language;
};

const struct template *template_find(const char *name)
{
    size_t low = 0, high = template_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, template_table[middle].name);
        if (order == 0)
            return &template_table[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The value of `name`, which is length bytes long, in the innermost object that has it. */
static json_t *find_name(const struct scope *scope, const char *name, size_t length)
{
    for (; scope; scope = scope->outer) {
        json_t *value = json_object_getn(scope->value, name, length);
        if (value)
            return value;
    }
    return NULL;
}

/* The value of a.b.c, or of the present element ("."); NULL when there is none. */
static json_t *find_value(const struct scope *scope, const char *path, size_t length)
{
    if (!length)
        return NULL;
    if (length == 1 && *path == '.')
        return scope->value;
    const char *dot = memchr(path, '.', length);
    size_t first = dot ? (size_t)(dot - path) : length;
    json_t *value = find_name(scope, path, first);
    while (dot && value) {
        const char *part = dot + 1;
        size_t left = length - (size_t)(part - path);
        dot = memchr(part, '.', left);
        value = json_object_getn(value, part, dot ? (size_t)(dot - part) : left);
    }
    return value;
}

static void put_value(struct buffer *out, const json_t *value)
{
    if (json_is_string(value))
        html_escape(out, (struct bytes){(const uint8_t *)json_string_value(value),
                                        json_string_length(value)});
    else if (json_is_integer(value))
        buffer_append_decimal(out, json_integer_value(value), 1);
}

/* A text of the catalogue, its placeholders filled from the model; all of it escaped. */
static void put_text(const struct renderer *renderer, const struct scope *scope, const char *key)
{
    struct bytes text = bytes_of_string(message_get(renderer->language, key));
    size_t at = 0;
    while (at < text.length) {
        size_t open = bytes_find(text, at, "{");
        size_t close = open == SIZE_MAX ? SIZE_MAX : bytes_find(text, open, "}");
        if (close == SIZE_MAX)
            break;
        html_escape(renderer->out, bytes_slice(text, at, open - at));
        struct bytes name = bytes_slice(text, open + 1, close - open - 1);
        put_value(renderer->out, find_value(scope, (const char *)name.data, name.length));
        at = close + 1;
    }
    html_escape(renderer->out, bytes_slice(text, at, SIZE_MAX));
}

static bool is_true(const json_t *value)
{
    if (json_is_array(value))
        return json_array_size(value) > 0;
    if (json_is_string(value))
        return json_string_length(value) > 0;
    if (json_is_integer(value))
        return json_integer_value(value) != 0;
    return json_is_true(value) || json_is_object(value);
}

static void run(const struct renderer *renderer, const struct template *template, size_t start,
                size_t end, const struct scope *scope);

/* The operations between a section's start and end, as often as its value says. */
static void run_section(const struct renderer *renderer, const struct template *template,
                        size_t start, const struct scope *scope)
{
    const struct template_operation *section = &template->operations[start];
    size_t end = section->jump - 1;
    json_t *value = find_value(scope, section->text, strlen(section->text));
    if (section->kind == TEMPLATE_INVERTED) {
        if (!is_true(value))
            run(renderer, template, start + 1, end, scope);
    } else if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            struct scope inner = {json_array_get(value, i), scope};
            run(renderer, template, start + 1, end, &inner);
        }
    } else if (is_true(value)) {
        struct scope inner = {value, scope};
        run(renderer, template, start + 1, end, &inner);
    }
}

static void run(const struct renderer *renderer, const struct template *template, size_t start,
                size_t end, const struct scope *scope)
{
    for (size_t i = start; i < end; i++) {
        const struct template_operation *operation = &template->operations[i];
        const char *text = operation->text;
        const char *key;
        switch (operation->kind) {
        case TEMPLATE_HTML:
            buffer_append_string(renderer->out, text);
            break;
        case TEMPLATE_VALUE:
            put_value(renderer->out, find_value(scope, text, strlen(text)));
            break;
        case TEMPLATE_SECTION:
        case TEMPLATE_INVERTED:
            run_section(renderer, template, i, scope);
            i = operation->jump - 1;
            break;
        case TEMPLATE_END:
            break;
        case TEMPLATE_PART:
            run(renderer, &template_table[operation->jump], 0,
                template_table[operation->jump].count, scope);
            break;
        case TEMPLATE_TEXT:
            put_text(renderer, scope, text);
            break;
        case TEMPLATE_KEY:
            key = json_string_value(find_value(scope, text, strlen(text)));
            if (key)
                put_text(renderer, scope, key);
            break;
        }
    }
}

void template_render(struct buffer *out, const struct template *template, enum language language,
                     json_t *model)
{
    const struct renderer renderer = {out, language};
    const struct scope scope = {model, NULL};
    run(&renderer, template, 0, template->count, &scope);
}
