/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking the text out of a package: which parts in which order, and Word and PowerPoint text. */
#include "disarm/format/ooxml_text.h"

#include <stdlib.h>

#include "base/memory.h"
#include "disarm/format/character.h"
#include "disarm/format/ooxml_text_internal.h"
#include "disarm/format/ooxml_xml.h"

/* What an element does to running text, by its local name. Sorted. */
enum text_role {
    ROLE_NONE,
    ROLE_BREAK,     /* a line end inside a paragraph */
    ROLE_CELL,      /* a table cell: cells of a row are separated by tabs */
    ROLE_PARAGRAPH, /* ends its line */
    ROLE_ROW,
    ROLE_SKIP, /* nothing in it is shown as text */
    ROLE_TAB,
    ROLE_TEXT,
};

struct role {
    const char *name;
    enum text_role role;
};

/* Local names of WordprocessingML and DrawingML. A Fallback says again what its Choice says. */
static const struct role roles[] = {
    {"Fallback", ROLE_SKIP}, {"br", ROLE_BREAK},     {"cr", ROLE_BREAK},
    {"del", ROLE_SKIP},      {"delText", ROLE_SKIP}, {"instrText", ROLE_SKIP},
    {"moveFrom", ROLE_SKIP}, {"p", ROLE_PARAGRAPH},  {"rt", ROLE_SKIP},
    {"t", ROLE_TEXT},        {"tab", ROLE_TAB},      {"tabLst", ROLE_SKIP},
    {"tabs", ROLE_SKIP},     {"tc", ROLE_CELL},      {"tr", ROLE_ROW},
};

static int compare_role(const void *key, const void *entry)
{
    return strcmp(key, ((const struct role *)entry)->name);
}

static enum text_role role_of(const char *name)
{
    const struct role *found = bsearch(ooxml_xml_local(name), roles, sizeof roles / sizeof *roles,
                                       sizeof *roles, compare_role);
    return found ? found->role : ROLE_NONE;
}

struct running {
    struct buffer *out;
    uint64_t skipped;
    unsigned cells;    /* open table cells: their paragraphs are joined by blanks */
    unsigned in_text;  /* open ROLE_TEXT elements */
    bool cell_started; /* of the row at hand */
};

static void on_start(void *data, const char *name, const char **attributes)
{
    (void)attributes;
    struct running *running = data;
    enum text_role role = role_of(name);
    if (running->skipped || role == ROLE_SKIP) {
        running->skipped++;
        return;
    }
    if (role == ROLE_TEXT)
        running->in_text++;
    else if (role == ROLE_TAB)
        buffer_append_byte(running->out, '\t');
    else if (role == ROLE_BREAK)
        buffer_append_byte(running->out, running->cells ? ' ' : '\n');
    else if (role == ROLE_ROW)
        running->cell_started = false;
    else if (role == ROLE_CELL) {
        if (running->cell_started)
            buffer_append_byte(running->out, '\t');
        running->cell_started = true;
        running->cells++;
    }
}

static void on_end(void *data, const char *name)
{
    struct running *running = data;
    if (running->skipped) {
        running->skipped--;
        return;
    }
    enum text_role role = role_of(name);
    if (role == ROLE_TEXT)
        running->in_text--;
    else if (role == ROLE_PARAGRAPH)
        buffer_append_byte(running->out, running->cells ? ' ' : '\n');
    else if (role == ROLE_ROW)
        buffer_append_byte(running->out, running->cells ? ' ' : '\n');
    else if (role == ROLE_CELL) {
        running->cells--;
        while (running->out->length && running->out->data[running->out->length - 1] == ' ')
            running->out->length--;
    }
}

static void on_text(void *data, struct bytes text)
{
    struct running *running = data;
    if (!running->skipped && running->in_text)
        buffer_append_bytes(running->out, text);
}

/* Appends the running text of a part. */
static int append_running(struct ooxml_package *package, struct ooxml_part *part,
                          struct buffer *out, struct error *error)
{
    static const struct ooxml_xml_handlers handlers = {
        .start = on_start, .end = on_end, .text = on_text};
    AUTO_BUFFER xml = {0};
    struct running running = {.out = out};
    if (ooxml_part_load(package, part, &xml, error) ||
        ooxml_xml_read(buffer_bytes(&xml), &handlers, &running, NULL, error))
        return -1;
    ooxml_part_record(package, part, part->kind->receipt_kind, RECEIPT_REWRITTEN, "text_only");
    return 0;
}

