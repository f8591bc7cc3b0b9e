/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Relationships (ECMA-376 Part 2, 9.3): which may stay, where they lead, and writing them anew. */
#include <stdlib.h>
#include <strings.h>

#include "base/memory.h"
#include "disarm/format/ooxml_package.h"
#include "disarm/format/ooxml_url.h"
#include "disarm/format/ooxml_xml.h"

#define TRANSITIONAL "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define STRICT       "http://purl.oclc.org/ooxml/officeDocument/relationships/"

enum { ID_MAXIMUM = 128 };

struct reading {
    struct ooxml_package *package;
    struct ooxml_part *source; /* NULL: the package itself */
    struct ooxml_relationship *list;
    size_t count;
    size_t capacity;
};

/* One Relationship element. */
struct found {
    const char *id;
    const char *type;
    const char *target;
    bool external;
};

static bool is_office_type(const char *type, const char *name)
{
    size_t transitional = strlen(TRANSITIONAL), strict = strlen(STRICT);
    return (!strncmp(type, TRANSITIONAL, transitional) && !strcmp(type + transitional, name)) ||
           (!strncmp(type, STRICT, strict) && !strcmp(type + strict, name));
}

/* An xsd:ID of ASCII letters, digits, '_', '-' and '.', so that it can be written as it is. */
static bool id_is_plain(const char *id)
{
    size_t length = strlen(id);
    if (length == 0 || length > ID_MAXIMUM || (*id >= '0' && *id <= '9') || *id == '-' ||
        *id == '.')
        return false;
    for (; *id; id++) {
        if (!((*id >= '0' && *id <= '9') || (*id >= 'A' && *id <= 'Z') ||
              (*id >= 'a' && *id <= 'z') || *id == '_' || *id == '-' || *id == '.'))
            return false;
    }
    return true;
}

/* The name of the part that a target means, seen from its source; the caller frees it. */
static char *resolve_target(const struct ooxml_part *source, const char *target)
{
    AUTO_BUFFER name = {0};
    size_t length = strcspn(target, "#?");
    if (target[0] != '/' && target[0] != '\\' && source) {
        const char *slash = strrchr(source->name, '/');
        if (slash)
            buffer_append(&name, source->name, (size_t)(slash - source->name));
    }
    for (size_t at = 0; at < length;) {
        size_t segment = strcspn(target + at, "/\\");
        if (segment > length - at)
            segment = length - at;
        if (segment == 2 && !memcmp(target + at, "..", 2)) {
            while (name.length && name.data[name.length - 1] != '/')
                name.length--;
            name.length -= name.length > 0;
        } else if (segment && !(segment == 1 && target[at] == '.')) {
            if (name.length)
                buffer_append_byte(&name, '/');
            buffer_append(&name, target + at, segment);
        }
        at += segment + 1;
    }
    return memory_copy_string(name.data, name.length);
}

static void record(struct reading *reading, struct ooxml_part *part, const char *kind,
                   const char *reason)
{
    if (part)
        ooxml_part_record(reading->package, part, kind, RECEIPT_DROPPED, reason);
    else
        job_record(reading->package->job, reading->source ? reading->source->name : "", kind,
                   RECEIPT_DROPPED, reason, 0, 0);
}

static struct ooxml_relationship *add(struct reading *reading, const struct found *found)
{
    if (reading->count == reading->capacity) {
        reading->capacity = reading->capacity ? 2 * reading->capacity : 16;
        reading->list = memory_resize(reading->list, reading->capacity, sizeof *reading->list);
    }
    struct ooxml_relationship *made = &reading->list[reading->count++];
    *made = (struct ooxml_relationship){.id = memory_copy_string(found->id, strlen(found->id))};
    return made;
}

static void take_hyperlink(struct reading *reading, const struct found *found)
{
    struct bytes url = bytes_of_string(found->target);
    bool place = url.length && url.data[0] == '#';
    if (!(found->external && ooxml_url_safe(url)) && !(place && url.length < 2048)) {
        record(reading, NULL, "hyperlink", "link_scheme");
        return;
    }
    add(reading, found)->url = memory_copy_string(url.data, url.length);
}

static bool type_matches(const struct ooxml_kind *kind, const char *type)
{
    return !strcmp(kind->relationship, type) || (kind->strict && !strcmp(kind->strict, type));
}

static bool content_matches(const struct ooxml_kind *kind, const char *content_type)
{
    if (!content_type)
        return false;
    if (kind->rules & OOXML_PICTURE)
        return !strncasecmp(content_type, kind->content_type, strlen(kind->content_type));
    return !strcasecmp(content_type, kind->content_type);
}

