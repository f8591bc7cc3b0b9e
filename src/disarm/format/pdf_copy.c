/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copying a PDF object by object through the allow-list. */
#include "disarm/format/pdf_copy.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "disarm/format/pdf_action.h"
#include "disarm/format/pdf_content.h"
#include "disarm/format/pdf_stream.h"
#include "disarm/format/pdf_tree.h"

enum { EAGER_DEPTH = 40, VALUE_DEPTH = 60, DROPS = 1024, ROW_CALLS = 10000 };

struct pdf_drop {
    const char *place, *key, *row, *reason;
    uint64_t count;
};

void pdf_copy_open(struct pdf_copy *copy, struct job *job, struct pdf_source *source,
                   struct buffer *out, size_t input_bytes, struct error *error)
{
    *copy =
        (struct pdf_copy){.job = job, .source = source, .input_bytes = input_bytes, .error = error};
    copy->drops = memory_allocate(DROPS, sizeof *copy->drops);
    pdf_writer_open(&copy->writer, out);
}

/* Puts what was dropped into the receipt. */
static void tell_drops(struct pdf_copy *copy)
{
    for (size_t i = 0; i < copy->drop_count; i++) {
        const struct pdf_drop *drop = &copy->drops[i];
        char part[128];
        snprintf(part, sizeof part, "%s%s%s", drop->place, drop->key ? "/" : "",
                 drop->key ? drop->key : "");
        for (uint64_t n = 0; n < drop->count && n < ROW_CALLS; n++)
            job_record(copy->job, part, drop->row, RECEIPT_DROPPED, drop->reason, 0, 0);
    }
}

void pdf_copy_close(struct pdf_copy *copy)
{
    tell_drops(copy);
    free(copy->drops);
    free(copy->memo);
    free(copy->tasks);
    pdf_arena_free(&copy->arena);
    pdf_writer_close(&copy->writer);
}

void pdf_copy_drop(struct pdf_copy *copy, const char *place, const char *key, const char *row,
                   const char *reason)
{
    for (size_t i = 0; i < copy->drop_count; i++) {
        struct pdf_drop *drop = &copy->drops[i];
        if (drop->place == place && drop->key == key && drop->row == row &&
            drop->reason == reason) {
            drop->count++;
            return;
        }
    }
    if (copy->drop_count < DROPS)
        copy->drops[copy->drop_count++] = (struct pdf_drop){place, key, row, reason, 1};
}

bool pdf_copy_use_bytes(struct pdf_copy *copy, size_t bytes)
{
    if (!copy->failed && job_use_unpacked(copy->job, bytes, copy->input_bytes, copy->error) != 0)
        copy->failed = true;
    return !copy->failed;
}

uint64_t pdf_copy_bytes_left(const struct pdf_copy *copy)
{
    uint64_t limit = copy->job->options->limits.unpacked_bytes;
    uint64_t used = copy->job->usage->unpacked_bytes;
    return used < limit ? limit - used : 0;
}

struct pdf_object pdf_copy_resolve(struct pdf_copy *copy, const struct pdf_value *value)
{
    return pdf_source_resolve(copy->source, value, &copy->arena);
}

/* --- which objects were met ------------------------------------------------------------------ */

static uint64_t memo_key(struct pdf_reference reference, struct pdf_alternative as)
{
    return (uint64_t)reference.number << 32 | (uint64_t)(reference.generation & 0xFF) << 24 |
           (uint64_t)as.form << 16 | as.argument;
}

static size_t memo_slot(const struct pdf_copy *copy, uint64_t key)
{
    size_t slot = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 20) % copy->memo_capacity;
    while (copy->memo[slot].key && copy->memo[slot].key != key)
        slot = (slot + 1) % copy->memo_capacity;
    return slot;
}

static void memo_grow(struct pdf_copy *copy)
{
    struct pdf_memo_entry *old = copy->memo;
    size_t count = copy->memo_capacity;
    copy->memo_capacity = count ? count * 2 : 1024;
    copy->memo = memory_allocate(copy->memo_capacity, sizeof *copy->memo);
    for (size_t i = 0; i < count; i++) {
        if (old[i].key)
            copy->memo[memo_slot(copy, old[i].key)] = old[i];
    }
    free(old);
}

