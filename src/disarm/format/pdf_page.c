/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of a document. */
#include "disarm/format/pdf_page.h"

#include <stdlib.h>

#include "base/memory.h"
#include "disarm/format/pdf_content.h"
#include "disarm/format/pdf_stream.h"

enum {
    TREE_DEPTH = 60,
    SCANNED_OBJECTS = 200000,
    OBJECT_BYTES = 4, /* of input for each object that is looked for */
};

/* What a page takes from the nodes above it (7.7.3.4). */
static const char *const inherited_keys[] = {"CropBox", "MediaBox", "Resources", "Rotate"};
enum { INHERITED = sizeof inherited_keys / sizeof *inherited_keys };

struct page {
    struct pdf_value node; /* a reference, or the dictionary itself */
    struct pdf_value inherited[INHERITED];
    uint32_t number; /* in the output */
};

struct pdf_pages {
    struct pdf_copy *copy;
    struct pdf_arena arena; /* values of the tree's nodes */
    struct page *pages;
    size_t count, capacity;
    struct pdf_reference path[TREE_DEPTH]; /* nodes from the root to here, against cycles */
    uint32_t root;
};

static const struct pdf_alternative page_form = {.form = PDF_FORM_PAGE};

static void add_page(struct pdf_pages *pages, const struct pdf_value *node,
                     const struct pdf_value *inherited)
{
    struct pdf_copy *copy = pages->copy;
    if (job_use_pages(copy->job, 1, copy->error) != 0) {
        copy->failed = true;
        return;
    }
    if (pages->count == pages->capacity) {
        pages->capacity = pages->capacity ? pages->capacity * 2 : 16;
        pages->pages = memory_resize(pages->pages, pages->capacity, sizeof *pages->pages);
    }
    struct page *page = &pages->pages[pages->count++];
    page->node = *node;
    memcpy(page->inherited, inherited, sizeof page->inherited);
    page->number = pdf_writer_reserve(&copy->writer);
    if (node->type == PDF_REFERENCE && !pdf_copy_lookup(copy, node->reference, page_form))
        pdf_copy_remember(copy, node->reference, page_form, page->number);
}

static bool on_path(const struct pdf_pages *pages, struct pdf_reference reference, unsigned depth)
{
    for (unsigned i = 0; i < depth; i++) {
        if (pages->path[i].number == reference.number)
            return true;
    }
    return false;
}

static void walk_tree(struct pdf_pages *pages, const struct pdf_value *node,
                      const struct pdf_value *above, unsigned depth)
{
    if (depth >= TREE_DEPTH || pages->copy->failed)
        return;
    if (node->type == PDF_REFERENCE && on_path(pages, node->reference, depth)) {
        static const struct pdf_value blank = {.type = PDF_NULL};
        add_page(pages, &blank, above); /* a tree that bites its tail: page numbers stay */
        return;
    }
    pages->path[depth] = node->type == PDF_REFERENCE ? node->reference : (struct pdf_reference){0};
    struct pdf_object object = pdf_source_resolve(pages->copy->source, node, &pages->arena);
    if (object.value.type != PDF_DICTIONARY || object.is_stream)
        return;
    struct pdf_object kids = pdf_source_resolve(
        pages->copy->source, pdf_value_get(&object.value, "Kids"), &pages->arena);
    if (kids.value.type != PDF_ARRAY ||
        pdf_value_is_name(pdf_value_get(&object.value, "Type"), "Page")) {
        add_page(pages, node, above);
        return;
    }
    struct pdf_value inherited[INHERITED];
    for (int i = 0; i < INHERITED; i++) {
        const struct pdf_value *own = pdf_value_get(&object.value, inherited_keys[i]);
        inherited[i] = own ? *own : above[i];
    }
    for (uint32_t i = 0; i < kids.value.count; i++)
        walk_tree(pages, &kids.value.items[i], inherited, depth + 1);
}

/* The last resort for a broken tree: every object that says it is a page, in their order. */
static void scan_objects(struct pdf_pages *pages, const struct pdf_value *trailer)
{
    static const struct pdf_value nothing[INHERITED];
    int64_t size = pdf_value_integer(pdf_value_get(trailer, "Size"), SCANNED_OBJECTS);
    int64_t most = (int64_t)(pages->copy->input_bytes / OBJECT_BYTES);
    most = most < SCANNED_OBJECTS ? most : SCANNED_OBJECTS;
    size = size < most ? size : most;
    for (int number = 1; number < size && !pages->copy->failed; number++) {
        struct pdf_value node = {.type = PDF_REFERENCE, .reference = {number, 0}};
        struct pdf_arena arena = {0};
        struct pdf_object object = pdf_source_load(pages->copy->source, node.reference, &arena);
        bool is_page = pdf_value_is_name(pdf_value_get(&object.value, "Type"), "Page");
        pdf_arena_free(&arena);
        if (is_page)
            add_page(pages, &node, nothing);
    }
}

struct pdf_pages *pdf_pages_find(struct pdf_copy *copy, const struct pdf_value *catalog,
                                 const struct pdf_value *trailer)
{
    static const struct pdf_value nothing[INHERITED];
    struct pdf_pages *pages = memory_allocate(1, sizeof *pages);
    pages->copy = copy;
    pages->root = pdf_writer_reserve(&copy->writer);
    const struct pdf_value *root = pdf_value_get(catalog, "Pages");
    if (root)
        walk_tree(pages, root, nothing, 0);
    if (!pages->count)
        scan_objects(pages, trailer);
    if (!pages->count && !copy->failed) {
        error_set(copy->error, "bad_pdf", copy->job->path, "%s", "no pages");
        copy->failed = true;
    }
    if (!copy->failed)
        return pages;
    pdf_pages_free(pages);
    return NULL;
}

