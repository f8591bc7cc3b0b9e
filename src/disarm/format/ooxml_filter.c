/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elements, attributes and text of one part through the tables, from expat into the output. */
#include "disarm/format/ooxml_filter.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "disarm/format/ooxml_filter_internal.h"
#include "disarm/format/ooxml_url.h"
#include "disarm/format/ooxml_xml.h"

/* Rows of one kind that the receipt counts one by one; further ones say nothing new. */
enum { NOTE_COUNT_MAXIMUM = 10000, FORMULA_MAXIMUM = 1 << 16 };

void filter_fail(struct filter *filter, const char *code, const char *detail)
{
    if (!filter->failed)
        error_set(filter->error, code, filter->part->name, "%s", detail);
    filter->failed = true;
}

void filter_note(struct filter *filter, const char *kind, enum receipt_action action,
                 const char *reason)
{
    for (size_t i = 0; i < filter->note_count; i++) {
        struct note *note = &filter->notes[i];
        if (note->action == action && !strcmp(note->kind, kind) && !strcmp(note->reason, reason)) {
            note->count++;
            return;
        }
    }
    if (filter->note_count == filter->note_capacity) {
        filter->note_capacity = filter->note_capacity ? 2 * filter->note_capacity : 8;
        filter->notes = memory_resize(filter->notes, filter->note_capacity, sizeof *filter->notes);
    }
    filter->notes[filter->note_count++] = (struct note){kind, reason, action, 1};
}

struct level *filter_push(struct filter *filter, const struct ooxml_element *element,
                          const char *name, enum level_kind kind)
{
    if (filter->depth == filter->level_capacity) {
        filter->level_capacity = filter->level_capacity ? 2 * filter->level_capacity : 32;
        filter->levels =
            memory_resize(filter->levels, filter->level_capacity, sizeof *filter->levels);
    }
    struct level *level = &filter->levels[filter->depth++];
    *level = (struct level){.element = element,
                            .name = name,
                            .start = filter->out.length,
                            .content = filter->out.length,
                            .used = filter->used,
                            .kind = kind};
    return level;
}

void filter_roll_back(struct filter *filter, size_t start, const struct ooxml_namespace_set *used)
{
    filter->out.length = start;
    filter->used = *used;
    while (filter->use_count && filter->uses[filter->use_count - 1].at >= start)
        filter->use_count--;
}

void filter_kill_frame(struct filter *filter)
{
    for (size_t i = filter->depth; i-- > 0;) {
        struct level *level = &filter->levels[i];
        if (level->element && level->element->flags & OOXML_FRAME) {
            level->killed = true;
            return;
        }
    }
}

struct ooxml_relationship *filter_live(struct filter *filter, const char *id)
{
    struct ooxml_relationship *found = ooxml_relationship_find(filter->part, id);
    if (!found || found->url)
        return found;
    bool slide_from_slide = found->kind->root && !strcmp(found->kind->root, "p:sld") &&
                            filter->part != filter->package->main;
    if (slide_from_slide) {
        found->part->wanted = true; /* a jump; resolving it here would follow the whole show */
        return found;
    }
    bool live = ooxml_part_resolve(filter->package, found->part, &filter->fatal, filter->error);
    filter->failed |= filter->fatal;
    return live && !filter->fatal ? found : NULL;
}

static void add_use(struct filter *filter, struct ooxml_relationship *relationship)
{
    if (filter->use_count == filter->use_capacity) {
        filter->use_capacity = filter->use_capacity ? 2 * filter->use_capacity : 16;
        filter->uses = memory_resize(filter->uses, filter->use_capacity, sizeof *filter->uses);
    }
    filter->uses[filter->use_count++] = (struct use){filter->out.length, relationship};
}

static const char *attribute_value(struct filter *filter, uint8_t kind, const char *value)
{
    struct bytes bytes = bytes_of_string(value);
    switch (kind) {
    case OOXML_ATTRIBUTE_URL:
        return *value == '#' || ooxml_url_safe(bytes) ? value : NULL;
    case OOXML_ATTRIBUTE_FORMULA:
        return ooxml_formula_safe(bytes, &filter->package->scope) ? value : NULL;
    case OOXML_ATTRIBUTE_LOCATION:
        return ooxml_location_safe(bytes) ? value : NULL;
    case OOXML_ATTRIBUTE_ACTION:
        return ooxml_action_safe(bytes) ? value : NULL;
    default:
        return value;
    }
}

/* Relationships that an element names, and those of them that are kept. */
struct links {
    unsigned named;
    unsigned live;
};