void pdf_copy_remember(struct pdf_copy *copy, struct pdf_reference reference,
                       struct pdf_alternative as, uint32_t number)
{
    if (copy->memo_count * 2 >= copy->memo_capacity)
        memo_grow(copy);
    uint64_t key = memo_key(reference, as);
    size_t slot = memo_slot(copy, key);
    copy->memo_count += !copy->memo[slot].key;
    copy->memo[slot] = (struct pdf_memo_entry){key, number};
}

struct pdf_memo_entry *pdf_copy_lookup(struct pdf_copy *copy, struct pdf_reference reference,
                                       struct pdf_alternative as)
{
    if (!copy->memo_capacity)
        return NULL;
    struct pdf_memo_entry *entry = &copy->memo[memo_slot(copy, memo_key(reference, as))];
    return entry->key ? entry : NULL;
}

static void add_task(struct pdf_copy *copy, struct pdf_task task)
{
    if (copy->task_count == copy->task_capacity) {
        copy->task_capacity = copy->task_capacity ? copy->task_capacity * 2 : 256;
        copy->tasks = memory_resize(copy->tasks, copy->task_capacity, sizeof *copy->tasks);
    }
    copy->tasks[copy->task_count++] = task;
}

/* --- kinds ----------------------------------------------------------------------------------- */

/* The value of the key that decides a kind: a key of a dictionary or a place of an array. */
static struct pdf_value deciding_value(struct pdf_copy *copy, const struct pdf_value *value,
                                       const char *key)
{
    const struct pdf_value *found = NULL;
    if (key && *key == '0' && value->type == PDF_ARRAY && value->count)
        found = &value->items[0];
    else if (key)
        found = pdf_value_get(value, key);
    return pdf_copy_resolve(copy, found).value;
}

static bool choice_fits(const struct pdf_choice *choice, const struct pdf_value *value)
{
    if (!choice->value)
        return true;
    if (value->type == PDF_NAME)
        return bytes_equal_string(value->text, choice->value);
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, pdf_value_integer(value, -1));
    return pdf_value_is_number(value) && !strcmp(digits, choice->value);
}

/* The kind that an object really is, following choices; -1 when there is none: *row may say why. */
static int choose_kind(struct pdf_copy *copy, int kind, const struct pdf_value *value,
                       const char **row)
{
    while (pdf_kinds[kind].choice_count) {
        const struct pdf_kind *from = &pdf_kinds[kind];
        struct pdf_value decides = deciding_value(copy, value, from->choice_key);
        const struct pdf_choice *choice = pdf_choices + from->first_choice;
        const struct pdf_choice *end = choice + from->choice_count;
        while (choice < end && !choice_fits(choice, &decides))
            choice++;
        if (choice == end)
            return -1;
        *row = choice->row;
        if ((kind = choice->kind) < 0)
            return -1;
    }
    return kind;
}

bool pdf_copy_entries(struct pdf_copy *copy, const struct pdf_kind *kind,
                      const struct pdf_value *dictionary, struct buffer *out, unsigned depth)
{
    for (uint32_t i = 0; i < dictionary->count; i++) {
        const struct pdf_entry *entry = &dictionary->entries[i];
        const struct pdf_key *key = pdf_kind_key(kind, entry->key);
        if (!key) {
            pdf_copy_drop_key(copy, kind, entry->key);
            continue;
        }
        size_t start = out->length;
        pdf_write_name(out, entry->key);
        copy->told = false;
        if (pdf_copy_value(copy, &entry->value, key->shape, out, depth + 1))
            continue;
        out->length = start;
        if (!copy->told && entry->value.type != PDF_NULL)
            pdf_copy_drop(copy, kind->name, key->name, pdf_dropped_key_row(entry->key),
                          "pdf_not_understood");
        if (key->required)
            return false;
    }
    for (unsigned i = 0; kind->has_required && i < kind->key_count; i++) {
        const struct pdf_key *key = &pdf_keys[kind->first_key + i];
        if (key->required && !pdf_value_get(dictionary, key->name))
            return false;
    }
    return true;
}

