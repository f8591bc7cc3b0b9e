/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a text to a running system, step by step: upload it, see what was understood, correct that,
 * appoint people, open for work (page_setup_plan.c, page_setup_people.c). Each step is a page of
 * its own that can be left and come back to; nothing changes before the last one.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "identity/permissions.h"
#include "policy/lint.h"
#include "web/page_setup.h"
#include "web/pages.h"
#include "web/policy_text.h"

enum { FINDINGS = 100, VERSIONS = 20 };

void setup_steps(json_t *model, int64_t version, const char *here)
{
    static const char *const steps[] = {"understood", "correct", "people", "open"};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        AUTO_BUFFER label = {0};
        buffer_append_format(&label, "policy_page.step_%s", steps[i]);
        json_t *step = json_pack("{ss ss}", "step", steps[i], "step_label", buffer_string(&label));
        model_flag(step, "step_here", !strcmp(steps[i], here));
        model_flag(step, "step_open", version != 0);
        json_array_append_new(list, step);
    }
    json_object_set_new(model, "setup_steps", list);
    model_flag(model, "step_upload", !strcmp(here, "upload"));
}

void setup_cite(struct web_request *request, const struct policy *policy, size_t clause,
                json_t *row)
{
    AUTO_BUFFER place = {0};
    if (clause == POLICY_NONE)
        return;
    policy_text_place(policy, clause, request->language, &place);
    model_text(row, "cited", policy->clauses[clause].id);
    model_text(row, "cited_title", buffer_string(&place));
}

/* ---- upload ---- */

static void show_upload(struct web_request *request, const struct error *wrong)
{
    json_t *model = model_page(request, "policy_page.setup");
    setup_steps(model, 0, "upload");
    if (wrong)
        model_error(request, model, "file", wrong);
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "setup_upload",
                model);
}

void page_setup_again(struct web_request *request, const struct error *wrong)
{
    show_upload(request, wrong);
}

/* Goes on where the set-up was left: at the newest version that was not applied yet. */
void page_setup(struct web_request *request)
{
    struct error error = {0};
    AUTO_FREE struct adoption_version *list = memory_allocate(VERSIONS, sizeof *list);
    size_t count = 0;
    if (adoption_list(request->store, request->now, 0, list, VERSIONS, &count, &error) != 0) {
        answer_error(request, &error);
        return;
    }
    for (size_t i = 0; i < count && !list[i].set_up; i++) {
        AUTO_BUFFER path = {0};
        if (list[i].stage == ADOPTION_DISCARDED || list[i].stage == ADOPTION_REPLACED)
            continue;
        buffer_append_format(&path, "/setup/%lld/%s", (long long)list[i].id,
                             list[i].recorded ? "open" : "understood");
        answer_redirect(request, buffer_string(&path));
        return;
    }
    show_upload(request, NULL);
}

void page_setup_upload(struct web_request *request)
{
    show_upload(request, NULL);
}

/* ---- what was understood ---- */

/* A row with the clause that it comes from. */
static json_t *cited(struct web_request *request, const struct policy *policy, size_t clause)
{
    json_t *row = json_object();
    setup_cite(request, policy, clause, row);
    return row;
}

static const char *zone_name(const struct policy *policy, const char *id)
{
    for (size_t i = 0; i < policy->zone_count; i++)
        if (!strcmp(policy->zones[i].id, id))
            return policy->zones[i].name;
    return NULL;
}

/* The name of a zone; "*" and "external" have words of their own. */
static void set_zone(struct web_request *request, json_t *row, const char *name,
                     const struct policy *policy, const char *id)
{
    const char *known = zone_name(policy, id);
    const char *key = !strcmp(id, "*") ? "policy_page.zone_others" : "policy_page.zone_external";
    model_text(row, name, known ? known : message_get(request->language, key));
}

static void add_zones(struct web_request *request, const struct policy *policy, json_t *model)
{
    json_t *zones = json_array(), *crossings = json_array();
    for (size_t i = 0; i < policy->zone_count; i++) {
        json_t *row = cited(request, policy, policy->zones[i].clause);
        model_text(row, "zone_found", policy->zones[i].name);
        json_array_append_new(zones, row);
    }
    for (size_t i = 0; i < policy->crossing_count; i++) {
        const struct policy_crossing *crossing = &policy->crossings[i];
        AUTO_BUFFER rule = {0};
        json_t *row = cited(request, policy, crossing->clause);
        buffer_append_format(&rule, "policy_page.crossing_%s",
                             policy_crossing_rule_name(crossing->rule));
        set_zone(request, row, "from", policy, crossing->from);
        set_zone(request, row, "to", policy, crossing->to);
        model_text(row, "rule", buffer_string(&rule));
        model_flag(row, "both", crossing->both_ways);
        json_array_append_new(crossings, row);
    }
    json_object_set_new(model, "zones", zones);
    json_object_set_new(model, "crossings", crossings);
}

