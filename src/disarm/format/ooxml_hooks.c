/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens at single elements of Word, Excel and PowerPoint parts (hook=… in elements.tsv). */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/memory.h"
#include "disarm/format/ooxml_filter_internal.h"
#include "disarm/format/ooxml_url.h"
#include "disarm/format/ooxml_xml.h"

enum { SHARED_INDEX_MAXIMUM = 1 << 20 };

/* An attribute by its local name, in whatever namespace. */
static const char *by_local_name(const char **attributes, const char *local)
{
    for (; *attributes; attributes += 2) {
        if (!strcmp(ooxml_xml_local(attributes[0]), local))
            return attributes[1];
    }
    return NULL;
}

static bool is_true(const char *value)
{
    return value && (!strcmp(value, "1") || !strcasecmp(value, "true"));
}

static bool is_dead(struct filter *filter, const char *id)
{
    return id && *id && !filter_live(filter, id);
}

/* The open element with this hook nearest around, or NULL. */
static struct level *find_around(struct filter *filter, enum ooxml_hook hook)
{
    for (size_t i = filter->depth; i-- > 0;) {
        struct level *level = &filter->levels[i];
        if (level->element && level->element->hook == hook)
            return level;
    }
    return NULL;
}

static enum hook_verdict start_field_char(struct filter *filter, const char **attributes)
{
    const char *type = by_local_name(attributes, "fldCharType");
    bool hidden = ooxml_field_hidden(&filter->fields);
    if (!type || ooxml_field_char(&filter->fields, type) == OOXML_FIELD_KEEP)
        return type ? HOOK_WRITE : HOOK_SKIP;
    if (!hidden && !strcmp(type, "begin"))
        filter_note(filter, "field", RECEIPT_REWRITTEN, "field_neutralised");
    return HOOK_SKIP;
}

static enum hook_verdict start_field_simple(struct filter *filter, const char **attributes)
{
    const char *code = by_local_name(attributes, "instr");
    if (code && ooxml_field_safe(bytes_of_string(code), SIZE_MAX))
        return HOOK_WRITE;
    filter_note(filter, "field", RECEIPT_REWRITTEN, "field_neutralised");
    return HOOK_UNWRAP;
}

static enum hook_verdict start_shape_link(struct filter *filter, const char **attributes)
{
    const char *action = ooxml_xml_attribute(attributes, "action");
    const char *id = ooxml_xml_relationship_id(attributes);
    if (action && !ooxml_action_safe(bytes_of_string(action))) {
        filter_note(filter, "action", RECEIPT_DROPPED, "active_content");
        return HOOK_SKIP;
    }
    return is_dead(filter, id) || !((id && *id) || (action && *action)) ? HOOK_SKIP : HOOK_WRITE;
}

static enum hook_verdict start_cell_link(struct filter *filter, const char **attributes)
{
    const char *location = ooxml_xml_attribute(attributes, "location");
    if (location && !ooxml_location_safe(bytes_of_string(location))) {
        filter_note(filter, "hyperlink", RECEIPT_DROPPED, "link_scheme");
        return HOOK_SKIP;
    }
    return is_dead(filter, ooxml_xml_relationship_id(attributes)) ? HOOK_SKIP : HOOK_WRITE;
}

static int map_sheet(const struct filter *filter, const char *value)
{
    char *end;
    unsigned long index = strtoul(value, &end, 10);
    if (*end || end == value || index >= filter->package->sheet_map_count)
        return -1;
    return filter->package->sheet_map[index];
}

static enum hook_verdict start_defined_name(struct filter *filter, const char **attributes)
{
    const char *name = ooxml_xml_attribute(attributes, "name");
    const char *sheet = ooxml_xml_attribute(attributes, "localSheetId");
    bool macro = is_true(ooxml_xml_attribute(attributes, "function")) ||
                 is_true(ooxml_xml_attribute(attributes, "vbProcedure")) ||
                 is_true(ooxml_xml_attribute(attributes, "xlm")) || !name ||
                 !strncasecmp(name, "_xlnm.auto_", 11) || !strncasecmp(name, "auto_", 5);
    if (!macro && (!sheet || map_sheet(filter, sheet) >= 0))
        return HOOK_WRITE;
    filter_note(filter, "defined_name", RECEIPT_DROPPED, macro ? "active_content" : "missing_part");
    return HOOK_SKIP;
}

/* si of a shared formula, or UINT32_MAX. */
static uint32_t shared_index(const char **attributes)
{
    const char *type = ooxml_xml_attribute(attributes, "t");
    const char *index = ooxml_xml_attribute(attributes, "si");
    if (!type || strcmp(type, "shared") != 0)
        return UINT32_MAX;
    char *end;
    unsigned long number = index ? strtoul(index, &end, 10) : SHARED_INDEX_MAXIMUM;
    return number < SHARED_INDEX_MAXIMUM && end != index && !*end ? (uint32_t)number
                                                                  : SHARED_INDEX_MAXIMUM;
}