/* Writes one attribute, or leaves it out. */
static void write_attribute(struct filter *filter, const struct ooxml_element *element,
                            const char *name, const char *value, struct links *links)
{
    uint8_t kind;
    const struct ooxml_attribute *attribute = ooxml_find_attribute(element, name, &kind);
    if (!attribute)
        return;
    struct ooxml_relationship *relationship = NULL;
    if (kind == OOXML_ATTRIBUTE_REL && *value) {
        links->named++;
        relationship = filter_live(filter, value);
        if (!relationship)
            return;
        add_use(filter, relationship);
        links->live++;
    }
    char storage[32];
    value = attribute_value(filter, kind, value);
    if (value && element->hook != OOXML_HOOK_NONE)
        value = filter_hook_attribute(filter, element, attribute->name, value, storage);
    if (!value)
        return;
    namespace_set_add(&filter->used, attribute->name_space);
    buffer_append_byte(&filter->out, ' ');
    buffer_append_string(&filter->out, attribute->name);
    buffer_append(&filter->out, "=\"", 2);
    ooxml_xml_append_attribute(&filter->out, bytes_of_string(value));
    buffer_append_byte(&filter->out, '"');
}

static void write_start(struct filter *filter, const struct ooxml_element *element,
                        const char *name, const char **attributes)
{
    struct level *level = filter_push(filter, element, name, LEVEL_ELEMENT);
    level->prune = element->flags & OOXML_PRUNE;
    namespace_set_add(&filter->used, element->name_space);
    buffer_append_byte(&filter->out, '<');
    buffer_append_string(&filter->out, name);
    if (filter->depth == 1)
        filter->root_name_end = filter->out.length;
    struct links links = {0};
    for (const char **at = attributes; *at && !filter->failed; at += 2) {
        if (!strncmp(at[0], OOXML_MC, strlen(OOXML_MC))) {
            if (!strcmp(ooxml_xml_local(at[0]), "Ignorable"))
                filter_add_ignorable(filter, at[1]);
            continue;
        }
        write_attribute(filter, element, at[0], at[1], &links);
    }
    level = filter_top(filter); /* rebuilding another part does not move levels, but be sure */
    /* A diagram needs all of its parts; other elements name one. */
    bool vital = element->flags & OOXML_VITAL;
    if (element->flags & OOXML_LINK && links.named && links.live < (vital ? links.named : 1)) {
        filter_roll_back(filter, level->start, &level->used);
        filter->depth--;
        filter->skipped = 1;
        if (vital)
            filter_kill_frame(filter);
        return;
    }
    buffer_append_byte(&filter->out, '>');
    level->content = filter->out.length;
    if (element->flags & OOXML_FORMULA)
        buffer_clear(&filter->text);
    if (element->hook != OOXML_HOOK_NONE)
        filter_hook_opened(filter, level, attributes);
}

/* The root must be the one that the kind of part has; unprefixed names must mean one thing. */
static bool root_fits(struct filter *filter, const struct ooxml_element *element)
{
    if (!filter->root_seen) {
        filter->root_seen = true;
        if (element && filter->part->kind->root && !strcmp(element->name, filter->part->kind->root))
            return true;
        filter_fail(filter, "ooxml_root", element ? element->name : "?");
        return false;
    }
    return true;
}

static bool prefix_fits(const struct filter *filter, const struct ooxml_element *element)
{
    const struct ooxml_namespace *own = &ooxml_namespaces[element->name_space];
    bool unprefixed = element->local == 0;
    const struct ooxml_element *root = filter->depth ? filter->levels[0].element : element;
    return !unprefixed || element->name_space == root->name_space || (*own->prefix && root->local);
}

static void skip(struct filter *filter)
{
    filter->skipped = 1;
}

static void on_start(void *data, const char *name, const char **attributes)
{
    struct filter *filter = data;
    if (filter->skipped) {
        filter->skipped++;
        return;
    }
    const struct ooxml_element *element = ooxml_find_element(name);
    if (!root_fits(filter, element))
        return;
    if (!element && !strncmp(name, OOXML_MC, strlen(OOXML_MC))) {
        filter_markup_start(filter, name + strlen(OOXML_MC), attributes);
        return;
    }
    if (!element || !prefix_fits(filter, element)) {
        filter_note(filter, "element", RECEIPT_DROPPED, "unlisted");
        skip(filter);
        return;
    }
    if (element->flags & OOXML_COMMENT && !filter->package->job->options->keep_comments) {
        skip(filter);
        return;
    }
    const char *written = element->name;
    enum hook_verdict verdict = filter_hook_start(filter, element, attributes, &written);
    if (verdict == HOOK_SKIP)
        skip(filter);
    else if (verdict == HOOK_UNWRAP || element->flags & OOXML_UNWRAP)
        filter_push(filter, element, NULL, LEVEL_UNWRAPPED);
    else
        write_start(filter, element, written, attributes);
}

