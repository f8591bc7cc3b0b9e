/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#define FIELDS                                                                                     \
    "{\"purpose\":\"会議\",\"classification\":\"II\",\"personal_data\":\"no\","                  \
    "\"source\":\"lgwan\",\"destination\":\"internet\"}"

static struct error error;

static int64_t open_fields(const struct hall *hall, int64_t requester, const char *fields)
{
    const struct cases_request request = {.form = "transfer",
                                          .object = "transfer/17",
                                          .content = "files",
                                          .fields = fields,
                                          .requester = requester,
                                          .department = hall->department,
                                          .now = NOW};
    int64_t id = 0;
    expect_ok(store_begin(hall->store, &error), &error);
    if (cases_open(hall->store, &request, &id, &error) != 0) {
        store_rollback(hall->store);
        return 0;
    }
    expect_ok(store_commit(hall->store, &error), &error);
    return id;
}

static int64_t open_case(const struct hall *hall, int64_t requester)
{
    int64_t id = open_fields(hall, requester, FIELDS);
    assert_int_not_equal(id, 0);
    return id;
}

static struct cases_case read_case(const struct hall *hall, int64_t id)
{
    struct cases_case found;
    expect_ok(cases_read(hall->store, NULL, id, &found, NULL, &error), &error);
    return found;
}

static int decide(const struct hall *hall, int64_t person, int64_t id, bool approve,
                  const char *reason)
{
    struct identity_session session = hall_session(hall, person, "lgwan", NOW);
    struct cases_case found = read_case(hall, id);
    const struct cases_decision decision = {id, approve, reason, found.seen, NOW};
    return cases_decide(hall->store, &session, &decision, NULL, NULL, &error);
}

static void a_manager_approves(void **state)
{
    struct hall hall = hall_open(*state);
    int64_t id = open_case(&hall, hall.clerk);
    expect_ok(decide(&hall, hall.manager, id, true, NULL), &error);
    struct cases_case found = read_case(&hall, id);
    assert_string_equal(found.state, "approved");
    assert_int_equal(found.steps[0].person, hall.manager);
    assert_int_equal(fixture_entries(hall.store, "\"case.open\""), 1);
    assert_int_equal(fixture_entries(hall.store, "\"case.approve\""), 1);
    assert_int_equal(fixture_entries(hall.store, found.seen), 2);
    store_close(hall.store);
}

static void a_token_decides_only_when_its_person_is_present(void **state)
{
    struct hall hall = hall_open(*state);
    int64_t id = open_case(&hall, hall.clerk);
    struct identity_session session = hall_session(&hall, hall.manager, "lgwan", NOW);
    struct cases_case found = read_case(&hall, id);
    const struct cases_decision decision = {id, true, NULL, found.seen, NOW};
    session.by_token = true;
    snprintf(session.scopes[session.scope_count++], sizeof *session.scopes, "transfer.approve");
    expect_code(cases_decide(hall.store, &session, &decision, NULL, NULL, &error), &error,
                "case_by_token");
    assert_string_equal(read_case(&hall, id).state, "open");
    session.present = true;
    expect_ok(cases_decide(hall.store, &session, &decision, NULL, NULL, &error), &error);
    store_close(hall.store);
}

static void nobody_decides_on_their_own_request(void **state)
{
    struct hall hall = hall_open(*state);
    int64_t id = open_case(&hall, hall.manager);
    expect_code(decide(&hall, hall.manager, id, true, NULL), &error, "case_self");
    assert_int_equal(fixture_entries(hall.store, "\"case.self_refused\""), 1);
    assert_string_equal(read_case(&hall, id).state, "open");
    expect_ok(identity_deputy_add(hall.store, &act, hall.holding, hall.deputy, NOW - 1,
                                  NOW + TIME_DAY, NULL, &error),
              &error);
    expect_code(decide(&hall, hall.deputy, id, true, NULL), &error, "case_self");
    store_close(hall.store);
}

static void a_managers_own_request_goes_to_the_other_role(void **state)
{
    struct hall hall = hall_open(*state);
    expect_ok(identity_role_grant(hall.store, &act, hall.colleague, "system_manager", 0,
                                  NOW - TIME_DAY, 0, NULL, &error),
              &error);
    int64_t id = open_case(&hall, hall.manager);
    assert_string_equal(read_case(&hall, id).steps[0].role, "system_manager");
    expect_ok(decide(&hall, hall.colleague, id, true, NULL), &error);
    store_close(hall.store);
}

static void labelled(char fields[200], const char *label)
{
    snprintf(fields, 200,
             "{\"purpose\":\"会議\",\"classification\":\"%s\",\"personal_data\":\"no\","
             "\"source\":\"lgwan\",\"destination\":\"internet\"}",
             label);
}

