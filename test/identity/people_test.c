/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "identity/internal.h"

static struct error error;

static void a_person_joins_with_an_entry_that_holds_no_name(void **state)
{
    struct store *store = fixture_store(*state);
    struct identity_person person;
    int64_t id = fixture_person(store, "hanako", fixture_department(store, "0100", "総務課"));
    expect_ok(identity_person_read(store, 0, "hanako", &person, &error), &error);
    assert_int_equal(person.id, id);
    assert_string_equal(person.department_name, "総務課");
    assert_string_equal(person.language, "ja");
    assert_int_equal(fixture_entries(store, "\"person.add\""), 1);
    assert_int_equal(fixture_entries(store, "hanako"), 0);
    store_close(store);
}

static void what_cannot_be_a_person_is_refused_and_leaves_nothing(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t place = fixture_department(store, "0100", "総務課");
    fixture_person(store, "hanako", place);
    struct identity_person person = fixture_new_person("hanako", place);
    expect_code(identity_person_save(store, &act, &person, &error), &error, "identity_login_taken");
    person = fixture_new_person("Hanako", place);
    expect_code(identity_person_save(store, &act, &person, &error), &error, "identity_bad_value");
    person = fixture_new_person("jiro", place + 7);
    expect_code(identity_person_save(store, &act, &person, &error), &error,
                "identity_department_unknown");
    person = fixture_new_person("jiro", place);
    snprintf(person.employment, sizeof person.employment, "friend");
    expect_code(identity_person_save(store, &act, &person, &error), &error, "identity_bad_value");
    person = fixture_new_person("jiro", place);
    snprintf(person.name, sizeof person.name, "a\nb");
    expect_code(identity_person_save(store, &act, &person, &error), &error, "identity_bad_value");
    assert_int_equal(person.id, 0);
    assert_int_equal(fixture_entries(store, "\"person.add\""), 1);
    store_close(store);
}

static void a_shared_id_needs_a_reason_and_an_end(void **state)
{
    struct store *store = fixture_store(*state);
    struct identity_person person =
        fixture_new_person("window1", fixture_department(store, "0100", "総務課"));
    snprintf(person.shared_reason, sizeof person.shared_reason, "窓口の共用端末");
    expect_code(identity_person_save(store, &act, &person, &error), &error,
                "identity_shared_undeclared");
    person.shared_until = NOW + TIME_DAY;
    expect_ok(identity_person_save(store, &act, &person, &error), &error);
    assert_true(identity_person_open(&person, NOW));
    assert_false(identity_person_open(&person, NOW + TIME_DAY));
    store_close(store);
}