static void end_formula(struct filter *filter, struct level *level)
{
    struct bytes formula = buffer_bytes(&filter->text);
    if (filter->text.length <= FORMULA_MAXIMUM &&
        ooxml_formula_safe(formula, &filter->package->scope)) {
        ooxml_xml_append_text(&filter->out, formula);
        return;
    }
    filter_note(filter, "formula", RECEIPT_REWRITTEN, "formula_neutralised");
    filter_hook_formula(filter, level);
}

static void end_element(struct filter *filter)
{
    struct level *level = filter_top(filter);
    if (level->element->flags & OOXML_FORMULA)
        end_formula(filter, level);
    if (level->element->hook != OOXML_HOOK_NONE)
        filter_hook_end(filter, level);
    bool replaced = !level->name;
    bool empty = !replaced && filter->out.length == level->content;
    bool gone = level->killed || (level->prune && empty);
    bool vital = level->element->flags & OOXML_VITAL;
    if (gone) {
        filter_roll_back(filter, level->start, &level->used);
    } else if (empty) {
        filter->out.length--;
        buffer_append(&filter->out, "/>", 2);
    } else if (!replaced) {
        buffer_append(&filter->out, "</", 2);
        buffer_append_string(&filter->out, level->name);
        buffer_append_byte(&filter->out, '>');
    }
    filter->depth--;
    if (gone && vital)
        filter_kill_frame(filter);
}

static void on_end(void *data, const char *name)
{
    (void)name;
    struct filter *filter = data;
    if (filter->skipped) {
        filter->skipped--;
        return;
    }
    struct level *level = filter_top(filter);
    if (!level)
        return;
    if (level->kind == LEVEL_ELEMENT)
        end_element(filter);
    else if (level->kind == LEVEL_UNWRAPPED)
        filter->depth--;
    else
        filter_markup_end(filter, level);
}

static void on_text(void *data, struct bytes text)
{
    struct filter *filter = data;
    struct level *level = filter_top(filter);
    if (filter->skipped || !level || level->kind != LEVEL_ELEMENT)
        return;
    if (level->element->flags & OOXML_FORMULA) {
        if (filter->text.length <= FORMULA_MAXIMUM)
            buffer_append_bytes(&filter->text, text);
    } else if (level->element->flags & OOXML_TEXT) {
        if (level->element->hook == OOXML_HOOK_FIELD_CODE)
            ooxml_field_code(&filter->fields, text);
        ooxml_xml_append_text(&filter->out, text);
    }
}

static void on_bind(void *data, const char *prefix, const char *uri)
{
    struct filter *filter = data;
    if (filter->binding_count == filter->binding_capacity) {
        filter->binding_capacity = filter->binding_capacity ? 2 * filter->binding_capacity : 32;
        filter->bindings =
            memory_resize(filter->bindings, filter->binding_capacity, sizeof *filter->bindings);
    }
    filter->bindings[filter->binding_count++] =
        (struct binding){memory_copy_string(prefix, strlen(prefix)), ooxml_find_namespace(uri)};
}

static void on_unbind(void *data, const char *prefix)
{
    (void)prefix;
    struct filter *filter = data;
    if (filter->binding_count)
        free(filter->bindings[--filter->binding_count].prefix);
}

/* xmlns declarations for what was used, and mc:Ignorable for what the input called ignorable. */
static void write_declarations(struct filter *filter, struct buffer *out)
{
    struct ooxml_namespace_set declared = filter->used;
    bool any_ignorable = false;
    for (unsigned i = 0; i < ooxml_namespace_count; i++)
        any_ignorable |= ooxml_namespaces[i].extension && namespace_set_has(&declared, i) &&
                         namespace_set_has(&filter->ignorable, i);
    if (any_ignorable)
        namespace_set_add(&declared,
                          (unsigned)ooxml_find_namespace("http://schemas.openxmlformats.org/"
                                                         "markup-compatibility/2006"));
    for (unsigned i = 0; i < ooxml_namespace_count; i++) {
        const struct ooxml_namespace *one = &ooxml_namespaces[i];
        if (!namespace_set_has(&declared, i) || !*one->prefix || !strcmp(one->prefix, "xml"))
            continue;
        bool by_default = !strcmp(one->prefix, "x");
        buffer_append_string(out, by_default ? " xmlns" : " xmlns:");
        buffer_append_string(out, by_default ? "" : one->prefix);
        buffer_append_string(out, "=\"");
        buffer_append_string(out, filter->package->strict && one->strict ? one->strict : one->uri);
        buffer_append_byte(out, '"');
    }
    if (!any_ignorable)
        return;
    const char *separator = " mc:Ignorable=\"";
    for (unsigned i = 0; i < ooxml_namespace_count; i++) {
        if (!ooxml_namespaces[i].extension || !namespace_set_has(&declared, i) ||
            !namespace_set_has(&filter->ignorable, i))
            continue;
        buffer_append_string(out, separator);
        buffer_append_string(out, ooxml_namespaces[i].prefix);
        separator = " ";
    }
    buffer_append_byte(out, '"');
}

