/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking at cases, and who may. */
#include "cases/case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "identity/permissions.h"

enum { WAITING_MOST = 200 };

struct case_name case_name_of(int64_t id)
{
    struct case_name name;
    snprintf(name.text, sizeof name.text, "case/%lld", (long long)id);
    return name;
}

void case_from_row(struct cases_case *found, const struct store_rows *rows)
{
    memset(found, 0, sizeof *found);
    found->id = store_rows_integer(rows, 0);
    utf8_copy(found->form, sizeof found->form, store_rows_text(rows, 1));
    utf8_copy(found->object, sizeof found->object, store_rows_text(rows, 2));
    utf8_copy(found->state, sizeof found->state, store_rows_text(rows, 3));
    utf8_copy(found->seen, sizeof found->seen, store_rows_text(rows, 4));
    found->requester = store_rows_integer(rows, 5);
    found->department = store_rows_integer(rows, 6);
    utf8_copy(found->requester_name, sizeof found->requester_name, store_rows_text(rows, 7));
    found->created = store_rows_integer(rows, 8);
    found->due = store_rows_integer(rows, 9);
    found->decided = store_rows_integer(rows, 10);
    found->emergency = store_rows_integer(rows, 11) != 0;
    found->step = (int)store_rows_integer(rows, 12);
    form_label(store_rows_text(rows, 13), found->label);
}

static void step_from_row(struct cases_step *step, const struct store_rows *rows)
{
    utf8_copy(step->role, sizeof step->role, store_rows_text(rows, 0));
    step->department = store_rows_integer(rows, 1);
    utf8_copy(step->state, sizeof step->state, store_rows_text(rows, 2));
    step->person = store_rows_integer(rows, 3);
    utf8_copy(step->name, sizeof step->name, store_rows_text(rows, 4));
    step->acts_for = store_rows_integer(rows, 5);
    step->decided = store_rows_integer(rows, 6);
    utf8_copy(step->reason, sizeof step->reason, store_rows_text(rows, 7));
}

static int read_steps(struct store *store, struct cases_case *found, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_REQUEST_STEP_LIST, STORE_VALUES(store_integer(found->id)),
                    &rows, error) != 0)
        return -1;
    int more = 0;
    while (found->step_count < CASES_STEPS && (more = store_rows_next(rows, error)) == 1)
        step_from_row(&found->steps[found->step_count++], rows);
    return more < 0 ? -1 : 0;
}

int case_read(struct store *store, int64_t id, struct cases_case *found, struct buffer *fields,
              struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_REQUEST_READ, STORE_VALUES(store_integer(id)), &rows, error) !=
        0)
        return -1;
    int there = store_rows_next(rows, error);
    if (there != 1)
        return there < 0 ? -1 : error_set(error, "case_unknown", case_name_of(id).text, "%s", "");
    case_from_row(found, rows);
    if (fields)
        buffer_append_string(fields, store_rows_text(rows, 13));
    store_rows_close(&rows);
    return read_steps(store, found, error);
}

bool case_holds_role(const struct identity_session *session, const struct cases_step *step,
                     int64_t requester, const struct identity_grant **grant)
{
    bool holds = false;
    *grant = NULL;
    for (size_t i = 0; i < session->grant_count && !*grant; i++) {
        const struct identity_grant *own = &session->grants[i];
        if (strcmp(own->role, step->role) != 0 ||
            (own->department != 0 && own->department != step->department))
            continue;
        holds = true;
        if (own->acts_for != requester)
            *grant = own;
    }
    return holds;
}

/* A program decides only when its person made its token for deciding this kind of thing. */
static bool token_allows(const struct identity_session *session, const struct cases_case *found)
{
    const struct form *form = form_find(found->form);
    return !session->by_token || (form && identity_may(session, form->action, NULL, NULL));
}

const struct identity_grant *case_grant(const struct identity_session *session,
                                        const struct cases_case *found, struct error *error)
{
    const char *name = found->object;
    const struct identity_grant *grant = NULL;
    if (strcmp(found->state, "open") != 0 || (size_t)found->step >= found->step_count) {
        error_set(error, "case_not_open", name, "%s", found->state);
        return NULL;
    }
    bool holds = case_holds_role(session, &found->steps[found->step], found->requester, &grant);
    if (found->requester == session->person || (holds && !grant)) {
        error_set(error, "case_self", name, "%s", "");
        return NULL;
    }
    if (!grant || session->stage != IDENTITY_FULL || !token_allows(session, found)) {
        error_set(error, "case_not_yours", name, "%s", found->steps[found->step].role);
        return NULL;
    }
    if (!form_role_may(form_find(found->form), grant->role, session->zone, found->label)) {
        error_set(error, "case_forbidden", name, "%s", found->label);
        return NULL;
    }
    for (int i = 0; i < found->step; i++)
        if (found->steps[i].person == session->person) {
            error_set(error, "case_twice", name, "%s", "");
            return NULL;
        }
    return grant;
}

