/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look at a disarmed file before its approval: its pages as pictures, or its text. The renderer
 * opens it; this process only passes bytes on. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "gate/renderer.h"
#include "web/pages.h"
#include "web/transfer_model.h"

enum {
    PAGES_SHOWN = 20,
    TEXT_SHOWN = 200 * 1024, /* bytes */
};

/* Copies a blob into a memory file; -1 with the error. */
static int copy_blob(struct store_blob_reader *reader, struct error *error)
{
    struct bytes piece = {0};
    int file = memfd_create("document", MFD_CLOEXEC);
    int result = file < 0 ? error_set_errno(error, "renderer_away", NULL) : 0;
    while (result == 0 && (result = store_blob_read(reader, &piece, error)) == 0 && piece.length)
        result = file_write_all(file, piece, "document", error);
    if (result != 0)
        file_close(&file);
    return file;
}

/* The content of the file that the address names, as its approver may see it; -1 with the error. */
static int open_document(struct web_request *request, bool note, struct gate_item *item,
                         struct error *error)
{
    struct store_blob_reader *reader = NULL;
    if (gate_item_review(request->store, &request->session, request->match.numbers[0],
                         request->match.numbers[1], request->now, note, item, &reader, error) != 0)
        return -1;
    int file = copy_blob(reader, error);
    store_blob_reader_close(reader);
    return file;
}

static void add_pages(json_t *model, uint32_t pages)
{
    json_t *list = json_array();
    for (uint32_t i = 1; i <= pages && i <= PAGES_SHOWN; i++)
        json_array_append_new(list, json_pack("{si}", "page", (int)i));
    json_object_set_new(model, "pages", list);
    model_number(model, "page_count", pages);
    model_flag(model, "more_pages", pages > PAGES_SHOWN);
}

/* Shows the text of what has no pages; a reason where there is neither. */
static void add_text(struct web_request *request, json_t *model, const char *name, int file)
{
    const struct renderer_request wanted = {.kind = RENDERER_TEXT, .name = name};
    struct renderer_answer answer;
    struct error error = {0};
    AUTO_BUFFER sentence = {0}, text = {0};
    if (renderer_ask(request->server->options.renderer, &wanted, file, &answer, &error) != 0) {
        message_append_error(&sentence, request->language, &error);
        model_text(model, "why", buffer_string(&sentence));
        return;
    }
    struct bytes shown = bytes_slice(buffer_bytes(&answer.content), 0, TEXT_SHOWN);
    utf8_append_clean(&text, shown);
    model_flag(model, "is_text", true);
    model_text(model, "text", buffer_string(&text));
    model_flag(model, "more_text", shown.length < answer.content.length);
    buffer_free(&answer.content);
}

static void add_preview(struct web_request *request, json_t *model, const char *name, int file)
{
    const struct renderer_request wanted = {.kind = RENDERER_PAGE, .name = name};
    struct renderer_answer answer;
    if (renderer_ask(request->server->options.renderer, &wanted, file, &answer, NULL) == 0)
        add_pages(model, answer.pages);
    else
        add_text(request, model, name, file);
    buffer_free(&answer.content);
}

static void answer_refusal(struct web_request *request, const struct error *error)
{
    if (!strncmp(error->code, "case_", 5))
        answer_status(request, MHD_HTTP_NOT_FOUND);
    else
        transfer_answer_error(request, error);
}

void page_preview(struct web_request *request)
{
    struct error error = {0};
    AUTO_FREE struct gate_item *item = memory_allocate(1, sizeof *item);
    AUTO_FD file = open_document(request, true, item, &error);
    if (file < 0) {
        answer_refusal(request, &error);
        return;
    }
    json_t *model = model_page(request, "transfer.preview");
    model_text(model, "name", item->output_name);
    model_number(model, "id", request->match.numbers[0]);
    model_number(model, "number", request->match.numbers[1]);
    add_preview(request, model, item->output_name, file);
    answer_page(request, MHD_HTTP_OK, "preview", model);
}

void page_preview_page(struct web_request *request)
{
    struct error error = {0};
    struct renderer_answer answer;
    AUTO_FREE struct gate_item *item = memory_allocate(1, sizeof *item);
    int64_t page = request->match.numbers[2];
    if (page > PAGES_SHOWN) {
        answer_status(request, MHD_HTTP_NOT_FOUND);
        return;
    }
    AUTO_FD file = open_document(request, false, item, &error);
    if (file < 0) {
        answer_refusal(request, &error);
        return;
    }
    const struct renderer_request wanted = {
        .kind = RENDERER_PAGE, .name = item->output_name, .page = (unsigned)page - 1};
    if (renderer_ask(request->server->options.renderer, &wanted, file, &answer, &error) != 0) {
        answer_status(request, !strcmp(error.code, "renderer_away") ? MHD_HTTP_SERVICE_UNAVAILABLE
                                                                    : MHD_HTTP_NOT_FOUND);
        return;
    }
    buffer_free(&request->body);
    request->body = answer.content;
    request->content_type = answer.media_type;
    request->status = MHD_HTTP_OK;
}
