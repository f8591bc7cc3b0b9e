/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The API's transfers: begin one, add files as they come, finish, list, read, take back. */
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "gate/transfers.h"
#include "web/api.h"
#include "web/labels.h"
#include "web/pages.h"
#include "web/transfer_model.h"

/* ---- what a transfer is ---- */

/* A code that the gate left, with its sentence; null without one. */
static void set_reason(const struct web_request *request, json_t *object, const char *code)
{
    AUTO_BUFFER sentence = {0};
    const char *known = transfer_reason(request, code, &sentence).code;
    json_object_set_new(
        object, "why",
        known ? json_pack("{ss ss}", "code", known, "detail", buffer_string(&sentence))
              : json_null());
}

static json_t *transfer_object(const struct web_request *request,
                               const struct gate_transfer *transfer)
{
    json_t *object = json_pack(
        "{sI ss sI ss ss ss ss s{sI ss} ss sb sb sb sI}", "id", (json_int_t)transfer->id, "state",
        transfer->state, "conduit", (json_int_t)transfer->conduit, "source", transfer->source,
        "destination", transfer->destination, "purpose", transfer->purpose, "classification",
        transfer->classification, "sender", "id", (json_int_t)transfer->sender, "name",
        transfer->sender_name, "treatment", disarm_treatment_name(transfer->treatment),
        "personal_data", transfer->personal_data, "emergency", transfer->emergency, "password",
        transfer->password, "file_count", (json_int_t)transfer->items);
    api_moment(object, "created", transfer->created);
    api_moment(object, "accepted", transfer->accepted);
    api_moment(object, "ready", transfer->ready);
    api_moment(object, "ended", transfer->ended);
    api_moment(object, "expires", transfer->expires);
    api_moment(object, "picked_up", transfer->picked_up);
    json_object_set_new(object, "approval",
                        transfer->case_id ? json_integer(transfer->case_id) : json_null());
    set_reason(request, object, transfer->why);
    return object;
}

static json_t *file_object(struct web_request *request, const struct gate_item *item, bool open)
{
    (void)open;
    json_t *row =
        json_pack("{sI ss sI ss sb}", "number", (json_int_t)item->number, "name", item->name,
                  "size", (json_int_t)item->size, "state", item->state, "receipt", item->receipt);
    api_member(row, "output_name", item->output_name);
    json_object_set_new(row, "output_size",
                        *item->output_name ? json_integer(item->output_size) : json_null());
    set_reason(request, row, item->why);
    return row;
}

/* Answers with one transfer and its files. */
static void answer_transfer(struct web_request *request, unsigned status, int64_t id)
{
    struct error error = {0};
    AUTO_FREE struct gate_transfer *transfer = memory_allocate(1, sizeof *transfer);
    json_t *files = NULL;
    if (gate_transfer_read(request->store, &request->session, id, transfer, NULL, &error) ||
        !(files = transfer_item_rows(request, id, false, file_object, &error))) {
        api_problem(request, &error);
        return;
    }
    json_t *object = transfer_object(request, transfer);
    json_object_set_new(object, "files", files);
    api_answer(request, status, object);
}

void api_transfer(struct web_request *request)
{
    answer_transfer(request, MHD_HTTP_OK, request->match.numbers[0]);
}

/* ---- lists ---- */

typedef int list_function(struct store *store, const struct identity_session *session,
                          int64_t before, struct gate_transfer *list, size_t most, size_t *count,
                          struct error *error);

