/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy as an OSCAL catalog, component definition or assessment results. */
#include "policy/oscal.h"

#include <stdio.h>

#include "base/json.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "policy/catalogue.h"
#include "policy/japanese.h"
#include "policy/lint.h"

static const char OSCAL_VERSION[] = "1.1.2";
/* What is written: a text alone (standings NULL), or an organization that lives by it. */
struct subject {
    const struct policy *policy;
    const struct policy_oscal_standing *standings;
    const char *time; /* of the results; NULL: the text's own date */
};

static const char NO_DATE[] = "1970-01-01"; /* stands where the text names no date */

const char *policy_oscal_name(enum policy_oscal model)
{
    static const char *const names[POLICY_OSCAL_COUNT] = {"catalog", "component-definition",
                                                          "assessment-results"};
    return names[model];
}

/* A member "uuid", or another key, named after the policy, a kind and an id. */
static void write_uuid(struct json_writer *json, const struct policy *policy, const char *kind,
                       const char *id)
{
    AUTO_BUFFER name = {0};
    buffer_append_format(&name, "urn:sekisho:%s:%s:%s:%s", policy->organization, policy->title,
                         kind, id);
    char uuid[UUID_TEXT];
    uuid_of_uri(buffer_bytes(&name), uuid);
    json_member_string(json, "uuid", uuid);
}

