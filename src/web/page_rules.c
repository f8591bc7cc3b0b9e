/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules for passwords, locks, sessions and second factors, each with what it may be. All are
 * saved together or none; what became stricter meets everybody at the next login.
 */
#include <stdio.h>

#include "base/memory.h"
#include "gate/zones.h"
#include "identity/credentials.h"
#include "web/pages.h"
#include "web/people.h"

enum { ZONES = 32, RULES = 32, MINUTE = 60 };

/* In the order of the page. What is kept in seconds may be shown in minutes. */
static const struct {
    const char *group, *name, *unit;
    int64_t factor;
} shown[] = {
    {"password", "password_length", "characters", 1},
    {"password", "password_length_privileged", "characters", 1},
    {"password", "password_strength", "points", 1},
    {"password", "password_strength_privileged", "points", 1},
    {"password", "password_history", "times", 1},
    {"password", "password_days", "days", 1},
    {"password", "password_days_privileged", "days", 1},
    {"password", "password_uses", "times", 1},
    {"password", "password_uses_privileged", "times", 1},
    {"lock", "lock_after", "times", 1},
    {"lock", "lock_seconds", "seconds", 1},
    {"lock", "lock_seconds_most", "seconds", 1},
    {"session", "session_idle", "minutes", MINUTE},
    {"session", "session_idle_privileged", "minutes", MINUTE},
    {"session", "session_most", "minutes", MINUTE},
    {"session", "session_most_privileged", "minutes", MINUTE},
};
enum { SHOWN = sizeof shown / sizeof *shown };

#define PRIVILEGED "second_factor_privileged"

/* The value and the limits of a rule by its name. */
static int64_t rule_of(const struct identity_rules *rules, const char *name, int64_t *least,
                       int64_t *most)
{
    const char *known;
    for (size_t n = 0; (known = identity_rule_name(n, least, most)) != NULL; n++)
        if (!strcmp(known, name))
            return identity_rule_value(rules, n);
    return 0;
}

/* One rule as a field: what is in force, or what was typed. */
static json_t *rule_row(struct web_request *request, const struct identity_rules *rules,
                        size_t index, bool typed)
{
    const char *name = shown[index].name;
    int64_t least = 0, most = 0, factor = shown[index].factor;
    int64_t value = rule_of(rules, name, &least, &most);
    AUTO_BUFFER label = {0}, hint = {0}, unit = {0}, text = {0};
    buffer_append_format(&label, "rule.%s", name);
    buffer_append_format(&hint, "rule.%s_hint", name);
    buffer_append_format(&unit, "rule.unit_%s", shown[index].unit);
    buffer_append_format(&text, "%lld", (long long)(value / factor));
    json_t *row = json_pack("{ss ss ss}", "rule", name, "label", buffer_string(&label), "unit",
                            buffer_string(&unit));
    if (message_find(request->language, buffer_string(&hint)))
        model_text(row, "hint", buffer_string(&hint));
    model_text(row, "value", typed ? request_field(request, name) : buffer_string(&text));
    model_number(row, "least", (least + factor - 1) / factor);
    model_number(row, "most", most / factor);
    return row;
}

static json_t *group_rows(struct web_request *request, const struct identity_rules *rules,
                          const struct error *wrong)
{
    json_t *groups = json_array(), *rows = NULL;
    for (size_t i = 0; i < SHOWN; i++) {
        if (i == 0 || strcmp(shown[i].group, shown[i - 1].group) != 0) {
            AUTO_BUFFER title = {0};
            buffer_append_format(&title, "rule.group_%s", shown[i].group);
            rows = json_array();
            json_array_append_new(groups, json_pack("{ss ss so}", "group", shown[i].group, "title",
                                                    buffer_string(&title), "rules", rows));
        }
        json_t *row = rule_row(request, rules, i, wrong != NULL);
        if (wrong && !strcmp(wrong->where, shown[i].name)) {
            AUTO_BUFFER sentence = {0};
            model_text(row, "error", people_sentence(request, wrong, &sentence));
        }
        json_array_append_new(rows, row);
    }
    return groups;
}

