/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the duties of a policy are met, by control and by way of meeting. */
#include <stdio.h>

#include "base/json.h"
#include "command/command.h"
#include "command/policy_print.h"

/* Counts the requirements whose best control is met in each way; [CONTROL_HOW_COUNT] counts those
 * without one. */
static void count_ways(const struct policy *policy, size_t *counts)
{
    for (size_t i = 0; i < policy->requirement_count; i++) {
        const struct policy_requirement *requirement = &policy->requirements[i];
        if (requirement->binding_count)
            counts[catalogue_find(requirement->bindings[0].control)->how]++;
        else
            counts[CONTROL_HOW_COUNT]++;
    }
}

/* True when one of the requirement's bindings is to this control. */
static bool binds_to(const struct policy_requirement *requirement, const struct control *control)
{
    for (size_t i = 0; i < requirement->binding_count; i++) {
        if (!strcmp(requirement->bindings[i].control, control->id))
            return true;
    }
    return false;
}

static size_t count_bound(const struct policy *policy, const struct control *control)
{
    size_t count = 0;
    for (size_t i = 0; i < policy->requirement_count; i++)
        count += binds_to(&policy->requirements[i], control);
    return count;
}

static void print_way(enum language language, const char *name, size_t count)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", count);
    const struct message_value values[] = {{"how", name}, {"count", number}};
    command_say(stdout, language, "policy.way", values, 2);
}

void policy_print_coverage(const struct policy *policy, enum language language)
{
    size_t counts[CONTROL_HOW_COUNT + 1] = {0}, control_count;
    count_ways(policy, counts);
    for (int how = 0; how < CONTROL_HOW_COUNT; how++) {
        AUTO_BUFFER key = {0};
        buffer_append_format(&key, "how.%s", control_how_name(how));
        print_way(language, message_get(language, buffer_string(&key)), counts[how]);
    }
    print_way(language, message_get(language, "policy.unbound"), counts[CONTROL_HOW_COUNT]);
    const struct control *controls = catalogue_all(&control_count);
    putchar('\n');
    for (size_t c = 0; c < control_count; c++) {
        size_t bound = count_bound(policy, &controls[c]);
        if (bound)
            printf("%4zu  %s  (%s)\n", bound, controls[c].title[language], controls[c].id);
    }
    for (size_t i = 0; i < policy->requirement_count; i++) {
        const struct policy_requirement *requirement = &policy->requirements[i];
        if (!requirement->binding_count)
            printf("   -  %s  %s\n", requirement->id,
                   policy->sentences[requirement->sentence].text);
    }
}

static void write_control(struct json_writer *json, const struct policy *policy,
                          const struct control *control, enum language language)
{
    json_begin_object(json);
    json_member_string(json, "control", control->id);
    json_member_string(json, "title", control->title[language]);
    json_member_string(json, "how", control_how_name(control->how));
    json_member_string(json, "by", control->by);
    json_key(json, "requirements");
    json_begin_array(json);
    for (size_t i = 0; i < policy->requirement_count; i++) {
        if (binds_to(&policy->requirements[i], control))
            json_text(json, policy->requirements[i].id);
    }
    json_end_array(json);
    json_end_object(json);
}

void policy_write_coverage_json(const struct policy *policy, enum language language,
                                struct buffer *out)
{
    size_t counts[CONTROL_HOW_COUNT + 1] = {0}, control_count;
    count_ways(policy, counts);
    struct json_writer json = json_writer_open(out);
    json_begin_object(&json);
    json_member_unsigned(&json, "requirements", policy->requirement_count);
    json_key(&json, "met");
    json_begin_object(&json);
    for (int how = 0; how < CONTROL_HOW_COUNT; how++)
        json_member_unsigned(&json, control_how_name(how), counts[how]);
    json_end_object(&json);
    json_key(&json, "controls");
    json_begin_array(&json);
    const struct control *controls = catalogue_all(&control_count);
    for (size_t c = 0; c < control_count; c++) {
        if (count_bound(policy, &controls[c]))
            write_control(&json, policy, &controls[c], language);
    }
    json_end_array(&json);
    json_key(&json, "unbound");
    json_begin_array(&json);
    for (size_t i = 0; i < policy->requirement_count; i++) {
        if (!policy->requirements[i].binding_count)
            json_text(&json, policy->requirements[i].id);
    }
    json_end_array(&json);
    json_end_object(&json);
}
