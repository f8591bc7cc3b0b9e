/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Picking up what arrived: as it is, or locked in an archive with a password.
 *
 * A locked archive takes two steps, so that nothing secret has to be kept here: the first answers
 * with a new password, which is shown and stands in a form; that form's answer is the archive, made
 * under the password that it brings back.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "gate/transfers.h"
#include "web/pages.h"
#include "web/transfer_model.h"

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

static void refuse(struct web_request *request, const struct error *error)
{
    if (!strcmp(error->code, "gate_state"))
        answer_status(request, MHD_HTTP_NOT_FOUND);
    else if (!strcmp(error->code, "gate_bad_value") || !strcmp(error->code, "gate_locked"))
        answer_status(request, MHD_HTTP_BAD_REQUEST);
    else
        transfer_answer_error(request, error);
}

void page_item(struct web_request *request)
{
    struct error error = {0};
    struct store_blob_reader *reader = NULL;
    AUTO_FREE struct gate_item *item = memory_allocate(1, sizeof *item);
    if (gate_item_open(request->store, &request->session, request->match.numbers[0],
                       request->match.numbers[1], request->now, item, &reader, &error)) {
        refuse(request, &error);
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

/* ---- locked ---- */

/* The file that is to be picked up; nothing is picked up by looking. */
static json_t *find_file(struct web_request *request, struct error *error)
{
    AUTO_FREE struct gate_transfer *transfer = memory_allocate(1, sizeof *transfer);
    bool arrived = false;
    json_t *items = NULL, *item, *found = NULL;
    size_t i;
    if (gate_transfer_read(request->store, &request->session, request->match.numbers[0], transfer,
                           &arrived, error) == 0 &&
        arrived)
        items = transfer_model_items(request, transfer->id, true, error);
    json_array_foreach(items, i, item) if (json_is_true(json_object_get(item, "take")) &&
                                           json_integer_value(json_object_get(item, "number")) ==
                                               request->match.numbers[1]) found = json_incref(item);
    json_decref(items);
    if (!found && !error->code)
        error_set(error, "gate_transfer_unknown", NULL, "%s", "");
    return found;
}

void page_item_lock(struct web_request *request)
{
    struct error error = {0};
    char password[GATE_PASSWORD_SIZE];
    json_t *item = find_file(request, &error);
    if (!item || gate_lock_password(password, &error) != 0) {
        json_decref(item);
        refuse(request, &error);
        return;
    }
    json_t *model = model_page(request, "transfer.locked");
    model_number(item, "id", request->match.numbers[0]);
    model_text(item, "password", password);
    json_object_set_new(model, "item", item);
    answer_page(request, MHD_HTTP_OK, "locked", model);
    explicit_bzero(password, sizeof password);
}

void page_item_archive(struct web_request *request)
{
    struct error error = {0};
    struct stat status;
    int file = -1;
    AUTO_FREE struct gate_item *item = memory_allocate(1, sizeof *item);
    if (gate_item_lock(request->store, &request->session, request->match.numbers[0],
                       request->match.numbers[1], request->now, item,
                       request_field(request, "password"), &file, &error)) {
        refuse(request, &error);
        return;
    }
    if (fstat(file, &status) == 0)
        request->response = MHD_create_response_from_fd64((uint64_t)status.st_size, file);
    answer_download_name(request, item->output_name);
    request->status = request->response ? MHD_HTTP_OK : MHD_HTTP_INTERNAL_SERVER_ERROR;
    request->content_type = "application/zip";
}
