/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people say about the duties that only people can keep, and exceptions from requirements. */
#include <stdio.h>
#include <string.h>

#include "adoption/duty.h"
#include "adoption/keys.h"
#include "adoption/state.h"
#include "adoption/tally.h"

/* A requirement of a version, and by what it is known. */
struct place {
    const struct policy *policy;
    size_t requirement;
    const char *id, *clause, *sentence;
    char key[ADOPTION_SENTENCE_KEY_SIZE];
};

static int find_place(const struct policy *policy, const char *requirement, struct place *place,
                      struct error *error)
{
    size_t at = adoption_find_requirement(policy, requirement);
    if (at == POLICY_NONE)
        return error_set(error, "adoption_requirement_unknown", requirement, "%s", "");
    const struct policy_requirement *found = &policy->requirements[at];
    *place = (struct place){.policy = policy,
                            .requirement = at,
                            .id = found->id,
                            .clause = policy->clauses[found->clause].id,
                            .sentence = policy->sentences[found->sentence].text};
    adoption_sentence_key(policy, at, place->key);
    return 0;
}

static int record(struct store *store, const struct identity_act *act, const char *action,
                  int64_t version, const struct place *place, const char *name, const char *value,
                  struct error *error)
{
    struct identity_act under = *act;
    under.clause = place->clause;
    const struct store_fact facts[] = {{"requirement", place->id}, {name, value}};
    return identity_act_record(store, &under, action, adoption_name_of("policy", version).text,
                               facts, 2, NULL, error);
}

/* ---- attesting ---- */

static int check_attestation(const struct adoption_attestation *attestation, int64_t now,
                             struct error *error)
{
    char today[ADOPTION_DATE_SIZE];
    adoption_today(now, today);
    if (adoption_check_date(attestation->date, "date", error) != 0)
        return -1;
    if (strcmp(attestation->date, today) > 0)
        return error_set(error, "adoption_bad_value", "date", "%s", attestation->date);
    bool blank = utf8_is_blank(attestation->note);
    if ((blank && !attestation->done) ||
        (!blank && strlen(attestation->note) >= ADOPTION_REASON_SIZE))
        return error_set(error, "adoption_reason", "note", "%s", "");
    return 0;
}

/* The program's own records prove what it enforces. */
static int check_provable(struct store *store, const struct place *place, struct error *error)
{
    AUTO_FREE struct adoption_bindings *bindings = NULL;
    if (adoption_bindings_read(store, place->policy, &bindings, error) != 0)
        return -1;
    const struct control *control = adoption_binding_first(&bindings[place->requirement]);
    if (control && control->how == CONTROL_ENFORCED && tally_row_of(control))
        return error_set(error, "adoption_not_attested", place->id, "%s", control->id);
    return 0;
}