void pdf_pages_free(struct pdf_pages *pages)
{
    if (!pages)
        return;
    pdf_arena_free(&pages->arena);
    free(pages->pages);
    free(pages);
}

/* A page's own keys and those it takes from above. */
static struct pdf_value merge(struct pdf_copy *copy, const struct page *page,
                              const struct pdf_value *own)
{
    struct pdf_value merged = {.type = PDF_DICTIONARY};
    merged.entries =
        pdf_arena_take(&copy->arena, (own->count + INHERITED) * sizeof *merged.entries);
    for (uint32_t i = 0; i < own->count; i++) {
        if (!pdf_name_listed(",CropBox,MediaBox,Resources,Rotate,", own->entries[i].key))
            merged.entries[merged.count++] = own->entries[i];
    }
    for (int i = 0; i < INHERITED; i++) {
        const struct pdf_value *value = pdf_value_get(own, inherited_keys[i]);
        value = value ? value : &page->inherited[i];
        if (value->type != PDF_NULL)
            merged.entries[merged.count++] =
                (struct pdf_entry){bytes_of_string(inherited_keys[i]), *value};
    }
    return merged;
}

/* Four numbers, or US Letter where a page has no usable box, as readers do. */
static void write_media_box(struct pdf_copy *copy, const struct pdf_value *value,
                            struct buffer *out)
{
    struct pdf_value box = pdf_copy_resolve(copy, value).value;
    size_t start = out->length;
    unsigned numbers = 0;
    buffer_append_string(out, "/MediaBox[");
    for (uint32_t i = 0; box.type == PDF_ARRAY && i < box.count && i < 4; i++) {
        struct pdf_value number = pdf_copy_resolve(copy, &box.items[i]).value;
        if (!pdf_value_is_number(&number))
            break;
        pdf_write_scalar(out, &number);
        numbers++;
    }
    buffer_append_byte(out, ']');
    if (numbers == 4)
        return;
    out->length = start;
    buffer_append_string(out, "/MediaBox[0 0 612 792]");
}

/* Appends the decoded content of one stream, and a line end between streams (7.8.2). */
static void gather_content(struct pdf_copy *copy, const struct pdf_value *value,
                           struct buffer *content)
{
    struct pdf_object object = pdf_copy_resolve(copy, value);
    if (value->type != PDF_REFERENCE || !object.is_stream)
        return;
    struct pdf_decoded decoded = {0};
    if (pdf_stream_decode(copy, value->reference, &object.value, &decoded) &&
        !decoded.picture_filter.length)
        buffer_append_bytes(content, buffer_bytes(&decoded.data));
    else if (!copy->failed)
        pdf_copy_drop(copy, "Page", "Contents", "pdf_content", "pdf_unreadable");
    buffer_append_byte(content, '\n');
    buffer_free(&decoded.data);
}

/* Writes a page's content as one stream and appends the key that refers to it. */
static void write_content(struct pdf_copy *copy, const struct pdf_value *contents,
                          struct buffer *out)
{
    AUTO_BUFFER content = {0}, rewritten = {0};
    struct pdf_object object = pdf_copy_resolve(copy, contents);
    if (object.value.type == PDF_ARRAY && !object.is_stream) {
        for (uint32_t i = 0; i < object.value.count && !copy->failed; i++)
            gather_content(copy, &object.value.items[i], &content);
    } else if (contents) {
        gather_content(copy, contents, &content);
    }
    if (copy->failed || !content.length)
        return;
    pdf_content_rewrite(copy, buffer_bytes(&content), &rewritten);
    uint32_t number = pdf_writer_reserve(&copy->writer);
    pdf_writer_put_stream(&copy->writer, number, (struct bytes){0}, buffer_bytes(&rewritten), true);
    job_record(copy->job, NULL, "pdf_content", RECEIPT_REWRITTEN, NULL, content.length,
               rewritten.length);
    buffer_append_string(out, "/Contents");
    pdf_write_reference(out, number);
}

static void write_page(struct pdf_copy *copy, const struct pdf_pages *pages,
                       const struct page *page)
{
    AUTO_BUFFER body = {0};
    pdf_arena_clear(&copy->arena);
    struct pdf_value own = pdf_copy_resolve(copy, &page->node).value;
    struct pdf_value dictionary = merge(copy, page, &own);
    buffer_append_string(&body, "<</Type/Page/Parent");
    pdf_write_reference(&body, pages->root);
    write_media_box(copy, pdf_value_get(&dictionary, "MediaBox"), &body);
    write_content(copy, pdf_value_get(&dictionary, "Contents"), &body);
    pdf_copy_entries(copy, &pdf_kinds[pdf_kind_find("Page")], &dictionary, &body, 0);
    buffer_append_string(&body, ">>");
    pdf_writer_put(&copy->writer, page->number, buffer_bytes(&body));
}

uint32_t pdf_pages_write(struct pdf_copy *copy, struct pdf_pages *pages)
{
    AUTO_BUFFER body = {0};
    buffer_append_format(&body, "<</Type/Pages/Count %zu/Kids[", pages->count);
    for (size_t i = 0; i < pages->count; i++)
        pdf_write_reference(&body, pages->pages[i].number);
    buffer_append_string(&body, "]>>");
    pdf_writer_put(&copy->writer, pages->root, buffer_bytes(&body));
    for (size_t i = 0; i < pages->count && !copy->failed; i++)
        write_page(copy, pages, &pages->pages[i]);
    return pages->root;
}