/* Puts the part together: declaration, root tag with its namespaces, the rest. */
static void write_part(struct filter *filter)
{
    struct buffer *out = &filter->part->data;
    if (!(filter->part->kind->rules & OOXML_VML))
        buffer_append_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" "
                                  "standalone=\"yes\"?>\n");
    buffer_append(out, filter->out.data, filter->root_name_end);
    write_declarations(filter, out);
    buffer_append(out, filter->out.data + filter->root_name_end,
                  filter->out.length - filter->root_name_end);
    for (size_t i = 0; i < filter->use_count; i++)
        filter->uses[i].relationship->used = true;
    for (size_t i = 0; i < filter->note_count; i++) {
        const struct note *note = &filter->notes[i];
        for (uint64_t n = 0; n < note->count && n < NOTE_COUNT_MAXIMUM; n++)
            job_record(filter->package->job, filter->part->name, note->kind, note->action,
                       note->reason, 0, 0);
    }
}

/* Followers of a shared formula whose master is not kept have no formula either. */
static bool find_orphans(struct filter *filter)
{
    bool found = false;
    for (uint32_t i = 0; i < filter->followers.capacity; i++) {
        if (number_set_has(&filter->followers, i) && !number_set_has(&filter->masters, i) &&
            !number_set_has(&filter->orphans, i)) {
            number_set_add(&filter->orphans, i);
            found = true;
        }
    }
    return found;
}

static void start_over(struct filter *filter)
{
    while (filter->binding_count)
        free(filter->bindings[--filter->binding_count].prefix);
    buffer_clear(&filter->out);
    filter->depth = filter->skipped = filter->use_count = filter->note_count = 0;
    filter->used = filter->ignorable = (struct ooxml_namespace_set){0};
    filter->root_seen = false;
}

/* One reading; *again: something was learnt that changes what is to be written. */
static int read_once(struct filter *filter, struct bytes xml, bool *again)
{
    static const struct ooxml_xml_handlers handlers = {on_start, on_end, on_text, on_bind,
                                                       on_unbind};
    size_t bad_fields = filter->fields.bad_count;
    start_over(filter);
    if (ooxml_xml_read(xml, &handlers, filter, &filter->failed, filter->error) || filter->failed) {
        if (filter->error && !filter->error->where[0])
            snprintf(filter->error->where, sizeof filter->error->where, "%s", filter->part->name);
        return -1;
    }
    ooxml_field_finish(&filter->fields);
    bool orphans = find_orphans(filter);
    *again = orphans || filter->fields.bad_count != bad_fields;
    return 0;
}

static void free_filter(struct filter *filter)
{
    while (filter->binding_count)
        free(filter->bindings[--filter->binding_count].prefix);
    buffer_free(&filter->out);
    buffer_free(&filter->text);
    free(filter->levels);
    free(filter->bindings);
    free(filter->uses);
    free(filter->notes);
    free(filter->masters.bits);
    free(filter->followers.bits);
    free(filter->orphans.bits);
    free(filter->frame_id);
    ooxml_field_free(&filter->fields);
}

int ooxml_filter_part(struct ooxml_package *package, struct ooxml_part *part, struct bytes xml,
                      bool *fatal, struct error *error)
{
    struct filter filter = {.package = package, .part = part, .error = error};
    buffer_reserve(&filter.out, xml.length + xml.length / 8);
    bool again = true;
    int failed = 0;
    /* Dropping a field may uncover another one that stood in its code: a few readings suffice. */
    for (int reading = 0; reading < 4 && again && !failed; reading++)
        failed = read_once(&filter, xml, &again);
    if (!failed && again) {
        filter_fail(&filter, "ooxml_unusable", "field");
        failed = -1;
    }
    if (!failed)
        write_part(&filter);
    *fatal = filter.fatal;
    free_filter(&filter);
    return failed;
}

bool number_set_has(const struct number_set *set, uint32_t number)
{
    return number < set->capacity && set->bits[number / 8] >> (number % 8) & 1;
}

void number_set_add(struct number_set *set, uint32_t number)
{
    if (number >= set->capacity) {
        size_t capacity = (number / 1024 + 1) * 1024;
        set->bits = memory_resize(set->bits, capacity / 8, 1);
        memset(set->bits + set->capacity / 8, 0, (capacity - set->capacity) / 8);
        set->capacity = capacity;
    }
    set->bits[number / 8] |= (uint8_t)(1 << (number % 8));
}
