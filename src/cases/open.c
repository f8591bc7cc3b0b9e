/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a case, and what becomes of it other than by a decision. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "cases/case.h"

enum { APPROVERS_MOST = 64 };

int64_t case_due(const struct due_rule *rule, int64_t event)
{
    struct date last = calendar_due(time_date_in_japan(event), rule);
    return time_start_of_date(date_add_days(last, 1)) - 1;
}

int case_count_approvers(struct store *store, const char *role, int64_t department,
                         int64_t requester, int64_t now, size_t *count, struct error *error)
{
    struct identity_approver list[APPROVERS_MOST];
    size_t found = 0;
    *count = 0;
    if (identity_approvers(store, role, department, now, list, APPROVERS_MOST, &found, error) != 0)
        return -1;
    for (size_t i = 0; i < found; i++)
        *count += list[i].person != requester && list[i].acts_for != requester;
    return 0;
}

/* What must be seen to decide: the form, the object, what was filled in and what it is about. */
static void make_seen(const struct form *form, const struct cases_request *request,
                      char seen[CASES_SEEN_SIZE])
{
    uint8_t digest[HASH_BYTES];
    struct hash *hash = hash_start();
    const char *parts[] = {form->digest, request->object, request->content, request->fields};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        hash_update(hash, bytes_of_string(parts[i]));
        hash_update(hash, (struct bytes){(const uint8_t *)"", 1});
    }
    hash_finish(hash, digest);
    int at = snprintf(seen, CASES_SEEN_SIZE, "sha256:");
    for (size_t i = 0; i < sizeof digest; i++)
        at += snprintf(seen + at, CASES_SEEN_SIZE - (size_t)at, "%02x", digest[i]);
}

/* Who decides a step: its role, or the first of the others that has somebody and may. */
struct chosen {
    char role[IDENTITY_ROLE_SIZE];
    int64_t department;
};

static int choose_role(struct store *store, const struct form *form, const struct form_step *step,
                       const struct cases_request *request, struct chosen *chosen,
                       struct error *error)
{
    char label[CASES_LABEL_SIZE], role[IDENTITY_ROLE_SIZE];
    int64_t department = step->of_department ? request->department : 0;
    const char *others = step->otherwise;
    size_t count;
    form_label(request->fields, label);
    utf8_copy(chosen->role, sizeof chosen->role, step->role);
    chosen->department = department;
    utf8_copy(role, sizeof role, step->role);
    for (;;) {
        if (form_role_may(form, role, NULL, label)) {
            if (case_count_approvers(store, role, department, request->requester, request->now,
                                     &count, error) != 0)
                return -1;
            if (count > 0) {
                *chosen = (struct chosen){.department = department};
                utf8_copy(chosen->role, sizeof chosen->role, role);
                return 0;
            }
        }
        if (!*others)
            return 0;
        size_t length = strcspn(others, " ");
        snprintf(role, sizeof role, "%.*s", (int)length, others);
        others += length + strspn(others + length, " ");
        department = 0;
    }
}

static int add_step(struct store *store, int64_t id, int64_t number, const struct form *form,
                    const struct cases_request *request, struct error *error)
{
    struct chosen chosen;
    if (choose_role(store, form, &form->steps[number], request, &chosen, error) != 0)
        return -1;
    return store_run(
        store, STATEMENT_REQUEST_STEP_ADD,
        STORE_VALUES(store_integer(id), store_integer(number), store_text(chosen.role),
                     chosen.department ? store_integer(chosen.department) : store_null(),
                     store_text(number == 0 ? "open" : "waiting")),
        error);
}

static int add_request(struct store *store, const struct form *form,
                       const struct cases_request *request, const char *seen, int64_t *id,
                       struct error *error)
{
    struct date kept =
        date_add_months(time_date_in_japan(request->now), 12 * form->retention_years);
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_REQUEST_ADD,
                    STORE_VALUES(store_text(form->key), store_text(form->digest),
                                 store_text(request->object), store_integer(request->requester),
                                 store_integer(request->department), store_text(request->fields),
                                 store_text(seen), store_integer(request->now),
                                 store_integer(case_due(&form->due, request->now)),
                                 store_integer(time_start_of_date(kept))),
                    &rows, error) != 0 ||
        store_rows_next(rows, error) != 1)
        return -1;
    *id = store_rows_integer(rows, 0);
    return store_rows_next(rows, error);
}

