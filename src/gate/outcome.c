/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people do to a transfer under way: take it back, approve or refuse it, deliver it at night.
 */
#include <string.h>

#include "base/utf8.h"
#include "gate/gate.h"

/* Says why a guarded statement of the sender changed nothing. */
static int refuse_change(struct store *store, const struct identity_session *session,
                         int64_t transfer, struct error *error)
{
    struct gate_transfer found;
    const struct store_value values[] = {store_integer(transfer), store_integer(session->person),
                                         store_text(session->zone)};
    if (gate_transfer_one(store, STATEMENT_TRANSFER_READ_SENT, values, 3, &found, error) != 0)
        return -1;
    return error_set(error, "gate_state", gate_name_of("transfer", transfer).text, "%s",
                     found.state);
}

/* The approval of a transfer; 0: none. */
static int read_request(struct store *store, int64_t transfer, int64_t *request,
                        struct error *error)
{
    struct gate_transfer found;
    if (gate_transfer_find(store, transfer, &found, error) != 0)
        return -1;
    *request = found.case_id;
    return 0;
}

static int recall(struct store *store, const struct identity_session *session, int64_t transfer,
                  const char *reason, int64_t now, struct error *error)
{
    struct identity_act act = identity_session_act(session, now);
    int64_t request;
    act.reason = reason;
    if (store_run(store, STATEMENT_TRANSFER_RECALL,
                  STORE_VALUES(store_integer(transfer), store_integer(session->person),
                               store_text(session->zone), store_integer(now)),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) != 1)
        return refuse_change(store, session, transfer, error);
    if (read_request(store, transfer, &request, error) != 0 ||
        gate_withdraw(store, request, act.actor, act.reason, now, error) != 0)
        return -1;
    return identity_act_record(store, &act, "transfer.recall",
                               gate_name_of("transfer", transfer).text, NULL, 0, NULL, error);
}

int gate_recall(struct store *store, const struct identity_session *session, int64_t transfer,
                const char *reason, int64_t now, struct error *error)
{
    if (!identity_may(session, "transfer.recall", session->zone, NULL))
        return error_set(error, "gate_forbidden", session->zone, "%s", "transfer.recall");
    if (utf8_is_blank(reason))
        return error_set(error, "gate_reason", gate_name_of("transfer", transfer).text, "%s", "");
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, recall(store, session, transfer, reason, now, error), error);
}

static int emergency(struct store *store, const struct identity_session *session, int64_t transfer,
                     const char *reason, int64_t now, struct error *error)
{
    struct identity_act act = identity_session_act(session, now);
    struct gate_name name = gate_name_of("transfer", transfer);
    bool reachable;
    int64_t request;
    act.reason = reason;
    if (store_run(store, STATEMENT_TRANSFER_EMERGENCY,
                  STORE_VALUES(store_integer(transfer), store_integer(session->person),
                               store_text(session->zone), store_integer(now),
                               store_integer(TIME_DAY)),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) != 1)
        return refuse_change(store, session, transfer, error);
    if (read_request(store, transfer, &request, error) != 0 ||
        cases_reachable(store, request, now, &reachable, error) != 0)
        return -1;
    if (reachable)
        return error_set(error, "gate_approver_reachable", name.text, "%s", "");
    if (cases_mark_emergency(store, request, act.actor, reason, now, error) != 0)
        return -1;
    return identity_act_record(store, &act, "transfer.emergency", name.text, NULL, 0, NULL, error);
}

int gate_emergency(struct store *store, const struct identity_session *session, int64_t transfer,
                   const char *reason, int64_t now, struct error *error)
{
    struct gate_name name = gate_name_of("transfer", transfer);
    struct gate_transfer found;
    const struct store_value values[] = {store_integer(transfer), store_integer(session->person),
                                         store_text(session->zone)};
    if (utf8_is_blank(reason))
        return error_set(error, "gate_reason", name.text, "%s", "");
    if (gate_transfer_one(store, STATEMENT_TRANSFER_READ_SENT, values, 3, &found, error) != 0)
        return -1;
    if (!identity_may(session, "transfer.emergency", session->zone, found.classification))
        return error_set(error, "gate_forbidden", name.text, "%s", "transfer.emergency");
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, emergency(store, session, transfer, reason, now, error), error);
}

bool gate_emergency_offered(struct store *store, const struct identity_session *session,
                            const struct gate_transfer *transfer, int64_t now, int64_t *due)
{
    struct gate_conduit conduit;
    bool reachable = true;
    if (strcmp(transfer->state, "pending") != 0 || transfer->sender != session->person ||
        strcmp(transfer->source, session->zone) != 0 ||
        !identity_may(session, "transfer.emergency", session->zone, transfer->classification) ||
        gate_conduit_read(store, transfer->conduit, &conduit, NULL) != 0 || !conduit.open ||
        !conduit.emergency || cases_reachable(store, transfer->case_id, now, &reachable, NULL) != 0)
        return false;
    if (due)
        *due = cases_emergency_due("transfer", now);
    return !reachable;
}

/* The case about a transfer ended: it goes into the inbox, or nowhere. */
static int decided(struct store *store, const struct cases_case *ended, bool approved,
                   const struct identity_act *act, struct error *error)
{
    int64_t transfer = gate_transfer_number(ended->object);
    struct store_value id = store_integer(transfer), request = store_integer(ended->id),
                       now = store_integer(act->now);
    if (approved ? store_run(store, STATEMENT_TRANSFER_APPROVE,
                             STORE_VALUES(id, request, now, store_integer(TIME_DAY)), error)
                 : store_run(store, STATEMENT_TRANSFER_DENY, STORE_VALUES(id, request, now), error))
        return -1;
    if (store_changed_rows(store) != 1 && !ended->emergency)
        return error_set(error, "gate_state", ended->object, "%s", "");
    return identity_act_record(store, act, approved ? "transfer.approve" : "transfer.deny",
                               ended->object, NULL, 0, NULL, error);
}

const struct cases_outcome gate_outcomes[] = {{"transfer/", decided}, {NULL, NULL}};