/* True for the letters and numbers that clause ids consist of and OSCAL's tokens allow. */
static bool token_allows(uint32_t point)
{
    return (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z') ||
           (point >= 'a' && point <= 'z') || (point >= 0x3041 && point <= 0x3096) ||
           (point >= 0x30A1 && point <= 0x30FA) || (point >= 0x4E00 && point <= 0x9FFF) ||
           (point >= 0x2460 && point <= 0x249B) || (point >= 0x2160 && point <= 0x2188) ||
           (point >= 0x3251 && point <= 0x325F) || (point >= 0x32B1 && point <= 0x32BF);
}

/* Appends an id as a token: slashes become dots, other signs their code. */
static void append_token(struct buffer *out, const char *id)
{
    struct bytes rest = bytes_of_string(id);
    uint32_t point;
    for (size_t length; rest.length; rest = bytes_slice(rest, length, SIZE_MAX)) {
        length = utf8_decode(rest, &point);
        if (point == '/')
            buffer_append_byte(out, '.');
        else if (point == '(' || point == ')')
            buffer_append_byte(out, '_');
        else if (token_allows(point))
            buffer_append(out, rest.data, length);
        else
            buffer_append_format(out, "-%04X", point);
    }
}

static void write_token(struct json_writer *json, const char *key, const char *id)
{
    AUTO_BUFFER token = {0};
    append_token(&token, id);
    json_member_string(json, key, buffer_string(&token));
}

/* A text without blanks at its ends, on one line; `otherwise` where nothing is left. */
static void write_line(struct json_writer *json, const char *key, const char *text,
                       const char *otherwise)
{
    AUTO_BUFFER line = {0};
    buffer_append_bytes(&line, japanese_trim(bytes_of_string(text)));
    for (size_t i = 0; i < line.length; i++)
        line.data[i] = line.data[i] < ' ' ? ' ' : line.data[i];
    json_member_string(json, key, line.length ? buffer_string(&line) : otherwise);
}

static void write_property(struct json_writer *json, const char *name, const char *value)
{
    if (!japanese_trim(bytes_of_string(value)).length)
        return;
    json_begin_object(json);
    json_member_string(json, "name", name);
    write_line(json, "value", value, "");
    json_end_object(json);
}

/* The policy's own date as a time; Japan's midnight, the first of the month where no day stands. */
static void write_date(struct json_writer *json, const char *key, const struct policy *policy)
{
    const char *date = *policy->effective ? policy->effective : NO_DATE;
    AUTO_BUFFER time = {0};
    buffer_append_format(&time, "%s%sT00:00:00+09:00", date, strlen(date) == 7 ? "-01" : "");
    json_member_string(json, key, buffer_string(&time));
}

static void write_metadata(struct json_writer *json, const struct policy *policy)
{
    json_key(json, "metadata");
    json_begin_object(json);
    write_line(json, "title", policy->title, "情報セキュリティポリシー");
    write_date(json, "last-modified", policy);
    const char *version =
        policy->revision_count ? policy->revisions[policy->revision_count - 1].version : "";
    write_line(json, "version", version, *policy->effective ? policy->effective : "1");
    json_member_string(json, "oscal-version", OSCAL_VERSION);
    if (japanese_trim(bytes_of_string(policy->organization)).length) {
        json_key(json, "parties");
        json_begin_array(json);
        json_begin_object(json);
        write_uuid(json, policy, "party", "organization");
        json_member_string(json, "type", "organization");
        write_line(json, "name", policy->organization, "");
        json_end_object(json);
        json_end_array(json);
    }
    if (!*policy->effective)
        json_member_string(json, "remarks", "文書に施行日の記載がないため、日付は仮のものです。");
    json_end_object(json);
}

/* One requirement as a part of its clause. */
static void write_item(struct json_writer *json, const struct policy *policy,
                       const struct policy_requirement *requirement)
{
    json_begin_object(json);
    write_token(json, "id", requirement->id);
    json_member_string(json, "name", "item");
    json_key(json, "props");
    json_begin_array(json);
    write_property(json, "modality", policy_modality_name(requirement->modality));
    write_property(json, "timing", policy_timing_name(requirement->timing));
    for (size_t i = 0; i < requirement->roles.count; i++)
        write_property(json, "role", requirement->roles.items[i]);
    write_property(json, "threshold", requirement->threshold);
    json_end_array(json);
    write_line(json, "prose", policy->sentences[requirement->sentence].text, "-");
    json_end_object(json);
}

/* One clause as a control; *next is the first requirement not yet written. */
static void write_clause(struct json_writer *json, const struct policy *policy, size_t index,
                         size_t *next)
{
    const struct policy_clause *clause = &policy->clauses[index];
    json_begin_object(json);
    write_token(json, "id", clause->id);
    write_line(json, "title", clause->heading, *clause->marker ? clause->marker : clause->id);
    if (clause->parent != POLICY_NONE) {
        AUTO_BUFFER up = {0};
        buffer_append_byte(&up, '#');
        append_token(&up, policy->clauses[clause->parent].id);
        json_key(json, "links");
        json_begin_array(json);
        json_begin_object(json);
        json_member_string(json, "href", buffer_string(&up));
        json_member_string(json, "rel", "up");
        json_end_object(json);
        json_end_array(json);
    }
    if (*clause->text) {
        AUTO_BUFFER id = {0};
        buffer_append_format(&id, "%s.text", clause->id);
        json_key(json, "parts");
        json_begin_array(json);
        json_begin_object(json);
        write_token(json, "id", buffer_string(&id));
        json_member_string(json, "name", "statement");
        write_line(json, "prose", clause->text, "-");
        json_end_object(json);
        for (; *next < policy->requirement_count && policy->requirements[*next].clause == index;
             ++*next)
            write_item(json, policy, &policy->requirements[*next]);
        json_end_array(json);
    }
    json_end_object(json);
}

/* The clauses of each part as a group. */
static void write_catalog(struct json_writer *json, const struct subject *subject)
{
    const struct policy *policy = subject->policy;
    json_key(json, "groups");
    json_begin_array(json);
    size_t next = 0;
    for (size_t i = 0; i < policy->clause_count; i++) {
        bool first = i == 0 || policy->clauses[i].part != policy->clauses[i - 1].part;
        if (first) {
            json_begin_object(json);
            json_member_string(json, "class", policy_part_name(policy->clauses[i].part));
            json_member_string(json, "title", policy_part_name(policy->clauses[i].part));
            json_key(json, "controls");
            json_begin_array(json);
        }
        write_clause(json, policy, i, &next);
        if (i + 1 == policy->clause_count ||
            policy->clauses[i + 1].part != policy->clauses[i].part) {
            json_end_array(json);
            json_end_object(json);
        }
    }
    json_end_array(json);
}

/* The control that meets a requirement best; NULL when there is none. */
static const struct control *control_of(const struct subject *subject, size_t index)
{
    const struct policy_requirement *requirement = &subject->policy->requirements[index];
    if (subject->standings)
        return catalogue_find(subject->standings[index].control);
    return requirement->binding_count ? catalogue_find(requirement->bindings[0].control) : NULL;
}

static void write_proposals(struct json_writer *json, const struct policy_requirement *requirement)
{
    for (size_t i = 0; i < requirement->binding_count; i++) {
        char confidence[16];
        snprintf(confidence, sizeof confidence, "%.2f", requirement->bindings[i].confidence);
        write_property(json, "binding", requirement->bindings[i].control);
        write_property(json, "how", requirement->bindings[i].how);
        write_property(json, "confidence", confidence);
    }
}

static void write_implementation(struct json_writer *json, const struct subject *subject,
                                 size_t index)
{
    const struct policy *policy = subject->policy;
    const struct policy_requirement *requirement = &policy->requirements[index];
    const struct control *best = control_of(subject, index);
    json_begin_object(json);
    write_uuid(json, policy, "implementation", requirement->id);
    write_token(json, "control-id", policy->clauses[requirement->clause].id);
    json_member_string(json, "description", best->achieves[LANGUAGE_JA]);
    json_key(json, "props");
    json_begin_array(json);
    write_property(json, "requirement", requirement->id);
    if (subject->standings) {
        write_property(json, "binding", best->id);
        write_property(json, "how", control_how_name(best->how));
    } else {
        write_proposals(json, requirement);
    }
    json_end_array(json);
    json_end_object(json);
}

static void write_component(struct json_writer *json, const struct subject *subject)
{
    const struct policy *policy = subject->policy;
    size_t bound = 0;
    for (size_t i = 0; i < policy->requirement_count; i++)
        bound += control_of(subject, i) != NULL;
    json_key(json, "components");
    json_begin_array(json);
    json_begin_object(json);
    write_uuid(json, policy, "component", "sekisho");
    json_member_string(json, "type", "software");
    json_member_string(json, "title", "Sekisho");
    json_member_string(json, "description", "関所 — ポリシーの要求事項を満たす管理策の一覧");
    if (bound) {
        json_key(json, "control-implementations");
        json_begin_array(json);
        json_begin_object(json);
        write_uuid(json, policy, "control-implementation", "policy");
        json_member_string(json, "source", "catalog.json");
        json_member_string(json, "description", "文書から読み取った要求事項と、対応する管理策");
        json_key(json, "implemented-requirements");
        json_begin_array(json);
        for (size_t i = 0; i < policy->requirement_count; i++) {
            if (control_of(subject, i))
                write_implementation(json, subject, i);
        }
        json_end_array(json);
        json_end_object(json);
        json_end_array(json);
    }
    json_end_object(json);
    json_end_array(json);
}

/* Of a text, a requirement is satisfied when a control stands for it; whether people keep it is
 * another question, and the result says so. */
static void write_finding(struct json_writer *json, const struct subject *subject, size_t index)
{
    const struct policy *policy = subject->policy;
    const struct policy_requirement *requirement = &policy->requirements[index];
    const struct policy_oscal_standing *standing =
        subject->standings ? &subject->standings[index] : NULL;
    bool satisfied = standing ? standing->satisfied : requirement->binding_count > 0;
    json_begin_object(json);
    write_uuid(json, policy, "finding", requirement->id);
    json_member_string(json, "title", requirement->id);
    write_line(json, "description", policy->sentences[requirement->sentence].text, "-");
    if (standing) {
        json_key(json, "props");
        json_begin_array(json);
        write_property(json, "state", standing->state);
        write_property(json, "owner", standing->owner);
        write_property(json, "due", standing->due);
        json_end_array(json);
    }
    json_key(json, "target");
    json_begin_object(json);
    json_member_string(json, "type", "statement-id");
    write_token(json, "target-id", requirement->id);
    json_key(json, "status");
    json_begin_object(json);
    json_member_string(json, "state", satisfied ? "satisfied" : "not-satisfied");
    json_end_object(json);
    json_end_object(json);
    json_end_object(json);
}

/* One thing that was seen. */
static void write_observation(struct json_writer *json, const struct policy *policy, const char *id,
                              const char *title, const char *text, const char *method,
                              const char *collected)
{
    json_begin_object(json);
    write_uuid(json, policy, "observation", id);
    write_line(json, "title", title, "全体");
    write_line(json, "description", text, "-");
    json_key(json, "methods");
    json_begin_array(json);
    json_text(json, method);
    json_end_array(json);
    if (collected)
        json_member_string(json, "collected", collected);
    else
        write_date(json, "collected", policy);
    json_end_object(json);
}

/* What shows how the requirements stand, as observations. */
static void write_evidence(struct json_writer *json, const struct subject *subject)
{
    bool any = false;
    for (size_t i = 0; i < subject->policy->requirement_count; i++) {
        const struct policy_oscal_standing *standing = &subject->standings[i];
        const char *id = subject->policy->requirements[i].id;
        if (!*standing->evidence)
            continue;
        if (!any) {
            json_key(json, "observations");
            json_begin_array(json);
            any = true;
        }
        write_observation(json, subject->policy, id, id, standing->evidence, "TEST",
                          *standing->collected ? standing->collected : subject->time);
    }
    if (any)
        json_end_array(json);
}

/* What lint found in the text, as observations. */
static void write_observations(struct json_writer *json, const struct policy *policy)
{
    struct policy_findings findings;
    policy_lint(policy, &findings);
    if (findings.count) {
        json_key(json, "observations");
        json_begin_array(json);
    }
    for (size_t i = 0; i < findings.count; i++) {
        const struct policy_finding *finding = &findings.items[i];
        AUTO_BUFFER id = {0}, key = {0}, text = {0};
        buffer_append_format(&id, "%zu", i + 1);
        buffer_append_format(&key, "lint.%s", finding->kind);
        const struct message_value values[] = {{"words", finding->words}};
        message_append(&text, LANGUAGE_JA, buffer_string(&key), values, 1);
        write_observation(json, policy, buffer_string(&id),
                          finding->clause == POLICY_NONE ? "全体"
                                                         : policy->clauses[finding->clause].id,
                          buffer_string(&text), "EXAMINE", NULL);
    }
    if (findings.count)
        json_end_array(json);
    policy_findings_free(&findings);
}

/* What kind of assessment this is, and when. */
static void write_result_head(struct json_writer *json, const struct subject *subject)
{
    bool lived = subject->standings != NULL;
    write_uuid(json, subject->policy, "result", lived ? "operation" : "design");
    json_member_string(json, "title", lived ? "運用の評価" : "設計の評価");
    json_member_string(json, "description",
                       lived ? "要求事項ごとの状態、担当者、証跡の評価です。"
                             : "要求事項に管理策が割り当てられているかどうかの評価です。"
                               "運用されているかどうかの評価ではありません。");
    if (lived)
        json_member_string(json, "start", subject->time);
    else
        write_date(json, "start", subject->policy);
}

static void write_results(struct json_writer *json, const struct subject *subject)
{
    const struct policy *policy = subject->policy;
    json_key(json, "import-ap");
    json_begin_object(json);
    json_member_string(json, "href", "#");
    json_member_string(json, "remarks",
                       subject->standings
                           ? "記録による評価です。評価計画はありません。"
                           : "文書の読み取りだけによる評価です。評価計画はありません。");
    json_end_object(json);
    json_key(json, "results");
    json_begin_array(json);
    json_begin_object(json);
    write_result_head(json, subject);
    json_key(json, "reviewed-controls");
    json_begin_object(json);
    json_key(json, "control-selections");
    json_begin_array(json);
    json_begin_object(json);
    json_key(json, "include-all");
    json_begin_object(json);
    json_end_object(json);
    json_end_object(json);
    json_end_array(json);
    json_end_object(json);
    if (subject->standings)
        write_evidence(json, subject);
    else
        write_observations(json, policy);
    if (policy->requirement_count) {
        json_key(json, "findings");
        json_begin_array(json);
        for (size_t i = 0; i < policy->requirement_count; i++)
            write_finding(json, subject, i);
        json_end_array(json);
    }
    json_end_object(json);
    json_end_array(json);
}

static void write_document(const struct subject *subject, enum policy_oscal model,
                           struct buffer *out)
{
    static void (*const write[POLICY_OSCAL_COUNT])(struct json_writer *, const struct subject *) = {
        write_catalog, write_component, write_results};
    struct json_writer json = json_writer_open(out);
    json_begin_object(&json);
    json_key(&json, policy_oscal_name(model));
    json_begin_object(&json);
    write_uuid(&json, subject->policy, "document", policy_oscal_name(model));
    write_metadata(&json, subject->policy);
    write[model](&json, subject);
    json_end_object(&json);
    json_end_object(&json);
}

void policy_write_oscal(const struct policy *policy, enum policy_oscal model, struct buffer *out)
{
    const struct subject subject = {.policy = policy};
    write_document(&subject, model, out);
}

void policy_write_oscal_standing(const struct policy *policy, enum policy_oscal model,
                                 const struct policy_oscal_standing *standings, const char *time,
                                 struct buffer *out)
{
    const struct subject subject = {policy, standings, time};
    write_document(&subject, model, out);
}
