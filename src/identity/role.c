/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roles, their holders and deputies, and who can be asked for a decision. */
#include "identity/internal.h"

#include "base/utf8.h"

const char *const identity_roles[] = {
    "staff", "section_manager", "system_manager", "deputy_ciso", "ciso", "auditor", NULL,
};

/* Whoever can change what others may do, or see what others cannot, works under stricter rules. */
static const char *const privileged_roles[] = {"system_manager", "deputy_ciso", "ciso", "auditor",
                                               NULL};

static bool named(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (!strcmp(*names, name))
            return true;
    return false;
}

bool identity_role_known(const char *role)
{
    return named(identity_roles, role);
}

bool identity_role_privileged(const char *role)
{
    return named(privileged_roles, role);
}

bool identity_grants_privileged(const struct identity_grant *grants, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (identity_role_privileged(grants[i].role))
            return true;
    return false;
}

int identity_grants_read(struct store *store, const struct identity_person *person, int64_t now,
                         struct identity_grant *grants, size_t *count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int found;
    *count = 0;
    if (strcmp(person->employment, "contractor") != 0)
        grants[(*count)++] = (struct identity_grant){.role = "staff"};
    if (store_query(store, STATEMENT_ROLE_GRANTS,
                    STORE_VALUES(store_integer(person->id), store_integer(now),
                                 store_integer((int64_t)(IDENTITY_GRANTS - *count))),
                    &rows, error) != 0)
        return -1;
    while ((found = store_rows_next(rows, error)) == 1) {
        struct identity_grant *next = &grants[(*count)++];
        utf8_copy(next->role, sizeof next->role, store_rows_text(rows, 0));
        next->department = store_rows_integer(rows, 1);
        next->acts_for = store_rows_integer(rows, 2);
    }
    return found;
}

/* Nobody takes a role alone: another person has to give it. */
static int check_giver(const struct identity_act *act, int64_t person, const char *field,
                       struct error *error)
{
    AUTO_BUFFER actor = {0};
    struct identity_text number = identity_number(person);
    buffer_append_format(&actor, "person/%s", number.text);
    bool himself = act->actor && !strcmp(act->actor, buffer_string(&actor));
    return himself ? error_set(error, "identity_self", field, "%s", "") : 0;
}

/* ---- holders ---- */

static int grant(struct store *store, const struct identity_act *act, int64_t person_id,
                 const char *role, int64_t department, int64_t starts, int64_t ends, int64_t *id,
                 struct error *error)
{
    struct identity_person person;
    struct identity_department place;
    if (identity_person_read(store, person_id, NULL, &person, error) != 0)
        return -1;
    if (department && identity_department_read(store, department, NULL, &place, error) != 0)
        return error_set(error, "identity_department_unknown", "department", "%s", "");
    if (identity_run_returning(store, STATEMENT_ROLE_GRANT,
                               STORE_VALUES(store_integer(person_id), store_text(role),
                                            identity_or_null(department), store_integer(starts),
                                            identity_or_null(ends)),
                               id, error) != 0)
        return -1;
    struct identity_text number = identity_number(department);
    return identity_record(store, act, "role.grant", "person", person_id,
                           IDENTITY_FACTS({"role", role}, {"department", number.text}), error);
}

int identity_role_grant(struct store *store, const struct identity_act *act, int64_t person,
                        const char *role, int64_t department, int64_t starts, int64_t ends,
                        int64_t *id, struct error *error)
{
    int64_t unused;
    if (!identity_role_known(role))
        return error_set(error, "identity_role_unknown", "role", "%s", role);
    if (ends && ends < starts)
        return error_set(error, "identity_bad_value", "ends", "%s", "");
    if (check_giver(act, person, "role", error) != 0 || store_begin(store, error) != 0)
        return -1;
    return store_conclude(
        store, grant(store, act, person, role, department, starts, ends, id ? id : &unused, error),
        error);
}

