/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels out of the adopted policy, else those of the national guideline. */
#include "web/labels.h"

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

json_t *labels_model(struct web_request *request, const char *chosen)
{
    struct identity_level levels[IDENTITY_LEVELS];
    size_t count;
    if (identity_levels(request->store, levels, &count, NULL) != 0)
        count = 0;
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
