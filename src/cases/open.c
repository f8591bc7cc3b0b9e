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

/* As case_count_approvers, of everybody who holds the role, whether away or not. */
static int count_holders(struct store *store, const char *role, int64_t department,
                         int64_t requester, int64_t now, size_t *count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    *count = 0;
    if (store_query(store, STATEMENT_ROLE_HOLDER_COUNT,
                    STORE_VALUES(store_text(role), store_integer(department),
                                 store_integer(requester), store_integer(now)),
                    &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 1)
        *count = (size_t)store_rows_integer(rows, 0);
    return found < 0 ? -1 : 0;
}

typedef int count_people(struct store *store, const char *role, int64_t department,
                         int64_t requester, int64_t now, size_t *count, struct error *error);

/* Who decides a step. */
struct chosen {
    char role[IDENTITY_ROLE_SIZE];
    int64_t department;
};

/* The role of a step, or the first of the others, that may and has people. 1: it is chosen, 0:
 * nobody; the last one that may is chosen. */
static int choose_among(struct store *store, const struct form *form, const struct form_step *step,
                        const struct cases_request *request, count_people *count_them,
                        struct chosen *chosen, struct error *error)
{
    char label[CASES_LABEL_SIZE];
    const char *others = step->otherwise;
    struct chosen next = {.department = step->of_department ? request->department : 0};
    size_t count;
    form_label(request->fields, label);
    utf8_copy(next.role, sizeof next.role, step->role);
    for (;;) {
        if (form_role_may(form, next.role, NULL, label)) {
            *chosen = next;
            if (count_them(store, next.role, next.department, request->requester, request->now,
                           &count, error) != 0)
                return -1;
            if (count > 0)
                return 1;
        }
        if (!*others)
            return 0;
        size_t length = strcspn(others, " ");
        snprintf(next.role, sizeof next.role, "%.*s", (int)length, others);
        others += length + strspn(others + length, " ");
        next.department = 0;
    }
}

/* Somebody who can decide now; else somebody who can when they are back, which an emergency needs
 * afterwards; else, where the requester alone is there, the step's own role, so that trying to
 * decide it is refused as that; else the last of all, who is always to be appointed. */
static int choose_role(struct store *store, const struct form *form, const struct form_step *step,
                       const struct cases_request *request, struct chosen *chosen,
                       struct error *error)
{
    struct chosen own = {.department = step->of_department ? request->department : 0};
    size_t count = 0;
    utf8_copy(own.role, sizeof own.role, step->role);
    *chosen = own;
    int found = choose_among(store, form, step, request, case_count_approvers, chosen, error);
    if (found == 0)
        found = choose_among(store, form, step, request, count_holders, chosen, error);
    if (found == 0)
        found = count_holders(store, own.role, own.department, 0, request->now, &count, error);
    if (found == 0 && count > 0)
        *chosen = own;
    return found < 0 ? -1 : 0;
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