/* Reads who holds what under a number. */
static int holding_read(struct store *store, int64_t id, struct identity_holder *holder,
                        struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_ROLE_READ, STORE_VALUES(store_integer(id)), &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found < 0 ? -1 : error_set(error, "identity_unknown", "role", "%s", "");
    *holder = (struct identity_holder){
        .id = id,
        .person = store_rows_integer(rows, 0),
        .department = store_rows_integer(rows, 2),
        .starts = store_rows_integer(rows, 3),
        .ends = store_rows_integer(rows, 4),
    };
    utf8_copy(holder->role, sizeof holder->role, store_rows_text(rows, 1));
    return 0;
}

static int end_holding(struct store *store, const struct identity_act *act, int64_t id,
                       struct error *error)
{
    struct identity_holder holder;
    if (holding_read(store, id, &holder, error) != 0 ||
        store_run(store, STATEMENT_DEPUTY_END_ALL,
                  STORE_VALUES(store_integer(id), store_integer(act->now)), error) != 0 ||
        store_run(store, STATEMENT_ROLE_END,
                  STORE_VALUES(store_integer(id), store_integer(act->now)), error) != 0)
        return -1;
    if (store_changed_rows(store) == 0)
        return error_set(error, "identity_unknown", "role", "%s", "");
    struct identity_text number = identity_number(holder.department);
    return identity_record(store, act, "role.end", "person", holder.person,
                           IDENTITY_FACTS({"role", holder.role}, {"department", number.text}),
                           error);
}

int identity_role_end(struct store *store, const struct identity_act *act, int64_t id,
                      struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, end_holding(store, act, id, error), error);
}

int identity_role_list(struct store *store, int64_t person, int64_t now, int64_t after,
                       struct identity_holder *list, size_t most, size_t *count,
                       struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int found;
    *count = 0;
    if (store_query(store, STATEMENT_ROLE_LIST,
                    STORE_VALUES(store_integer(person), store_integer(now), store_integer(after),
                                 store_integer((int64_t)most)),
                    &rows, error) != 0)
        return -1;
    while ((found = store_rows_next(rows, error)) == 1) {
        struct identity_holder *holder = &list[(*count)++];
        *holder = (struct identity_holder){
            .id = store_rows_integer(rows, 0),
            .person = store_rows_integer(rows, 1),
            .department = store_rows_integer(rows, 4),
            .starts = store_rows_integer(rows, 5),
            .ends = store_rows_integer(rows, 6),
        };
        utf8_copy(holder->name, sizeof holder->name, store_rows_text(rows, 2));
        utf8_copy(holder->role, sizeof holder->role, store_rows_text(rows, 3));
    }
    return found;
}

int identity_end_holdings(struct store *store, const struct identity_act *act, int64_t person,
                          int64_t department, struct error *error)
{
    struct identity_holder list[32];
    size_t count;
    int64_t after = 0;
    do {
        if (identity_role_list(store, person, act->now, after, list, 32, &count, error) != 0)
            return -1;
        for (size_t i = 0; i < count; i++) {
            after = list[i].id;
            if ((department == 0 || list[i].department == department) &&
                end_holding(store, act, list[i].id, error) != 0)
                return -1;
        }
    } while (count == 32);
    return 0;
}

/* ---- deputies ---- */

static int deputy_add(struct store *store, const struct identity_act *act, int64_t holder_id,
                      int64_t person_id, int64_t starts, int64_t ends, int64_t *id,
                      struct error *error)
{
    struct identity_holder holder;
    struct identity_person person;
    if (holding_read(store, holder_id, &holder, error) != 0 ||
        identity_person_read(store, person_id, NULL, &person, error) != 0)
        return -1;
    if (holder.person == person_id)
        return error_set(error, "identity_deputy_self", "person", "%s", "");
    if (holder.ends && holder.ends <= act->now)
        return error_set(error, "identity_unknown", "role", "%s", "");
    if (check_giver(act, person_id, "person", error) != 0)
        return -1;
    if (identity_run_returning(store, STATEMENT_DEPUTY_ADD,
                               STORE_VALUES(store_integer(holder_id), store_integer(person_id),
                                            store_integer(starts), store_integer(ends)),
                               id, error) != 0)
        return -1;
    struct identity_text number = identity_number(person_id);
    return identity_record(store, act, "deputy.name", "person", holder.person,
                           IDENTITY_FACTS({"deputy", number.text}, {"role", holder.role}), error);
}