int ooxml_text_relations(struct ooxml_package *package, struct ooxml_part *part,
                         struct error *error)
{
    if (part->relationships)
        return 0;
    return ooxml_relationships_read(package, part, &part->relationships, &part->relationship_count,
                                    error);
}

bool ooxml_text_root_is(const struct ooxml_relationship *one, const char *root)
{
    return one->part && one->kind->root && !strcmp(one->kind->root, root);
}

/* Appends the parts with this root that `from` leads to, under a heading when there is text. */
static int append_kind(struct ooxml_package *package, const struct ooxml_part *from,
                       const char *root, const char *heading, struct buffer *out,
                       struct error *error)
{
    for (size_t i = 0; i < from->relationship_count; i++) {
        const struct ooxml_relationship *one = &from->relationships[i];
        if (!ooxml_text_root_is(one, root) || one->part->wanted)
            continue;
        one->part->wanted = true; /* each part once */
        AUTO_BUFFER text = {0};
        if (append_running(package, one->part, &text, error))
            return -1;
        size_t seen = 0;
        while (seen < text.length && text.data[seen] <= ' ')
            seen++;
        if (seen == text.length)
            continue;
        buffer_append_format(out, "\n[%s]\n", heading);
        buffer_append_bytes(out, buffer_bytes(&text));
    }
    return 0;
}

static int append_word(struct ooxml_package *package, struct buffer *out, struct error *error)
{
    static const char *const behind[][2] = {{"w:hdr", "ヘッダー"},
                                            {"w:ftr", "フッター"},
                                            {"w:footnotes", "脚注"},
                                            {"w:endnotes", "文末脚注"},
                                            {"w:comments", "コメント"}};
    if (append_running(package, package->main, out, error))
        return -1;
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        if (append_kind(package, package->main, behind[i][0], behind[i][1], out, error))
            return -1;
    }
    return 0;
}

/* The slides in the order of the show: the ids of presentation.xml. */
struct show {
    struct ooxml_package *package;
    struct buffer *out;
    struct error *error;
    size_t number;
    bool failed;
};

static int append_slide(struct show *show, struct ooxml_part *slide)
{
    buffer_append_format(show->out, "%s[スライド %zu]\n", show->number ? "\n" : "",
                         show->number + 1);
    show->number++;
    if (append_running(show->package, slide, show->out, show->error) ||
        ooxml_text_relations(show->package, slide, show->error))
        return -1;
    return append_kind(show->package, slide, "p:notes", "ノート", show->out, show->error);
}

static void on_slide(void *data, const char *name, const char **attributes)
{
    struct show *show = data;
    if (show->failed || strcmp(ooxml_xml_local(name), "sldId") != 0)
        return;
    const char *id = ooxml_xml_relationship_id(attributes);
    const struct ooxml_relationship *found =
        id ? ooxml_relationship_find(show->package->main, id) : NULL;
    if (found && ooxml_text_root_is(found, "p:sld") && !found->part->wanted) {
        found->part->wanted = true;
        show->failed = append_slide(show, found->part) != 0;
    }
}

static int append_show(struct ooxml_package *package, struct buffer *out, struct error *error)
{
    static const struct ooxml_xml_handlers handlers = {.start = on_slide};
    AUTO_BUFFER xml = {0};
    struct show show = {.package = package, .out = out, .error = error};
    if (ooxml_part_load(package, package->main, &xml, error) ||
        ooxml_xml_read(buffer_bytes(&xml), &handlers, &show, &show.failed, error) || show.failed)
        return -1;
    ooxml_part_record(package, package->main, "document", RECEIPT_REWRITTEN, "text_only");
    return 0;
}

static int append_package(struct ooxml_package *package, struct buffer *out, struct error *error)
{
    if (ooxml_text_relations(package, package->main, error))
        return -1;
    switch (package->family) {
    case 'w':
        return append_word(package, out, error);
    case 'x':
        return ooxml_text_workbook(package, out, error);
    default:
        return append_show(package, out, error);
    }
}

int ooxml_text(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    struct ooxml_package package;
    AUTO_BUFFER text = {0};
    int failed =
        ooxml_package_open(&package, job, in, error) || append_package(&package, &text, error);
    if (!failed) {
        struct character_counts counts = {0};
        character_clean(buffer_bytes(&text), out, &counts);
        character_record(job, NULL, &counts);
        for (size_t i = 0; i < package.part_count; i++) {
            struct ooxml_part *part = &package.parts[i];
            if (!part->recorded)
                ooxml_part_record(&package, part, "part", RECEIPT_DROPPED, "text_only");
        }
    }
    ooxml_package_close(&package);
    return failed ? -1 : 0;
}
