/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Name trees and number trees, written anew and sorted. */
#include "disarm/format/pdf_tree.h"

#include <stdlib.h>

#include "base/memory.h"

enum { LEAF_ENTRIES = 64, TREE_DEPTH = 30 };

struct tree_entry {
    struct pdf_value key;
    const struct pdf_value *value;
    size_t order; /* as read: the first of equal keys counts */
};

struct tree {
    struct pdf_copy *copy;
    bool by_name;
    unsigned shape;
    struct tree_entry *entries;
    size_t count, capacity;
    struct pdf_reference *path; /* nodes from the root to here, against cycles */
};

static void take_entries(struct tree *tree, const struct pdf_value *pairs)
{
    for (uint32_t i = 0; i + 1 < pairs->count; i += 2) {
        struct pdf_value key = pdf_copy_resolve(tree->copy, &pairs->items[i]).value;
        if (key.type != (tree->by_name ? PDF_STRING : PDF_INTEGER))
            continue;
        if (tree->count == tree->capacity) {
            tree->capacity = tree->capacity ? tree->capacity * 2 : 64;
            tree->entries = memory_resize(tree->entries, tree->capacity, sizeof *tree->entries);
        }
        tree->entries[tree->count] = (struct tree_entry){key, &pairs->items[i + 1], tree->count};
        tree->count++;
    }
}

static void take_node(struct tree *tree, const struct pdf_value *node, unsigned depth)
{
    struct pdf_value dictionary = pdf_copy_resolve(tree->copy, node).value;
    if (depth >= TREE_DEPTH || tree->copy->failed)
        return;
    if (node->type == PDF_REFERENCE) {
        for (unsigned i = 0; i < depth; i++) {
            if (tree->path[i].number == node->reference.number)
                return;
        }
        if (job_use_members(tree->copy->job, 1, tree->copy->error) != 0)
            tree->copy->failed = true;
    }
    tree->path[depth] = node->type == PDF_REFERENCE ? node->reference : (struct pdf_reference){0};
    struct pdf_value pairs =
        pdf_copy_resolve(tree->copy, pdf_value_get(&dictionary, tree->by_name ? "Names" : "Nums"))
            .value;
    if (pairs.type == PDF_ARRAY)
        take_entries(tree, &pairs);
    struct pdf_value kids = pdf_copy_resolve(tree->copy, pdf_value_get(&dictionary, "Kids")).value;
    for (uint32_t i = 0; kids.type == PDF_ARRAY && i < kids.count; i++)
        take_node(tree, &kids.items[i], depth + 1);
}

static int compare_keys(const struct pdf_value *a, const struct pdf_value *b)
{
    if (a->type == PDF_INTEGER)
        return (a->integer > b->integer) - (a->integer < b->integer);
    size_t common = a->text.length < b->text.length ? a->text.length : b->text.length;
    int order = common ? memcmp(a->text.data, b->text.data, common) : 0;
    return order ? order : (a->text.length > b->text.length) - (a->text.length < b->text.length);
}

static int compare_entries(const void *left, const void *right)
{
    const struct tree_entry *a = left, *b = right;
    int order = compare_keys(&a->key, &b->key);
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

/*
 * Writes the pairs of one leaf, in order, until it is full; returns where the next begins. Values
 * that are refused are left out, so that a second pass finds the same leaves.
 */
static size_t write_pairs(const struct tree *tree, size_t from, struct buffer *out,
                          const struct pdf_value **first, const struct pdf_value **last)
{
    size_t i = from;
    unsigned written = 0;
    buffer_append_string(out, tree->by_name ? "/Names[" : "/Nums[");
    for (; i < tree->count && written < LEAF_ENTRIES; i++) {
        const struct tree_entry *entry = &tree->entries[i];
        size_t start = out->length;
        pdf_write_scalar(out, &entry->key);
        if (!pdf_copy_value(tree->copy, entry->value, tree->shape, out, 0)) {
            out->length = start;
            continue;
        }
        *first = written++ ? *first : &entry->key;
        *last = &entry->key;
    }
    buffer_append_byte(out, ']');
    return written ? i : tree->count;
}

/* Writes leaves as objects of their own, unless one holds everything. */
static bool write_leaves(const struct tree *tree, struct buffer *out)
{
    AUTO_BUFFER kids = {0}, pairs = {0};
    for (size_t from = 0; from < tree->count && !tree->copy->failed;) {
        const struct pdf_value *first = NULL, *last = NULL;
        buffer_clear(&pairs);
        size_t next = write_pairs(tree, from, &pairs, &first, &last);
        if (!first)
            break;
        if (from == 0 && next == tree->count) {
            buffer_append_bytes(out, buffer_bytes(&pairs));
            return true;
        }
        from = next;
        AUTO_BUFFER leaf = {0};
        buffer_append_string(&leaf, "<</Limits[");
        pdf_write_scalar(&leaf, first);
        pdf_write_scalar(&leaf, last);
        buffer_append_byte(&leaf, ']');
        buffer_append_bytes(&leaf, buffer_bytes(&pairs));
        buffer_append_string(&leaf, ">>");
        uint32_t number = pdf_writer_reserve(&tree->copy->writer);
        pdf_writer_put(&tree->copy->writer, number, buffer_bytes(&leaf));
        pdf_write_reference(&kids, number);
    }
    buffer_append_string(out, "/Kids[");
    buffer_append_bytes(out, buffer_bytes(&kids));
    buffer_append_byte(out, ']');
    return kids.length != 0;
}

bool pdf_tree_copy(struct pdf_copy *copy, const struct pdf_value *root, struct pdf_alternative as,
                   struct buffer *out)
{
    struct pdf_reference path[TREE_DEPTH];
    struct tree tree = {
        .copy = copy, .by_name = as.form == PDF_FORM_NAME_TREE, .shape = as.argument, .path = path};
    take_node(&tree, root, 0);
    if (tree.count)
        qsort(tree.entries, tree.count, sizeof *tree.entries, compare_entries);
    size_t kept = 0;
    for (size_t i = 0; i < tree.count; i++) {
        if (!kept || compare_keys(&tree.entries[kept - 1].key, &tree.entries[i].key) != 0)
            tree.entries[kept++] = tree.entries[i];
    }
    tree.count = kept;
    buffer_append_string(out, "<<");
    bool written = write_leaves(&tree, out);
    buffer_append_string(out, ">>");
    free(tree.entries);
    return written;
}