/* The row of the table for this relationship and part; *named: one for the relationship alone. */
static const struct ooxml_kind *find_kind(const struct ooxml_package *package, const char *type,
                                          const struct ooxml_part *part,
                                          const struct ooxml_kind **named)
{
    *named = NULL;
    for (size_t i = 0; i < ooxml_kind_count; i++) {
        const struct ooxml_kind *kind = &ooxml_kinds[i];
        if ((kind->family != '*' && kind->family != package->family) || !type_matches(kind, type))
            continue;
        *named = kind;
        if (!(kind->rules & OOXML_DROP) && part && content_matches(kind, part->content_type))
            return kind;
    }
    return NULL;
}

/* A notes page leads to its slide without naming the relationship anywhere. */
static bool is_implicit(const struct ooxml_part *source, const struct ooxml_kind *kind)
{
    return !(kind->rules & OOXML_EXPLICIT) ||
           (source && source->kind && source->kind->root &&
            !strcmp(source->kind->root, "p:notes") && kind->root && !strcmp(kind->root, "p:sld"));
}

static void take_part(struct reading *reading, const struct found *found)
{
    struct ooxml_package *package = reading->package;
    AUTO_FREE char *name = resolve_target(reading->source, found->target);
    struct ooxml_part *part = found->external ? NULL : ooxml_part_find(package, name);
    const struct ooxml_kind *named;
    const struct ooxml_kind *kind = find_kind(package, found->type, part, &named);
    const char *called = named ? named->receipt_kind : "relationship";
    if (found->external)
        record(reading, NULL, called, "external_reference");
    else if (named && named->rules & OOXML_DROP)
        record(reading, part, called, named->reason);
    else if (!part)
        record(reading, NULL, called, "missing_part");
    else if (!kind || part == package->main || (part->kind && part->kind != kind))
        record(reading, part, called, "unlisted");
    else if (kind->rules & OOXML_METADATA && !package->job->options->keep_metadata)
        record(reading, part, called, "metadata");
    else if ((kind->rules & OOXML_METADATA) != (reading->source ? 0 : OOXML_METADATA))
        record(reading, part, called, "unlisted");
    else if (kind->rules & OOXML_COMMENT_PART && !package->job->options->keep_comments)
        record(reading, part, called, "comments_off");
    else {
        part->kind = kind;
        struct ooxml_relationship *made = add(reading, found);
        made->kind = kind;
        made->part = part;
        made->used = is_implicit(reading->source, kind);
    }
}

/* Package relationships: only the one to the main part is followed. */
static void take_package_relationship(struct reading *reading, const struct found *found)
{
    if (!is_office_type(found->type, "officeDocument") || found->external) {
        take_part(reading, found);
        return;
    }
    AUTO_FREE char *name = resolve_target(NULL, found->target);
    struct ooxml_part *part = ooxml_part_find(reading->package, name);
    bool first = true;
    for (size_t i = 0; i < reading->count; i++)
        first &= reading->list[i].kind != NULL;
    if (part && first) {
        reading->package->strict = !strncmp(found->type, STRICT, strlen(STRICT));
        add(reading, found)->part = part;
    }
}

static void on_start(void *data, const char *name, const char **attributes)
{
    struct reading *reading = data;
    const char *mode = ooxml_xml_attribute(attributes, "TargetMode");
    struct found found = {
        .id = ooxml_xml_attribute(attributes, "Id"),
        .type = ooxml_xml_attribute(attributes, "Type"),
        .target = ooxml_xml_attribute(attributes, "Target"),
        .external = mode && !strcasecmp(mode, "External"),
    };
    if (strcmp(ooxml_xml_local(name), "Relationship") || !found.id || !found.type || !found.target)
        return;
    if (!id_is_plain(found.id))
        record(reading, NULL, "relationship", "unlisted");
    else if (!reading->source)
        take_package_relationship(reading, &found);
    else if (is_office_type(found.type, "hyperlink"))
        take_hyperlink(reading, &found);
    else
        take_part(reading, &found);
}

/* "word/document.xml" → "word/_rels/document.xml.rels"; NULL → "_rels/.rels". */
static void append_relationships_name(struct buffer *out, const char *name)
{
    const char *slash = name ? strrchr(name, '/') : NULL;
    if (slash)
        buffer_append(out, name, (size_t)(slash + 1 - name));
    buffer_append_string(out, "_rels/");
    buffer_append_string(out, slash ? slash + 1 : name ? name : "");
    buffer_append_string(out, ".rels");
}

/* By id, and for equal ids in the order of the part. */
static int compare_ids(const void *a, const void *b)
{
    const struct ooxml_relationship *const *left = a, *const *right = b;
    int order = strcmp((*left)->id, (*right)->id);
    return order ? order : (*left > *right) - (*left < *right);
}