int cases_may_decide(struct store *store, const struct identity_session *session, int64_t id,
                     int64_t now, struct error *error)
{
    (void)now;
    struct cases_case found;
    if (case_read(store, id, &found, NULL, error) != 0)
        return -1;
    return case_grant(session, &found, error) ? 0 : -1;
}

int cases_read(struct store *store, const struct identity_session *session, int64_t id,
               struct cases_case *found, struct buffer *fields, struct error *error)
{
    if (case_read(store, id, found, fields, error) != 0)
        return -1;
    bool may = !session || found->requester == session->person;
    for (size_t i = 0; i < found->step_count && !may; i++) {
        const struct identity_grant *grant;
        may = found->steps[i].person == session->person ||
              case_holds_role(session, &found->steps[i], 0, &grant);
    }
    if (may)
        return 0;
    memset(found, 0, sizeof *found);
    if (fields)
        buffer_clear(fields);
    return error_set(error, "case_unknown", case_name_of(id).text, "%s", "");
}

/* Cases that were found, as many as there is room for. */
struct waiting {
    struct cases_case *list;
    size_t count, room;
};

/* Adds what waits for one grant. */
static int list_for_grant(struct store *store, const struct identity_session *session,
                          const struct identity_grant *grant, int64_t after, size_t most,
                          struct waiting *waiting, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_REQUEST_LIST_WAITING,
                    STORE_VALUES(store_text(grant->role), store_integer(grant->department),
                                 store_integer(session->person), store_integer(grant->acts_for),
                                 store_integer(after), store_integer((int64_t)most)),
                    &rows, error) != 0)
        return -1;
    int more;
    while ((more = store_rows_next(rows, error)) == 1) {
        if (waiting->count == waiting->room) {
            waiting->room = waiting->room ? 2 * waiting->room : 4;
            waiting->list = memory_resize(waiting->list, waiting->room, sizeof *waiting->list);
        }
        case_from_row(&waiting->list[waiting->count++], rows);
    }
    return more;
}

static int compare_numbers(const void *a, const void *b)
{
    int64_t left = ((const struct cases_case *)a)->id, right = ((const struct cases_case *)b)->id;
    return left < right ? -1 : left > right;
}

/* What waits for a session's roles, each once, oldest first; the caller frees the list. */
static int find_waiting(struct store *store, const struct identity_session *session, int64_t after,
                        size_t most, struct waiting *waiting, struct error *error)
{
    if (session->stage != IDENTITY_FULL)
        return 0;
    for (size_t i = 0; i < session->grant_count; i++)
        if (list_for_grant(store, session, &session->grants[i], after, most, waiting, error) != 0)
            return -1;
    if (waiting->count == 0)
        return 0;
    qsort(waiting->list, waiting->count, sizeof *waiting->list, compare_numbers);
    size_t kept = 1;
    for (size_t i = 1; i < waiting->count; i++)
        if (waiting->list[i].id != waiting->list[kept - 1].id)
            waiting->list[kept++] = waiting->list[i];
    waiting->count = kept < most ? kept : most;
    return 0;
}

int cases_waiting_for(struct store *store, const struct identity_session *session, int64_t after,
                      struct cases_case *list, size_t most, size_t *count, struct error *error)
{
    struct waiting waiting = {0};
    int result = find_waiting(store, session, after, most < WAITING_MOST ? most : WAITING_MOST,
                              &waiting, error);
    *count = result == 0 ? waiting.count : 0;
    for (size_t i = 0; i < *count; i++)
        list[i] = waiting.list[i];
    free(waiting.list);
    return result;
}

int cases_count_waiting(struct store *store, const struct identity_session *session, size_t most,
                        size_t *count, struct error *error)
{
    struct waiting waiting = {0};
    int result = find_waiting(store, session, 0, most, &waiting, error);
    *count = result == 0 ? waiting.count : 0;
    free(waiting.list);
    return result;
}

int cases_own(struct store *store, const struct identity_session *session, int64_t before,
              struct cases_case *list, size_t most, size_t *count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    *count = 0;
    if (store_query(store, STATEMENT_REQUEST_LIST_OWN,
                    STORE_VALUES(store_integer(session->person),
                                 store_integer(before > 0 ? before : INT64_MAX),
                                 store_integer((int64_t)most)),
                    &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1)
        case_from_row(&list[(*count)++], rows);
    store_rows_close(&rows);
    for (size_t i = 0; more == 0 && i < *count; i++)
        more = read_steps(store, &list[i], error);
    return more;
}
