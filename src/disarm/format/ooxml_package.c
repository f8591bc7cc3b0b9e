/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a package: its members, content types and main part. */
#include "disarm/format/ooxml_package.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/memory.h"
#include "disarm/format/ooxml_xml.h"

/* More extensions than any honest package names; each is looked for in all parts. */
enum { DEFAULTS_MAXIMUM = 256 };

#define CONTENT_TYPES "[content_types].xml"
#define OFFICE        "application/vnd.openxmlformats-officedocument."
#define MICROSOFT     "application/vnd.ms-"

static const struct ooxml_main mains[] = {
    {OFFICE "wordprocessingml.document.main+xml", "docx", "docx", "w:document", 'w'},
    {MICROSOFT "word.document.macroEnabled.main+xml", "docm", "docx", "w:document", 'w'},
    {OFFICE "wordprocessingml.template.main+xml", "dotx", "dotx", "w:document", 'w'},
    {MICROSOFT "word.template.macroEnabledTemplate.main+xml", "dotm", "dotx", "w:document", 'w'},
    {OFFICE "spreadsheetml.sheet.main+xml", "xlsx", "xlsx", "workbook", 'x'},
    {MICROSOFT "excel.sheet.macroEnabled.main+xml", "xlsm", "xlsx", "workbook", 'x'},
    {OFFICE "spreadsheetml.template.main+xml", "xltx", "xltx", "workbook", 'x'},
    {MICROSOFT "excel.template.macroEnabled.main+xml", "xltm", "xltx", "workbook", 'x'},
    {OFFICE "presentationml.presentation.main+xml", "pptx", "pptx", "p:presentation", 'p'},
    {MICROSOFT "powerpoint.presentation.macroEnabled.main+xml", "pptm", "pptx", "p:presentation",
     'p'},
    {OFFICE "presentationml.slideshow.main+xml", "ppsx", "ppsx", "p:presentation", 'p'},
    {MICROSOFT "powerpoint.slideshow.macroEnabled.main+xml", "ppsm", "ppsx", "p:presentation", 'p'},
    {OFFICE "presentationml.template.main+xml", "potx", "potx", "p:presentation", 'p'},
    {MICROSOFT "powerpoint.template.macroEnabled.main+xml", "potm", "potx", "p:presentation", 'p'},
};

const struct ooxml_main *ooxml_main_by_content_type(const char *content_type)
{
    for (size_t i = 0; content_type && i < sizeof mains / sizeof *mains; i++) {
        if (!strcasecmp(mains[i].content_type, content_type))
            return &mains[i];
    }
    return NULL;
}

const struct ooxml_main *ooxml_main_by_format(const char *format)
{
    for (size_t i = 0; i < sizeof mains / sizeof *mains; i++) {
        if (!strcmp(mains[i].format, format))
            return &mains[i];
    }
    return NULL;
}

static int hex_value(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* A part name in one form: '/' between segments, none in front, %XX of ASCII resolved. */
static char *clean_name(struct bytes name)
{
    AUTO_BUFFER clean = {0};
    for (size_t i = 0; i < name.length; i++) {
        uint8_t byte = name.data[i];
        if (byte == '%' && i + 2 < name.length && hex_value(name.data[i + 1]) >= 0 &&
            hex_value(name.data[i + 2]) >= 0 && name.data[i + 1] < '8') {
            byte = (uint8_t)(hex_value(name.data[i + 1]) * 16 + hex_value(name.data[i + 2]));
            i += 2;
        }
        byte = byte == '\\' ? '/' : byte;
        if (byte == '/' && clean.length == 0)
            continue;
        buffer_append_byte(&clean, byte ? byte : '_');
    }
    return memory_copy_string(clean.data, clean.length);
}

static char *fold(const char *name)
{
    char *folded = memory_copy_string(name, strlen(name));
    for (char *at = folded; *at; at++) {
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + 0x20);
    }
    return folded;
}

static int compare_parts(const void *a, const void *b)
{
    return strcmp((*(struct ooxml_part *const *)a)->folded,
                  (*(struct ooxml_part *const *)b)->folded);
}

static int list_parts(struct ooxml_package *package, struct error *error)
{
    size_t count = package->zip.count;
    package->parts = memory_allocate(count + 1, sizeof *package->parts);
    package->sorted = memory_allocate(count + 1, sizeof(struct ooxml_part *));
    for (size_t i = 0; i < count; i++) {
        const struct zip_member *member = &package->zip.members[i];
        if (member->encrypted)
            return error_set(error, "zip_encrypted", package->job->path, "%s", "");
        bool folder = member->name.length && member->name.data[member->name.length - 1] == '/';
        if (member->name.length == 0 || folder)
            continue;
        struct ooxml_part *part = &package->parts[package->part_count];
        *part = (struct ooxml_part){.member = member, .name = clean_name(member->name)};
        part->folded = fold(part->name);
        package->sorted[package->part_count++] = part;
    }
    qsort(package->sorted, package->part_count, sizeof *package->sorted, compare_parts);
    for (size_t i = 1; i < package->part_count; i++) {
        if (!strcmp(package->sorted[i - 1]->folded, package->sorted[i]->folded))
            return error_set(error, "ooxml_duplicate", package->job->path, "%s",
                             package->sorted[i]->name);
    }
    return 0;
}

struct ooxml_part *ooxml_part_find(const struct ooxml_package *package, const char *name)
{
    AUTO_FREE char *clean = clean_name(bytes_of_string(name));
    struct ooxml_part key = {.folded = fold(clean)}, *key_pointer = &key;
    struct ooxml_part **found = bsearch(&key_pointer, package->sorted, package->part_count,
                                        sizeof *package->sorted, compare_parts);
    free(key.folded);
    return found ? *found : NULL;
}