/* An array whose places have meanings of their own. */
static bool copy_places(struct pdf_copy *copy, const struct pdf_kind *kind,
                        const struct pdf_value *array, struct buffer *out, unsigned depth)
{
    buffer_append_byte(out, '[');
    for (unsigned i = 0; i < kind->key_count; i++) {
        const struct pdf_key *key = &pdf_keys[kind->first_key + i];
        size_t before = out->length;
        if (i >= array->count) {
            if (key->required)
                return false;
            break;
        }
        if (pdf_copy_value(copy, &array->items[i], key->shape, out, depth + 1))
            continue;
        out->length = before;
        if (key->required)
            return false;
        pdf_write_keyword(out, "null");
    }
    buffer_append_byte(out, ']');
    return true;
}

static bool copy_body(struct pdf_copy *copy, const struct pdf_kind *kind,
                      const struct pdf_value *value, struct buffer *out, unsigned depth)
{
    if (kind->is_array)
        return copy_places(copy, kind, value, out, depth);
    buffer_append_string(out, "<<");
    bool kept = pdf_copy_entries(copy, kind, value, out, depth);
    buffer_append_string(out, ">>");
    return kept;
}

/* --- shapes ---------------------------------------------------------------------------------- */

static bool shape_has(unsigned shape, enum pdf_form form)
{
    for (unsigned i = 0; i < pdf_shapes[shape].count; i++) {
        if (pdf_alternatives[pdf_shapes[shape].first + i].form == form)
            return true;
    }
    return false;
}

/* An array of any length. What does not fit is left out, or null or 0 where places matter. */
static bool copy_array(struct pdf_copy *copy, const struct pdf_value *array, unsigned shape,
                       struct buffer *out, unsigned depth)
{
    bool nulls = shape_has(shape, PDF_FORM_NULL);
    bool numbers = shape_has(shape, PDF_FORM_NUMBER) || shape_has(shape, PDF_FORM_INTEGER);
    numbers &= pdf_shapes[shape].count == 1;
    buffer_append_byte(out, '[');
    for (uint32_t i = 0; i < array->count && !copy->failed; i++) {
        if (pdf_copy_value(copy, &array->items[i], shape, out, depth + 1))
            continue;
        if (nulls)
            pdf_write_keyword(out, "null");
        else if (numbers)
            pdf_write_integer(out, 0);
    }
    buffer_append_byte(out, ']');
    return true;
}

static bool copy_map(struct pdf_copy *copy, const struct pdf_value *map, unsigned shape,
                     struct buffer *out, unsigned depth)
{
    buffer_append_string(out, "<<");
    for (uint32_t i = 0; i < map->count && !copy->failed; i++) {
        size_t start = out->length;
        pdf_write_name(out, map->entries[i].key);
        if (!map->entries[i].key.length ||
            !pdf_copy_value(copy, &map->entries[i].value, shape, out, depth + 1))
            out->length = start;
    }
    buffer_append_string(out, ">>");
    return true;
}

static bool copy_compound(struct pdf_copy *copy, const struct pdf_value *value,
                          struct pdf_alternative as, struct buffer *out, unsigned depth)
{
    if (as.form == PDF_FORM_KIND)
        return copy_body(copy, &pdf_kinds[as.argument], value, out, depth);
    if (as.form == PDF_FORM_ARRAY)
        return copy_array(copy, value, as.argument, out, depth);
    return copy_map(copy, value, as.argument, out, depth);
}

static bool type_fits(const struct pdf_object *object, struct pdf_alternative as)
{
    const struct pdf_kind *kind = as.form == PDF_FORM_KIND ? &pdf_kinds[as.argument] : NULL;
    if (as.form == PDF_FORM_ARRAY || (kind && kind->is_array))
        return object->value.type == PDF_ARRAY;
    return object->value.type == PDF_DICTIONARY &&
           object->is_stream == (kind && kind->stream != PDF_STREAM_NONE);
}

/* Writes an object now, because it may yet be refused. Its number, or 0. */
static uint32_t place_eagerly(struct pdf_copy *copy, const struct pdf_object *object,
                              struct pdf_reference reference, struct pdf_alternative as)
{
    pdf_copy_remember(copy, reference, as, 0); /* refused while it contains itself */
    if (copy->eager_depth >= EAGER_DEPTH)
        return 0;
    copy->eager_depth++;
    uint32_t number = 0;
    const struct pdf_kind *kind = &pdf_kinds[as.argument];
    if (kind->stream != PDF_STREAM_NONE) {
        number = pdf_stream_copy(copy, kind, reference, &object->value);
    } else {
        AUTO_BUFFER body = {0};
        if (copy_compound(copy, &object->value, as, &body, 0) && !copy->failed) {
            number = pdf_writer_reserve(&copy->writer);
            pdf_writer_put(&copy->writer, number, buffer_bytes(&body));
        }
    }
    copy->eager_depth--;
    if (number)
        pdf_copy_remember(copy, reference, as, number);
    return number;
}