static void add_levels(struct web_request *request, const struct policy *policy, json_t *model)
{
    json_t *levels = json_array();
    for (size_t i = 0; i < policy->level_count; i++) {
        json_t *row = cited(request, policy, policy->levels[i].clause);
        AUTO_BUFFER label = {0};
        buffer_append_format(&label, "%s%s", policy->levels[i].scheme, policy->levels[i].label);
        model_text(row, "level", buffer_string(&label));
        model_text(row, "level_text", policy->levels[i].text);
        json_array_append_new(levels, row);
    }
    json_object_set_new(model, "levels", levels);
    model_text(model, "scheme", policy->classification_name);
}

static void add_roles(struct web_request *request, const struct policy *policy, json_t *model)
{
    json_t *roles = json_array();
    for (size_t i = 0; i < policy->role_count; i++) {
        json_t *row = cited(request, policy, policy->roles[i].clause);
        model_text(row, "role_name", policy->roles[i].name);
        model_text(row, "post", policy->roles[i].held_by);
        json_array_append_new(roles, row);
    }
    json_object_set_new(model, "roles", roles);
}

/* What is broken in the text, with what to do. */
static void add_findings(struct web_request *request, const struct policy *policy, json_t *model)
{
    struct policy_findings findings;
    json_t *rows = json_array();
    policy_lint(policy, &findings);
    for (size_t i = 0; i < findings.count && i < FINDINGS; i++) {
        const struct policy_finding *finding = &findings.items[i];
        AUTO_BUFFER key = {0}, sentence = {0};
        const struct message_value values[] = {{"words", finding->words}};
        json_t *row = cited(request, policy, finding->clause);
        buffer_append_format(&key, "lint.%s", finding->kind);
        message_append(&sentence, request->language, buffer_string(&key), values, 1);
        model_text(row, "finding", buffer_string(&sentence));
        json_array_append_new(rows, row);
    }
    model_number(model, "finding_count", (int64_t)findings.count);
    json_object_set_new(model, "findings", rows);
    policy_findings_free(&findings);
}

/* How many duties there are, and by which way of being met. */
static void add_duties(const struct policy *policy, json_t *model)
{
    int64_t counts[CONTROL_HOW_COUNT + 1] = {0};
    json_t *ways = json_array();
    for (size_t i = 0; i < policy->requirement_count; i++) {
        const struct policy_requirement *duty = &policy->requirements[i];
        counts[duty->binding_count ? catalogue_find(duty->bindings[0].control)->how
                                   : CONTROL_HOW_COUNT]++;
    }
    for (int how = 0; how <= CONTROL_HOW_COUNT; how++) {
        AUTO_BUFFER label = {0};
        buffer_append_format(&label, "policy_page.way_%s",
                             how < CONTROL_HOW_COUNT ? control_how_name(how) : "none");
        json_array_append_new(ways, json_pack("{ss sI}", "way", buffer_string(&label), "way_count",
                                              (json_int_t)counts[how]));
    }
    model_number(model, "duty_count", (int64_t)policy->requirement_count);
    model_number(model, "clause_count", (int64_t)policy->clause_count);
    json_object_set_new(model, "ways", ways);
}

/* True when the text names a body that is not the one that runs this. */
static bool is_of_others(const struct web_request *request, const struct adoption_version *version)
{
    const char *own = request->server->options.organization;
    return *version->organization && !strstr(own, version->organization) &&
           !strstr(version->organization, own);
}

void page_setup_understood(struct web_request *request)
{
    struct error error = {0};
    AUTO_FREE struct adoption_version *version = memory_allocate(1, sizeof *version);
    AUTO_POLICY *policy = NULL;
    if (adoption_read(request->store, request->match.numbers[0], request->now, version, &error) ||
        !(policy = adoption_policy_borrow(request->store, version->id, &error))) {
        policy_answer_error(request, &error);
        return;
    }
    json_t *model = model_page(request, "policy_page.setup_understood");
    policy_version_model(request, version, model);
    setup_steps(model, version->id, "understood");
    model_flag(model, "of_others", is_of_others(request, version));
    add_zones(request, policy, model);
    add_levels(request, policy, model);
    add_roles(request, policy, model);
    add_findings(request, policy, model);
    add_duties(policy, model);
    answer_page(request, MHD_HTTP_OK, "setup_understood", model);
}