int identity_deputy_add(struct store *store, const struct identity_act *act, int64_t holder,
                        int64_t person, int64_t starts, int64_t ends, int64_t *id,
                        struct error *error)
{
    int64_t unused;
    if (ends <= starts)
        return error_set(error, "identity_bad_value", "ends", "%s", "");
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(
        store, deputy_add(store, act, holder, person, starts, ends, id ? id : &unused, error),
        error);
}

/* The holder and the person of a deputy's number. */
static int deputy_read(struct store *store, int64_t id, int64_t *holder, int64_t *person,
                       struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_DEPUTY_READ, STORE_VALUES(store_integer(id)), &rows, error) !=
        0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found < 0 ? -1 : error_set(error, "identity_unknown", "deputy", "%s", "");
    *holder = store_rows_integer(rows, 0);
    *person = store_rows_integer(rows, 1);
    return 0;
}

static int deputy_end(struct store *store, const struct identity_act *act, int64_t id,
                      struct error *error)
{
    struct identity_holder holder;
    int64_t holding = 0, person = 0;
    if (deputy_read(store, id, &holding, &person, error) != 0 ||
        holding_read(store, holding, &holder, error) != 0 ||
        store_run(store, STATEMENT_DEPUTY_END,
                  STORE_VALUES(store_integer(id), store_integer(act->now)), error) != 0)
        return -1;
    struct identity_text number = identity_number(person);
    return identity_record(store, act, "deputy.end", "person", holder.person,
                           IDENTITY_FACTS({"deputy", number.text}, {"role", holder.role}), error);
}

int identity_deputy_end(struct store *store, const struct identity_act *act, int64_t id,
                        struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, deputy_end(store, act, id, error), error);
}

int identity_deputy_list(struct store *store, int64_t holder, int64_t now,
                         struct identity_deputy *list, size_t most, size_t *count,
                         struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int found;
    *count = 0;
    if (store_query(
            store, STATEMENT_DEPUTY_LIST,
            STORE_VALUES(store_integer(holder), store_integer(now), store_integer((int64_t)most)),
            &rows, error) != 0)
        return -1;
    while ((found = store_rows_next(rows, error)) == 1) {
        struct identity_deputy *deputy = &list[(*count)++];
        *deputy = (struct identity_deputy){
            .id = store_rows_integer(rows, 0),
            .holder = store_rows_integer(rows, 1),
            .person = store_rows_integer(rows, 2),
            .starts = store_rows_integer(rows, 4),
            .ends = store_rows_integer(rows, 5),
        };
        utf8_copy(deputy->name, sizeof deputy->name, store_rows_text(rows, 3));
    }
    return found;
}

/* ---- who can be asked ---- */

int identity_approvers(struct store *store, const char *role, int64_t department, int64_t now,
                       struct identity_approver *list, size_t most, size_t *count,
                       struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int found;
    *count = 0;
    if (store_query(store, STATEMENT_APPROVER_LIST,
                    STORE_VALUES(store_text(role), store_integer(department), store_integer(now),
                                 store_integer((int64_t)most)),
                    &rows, error) != 0)
        return -1;
    while ((found = store_rows_next(rows, error)) == 1) {
        struct identity_approver *approver = &list[(*count)++];
        *approver = (struct identity_approver){
            .person = store_rows_integer(rows, 0),
            .acts_for = store_rows_integer(rows, 1),
        };
        utf8_copy(approver->name, sizeof approver->name, store_rows_text(rows, 2));
    }
    return found;
}
