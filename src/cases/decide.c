/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decision on the open step of a case. */
#include <string.h>

#include "cases/case.h"

#include "base/utf8.h"

/* Everything that must hold before a decision; the grant by which it is taken, or NULL. */
static const struct identity_grant *check(const struct identity_session *session,
                                          const struct cases_case *found,
                                          const struct cases_decision *decision,
                                          struct error *error)
{
    const struct identity_grant *grant = case_grant(session, found, error);
    if (!grant)
        return NULL;
    if ((!decision->approve || found->emergency) && utf8_is_blank(decision->reason)) {
        error_set(error, "case_reason", found->object, "%s", "");
        return NULL;
    }
    if (decision->reason && strlen(decision->reason) >= CASES_REASON_SIZE) {
        error_set(error, "case_bad_field", "reason", "%d", CASES_REASON_SIZE / 3);
        return NULL;
    }
    if (!decision->seen || strcmp(decision->seen, found->seen) != 0) {
        error_set(error, "case_changed", found->object, "%s", "");
        return NULL;
    }
    return grant;
}

/* Writes the step down, then opens the next one or ends the case. */
static int store_decision(struct store *store, const struct identity_session *session,
                          const struct identity_grant *grant, const struct cases_decision *decision,
                          struct cases_case *found, struct error *error)
{
    const char *state = decision->approve ? "approved" : "refused";
    struct store_value id = store_integer(found->id), now = store_integer(decision->now);
    if (store_run(store, STATEMENT_REQUEST_STEP_DECIDE,
                  STORE_VALUES(id, store_integer(found->step), store_text(state),
                               store_integer(session->person),
                               grant->acts_for ? store_integer(grant->acts_for) : store_null(), now,
                               store_text(decision->reason ? decision->reason : "")),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) != 1)
        return error_set(error, "case_not_open", found->object, "%s", found->state);
    int next = found->step + 1;
    if (decision->approve && (size_t)next < found->step_count) {
        if (store_run(store, STATEMENT_REQUEST_STEP_OPEN, STORE_VALUES(id, store_integer(next)),
                      error) != 0)
            return -1;
        return store_run(store, STATEMENT_REQUEST_GO_ON, STORE_VALUES(id, store_integer(next)),
                         error);
    }
    utf8_copy(found->state, sizeof found->state, state);
    found->decided = decision->now;
    if (store_run(store, STATEMENT_REQUEST_END, STORE_VALUES(id, store_text(state), now), error) !=
        0)
        return -1;
    return decision->approve
               ? 0
               : store_run(store, STATEMENT_REQUEST_STEP_WITHDRAW, STORE_VALUES(id), error);
}

static int record(struct store *store, const struct identity_act *act,
                  const struct cases_case *found, const char *action, struct error *error)
{
    struct case_name name = case_name_of(found->id);
    const struct form *form = form_find(found->form);
    const struct store_fact facts[] = {{"object", found->object}};
    struct store_entry entry = {.time = act->now,
                                .actor = act->actor,
                                .action = action,
                                .object = name.text,
                                .address = act->address,
                                .zone = act->zone,
                                .device = act->device,
                                .reason = act->reason,
                                .clause = form ? form->clauses[0] : NULL,
                                .seen = found->seen,
                                .facts = facts,
                                .fact_count = 1};
    return store_record(store, &entry, error);
}

static int tell_outcome(struct store *store, const struct cases_outcome *outcomes,
                        const struct cases_case *found, bool approved,
                        const struct identity_act *act, struct error *error)
{
    for (; outcomes && outcomes->prefix; outcomes++)
        if (!strncmp(found->object, outcomes->prefix, strlen(outcomes->prefix)))
            return outcomes->decided(store, found, approved, act, error);
    return 0;
}

/* The whole decision inside a transaction. */
static int decide(struct store *store, const struct identity_session *session,
                  const struct cases_decision *decision, const struct cases_outcome *outcomes,
                  struct cases_case *found, struct error *error)
{
    struct identity_act act = identity_session_act(session, decision->now);
    act.reason = utf8_is_blank(decision->reason) ? NULL : decision->reason;
    if (case_read(store, decision->id, found, NULL, error) != 0)
        return -1;
    const struct identity_grant *grant = check(session, found, decision, error);
    if (grant && session->by_token && !session->present)
        return error_set(error, "case_by_token", NULL, "%s", "");
    if (!grant || store_decision(store, session, grant, decision, found, error) != 0 ||
        record(store, &act, found, decision->approve ? "case.approve" : "case.refuse", error) != 0)
        return -1;
    return strcmp(found->state, "open") != 0
               ? tell_outcome(store, outcomes, found, decision->approve, &act, error)
               : 0;
}

/* A try on one's own request leaves a trace of its own. */
static int record_self(struct store *store, const struct identity_session *session,
                       const struct cases_case *found, int64_t now, struct error *error)
{
    struct identity_act act = identity_session_act(session, now);
    if (store_begin(store, error) != 0)
        return -1;
    if (record(store, &act, found, "case.self_refused", error) != 0) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, error);
}

int cases_decide(struct store *store, const struct identity_session *session,
                 const struct cases_decision *decision, const struct cases_outcome *outcomes,
                 bool *ended, struct error *error)
{
    struct cases_case found = {0};
    struct error own = {0};
    if (store_begin(store, error) != 0)
        return -1;
    if (decide(store, session, decision, outcomes, &found, &own) != 0) {
        store_rollback(store);
        if (own.code && !strcmp(own.code, "case_self") &&
            record_self(store, session, &found, decision->now, error) != 0)
            return -1;
        if (error)
            *error = own;
        return -1;
    }
    if (ended)
        *ended = strcmp(found.state, "open") != 0;
    return store_commit(store, error);
}
