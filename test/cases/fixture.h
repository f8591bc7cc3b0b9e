/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of cases and gate share: a town hall with a manager, and sessions of its people.
 */
#ifndef TEST_CASES_FIXTURE_H
#define TEST_CASES_FIXTURE_H

#include "../identity/fixture.h"

#include "cases/cases.h"
#include "identity/internal.h"

struct hall {
    struct store *store;
    int64_t department;
    int64_t clerk, colleague, manager, deputy; /* people */
    int64_t holding;                           /* of the manager */
};

/* A session as a full login of that person makes it. */
static inline struct identity_session hall_session(const struct hall *hall, int64_t person,
                                                   const char *zone, int64_t now)
{
    struct error error = {0};
    struct identity_person found;
    struct identity_session session = {.person = person, .stage = IDENTITY_FULL};
    expect_ok(identity_person_read(hall->store, person, NULL, &found, &error), &error);
    snprintf(session.actor, sizeof session.actor, "person/%lld", (long long)person);
    snprintf(session.zone, sizeof session.zone, "%s", zone);
    snprintf(session.language, sizeof session.language, "ja");
    session.department = found.department;
    expect_ok(identity_grants_read(hall->store, &found, now, session.grants, &session.grant_count,
                                   &error),
              &error);
    return session;
}

static inline struct hall hall_open(void *state)
{
    struct error error = {0};
    struct hall hall = {.store = fixture_store(state)};
    hall.department = fixture_department(hall.store, "0100", "総務課");
    hall.clerk = fixture_person(hall.store, "hanako", hall.department);
    hall.colleague = fixture_person(hall.store, "jiro", hall.department);
    hall.manager = fixture_person(hall.store, "kacho", hall.department);
    hall.deputy = fixture_person(hall.store, "hosa", hall.department);
    expect_ok(identity_role_grant(hall.store, &act, hall.manager, "section_manager",
                                  hall.department, NOW - TIME_DAY, 0, &hall.holding, &error),
              &error);
    return hall;
}

#endif