static void answer_transfers(struct web_request *request, list_function *list_them)
{
    struct error error = {0};
    size_t count = 0, most = api_limit(request);
    AUTO_FREE struct gate_transfer *list = memory_allocate(most, sizeof *list);
    if (list_them(request->store, &request->session, api_number(request, "before"), list, most,
                  &count, &error)) {
        api_problem(request, &error);
        return;
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(rows, transfer_object(request, &list[i]));
    api_answer_list(request, "transfers", rows, count == most ? list[count - 1].id : 0);
}

void api_inbox(struct web_request *request)
{
    answer_transfers(request, gate_inbox);
}

void api_outbox(struct web_request *request)
{
    answer_transfers(request, gate_outbox);
}

/* ---- sending ---- */

/* The people whose logins stand in the list "recipients"; none named: oneself. */
static int find_recipients(const struct web_request *request, const json_t *body,
                           int64_t people[GATE_RECIPIENTS_MOST], size_t *count, struct error *error)
{
    const json_t *list = json_object_get(body, "recipients"), *one;
    struct identity_person person;
    size_t i;
    *count = 0;
    if (!list) {
        people[(*count)++] = request->session.person;
        return 0;
    }
    if (!json_is_array(list) || json_array_size(list) > GATE_RECIPIENTS_MOST)
        return error_set(error, "gate_recipient", "recipients", "%zu", json_array_size(list));
    json_array_foreach(list, i, one)
    {
        const char *login = json_is_string(one) ? json_string_value(one) : "";
        if (identity_person_read(request->store, 0, login, &person, error))
            return error_set(error, "gate_recipient", NULL, "%s", login);
        people[(*count)++] = person.id;
    }
    return 0;
}

/* DISARM_TREATMENT_COUNT when none was asked for; more when the word is not known. */
static unsigned treatment_of(const char *name)
{
    unsigned treatment = 0;
    if (!*name)
        return DISARM_TREATMENT_COUNT;
    while (treatment < DISARM_TREATMENT_COUNT &&
           strcmp(name, disarm_treatment_name((enum disarm_treatment)treatment)) != 0)
        treatment++;
    return treatment < DISARM_TREATMENT_COUNT ? treatment : DISARM_TREATMENT_COUNT + 1;
}

static int begin(struct web_request *request, const json_t *body, int64_t *transfer,
                 struct error *error)
{
    int64_t people[GATE_RECIPIENTS_MOST];
    size_t count;
    const json_t *personal = json_object_get(body, "personal_data");
    unsigned treatment = treatment_of(api_text(body, "treatment"));
    if (!json_is_boolean(personal))
        return error_set(error, "send_personal", NULL, "%s", "");
    if (treatment > DISARM_TREATMENT_COUNT)
        return error_set(error, "gate_treatment", "treatment", "%s", api_text(body, "treatment"));
    if (find_recipients(request, body, people, &count, error) ||
        (*api_text(body, "classification") &&
         labels_check(request, api_text(body, "classification"), error)))
        return -1;
    const struct gate_request wanted = {
        .conduit = json_integer_value(json_object_get(body, "conduit")),
        .recipients = people,
        .recipient_count = count,
        .purpose = api_text(body, "purpose"),
        .classification = api_text(body, "classification"),
        .personal_data = json_is_true(personal),
        .treatment = (enum disarm_treatment)treatment,
        .now = request->now,
    };
    return gate_send_begin(request->store, &request->session, &wanted, transfer, error);
}

void api_transfer_begin(struct web_request *request)
{
    struct error error = {0};
    int64_t transfer = 0;
    json_t *body = api_object(request);
    if (!body)
        return;
    if (begin(request, body, &transfer, &error)) {
        api_problem(request, &error);
    } else {
        AUTO_BUFFER place = {0};
        buffer_append_format(&place, "/api/v1/transfers/%lld", (long long)transfer);
        answer_header(request, "Location", buffer_string(&place));
        answer_transfer(request, MHD_HTTP_CREATED, transfer);
    }
    json_decref(body);
}

/* A file while it comes in. */
struct upload {
    struct gate_item_writer *writer;
    struct error error; /* code NULL: all is well */
};

static void close_upload(void *context)
{
    struct upload *upload = context;
    gate_item_close(upload->writer);
    free(upload);
}

static struct upload *open_upload(struct web_request *request, const char *name)
{
    struct upload *upload = memory_allocate(1, sizeof *upload);
    request->upload = upload;
    request->upload_close = close_upload;
    gate_item_begin(request->store, &request->session, request->match.numbers[0], name,
                    request->now, &upload->writer, &upload->error);
    return upload;
}

void api_file_piece(struct web_request *request, const char *name, struct bytes data,
                    uint64_t offset)
{
    struct upload *upload = request->upload;
    (void)offset;
    if (!upload)
        upload = open_upload(request, name);
    if (!upload->error.code)
        gate_item_write(upload->writer, data, &upload->error);
}

void api_file(struct web_request *request)
{
    struct upload *upload = request->upload;
    int64_t number = 0;
    if (!upload)
        upload = open_upload(request, request_query(request, "name")); /* an empty file */
    if (!upload->error.code)
        gate_item_finish(upload->writer, &number, &upload->error);
    if (upload->error.code)
        api_problem(request, &upload->error);
    else
        api_answer(request, MHD_HTTP_CREATED,
                   json_pack("{sI sI}", "number", (json_int_t)number, "size",
                             (json_int_t)request->body_bytes));
}

void api_transfer_finish(struct web_request *request)
{
    struct error error = {0};
    int64_t id = request->match.numbers[0];
    if (gate_send_finish(request->store, &request->session, id, request->now, &error)) {
        api_problem(request, &error);
        return;
    }
    if (request->server->options.wake >= 0)
        (void)!write(request->server->options.wake, "", 1);
    answer_transfer(request, MHD_HTTP_OK, id);
}

void api_transfer_recall(struct web_request *request)
{
    struct error error = {0};
    int64_t id = request->match.numbers[0];
    json_t *body = api_object(request);
    if (!body)
        return;
    const char *reason = api_text(body, "reason");
    if (!reason[strspn(reason, " \t\r\n")])
        error_set(&error, "gate_reason", "reason", "%s", "");
    if (error.code ||
        gate_recall(request->store, &request->session, id, reason, request->now, &error))
        api_problem(request, &error);
    else
        answer_transfer(request, MHD_HTTP_OK, id);
    json_decref(body);
}

/* ---- the receipt ---- */

void api_receipt(struct web_request *request)
{
    struct error error = {0};
    AUTO_FREE struct gate_transfer *transfer = memory_allocate(1, sizeof *transfer);
    const int64_t *numbers = request->match.numbers;
    if (gate_transfer_read(request->store, &request->session, numbers[0], transfer, NULL, &error) ||
        gate_receipt(request->store, numbers[0], numbers[1], &request->body, NULL, &error)) {
        api_problem(request, &error);
        return;
    }
    request->status = MHD_HTTP_OK;
    request->content_type = "application/json";
}
