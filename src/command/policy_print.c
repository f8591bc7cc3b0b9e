/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policies, findings and comparisons as text for a terminal. */
#include "command/policy_print.h"

#include <stdio.h>

#include "base/utf8.h"
#include "command/command.h"

enum {
    TOPIC_COLUMNS = 44, /* of a comparison */
    CELL_COLUMNS = 26,
};

static void say(enum language language, const char *key, const char *name, const char *value)
{
    const struct message_value values[] = {{name, value}};
    command_say(stdout, language, key, values, 1);
}

static void say_number(enum language language, const char *key, size_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%zu", number);
    say(language, key, "count", text);
}

/* Columns of a character on a terminal. */
static unsigned columns_of(uint32_t point)
{
    return point < 0x300 || (point >= 0xFF61 && point <= 0xFF9F) ? 1 : 2;
}

/* Prints text in exactly `columns` columns, cut with an ellipsis or filled with blanks. */
static void print_cell(const char *text, unsigned columns)
{
    AUTO_BUFFER plain = {0}, cell = {0};
    command_append_plain(&plain, text);
    struct bytes rest = buffer_bytes(&plain);
    unsigned used = 0;
    while (rest.length) {
        uint32_t point;
        size_t length = utf8_decode(rest, &point);
        if (!length || used + columns_of(point) > columns - 2)
            break;
        utf8_append(&cell, point);
        used += columns_of(point);
        rest = bytes_slice(rest, length, SIZE_MAX);
    }
    if (rest.length) {
        buffer_append_string(&cell, "…");
        used++;
    }
    while (used++ < columns)
        buffer_append_byte(&cell, ' ');
    fputs(buffer_string(&cell), stdout);
}

static void print_crossings(const struct policy *policy, enum language language)
{
    for (size_t i = 0; i < policy->crossing_count; i++) {
        const struct policy_crossing *crossing = &policy->crossings[i];
        AUTO_BUFFER rule = {0}, ends = {0}, methods = {0};
        buffer_append_format(&rule, "crossing.%s", policy_crossing_rule_name(crossing->rule));
        buffer_append_format(&ends, "%s %s %s", crossing->from, crossing->both_ways ? "⇄" : "→",
                             crossing->to);
        for (size_t m = 0; m < crossing->methods.count; m++)
            buffer_append_format(&methods, " %s", crossing->methods.items[m]);
        const struct message_value values[] = {
            {"ends", buffer_string(&ends)},
            {"rule", message_get(language, buffer_string(&rule))},
            {"methods", buffer_string(&methods)},
            {"clause", policy->clauses[crossing->clause].id},
        };
        command_say(stdout, language, "policy.crossing", values, 4);
    }
}

static void print_facts(const struct policy *policy, enum language language)
{
    say(language, "policy.organization", "name", policy->organization);
    say(language, "policy.title", "name", policy->title);
    if (*policy->effective)
        say(language, "policy.effective", "date", policy->effective);
    AUTO_BUFFER zones = {0};
    for (size_t i = 0; i < policy->zone_count; i++)
        buffer_append_format(&zones, "%s%s", i ? "、" : "", policy->zones[i].name);
    say(language, "policy.zones", "names", buffer_string(&zones));
    print_crossings(policy, language);
    if (policy->level_count) {
        AUTO_BUFFER levels = {0};
        for (size_t i = 0; i < policy->level_count; i++)
            buffer_append_format(&levels, "%s%s%s", i ? "・" : "", policy->levels[i].scheme,
                                 policy->levels[i].label);
        const struct message_value values[] = {{"name", policy->classification_name},
                                               {"levels", buffer_string(&levels)}};
        command_say(stdout, language, "policy.classification", values, 2);
    }
    for (size_t i = 0; i < policy->role_count; i++) {
        const struct message_value values[] = {{"role", policy->roles[i].name},
                                               {"holder", policy->roles[i].held_by}};
        command_say(stdout, language, "policy.role", values, 2);
    }
    say_number(language, "policy.requirements", policy->requirement_count);
}

static void print_requirement(const struct policy *policy, size_t index, enum language language)
{
    const struct policy_requirement *requirement = &policy->requirements[index];
    AUTO_BUFFER key = {0}, roles = {0}, controls = {0};
    buffer_append_format(&key, "modality.%s", policy_modality_name(requirement->modality));
    for (size_t i = 0; i < requirement->roles.count; i++)
        buffer_append_format(&roles, "%s%s", i ? "・" : "", requirement->roles.items[i]);
    for (size_t i = 0; i < requirement->binding_count; i++) {
        const struct control *control = catalogue_find(requirement->bindings[i].control);
        AUTO_BUFFER how = {0};
        buffer_append_format(&how, "how.%s", control_how_name(control->how));
        buffer_append_format(&controls, "%s%s（%s %.0f%%）", i ? "、" : "",
                             control->title[language], message_get(language, buffer_string(&how)),
                             requirement->bindings[i].confidence * 100);
    }
    const struct message_value values[] = {
        {"modality", message_get(language, buffer_string(&key))},
        {"roles", roles.length ? buffer_string(&roles) : message_get(language, "policy.nobody")},
        {"time", requirement->timing_text},
        {"controls",
         controls.length ? buffer_string(&controls) : message_get(language, "policy.unbound")},
    };
    command_say(stdout, language, "policy.requirement", values, 4);
}

void policy_print(const struct policy *policy, enum language language)
{
    print_facts(policy, language);
    size_t next = 0;
    for (size_t i = 0; i < policy->clause_count; i++) {
        const struct policy_clause *clause = &policy->clauses[i];
        printf("\n%s  %s\n", clause->id, clause->heading);
        if (*clause->text)
            printf("%s\n", clause->text);
        for (; next < policy->requirement_count && policy->requirements[next].clause == i; next++)
            print_requirement(policy, next, language);
    }
}

void policy_print_findings(const struct policy *policy, const struct policy_findings *findings,
                           enum language language)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct policy_finding *finding = &findings->items[i];
        AUTO_BUFFER key = {0}, line = {0};
        buffer_append_format(&key, "lint.%s", finding->kind);
        const struct message_value values[] = {{"words", finding->words}};
        buffer_append_format(&line, "%s: ",
                             finding->clause == POLICY_NONE
                                 ? message_get(language, "policy.whole_text")
                                 : policy->clauses[finding->clause].id);
        message_append(&line, language, buffer_string(&key), values, 1);
        puts(buffer_string(&line));
    }
    say_number(language, findings->count ? "policy.findings" : "policy.no_findings",
               findings->count);
}

void policy_print_comparison(const struct policy *const *policies,
                             const struct policy_comparison *comparison, enum language language)
{
    print_cell("", TOPIC_COLUMNS);
    for (size_t p = 0; p < comparison->policy_count; p++)
        print_cell(policies[p]->organization, CELL_COLUMNS);
    putchar('\n');
    for (size_t r = 0; r < comparison->row_count; r++) {
        const struct policy_row *row = &comparison->rows[r];
        print_cell(row->topic, TOPIC_COLUMNS);
        for (size_t p = 0; p < comparison->policy_count; p++) {
            AUTO_BUFFER cell = {0}, key = {0};
            buffer_append_format(&key, "agreement.%s", policy_agreement_name(row->agreement[p]));
            buffer_append_string(&cell, message_get(language, buffer_string(&key)));
            if (row->clauses[p] != POLICY_NONE)
                buffer_append_format(&cell, " %s", policies[p]->clauses[row->clauses[p]].id);
            print_cell(buffer_string(&cell), CELL_COLUMNS);
        }
        putchar('\n');
    }
}
