/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding an entry of the organization in the published journal. */
#include "web/journal_place.h"

#include "journal/checkpoint.h"
#include "journal/entry.h"
#include "journal/reader.h"

/* Reads the organization's number of an entry; the sealer's own have 0. */
static int take_sequence(void *context, uint64_t index, struct bytes entry, struct error *error)
{
    (void)index;
    return journal_entry_check(entry, context, "journal", error);
}

/*
 * The journal has every entry of the organization in order, and a few of the sealer between them:
 * entry number n stands at index n - 1 or behind it. *index is its place; size when it is not there
 * yet.
 */
static int find(struct journal_reader *reader, uint64_t size, uint64_t sequence, uint64_t *index,
                struct error *error)
{
    for (*index = sequence - 1; *index < size;) {
        uint64_t here = 0;
        if (journal_reader_visit(reader, *index, *index + 1, take_sequence, &here, error) != 0)
            return -1;
        if (here == sequence)
            return 0;
        *index += here && here < sequence ? sequence - here : 1;
    }
    *index = size;
    return 0;
}

static void add_checkpoint(json_t *model, const struct checkpoint *checkpoint, uint64_t index)
{
    AUTO_BUFFER root = {0}, log = {0};
    checkpoint_append_hash(&root, &checkpoint->root);
    buffer_append_bytes(&log, checkpoint->origin);
    model_flag(model, "sealed", true);
    model_number(model, "entry", (int64_t)index + 1);
    model_number(model, "size", (int64_t)checkpoint->size);
    model_text(model, "root", buffer_string(&root));
    model_text(model, "log", buffer_string(&log));
}

int journal_place_model(struct web_request *request, uint64_t sequence, json_t *model,
                        struct error *error)
{
    AUTO_BUFFER path = {0}, text = {0};
    struct note note;
    struct checkpoint checkpoint;
    uint64_t index = 0;
    store_append_path(&path, request->server->options.directory, "journal");
    struct journal_reader *reader = journal_reader_open(buffer_string(&path), error);
    int result =
        !reader || journal_reader_checkpoint(reader, &text, error) ||
                checkpoint_parse(buffer_bytes(&text), &note, &checkpoint, "checkpoint", error)
            ? -1
            : 0;
    if (result == 0) {
        journal_reader_set_size(reader, checkpoint.size);
        result = find(reader, checkpoint.size, sequence, &index, error);
    }
    if (result == 0 && index < checkpoint.size)
        add_checkpoint(model, &checkpoint, index);
    journal_reader_free(reader);
    return result;
}
