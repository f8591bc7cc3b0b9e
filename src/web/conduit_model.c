/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conduits between the gate and their pages. */
#include "web/conduit_model.h"

#include "web/labels.h"

#define MEBIBYTE  (INT64_C(1) << 20)
#define SIZE_MOST (INT64_C(4) << 30) /* what an upload takes at all */

static const char *const antivirus[] = {"none", "if_there", "required"};
enum { ANTIVIRUS = sizeof antivirus / sizeof *antivirus };

static const char *name_of(const struct gate_zone *zones, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(zones[i].id, id))
            return zones[i].name;
    return id;
}

/* ---- showing ---- */

static json_t *treatment_rows(const struct gate_conduit *conduit)
{
    json_t *rows = json_array();
    for (unsigned i = 0; i < DISARM_TREATMENT_COUNT; i++) {
        AUTO_BUFFER label = {0};
        const char *name = disarm_treatment_name((enum disarm_treatment)i);
        buffer_append_format(&label, "zones.treatment_%s", name);
        json_t *row = json_pack("{ss ss}", "treatment", name, "label", buffer_string(&label));
        model_flag(row, "allowed", conduit->treatments[i]);
        model_flag(row, "usual", conduit->usual == i);
        json_array_append_new(rows, row);
    }
    return rows;
}

json_t *conduit_row(const struct web_request *request, const struct gate_conduit *conduit,
                    const struct gate_zone *zones, size_t zone_count)
{
    AUTO_BUFFER approval = {0};
    labels_append_approval(request, conduit->approval_from, &approval);
    json_t *row = json_pack("{sI ss ss ss ss ss sI sI}", "id", (json_int_t)conduit->id, "source",
                            conduit->source, "destination", conduit->destination, "from",
                            name_of(zones, zone_count, conduit->source), "to",
                            name_of(zones, zone_count, conduit->destination), "approval",
                            buffer_string(&approval), "items_most", (json_int_t)conduit->items_most,
                            "days_kept", (json_int_t)conduit->days_kept);
    model_flag(row, "open", conduit->open);
    model_flag(row, "personal", conduit->approval_personal);
    model_flag(row, "emergency", conduit->emergency);
    model_flag(row, "password", conduit->password);
    model_flag(row, "close_again", conduit->close_again);
    model_bytes(row, "size", conduit->size_most);
    json_object_set_new(row, "treatments", treatment_rows(conduit));
    return row;
}

/* True when a word stands in a list of words with spaces between them. */
static bool listed(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += length)
        if ((at == words || at[-1] == ' ') && (!at[length] || at[length] == ' '))
            return true;
    return false;
}

void conduit_add_form(const struct web_request *request, json_t *model,
                      const struct gate_conduit *conduit)
{
    struct disarm_format format;
    json_t *types = json_array(), *levels = json_array(), *scans = json_array();
    for (size_t i = 0; disarm_format_at(i, &format); i++) {
        json_t *row = json_pack("{ss}", "type", format.name);
        model_flag(row, "allowed", listed(conduit->types, format.name));
        json_array_append_new(types, row);
    }
    for (int i = 0; i <= GATE_LABEL_NONE; i++) {
        AUTO_BUFFER text = {0};
        labels_append_approval(request, i, &text);
        json_t *row = json_pack("{si ss}", "rank", i, "text", buffer_string(&text));
        model_flag(row, "chosen", conduit->approval_from == i);
        json_array_append_new(levels, row);
    }
    for (unsigned i = 0; i < ANTIVIRUS; i++) {
        AUTO_BUFFER label = {0};
        buffer_append_format(&label, "zones.antivirus_%s", antivirus[i]);
        json_t *row = json_pack("{ss ss}", "scan", antivirus[i], "label", buffer_string(&label));
        model_flag(row, "chosen", conduit->antivirus == i);
        json_array_append_new(scans, row);
    }
    json_object_set_new(model, "types", types);
    json_object_set_new(model, "levels", levels);
    json_object_set_new(model, "scans", scans);
    model_flag(model, "all_types", !*conduit->types);
    model_number(model, "size_most", conduit->size_most / MEBIBYTE);
}

/* ---- taking ---- */

static bool checked(const struct web_request *request, const char *prefix, const char *name)
{
    AUTO_BUFFER field = {0};
    buffer_append_format(&field, "%s%s", prefix, name);
    return *request_field(request, buffer_string(&field)) != '\0';
}

static void take_treatments(const struct web_request *request, struct gate_conduit *conduit)
{
    const char *usual = request_field(request, "usual");
    for (unsigned i = 0; i < DISARM_TREATMENT_COUNT; i++) {
        const char *name = disarm_treatment_name((enum disarm_treatment)i);
        conduit->treatments[i] = checked(request, "treatment_", name);
        if (!strcmp(usual, name))
            conduit->usual = (enum disarm_treatment)i;
    }
}

static bool take_types(const struct web_request *request, struct gate_conduit *conduit)
{
    struct disarm_format format;
    AUTO_BUFFER types = {0};
    *conduit->types = '\0';
    if (strcmp(request_field(request, "types"), "some") != 0)
        return true;
    for (size_t i = 0; disarm_format_at(i, &format); i++)
        if (checked(request, "type_", format.name))
            buffer_append_format(&types, "%s%s", types.length ? " " : "", format.name);
    if (!types.length || types.length >= sizeof conduit->types)
        return false;
    memcpy(conduit->types, buffer_string(&types), types.length + 1);
    return true;
}

static bool take_number(const struct web_request *request, const char *name, int64_t most,
                        int64_t *number)
{
    *number = request_number(request_field(request, name));
    return *number >= 0 && *number <= most;
}

const char *conduit_take_form(const struct web_request *request, struct gate_conduit *conduit,
                              struct error *error)
{
    const char *scan = request_field(request, "antivirus"), *wrong = NULL;
    int64_t size = 0;
    take_treatments(request, conduit);
    conduit->approval_personal = checked(request, "", "approval_personal");
    conduit->emergency = checked(request, "", "emergency");
    conduit->password = checked(request, "", "password");
    conduit->close_again = checked(request, "", "close_again");
    for (unsigned i = 0; i < ANTIVIRUS; i++)
        if (!strcmp(scan, antivirus[i]))
            conduit->antivirus = (enum gate_antivirus)i;
    if (!take_types(request, conduit))
        wrong = "types";
    if (!take_number(request, "approval_from", GATE_LABEL_NONE, &conduit->approval_from))
        wrong = "approval_from";
    if (!take_number(request, "days_kept", 3650, &conduit->days_kept))
        wrong = "days_kept";
    if (!take_number(request, "items_most", 200, &conduit->items_most))
        wrong = "items_most";
    if (!take_number(request, "size_most", SIZE_MOST / MEBIBYTE, &size))
        wrong = "size_most";
    conduit->size_most = size * MEBIBYTE;
    if (wrong)
        error_set(error, "zones_value", wrong, "%s", "");
    return wrong;
}

const char *conduit_error_field(const char *field, const struct error *error)
{
    static const char *const known[] = {"types",     "usual",         "size_most",
                                        "days_kept", "approval_from", "destination"};
    if (field)
        return field;
    if (!strcmp(error->code, "gate_reason"))
        return "reason";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(error->code, "gate_bad_value") && !strcmp(error->where, known[i]))
            return known[i];
    return "destination";
}