static enum hook_verdict start_cell_formula(struct filter *filter, const char **attributes)
{
    uint32_t index = shared_index(attributes);
    if (index == UINT32_MAX ||
        (index < SHARED_INDEX_MAXIMUM && !number_set_has(&filter->orphans, index)))
        return HOOK_WRITE;
    filter_note(filter, "formula", RECEIPT_REWRITTEN, "formula_neutralised");
    return HOOK_SKIP;
}

/* A pivot table that feeds on anything but this workbook cannot stay. */
static enum hook_verdict start_cache(struct filter *filter, const struct ooxml_element *element,
                                     const char **attributes)
{
    const char *type = ooxml_xml_attribute(attributes, "type");
    bool source = element->hook == OOXML_HOOK_CACHE_SOURCE;
    bool outside = source ? !type || strcmp(type, "worksheet") != 0
                          : ooxml_xml_relationship_id(attributes) != NULL;
    if (outside)
        filter_fail(filter, "ooxml_external", type && source ? type : "");
    return outside ? HOOK_SKIP : HOOK_WRITE;
}

static enum hook_verdict start_ole_object(struct filter *filter)
{
    struct level *frame = find_around(filter, OOXML_HOOK_SLIDE_FRAME);
    if (!frame)
        return HOOK_SKIP;
    if (!frame->ole)
        filter_note(filter, "ole_object", RECEIPT_DROPPED, "embedded_object");
    frame->ole = true;
    return HOOK_UNWRAP;
}

static void start_slide_picture(struct filter *filter)
{
    if (!find_around(filter, OOXML_HOOK_OLE_OBJECT))
        return;
    filter->around_picture = filter->used;
    filter->used = (struct ooxml_namespace_set){0};
}

enum hook_verdict filter_hook_start(struct filter *filter, const struct ooxml_element *element,
                                    const char **attributes, const char **name)
{
    const struct level *top = filter_top(filter);
    if (ooxml_field_hidden(&filter->fields) && top && top->element &&
        top->element->hook == OOXML_HOOK_RUN && element->hook != OOXML_HOOK_RUN_PROPERTIES &&
        element->hook != OOXML_HOOK_FIELD_CHAR)
        return HOOK_SKIP;
    switch (element->hook) {
    case OOXML_HOOK_FIELD_CHAR:
        return start_field_char(filter, attributes);
    case OOXML_HOOK_FIELD_CODE:
        return ooxml_field_code_dropped(&filter->fields) ? HOOK_SKIP : HOOK_WRITE;
    case OOXML_HOOK_FIELD_SIMPLE:
        return start_field_simple(filter, attributes);
    case OOXML_HOOK_HYPERLINK:
        return is_dead(filter, ooxml_xml_relationship_id(attributes)) ? HOOK_UNWRAP : HOOK_WRITE;
    case OOXML_HOOK_SHAPE_LINK:
        return start_shape_link(filter, attributes);
    case OOXML_HOOK_CELL_LINK:
        return start_cell_link(filter, attributes);
    case OOXML_HOOK_DEFINED_NAME:
        return start_defined_name(filter, attributes);
    case OOXML_HOOK_SHEET:
        return ooxml_workbook_is_sheet(filter->part, ooxml_xml_relationship_id(attributes))
                   ? HOOK_WRITE
                   : HOOK_SKIP;
    case OOXML_HOOK_CELL_FORMULA:
        return start_cell_formula(filter, attributes);
    case OOXML_HOOK_CACHE_SOURCE:
    case OOXML_HOOK_CACHE_RANGE:
        return start_cache(filter, element, attributes);
    case OOXML_HOOK_OLE_OBJECT:
        return start_ole_object(filter);
    case OOXML_HOOK_SLIDE_PICTURE:
        start_slide_picture(filter);
        return HOOK_WRITE;
    case OOXML_HOOK_OBJECT:
        *name = "w:pict";
        return HOOK_WRITE;
    default:
        return HOOK_WRITE;
    }
}

/* VML of Excel: the picture of an object that is gone goes; a note goes when comments do. */
static void open_client_data(struct filter *filter, const char **attributes)
{
    const char *type = ooxml_xml_attribute(attributes, "ObjectType");
    bool comments = filter->package->job->options->keep_comments;
    if (type && (!strcmp(type, "Pict") || (!strcmp(type, "Note") && !comments)))
        filter_kill_frame(filter);
}

static void open_shape_id(struct filter *filter, const char **attributes)
{
    const char *id = ooxml_xml_attribute(attributes, "id");
    if (!id || find_around(filter, OOXML_HOOK_OLE_OBJECT) ||
        !find_around(filter, OOXML_HOOK_SLIDE_FRAME))
        return;
    free(filter->frame_id);
    filter->frame_id = memory_copy_string(id, strlen(id));
}