/* Of relationships with the same id the first one counts. */
static void drop_doubles(struct reading *reading)
{
    AUTO_FREE struct ooxml_relationship **sorted =
        memory_allocate(reading->count + 1, sizeof *sorted);
    for (size_t i = 0; i < reading->count; i++)
        sorted[i] = &reading->list[i];
    qsort(sorted, reading->count, sizeof *sorted, compare_ids);
    AUTO_FREE bool *doubled = memory_allocate(reading->count + 1, sizeof *doubled);
    for (size_t i = 1; i < reading->count; i++)
        doubled[sorted[i] - reading->list] = !strcmp(sorted[i - 1]->id, sorted[i]->id);
    size_t kept = 0;
    for (size_t i = 0; i < reading->count; i++) {
        if (!doubled[i]) {
            reading->list[kept++] = reading->list[i];
            continue;
        }
        free(reading->list[i].id);
        free(reading->list[i].url);
    }
    reading->count = kept;
}

int ooxml_relationships_read(struct ooxml_package *package, struct ooxml_part *source,
                             struct ooxml_relationship **list, size_t *count, struct error *error)
{
    *list = NULL;
    *count = 0;
    AUTO_BUFFER name = {0}, xml = {0};
    append_relationships_name(&name, source ? source->name : NULL);
    struct ooxml_part *part = ooxml_part_find(package, buffer_string(&name));
    if (!part)
        return 0;
    part->recorded = true;
    struct reading reading = {.package = package, .source = source};
    const struct ooxml_xml_handlers handlers = {.start = on_start};
    if (ooxml_part_load(package, part, &xml, error))
        return -1;
    int failed = ooxml_xml_read(buffer_bytes(&xml), &handlers, &reading, NULL, error);
    if (failed)
        ooxml_relationships_free(reading.list, reading.count);
    else {
        drop_doubles(&reading);
        *list = reading.list;
        *count = reading.count;
    }
    return failed;
}

void ooxml_relationships_free(struct ooxml_relationship *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(list[i].id);
        free(list[i].url);
    }
    free(list);
}

static int compare_id(const void *key, const void *entry)
{
    return strcmp(key, (*(struct ooxml_relationship *const *)entry)->id);
}

struct ooxml_relationship *ooxml_relationship_find(struct ooxml_part *part, const char *id)
{
    if (!part->by_id) {
        part->by_id = memory_allocate(part->relationship_count + 1, sizeof(void *));
        for (size_t i = 0; i < part->relationship_count; i++)
            part->by_id[i] = &part->relationships[i];
        qsort(part->by_id, part->relationship_count, sizeof *part->by_id, compare_ids);
    }
    struct ooxml_relationship **found =
        bsearch(id, part->by_id, part->relationship_count, sizeof *part->by_id, compare_id);
    return found ? *found : NULL;
}

/* The target of `to` seen from the folder of `from`. */
static void append_target(struct buffer *out, const char *from, const char *to)
{
    size_t common = 0;
    for (size_t i = 0; from[i] && from[i] == to[i]; i++) {
        if (from[i] == '/')
            common = i + 1;
    }
    for (const char *at = from + common; *at; at++) {
        if (*at == '/')
            buffer_append_string(out, "../");
    }
    buffer_append_string(out, to + common);
}

static void append_relationship(struct buffer *out, const char *id, const char *type)
{
    buffer_append_string(out, "<Relationship Id=\"");
    buffer_append_string(out, id);
    buffer_append_string(out, "\" Type=\"");
    buffer_append_string(out, type);
    buffer_append_string(out, "\" Target=\"");
}

void ooxml_relationships_write(const struct ooxml_package *package, const struct ooxml_part *source,
                               struct buffer *out)
{
    buffer_append_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                              "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/"
                              "2006/relationships\">");
    if (!source) {
        append_relationship(
            out, "rId1", package->strict ? STRICT "officeDocument" : TRANSITIONAL "officeDocument");
        buffer_append_string(out, package->main->output_name);
        buffer_append_string(out, "\"/>");
    }
    if (!source && package->metadata && package->metadata->reachable) {
        append_relationship(out, "rId2", package->metadata->kind->relationship);
        buffer_append_string(out, package->metadata->output_name);
        buffer_append_string(out, "\"/>");
    }
    for (size_t i = 0; source && i < source->relationship_count; i++) {
        const struct ooxml_relationship *one = &source->relationships[i];
        if (!one->used || (one->part && !one->part->reachable))
            continue;
        if (one->url) {
            append_relationship(out, one->id,
                                package->strict ? STRICT "hyperlink" : TRANSITIONAL "hyperlink");
            ooxml_xml_append_attribute(out, bytes_of_string(one->url));
            buffer_append_string(out, "\" TargetMode=\"External\"/>");
            continue;
        }
        bool strict = package->strict && one->kind->strict;
        append_relationship(out, one->id, strict ? one->kind->strict : one->kind->relationship);
        append_target(out, source->output_name, one->part->output_name);
        buffer_append_string(out, "\"/>");
    }
    buffer_append_string(out, "</Relationships>");
}
