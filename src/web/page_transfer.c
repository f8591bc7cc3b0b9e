/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was sent and what arrived: lists, one transfer with its files, picking up, taking back. */
#include <stdlib.h>

#include "base/memory.h"
#include "gate/transfers.h"
#include "web/pages.h"
#include "web/transfer_model.h"

enum { PAGE = 50 };

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
        json_array_append_new(rows, transfer_model(request, &list[i]));
    json_t *model = model_page(request, title);
    json_object_set_new(model, "transfers", rows);
    model_flag(model, "has_transfers", count > 0);
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

static void show_transfer(struct web_request *request, unsigned status, const struct error *wrong)
{
    struct error error = {0};
    AUTO_BUFFER next = {0};
    bool arrived = false;
    AUTO_FREE struct gate_transfer *transfer = memory_allocate(1, sizeof *transfer);
    int64_t id = request->match.numbers[0];
    json_t *items = NULL;
    if (gate_transfer_read(request->store, &request->session, id, transfer, &arrived, &error) ||
        !(items = transfer_model_items(request, id, arrived, &error))) {
        transfer_answer_error(request, &error);
        return;
    }
    json_t *model = model_page(request, "page.transfer");
    json_t *shown = transfer_model(request, transfer);
    json_object_set_new(shown, "files", items);
    json_object_set_new(model, "shown", shown);
    model_flag(model, "arrived", arrived);
    buffer_append_format(&next, "page.%s_%s", arrived ? "take" : "next", transfer->state);
    model_text(model, "next", buffer_string(&next));
    if (arrived)
        model_under(model, "inbox", "page.inbox");
    model_flag(model, "recallable", !arrived && !transfer->ended && !transfer->picked_up);
    if (wrong)
        model_error(request, model, "reason", wrong);
    answer_page(request, status, "transfer", model);
}

void page_transfer(struct web_request *request)
{
    show_transfer(request, MHD_HTTP_OK, NULL);
}

/* What a script asks for while a transfer is under way: {"state", "text", "why", "ended", "items"}.
 */
void page_transfer_state(struct web_request *request)
{
    struct error error = {0};
    bool arrived = false;
    AUTO_FREE struct gate_transfer *transfer = memory_allocate(1, sizeof *transfer);
    int64_t id = request->match.numbers[0];
    json_t *items = NULL;
    if (gate_transfer_read(request->store, &request->session, id, transfer, &arrived, &error) ||
        !(items = transfer_model_items(request, id, arrived, &error))) {
        transfer_answer_error(request, &error);
        return;
    }
    answer_json(request, MHD_HTTP_OK, transfer_model_state(request, transfer, items));
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
        transfer_answer_error(request, &error);
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
            transfer_answer_error(request, &error);
        return;
    }
    struct download *download = memory_allocate(1, sizeof *download);
    download->reader = reader;
    request->response = MHD_create_response_from_callback(
        (uint64_t)item->output_size, STORE_BLOB_CHUNK, read_download, download, close_download);
    if (!request->response)
        close_download(download);
    answer_download_name(request, item->output_name);
    request->status = MHD_HTTP_OK;
    request->content_type = "application/octet-stream";
}