/* Moves the date of the duty on. */
static int move_on(struct store *store, const struct adoption_attestation *attestation,
                   struct error *error)
{
    AUTO_ROWS *rows = NULL;
    struct date done;
    int months;
    char next[ADOPTION_DATE_SIZE];
    if (duty_months(store, &months, error) != 0 ||
        date_parse(bytes_of_string(attestation->date), &done, error) != 0 ||
        store_query(
            store, STATEMENT_DUTY_READ,
            STORE_VALUES(store_integer(attestation->version), store_text(attestation->requirement)),
            &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found;
    duty_next(store_rows_text(rows, 3), months, store_rows_text(rows, 4), done, next);
    store_rows_close(&rows);
    return store_run(store, STATEMENT_DUTY_SET_DUE,
                     STORE_VALUES(store_integer(attestation->version),
                                  store_text(attestation->requirement), store_text(next)),
                     error);
}

/* What was said not to be done is due at once, also where no date was set. */
static int fall_due(struct store *store, const struct adoption_attestation *attestation,
                    struct error *error)
{
    return store_run(store, STATEMENT_DUTY_SET_DUE,
                     STORE_VALUES(store_integer(attestation->version),
                                  store_text(attestation->requirement),
                                  store_text(attestation->date)),
                     error);
}

static int attest(struct store *store, const struct identity_act *act,
                  const struct adoption_attestation *attestation, const struct place *place,
                  struct error *error)
{
    const char *note = attestation->note ? attestation->note : "";
    if (check_provable(store, place, error) != 0 ||
        store_run(store, STATEMENT_ATTESTATION_ADD,
                  STORE_VALUES(store_integer(attestation->version), store_text(place->id),
                               store_text(place->clause), store_text(place->key),
                               store_text(place->sentence), store_integer(attestation->done),
                               store_text(attestation->date), store_text(note),
                               store_integer(attestation->person), store_integer(act->now)),
                  error) != 0 ||
        (attestation->done ? move_on(store, attestation, error)
                           : fall_due(store, attestation, error)) != 0)
        return -1;
    struct identity_act noted = *act;
    noted.reason = note;
    return record(store, &noted, "duty.attest", attestation->version, place, "done",
                  attestation->done ? "yes" : "no", error);
}

int adoption_attest(struct store *store, const struct identity_act *act,
                    const struct adoption_attestation *attestation, struct error *error)
{
    struct place place;
    if (check_attestation(attestation, act->now, error) != 0)
        return -1;
    AUTO_POLICY *policy = adoption_policy_borrow(store, attestation->version, error);
    if (!policy || find_place(policy, attestation->requirement, &place, error) != 0 ||
        store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, attest(store, act, attestation, &place, error), error);
}

int adoption_attestations(struct store *store, int64_t version, const char *requirement,
                          struct adoption_attested *list, size_t most, size_t *count,
                          struct error *error)
{
    AUTO_ROWS *rows = NULL;
    struct place place;
    int more;
    *count = 0;
    AUTO_POLICY *policy = adoption_policy_borrow(store, version, error);
    if (!policy || find_place(policy, requirement, &place, error) != 0 ||
        store_query(store, STATEMENT_ATTESTATION_LIST,
                    STORE_VALUES(store_text(place.key), store_integer((int64_t)most)), &rows,
                    error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1) {
        struct adoption_attested *found = &list[(*count)++];
        found->id = store_rows_integer(rows, 0);
        utf8_copy(found->requirement, sizeof found->requirement, store_rows_text(rows, 1));
        found->done = store_rows_integer(rows, 2) != 0;
        utf8_copy(found->date, sizeof found->date, store_rows_text(rows, 3));
        utf8_copy(found->note, sizeof found->note, store_rows_text(rows, 4));
        found->person = store_rows_integer(rows, 5);
        utf8_copy(found->name, sizeof found->name, store_rows_text(rows, 6));
        found->recorded = store_rows_integer(rows, 7);
    }
    return more;
}

int adoption_duties(struct store *store, int64_t version, const char *role, const char *until,
                    struct adoption_duty *list, size_t most, size_t *count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    AUTO_FREE struct adoption_bindings *bindings = NULL;
    int more;
    *count = 0;
    AUTO_POLICY *policy = adoption_policy_borrow(store, version, error);
    if (!policy || adoption_bindings_read(store, policy, &bindings, error) != 0 ||
        store_query(store, STATEMENT_DUTY_LIST_DUE,
                    STORE_VALUES(store_integer(version), store_text(role ? role : ""),
                                 store_text(until), store_integer(INT32_MAX)),
                    &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1 && *count < most) {
        size_t at = adoption_find_requirement(policy, store_rows_text(rows, 0));
        if (at == POLICY_NONE || bindings[at].not_applicable ||
            tally_row_of(adoption_binding_first(&bindings[at])))
            continue;
        struct adoption_duty *duty = &list[(*count)++];
        utf8_copy(duty->requirement, sizeof duty->requirement, store_rows_text(rows, 0));
        utf8_copy(duty->clause, sizeof duty->clause, store_rows_text(rows, 1));
        utf8_copy(duty->role, sizeof duty->role, store_rows_text(rows, 2));
        utf8_copy(duty->due, sizeof duty->due, store_rows_text(rows, 3));
    }
    return more < 0 ? -1 : 0;
}

/* ---- exceptions ---- */

static int grant(struct store *store, const struct identity_act *act, int64_t version,
                 const struct place *place, const char *until, struct error *error)
{
    if (store_run(store, STATEMENT_EXCEPTION_ADD,
                  STORE_VALUES(store_integer(version), store_text(place->id),
                               store_text(place->clause), store_text(place->key),
                               store_text(place->sentence), store_text(act->reason),
                               store_text(act->actor), store_integer(act->now), store_text(until)),
                  error) != 0)
        return -1;
    return record(store, act, "exception.grant", version, place, "until", until, error);
}

int adoption_exception_grant(struct store *store, const struct identity_act *act, int64_t version,
                             const char *requirement, const char *until, struct error *error)
{
    struct place place;
    char today[ADOPTION_DATE_SIZE];
    adoption_today(act->now, today);
    if (utf8_is_blank(act->reason) || strlen(act->reason) >= ADOPTION_REASON_SIZE)
        return error_set(error, "adoption_reason", requirement, "%s", "");
    if (adoption_check_date(until, "until", error) != 0)
        return -1;
    if (strcmp(until, today) < 0)
        return error_set(error, "adoption_bad_value", "until", "%s", until);
    AUTO_POLICY *policy = adoption_policy_borrow(store, version, error);
    if (!policy || find_place(policy, requirement, &place, error) != 0 ||
        store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, grant(store, act, version, &place, until, error), error);
}

static int end_exception(struct store *store, const struct identity_act *act, int64_t version,
                         const struct place *place, struct error *error)
{
    if (store_run(store, STATEMENT_EXCEPTION_END,
                  STORE_VALUES(store_text(place->key), store_integer(act->now)), error) != 0)
        return -1;
    char ended[24];
    snprintf(ended, sizeof ended, "%lld", (long long)store_changed_rows(store));
    return strcmp(ended, "0") == 0
               ? 0
               : record(store, act, "exception.end", version, place, "ended", ended, error);
}

int adoption_exception_end(struct store *store, const struct identity_act *act, int64_t version,
                           const char *requirement, struct error *error)
{
    struct place place;
    AUTO_POLICY *policy = adoption_policy_borrow(store, version, error);
    if (!policy || find_place(policy, requirement, &place, error) != 0 ||
        store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, end_exception(store, act, version, &place, error), error);
}
