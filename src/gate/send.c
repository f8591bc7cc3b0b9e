/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Beginning a transfer and saying that all its files are there. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "gate/gate.h"

/* How long an upload may take before it is forgotten, where nobody says. */
#define UPLOAD_TIME TIME_DAY

static int check_texts(const struct gate_request *request, struct error *error)
{
    if (utf8_is_blank(request->purpose) || strlen(request->purpose) >= GATE_PURPOSE_SIZE)
        return error_set(error, "gate_purpose", "purpose", "%d", GATE_PURPOSE_SIZE / 3);
    if (utf8_is_blank(request->classification) ||
        strlen(request->classification) >= GATE_LABEL_SIZE)
        return error_set(error, "gate_label", "classification", "%s", "");
    if (request->recipient_count == 0 || request->recipient_count > GATE_RECIPIENTS_MOST)
        return error_set(error, "gate_recipient", "recipients", "%zu", request->recipient_count);
    return 0;
}

static int check_recipients(struct store *store, const struct gate_request *request,
                            struct error *error)
{
    for (size_t i = 0; i < request->recipient_count; i++) {
        struct identity_person person;
        struct error own = {0};
        if (identity_person_read(store, request->recipients[i], NULL, &person, &own) != 0 ||
            !identity_person_open(&person, request->now))
            return error_set(error, "gate_recipient",
                             gate_name_of("person", request->recipients[i]).text, "%s", "");
    }
    return 0;
}

/* The conduit, when this session may send such a thing through it. */
static int check_conduit(struct store *store, const struct identity_session *session,
                         const struct gate_request *request, struct gate_conduit *conduit,
                         struct error *error)
{
    struct gate_name name = gate_name_of("conduit", request->conduit);
    if (gate_conduit_read(store, request->conduit, conduit, error) != 0)
        return -1;
    if (strcmp(conduit->source, session->zone) != 0)
        return error_set(error, "gate_conduit_unknown", name.text, "%s", "");
    if (!identity_may(session, "transfer.send", session->zone, request->classification))
        return error_set(error, "gate_forbidden", name.text, "%s", "transfer.send");
    if (!conduit->open)
        return error_set(error, "gate_conduit_closed", name.text, "%s", "");
    if (conduit->medium_only && !request->from_medium)
        return error_set(error, "gate_medium_only", name.text, "%s", "");
    if (request->treatment != DISARM_TREATMENT_COUNT &&
        ((unsigned)request->treatment > DISARM_TREATMENT_COUNT ||
         !conduit->treatments[request->treatment]))
        return error_set(error, "gate_treatment", name.text, "%s",
                         disarm_treatment_name(request->treatment));
    return 0;
}

static int add_recipients(struct store *store, const struct gate_request *request, int64_t transfer,
                          struct error *error)
{
    for (size_t i = 0; i < request->recipient_count; i++)
        if (store_run(store, STATEMENT_TRANSFER_RECIPIENT_ADD,
                      STORE_VALUES(store_integer(transfer), store_integer(request->recipients[i])),
                      error) != 0)
            return -1;
    return 0;
}

static int add_transfer(struct store *store, const struct identity_session *session,
                        const struct gate_request *request, enum disarm_treatment treatment,
                        int64_t *transfer, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_TRANSFER_ADD,
                    STORE_VALUES(store_integer(request->conduit), store_text(session->zone),
                                 store_integer(session->person), store_integer(session->department),
                                 store_text(request->purpose), store_text(request->classification),
                                 store_integer(request->personal_data), store_integer(treatment),
                                 store_integer(request->now),
                                 store_integer(request->now + (request->patience ? request->patience
                                                                                 : UPLOAD_TIME))),
                    &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found < 0 ? -1
                         : error_set(error, "gate_conduit_closed",
                                     gate_name_of("conduit", request->conduit).text, "%s", "");
    *transfer = store_rows_integer(rows, 0);
    return store_rows_next(rows, error);
}

static int begin(struct store *store, const struct identity_session *session,
                 const struct gate_request *request, int64_t *transfer, struct error *error)
{
    struct gate_conduit conduit;
    if (check_conduit(store, session, request, &conduit, error) != 0 ||
        check_recipients(store, request, error) != 0)
        return -1;
    enum disarm_treatment treatment =
        request->treatment == DISARM_TREATMENT_COUNT ? conduit.usual : request->treatment;
    if (add_transfer(store, session, request, treatment, transfer, error) != 0 ||
        add_recipients(store, request, *transfer, error) != 0)
        return -1;
    struct identity_act act = identity_session_act(session, request->now);
    const struct store_fact facts[] = {
        {"source", conduit.source},
        {"destination", conduit.destination},
        {"classification", request->classification},
        {"personal_data", request->personal_data ? "yes" : "no"},
        {"treatment", disarm_treatment_name(treatment)},
    };
    return identity_act_record(store, &act, "transfer.create",
                               gate_name_of("transfer", *transfer).text, facts,
                               sizeof facts / sizeof *facts, NULL, error);
}

int gate_send_begin(struct store *store, const struct identity_session *session,
                    const struct gate_request *request, int64_t *transfer, struct error *error)
{
    if (check_texts(request, error) != 0 || store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, begin(store, session, request, transfer, error), error);
}

int gate_send_extend(struct store *store, const struct identity_session *session, int64_t transfer,
                     int64_t until, struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(
        store,
        store_run(store, STATEMENT_TRANSFER_UPLOAD_EXTEND,
                  STORE_VALUES(store_integer(transfer), store_integer(session->person),
                               store_text(session->zone), store_integer(until)),
                  error),
        error);
}

/* Why a transfer cannot be accepted. */
static int refuse_accept(struct store *store, const struct identity_session *session,
                         int64_t transfer, struct error *error)
{
    struct gate_name name = gate_name_of("transfer", transfer);
    struct gate_transfer found;
    const struct store_value values[] = {store_integer(transfer), store_integer(session->person),
                                         store_text(session->zone)};
    if (gate_transfer_one(store, STATEMENT_TRANSFER_READ_SENT, values, 3, &found, error) != 0)
        return -1;
    if (strcmp(found.state, "uploading") != 0)
        return error_set(error, "gate_state", name.text, "%s", found.state);
    return error_set(error, found.items ? "gate_conduit_closed" : "gate_no_files", name.text, "%s",
                     "");
}

int gate_accept(struct store *store, const struct identity_session *session, int64_t transfer,
                int64_t now, struct error *error)
{
    if (store_run(store, STATEMENT_TRANSFER_ACCEPT,
                  STORE_VALUES(store_integer(transfer), store_integer(session->person),
                               store_text(session->zone), store_integer(now),
                               store_integer(TIME_DAY)),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) != 1)
        return refuse_accept(store, session, transfer, error);
    struct identity_act act = identity_session_act(session, now);
    return identity_act_record(store, &act, "transfer.accept",
                               gate_name_of("transfer", transfer).text, NULL, 0, NULL, error);
}

int gate_send_finish(struct store *store, const struct identity_session *session, int64_t transfer,
                     int64_t now, struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, gate_accept(store, session, transfer, now, error), error);
}