int cases_open(struct store *store, const struct cases_request *request, int64_t *id,
               struct error *error)
{
    const struct form *form = form_find(request->form);
    if (!form || strncmp(form->object, request->object, strlen(form->object)) != 0)
        return error_set(error, "case_form_unknown", request->form, "%s", request->object);
    char seen[CASES_SEEN_SIZE], actor[32];
    if (form_check_fields(form, request->fields, error) != 0)
        return -1;
    make_seen(form, request, seen);
    if (add_request(store, form, request, seen, id, error) != 0)
        return -1;
    for (size_t i = 0; i < form->step_count; i++)
        if (add_step(store, *id, (int64_t)i, form, request, error) != 0)
            return -1;
    snprintf(actor, sizeof actor, "person/%lld", (long long)request->requester);
    const struct store_fact facts[] = {{"form", form->key}, {"object", request->object}};
    struct case_name name = case_name_of(*id);
    struct store_entry entry = {.time = request->now,
                                .actor = actor,
                                .action = "case.open",
                                .object = name.text,
                                .zone = request->zone,
                                .clause = form->clauses[0],
                                .seen = seen,
                                .facts = facts,
                                .fact_count = 2};
    return store_record(store, &entry, error);
}

static int record(struct store *store, int64_t id, const char *action, const char *actor,
                  const char *reason, int64_t now, struct error *error)
{
    struct case_name name = case_name_of(id);
    struct store_entry entry = {
        .time = now, .actor = actor, .action = action, .object = name.text, .reason = reason};
    return store_record(store, &entry, error);
}

int cases_withdraw(struct store *store, int64_t id, const char *actor, const char *reason,
                   int64_t now, struct error *error)
{
    if (store_run(store, STATEMENT_REQUEST_END,
                  STORE_VALUES(store_integer(id), store_text("withdrawn"), store_integer(now)),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) == 0)
        return 0;
    if (store_run(store, STATEMENT_REQUEST_STEP_WITHDRAW, STORE_VALUES(store_integer(id)), error) !=
        0)
        return -1;
    return record(store, id, "case.withdraw", actor, reason, now, error);
}

int cases_mark_emergency(struct store *store, int64_t id, const char *actor, const char *reason,
                         int64_t now, struct error *error)
{
    struct cases_case found;
    if (case_read(store, id, &found, NULL, error) != 0)
        return -1;
    const struct form *form = form_find(found.form);
    if (!form)
        return error_set(error, "case_form_unknown", found.form, "%s", found.object);
    if (store_run(store, STATEMENT_REQUEST_EMERGENCY,
                  STORE_VALUES(store_integer(id),
                               store_integer(case_due(&form->due_after_emergency, now))),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) == 0)
        return error_set(error, "case_not_open", found.object, "%s", found.state);
    return record(store, id, "case.emergency", actor, reason, now, error);
}

int64_t cases_emergency_due(const char *form, int64_t now)
{
    const struct form *found = form_find(form);
    return found ? case_due(&found->due_after_emergency, now) : 0;
}

int cases_reachable(struct store *store, int64_t id, int64_t now, bool *reachable,
                    struct error *error)
{
    struct cases_case found;
    size_t count;
    *reachable = false;
    if (case_read(store, id, &found, NULL, error) != 0)
        return -1;
    if (strcmp(found.state, "open") != 0 || (size_t)found.step >= found.step_count)
        return 0;
    const struct cases_step *step = &found.steps[found.step];
    if (!form_role_may(form_find(found.form), step->role, NULL, found.label))
        return 0;
    if (case_count_approvers(store, step->role, step->department, found.requester, now, &count,
                             error) != 0)
        return -1;
    *reachable = count > 0;
    return 0;
}
