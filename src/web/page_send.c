/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sending files to another zone: one form; the files go into encrypted blobs as they come. */
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "gate/transfers.h"
#include "web/labels.h"
#include "web/pages.h"
#include "web/recipients.h"

enum { CONDUITS = 32 };

/* How long an upload of which nothing comes any more is left, should this process not be there to
 * give it up; and how often one that goes on says so. */
#define PATIENCE (300 * TIME_SECOND)
#define EXTEND   (60 * TIME_SECOND)

/* A transfer while its files come in. */
struct upload {
    struct web_request *request;
    int64_t transfer; /* 0: not begun, or not to be given up any more */
    int64_t extended; /* moment */
    struct gate_item_writer *writer;
    struct error error; /* code NULL: all is well */
    const char *field;  /* that the error belongs to */
    bool refused;       /* the form did not carry its secret */
};

/* ---- the form ---- */

/* How files are treated on a conduit, and when an approval is asked for. */
static void add_rules(struct web_request *request, json_t *row, const struct gate_conduit *conduit,
                      const json_t *labels)
{
    AUTO_BUFFER treatment = {0}, rule = {0};
    bool by_label = conduit->approval_from < GATE_LABEL_NONE;
    const char *key = conduit->approval_from == 0              ? "transfer.rule_always"
                      : by_label && conduit->approval_personal ? "transfer.rule_label_personal"
                      : by_label                               ? "transfer.rule_label"
                      : conduit->approval_personal             ? "transfer.rule_personal"
                                                               : "transfer.rule_never";
    const struct message_value values[] = {
        {"label", labels_at(labels, (int)conduit->approval_from)}};
    buffer_append_format(&treatment, "transfer.treatment.%s",
                         disarm_treatment_name(conduit->usual));
    message_append(&rule, request->language, key, values, 1);
    model_text(row, "treatment", buffer_string(&treatment));
    model_text(row, "approval", buffer_string(&rule));
}

static json_t *conduit_rows(struct web_request *request, struct error *error)
{
    AUTO_FREE struct gate_conduit *list = memory_allocate(CONDUITS, sizeof *list);
    AUTO_FREE struct gate_zone *zones = memory_allocate(CONDUITS, sizeof *zones);
    size_t count = 0, zone_count = 0;
    if (gate_conduit_list(request->store, request->server->options.zone, list, CONDUITS, &count,
                          error) ||
        gate_zone_list(request->store, zones, CONDUITS, &zone_count, error))
        return NULL;
    json_t *rows = json_array(), *labels = labels_model(request, "");
    for (size_t i = 0; i < count; i++) {
        if (!list[i].open || list[i].medium_only)
            continue;
        const char *name = list[i].destination;
        for (size_t z = 0; z < zone_count; z++)
            if (!strcmp(zones[z].id, list[i].destination))
                name = zones[z].name;
        json_t *row = json_pack("{sI ss ss sI sI}", "id", (json_int_t)list[i].id, "name", name,
                                "types", list[i].types, "size_most", (json_int_t)list[i].size_most,
                                "items_most", (json_int_t)list[i].items_most);
        model_bytes(row, "size_shown", list[i].size_most);
        add_rules(request, row, &list[i], labels);
        model_flag(row, "chosen", request_number(request_field(request, "conduit")) == list[i].id);
        json_array_append_new(rows, row);
    }
    json_decref(labels);
    if (json_array_size(rows) == 1) /* nothing to choose */
        model_flag(json_array_get(rows, 0), "chosen", true);
    return rows;
}

static void show_form(struct web_request *request, unsigned status, const char *field,
                      const struct error *wrong)
{
    static const char *const kept[] = {"recipients", "purpose"};
    struct error error = {0};
    const char *typed = request_field(request, "classification");
    const char *label = *typed ? typed : request_query(request, "classification");
    json_t *conduits = conduit_rows(request, &error), *near = NULL;
    if (!conduits || !(near = recipients_near(request, &error))) {
        json_decref(conduits);
        json_decref(near);
        answer_error(request, &error);
        return;
    }
    json_t *model = model_page(request, "page.send");
    json_object_set_new(model, "conduits", conduits);
    json_object_set_new(model, "near", near);
    model_flag(model, "has_conduits", json_array_size(conduits) > 0);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        model_text(model, kept[i], request_field(request, kept[i]));
    model_flag(model, "label_none", !*label);
    json_t *labels = labels_model(request, label);
    model_flag(model, "labels_own", labels_own(request));
    json_object_set_new(model, "labels", labels);
    model_flag(model, "personal_yes", !strcmp(request_field(request, "personal"), "yes"));
    model_flag(model, "personal_no", !strcmp(request_field(request, "personal"), "no"));
    if (wrong)
        model_error(request, model, field, wrong);
    answer_page(request, status, "send", model);
}

void page_send(struct web_request *request)
{
    show_form(request, MHD_HTTP_OK, NULL, NULL);
}

/* ---- the fields ---- */