static void a_role_decides_only_on_labels_that_it_may_approve(void **state)
{
    struct hall hall = hall_open(*state);
    char fields[200];
    expect_ok(identity_role_grant(hall.store, &act, hall.colleague, "system_manager", 0,
                                  NOW - TIME_DAY, 0, NULL, &error),
              &error);
    int64_t secret = open_fields(&hall, hall.clerk, (labelled(fields, "3"), fields));
    assert_string_equal(read_case(&hall, secret).label, "3");
    /* The step is moved to a role whose permission ends below that label. */
    expect_ok(store_begin(hall.store, &error), &error);
    expect_ok(store_run(hall.store, STATEMENT_REQUEST_STEP_WITHDRAW,
                        STORE_VALUES(store_integer(secret)), &error),
              &error);
    expect_ok(
        store_run(hall.store, STATEMENT_REQUEST_STEP_ADD,
                  STORE_VALUES(store_integer(secret), store_integer(1),
                               store_text("system_manager"), store_null(), store_text("open")),
                  &error),
        &error);
    expect_ok(store_run(hall.store, STATEMENT_REQUEST_GO_ON,
                        STORE_VALUES(store_integer(secret), store_integer(1)), &error),
              &error);
    expect_ok(store_commit(hall.store, &error), &error);
    expect_code(decide(&hall, hall.colleague, secret, true, NULL), &error, "case_forbidden");
    assert_string_equal(read_case(&hall, secret).state, "open");
    store_close(hall.store);
}

static void a_label_too_high_for_one_role_goes_to_the_next_one(void **state)
{
    struct hall hall = hall_open(*state);
    char fields[200];
    expect_ok(identity_role_grant(hall.store, &act, hall.colleague, "system_manager", 0,
                                  NOW - TIME_DAY, 0, NULL, &error),
              &error);
    expect_ok(identity_role_grant(hall.store, &act, hall.deputy, "deputy_ciso", 0, NOW - TIME_DAY,
                                  0, NULL, &error),
              &error);
    int64_t low = open_fields(&hall, hall.manager, (labelled(fields, "1"), fields));
    int64_t high = open_fields(&hall, hall.manager, (labelled(fields, "3"), fields));
    assert_string_equal(read_case(&hall, low).steps[0].role, "system_manager");
    assert_string_equal(read_case(&hall, high).steps[0].role, "deputy_ciso");
    expect_ok(decide(&hall, hall.deputy, high, true, NULL), &error);
    store_close(hall.store);
}

static void a_deputy_decides_in_their_days_only(void **state)
{
    struct hall hall = hall_open(*state);
    int64_t id = open_case(&hall, hall.clerk);
    expect_ok(identity_deputy_add(hall.store, &act, hall.holding, hall.deputy, NOW + TIME_DAY,
                                  NOW + 2 * TIME_DAY, NULL, &error),
              &error);
    expect_code(decide(&hall, hall.deputy, id, true, NULL), &error, "case_not_yours");
    expect_ok(identity_deputy_add(hall.store, &act, hall.holding, hall.deputy, NOW - 1,
                                  NOW + TIME_DAY, NULL, &error),
              &error);
    expect_ok(decide(&hall, hall.deputy, id, true, NULL), &error);
    assert_int_equal(read_case(&hall, id).steps[0].acts_for, hall.manager);
    store_close(hall.store);
}

static void a_refusal_needs_a_reason(void **state)
{
    struct hall hall = hall_open(*state);
    int64_t id = open_case(&hall, hall.clerk);
    expect_code(decide(&hall, hall.manager, id, false, " "), &error, "case_reason");
    expect_ok(decide(&hall, hall.manager, id, false, "宛先が違います"), &error);
    assert_string_equal(read_case(&hall, id).state, "refused");
    assert_string_equal(read_case(&hall, id).steps[0].reason, "宛先が違います");
    store_close(hall.store);
}

static void what_ended_never_changes(void **state)
{
    struct hall hall = hall_open(*state);
    int64_t id = open_case(&hall, hall.clerk);
    expect_ok(decide(&hall, hall.manager, id, true, NULL), &error);
    expect_code(decide(&hall, hall.manager, id, false, "やはり"), &error, "case_not_open");
    store_close(hall.store);
}

static void a_decision_names_what_was_seen(void **state)
{
    struct hall hall = hall_open(*state);
    int64_t id = open_case(&hall, hall.clerk);
    struct identity_session session = hall_session(&hall, hall.manager, "lgwan", NOW);
    const struct cases_decision other = {id, true, NULL, "sha256:0", NOW};
    expect_code(cases_decide(hall.store, &session, &other, NULL, NULL, &error), &error,
                "case_changed");
    assert_string_equal(read_case(&hall, id).state, "open");
    store_close(hall.store);
}

static void a_list_has_what_waits_for_a_person_and_not_their_own(void **state)
{
    struct hall hall = hall_open(*state);
    struct cases_case list[10];
    size_t count;
    int64_t first = open_case(&hall, hall.clerk);
    open_case(&hall, hall.manager);
    int64_t third = open_case(&hall, hall.colleague);
    struct identity_session manager = hall_session(&hall, hall.manager, "lgwan", NOW);
    struct identity_session clerk = hall_session(&hall, hall.clerk, "lgwan", NOW);
    expect_ok(cases_waiting_for(hall.store, &manager, 0, list, 10, &count, &error), &error);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].id, first);
    assert_int_equal(list[1].id, third);
    expect_ok(cases_waiting_for(hall.store, &manager, first, list, 10, &count, &error), &error);
    assert_int_equal(count, 1);
    expect_ok(cases_waiting_for(hall.store, &clerk, 0, list, 10, &count, &error), &error);
    assert_int_equal(count, 0);
    store_close(hall.store);
}

