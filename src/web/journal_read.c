/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the published journal: newest entries first, searched, or one by its number. */
#include "web/journal_read.h"

#include "journal/entry.h"

enum {
    STEP = 50,        /* entries that are read at once */
    LOOKED_AT = 2000, /* … and by one search */
};

const char *const journal_searched[JOURNAL_SEARCHED] = {"actor", "action", "object"};

void reading_close(struct reading *reading)
{
    journal_reader_free(reading->reader);
    buffer_free(&reading->note);
}

int reading_open(struct web_request *request, struct reading *reading, struct error *error)
{
    AUTO_BUFFER path = {0};
    struct note note;
    store_append_path(&path, request->server->options.directory, "journal");
    reading->reader = journal_reader_open(buffer_string(&path), error);
    if (!reading->reader || journal_reader_checkpoint(reading->reader, &reading->note, error) ||
        checkpoint_parse(buffer_bytes(&reading->note), &note, &reading->checkpoint, "checkpoint",
                         error))
        return -1;
    journal_reader_set_size(reading->reader, reading->checkpoint.size);
    return 0;
}

/* What one step finds. */
struct step {
    const struct journal_search *search;
    json_t *rows; /* newest first */
};

static void set_member(json_t *entry, const char *name, struct bytes value)
{
    if (value.data)
        json_object_set_new_nocheck(entry, name,
                                    json_stringn_nocheck((const char *)value.data, value.length));
}

/* What a list shows of an entry; NULL when it has to be parsed. */
static json_t *glance_at(struct bytes bytes)
{
    struct journal_entry_glance glance;
    if (!journal_entry_glance(bytes, &glance))
        return NULL;
    json_t *entry = json_object(), *time = json_object();
    set_member(entry, "actor", glance.actor);
    set_member(entry, "action", glance.action);
    set_member(entry, "object", glance.object);
    set_member(entry, "reason", glance.reason);
    set_member(time, "utc", glance.utc);
    json_object_set_new_nocheck(entry, "time", time);
    return entry;
}

static int add_entry(void *context, uint64_t index, struct bytes bytes, struct error *error)
{
    struct step *step = context;
    const struct journal_search *search = step->search;
    json_t *entry = search->whole ? NULL : glance_at(bytes);
    (void)error;
    if (!entry)
        entry = json_loadb((const char *)bytes.data, bytes.length, 0, NULL);
    if (entry && search->wanted(search->context, entry))
        json_array_insert_new(
            step->rows, 0, json_pack("{sI sO}", "number", (json_int_t)index + 1, "entry", entry));
    json_decref(entry);
    return 0;
}

int journal_list(struct reading *reading, const struct journal_search *search, json_t **list,
                 uint64_t *rest, struct error *error)
{
    uint64_t size = reading->checkpoint.size;
    uint64_t end = search->end && search->end < size ? search->end : size;
    uint64_t stop = end > LOOKED_AT ? end - LOOKED_AT : 0;
    int result = 0;
    *list = json_array();
    while (result >= 0 && end > stop && json_array_size(*list) < search->most) {
        uint64_t first = end - stop > STEP ? end - STEP : stop;
        struct step step = {search, json_array()};
        result = journal_reader_visit(reading->reader, first, end, add_entry, &step, error);
        json_array_extend(*list, step.rows);
        json_decref(step.rows);
        end = first;
    }
    *rest = end;
    return result < 0 ? -1 : 0;
}

int journal_entry(struct reading *reading, uint64_t number, struct buffer *entry,
                  struct error *error)
{
    if (number == 0 || number > reading->checkpoint.size)
        return 0;
    return journal_reader_entry(reading->reader, number - 1, entry, error) == 0 ? 1 : -1;
}
