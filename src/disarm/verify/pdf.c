/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader of PDF: every object is reached from the catalogue, every key is on a list of
 * its own, every stream has one of three filters and nothing that acts.
 */
#include "disarm/verify/pdf.h"

#include <stdlib.h>

#include "base/memory.h"
#include "disarm/verify/pdf_content.h"
#include "disarm/verify/pdf_file.h"
#include "disarm/verify/pdf_names.h"
#include "disarm/verify/pdf_syntax.h"

enum { VALUE_DEPTH = 200 };

struct visit {
    uint32_t number;
    enum names_context context;
};

struct walk {
    struct file *file;
    struct visit *visits; /* objects still to be looked at */
    size_t count, capacity;
    uint32_t number; /* object being looked at */
};

static int refuse(struct walk *walk, const char *what)
{
    return file_refuse(walk->file, walk->number, what);
}

static int add_visit(struct walk *walk, int64_t number, enum names_context context)
{
    if (number < 1 || (size_t)number >= walk->file->count || !walk->file->objects[number].present ||
        walk->file->objects[number].structural)
        return refuse(walk, "reference to nothing in object");
    struct file_object *object = &walk->file->objects[number];
    if (object->seen & 1u << context)
        return 0;
    object->seen |= 1u << context;
    if (walk->count == walk->capacity) {
        walk->capacity = walk->capacity ? walk->capacity * 2 : 256;
        walk->visits = memory_resize(walk->visits, walk->capacity, sizeof *walk->visits);
    }
    walk->visits[walk->count++] = (struct visit){(uint32_t)number, context};
    return 0;
}

static int check_value(struct walk *walk, struct cursor *cursor, enum names_context context,
                       unsigned depth);

/* What the values in a dictionary reached in this context are, under this key. */
static int context_below(struct walk *walk, enum names_context context, struct bytes key,
                         enum names_context *below)
{
    switch (context) {
    case NAMES_MAP:
    case NAMES_NAME_MAP:
        *below = context == NAMES_MAP ? NAMES_PLAIN : NAMES_NAME_MAP;
        return key.length ? 0 : refuse(walk, "empty key in object");
    case NAMES_CONTENT_MAP:
        *below = NAMES_CONTENT;
        return key.length ? 0 : refuse(walk, "empty key in object");
    case NAMES_TREES:
        *below = NAMES_PLAIN;
        return bytes_equal_string(key, "Dests") ? 0 : refuse(walk, "forbidden names in object");
    case NAMES_PARAMETERS:
        *below = NAMES_PLAIN;
        return names_parameter(key) ? 0 : refuse(walk, "forbidden parameter in object");
    default:
        break;
    }
    if (!names_allowed(key, below))
        return error_set(walk->file->error, "verify_pdf", NULL, "/%.*s is not on the list (%u)",
                         (int)(key.length < 40 ? key.length : 40), (const char *)key.data,
                         (unsigned)walk->number);
    if (context == NAMES_RESOURCES && *below == NAMES_PLAIN)
        *below = NAMES_MAP;
    if (context == NAMES_APPEARANCE)
        *below = NAMES_MAP;
    return 0;
}

/* Actions: only those four that move inside the document or follow a checked address. */
static int check_action(struct walk *walk, struct bytes dictionary)
{
    static const char *const allowed[] = {"GoTo", "URI", "Named", "ResetForm"};
    struct bytes name = file_name(dictionary, "S");
    if (!name.length) /* attributes of a structure element */
        return file_name(dictionary, "Type").length ? refuse(walk, "action in object") : 0;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        if (bytes_equal_string(name, allowed[i]))
            return 0;
    }
    return refuse(walk, "forbidden action in object");
}

/* A dictionary whose << was just read. */
static int check_dictionary(struct walk *walk, struct cursor *cursor, enum names_context context,
                            unsigned depth)
{
    if (context == NAMES_ACTION) {
        struct bytes whole = bytes_slice(cursor->bytes, cursor->position - 2, SIZE_MAX);
        if (check_action(walk, whole))
            return -1;
    }
    for (;;) {
        struct syntax_token key = syntax_next(cursor, false);
        if (key.kind == SYNTAX_DICTIONARY_END)
            return 0;
        enum names_context below = NAMES_PLAIN;
        if (key.kind != SYNTAX_NAME || context_below(walk, context, key.text, &below) ||
            check_value(walk, cursor, below, depth + 1))
            return key.kind == SYNTAX_NAME ? -1 : refuse(walk, "wrong dictionary in object");
    }
}

static int check_array(struct walk *walk, struct cursor *cursor, enum names_context context,
                       unsigned depth)
{
    for (;;) {
        struct cursor ahead = *cursor;
        if (syntax_next_value(&ahead).kind == SYNTAX_ARRAY_END) {
            *cursor = ahead;
            return 0;
        }
        if (check_value(walk, cursor, context, depth + 1))
            return -1;
    }
}

