/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the identity room share: a small town hall. */
#ifndef TEST_IDENTITY_FIXTURE_H
#define TEST_IDENTITY_FIXTURE_H

#include "../store/fixture.h"

#include "base/time.h"
#include "identity/people.h"
#include "store/outbox.h"

#define NOW    (INT64_C(1800000000) * TIME_SECOND)
#define MINUTE (60 * TIME_SECOND)

static const struct identity_act act = {
    .actor = "setup", .address = "127.0.0.1", .zone = "lgwan", .now = NOW};

static inline int64_t fixture_department(struct store *store, const char *code, const char *name)
{
    struct identity_department department = {0};
    struct error error = {0};
    snprintf(department.code, sizeof department.code, "%s", code);
    snprintf(department.name, sizeof department.name, "%s", name);
    expect_ok(identity_department_save(store, &act, &department, &error), &error);
    return department.id;
}

static inline struct identity_person fixture_new_person(const char *login, int64_t department)
{
    struct identity_person person = {.department = department, .starts = NOW - TIME_DAY};
    snprintf(person.login, sizeof person.login, "%s", login);
    snprintf(person.name, sizeof person.name, "見本 %s", login);
    snprintf(person.kana, sizeof person.kana, "ミホン %s", login);
    snprintf(person.employment, sizeof person.employment, "regular");
    return person;
}

static inline int64_t fixture_person(struct store *store, const char *login, int64_t department)
{
    struct identity_person person = fixture_new_person(login, department);
    struct error error = {0};
    expect_ok(identity_person_save(store, &act, &person, &error), &error);
    return person.id;
}

/* How many entries of the journal hold a text. */
static inline unsigned fixture_entries(struct store *store, const char *text)
{
    AUTO_ROWS *rows = NULL;
    unsigned count = 0;
    assert_int_equal(store_query(store, STATEMENT_OUTBOX_READ,
                                 STORE_VALUES(store_integer(0), store_integer(100000)), &rows,
                                 NULL),
                     0);
    while (store_rows_next(rows, NULL) == 1)
        count += bytes_find(store_rows_blob(rows, 1), 0, text) != SIZE_MAX;
    return count;
}

#endif
