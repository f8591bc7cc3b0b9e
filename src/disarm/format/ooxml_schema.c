/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking up names in the tables that tools/ooxml_tables.py makes. */
#include "disarm/format/ooxml_schema.h"

#include <stdlib.h>

enum { KIND_SHIFT = 12, INDEX_MASK = (1 << KIND_SHIFT) - 1 };

/* The hash that tools/ooxml_tables.py computes as well: eight bytes at a time, zero padded. */
static uint64_t hash_name(const char *name, size_t length)
{
    uint64_t hash = length * UINT64_C(0x9E3779B97F4A7C15);
    while (length) {
        uint64_t chunk = 0;
        size_t taken = length < 8 ? length : 8;
        for (size_t i = 0; i < taken; i++)
            chunk |= (uint64_t)(uint8_t)name[i] << (8 * i);
        hash = (hash ^ chunk) * UINT64_C(0xD6E8FEB86659FD93);
        hash ^= hash >> 32;
        name += taken;
        length -= taken;
    }
    return hash;
}

static bool name_matches(const char *name, size_t length, unsigned name_space, bool strict,
                         const char *local)
{
    const struct ooxml_namespace *in = &ooxml_namespaces[name_space];
    size_t prefix = strict ? in->strict_length : in->uri_length;
    if (prefix) {
        const char *uri = strict ? in->strict : in->uri;
        if (length <= prefix || memcmp(name, uri, prefix) != 0 || name[prefix] != '\n')
            return false;
        prefix++;
    }
    return strcmp(name + prefix, local) == 0;
}

const struct ooxml_element *ooxml_find_element(const char *name)
{
    size_t length = strlen(name);
    uint64_t hash = hash_name(name, length);
    for (size_t at = hash & ooxml_element_mask; ooxml_element_slots[at].index;
         at = (at + 1) & ooxml_element_mask) {
        const struct ooxml_slot *slot = &ooxml_element_slots[at];
        const struct ooxml_element *element = &ooxml_elements[slot->index - 1];
        if (slot->hash == hash && name_matches(name, length, element->name_space, slot->strict,
                                               element->name + element->local))
            return element;
    }
    return NULL;
}

static int find_attribute_index(const char *name)
{
    size_t length = strlen(name);
    uint64_t hash = hash_name(name, length);
    for (size_t at = hash & ooxml_attribute_mask; ooxml_attribute_slots[at].index;
         at = (at + 1) & ooxml_attribute_mask) {
        const struct ooxml_slot *slot = &ooxml_attribute_slots[at];
        const struct ooxml_attribute *attribute = &ooxml_attributes[slot->index - 1];
        if (slot->hash == hash && name_matches(name, length, attribute->name_space, slot->strict,
                                               attribute->name + attribute->local))
            return slot->index - 1;
    }
    return -1;
}

const struct ooxml_attribute *ooxml_find_attribute(const struct ooxml_element *element,
                                                   const char *name, uint8_t *kind)
{
    int index = find_attribute_index(name);
    if (index < 0)
        return NULL;
    const uint16_t *list = ooxml_attribute_lists + element->first_attribute;
    for (unsigned i = 0; i < element->attribute_count; i++) {
        if ((list[i] & INDEX_MASK) == index) {
            *kind = (uint8_t)(list[i] >> KIND_SHIFT);
            return &ooxml_attributes[index];
        }
    }
    return NULL;
}

int ooxml_find_namespace(const char *uri)
{
    for (size_t i = 0; i < ooxml_namespace_count; i++) {
        const struct ooxml_namespace *in = &ooxml_namespaces[i];
        if (*in->prefix && (!strcmp(in->uri, uri) || (in->strict && !strcmp(in->strict, uri))))
            return (int)i;
    }
    return -1;
}

static int compare_function(const void *key, const void *entry)
{
    const struct bytes *name = key;
    const char *function = *(const char *const *)entry;
    int order = strncmp((const char *)name->data, function, name->length);
    return order ? order : -(int)(function[name->length] != '\0');
}

bool ooxml_function_known(struct bytes name)
{
    return bsearch(&name, ooxml_functions, ooxml_function_count, sizeof *ooxml_functions,
                   compare_function) != NULL;
}
