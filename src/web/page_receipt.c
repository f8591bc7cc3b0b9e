/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The receipts (無害化票) of one file, or of all files of a transfer: as a page that prints on A4,
 * as a PDF, and as they were kept. */
#include <stdlib.h>
#include <sys/mman.h>

#include "base/file.h"
#include "base/memory.h"
#include "gate/renderer.h"
#include "identity/permissions.h"
#include "web/journal_place.h"
#include "web/labels.h"
#include "web/pages.h"
#include "web/receipt_model.h"
#include "web/receipt_print.h"
#include "web/transfer_model.h"

/* Who sent it, who gets it, who is to decide on it, and auditors; nobody else. */
static int find_transfer(struct web_request *request, struct gate_transfer *transfer,
                         struct error *error)
{
    int64_t id = request->match.numbers[0];
    if (gate_transfer_read(request->store, &request->session, id, transfer, NULL, NULL) == 0)
        return 0;
    if (gate_transfer_review(request->store, &request->session, id, request->now, transfer, NULL) ==
        0)
        return 0;
    return gate_transfer_audit(request->store, &request->session, id, transfer, error);
}

static void refuse(struct web_request *request, const struct error *error)
{
    if (!strcmp(error->code, "gate_state"))
        answer_status(request, MHD_HTTP_NOT_FOUND);
    else
        transfer_answer_error(request, error);
}

/* What an auditor can verify: the entry that names this receipt's digest, and how to look. */
static json_t *proof_model(struct web_request *request, int64_t entry)
{
    json_t *proof = json_object();
    AUTO_BUFFER command = {0};
    if (!entry)
        return proof;
    model_flag(proof, "recorded", true);
    journal_place_model(request, (uint64_t)entry, proof, NULL);
    buffer_append_format(&command,
                         "sekisho journal proof journal %lld -o entry.proof\n"
                         "sekisho journal check entry.proof --key journal.pub\n"
                         "sha256sum receipt.json",
                         (long long)json_integer_value(json_object_get(proof, "entry")) - 1);
    model_text(proof, "command", buffer_string(&command));
    model_flag(
        proof, "journal",
        identity_may(&request->session, "journal.read", request->server->options.zone, NULL));
    return proof;
}

/* What page and print show of one file's receipt. NULL with gate_state: there is none yet. */
static json_t *file_model(struct web_request *request, int64_t transfer, int64_t number,
                          struct error *error)
{
    AUTO_BUFFER json = {0}, digest = {0};
    int64_t entry = 0;
    if (gate_receipt(request->store, transfer, number, &json, &entry, error) != 0)
        return NULL;
    json_t *receipt = receipt_model(request->language, buffer_bytes(&json));
    if (!receipt) {
        error_set(error, "gate_receipt_broken", NULL, "%s", "");
        return NULL;
    }
    receipt_append_digest(&digest, buffer_bytes(&json));
    json_t *file = json_pack("{sI so so}", "number", (json_int_t)number, "receipt", receipt,
                             "proof", proof_model(request, entry));
    model_text(file, "digest", buffer_string(&digest));
    return file;
}

/* Those of all files of a transfer; a file without one has its name and state alone. */
static json_t *all_models(struct web_request *request, int64_t transfer, struct error *error)
{
    json_t *items = transfer_model_items(request, transfer, false, error), *files = json_array();
    json_t *item;
    size_t i;
    json_array_foreach(items, i, item)
    {
        int64_t number = json_integer_value(json_object_get(item, "number"));
        bool made = json_is_true(json_object_get(item, "receipt"));
        json_t *file = made ? file_model(request, transfer, number, error) : json_object();
        if (!file)
            break;
        json_object_set(file, "number", json_object_get(item, "number"));
        json_object_set(file, "name", json_object_get(item, "name"));
        json_object_set(file, "state", json_object_get(item, "state"));
        model_flag(file, "waits", !made);
        json_array_append_new(files, file);
    }
    json_decref(items);
    if (error->code) {
        json_decref(files);
        return NULL;
    }
    return files;
}

/* Everything that page and print show, for the file of the path or, without one, for all; NULL:
 * the answer is given. */
static json_t *make_model(struct web_request *request)
{
    struct error error = {0};
    int64_t number = request->match.numbers[1];
    AUTO_FREE struct gate_transfer *transfer = memory_allocate(1, sizeof *transfer);
    json_t *files = NULL;
    if (find_transfer(request, transfer, &error) == 0) {
        files = number ? json_array() : all_models(request, transfer->id, &error);
        if (number)
            json_array_append_new(files, file_model(request, transfer->id, number, &error));
    }
    if (error.code) {
        json_decref(files);
        refuse(request, &error);
        return NULL;
    }
    json_t *model = model_page(request, number ? "transfer.receipt" : "transfer.receipts");
    json_t *shown = transfer_model(request, transfer);
    labels_describe(request, shown, transfer->classification);
    model_number(shown, "number", number);
    model_flag(shown, "whole", !number);
    json_object_set_new(shown, "files", files);
    json_object_set_new(model, "shown", shown);
    model_moment(model, "made", request->language, request->now);
    return model;
}

void page_receipt(struct web_request *request)
{
    json_t *model = make_model(request);
    if (model)
        answer_page(request, MHD_HTTP_OK, "receipt", model);
}

void page_receipt_json(struct web_request *request)
{
    AUTO_BUFFER name = {0};
    struct error error = {0};
    AUTO_FREE struct gate_transfer *transfer = memory_allocate(1, sizeof *transfer);
    if (find_transfer(request, transfer, &error) != 0 ||
        gate_receipt(request->store, transfer->id, request->match.numbers[1], &request->body, NULL,
                     &error) != 0) {
        refuse(request, &error);
        return;
    }
    buffer_append_format(&name, "receipt-%lld-%lld.json", (long long)transfer->id,
                         (long long)request->match.numbers[1]);
    answer_download_name(request, buffer_string(&name));
    request->status = MHD_HTTP_OK;
    request->content_type = "application/json; charset=utf-8";
}

/* Draws what was described; 0 with the PDF in the body. */
static int draw(struct web_request *request, struct bytes description, struct error *error)
{
    const struct renderer_request wanted = {.kind = RENDERER_PRINT};
    struct renderer_answer answer = {0};
    AUTO_FD file = memfd_create("print", MFD_CLOEXEC);
    if (file < 0)
        return error_set_errno(error, "renderer_away", NULL);
    if (file_write_all(file, description, "print", error) != 0 ||
        renderer_ask(request->server->options.renderer, &wanted, file, &answer, error) != 0)
        return -1;
    buffer_free(&request->body);
    request->body = answer.content;
    request->content_type = answer.media_type;
    request->status = MHD_HTTP_OK;
    return 0;
}

void page_receipt_pdf(struct web_request *request)
{
    AUTO_BUFFER description = {0}, name = {0};
    struct error error = {0};
    json_t *model = make_model(request);
    if (!model)
        return;
    receipt_print(&description, request->language, model);
    if (draw(request, buffer_bytes(&description), &error) == 0) {
        buffer_append_format(&name, "receipt-%lld", (long long)request->match.numbers[0]);
        if (request->match.numbers[1])
            buffer_append_format(&name, "-%lld", (long long)request->match.numbers[1]);
        buffer_append_string(&name, ".pdf");
        answer_download_name(request, buffer_string(&name));
        json_decref(model);
        return;
    }
    model_error(request, model, "pdf", &error);
    answer_page(request, MHD_HTTP_SERVICE_UNAVAILABLE, "receipt", model);
}
