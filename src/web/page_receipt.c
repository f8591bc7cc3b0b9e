/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The receipt (無害化票) of one file: as a page that prints on A4, as a PDF, and as it was kept. */
#include <stdlib.h>
#include <sys/mman.h>

#include "base/file.h"
#include "base/memory.h"
#include "disarm/print.h"
#include "gate/renderer.h"
#include "identity/permissions.h"
#include "web/journal_place.h"
#include "web/pages.h"
#include "web/receipt_model.h"
#include "web/transfer_model.h"

/* Who sent it, who gets it, who is to decide on it, and auditors; nobody else. */
static int find_transfer(struct web_request *request, struct gate_transfer *transfer,
                         struct error *error)
{
    int64_t id = request->match.numbers[0];
    if (gate_transfer_read(request->store, &request->session, id, transfer, NULL, error) == 0)
        return 0;
    if (gate_transfer_review(request->store, &request->session, id, request->now, transfer, NULL) ==
        0)
        return 0;
    return gate_transfer_audit(request->store, &request->session, id, transfer, error);
}

/* The receipt's JSON as it was kept, and its entry; -1: the answer is given. */
static int read_receipt(struct web_request *request, struct gate_transfer *transfer,
                        struct buffer *json, int64_t *entry)
{
    struct error error = {0};
    if (find_transfer(request, transfer, &error) == 0 &&
        gate_receipt(request->store, transfer->id, request->match.numbers[1], json, entry,
                     &error) == 0)
        return 0;
    if (!strcmp(error.code, "gate_state"))
        answer_status(request, MHD_HTTP_NOT_FOUND);
    else
        transfer_answer_error(request, &error);
    return -1;
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

/* Everything that page and print show; NULL: the answer is given. */
static json_t *make_model(struct web_request *request)
{
    AUTO_BUFFER json = {0}, digest = {0};
    int64_t entry = 0;
    AUTO_FREE struct gate_transfer *transfer = memory_allocate(1, sizeof *transfer);
    if (read_receipt(request, transfer, &json, &entry) != 0)
        return NULL;
    json_t *receipt = receipt_model(request->language, buffer_bytes(&json));
    if (!receipt) {
        answer_status(request, MHD_HTTP_INTERNAL_SERVER_ERROR);
        return NULL;
    }
    receipt_append_digest(&digest, buffer_bytes(&json));
    json_t *model = model_page(request, "transfer.receipt");
    json_t *shown = transfer_model(request, transfer);
    model_number(shown, "number", request->match.numbers[1]);
    model_text(shown, "digest", buffer_string(&digest));
    json_object_set_new(shown, "receipt", receipt);
    json_object_set_new(shown, "proof", proof_model(request, entry));
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
    AUTO_FREE struct gate_transfer *transfer = memory_allocate(1, sizeof *transfer);
    if (read_receipt(request, transfer, &request->body, NULL) != 0)
        return;
    buffer_append_format(&name, "receipt-%lld-%lld.json", (long long)transfer->id,
                         (long long)request->match.numbers[1]);
    answer_download_name(request, buffer_string(&name));
    request->status = MHD_HTTP_OK;
    request->content_type = "application/json; charset=utf-8";
}

/* ---- the PDF ---- */

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

struct sheet {
    struct buffer *out;
    enum language language;
};

static const char *word(const struct sheet *sheet, const char *key)
{
    return message_get(sheet->language, key);
}

/* A fact whose value stands in the model as text, or as a key of the catalogue. */
static void put_fact(const struct sheet *sheet, const char *name, const char *value)
{
    if (*value)
        print_fact(sheet->out, word(sheet, name), value);
}

static void put_transfer(const struct sheet *sheet, const json_t *shown)
{
    AUTO_BUFFER path = {0};
    buffer_append_format(&path, "%s → %s", text_of(shown, "source_name"),
                         text_of(shown, "destination_name"));
    put_fact(sheet, "page.field_purpose", text_of(shown, "purpose"));
    put_fact(sheet, "page.field_sender", text_of(shown, "sender"));
    put_fact(sheet, "page.field_path", buffer_string(&path));
    put_fact(sheet, "page.field_classification", text_of(shown, "classification"));
    put_fact(sheet, "page.field_sent_at", text_of(shown, "created"));
}

static void put_file(const struct sheet *sheet, const char *heading, const json_t *file)
{
    if (!file)
        return;
    print_heading(sheet->out, word(sheet, heading));
    put_fact(sheet, "page.field_file_name", text_of(file, "name"));
    put_fact(sheet, "transfer.field_kind", text_of(file, "type"));
    put_fact(sheet, "page.field_size", text_of(file, "size"));
    put_fact(sheet, "transfer.field_sha256", text_of(file, "sha256"));
}

static void put_groups(const struct sheet *sheet, const json_t *receipt)
{
    static const unsigned shares[] = {3, 2, 1, 5};
    const char *titles[] = {
        word(sheet, "transfer.column_object"), word(sheet, "transfer.column_fate"),
        word(sheet, "transfer.column_count"), word(sheet, "transfer.column_reason")};
    const json_t *group;
    size_t i;
    print_heading(sheet->out, word(sheet, "transfer.objects"));
    print_table(sheet->out, titles, shares, 4);
    json_array_foreach(json_object_get(receipt, "groups"), i, group)
    {
        AUTO_BUFFER count = {0};
        buffer_append_format(&count, "%lld",
                             (long long)json_integer_value(json_object_get(group, "count")));
        const char *cells[] = {word(sheet, text_of(group, "kind")),
                               word(sheet, text_of(group, "action")), buffer_string(&count),
                               text_of(group, "reason")};
        print_row(sheet->out, cells, 4);
    }
}

static void put_proof(const struct sheet *sheet, const json_t *shown)
{
    const json_t *proof = json_object_get(shown, "proof");
    AUTO_BUFFER entry = {0}, size = {0};
    print_heading(sheet->out, word(sheet, "transfer.proof"));
    put_fact(sheet, "transfer.receipt_digest", text_of(shown, "digest"));
    if (!json_is_true(json_object_get(proof, "sealed"))) {
        print_paragraph(sheet->out, word(sheet, "transfer.proof_waits"));
        return;
    }
    buffer_append_format(&entry, "%lld",
                         (long long)json_integer_value(json_object_get(proof, "entry")));
    buffer_append_format(&size, "%lld",
                         (long long)json_integer_value(json_object_get(proof, "size")));
    put_fact(sheet, "transfer.proof_log", text_of(proof, "log"));
    put_fact(sheet, "transfer.proof_entry", buffer_string(&entry));
    put_fact(sheet, "transfer.proof_size", buffer_string(&size));
    put_fact(sheet, "transfer.proof_root", text_of(proof, "root"));
    print_paragraph(sheet->out, word(sheet, "transfer.proof_how"));
    print_paragraph(sheet->out, text_of(proof, "command"));
}

static void describe(struct buffer *out, enum language language, const json_t *model)
{
    const struct sheet sheet = {out, language};
    const json_t *shown = json_object_get(model, "shown");
    const json_t *receipt = json_object_get(shown, "receipt");
    AUTO_BUFFER foot = {0};
    buffer_append_format(&foot, "%s  %s", text_of(model, "organization"), text_of(model, "made"));
    print_begin(out, word(&sheet, "transfer.receipt"), buffer_string(&foot));
    put_transfer(&sheet, shown);
    put_fact(&sheet, "transfer.field_treatment", word(&sheet, text_of(receipt, "treatment")));
    put_fact(&sheet, "transfer.field_verdict", word(&sheet, text_of(receipt, "verdict")));
    put_fact(&sheet, "page.field_reason", text_of(receipt, "why"));
    put_file(&sheet, "transfer.file_before", receipt);
    put_file(&sheet, "transfer.file_after", json_object_get(receipt, "output"));
    put_groups(&sheet, receipt);
    put_proof(&sheet, shown);
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
    describe(&description, request->language, model);
    if (draw(request, buffer_bytes(&description), &error) == 0) {
        buffer_append_format(&name, "receipt-%lld-%lld.pdf", (long long)request->match.numbers[0],
                             (long long)request->match.numbers[1]);
        answer_download_name(request, buffer_string(&name));
        json_decref(model);
        return;
    }
    model_error(request, model, "pdf", &error);
    answer_page(request, MHD_HTTP_SERVICE_UNAVAILABLE, "receipt", model);
}