/* The zones, each with whether it asks for a second factor. NULL on error. */
static json_t *zone_rows(struct web_request *request, struct error *error)
{
    AUTO_FREE struct gate_zone *list = memory_allocate(ZONES, sizeof *list);
    size_t count = 0;
    if (gate_zone_list(request->store, list, ZONES, &count, error))
        return NULL;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        bool required = false;
        if (list[i].closed)
            continue;
        if (identity_zone_factor_read(request->store, list[i].id, &required, error)) {
            json_decref(rows);
            return NULL;
        }
        json_array_append_new(rows, json_pack("{ss ss sb sb}", "zone_id", list[i].id, "name",
                                              list[i].name, "required", required, "always",
                                              !strcmp(list[i].id, "mynumber")));
    }
    return rows;
}

static void show(struct web_request *request, const struct error *wrong)
{
    struct error error = {0};
    struct identity_rules rules;
    json_t *zones =
        identity_rules_read(request->store, &rules, &error) ? NULL : zone_rows(request, &error);
    if (!zones) {
        answer_error(request, &error);
        return;
    }
    json_t *model = model_page(request, "rule.title");
    json_object_set_new(model, "zones", zones);
    json_object_set_new(model, "groups", group_rows(request, &rules, wrong));
    model_flag(model, "privileged_factor", rules.second_factor_privileged != 0);
    people_model_done(request, model);
    if (wrong)
        model_error(request, model, wrong->where, wrong);
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "rules", model);
}

void page_rules(struct web_request *request)
{
    show(request, NULL);
}

/* Collects what differs from the rules in force. Code people_number, {where} is the rule. */
static int take_form(const struct web_request *request, const struct identity_rules *rules,
                     struct identity_rule_value values[RULES], size_t *count, struct error *error)
{
    int64_t least, most;
    *count = 0;
    for (size_t i = 0; i < SHOWN; i++) {
        int64_t typed = request_number(request_field(request, shown[i].name));
        int64_t present = rule_of(rules, shown[i].name, &least, &most), factor = shown[i].factor;
        AUTO_BUFFER limits = {0};
        buffer_append_format(&limits, "%lld–%lld", (long long)((least + factor - 1) / factor),
                             (long long)(most / factor));
        if (typed < 0 || typed > most / factor || typed * factor < least)
            return error_set(error, "people_number", shown[i].name, "%s", buffer_string(&limits));
        if (typed != present / factor)
            values[(*count)++] = (struct identity_rule_value){shown[i].name, typed * factor};
    }
    int64_t privileged = *request_field(request, PRIVILEGED) != 0;
    if (privileged != rules->second_factor_privileged)
        values[(*count)++] = (struct identity_rule_value){PRIVILEGED, privileged};
    return 0;
}

/* Collects the zones whose second factor changed; the ids are borrowed from the rows. */
static size_t take_zones(const struct web_request *request, const json_t *zones,
                         struct identity_zone_factor factors[ZONES])
{
    size_t count = 0, i;
    const json_t *row;
    json_array_foreach(zones, i, row)
    {
        const char *id = json_string_value(json_object_get(row, "zone_id"));
        AUTO_BUFFER field = {0};
        buffer_append_format(&field, "zone_%s", id);
        bool wanted = *request_field(request, buffer_string(&field)) != 0;
        if (!json_is_true(json_object_get(row, "always")) &&
            wanted != json_is_true(json_object_get(row, "required")))
            factors[count++] = (struct identity_zone_factor){id, wanted};
    }
    return count;
}

/* Rules and zones, all or none. */
static int save(struct web_request *request, struct error *error)
{
    struct identity_rules rules;
    struct identity_rule_value values[RULES];
    struct identity_zone_factor factors[ZONES];
    size_t count = 0;
    struct identity_act act = people_act(request);
    if (identity_rules_read(request->store, &rules, error) != 0 ||
        take_form(request, &rules, values, &count, error) != 0)
        return -1;
    json_t *zones = zone_rows(request, error);
    int result = !zones
                     ? -1
                     : identity_rules_and_factors_save(request->store, &act, values, count, factors,
                                                       take_zones(request, zones, factors), error);
    json_decref(zones);
    return result;
}

void page_rules_save(struct web_request *request)
{
    struct error error = {0};
    if (save(request, &error) == 0)
        people_done(request, "/settings/rules", 0, "rules");
    else if (people_error_is_theirs(&error))
        show(request, &error);
    else
        answer_error(request, &error);
}