int ooxml_part_load(struct ooxml_package *package, const struct ooxml_part *part,
                    struct buffer *out, struct error *error)
{
    const struct disarm_limits *limits = &package->job->options->limits;
    uint64_t used = package->job->usage->unpacked_bytes;
    uint64_t left = limits->unpacked_bytes > used ? limits->unpacked_bytes - used : 0;
    size_t before = out->length;
    if (zip_unpack(part->member, left, out, error) ||
        job_use_unpacked(package->job, out->length - before, package->packed_bytes, error)) {
        if (error && !error->where[0])
            snprintf(error->where, sizeof error->where, "%s", part->name);
        return -1;
    }
    return 0;
}

/* [Content_Types].xml, ECMA-376 Part 2, 10.1.2.2: extensions first, then single parts. */
static void set_type(struct ooxml_part *part, const char *type)
{
    free(part->content_type);
    part->content_type = memory_copy_string(type, strlen(type));
}

static void apply_default(struct ooxml_package *package, const char *extension, const char *type)
{
    for (size_t i = 0; i < package->part_count; i++) {
        const char *dot = strrchr(package->parts[i].name, '.');
        if (dot && !package->parts[i].content_type && !strcasecmp(dot + 1, extension))
            set_type(&package->parts[i], type);
    }
}

static void on_override(void *data, const char *name, const char **attributes)
{
    struct ooxml_package *package = data;
    const char *type = ooxml_xml_attribute(attributes, "ContentType");
    const char *part_name = ooxml_xml_attribute(attributes, "PartName");
    if (strcmp(ooxml_xml_local(name), "Override") != 0 || !type || !part_name)
        return;
    struct ooxml_part *part = ooxml_part_find(package, part_name);
    if (part && !part->content_type)
        set_type(part, type);
}

struct defaults {
    struct ooxml_package *package;
    unsigned count;
};

static void on_default(void *data, const char *name, const char **attributes)
{
    struct defaults *defaults = data;
    const char *type = ooxml_xml_attribute(attributes, "ContentType");
    const char *extension = ooxml_xml_attribute(attributes, "Extension");
    if (strcmp(ooxml_xml_local(name), "Default") || !type || !extension)
        return;
    if (defaults->count++ < DEFAULTS_MAXIMUM)
        apply_default(defaults->package, extension, type);
}

static int read_content_types(struct ooxml_package *package, struct error *error)
{
    struct ooxml_part *part = ooxml_part_find(package, CONTENT_TYPES);
    if (!part)
        return error_set(error, "ooxml_no_content_types", package->job->path, "%s", "");
    part->recorded = true;
    AUTO_BUFFER xml = {0};
    const struct ooxml_xml_handlers overrides = {.start = on_override};
    const struct ooxml_xml_handlers extensions = {.start = on_default};
    struct defaults defaults = {package, 0};
    if (ooxml_part_load(package, part, &xml, error) ||
        ooxml_xml_read(buffer_bytes(&xml), &overrides, package, NULL, error) ||
        ooxml_xml_read(buffer_bytes(&xml), &extensions, &defaults, NULL, error))
        return -1;
    return 0;
}

/* The package relationships lead to the main part; everything else there is dropped with a row. */
static int find_main(struct ooxml_package *package, struct error *error)
{
    struct ooxml_relationship *list;
    size_t count;
    if (ooxml_relationships_read(package, NULL, &list, &count, error))
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (list[i].kind)
            package->metadata = list[i].part;
        else
            package->main = list[i].part;
    }
    ooxml_relationships_free(list, count);
    if (!package->main)
        return error_set(error, "ooxml_no_main", package->job->path, "%s", "");
    package->type = ooxml_main_by_content_type(package->main->content_type);
    if (!package->type)
        return error_set(error, "ooxml_type", package->job->path, "%s",
                         package->main->content_type ? package->main->content_type : "");
    package->family = package->type->family;
    package->main_kind = (struct ooxml_kind){
        .root = package->type->root,
        .receipt_kind = package->family == 'x' ? "workbook" : "document",
        .family = package->family,
        .rules = OOXML_ESSENTIAL,
    };
    package->main->kind = &package->main_kind;
    return 0;
}

int ooxml_package_open(struct ooxml_package *package, struct job *job, struct bytes in,
                       struct error *error)
{
    *package = (struct ooxml_package){.job = job, .packed_bytes = in.length};
    if (zip_open(&package->zip, in, job->options->limits.members, error) ||
        job_use_members(job, package->zip.count, error) || list_parts(package, error) ||
        read_content_types(package, error))
        return -1;
    return find_main(package, error);
}

static void free_names(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

void ooxml_package_close(struct ooxml_package *package)
{
    for (size_t i = 0; i < package->part_count; i++) {
        struct ooxml_part *part = &package->parts[i];
        free(part->name);
        free(part->folded);
        free(part->content_type);
        free(part->output_name);
        buffer_free(&part->data);
        free(part->by_id);
        ooxml_relationships_free(part->relationships, part->relationship_count);
    }
    free(package->sheet_map);
    free(package->parts);
    free(package->sorted);
    free_names(package->scope.sheets, package->scope.sheet_count);
    free_names(package->scope.lost_sheets, package->scope.lost_sheet_count);
    free_names(package->scope.names, package->scope.name_count);
    zip_close(&package->zip);
    *package = (struct ooxml_package){0};
}

void ooxml_part_record(struct ooxml_package *package, struct ooxml_part *part, const char *kind,
                       enum receipt_action action, const char *reason)
{
    part->recorded = true;
    uint64_t in = part->member->packed.length;
    job_record(package->job, part->name, kind, action, reason,
               part->state == OOXML_PART_KEPT ? part->member->declared : in, part->data.length);
}