void filter_hook_opened(struct filter *filter, struct level *level, const char **attributes)
{
    uint32_t index;
    switch (level->element->hook) {
    case OOXML_HOOK_EXTENSION:
        level->prune = ooxml_xml_attribute(attributes, "uri") != NULL;
        break;
    case OOXML_HOOK_CLIENT_DATA:
        open_client_data(filter, attributes);
        break;
    case OOXML_HOOK_SHAPE_ID:
        open_shape_id(filter, attributes);
        break;
    case OOXML_HOOK_CELL_FORMULA:
        index = shared_index(attributes);
        level->shared_index = index == UINT32_MAX ? 0 : index + 1;
        break;
    default:
        break;
    }
}

/* The tab of a workbook view when sheets before it are gone. */
static const char *map_tab(const struct filter *filter, const char *value, char storage[32])
{
    const struct ooxml_package *package = filter->package;
    unsigned long tab = strtoul(value, NULL, 10);
    int place = 0;
    for (size_t i = 0; i < package->sheet_map_count && i <= tab; i++) {
        if (package->sheet_map[i] >= 0)
            place = package->sheet_map[i];
    }
    snprintf(storage, 32, "%d", place);
    return storage;
}

const char *filter_hook_attribute(struct filter *filter, const struct ooxml_element *element,
                                  const char *name, const char *value, char storage[32])
{
    switch (element->hook) {
    case OOXML_HOOK_OBJECT: /* those of w:object do not fit w:pict */
        return strcmp(name, "w14:anchorId") ? NULL : value;
    case OOXML_HOOK_WORKBOOK_VIEW:
        if (!strcmp(name, "activeTab") || !strcmp(name, "firstSheet"))
            return map_tab(filter, value, storage);
        return value;
    case OOXML_HOOK_DEFINED_NAME:
        if (strcmp(name, "localSheetId") != 0)
            return value;
        snprintf(storage, 32, "%d", map_sheet(filter, value));
        return storage;
    case OOXML_HOOK_SHAPE_ID:
        if (!strcmp(name, "id") && !strcmp(value, "0") && filter->frame_id &&
            find_around(filter, OOXML_HOOK_OLE_OBJECT))
            return filter->frame_id;
        return value;
    default:
        return value;
    }
}

static void end_slide_picture(struct filter *filter, const struct level *picture)
{
    struct level *frame = find_around(filter, OOXML_HOOK_SLIDE_FRAME);
    if (!frame || !find_around(filter, OOXML_HOOK_OLE_OBJECT))
        return;
    frame->picture_start = picture->start;
    frame->picture_end = filter->out.length + strlen("</p:pic>");
    frame->picture_used = filter->used;
    for (size_t i = 0; i < sizeof filter->used.bits / sizeof *filter->used.bits; i++)
        filter->used.bits[i] |= filter->around_picture.bits[i];
}

/* The frame of an OLE object becomes the picture that was shown for it, or goes. */
static void end_slide_frame(struct filter *filter, struct level *frame)
{
    if (!frame->ole)
        return;
    if (!frame->picture_end || frame->picture_end > filter->out.length) {
        frame->killed = true;
        return;
    }
    size_t length = frame->picture_end - frame->picture_start;
    size_t moved = frame->picture_start - frame->start;
    memmove(filter->out.data + frame->start, filter->out.data + frame->picture_start, length);
    filter->out.length = frame->start + length;
    size_t kept = 0;
    for (size_t i = 0; i < filter->use_count; i++) {
        struct use use = filter->uses[i];
        if (use.at >= frame->start) {
            if (use.at < frame->picture_start || use.at >= frame->picture_end)
                continue;
            use.at -= moved;
        }
        filter->uses[kept++] = use;
    }
    filter->use_count = kept;
    filter->used = frame->used;
    for (size_t i = 0; i < sizeof filter->used.bits / sizeof *filter->used.bits; i++)
        filter->used.bits[i] |= frame->picture_used.bits[i];
    frame->name = NULL;
}

static void end_cell_formula(struct filter *filter, const struct level *level)
{
    if (level->killed || !level->shared_index)
        return;
    struct number_set *set = filter->text.length ? &filter->masters : &filter->followers;
    number_set_add(set, level->shared_index - 1);
}

void filter_hook_end(struct filter *filter, struct level *level)
{
    switch (level->element->hook) {
    case OOXML_HOOK_SLIDE_PICTURE:
        end_slide_picture(filter, level);
        break;
    case OOXML_HOOK_SLIDE_FRAME:
        end_slide_frame(filter, level);
        break;
    case OOXML_HOOK_CELL_FORMULA:
        end_cell_formula(filter, level);
        break;
    default:
        break;
    }
}

void filter_hook_formula(struct filter *filter, struct level *level)
{
    bool form_control = !strncmp(level->element->name, "xvml:", 5);
    if (level->element->hook == OOXML_HOOK_CELL_FORMULA ||
        level->element->hook == OOXML_HOOK_DEFINED_NAME || form_control)
        level->killed = true;
    else
        buffer_append_string(&filter->out, "#REF!");
}
