/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rebuilding a package: the parts that relationships lead to, one by one, into a new ZIP file. */
#include "disarm/format/ooxml.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/memory.h"
#include "disarm/format/ooxml_filter.h"
#include "disarm/format/ooxml_package.h"
#include "disarm/format/zip_write.h"

enum {
    RESOLVE_DEPTH_MAXIMUM = 24, /* a workbook's chart in a shape in a chart … */
    NAME_MAXIMUM = 180,
    DEFLATE_LEVEL = 6,
};

/* A picture of one transparent pixel, for pictures that cannot be rebuilt. */
static const uint8_t placeholder[] = {
    0x89, 'P',  'N',  'G',  '\r', '\n', 0x1a, '\n', 0,   0,   0,    13,   'I',  'H',
    'D',  'R',  0,    0,    0,    1,    0,    0,    0,   1,   8,    6,    0,    0,
    0,    0x1f, 0x15, 0xc4, 0x89, 0,    0,    0,    13,  'I', 'D',  'A',  'T',  0x78,
    0x9c, 0x63, 0x60, 0x60, 0x60, 0x60, 0,    0,    0,   5,   0,    1,    0xa5, 0xf6,
    0x45, 0x40, 0,    0,    0,    0,    'I',  'E',  'N', 'D', 0xae, 0x42, 0x60, 0x82,
};

/* Office knows metafiles by the names that they had before they were registered. */
static const char *picture_type(const struct format *format)
{
    if (!strcmp(format->name, "emf"))
        return "image/x-emf";
    return strcmp(format->name, "wmf") ? format->media_type : "image/x-wmf";
}

static int rebuild_picture(struct ooxml_package *package, struct ooxml_part *part, struct bytes in,
                           struct error *error)
{
    const struct format *made;
    if (job_disarm_picture(package->job, part->name, in, &part->data, &made, NULL) &&
        job_disarm_picture(package->job, part->name,
                           (struct bytes){placeholder, sizeof placeholder}, &part->data, &made,
                           error))
        return -1;
    part->recorded = true;
    part->extension = made->name;
    part->output_type = picture_type(made);
    return 0;
}

/* The workbook behind a chart. */
static int rebuild_nested(struct ooxml_package *package, struct ooxml_part *part, struct bytes in,
                          struct error *error)
{
    const struct format *made;
    const char *slash = strrchr(part->name, '/');
    part->recorded = true;
    if (job_disarm_nested(package->job, part->name, slash ? slash + 1 : part->name, in, &part->data,
                          &made, error))
        return -1;
    const struct ooxml_main *type = ooxml_main_by_format(made->name);
    if (!type || type->family != 'x') {
        buffer_clear(&part->data);
        return error_set(error, "ooxml_unusable", part->name, "%s", made->name);
    }
    part->extension = made->name;
    part->output_type = made->media_type;
    return 0;
}

/* Parts that this one leads to without naming the relationship in its text. */
static void resolve_implicit(struct ooxml_package *package, struct ooxml_part *part, bool *fatal,
                             struct error *error)
{
    for (size_t i = 0; i < part->relationship_count && !*fatal; i++) {
        struct ooxml_relationship *one = &part->relationships[i];
        if (one->part && one->used)
            one->used = ooxml_part_resolve(package, one->part, fatal, error);
    }
}

/* A pivot table without its cache cannot be opened. */
static bool misses_cache(const struct ooxml_part *part)
{
    if (!part->kind->root || strcmp(part->kind->root, "pivotTableDefinition") != 0)
        return false;
    for (size_t i = 0; i < part->relationship_count; i++) {
        if (part->relationships[i].part && part->relationships[i].used)
            return false;
    }
    return true;
}

static int rebuild_xml(struct ooxml_package *package, struct ooxml_part *part, struct bytes in,
                       bool *fatal, struct error *error)
{
    if (ooxml_relationships_read(package, part, &part->relationships, &part->relationship_count,
                                 error))
        return -1;
    if (part == package->main && package->family == 'x' && ooxml_workbook_scan(package, in, error))
        return -1;
    resolve_implicit(package, part, fatal, error);
    if (*fatal)
        return -1;
    if (misses_cache(part))
        return error_set(error, "ooxml_external", part->name, "%s", "");
    if (ooxml_filter_part(package, part, in, fatal, error))
        return -1;
    const struct ooxml_main *made =
        part == package->main ? ooxml_main_by_format(package->type->made) : NULL;
    part->extension = part->kind->rules & OOXML_VML ? "vml" : "xml";
    part->output_type = made ? made->content_type : part->kind->content_type;
    return 0;
}