static void ones_own_cases_come_newest_first_with_their_steps(void **state)
{
    struct hall hall = hall_open(*state);
    struct cases_case list[10];
    size_t count;
    int64_t first = open_case(&hall, hall.clerk);
    open_case(&hall, hall.colleague);
    int64_t third = open_case(&hall, hall.clerk);
    struct identity_session clerk = hall_session(&hall, hall.clerk, "lgwan", NOW);
    expect_ok(cases_own(hall.store, &clerk, 0, list, 10, &count, &error), &error);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].id, third);
    assert_int_equal(list[1].id, first);
    assert_int_equal(list[1].step_count, 1);
    assert_string_equal(list[1].steps[0].state, "open");
    expect_ok(cases_own(hall.store, &clerk, third, list, 10, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_int_equal(list[0].id, first);
    expect_ok(cases_own(hall.store, &clerk, 0, list, 1, &count, &error), &error);
    assert_int_equal(count, 1);
    store_close(hall.store);
}

static void a_case_is_shown_to_those_concerned_only(void **state)
{
    struct hall hall = hall_open(*state);
    struct cases_case found;
    AUTO_BUFFER fields = {0};
    int64_t id = open_case(&hall, hall.clerk);
    struct identity_session clerk = hall_session(&hall, hall.clerk, "lgwan", NOW);
    struct identity_session colleague = hall_session(&hall, hall.colleague, "lgwan", NOW);
    expect_ok(cases_read(hall.store, &clerk, id, &found, &fields, &error), &error);
    assert_string_equal(buffer_string(&fields), FIELDS);
    expect_code(cases_read(hall.store, &colleague, id, &found, NULL, &error), &error,
                "case_unknown");
    assert_int_equal(found.id, 0);
    store_close(hall.store);
}

static void fields_are_held_against_the_form(void **state)
{
    struct hall hall = hall_open(*state);
    static const char *const bad[] = {
        "{}",
        "[]",
        "not json",
        "{\"purpose\":\"\",\"classification\":\"II\",\"personal_data\":\"no\",\"source\":\"a\","
        "\"destination\":\"b\"}",
        "{\"purpose\":\"p\",\"classification\":\"II\",\"personal_data\":\"perhaps\",\"source\":"
        "\"a\",\"destination\":\"b\"}",
        "{\"purpose\":\"p\",\"classification\":\"II\",\"personal_data\":\"no\",\"source\":\"a\","
        "\"destination\":\"b\",\"more\":\"x\"}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(open_fields(&hall, hall.clerk, bad[i]), 0);
        assert_string_equal(error.code, "case_bad_field");
    }
    store_close(hall.store);
}

static int refuse_outcome(struct store *store, const struct cases_case *decided, bool approved,
                          const struct identity_act *by, struct error *why)
{
    (void)store;
    (void)approved;
    (void)by;
    return error_set(why, "store_failed", decided->object, "%s", "");
}

static void an_outcome_that_fails_undoes_the_decision(void **state)
{
    struct hall hall = hall_open(*state);
    int64_t id = open_case(&hall, hall.clerk);
    struct identity_session session = hall_session(&hall, hall.manager, "lgwan", NOW);
    struct cases_case found = read_case(&hall, id);
    const struct cases_decision decision = {id, true, NULL, found.seen, NOW};
    const struct cases_outcome outcomes[] = {{"transfer/", refuse_outcome}, {NULL, NULL}};
    expect_code(cases_decide(hall.store, &session, &decision, outcomes, NULL, &error), &error,
                "store_failed");
    assert_string_equal(read_case(&hall, id).state, "open");
    assert_int_equal(fixture_entries(hall.store, "\"case.approve\""), 0);
    store_close(hall.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(a_manager_approves),
        scratch_unit_test(a_token_decides_only_when_its_person_is_present),
        scratch_unit_test(nobody_decides_on_their_own_request),
        scratch_unit_test(a_managers_own_request_goes_to_the_other_role),
        scratch_unit_test(a_role_decides_only_on_labels_that_it_may_approve),
        scratch_unit_test(a_label_too_high_for_one_role_goes_to_the_next_one),
        scratch_unit_test(a_deputy_decides_in_their_days_only),
        scratch_unit_test(a_refusal_needs_a_reason),
        scratch_unit_test(what_ended_never_changes),
        scratch_unit_test(a_decision_names_what_was_seen),
        scratch_unit_test(a_list_has_what_waits_for_a_person_and_not_their_own),
        scratch_unit_test(ones_own_cases_come_newest_first_with_their_steps),
        scratch_unit_test(a_case_is_shown_to_those_concerned_only),
        scratch_unit_test(fields_are_held_against_the_form),
        scratch_unit_test(an_outcome_that_fails_undoes_the_decision),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
