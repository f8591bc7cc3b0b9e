/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Markup compatibility (ECMA-376 Part 3): of mc:AlternateContent the choices stay whose namespaces
 * we know and that still hold something; when none does, what stands in mc:Fallback takes its
 * place. mc:Ignorable is gathered for the root.
 */
#include <string.h>

#include "disarm/format/ooxml_filter_internal.h"
#include "disarm/format/ooxml_xml.h"

/* The namespace that a prefix of the input means here, or -1. */
static int find_binding(const struct filter *filter, const char *prefix, size_t length)
{
    for (size_t i = filter->binding_count; i-- > 0;) {
        const struct binding *binding = &filter->bindings[i];
        if (strlen(binding->prefix) == length && !memcmp(binding->prefix, prefix, length))
            return binding->name_space;
    }
    return -1;
}

/* Adds the namespaces of a list of prefixes to a set; false when one of them is unknown. */
static bool add_prefixes(const struct filter *filter, const char *prefixes,
                         struct ooxml_namespace_set *set)
{
    bool all = true;
    static const char blanks[] = " \t\r\n";
    for (prefixes += strspn(prefixes, blanks); *prefixes; prefixes += strspn(prefixes, blanks)) {
        size_t length = strcspn(prefixes, blanks);
        int index = find_binding(filter, prefixes, length);
        if (index >= 0)
            namespace_set_add(set, (unsigned)index);
        else
            all = false;
        prefixes += length;
    }
    return all;
}

void filter_add_ignorable(struct filter *filter, const char *prefixes)
{
    add_prefixes(filter, prefixes, &filter->ignorable);
}

static void use_markup(struct filter *filter)
{
    namespace_set_add(&filter->used,
                      (unsigned)ooxml_find_namespace(
                          "http://schemas.openxmlformats.org/markup-compatibility/2006"));
}

static void start_choice(struct filter *filter, struct level *alternate, const char *requires)
{
    struct ooxml_namespace_set needed = {0};
    static const struct ooxml_namespace_set none;
    if (!requires || !add_prefixes(filter, requires, &needed) ||
        !memcmp(&needed, &none, sizeof none)) {
        filter->skipped = 1;
        return;
    }
    struct ooxml_namespace_set before = filter->used;
    if (!alternate->chosen) {
        alternate->chosen = true;
        buffer_append_string(&filter->out, "<mc:AlternateContent>");
        alternate->content = filter->out.length;
    }
    struct level *choice = filter_push(filter, NULL, "mc:Choice", LEVEL_CHOICE);
    choice->used = before;
    use_markup(filter);
    const char *separator = "<mc:Choice Requires=\"";
    for (unsigned i = 0; i < ooxml_namespace_count; i++) {
        if (!namespace_set_has(&needed, i))
            continue;
        namespace_set_add(&filter->used, i);
        buffer_append_string(&filter->out, separator);
        buffer_append_string(&filter->out, ooxml_namespaces[i].prefix);
        separator = " ";
    }
    buffer_append_string(&filter->out, "\">");
    choice->content = filter->out.length;
}

static void start_fallback(struct filter *filter, const struct level *alternate)
{
    if (!alternate->chosen) {
        filter_push(filter, NULL, NULL, LEVEL_UNWRAPPED);
        return;
    }
    struct level *level = filter_push(filter, NULL, "mc:Fallback", LEVEL_FALLBACK);
    buffer_append_string(&filter->out, "<mc:Fallback>");
    level->content = filter->out.length;
}

void filter_markup_start(struct filter *filter, const char *name, const char **attributes)
{
    struct level *top = filter_top(filter);
    if (!strcmp(name, "AlternateContent") && top && top->kind != LEVEL_ALTERNATE) {
        filter_push(filter, NULL, NULL, LEVEL_ALTERNATE);
    } else if (!top || top->kind != LEVEL_ALTERNATE) {
        filter->skipped = 1;
    } else if (!strcmp(name, "Choice")) {
        start_choice(filter, top, ooxml_xml_attribute(attributes, "Requires"));
    } else if (!strcmp(name, "Fallback")) {
        start_fallback(filter, top);
    } else {
        filter->skipped = 1;
    }
}

static void end_choice(struct filter *filter, struct level *choice)
{
    struct level *alternate = choice - 1;
    if (filter->out.length != choice->content) {
        buffer_append_string(&filter->out, "</mc:Choice>");
    } else {
        filter_roll_back(filter, choice->start, &choice->used);
        if (filter->out.length == alternate->content) {
            filter->out.length = alternate->start;
            alternate->chosen = false;
        }
    }
    filter->depth--;
}

void filter_markup_end(struct filter *filter, struct level *level)
{
    if (level->kind == LEVEL_CHOICE) {
        end_choice(filter, level);
        return;
    }
    if (level->kind == LEVEL_FALLBACK) {
        buffer_append_string(&filter->out, "</mc:Fallback>");
    } else if (level->chosen) {
        buffer_append_string(&filter->out, "</mc:AlternateContent>");
    }
    filter->depth--;
}
