/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "base/encoding.h"
#include "identity/import.h"

#define HEAD "ログインID,氏名,フリガナ,所属コード,任用区分,開始日,終了日\r\n"

static struct error error;

static struct store *hall(void *state)
{
    struct store *store = fixture_store(state);
    fixture_person(store, "hanako", fixture_department(store, "0100", "総務課"));
    fixture_department(store, "0200", "税務課");
    return store;
}

static struct identity_import preview(struct store *store, const char *csv)
{
    struct identity_import import;
    expect_ok(identity_import_preview(store, bytes_of_string(csv), NOW, &import, &error), &error);
    return import;
}

static void a_table_as_excel_writes_it_is_read(void **state)
{
    struct store *store = hall(*state);
    struct identity_import import;
    struct identity_person person;
    AUTO_BUFFER cp932 = {0};
    const char *csv =
        HEAD "taro,\"髙橋　太郎\",タカハシ タロウ,0200,会計年度任用職員,2027/4/1,2028-03-31\r\n";
    assert_int_equal(encoding_from_utf8(ENCODING_CP932, bytes_of_string(csv), &cp932), 0);
    expect_ok(identity_import_preview(store, buffer_bytes(&cp932), NOW, &import, &error), &error);
    assert_int_equal(import.adds, 1);
    assert_int_equal(import.errors, 0);
    assert_int_equal(identity_person_read(store, 0, "taro", &person, NULL), -1);
    expect_ok(identity_import_apply(store, &act, &import, &error), &error);
    expect_ok(identity_person_read(store, 0, "taro", &person, &error), &error);
    assert_string_equal(person.name, "髙橋　太郎");
    assert_string_equal(person.employment, "fiscal_year");
    assert_string_equal(person.department_name, "税務課");
    assert_int_equal(person.starts, time_start_of_date((struct date){2027, 4, 1}));
    assert_int_equal(person.ends, time_start_of_date((struct date){2028, 4, 1}));
    assert_int_equal(fixture_entries(store, "\"people.import\""), 1);
    identity_import_free(&import);
    store_close(store);
}

static void who_is_there_already_is_changed_or_left_as_he_is(void **state)
{
    struct store *store = hall(*state);
    struct identity_import import = preview(store, HEAD "hanako,見本 hanako,,0200,職員,,\r\n");
    assert_int_equal(import.rows[0].change, IDENTITY_IMPORT_CHANGE);
    expect_ok(identity_import_apply(store, &act, &import, &error), &error);
    assert_int_equal(fixture_entries(store, "\"person.move\""), 1);
    identity_import_free(&import);
    import = preview(store, HEAD "hanako,見本 hanako,,0200,職員,,\r\n");
    assert_int_equal(import.rows[0].change, IDENTITY_IMPORT_SAME);
    identity_import_free(&import);
    store_close(store);
}

