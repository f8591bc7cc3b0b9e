/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was sent and what arrived: lists, one transfer with its files, picking up, taking back. */
#include <stdlib.h>

#include "base/memory.h"
#include "gate/transfers.h"
#include "web/pages.h"

enum { PAGE = 50, ITEMS = 200 };

/* The sentence of a code that the gate left with a transfer or file; "" sets nothing. */
static void add_reason(struct web_request *request, json_t *row, const char *code)
{
    AUTO_BUFFER sentence = {0};
    const struct error error = {.code = message_known("error", code)};
    if (!error.code)
        return;
    message_append_error(&sentence, request->language, &error);
    model_text(row, "why", buffer_string(&sentence));
}

static json_t *transfer_row(struct web_request *request, const struct gate_transfer *transfer)
{
    AUTO_BUFFER state = {0};
    buffer_append_format(&state, "page.transfer_%s", transfer->state);
    json_t *row = json_pack("{sI ss ss ss ss ss ss sI}", "id", (json_int_t)transfer->id, "state",
                            buffer_string(&state), "purpose", transfer->purpose, "sender",
                            transfer->sender_name, "classification", transfer->classification,
                            "source", transfer->source, "destination", transfer->destination,
                            "items", (json_int_t)transfer->items);
    model_flag(row, "personal", transfer->personal_data);
    model_flag(row, "new", !transfer->picked_up && !strcmp(transfer->state, "ready"));
    model_moment(row, "created", request->language, transfer->created);
    model_moment(row, "ready", request->language, transfer->ready);
    model_moment(row, "expires", request->language, transfer->expires);
    add_reason(request, row, transfer->why);
    return row;
}

typedef int list_function(struct store *store, const struct identity_session *session,
                          int64_t before, struct gate_transfer *list, size_t most, size_t *count,
                          struct error *error);

static void show_list(struct web_request *request, list_function *list_them, const char *title,
                      const char *template)
{
    struct error error = {0};
    size_t count = 0;
    int64_t before = request_number(request_query(request, "before"));
    AUTO_FREE struct gate_transfer *list = memory_allocate(PAGE, sizeof *list);
    if (list_them(request->store, &request->session, before > 0 ? before : 0, list, PAGE, &count,
                  &error)) {
        answer_error(request, &error);
        return;
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(rows, transfer_row(request, &list[i]));
    json_t *model = model_page(request, title);
    json_object_set_new(model, "transfers", rows);
    if (count == PAGE)
        model_number(model, "rest", list[count - 1].id);
    answer_page(request, MHD_HTTP_OK, template, model);
}

void page_inbox(struct web_request *request)
{
    show_list(request, gate_inbox, "page.inbox", "inbox");
}

void page_outbox(struct web_request *request)
{
    show_list(request, gate_outbox, "page.outbox", "outbox");
}

/* ---- one transfer ---- */

static void answer_gate(struct web_request *request, const struct error *error)
{
    if (!strcmp(error->code, "gate_transfer_unknown"))
        answer_status(request, MHD_HTTP_NOT_FOUND);
    else
        answer_error(request, error);
}

static json_t *item_rows(struct web_request *request, int64_t transfer, bool open,
                         struct error *error)
{
    AUTO_FREE struct gate_item *list = memory_allocate(ITEMS, sizeof *list);
    size_t count = 0;
    if (gate_item_list(request->store, transfer, list, ITEMS, &count, error))
        return NULL;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        AUTO_BUFFER state = {0};
        bool clean = open && !strcmp(list[i].state, "clean");
        buffer_append_format(&state, "page.item_%s", list[i].state);
        json_t *row = json_pack("{sI ss ss sI sI}", "number", (json_int_t)list[i].number, "name",
                                clean ? list[i].output_name : list[i].name, "state",
                                buffer_string(&state), "size", (json_int_t)list[i].size,
                                "output_size", (json_int_t)list[i].output_size);
        model_flag(row, "take", clean);
        add_reason(request, row, list[i].why);
        json_array_append_new(rows, row);
    }
    return rows;
}

