/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts, content types and relationships of an Office package, by the second reader's own lists. */
#include "disarm/verify/ooxml.h"

#include <stdlib.h>
#include <strings.h>

#include "base/memory.h"
#include "disarm/verify/compound.h"
#include "disarm/verify/markup.h"
#include "disarm/verify/ooxml_content.h"
#include "disarm/verify/ooxml_unseal.h"
#include "disarm/verify/package.h"

#define TRANSITIONAL "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define STRICT       "http://purl.oclc.org/ooxml/officeDocument/relationships/"

struct part {
    const struct ooxml_list_part *list;
    const struct package_member *member;
    bool reached;
};

struct examination {
    struct verify_job *job;
    struct package package;
    struct part
        *parts; /* beside package.members; list NULL for the list of types and relationships */
    struct bytes *ids; /* of the part at hand */
    size_t id_count, id_room;
    struct error *error;
};

static int refuse(struct examination *exam, struct bytes where, const char *what)
{
    char name[200] = "";
    memcpy(name, where.data ? (const void *)where.data : "",
           where.length < sizeof name ? where.length : sizeof name - 1);
    return error_set(exam->error, "verify_ooxml", name, "%s", what);
}

static struct part *find_part(struct examination *exam, struct bytes name)
{
    const struct package_member *member = package_find(&exam->package, name);
    return member ? &exam->parts[member - exam->package.members] : NULL;
}

static int take_override(struct examination *exam, const struct markup *markup)
{
    struct bytes name = markup_attribute(markup, "PartName");
    struct bytes type = markup_attribute(markup, "ContentType");
    struct part *part = NULL;
    if (name.length > 1 && name.data[0] == '/')
        part = find_part(exam, bytes_slice(name, 1, name.length));
    const struct ooxml_list_part *list = ooxml_list_part(type);
    if (!part || part->list || !list || markup->attribute_count != 2)
        return refuse(exam, name, "content type");
    part->list = list;
    return 0;
}

static bool is_default(const struct markup *markup, const char *extension, const char *type)
{
    return bytes_equal_string(markup_attribute(markup, "Extension"), extension) &&
           bytes_equal_string(markup_attribute(markup, "ContentType"), type) &&
           markup->attribute_count == 2;
}

static int take_type(struct examination *exam, const struct markup *markup)
{
    if (bytes_equal_string(markup->name, "Types") && markup->depth == 1)
        return 0;
    if (bytes_equal_string(markup->name, "Override") && markup->depth == 2)
        return take_override(exam, markup);
    bool known =
        bytes_equal_string(markup->name, "Default") && markup->depth == 2 &&
        (is_default(markup, "rels", "application/vnd.openxmlformats-package.relationships+xml") ||
         is_default(markup, "xml", "application/xml"));
    return known ? 0 : refuse(exam, bytes_of_string("[Content_Types].xml"), "element");
}

/* The part that a relationship of `from` leads to. */
static struct part *find_target(struct examination *exam, struct bytes from, struct bytes target)
{
    AUTO_BUFFER name = {0};
    size_t folder = from.length;
    while (folder && from.data[folder - 1] != '/')
        folder--;
    while (bytes_start_with(target, "../")) {
        target = bytes_slice(target, 3, target.length);
        folder -= folder > 0;
        while (folder && from.data[folder - 1] != '/')
            folder--;
    }
    buffer_append_bytes(&name, bytes_slice(from, 0, folder));
    buffer_append_bytes(&name, target);
    return find_part(exam, buffer_bytes(&name));
}

static bool type_is(struct bytes type, const char *name)
{
    if (*name == '!')
        return bytes_equal_string(type, name + 1);
    struct bytes rest = {0};
    if (bytes_start_with(type, TRANSITIONAL))
        rest = bytes_slice(type, strlen(TRANSITIONAL), type.length);
    else if (bytes_start_with(type, STRICT))
        rest = bytes_slice(type, strlen(STRICT), type.length);
    return bytes_equal_string(rest, name);
}

static bool link_stays(struct bytes target)
{
    const char *text = (const char *)target.data;
    for (size_t i = 0; i < target.length; i++) {
        if (target.data[i] < ' ')
            return false;
    }
    return (target.length > 7 && !strncasecmp(text, "http://", 7)) ||
           (target.length > 8 && !strncasecmp(text, "https://", 8)) ||
           (target.length >= 7 && !strncasecmp(text, "mailto:", 7)) ||
           (target.length && text[0] == '#');
}