static void each_wrong_row_says_what_and_where_and_nothing_is_saved(void **state)
{
    struct store *store = hall(*state);
    static const struct {
        const char *row, *code, *field;
    } wrong[] = {
        {"a,名,,0100,職員,,", "identity_bad_value", "login"},
        {"jiro,,,0100,職員,,", "identity_bad_value", "name"},
        {"jiro,名,,0900,職員,,", "identity_department_unknown", "department"},
        {"jiro,名,,0100,友人,,", "import_employment", "employment"},
        {"jiro,名,,0100,職員,2027/2/29,", "import_date", "starts"},
        {"jiro,名,,0100,職員,2027年,", "import_date", "starts"},
        {"jiro,名,,0100,職員,2027/4/1,2026/4/1", "identity_bad_value", "ends"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        AUTO_BUFFER csv = {0};
        buffer_append_string(&csv, HEAD "saburo,名,,0100,職員,,\r\n\r\n");
        buffer_append_string(&csv, wrong[i].row);
        struct identity_import import = preview(store, buffer_string(&csv));
        assert_int_equal(import.errors, 1);
        assert_int_equal(import.rows[1].line, 4);
        assert_int_equal(import.rows[1].mistake_count, 1);
        assert_string_equal(import.rows[1].mistakes[0].code, wrong[i].code);
        assert_string_equal(import.rows[1].mistakes[0].field, wrong[i].field);
        expect_code(identity_import_apply(store, &act, &import, &error), &error, "import_errors");
        identity_import_free(&import);
    }
    struct identity_import import =
        preview(store, HEAD "saburo,名,,0100,職員,,\r\nsaburo,名,,0100,職員,,\r\n");
    assert_string_equal(import.rows[1].mistakes[0].code, "import_twice");
    identity_import_free(&import);
    assert_int_equal(fixture_entries(store, "\"person.add\""), 1);
    store_close(store);
}

static void every_mistake_of_a_row_is_named(void **state)
{
    static const char *const fields[] = {"department", "employment", "starts",
                                         "ends",       "login",      "name"};
    struct store *store = hall(*state);
    struct identity_import import = preview(
        store, "login,name,department,employment,starts,ends\nB C,,0900,友人,いつか,2026/13/1\n");
    assert_int_equal(import.errors, 1);
    assert_int_equal(import.rows[0].mistake_count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(import.rows[0].mistakes[i].field, fields[i]);
    identity_import_free(&import);
    store_close(store);
}

static void what_is_no_table_of_people_is_refused(void **state)
{
    struct store *store = hall(*state);
    struct identity_import import;
    static const struct {
        const char *csv, *code;
    } wrong[] = {
        {"", "import_empty"},
        {HEAD, "import_empty"},
        {"ログインID,氏名,任用区分\r\na,b,c\r\n", "import_columns"},
        {HEAD "jiro,\"名,,0100,職員\r\n", "import_unreadable"},
        {HEAD ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n", "import_unreadable"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        expect_code(
            identity_import_preview(store, bytes_of_string(wrong[i].csv), NOW, &import, &error),
            &error, wrong[i].code);
    store_close(store);
}

static void quotation_marks_lines_and_a_mark_inside_are_read(void **state)
{
    struct store *store = hall(*state);
    struct identity_import import = preview(
        store,
        "\xEF\xBB\xBFlogin,name,department,employment\n\"jiro\",\"名 \"\"二\"\"\",0100,regular\n");
    assert_string_equal(import.rows[0].person.name, "名 \"二\"");
    assert_int_equal(import.errors, 0);
    identity_import_free(&import);
    store_close(store);
}

static void a_table_waits_an_hour_for_being_confirmed(void **state)
{
    struct store *store = hall(*state);
    AUTO_BUFFER kept = {0};
    int64_t hour = 3600 * TIME_SECOND;
    expect_ok(identity_import_keep(store, 1, bytes_of_string("old"), NOW, &error), &error);
    expect_ok(identity_import_keep(store, 1, bytes_of_string("new"), NOW, &error), &error);
    assert_int_equal(identity_import_kept(store, 1, NOW + hour, &kept, &error), 1);
    assert_string_equal(buffer_string(&kept), "new");
    assert_int_equal(identity_import_kept(store, 1, NOW + hour + 1, &kept, &error), 0);
    expect_ok(identity_import_drop(store, 1, &error), &error);
    assert_int_equal(identity_import_kept(store, 1, NOW, &kept, &error), 0);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(a_table_as_excel_writes_it_is_read),
        scratch_unit_test(who_is_there_already_is_changed_or_left_as_he_is),
        scratch_unit_test(each_wrong_row_says_what_and_where_and_nothing_is_saved),
        scratch_unit_test(every_mistake_of_a_row_is_named),
        scratch_unit_test(what_is_no_table_of_people_is_refused),
        scratch_unit_test(a_table_waits_an_hour_for_being_confirmed),
        scratch_unit_test(quotation_marks_lines_and_a_mark_inside_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
