/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy as JSON, as `sekisho policy show --json` prints it. */
#include "base/json.h"

#include <stdio.h>

#include "policy/policy.h"

static void write_clause_id(struct json_writer *json, const struct policy *policy, const char *key,
                            size_t clause)
{
    json_member_string(json, key, clause == POLICY_NONE ? NULL : policy->clauses[clause].id);
}

static void write_names(struct json_writer *json, const char *key, const struct policy_names *names)
{
    json_key(json, key);
    json_begin_array(json);
    for (size_t i = 0; i < names->count; i++)
        json_text(json, names->items[i]);
    json_end_array(json);
}

static void write_revisions(struct json_writer *json, const struct policy *policy)
{
    json_key(json, "revisions");
    json_begin_array(json);
    for (size_t i = 0; i < policy->revision_count; i++) {
        json_begin_object(json);
        json_member_string(json, "date", policy->revisions[i].date);
        json_member_string(json, "version", policy->revisions[i].version);
        json_member_string(json, "note", policy->revisions[i].note);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_clauses(struct json_writer *json, const struct policy *policy)
{
    json_key(json, "clauses");
    json_begin_array(json);
    for (size_t i = 0; i < policy->clause_count; i++) {
        const struct policy_clause *clause = &policy->clauses[i];
        json_begin_object(json);
        json_member_string(json, "id", clause->id);
        json_member_string(json, "part", policy_part_name(clause->part));
        json_member_string(json, "marker", clause->marker);
        json_member_string(json, "heading", clause->heading);
        json_member_string(json, "text", clause->text);
        json_member_unsigned(json, "offset", clause->place.offset);
        json_member_unsigned(json, "length", clause->place.length);
        write_clause_id(json, policy, "parent", clause->parent);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_furniture(struct json_writer *json, const struct policy *policy)
{
    json_key(json, "furniture");
    json_begin_array(json);
    for (size_t i = 0; i < policy->furniture_count; i++) {
        json_begin_object(json);
        json_member_string(json, "kind", policy_furniture_name(policy->furniture[i].kind));
        json_member_unsigned(json, "offset", policy->furniture[i].place.offset);
        json_member_unsigned(json, "length", policy->furniture[i].place.length);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_definitions(struct json_writer *json, const struct policy *policy)
{
    json_key(json, "definitions");
    json_begin_array(json);
    for (size_t i = 0; i < policy->definition_count; i++) {
        json_begin_object(json);
        json_member_string(json, "term", policy->definitions[i].term);
        json_member_string(json, "text", policy->definitions[i].text);
        write_clause_id(json, policy, "clause", policy->definitions[i].clause);
        json_end_object(json);
    }
    json_end_array(json);
    json_key(json, "threats");
    json_begin_array(json);
    for (size_t i = 0; i < policy->threat_count; i++) {
        json_begin_object(json);
        json_member_string(json, "text", policy->threats[i].text);
        write_clause_id(json, policy, "clause", policy->threats[i].clause);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_crossings(struct json_writer *json, const struct policy *policy)
{
    json_key(json, "crossings");
    json_begin_array(json);
    for (size_t i = 0; i < policy->crossing_count; i++) {
        const struct policy_crossing *crossing = &policy->crossings[i];
        json_begin_object(json);
        json_member_string(json, "from", crossing->from);
        json_member_string(json, "to", crossing->to);
        json_member_boolean(json, "both_ways", crossing->both_ways);
        json_member_string(json, "rule", policy_crossing_rule_name(crossing->rule));
        write_names(json, "methods", &crossing->methods);
        write_clause_id(json, policy, "clause", crossing->clause);
        json_member_string(json, "sentence", policy->sentences[crossing->sentence].text);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_zones(struct json_writer *json, const struct policy *policy)
{
    json_key(json, "zones");
    json_begin_array(json);
    for (size_t i = 0; i < policy->zone_count; i++) {
        json_begin_object(json);
        json_member_string(json, "id", policy->zones[i].id);
        json_member_string(json, "name", policy->zones[i].name);
        write_clause_id(json, policy, "clause", policy->zones[i].clause);
        json_end_object(json);
    }
    json_end_array(json);
    write_crossings(json, policy);
    json_key(json, "classification");
    json_begin_object(json);
    json_member_string(json, "name", policy->classification_name);
    json_key(json, "levels");
    json_begin_array(json);
    for (size_t i = 0; i < policy->level_count; i++) {
        json_begin_object(json);
        if (*policy->levels[i].scheme)
            json_member_string(json, "scheme", policy->levels[i].scheme);
        json_member_string(json, "label", policy->levels[i].label);
        json_member_string(json, "text", policy->levels[i].text);
        json_end_object(json);
    }
    json_end_array(json);
    json_end_object(json);
}

static void write_roles(struct json_writer *json, const struct policy *policy)
{
    json_key(json, "roles");
    json_begin_array(json);
    for (size_t i = 0; i < policy->role_count; i++) {
        json_begin_object(json);
        json_member_string(json, "name", policy->roles[i].name);
        json_member_string(json, "held_by", policy->roles[i].held_by);
        write_clause_id(json, policy, "clause", policy->roles[i].clause);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_bindings(struct json_writer *json, const struct policy_requirement *requirement)
{
    json_key(json, "bindings");
    json_begin_array(json);
    for (size_t i = 0; i < requirement->binding_count; i++) {
        char confidence[16];
        snprintf(confidence, sizeof confidence, "%.2f", requirement->bindings[i].confidence);
        json_begin_object(json);
        json_member_string(json, "control", requirement->bindings[i].control);
        json_member_string(json, "how", requirement->bindings[i].how);
        json_key(json, "confidence");
        json_number(json, confidence);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_requirement(struct json_writer *json, const struct policy *policy,
                              const struct policy_requirement *requirement)
{
    json_begin_object(json);
    json_member_string(json, "id", requirement->id);
    write_clause_id(json, policy, "clause", requirement->clause);
    json_member_string(json, "sentence", policy->sentences[requirement->sentence].text);
    json_member_string(json, "modality", policy_modality_name(requirement->modality));
    write_names(json, "roles", &requirement->roles);
    json_key(json, "timing");
    json_begin_object(json);
    json_member_string(json, "kind", policy_timing_name(requirement->timing));
    json_member_string(json, "text", requirement->timing_text);
    json_end_object(json);
    json_member_string(json, "condition", requirement->condition);
    json_member_string(json, "threshold", requirement->threshold);
    json_member_string(json, "exception", requirement->exception);
    write_names(json, "permission_from", &requirement->permission_from);
    write_names(json, "report_to", &requirement->report_to);
    write_names(json, "together_with", &requirement->together_with);
    write_bindings(json, requirement);
    json_end_object(json);
}

static void write_requirements(struct json_writer *json, const struct policy *policy)
{
    json_key(json, "requirements");
    json_begin_array(json);
    for (size_t i = 0; i < policy->requirement_count; i++)
        write_requirement(json, policy, &policy->requirements[i]);
    json_end_array(json);
    json_key(json, "references");
    json_begin_array(json);
    for (size_t i = 0; i < policy->reference_count; i++) {
        json_begin_object(json);
        write_clause_id(json, policy, "clause", policy->references[i].clause);
        json_member_string(json, "text", policy->references[i].text);
        write_clause_id(json, policy, "target", policy->references[i].target);
        json_end_object(json);
    }
    json_end_array(json);
}

void policy_write_json(const struct policy *policy, struct buffer *out)
{
    struct json_writer json = json_writer_open(out);
    json_begin_object(&json);
    json_member_string(&json, "organization", policy->organization);
    json_member_string(&json, "title", policy->title);
    json_member_string(&json, "effective", *policy->effective ? policy->effective : NULL);
    write_revisions(&json, policy);
    write_clauses(&json, policy);
    write_furniture(&json, policy);
    write_definitions(&json, policy);
    write_zones(&json, policy);
    write_roles(&json, policy);
    write_requirements(&json, policy);
    json_end_object(&json);
}
