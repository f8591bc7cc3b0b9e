/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the published journal: newest entries first, searched, or one by its number. */
#include "web/journal_read.h"

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

struct search {
    journal_wanted *wanted;
    void *context;
    json_t *rows; /* newest first */
};

static int add_entry(void *context, uint64_t index, struct bytes bytes, struct error *error)
{
    struct search *search = context;
    (void)error;
    json_t *entry = json_loadb((const char *)bytes.data, bytes.length, 0, NULL);
    if (entry && search->wanted(search->context, entry))
        json_array_insert_new(
            search->rows, 0, json_pack("{sI sO}", "number", (json_int_t)index + 1, "entry", entry));
    json_decref(entry);
    return 0;
}

int journal_list(struct reading *reading, journal_wanted *wanted, void *context, uint64_t end,
                 size_t most, json_t **list, uint64_t *rest, struct error *error)
{
    struct search search = {.wanted = wanted, .context = context};
    *list = json_array();
    if (!end || end > reading->checkpoint.size)
        end = reading->checkpoint.size;
    uint64_t stop = end > LOOKED_AT ? end - LOOKED_AT : 0;
    int result = 0;
    while (result >= 0 && end > stop && json_array_size(*list) < most) {
        uint64_t first = end - stop > STEP ? end - STEP : stop;
        search.rows = json_array();
        result = journal_reader_visit(reading->reader, first, end, add_entry, &search, error);
        json_array_extend(*list, search.rows);
        json_decref(search.rows);
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
