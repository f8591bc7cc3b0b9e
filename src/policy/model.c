/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growing and freeing a struct policy. */
#include "policy/model.h"

#include <stdlib.h>

#include "base/memory.h"

char *model_copy(struct bytes text)
{
    return memory_copy_string(text.data, text.length);
}

void model_set(char **field, struct bytes text)
{
    free(*field);
    *field = model_copy(text);
}

/* Room for one more element of an array that grows by doubling; returns the zeroed new element. */
static void *add(void *array_pointer, size_t *count, size_t size)
{
    void **array = array_pointer;
    if ((*count & (*count - 1)) == 0)
        *array = memory_resize(*array, *count ? *count * 2 : 1, size);
    void *element = (char *)*array + (*count)++ * size;
    memset(element, 0, size);
    return element;
}

#define DEFINE_ADD(type, array, count)                                                             \
    struct policy_##type *model_add_##type(struct policy *policy)                                  \
    {                                                                                              \
        return add(&policy->array, &policy->count, sizeof *policy->array);                         \
    }

DEFINE_ADD(revision, revisions, revision_count)
DEFINE_ADD(clause, clauses, clause_count)
DEFINE_ADD(furniture, furniture, furniture_count)
DEFINE_ADD(sentence, sentences, sentence_count)
DEFINE_ADD(definition, definitions, definition_count)
DEFINE_ADD(threat, threats, threat_count)
DEFINE_ADD(zone, zones, zone_count)
DEFINE_ADD(crossing, crossings, crossing_count)
DEFINE_ADD(level, levels, level_count)
DEFINE_ADD(role, roles, role_count)
DEFINE_ADD(requirement, requirements, requirement_count)
DEFINE_ADD(reference, references, reference_count)

void model_free_level(struct policy_level *level)
{
    free(level->scheme);
    free(level->label);
    free(level->text);
}

void names_add(struct policy_names *names, struct bytes name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (bytes_equal_string(name, names->items[i]))
            return;
    }
    char **item = add(&names->items, &names->count, sizeof *names->items);
    *item = model_copy(name);
}

void names_add_all(struct policy_names *names, const struct policy_names *others)
{
    for (size_t i = 0; i < others->count; i++)
        names_add(names, bytes_of_string(others->items[i]));
}

static void names_free(struct policy_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
}

static void free_clauses(struct policy *policy)
{
    for (size_t i = 0; i < policy->clause_count; i++) {
        free(policy->clauses[i].id);
        free(policy->clauses[i].marker);
        free(policy->clauses[i].heading);
        free(policy->clauses[i].text);
    }
    free(policy->clauses);
    for (size_t i = 0; i < policy->sentence_count; i++)
        free(policy->sentences[i].text);
    free(policy->sentences);
    free(policy->furniture);
}

static void free_requirements(struct policy *policy)
{
    for (size_t i = 0; i < policy->requirement_count; i++) {
        struct policy_requirement *requirement = &policy->requirements[i];
        free(requirement->id);
        free(requirement->timing_text);
        free(requirement->condition);
        free(requirement->threshold);
        free(requirement->exception);
        names_free(&requirement->roles);
        names_free(&requirement->permission_from);
        names_free(&requirement->report_to);
        names_free(&requirement->together_with);
    }
    free(policy->requirements);
}

static void free_facts(struct policy *policy)
{
    for (size_t i = 0; i < policy->revision_count; i++) {
        free(policy->revisions[i].date);
        free(policy->revisions[i].version);
        free(policy->revisions[i].note);
    }
    for (size_t i = 0; i < policy->definition_count; i++) {
        free(policy->definitions[i].term);
        free(policy->definitions[i].text);
    }
    for (size_t i = 0; i < policy->threat_count; i++)
        free(policy->threats[i].text);
    for (size_t i = 0; i < policy->zone_count; i++) {
        free(policy->zones[i].id);
        free(policy->zones[i].name);
    }
    for (size_t i = 0; i < policy->crossing_count; i++) {
        free(policy->crossings[i].from);
        free(policy->crossings[i].to);
        names_free(&policy->crossings[i].methods);
    }
    for (size_t i = 0; i < policy->level_count; i++)
        model_free_level(&policy->levels[i]);
    for (size_t i = 0; i < policy->role_count; i++) {
        free(policy->roles[i].name);
        free(policy->roles[i].held_by);
    }
    for (size_t i = 0; i < policy->reference_count; i++)
        free(policy->references[i].text);
    free(policy->revisions);
    free(policy->definitions);
    free(policy->threats);
    free(policy->zones);
    free(policy->crossings);
    free(policy->levels);
    free(policy->roles);
    free(policy->references);
}

void policy_free(struct policy *policy)
{
    if (!policy)
        return;
    free_clauses(policy);
    free_requirements(policy);
    free_facts(policy);
    free(policy->source);
    free(policy->organization);
    free(policy->title);
    free(policy->effective);
    free(policy->classification_name);
    free(policy);
}
