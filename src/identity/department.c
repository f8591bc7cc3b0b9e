/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Departments. */
#include "identity/internal.h"

#include "base/utf8.h"

static void read_row(const struct store_rows *rows, struct identity_department *department)
{
    *department = (struct identity_department){
        .id = store_rows_integer(rows, 0),
        .parent = store_rows_integer(rows, 3),
        .closed = store_rows_integer(rows, 4),
    };
    utf8_copy(department->code, sizeof department->code, store_rows_text(rows, 1));
    utf8_copy(department->name, sizeof department->name, store_rows_text(rows, 2));
}

int identity_department_read(struct store *store, int64_t id, const char *code,
                             struct identity_department *department, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_DEPARTMENT_READ,
                    STORE_VALUES(store_integer(id), store_text(code ? code : "")), &rows,
                    error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 0)
        return error_set(error, "identity_unknown", "department", "%s", code ? code : "");
    if (found == 1)
        read_row(rows, department);
    return found == 1 ? 0 : -1;
}

int identity_department_list(struct store *store, const char *after_code,
                             struct identity_department *list, size_t most, size_t *count,
                             struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int found;
    *count = 0;
    if (store_query(store, STATEMENT_DEPARTMENT_LIST,
                    STORE_VALUES(store_text(after_code), store_integer((int64_t)most)), &rows,
                    error) != 0)
        return -1;
    while ((found = store_rows_next(rows, error)) == 1)
        read_row(rows, &list[(*count)++]);
    return found;
}

/* A parent exists and is not below the department itself. */
static int check_parent(struct store *store, const struct identity_department *department,
                        struct error *error)
{
    struct identity_department above = {.parent = department->parent};
    for (int depth = 0; above.parent; depth++) {
        if (above.parent == department->id || depth > 16)
            return error_set(error, "identity_bad_value", "parent", "%s", "");
        int64_t parent = above.parent;
        if (identity_department_read(store, parent, NULL, &above, error) != 0)
            return error_set(error, "identity_department_unknown", "parent", "%s", "");
    }
    return 0;
}

/* Nobody may belong to a department that is closed. */
static int check_empty(struct store *store, const struct identity_department *department,
                       int64_t now, struct error *error)
{
    int64_t people = 0;
    if (department->closed == 0 || department->closed > now || department->id == 0)
        return 0;
    if (identity_run_returning(store, STATEMENT_DEPARTMENT_PEOPLE,
                               STORE_VALUES(store_integer(department->id), store_integer(now)),
                               &people, error) != 0)
        return -1;
    struct identity_text count = identity_number(people);
    return people ? error_set(error, "identity_department_used", "closed", "%s", count.text) : 0;
}

static int write(struct store *store, const struct identity_act *act,
                 struct identity_department *department, struct error *error)
{
    struct identity_department other;
    bool add = department->id == 0;
    if (check_parent(store, department, error) != 0 ||
        check_empty(store, department, act->now, error) != 0)
        return -1;
    if (!add && identity_department_read(store, department->id, NULL, &other, error) != 0)
        return -1;
    if (identity_department_read(store, 0, department->code, &other, NULL) == 0 &&
        other.id != department->id)
        return error_set(error, "identity_department_taken", "code", "%s", department->code);
    if (add) {
        if (identity_run_returning(store, STATEMENT_DEPARTMENT_ADD,
                                   STORE_VALUES(store_text(department->code),
                                                store_text(department->name),
                                                identity_or_null(department->parent),
                                                identity_or_null(department->closed)),
                                   &department->id, error) != 0)
            return -1;
    } else if (store_run(store, STATEMENT_DEPARTMENT_CHANGE,
                         STORE_VALUES(store_integer(department->id), store_text(department->code),
                                      store_text(department->name),
                                      identity_or_null(department->parent),
                                      identity_or_null(department->closed)),
                         error) != 0) {
        return -1;
    }
    return identity_record(
        store, act, add ? "department.add" : "department.change", "department", department->id,
        IDENTITY_FACTS({"code", department->code}, {"name", department->name}), error);
}

int identity_department_save(struct store *store, const struct identity_act *act,
                             struct identity_department *department, struct error *error)
{
    struct identity_department wanted = *department;
    if (identity_check_text(wanted.code, "code", false, error) != 0 ||
        identity_check_text(wanted.name, "name", false, error) != 0 ||
        store_begin(store, error) != 0 ||
        store_conclude(store, write(store, act, &wanted, error), error) != 0)
        return -1;
    *department = wanted;
    return 0;
}