static int rebuild_part(struct ooxml_package *package, struct ooxml_part *part, bool *fatal,
                        struct error *error)
{
    AUTO_BUFFER in = {0};
    if (package->depth > RESOLVE_DEPTH_MAXIMUM)
        return error_set(error, "ooxml_depth", part->name, "%s", "");
    if (ooxml_part_load(package, part, &in, error))
        return -1;
    if (part->kind->rules & OOXML_PICTURE)
        return rebuild_picture(package, part, buffer_bytes(&in), error);
    if (part->kind->rules & OOXML_PACKAGE)
        return rebuild_nested(package, part, buffer_bytes(&in), error);
    return rebuild_xml(package, part, buffer_bytes(&in), fatal, error);
}

bool ooxml_part_resolve(struct ooxml_package *package, struct ooxml_part *part, bool *fatal,
                        struct error *error)
{
    if (part->state != OOXML_PART_UNSEEN)
        return part->state != OOXML_PART_DROPPED;
    part->state = OOXML_PART_OPEN;
    package->depth++;
    struct error own = {0};
    int failed = rebuild_part(package, part, fatal, &own);
    package->depth--;
    if (!failed) {
        part->state = OOXML_PART_KEPT;
        if (!(part->kind->rules & (OOXML_PICTURE | OOXML_PACKAGE)))
            ooxml_part_record(package, part, part->kind->receipt_kind, RECEIPT_KEPT, NULL);
        return true;
    }
    part->state = OOXML_PART_DROPPED;
    buffer_clear(&part->data);
    bool limit = own.code && !strncmp(own.code, "limit_", 6);
    if (*fatal || limit || part->kind->rules & OOXML_ESSENTIAL) {
        if (error && !error->code)
            *error = own;
        *fatal = true;
    } else if (!(part->kind->rules & (OOXML_PICTURE | OOXML_PACKAGE))) {
        bool external = own.code && !strcmp(own.code, "ooxml_external");
        ooxml_part_record(package, part, part->kind->receipt_kind, RECEIPT_DROPPED,
                          external ? "external_reference" : "unreadable");
    }
    return false;
}

/* Marks what can be reached over relationships in use, in the order of writing. */
static void reach(struct ooxml_part *part, struct ooxml_part **order, size_t *count)
{
    part->reachable = true;
    order[(*count)++] = part;
    for (size_t at = *count - 1; at < *count; at++) {
        struct ooxml_part *from = order[at];
        for (size_t i = 0; i < from->relationship_count; i++) {
            const struct ooxml_relationship *one = &from->relationships[i];
            if (!one->used || !one->part || one->part->reachable ||
                one->part->state != OOXML_PART_KEPT)
                continue;
            one->part->reachable = true;
            order[(*count)++] = one->part;
        }
    }
}

/* A name that can be written as it is: plain segments, the right extension. */
static bool name_is_plain(const char *name, const char *extension)
{
    size_t length = strlen(name), suffix = strlen(extension);
    if (length > NAME_MAXIMUM || length <= suffix + 1 || name[length - suffix - 1] != '.' ||
        strcmp(name + length - suffix, extension) != 0)
        return false;
    bool segment_starts = true;
    for (const char *at = name; *at; at++) {
        bool plain = (*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= 'a' && *at <= 'z') || *at == '_' || *at == '-';
        if (!plain && !((*at == '.' || *at == '/') && !segment_starts))
            return false;
        if (*at == '/' && at[-1] == '.')
            return false;
        segment_starts = *at == '/';
    }
    return !segment_starts && strncasecmp(name, "_rels/", 6) != 0 && !strcasestr(name, "/_rels/");
}

static const char *family_folder(const struct ooxml_package *package)
{
    return package->family == 'w' ? "word" : package->family == 'x' ? "xl" : "ppt";
}

static bool name_taken(struct ooxml_part *const *order, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (!strcasecmp(order[i]->output_name, name))
            return true;
    }
    return false;
}

/* The name in the output: the old one where that is plain, with the extension of what was made. */
static void name_part(const struct ooxml_package *package, struct ooxml_part *const *order,
                      size_t index)
{
    struct ooxml_part *part = order[index];
    AUTO_BUFFER stem = {0}, name = {0};
    const char *dot = strrchr(part->name, '.');
    bool same_extension = name_is_plain(part->name, part->extension);
    if (same_extension || (dot && name_is_plain(part->name, dot + 1)))
        buffer_append(&stem, part->name, (size_t)(dot - part->name));
    else
        buffer_append_format(&stem, "%s/part%zu", family_folder(package), index + 1);
    buffer_append_format(&name, "%s.%s", buffer_string(&stem), part->extension);
    for (size_t n = 2; name_taken(order, index, buffer_string(&name)); n++) {
        buffer_clear(&name);
        buffer_append_format(&name, "%s_%zu.%s", buffer_string(&stem), n, part->extension);
    }
    part->output_name = memory_copy_string(name.data, name.length);
}