static bool copy_reference(struct pdf_copy *copy, const struct pdf_object *object,
                           struct pdf_reference reference, struct pdf_alternative as,
                           struct buffer *out)
{
    const struct pdf_memo_entry *known = pdf_copy_lookup(copy, reference, as);
    uint32_t number = known ? known->number : 0;
    if (!known) {
        if (job_use_members(copy->job, 1, copy->error) != 0) {
            copy->failed = true;
            return false;
        }
        const struct pdf_kind *kind = as.form == PDF_FORM_KIND ? &pdf_kinds[as.argument] : NULL;
        if (kind && (kind->has_required || kind->is_array || kind->stream != PDF_STREAM_NONE)) {
            number = place_eagerly(copy, object, reference, as);
        } else {
            number = pdf_writer_reserve(&copy->writer);
            pdf_copy_remember(copy, reference, as, number);
            add_task(copy, (struct pdf_task){reference, as, number});
        }
    }
    if (number)
        pdf_write_reference(out, number);
    return number != 0;
}

/* Arrays, maps and kinds: where the value is a reference, so is the copy. */
static bool copy_structure(struct pdf_copy *copy, const struct pdf_value *value,
                           struct pdf_alternative as, struct buffer *out, unsigned depth)
{
    if (as.form == PDF_FORM_KIND && pdf_kinds[as.argument].same_shape >= 0)
        return pdf_copy_value(copy, value, (unsigned)pdf_kinds[as.argument].same_shape, out,
                              depth + 1);
    struct pdf_object object = pdf_copy_resolve(copy, value);
    if (object.value.type != PDF_ARRAY && object.value.type != PDF_DICTIONARY)
        return false;
    if (as.form == PDF_FORM_KIND) {
        const char *row = NULL;
        int kind = choose_kind(copy, as.argument, &object.value, &row);
        if (kind < 0) {
            if (row)
                pdf_copy_drop(copy, pdf_kinds[as.argument].name, NULL, row, "pdf_active");
            copy->told |= row != NULL;
            return false;
        }
        if (pdf_kinds[kind].is_comment && !copy->job->options->keep_comments) {
            pdf_copy_drop(copy, pdf_kinds[kind].name, NULL, "pdf_comment", "pdf_not_wanted");
            copy->told = true;
            return false;
        }
        as.argument = (uint16_t)kind;
    }
    if (!type_fits(&object, as))
        return false;
    if (value->type == PDF_REFERENCE)
        return copy_reference(copy, &object, value->reference, as, out);
    return copy_compound(copy, &object.value, as, out, depth);
}

/* A reference to a page of this document. */
static bool copy_page(struct pdf_copy *copy, const struct pdf_value *value, struct buffer *out)
{
    static const struct pdf_alternative page = {.form = PDF_FORM_PAGE};
    const struct pdf_memo_entry *known =
        value->type == PDF_REFERENCE ? pdf_copy_lookup(copy, value->reference, page) : NULL;
    if (known)
        pdf_write_reference(out, known->number);
    return known != NULL;
}

/* The device space with as many components as an ICC profile that was refused. */
static bool copy_device(struct pdf_copy *copy, const struct pdf_value *value, struct buffer *out)
{
    struct pdf_value space = pdf_copy_resolve(copy, value).value;
    if (space.type != PDF_ARRAY || space.count < 2 ||
        !pdf_value_is_name(&space.items[0], "ICCBased"))
        return false;
    struct pdf_value profile = pdf_copy_resolve(copy, &space.items[1]).value;
    struct pdf_value count = pdf_copy_resolve(copy, pdf_value_get(&profile, "N")).value;
    static const char *const names[] = {NULL, "/DeviceGray", NULL, "/DeviceRGB", "/DeviceCMYK"};
    int64_t components = pdf_value_integer(&count, 0);
    if (components < 1 || components > 4 || !names[components])
        return false;
    buffer_append_string(out, names[components]);
    return true;
}