/* The field that a refusal of the gate is about. */
static const char *field_of(const char *code)
{
    static const char *const fields[][2] = {
        {"gate_recipient", "recipients"},    {"send_recipient", "recipients"},
        {"gate_purpose", "purpose"},         {"gate_label", "classification"},
        {"send_label", "classification"},    {"gate_conduit_closed", "conduit"},
        {"gate_conduit_unknown", "conduit"},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!strcmp(code, fields[i][0]))
            return fields[i][1];
    return "files";
}

static int begin(struct web_request *request, struct upload *upload)
{
    int64_t people[GATE_RECIPIENTS_MOST];
    size_t count = 0;
    const char *personal = request_field(request, "personal");
    if (recipients_find(request, request_field(request, "recipients"), people, &count,
                        &upload->error))
        return -1;
    if (strcmp(personal, "yes") != 0 && strcmp(personal, "no") != 0) {
        upload->field = "personal";
        return error_set(&upload->error, "send_personal", NULL, "%s", "");
    }
    if (*request_field(request, "classification") &&
        labels_check(request, request_field(request, "classification"), &upload->error) != 0)
        return -1;
    const struct gate_request wanted = {
        .conduit = request_number(request_field(request, "conduit")),
        .recipients = people,
        .recipient_count = count,
        .purpose = request_field(request, "purpose"),
        .classification = request_field(request, "classification"),
        .personal_data = *personal == 'y',
        .treatment = DISARM_TREATMENT_COUNT,
        .patience = time_now() - request->now + PATIENCE,
        .now = request->now,
    };
    upload->extended = time_now();
    return gate_send_begin(request->store, &request->session, &wanted, &upload->transfer,
                           &upload->error);
}

/* ---- the files ---- */

/* Gives up what was begun and not accepted. */
static void drop(struct upload *upload)
{
    struct web_request *request = upload->request;
    const char *reason = upload->error.code ? upload->error.code : "connection_lost";
    gate_item_close(upload->writer);
    upload->writer = NULL;
    if (upload->transfer)
        gate_send_drop(request->store, &request->session, upload->transfer, reason, time_now(),
                       NULL);
    upload->transfer = 0;
}

static void close_upload(void *context)
{
    drop(context);
    free(context);
}

/* Ends the file under way, if there is one. */
static int end_file(struct upload *upload)
{
    int result = upload->writer ? gate_item_finish(upload->writer, NULL, &upload->error) : 0;
    gate_item_close(upload->writer);
    upload->writer = NULL;
    return result;
}

/* A new file begins; with the first one the transfer does, whose fields stand before it. */
static int start_file(struct web_request *request, struct upload *upload, const char *name)
{
    if (end_file(upload) || (!upload->transfer && begin(request, upload)))
        return -1;
    return gate_item_begin(request->store, &request->session, upload->transfer, name, request->now,
                           &upload->writer, &upload->error);
}

/* Says from time to time that the upload goes on. */
static void extend(struct web_request *request, struct upload *upload)
{
    int64_t now = time_now();
    if (now - upload->extended < EXTEND)
        return;
    upload->extended = now;
    gate_send_extend(request->store, &request->session, upload->transfer, now + PATIENCE,
                     &upload->error);
}

void page_send_file(struct web_request *request, const char *name, struct bytes data,
                    uint64_t offset)
{
    bool first;
    struct upload *upload = request_upload(request, sizeof *upload, close_upload, &first);
    if (first) {
        upload->request = request;
        upload->refused = !request_is_ours(request);
    }
    if (upload->refused || upload->error.code)
        return; /* told when everything has come */
    if (offset == 0 && start_file(request, upload, name))
        return;
    if (upload->writer && gate_item_write(upload->writer, data, &upload->error) == 0)
        extend(request, upload);
}

static void wake_mover(const struct web_request *request)
{
    if (request->server->options.wake >= 0)
        (void)!write(request->server->options.wake, "", 1);
}

void page_send_finish(struct web_request *request)
{
    struct upload none = {0}, *upload = request->upload ? request->upload : &none;
    AUTO_BUFFER path = {0};
    if (!upload->error.code && !end_file(upload)) {
        if (!upload->transfer)
            error_set(&upload->error, "gate_no_files", NULL, "%s", "");
        else
            gate_send_finish(request->store, &request->session, upload->transfer, request->now,
                             &upload->error);
    }
    if (upload->error.code)
        drop(upload);
    if (!upload->error.code) {
        wake_mover(request);
        buffer_append_format(&path, "/outbox/%lld", (long long)upload->transfer);
        upload->transfer = 0;
        answer_redirect(request, buffer_string(&path));
    } else if (!strncmp(upload->error.code, "store_", 6)) {
        answer_error(request, &upload->error);
    } else {
        show_form(request, MHD_HTTP_UNPROCESSABLE_CONTENT,
                  upload->field ? upload->field : field_of(upload->error.code), &upload->error);
    }
}
