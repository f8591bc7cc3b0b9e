/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels out of the adopted policy, else those of the national guideline. */
#include "web/labels.h"

#include <stdio.h>

#include "identity/permissions.h"
#include "identity/scheme.h"

static void add(json_t *labels, const char *label, const char *text, int rank, const char *chosen)
{
    json_t *row = json_object();
    model_text(row, "label", label);
    model_text(row, "text", text);
    model_number(row, "rank", rank);
    model_flag(row, "chosen", !strcmp(label, chosen));
    json_array_insert_new(labels, 0, row);
}

/* 機密性3, 2, 1, as long as no policy names others. */
static void add_usual(struct web_request *request, json_t *labels, const char *chosen)
{
    static const char *const usual[][2] = {
        {"3", "page.label_3"}, {"2", "page.label_2"}, {"1", "page.label_1"}};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        add(labels, usual[i][0], message_get(request->language, usual[i][1]),
            identity_classification_rank(usual[i][0]), chosen);
}

/* The levels of the organization's own scheme; 0 without one. */
static size_t own_levels(const struct web_request *request,
                         struct identity_level levels[IDENTITY_LEVELS])
{
    size_t count;
    return identity_levels(request->store, levels, &count, NULL) == 0 ? count : 0;
}

bool labels_own(const struct web_request *request)
{
    struct identity_level levels[IDENTITY_LEVELS];
    return own_levels(request, levels) > 0;
}

/* "Ⅲ（公開することを予定していないもの）" */
static void append_level(struct buffer *out, const struct identity_level *level)
{
    buffer_append_format(out, *level->text ? "%s（%s）" : "%s", level->label, level->text);
}

void labels_describe(struct web_request *request, json_t *row, const char *label)
{
    struct identity_level levels[IDENTITY_LEVELS];
    size_t count = own_levels(request, levels);
    AUTO_BUFFER text = {0}, key = {0};
    for (size_t i = 0; i < count && !text.length; i++)
        if (!strcmp(levels[i].label, label))
            append_level(&text, &levels[i]);
    buffer_append_format(&key, "page.label_%s", label);
    const char *usual = message_find(request->language, buffer_string(&key));
    if (!text.length)
        buffer_append_string(&text, usual ? usual : label);
    model_text(row, "label_text", buffer_string(&text));
}

void labels_append_approval(const struct web_request *request, int64_t from, struct buffer *out)
{
    struct identity_level levels[IDENTITY_LEVELS];
    size_t count = own_levels(request, levels);
    char rank[24];
    snprintf(rank, sizeof rank, "%lld", (long long)from);
    for (size_t i = count; i-- > 0 && from > 0;) /* the least secret first */
        if (levels[i].rank >= from) {
            const struct message_value values[] = {{"label", levels[i].label}, {"rank", rank}};
            message_append(out, request->language, "zones.approval_own", values, 2);
            return;
        }
    AUTO_BUFFER key = {0};
    buffer_append_format(&key, "zones.approval_%s", rank);
    buffer_append_string(out, message_get(request->language, buffer_string(&key)));
}

json_t *labels_model(struct web_request *request, const char *chosen)
{
    struct identity_level levels[IDENTITY_LEVELS];
    size_t count = own_levels(request, levels);
    json_t *labels = json_array();
    for (size_t i = 0; i < count; i++) {
        AUTO_BUFFER text = {0};
        append_level(&text, &levels[i]);
        add(labels, levels[i].label, buffer_string(&text), levels[i].rank, chosen);
    }
    if (!count)
        add_usual(request, labels, chosen);
    return labels;
}

const char *labels_at(const json_t *labels, int rank)
{
    const json_t *row;
    size_t i;
    const char *label = "";
    json_array_foreach(labels, i, row)
    {
        label = json_string_value(json_object_get(row, "label"));
        if (json_integer_value(json_object_get(row, "rank")) >= rank)
            break;
    }
    return label;
}

const char *labels_scheme(const json_t *labels)
{
    const char *label = json_string_value(json_object_get(json_array_get(labels, 0), "label"));
    const char *scheme = label ? identity_classification_scheme(label) : NULL;
    return scheme ? scheme : IDENTITY_SCHEME_USUAL;
}

int labels_check(struct web_request *request, const char *label, struct error *error)
{
    AUTO_BUFFER known = {0};
    int found = identity_label_known(request->store, label, &known, error);
    if (found)
        return found < 0 ? -1 : 0;
    return error_set(error, "send_label", "classification", "%s", buffer_string(&known));
}
