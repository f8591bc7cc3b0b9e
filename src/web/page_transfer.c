/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was sent and what arrived: lists, one transfer with its files, picking up, taking back. */
#include <stdlib.h>

#include "base/memory.h"
#include "gate/transfers.h"
#include "web/labels.h"
#include "web/page_transfer.h"
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
        json_array_append_new(rows, transfer_row(request, &list[i]));
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

/* What the sender can still do. */
static void add_sender_actions(struct web_request *request, json_t *model,
                               const struct gate_transfer *transfer)
{
    int64_t due = 0;
    model_flag(model, "recallable", !transfer->ended && !transfer->picked_up);
    if (!gate_emergency_offered(request->store, &request->session, transfer, request->now, &due))
        return;
    model_flag(model, "emergency_offered", true);
    model_moment(model, "emergency_due", request->language, due);
}

static void add_recipients(struct web_request *request, json_t *shown, int64_t transfer)
{
    AUTO_FREE struct gate_recipient *list = memory_allocate(GATE_RECIPIENTS_MOST, sizeof *list);
    size_t count = 0;
    json_t *rows = json_array();
    gate_recipient_list(request->store, transfer, list, GATE_RECIPIENTS_MOST, &count, NULL);
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_object();
        model_text(row, "name", list[i].name);
        model_moment(row, "picked_up", request->language, list[i].picked_up);
        json_array_append_new(rows, row);
    }
    json_object_set_new(shown, "recipients", rows);
}

static bool any_receipt(const json_t *items)
{
    const json_t *item;
    size_t i;
    json_array_foreach(items, i, item)
    {
        if (json_is_true(json_object_get(item, "receipt")))
            return true;
    }
    return false;
}

static json_t *shown_model(struct web_request *request, const struct gate_transfer *transfer,
                           bool arrived, json_t *items)
{
    json_t *shown = transfer_model(request, transfer);
    labels_describe(request, shown, transfer->classification);
    model_flag(shown, "locked", transfer->password);
    json_object_set_new(shown, "timeline", transfer_timeline(request, transfer));
    json_object_set_new(shown, "files", items);
    model_flag(shown, "has_receipts", any_receipt(items));
    if (!arrived)
        add_recipients(request, shown, transfer->id);
    return shown;
}

void transfer_show(struct web_request *request, unsigned status, const char *field,
                   const struct error *wrong)
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
    json_object_set_new(model, "shown", shown_model(request, transfer, arrived, items));
    model_flag(model, "arrived", arrived);
    buffer_append_format(&next, "page.%s_%s", arrived ? "take" : "next", transfer->state);
    model_text(model, "next", buffer_string(&next));
    if (arrived)
        model_under(model, "inbox", "page.inbox");
    if (!strcmp(request_query(request, "done"), "password"))
        model_text(model, "done", "transfer.password_given");
    if (!arrived)
        add_sender_actions(request, model, transfer);
    if (wrong)
        model_error(request, model, field, wrong);
    answer_page(request, status, "transfer", model);
}

void page_transfer(struct web_request *request)
{
    transfer_show(request, MHD_HTTP_OK, NULL, NULL);
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