static bool copy_scalar(struct pdf_copy *copy, const struct pdf_value *value,
                        struct pdf_alternative as, struct buffer *out)
{
    struct pdf_value plain = pdf_copy_resolve(copy, value).value;
    switch (as.form) {
    case PDF_FORM_NULL:
        if (plain.type != PDF_NULL)
            return false;
        break;
    case PDF_FORM_NAME:
    case PDF_FORM_NAME_OF:
        if (plain.type != PDF_NAME || !plain.text.length ||
            (as.names && !pdf_name_listed(as.names, plain.text)))
            return false;
        break;
    case PDF_FORM_BOOLEAN:
        if (plain.type != PDF_BOOLEAN)
            return false;
        break;
    case PDF_FORM_INTEGER:
        if (!pdf_value_is_number(&plain))
            return false;
        pdf_write_integer(out, pdf_value_integer(&plain, 0));
        return true;
    case PDF_FORM_NUMBER:
        if (!pdf_value_is_number(&plain))
            return false;
        break;
    case PDF_FORM_URI:
        return plain.type == PDF_STRING && pdf_action_write_uri(copy, plain.text, out);
    case PDF_FORM_APPEARANCE:
        return plain.type == PDF_STRING && pdf_content_write_appearance(copy, plain.text, out);
    default:
        if (plain.type != PDF_STRING)
            return false;
    }
    pdf_write_scalar(out, &plain);
    return true;
}

bool pdf_copy_as(struct pdf_copy *copy, const struct pdf_value *value, struct pdf_alternative as,
                 struct buffer *out, unsigned depth)
{
    size_t start = out->length;
    bool kept = false;
    if (copy->failed || depth > VALUE_DEPTH)
        return false;
    switch (as.form) {
    case PDF_FORM_PAGE:
        kept = copy_page(copy, value, out);
        break;
    case PDF_FORM_DEVICE:
        kept = copy_device(copy, value, out);
        break;
    case PDF_FORM_KIND:
    case PDF_FORM_ARRAY:
    case PDF_FORM_MAP:
        kept = copy_structure(copy, value, as, out, depth);
        break;
    case PDF_FORM_NAME_TREE:
    case PDF_FORM_NUMBER_TREE:
        kept = pdf_tree_copy(copy, value, as, out);
        break;
    default:
        kept = copy_scalar(copy, value, as, out);
    }
    if (!kept)
        out->length = start;
    return kept;
}

bool pdf_copy_value(struct pdf_copy *copy, const struct pdf_value *value, unsigned shape,
                    struct buffer *out, unsigned depth)
{
    const struct pdf_shape *alternatives = &pdf_shapes[shape];
    for (unsigned i = 0; i < alternatives->count && !copy->failed; i++) {
        if (pdf_copy_as(copy, value, pdf_alternatives[alternatives->first + i], out, depth))
            return true;
    }
    return false;
}

void pdf_copy_drop_key(struct pdf_copy *copy, const struct pdf_kind *kind, struct bytes key)
{
    for (size_t i = 0; i < pdf_dropped_key_count; i++) {
        if (bytes_equal_string(key, pdf_dropped_keys[i].name)) {
            pdf_copy_drop(copy, kind->name, pdf_dropped_keys[i].name, pdf_dropped_keys[i].row,
                          "pdf_not_on_list");
            return;
        }
    }
    if (pdf_name_listed(PDF_SILENT_KEYS, key))
        return;
    pdf_copy_drop(copy, kind->name, NULL, "pdf_key", "pdf_not_on_list");
}

void pdf_copy_run(struct pdf_copy *copy)
{
    for (size_t i = 0; i < copy->task_count && !copy->failed; i++) {
        struct pdf_task task = copy->tasks[i];
        pdf_arena_clear(&copy->arena);
        struct pdf_object object = pdf_source_load(copy->source, task.reference, &copy->arena);
        AUTO_BUFFER body = {0};
        if (!copy_compound(copy, &object.value, task.as, &body, 0)) {
            buffer_clear(&body);
            buffer_append_string(&body, "null");
        }
        pdf_writer_put(&copy->writer, task.number, buffer_bytes(&body));
    }
}
