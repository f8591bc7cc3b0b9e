/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels out of the adopted policy, else those of the national guideline. */
#include "web/labels.h"

#include "adoption/setup.h"
#include "identity/permissions.h"

enum { LEVELS = 8 };

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

/* The steps of the organization's own scheme; none: no policy gave one. */
static size_t own_levels(struct web_request *request, struct adoption_level levels[LEVELS])
{
    size_t count = 0;
    return adoption_levels(request->store, levels, LEVELS, &count, NULL) == 0 ? count : 0;
}

json_t *labels_model(struct web_request *request, const char *chosen)
{
    struct adoption_level levels[LEVELS];
    size_t count = own_levels(request, levels);
    json_t *labels = json_array();
    for (size_t i = 0; i < count; i++) {
        AUTO_BUFFER text = {0};
        buffer_append_format(&text, "%s（%s）", levels[i].label, levels[i].text);
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
    return scheme ? scheme : LABELS_GUIDELINE;
}

int labels_check(struct web_request *request, const char *label, struct error *error)
{
    struct adoption_level levels[LEVELS];
    size_t count = own_levels(request, levels);
    const char *scheme = identity_classification_scheme(label);
    AUTO_BUFFER known = {0};
    if (!count && scheme && !strcmp(scheme, LABELS_GUIDELINE))
        return 0;
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(levels[i].label, label))
            return 0;
        buffer_append_format(&known, "%s%s", i ? ", " : "", levels[i].label);
    }
    return error_set(error, "send_label", "classification", "%s",
                     count ? buffer_string(&known) : "3, 3A, 3B, 3C, 2, 1");
}
