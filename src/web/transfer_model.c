/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfers and their files as view models, for the pages that show them. */
#include "web/transfer_model.h"

#include <string.h>

#include "base/memory.h"

enum { ITEMS = 200 };

struct error transfer_reason(const struct web_request *request, const char *code,
                             struct buffer *sentence)
{
    const struct error error = {.code = message_known("error", code)};
    if (error.code)
        message_append_error(sentence, request->language, &error);
    return error;
}

void transfer_model_reason(struct web_request *request, json_t *row, const char *code)
{
    AUTO_BUFFER sentence = {0};
    transfer_reason(request, code, &sentence);
    model_text(row, "why", buffer_string(&sentence)); /* "": not that of what is around it */
}

/* How a state looks (badge-… in sekisho.css), and how many of the steps of the way are behind it.
 */
static const struct look {
    const char *state, *tone;
    int step; /* of steps below that is under way; -1: the way has ended elsewhere */
} looks[] = {
    {"uploading", "busy", 0}, {"waiting", "busy", 0}, {"working", "busy", 1},
    {"held", "wait", 1},      {"pending", "wait", 2}, {"ready", "good", 3},
    {"received", "good", 4},  {"refused", "bad", -1}, {"recalled", "off", -1},
    {"expired", "off", -1},   {"stored", "busy", -1}, {"clean", "good", -1},
};

static const struct look *look_of(const char *state)
{
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (!strcmp(looks[i].state, state))
            return &looks[i];
    return &looks[0];
}

/* The steps from here to there, with the one that is under way. */
static void add_way(json_t *row, const struct gate_transfer *transfer)
{
    static const char *const steps[] = {"page.way_accept", "page.way_disarm", "page.way_approve",
                                        "page.way_pick_up"};
    int now = look_of(transfer->state)->step;
    if (now < 0)
        return;
    json_t *way = json_array();
    for (int i = 0; i < (int)(sizeof steps / sizeof *steps); i++) {
        if (i == 2 && !transfer->case_id)
            continue;
        json_array_append_new(
            way, json_pack("{ss sb sb}", "label", steps[i], "past", i < now, "now", i == now));
    }
    json_object_set_new(row, "way", way);
    model_flag(row, "has_way", true);
}

json_t *transfer_row(const struct web_request *request, const struct gate_transfer *transfer)
{
    AUTO_BUFFER state = {0};
    json_t *row = json_object();
    buffer_append_string(&state, "page.transfer_");
    buffer_append_string(&state, transfer->state);
    model_number(row, "id", transfer->id);
    model_text(row, "state", buffer_string(&state));
    model_text(row, "tone", look_of(transfer->state)->tone);
    model_text(row, "purpose", transfer->purpose);
    model_text(row, "sender", transfer->sender_name);
    model_text(row, "source_name", transfer->source_name);
    model_text(row, "destination_name", transfer->destination_name);
    model_flag(row, "new", !transfer->picked_up && !strcmp(transfer->state, "ready"));
    model_moment(row, "created", request->language, transfer->created);
    model_moment(row, "expires", request->language, transfer->expires);
    return row;
}

json_t *transfer_model(struct web_request *request, const struct gate_transfer *transfer)
{
    AUTO_BUFFER treatment = {0};
    json_t *row = transfer_row(request, transfer);
    buffer_append_format(&treatment, "transfer.treatment.%s",
                         disarm_treatment_name(transfer->treatment));
    model_text(row, "treatment", buffer_string(&treatment));
    model_text(row, "classification", transfer->classification);
    model_text(row, "source", transfer->source);
    model_text(row, "destination", transfer->destination);
    model_number(row, "items", transfer->items);
    model_flag(row, "personal", transfer->personal_data);
    model_moment(row, "ready", request->language, transfer->ready);
    transfer_model_reason(request, row, transfer->why);
    add_way(row, transfer);
    if (*transfer->scan) {
        AUTO_BUFFER scan = {0};
        buffer_append_format(&scan, "page.scan_%s", transfer->scan);
        model_text(row, "scan", buffer_string(&scan));
    }
    return row;
}

void transfer_answer_error(struct web_request *request, const struct error *error)
{
    if (!strcmp(error->code, "gate_transfer_unknown"))
        answer_status(request, MHD_HTTP_NOT_FOUND);
    else
        answer_error(request, error);
}

json_t *transfer_item_rows(struct web_request *request, int64_t transfer, bool open,
                           transfer_item_row *row, struct error *error)
{
    AUTO_FREE struct gate_item *list = memory_allocate(ITEMS, sizeof *list);
    size_t count = 0;
    if (gate_item_list(request->store, transfer, list, ITEMS, &count, error))
        return NULL;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(rows, row(request, &list[i], open));
    return rows;
}

static json_t *item_row(struct web_request *request, const struct gate_item *item, bool open)
{
    AUTO_BUFFER state = {0};
    bool clean = open && !strcmp(item->state, "clean");
    buffer_append_format(&state, "page.item_%s", item->state);
    json_t *row =
        json_pack("{sI ss ss sI sI}", "number", (json_int_t)item->number, "name",
                  clean ? item->output_name : item->name, "state", buffer_string(&state), "size",
                  (json_int_t)item->size, "output_size", (json_int_t)item->output_size);
    model_text(row, "tone", look_of(item->state)->tone);
    model_bytes(row, "size_shown", clean ? item->output_size : item->size);
    model_flag(row, "take", clean);
    model_flag(row, "held", !open && !strcmp(item->state, "held"));
    model_flag(row, "receipt", item->receipt);
    transfer_model_reason(request, row, item->why);
    return row;
}

json_t *transfer_model_items(struct web_request *request, int64_t transfer, bool open,
                             struct error *error)
{
    return transfer_item_rows(request, transfer, open, item_row, error);
}

/* Members for a script out of a row for a page. */
static json_t *state_of(struct web_request *request, const char *state, const json_t *row)
{
    const char *key = json_string_value(json_object_get(row, "state"));
    const char *why = json_string_value(json_object_get(row, "why"));
    return json_pack("{ss ss ss}", "state", state, "text", message_get(request->language, key),
                     "why", why ? why : "");
}

json_t *transfer_model_state(struct web_request *request, const struct gate_transfer *transfer,
                             json_t *items)
{
    json_t *row = transfer_model(request, transfer), *list = json_array(), *item;
    json_t *state = state_of(request, transfer->state, row);
    size_t i;
    json_array_foreach(items, i, item)
    {
        const char *key = json_string_value(json_object_get(item, "state"));
        json_t *shown = state_of(request, key + strlen("page.item_"), item);
        json_object_set(shown, "number", json_object_get(item, "number"));
        json_array_append_new(list, shown);
    }
    json_object_set_new(state, "items", list);
    model_flag(state, "ended", transfer->ended != 0);
    json_decref(row);
    json_decref(items);
    return state;
}