static void show_transfer(struct web_request *request, unsigned status, const struct error *wrong)
{
    struct error error = {0};
    bool arrived = false;
    AUTO_FREE struct gate_transfer *transfer = memory_allocate(1, sizeof *transfer);
    int64_t id = request->match.numbers[0];
    json_t *items = NULL;
    if (gate_transfer_read(request->store, &request->session, id, transfer, &arrived, &error) ||
        !(items = item_rows(request, id, arrived, &error))) {
        answer_gate(request, &error);
        return;
    }
    json_t *model = model_page(request, "page.transfer");
    json_t *shown = transfer_row(request, transfer);
    json_object_set_new(shown, "files", items);
    json_object_set_new(model, "shown", shown);
    model_flag(model, "arrived", arrived);
    model_flag(model, "recallable", !arrived && !transfer->ended && !transfer->picked_up);
    if (wrong)
        model_error(request, model, "reason", wrong);
    answer_page(request, status, "transfer", model);
}

void page_transfer(struct web_request *request)
{
    show_transfer(request, MHD_HTTP_OK, NULL);
}

void page_recall(struct web_request *request)
{
    struct error error = {0};
    AUTO_BUFFER path = {0};
    int64_t id = request->match.numbers[0];
    if (gate_recall(request->store, &request->session, id, request_field(request, "reason"),
                    request->now, &error) == 0) {
        buffer_append_format(&path, "/outbox/%lld", (long long)id);
        answer_redirect(request, buffer_string(&path));
    } else if (!strcmp(error.code, "gate_state") || !strcmp(error.code, "gate_reason")) {
        show_transfer(request, MHD_HTTP_UNPROCESSABLE_CONTENT, &error);
    } else {
        answer_gate(request, &error);
    }
}

/* ---- picking up ---- */

/* A file on its way out: what of the blob's present piece was not sent yet. */
struct download {
    struct store_blob_reader *reader;
    struct bytes rest;
};

static ssize_t read_download(void *context, uint64_t position, char *data, size_t most)
{
    struct download *download = context;
    (void)position;
    if (!download->rest.length &&
        (store_blob_read(download->reader, &download->rest, NULL) || !download->rest.length))
        return download->rest.length ? MHD_CONTENT_READER_END_WITH_ERROR
                                     : MHD_CONTENT_READER_END_OF_STREAM;
    size_t length = download->rest.length < most ? download->rest.length : most;
    memcpy(data, download->rest.data, length);
    download->rest = bytes_slice(download->rest, length, SIZE_MAX);
    return (ssize_t)length;
}

static void close_download(void *context)
{
    struct download *download = context;
    store_blob_reader_close(download->reader);
    free(download);
}

/* attachment; the name in RFC 8187's form, every byte that is not plain as %XX. */
static void name_download(struct web_request *request, const char *name)
{
    AUTO_BUFFER value = {0};
    buffer_append_string(&value, "attachment; filename*=UTF-8''");
    for (const char *at = name; *at; at++) {
        bool plain = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._",
                            *at) != NULL;
        if (plain)
            buffer_append_byte(&value, (uint8_t)*at);
        else
            buffer_append_format(&value, "%%%02X", (unsigned)(uint8_t)*at);
    }
    answer_header(request, "Content-Disposition", buffer_string(&value));
}

void page_item(struct web_request *request)
{
    struct error error = {0};
    struct store_blob_reader *reader = NULL;
    AUTO_FREE struct gate_item *item = memory_allocate(1, sizeof *item);
    if (gate_item_open(request->store, &request->session, request->match.numbers[0],
                       request->match.numbers[1], request->now, item, &reader, &error)) {
        if (!strcmp(error.code, "gate_state"))
            answer_status(request, MHD_HTTP_NOT_FOUND);
        else
            answer_gate(request, &error);
        return;
    }
    struct download *download = memory_allocate(1, sizeof *download);
    download->reader = reader;
    request->response = MHD_create_response_from_callback(
        (uint64_t)item->output_size, STORE_BLOB_CHUNK, read_download, download, close_download);
    if (!request->response)
        close_download(download);
    name_download(request, item->output_name);
    request->status = MHD_HTTP_OK;
    request->content_type = "application/octet-stream";
}