static void who_moves_loses_the_roles_of_the_old_department_only(void **state)
{
    struct store *store = fixture_store(*state);
    struct identity_person person;
    struct identity_holder list[4];
    size_t count;
    int64_t old = fixture_department(store, "0100", "総務課");
    int64_t new = fixture_department(store, "0200", "税務課");
    int64_t id = fixture_person(store, "hanako", old);
    expect_ok(identity_role_grant(store, &act, id, "section_manager", old, NOW, 0, NULL, &error),
              &error);
    expect_ok(identity_role_grant(store, &act, id, "auditor", 0, NOW, 0, NULL, &error), &error);
    expect_ok(identity_person_read(store, id, NULL, &person, &error), &error);
    person.department = new;
    expect_ok(identity_person_save(store, &act, &person, &error), &error);
    expect_ok(identity_role_list(store, id, NOW, 0, list, 4, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_string_equal(list[0].role, "auditor");
    assert_int_equal(fixture_entries(store, "\"person.move\""), 1);
    assert_int_equal(fixture_entries(store, "\"role.end\""), 1);
    store_close(store);
}

static void who_leaves_holds_nothing_any_more(void **state)
{
    struct store *store = fixture_store(*state);
    struct identity_person person;
    struct identity_approver approvers[4];
    size_t count;
    int64_t place = fixture_department(store, "0100", "総務課");
    int64_t id = fixture_person(store, "hanako", place),
            other = fixture_person(store, "jiro", place);
    int64_t holding;
    expect_ok(identity_role_grant(store, &act, other, "ciso", 0, NOW, 0, &holding, &error), &error);
    expect_ok(identity_deputy_add(store, &act, holding, id, NOW, NOW + TIME_DAY, NULL, &error),
              &error);
    expect_ok(identity_approvers(store, "ciso", place, NOW, approvers, 4, &count, &error), &error);
    assert_int_equal(count, 2);
    expect_ok(identity_person_read(store, id, NULL, &person, &error), &error);
    person.ends = NOW;
    expect_ok(identity_person_save(store, &act, &person, &error), &error);
    assert_false(identity_person_open(&person, NOW));
    expect_ok(identity_approvers(store, "ciso", place, NOW, approvers, 4, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_int_equal(approvers[0].person, other);
    assert_int_equal(fixture_entries(store, "\"person.leave\""), 1);
    store_close(store);
}

/* Who can be asked as a section manager of a department: the persons in order. */
static size_t asked(struct store *store, int64_t department, int64_t now, int64_t people[4],
                    int64_t acts_for[4])
{
    struct identity_approver list[4];
    size_t count;
    expect_ok(
        identity_approvers(store, "section_manager", department, now, list, 4, &count, &error),
        &error);
    for (size_t i = 0; i < count; i++) {
        people[i] = list[i].person;
        acts_for[i] = list[i].acts_for;
    }
    return count;
}

static void approvers_are_those_who_hold_the_role_there_and_can_be_reached(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t place = fixture_department(store, "0100", "総務課");
    int64_t elsewhere = fixture_department(store, "0200", "税務課");
    int64_t holder = fixture_person(store, "hanako", place);
    int64_t deputy = fixture_person(store, "jiro", place);
    int64_t holding, people[4], acts_for[4];
    expect_ok(identity_role_grant(store, &act, holder, "section_manager", place, NOW, 0, &holding,
                                  &error),
              &error);
    expect_ok(identity_deputy_add(store, &act, holding, deputy, NOW + TIME_DAY, NOW + 2 * TIME_DAY,
                                  NULL, &error),
              &error);
    assert_int_equal(asked(store, elsewhere, NOW, people, acts_for), 0);
    assert_int_equal(asked(store, place, NOW, people, acts_for), 1);
    assert_int_equal(people[0], holder);
    assert_int_equal(asked(store, place, NOW + TIME_DAY, people, acts_for), 2);
    assert_int_equal(people[1], deputy);
    assert_int_equal(acts_for[1], holder);
    assert_int_equal(asked(store, place, NOW + 2 * TIME_DAY, people, acts_for), 1);
    expect_ok(identity_person_away(store, &act, holder, NOW, NOW + 3 * TIME_DAY, &error), &error);
    assert_int_equal(asked(store, place, NOW, people, acts_for), 0);
    assert_int_equal(asked(store, place, NOW + TIME_DAY, people, acts_for), 1);
    assert_int_equal(people[0], deputy);
    expect_ok(identity_person_suspend(store, &act, deputy, true, &error), &error);
    assert_int_equal(asked(store, place, NOW + TIME_DAY, people, acts_for), 0);
    expect_ok(identity_person_suspend(store, &act, deputy, false, &error), &error);
    expect_ok(identity_role_end(store, &act, holding, &error), &error);
    assert_int_equal(asked(store, place, NOW + TIME_DAY, people, acts_for), 0);
    store_close(store);
}

static void nobody_is_their_own_deputy(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t holding, id = fixture_person(store, "hanako", fixture_department(store, "1", "課"));
    expect_ok(identity_role_grant(store, &act, id, "ciso", 0, NOW, 0, &holding, &error), &error);
    expect_code(identity_deputy_add(store, &act, holding, id, NOW, NOW + 1, NULL, &error), &error,
                "identity_deputy_self");
    expect_code(identity_role_grant(store, &act, id, "king", 0, NOW, 0, NULL, &error), &error,
                "identity_role_unknown");
    store_close(store);
}

static void a_list_comes_in_pages_without_gap_or_double(void **state)
{
    struct store *store = fixture_store(*state);
    struct identity_person list[3];
    int64_t place = fixture_department(store, "0100", "総務課");
    char login[8], kana[IDENTITY_NAME_SIZE] = "";
    for (int i = 0; i < 7; i++) {
        snprintf(login, sizeof login, "p%d", i);
        fixture_person(store, login, place);
    }
    struct identity_person_page page = {.now = NOW, .after_kana = kana};
    unsigned seen = 0;
    size_t count;
    do {
        expect_ok(identity_person_list(store, &page, list, 3, &count, &error), &error);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(list[i].login[1] - '0', seen++);
        if (count) {
            memcpy(kana, list[count - 1].kana, sizeof kana);
            page.after_id = list[count - 1].id;
        }
    } while (count == 3);
    assert_int_equal(seen, 7);
    page = (struct identity_person_page){.now = NOW, .search = "%"};
    expect_ok(identity_person_list(store, &page, list, 3, &count, &error), &error);
    assert_int_equal(count, 0);
    page.search = "p3";
    expect_ok(identity_person_list(store, &page, list, 3, &count, &error), &error);
    assert_int_equal(count, 1);
    store_close(store);
}

static void a_department_is_not_below_itself_and_its_code_is_its_own(void **state)
{
    struct store *store = fixture_store(*state);
    struct identity_department upper, lower, again = {.code = "0100", .name = "別の課"};
    int64_t id = fixture_department(store, "0100", "総務部");
    expect_ok(identity_department_read(store, id, NULL, &upper, &error), &error);
    lower = (struct identity_department){.code = "0110", .name = "総務課", .parent = id};
    expect_ok(identity_department_save(store, &act, &lower, &error), &error);
    upper.parent = lower.id;
    expect_code(identity_department_save(store, &act, &upper, &error), &error,
                "identity_bad_value");
    expect_code(identity_department_save(store, &act, &again, &error), &error,
                "identity_department_taken");
    store_close(store);
}

static void nobody_gives_a_role_or_a_deputy_to_himself(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t place = fixture_department(store, "1", "課"), holding;
    int64_t id = fixture_person(store, "hanako", place),
            other = fixture_person(store, "jiro", place);
    char actor[32];
    snprintf(actor, sizeof actor, "person/%d", (int)id);
    struct identity_act own = {.actor = actor, .now = NOW};
    expect_code(identity_role_grant(store, &own, id, "ciso", 0, NOW, 0, NULL, &error), &error,
                "identity_self");
    expect_ok(identity_role_grant(store, &own, other, "ciso", 0, NOW, 0, &holding, &error), &error);
    expect_code(identity_deputy_add(store, &own, holding, id, NOW, NOW + TIME_DAY, NULL, &error),
                &error, "identity_self");
    store_close(store);
}

static void a_department_with_people_is_not_closed(void **state)
{
    struct store *store = fixture_store(*state);
    struct identity_department place;
    struct identity_person person;
    int64_t id = fixture_department(store, "0100", "総務課"),
            who = fixture_person(store, "hanako", id);
    expect_ok(identity_department_read(store, id, NULL, &place, &error), &error);
    place.closed = NOW;
    expect_code(identity_department_save(store, &act, &place, &error), &error,
                "identity_department_used");
    assert_string_equal(error.detail, "1");
    expect_ok(identity_person_read(store, who, NULL, &person, &error), &error);
    person.ends = NOW;
    expect_ok(identity_person_save(store, &act, &person, &error), &error);
    expect_ok(identity_department_save(store, &act, &place, &error), &error);
    person = fixture_new_person("jiro", id);
    expect_code(identity_person_save(store, &act, &person, &error), &error,
                "identity_department_unknown");
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(a_person_joins_with_an_entry_that_holds_no_name),
        scratch_unit_test(what_cannot_be_a_person_is_refused_and_leaves_nothing),
        scratch_unit_test(a_shared_id_needs_a_reason_and_an_end),
        scratch_unit_test(who_moves_loses_the_roles_of_the_old_department_only),
        scratch_unit_test(who_leaves_holds_nothing_any_more),
        scratch_unit_test(approvers_are_those_who_hold_the_role_there_and_can_be_reached),
        scratch_unit_test(nobody_is_their_own_deputy),
        scratch_unit_test(nobody_gives_a_role_or_a_deputy_to_himself),
        scratch_unit_test(a_department_with_people_is_not_closed),
        scratch_unit_test(a_list_comes_in_pages_without_gap_or_double),
        scratch_unit_test(a_department_is_not_below_itself_and_its_code_is_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
