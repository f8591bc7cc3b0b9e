/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "identity/permissions.h"
#include "identity/tables.h"

static struct identity_session session_of(const char *role)
{
    struct identity_session session = {.stage = IDENTITY_FULL, .grant_count = 1, .zone = "lgwan"};
    strncpy(session.grants[0].role, role, IDENTITY_ROLE_SIZE - 1);
    return session;
}

static void what_no_row_allows_is_forbidden(void **state)
{
    (void)state;
    struct identity_session staff = session_of("staff");
    assert_true(identity_may(&staff, "transfer.send", "lgwan", "2"));
    assert_false(identity_may(&staff, "transfer.approve", NULL, NULL));
    assert_false(identity_may(&staff, "transfer.fly", NULL, NULL));
    assert_false(identity_may(&staff, "journal.read", "lgwan", NULL));
    struct identity_session auditor = session_of("auditor");
    assert_true(identity_may(&auditor, "journal.read", "internet", "3A"));
    assert_false(identity_may(&auditor, "people.manage", NULL, NULL));
    assert_false(identity_may(&auditor, "transfer.send", "lgwan", NULL));
}

static void here_is_the_zone_of_the_session(void **state)
{
    (void)state;
    struct identity_session staff = session_of("staff");
    assert_false(identity_may(&staff, "transfer.send", "internet", NULL));
    assert_true(identity_may(&staff, "transfer.send", NULL, NULL));
}

static void a_classification_limits_and_an_unknown_one_is_the_highest(void **state)
{
    (void)state;
    struct identity_session staff = session_of("staff");
    assert_true(identity_may(&staff, "transfer.emergency", "lgwan", "3B"));
    assert_false(identity_may(&staff, "transfer.emergency", "lgwan", "3A"));
    assert_false(identity_may(&staff, "transfer.emergency", "lgwan", "謎"));
    assert_int_equal(identity_classification_rank("I"), 4);
    assert_int_equal(identity_classification_rank("Ⅳ"), 0);
}

static void a_session_that_owes_something_may_do_nothing(void **state)
{
    (void)state;
    struct identity_session staff = session_of("staff");
    for (int stage = IDENTITY_WRONG; stage < IDENTITY_FULL; stage++) {
        staff.stage = (enum identity_stage)stage;
        assert_false(identity_may(&staff, "transfer.send", "lgwan", NULL));
    }
}

static void a_token_does_no_more_than_its_scopes_and_its_person(void **state)
{
    (void)state;
    struct identity_session staff = session_of("staff");
    staff.by_token = true;
    assert_false(identity_may(&staff, "transfer.send", "lgwan", NULL));
    strcpy(staff.scopes[0], "transfer.send");
    strcpy(staff.scopes[1], "journal.read");
    staff.scope_count = 2;
    assert_true(identity_may(&staff, "transfer.send", "lgwan", NULL));
    assert_false(identity_may(&staff, "transfer.receive", "lgwan", NULL));
    assert_false(identity_may(&staff, "journal.read", "lgwan", NULL));
}

static void a_role_for_one_department_is_none_for_another(void **state)
{
    (void)state;
    struct identity_session manager = session_of("section_manager");
    manager.grants[0].department = 3;
    assert_true(identity_holds(&manager, "section_manager", 3));
    assert_true(identity_holds(&manager, "section_manager", 0));
    assert_false(identity_holds(&manager, "section_manager", 4));
    assert_false(identity_holds(&manager, "ciso", 3));
}

static void every_row_names_a_role_that_exists_and_every_role_has_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < permission_count; i++)
        assert_true(identity_role_known(permission_table[i].role));
    for (size_t i = 0; identity_roles[i]; i++) {
        size_t rows = 0;
        for (size_t j = 0; j < permission_count; j++)
            rows += !strcmp(permission_table[j].role, identity_roles[i]);
        assert_true(rows > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_no_row_allows_is_forbidden),
        cmocka_unit_test(here_is_the_zone_of_the_session),
        cmocka_unit_test(a_classification_limits_and_an_unknown_one_is_the_highest),
        cmocka_unit_test(a_session_that_owes_something_may_do_nothing),
        cmocka_unit_test(a_token_does_no_more_than_its_scopes_and_its_person),
        cmocka_unit_test(a_role_for_one_department_is_none_for_another),
        cmocka_unit_test(every_row_names_a_role_that_exists_and_every_role_has_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
