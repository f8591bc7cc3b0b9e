/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sender does to a transfer under way: take it back, give a password, send it on at night.
 */
#include "gate/mover.h"
#include "web/page_transfer.h"
#include "web/pages.h"
#include "web/transfer_model.h"

/* Back to the transfer's page. */
static void go_back(struct web_request *request, const char *done)
{
    AUTO_BUFFER path = {0};
    buffer_append_format(&path, "/outbox/%lld%s", (long long)request->match.numbers[0], done);
    answer_redirect(request, buffer_string(&path));
}

/* What the sender can put right stands on the page itself. */
static void refuse(struct web_request *request, const char *field, const struct error *error)
{
    static const char *const shown[] = {"gate_state", "gate_reason", "gate_bad_value",
                                        "gate_approver_reachable", "gate_forbidden"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (!strcmp(error->code, shown[i])) {
            transfer_show(request, MHD_HTTP_UNPROCESSABLE_CONTENT, field, error);
            return;
        }
    transfer_answer_error(request, error);
}

void page_recall(struct web_request *request)
{
    struct error error = {0};
    if (gate_recall(request->store, &request->session, request->match.numbers[0],
                    request_field(request, "reason"), request->now, &error) == 0)
        go_back(request, "");
    else
        refuse(request, "reason", &error);
}

void page_emergency(struct web_request *request)
{
    struct error error = {0};
    if (gate_emergency(request->store, &request->session, request->match.numbers[0],
                       request_field(request, "emergency"), request->now, &error) == 0)
        go_back(request, "");
    else
        refuse(request, "emergency", &error);
}

/* The password goes on to the mover and is kept nowhere here. */
void page_item_password(struct web_request *request)
{
    struct error error = {0};
    const char *password = request_field(request, "password");
    if (!*password)
        error_set(&error, "transfer_password_empty", NULL, "%s", "");
    else if (gate_password_send(request->store, &request->session,
                                request->server->options.passwords, request->match.numbers[0],
                                request->match.numbers[1], password, &error) == 0) {
        go_back(request, "?done=password");
        return;
    }
    if (!strcmp(error.code, "transfer_password_empty"))
        transfer_show(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "password", &error);
    else
        refuse(request, "password", &error);
}