static void add_id(struct examination *exam, struct bytes id)
{
    if (exam->id_count == exam->id_room) {
        exam->id_room = exam->id_room ? 2 * exam->id_room : 32;
        exam->ids = memory_resize(exam->ids, exam->id_room, sizeof *exam->ids);
    }
    exam->ids[exam->id_count++] = id;
}

/* Relationships that a package has, and its parts have not. */
static bool of_package(struct bytes type)
{
    return type_is(type, "officeDocument") ||
           type_is(type, "!http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
                         "core-properties");
}

static int take_relationship(struct examination *exam, struct bytes from,
                             const struct markup *markup)
{
    struct bytes id = markup_attribute(markup, "Id"), type = markup_attribute(markup, "Type");
    struct bytes target = markup_attribute(markup, "Target");
    struct bytes mode = markup_attribute(markup, "TargetMode");
    if (!bytes_equal_string(markup->name, "Relationship") || !id.length || !target.length)
        return refuse(exam, from, "relationship");
    add_id(exam, id);
    if (mode.length) {
        bool link = bytes_equal_string(mode, "External") && type_is(type, "hyperlink") &&
                    from.length && markup->attribute_count == 4 && link_stays(target);
        return link ? 0 : refuse(exam, from, "external relationship");
    }
    struct part *part = find_target(exam, from, target);
    if (!part || !part->list || !type_is(type, part->list->relationship) ||
        markup->attribute_count != 3 || (from.length == 0) != of_package(type))
        return refuse(exam, from, "relationship");
    part->reached = true;
    return 0;
}

/* content_check wants them sorted, and no id may stand twice. */
static int sort_ids(struct examination *exam, struct bytes from)
{
    if (exam->id_count)
        qsort(exam->ids, exam->id_count, sizeof *exam->ids, content_compare_ids);
    for (size_t i = 1; i < exam->id_count; i++) {
        if (!content_compare_ids(&exam->ids[i - 1], &exam->ids[i]))
            return refuse(exam, from, "an id stands twice");
    }
    return 0;
}

/* Reads the relationships of a part ("" for the package) and keeps their ids. */
static int take_relationships(struct examination *exam, struct bytes from, struct bytes xml)
{
    struct markup markup;
    exam->id_count = 0;
    int failed = markup_open(&markup, xml, true) ? 0 : refuse(exam, from, "XML declaration");
    for (enum markup_event event = MARKUP_START; !failed && event != MARKUP_DONE;) {
        event = markup_next(&markup);
        if (event == MARKUP_BAD || event == MARKUP_TEXT)
            failed = refuse(exam, from, "relationships");
        else if (event == MARKUP_START && markup.depth == 2)
            failed = take_relationship(exam, from, &markup);
        else if (event == MARKUP_START &&
                 (markup.depth != 1 || !bytes_equal_string(markup.name, "Relationships")))
            failed = refuse(exam, from, "relationships");
    }
    markup_close(&markup);
    return failed ? -1 : sort_ids(exam, from);
}

static int take_types(struct examination *exam)
{
    struct markup markup;
    struct bytes xml = buffer_bytes(&exam->package.members[0].data);
    struct bytes name = exam->package.members[0].name;
    int failed = markup_open(&markup, xml, true) ? 0 : refuse(exam, name, "XML declaration");
    for (enum markup_event event = MARKUP_START; !failed && event != MARKUP_DONE;) {
        event = markup_next(&markup);
        if (event == MARKUP_BAD || event == MARKUP_TEXT)
            failed = refuse(exam, name, "XML");
        else if (event == MARKUP_START)
            failed = take_type(exam, &markup);
    }
    markup_close(&markup);
    return failed;
}

/* "word/_rels/document.xml.rels" → is it of the part at hand? */
static const struct package_member *relationships_of(struct examination *exam, struct bytes part)
{
    AUTO_BUFFER name = {0};
    size_t folder = part.length;
    while (folder && part.data[folder - 1] != '/')
        folder--;
    buffer_append_bytes(&name, bytes_slice(part, 0, folder));
    buffer_append_string(&name, "_rels/");
    buffer_append_bytes(&name, bytes_slice(part, folder, part.length));
    buffer_append_string(&name, ".rels");
    return package_find(&exam->package, buffer_bytes(&name));
}

static const char *picture_format(const char *content_type)
{
    if (!strncmp(content_type, "image/x-", 8))
        return content_type + 8;
    return !strncmp(content_type, "image/", 6) ? content_type + 6 : NULL;
}