static void write_content_types(struct ooxml_part *const *order, size_t count, struct buffer *out)
{
    buffer_append_string(
        out, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
             "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
             "<Default Extension=\"rels\" "
             "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
             "<Default Extension=\"xml\" ContentType=\"application/xml\"/>");
    for (size_t i = 0; i < count; i++) {
        buffer_append_string(out, "<Override PartName=\"/");
        buffer_append_string(out, order[i]->output_name);
        buffer_append_string(out, "\" ContentType=\"");
        buffer_append_string(out, order[i]->output_type);
        buffer_append_string(out, "\"/>");
    }
    buffer_append_string(out, "</Types>");
}

static void add_member(struct zip_writer *zip, const char *name, struct bytes data)
{
    zip_writer_add(zip, bytes_of_string(name), data, ZIP_NO_TIME, ZIP_NO_DATE);
}

/* "word/document.xml" → "word/_rels/document.xml.rels" */
static void add_relationships(struct ooxml_package *package, struct zip_writer *zip,
                              const struct ooxml_part *part)
{
    bool any = false;
    for (size_t i = 0; i < part->relationship_count; i++) {
        const struct ooxml_relationship *one = &part->relationships[i];
        any |= one->used && (one->url || one->part->reachable);
    }
    if (!any)
        return;
    AUTO_BUFFER name = {0}, xml = {0};
    const char *slash = strrchr(part->output_name, '/');
    const char *base = slash ? slash + 1 : part->output_name;
    buffer_append(&name, part->output_name, (size_t)(base - part->output_name));
    buffer_append_format(&name, "_rels/%s.rels", base);
    ooxml_relationships_write(package, part, &xml);
    add_member(zip, buffer_string(&name), buffer_bytes(&xml));
}

static void write_package(struct ooxml_package *package, struct buffer *out)
{
    AUTO_FREE struct ooxml_part **order = memory_allocate(package->part_count + 1, sizeof *order);
    size_t count = 0;
    reach(package->main, order, &count);
    if (package->metadata && package->metadata->state == OOXML_PART_KEPT &&
        !package->metadata->reachable)
        reach(package->metadata, order, &count);
    for (size_t i = 0; i < count; i++)
        name_part(package, order, i);
    AUTO_BUFFER xml = {0};
    struct zip_writer zip;
    zip_writer_open(&zip, out, DEFLATE_LEVEL);
    write_content_types(order, count, &xml);
    add_member(&zip, "[Content_Types].xml", buffer_bytes(&xml));
    buffer_clear(&xml);
    ooxml_relationships_write(package, NULL, &xml);
    add_member(&zip, "_rels/.rels", buffer_bytes(&xml));
    for (size_t i = 0; i < count; i++) {
        add_member(&zip, order[i]->output_name, buffer_bytes(&order[i]->data));
        add_relationships(package, &zip, order[i]);
    }
    zip_writer_finish(&zip);
}

/* Members that nothing led to. */
static void record_rest(struct ooxml_package *package)
{
    for (size_t i = 0; i < package->part_count; i++) {
        struct ooxml_part *part = &package->parts[i];
        size_t length = strlen(part->folded);
        bool relationships = length > 5 && !strcmp(part->folded + length - 5, ".rels");
        if (!part->recorded && !relationships)
            ooxml_part_record(package, part, "part", RECEIPT_DROPPED, "unreferenced");
    }
}

/* Slides that only other slides lead to come after the ones of the show. */
static void resolve_wanted(struct ooxml_package *package, bool *fatal, struct error *error)
{
    for (bool any = true; any && !*fatal;) {
        any = false;
        for (size_t i = 0; i < package->part_count && !*fatal; i++) {
            struct ooxml_part *part = &package->parts[i];
            if (!part->wanted || part->state != OOXML_PART_UNSEEN)
                continue;
            any = true;
            ooxml_part_resolve(package, part, fatal, error);
        }
    }
}

int ooxml_rebuild(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    struct ooxml_package package;
    bool fatal = false;
    struct error own = {0};
    int failed = ooxml_package_open(&package, job, in, &own);
    if (!failed) {
        ooxml_part_resolve(&package, package.main, &fatal, &own);
        resolve_wanted(&package, &fatal, &own);
        if (package.metadata && !fatal)
            ooxml_part_resolve(&package, package.metadata, &fatal, &own);
        failed = fatal ? -1 : 0;
    }
    if (!failed) {
        job->output_format = format_find(package.type->made);
        write_package(&package, out);
        record_rest(&package);
    }
    ooxml_package_close(&package);
    if (failed && error)
        *error = own;
    return failed;
}