/* Some keys may hold only one thing. */
static int check_scalar(struct walk *walk, const struct syntax_token *token,
                        enum names_context context)
{
    bool name = token->kind == SYNTAX_NAME, string = token->kind == SYNTAX_STRING;
    if (context == NAMES_URI && !(string && names_address(token->text)))
        return refuse(walk, "forbidden address in object");
    if (context == NAMES_INTEGER && token->kind != SYNTAX_INTEGER)
        return refuse(walk, "no integer in object");
    if (context == NAMES_SUBTYPE && (!name || names_forbidden_type(token->text)))
        return refuse(walk, "forbidden type in object");
    if (context == NAMES_NAME_MAP && !name)
        return refuse(walk, "no name in object");
    if (token->kind == SYNTAX_WORD && !syntax_is(token, SYNTAX_WORD, "true") &&
        !syntax_is(token, SYNTAX_WORD, "false") && !syntax_is(token, SYNTAX_WORD, "null"))
        return refuse(walk, "wrong word in object");
    return 0;
}

/* The contexts that an array hands on to its items. */
static enum names_context context_of_items(enum names_context context)
{
    return context == NAMES_ACTION || context == NAMES_CONTENT ? context : NAMES_PLAIN;
}

static int check_value(struct walk *walk, struct cursor *cursor, enum names_context context,
                       unsigned depth)
{
    if (depth > VALUE_DEPTH)
        return refuse(walk, "too deep in object");
    struct syntax_token token = syntax_next_value(cursor);
    bool leaf = context == NAMES_URI || context == NAMES_INTEGER || context == NAMES_SUBTYPE ||
                context == NAMES_NAME_MAP;
    switch (token.kind) {
    case SYNTAX_ARRAY:
        return leaf ? refuse(walk, "array in object")
                    : check_array(walk, cursor, context_of_items(context), depth);
    case SYNTAX_DICTIONARY:
        if (leaf && (context != NAMES_NAME_MAP || depth > 1))
            return refuse(walk, "dictionary in object");
        return check_dictionary(walk, cursor, context, depth);
    case SYNTAX_REFERENCE:
        return leaf && context != NAMES_NAME_MAP ? refuse(walk, "reference in object")
                                                 : add_visit(walk, token.integer, context);
    case SYNTAX_END:
    case SYNTAX_BAD:
    case SYNTAX_ARRAY_END:
    case SYNTAX_DICTIONARY_END:
        return refuse(walk, "wrong syntax in object");
    default:
        return check_scalar(walk, &token, context);
    }
}

static int check_jpeg(struct walk *walk, struct bytes data)
{
    return verify_nested(walk->file->job, "jpeg", data, walk->file->error);
}

/* The data of a stream: one of three filters, and what it holds where we can tell. */
static int check_stream(struct walk *walk, const struct file_object *object,
                        enum names_context context)
{
    struct bytes filter = file_name(object->text, "Filter");
    if (bytes_equal_string(filter, "DCTDecode"))
        return check_jpeg(walk, object->data);
    if (bytes_equal_string(filter, "CCITTFaxDecode"))
        return 0;
    if (!bytes_equal_string(filter, "FlateDecode"))
        return refuse(walk, "forbidden filter in object");
    AUTO_BUFFER data = {0};
    if (file_inflate(walk->file, walk->number, object->data, &data))
        return -1;
    bool content = context == NAMES_CONTENT ||
                   bytes_equal_string(file_name(object->text, "Subtype"), "Form") ||
                   file_integer(object->text, "PatternType") == 1;
    if (content && verify_pdf_content(walk->file->job, buffer_bytes(&data), walk->file->error))
        return -1;
    return 0;
}

static int look_at(struct walk *walk, struct visit visit)
{
    struct file_object *object = &walk->file->objects[visit.number];
    struct cursor cursor = cursor_open(object->text);
    walk->number = visit.number;
    enum names_context context = object->is_stream ? NAMES_PLAIN : visit.context;
    if (check_value(walk, &cursor, context, 0))
        return -1;
    if (!cursor_at_end(&cursor))
        return refuse(walk, "more behind object");
    bool again = object->checked && visit.context != NAMES_CONTENT;
    object->checked = true;
    return object->is_stream && !again ? check_stream(walk, object, visit.context) : 0;
}

static int check_all_reached(struct walk *walk)
{
    for (size_t i = 1; i < walk->file->count; i++) {
        const struct file_object *object = &walk->file->objects[i];
        walk->number = (uint32_t)i;
        if (object->present && !object->structural && !object->seen)
            return refuse(walk, "nothing refers to object");
    }
    return 0;
}

int verify_pdf(struct verify_job *job, struct bytes out, struct error *error)
{
    struct file file;
    struct walk walk = {.file = &file};
    int result = pdf_file_open(&file, job, out, error);
    if (!result)
        result = add_visit(&walk, file.root, NAMES_PLAIN);
    if (!result && file.info)
        result = add_visit(&walk, file.info, NAMES_PLAIN);
    while (!result && walk.count)
        result = look_at(&walk, walk.visits[--walk.count]);
    if (!result)
        result = check_all_reached(&walk);
    free(walk.visits);
    pdf_file_close(&file);
    return result;
}