static int check_part(struct examination *exam, struct part *part, struct bytes workbook)
{
    struct bytes name = part->member->name, data = buffer_bytes(&part->member->data);
    const struct package_member *relationships = relationships_of(exam, name);
    exam->id_count = 0;
    if (relationships) {
        if (!part->list->root)
            return refuse(exam, name, "relationships");
        exam->parts[relationships - exam->package.members].reached = true;
        if (take_relationships(exam, name, buffer_bytes(&relationships->data)))
            return -1;
    }
    const char *picture = picture_format(part->list->content_type);
    if (!part->list->root)
        return verify_nested(exam->job, picture ? picture : "xlsx", data, exam->error);
    AUTO_FREE char *place = memory_copy_string(name.data, name.length);
    struct content_context context = {.part = place,
                                      .root = part->list->root,
                                      .ids = exam->ids,
                                      .id_count = exam->id_count,
                                      .workbook = workbook};
    return content_check(&context, data, exam->error);
}

static int check_main(struct examination *exam, const char *content_type, struct part **main_part)
{
    struct package *package = &exam->package;
    if (package->count < 3 ||
        !bytes_equal_string(package->members[0].name, "[Content_Types].xml") ||
        !bytes_equal_string(package->members[1].name, "_rels/.rels"))
        return refuse(exam, (struct bytes){0}, "first members");
    exam->parts[0].reached = exam->parts[1].reached = true;
    if (take_types(exam) ||
        take_relationships(exam, (struct bytes){0}, buffer_bytes(&package->members[1].data)))
        return -1;
    *main_part = &exam->parts[2];
    if (exam->id_count > 2 || !(*main_part)->reached || !(*main_part)->list ||
        strcmp((*main_part)->list->content_type, content_type) != 0)
        return refuse(exam, package->members[2].name, "main part");
    return 0;
}

static int check_package(struct examination *exam, const char *content_type)
{
    struct package *package = &exam->package;
    struct part *main_part;
    if (check_main(exam, content_type, &main_part))
        return -1;
    bool is_workbook = !strcmp(main_part->list->root, "x:workbook");
    struct bytes workbook =
        is_workbook ? buffer_bytes(&main_part->member->data) : (struct bytes){0};
    for (size_t i = 2; i < package->count; i++) {
        if (exam->parts[i].list && check_part(exam, &exam->parts[i], workbook))
            return -1;
    }
    for (size_t i = 0; i < package->count; i++) {
        if (!exam->parts[i].reached)
            return refuse(exam, package->members[i].name, "nothing leads there");
    }
    return 0;
}

static int verify_package(struct verify_job *job, struct bytes file, const char *content_type,
                          struct error *error)
{
    struct examination exam = {.job = job, .error = error};
    int failed = package_read(&exam.package, job, file, error);
    if (!failed) {
        exam.parts = memory_allocate(exam.package.count + 1, sizeof *exam.parts);
        for (size_t i = 0; i < exam.package.count; i++)
            exam.parts[i].member = &exam.package.members[i];
        failed = check_package(&exam, content_type);
    }
    package_free(&exam.package);
    free(exam.parts);
    free(exam.ids);
    return failed;
}

/* The document is a package, or was closed again around one. */
static int verify_document(struct verify_job *job, struct bytes file, const char *content_type,
                           struct error *error)
{
    AUTO_BUFFER package = {0};
    if (!job->password || !compound_begins(file))
        return verify_package(job, file, content_type, error);
    if (!unseal_package(file, job->password, &package))
        return error_set(error, "verify_ooxml", NULL, "%s", "encryption");
    return verify_package(job, buffer_bytes(&package), content_type, error);
}

#define VERIFIER(format_name, main_type)                                                           \
    int verify_##format_name(struct verify_job *job, struct bytes file, struct error *error)       \
    {                                                                                              \
        return verify_document(                                                                    \
            job, file, "application/vnd.openxmlformats-officedocument." main_type ".main+xml",     \
            error);                                                                                \
    }

VERIFIER(docx, "wordprocessingml.document")
VERIFIER(dotx, "wordprocessingml.template")
VERIFIER(xlsx, "spreadsheetml.sheet")
VERIFIER(xltx, "spreadsheetml.template")
VERIFIER(pptx, "presentationml.presentation")
VERIFIER(ppsx, "presentationml.slideshow")
VERIFIER(potx, "presentationml.template")
