/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of items that a text sets up, and finding one in it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "adoption/plan.h"

static const char *const kind_names[ADOPTION_ITEM_KIND_COUNT] = {
    "organization", "zone", "conduit", "classification", "rule", "duty", "journal", "role"};

const char *adoption_item_kind_name(enum adoption_item_kind kind)
{
    return kind_names[kind];
}

void setup_add(struct adoption_plan *plan, enum adoption_item_kind kind, const char *value,
               struct setup_source source, const char *format, ...)
{
    char key[ADOPTION_KEY_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(key, sizeof key, format, arguments);
    va_end(arguments);
    if ((plan->count & (plan->count - 1)) == 0)
        plan->items =
            memory_resize(plan->items, plan->count ? 2 * plan->count : 1, sizeof *plan->items);
    struct adoption_item *item = &plan->items[plan->count++];
    *item = (struct adoption_item){.kind = kind,
                                   .key = memory_copy_string(key, strlen(key)),
                                   .value = memory_copy_string(value, strlen(value)),
                                   .from_text = memory_copy_string(value, strlen(value)),
                                   .stated = source.stated,
                                   .clause = source.clause,
                                   .sentence = source.sentence,
                                   .change = ADOPTION_NEW};
    item->subject = strchr(item->key, '/') + 1;
    item->name = strrchr(item->key, '/') + 1;
}

struct adoption_item *setup_find(struct adoption_plan *plan, const char *key)
{
    for (size_t i = 0; i < plan->count; i++)
        if (strcmp(plan->items[i].key, key) == 0)
            return &plan->items[i];
    return NULL;
}

const struct adoption_item *adoption_plan_find(const struct adoption_plan *plan, const char *key)
{
    return setup_find((struct adoption_plan *)(uintptr_t)plan, key);
}

void setup_set(char **value, const char *text)
{
    free(*value);
    *value = text ? memory_copy_string(text, strlen(text)) : NULL;
}

void adoption_plan_make(const struct policy *policy, struct adoption_plan *plan)
{
    *plan = (struct adoption_plan){0};
    if (*policy->organization)
        setup_add(plan, ADOPTION_ITEM_ORGANIZATION, policy->organization,
                  (struct setup_source){true, POLICY_NONE, POLICY_NONE}, "organization/name");
    setup_add_zones(plan, policy);
    setup_add_conduits(plan, policy);
    setup_add_classification(plan, policy);
    setup_add_rules(plan, policy);
    setup_add_roles(plan, policy);
}

void adoption_plan_free(struct adoption_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        free(plan->items[i].key);
        free(plan->items[i].value);
        free(plan->items[i].from_text);
        free(plan->items[i].present);
    }
    free(plan->items);
    *plan = (struct adoption_plan){0};
}

/* ---- looking into the text ---- */

void setup_context(const struct policy *policy, size_t sentence, struct buffer *out)
{
    size_t clause = policy->sentences[sentence].clause;
    for (size_t above = clause; above != POLICY_NONE; above = policy->clauses[above].parent) {
        buffer_append_string(out, policy->clauses[above].heading);
        buffer_append_byte(out, '\n');
    }
    buffer_append_string(out, policy->sentences[sentence].text);
}

bool setup_mentions(const char *text, const char *words)
{
    struct bytes whole = bytes_of_string(text);
    char word[128];
    for (const char *at = words;; at++) {
        size_t length = strcspn(at, "|");
        snprintf(word, sizeof word, "%.*s", (int)length, at);
        if (!*word || bytes_find(whole, 0, word) != SIZE_MAX)
            return true;
        at += length;
        if (!*at)
            return false;
    }
}

size_t setup_find_sentence(const struct policy *policy, const char *const *lists, size_t count)
{
    for (size_t i = 0; i < policy->requirement_count; i++) {
        AUTO_BUFFER context = {0};
        size_t sentence = policy->requirements[i].sentence, found = 0;
        setup_context(policy, sentence, &context);
        buffer_append_string(&context, policy->clauses[policy->requirements[i].clause].text);
        const char *text = buffer_string(&context);
        while (found < count && setup_mentions(text, lists[found]))
            found++;
        if (found == count)
            return sentence;
    }
    return POLICY_NONE;
}

bool setup_conduit_zones(const struct adoption_item *item, char from[IDENTITY_ZONE_SIZE],
                         char to[IDENTITY_ZONE_SIZE])
{
    if (item->kind != ADOPTION_ITEM_CONDUIT)
        return false;
    size_t first = strcspn(item->subject, "/");
    size_t second = strcspn(item->subject + first + 1, "/");
    snprintf(from, IDENTITY_ZONE_SIZE, "%.*s", (int)first, item->subject);
    snprintf(to, IDENTITY_ZONE_SIZE, "%.*s", (int)second, item->subject + first + 1);
    return true;
}
