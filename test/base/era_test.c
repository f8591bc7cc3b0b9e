/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/era.h"
#include "base/error.h"

static void dates_print_by_era(void **state)
{
    (void)state;
    static const struct {
        struct date date;
        const char *text, *brief;
    } expected[] = {
        {{2026, 11, 20}, "令和8年11月20日", "R8.11.20"},
        {{2019, 5, 1}, "令和元年5月1日", "R1.5.1"},
        {{2019, 4, 30}, "平成31年4月30日", "H31.4.30"},
        {{1989, 1, 8}, "平成元年1月8日", "H1.1.8"},
        {{1989, 1, 7}, "昭和64年1月7日", "S64.1.7"},
        {{1926, 12, 25}, "昭和元年12月25日", "S1.12.25"},
        {{1926, 12, 24}, "大正15年12月24日", "T15.12.24"},
        {{1912, 7, 30}, "大正元年7月30日", "T1.7.30"},
        {{1912, 7, 29}, "明治45年7月29日", "M45.7.29"},
        {{1873, 1, 1}, "明治6年1月1日", "M6.1.1"},
        {{1872, 12, 31}, "1872年12月31日", "1872-12-31"},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        AUTO_BUFFER text = {0}, brief = {0};
        era_append_date(&text, expected[i].date);
        era_append_short(&brief, expected[i].date);
        assert_string_equal(buffer_string(&text), expected[i].text);
        assert_string_equal(buffer_string(&brief), expected[i].brief);
    }
}

static void dates_print_as_the_language_writes_them(void **state)
{
    AUTO_BUFFER japanese = {0}, english = {0};
    (void)state;
    era_append_date_in(&japanese, LANGUAGE_JA, (struct date){2026, 11, 20});
    era_append_date_in(&english, LANGUAGE_EN, (struct date){2026, 11, 20});
    assert_string_equal(buffer_string(&japanese), "令和8年11月20日");
    assert_string_equal(buffer_string(&english), "2026-11-20");
}

static void fiscal_years_print_by_era(void **state)
{
    (void)state;
    AUTO_BUFFER text = {0};
    era_append_fiscal_year(&text, 2019);
    era_append_fiscal_year(&text, 2018);
    era_append_fiscal_year(&text, 2026);
    assert_string_equal(buffer_string(&text), "令和元年度平成30年度令和8年度");
}

static void dates_are_read_as_people_write_them(void **state)
{
    (void)state;
    const char *written[] = {
        "令和8年11月20日",
        "令和８年１１月２０日",
        "令和 8年 11月 20日",
        "令和　八年十一月二十日",
        "R8.11.20",
        "r08.11.20",
        "Ｒ８．１１．２０",
        "R8/11/20",
        "令8.11.20",
        "㋿8年11月20日",
        "2026年11月20日",
        "２０２６年１１月２０日",
        "2026-11-20",
        "2026/11/20",
        "2026.11.20",
        "平成38年11月20日",
        "二〇二六年十一月二〇日",
    };
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        struct date date;
        struct error error = {0};
        if (era_parse_date(bytes_of_string(written[i]), &date, &error) != 0)
            fail_msg("%s: %s", written[i], error.code);
        assert_int_equal(date_compare(date, (struct date){2026, 11, 20}), 0);
    }
}

static void every_day_since_meiji_6_survives_both_ways(void **state)
{
    (void)state;
    int64_t end = date_to_days((struct date){2040, 1, 1});
    for (int64_t day = date_to_days((struct date){1873, 1, 1}); day < end; day++) {
        AUTO_BUFFER text = {0}, brief = {0};
        era_append_date(&text, date_from_days(day));
        era_append_short(&brief, date_from_days(day));
        struct date a, b;
        assert_int_equal(era_parse_date(buffer_bytes(&text), &a, NULL), 0);
        assert_int_equal(era_parse_date(buffer_bytes(&brief), &b, NULL), 0);
        assert_int_equal(date_to_days(a), day);
        assert_int_equal(date_to_days(b), day);
    }
}

static void what_is_not_a_date_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *code;
    } bad[] = {
        {"", "date_unreadable"},
        {"令和8年11月", "date_unreadable"},
        {"令和8年11月31日", "date_unreadable"},
        {"令和8年13月1日", "date_unreadable"},
        {"令和0年1月1日", "date_unreadable"},
        {"令和8.11年20日", "date_unreadable"},
        {"令成8年11月20日", "date_unreadable"},
        {"慶応3年1月1日", "date_unreadable"},
        {"8.11.20", "date_unreadable"},
        {"20年11月20日", "date_unreadable"},
        {"R8.11.20です", "date_unreadable"},
        {"令和8年11月20日\xff", "date_unreadable"},
        {"令和元年4月30日", "date_not_in_era"},
        {"明治5年12月2日", "date_before_calendar"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct date date;
        struct error error = {0};
        assert_int_equal(era_parse_date(bytes_of_string(bad[i].text), &date, &error), -1);
        assert_string_equal(error.code, bad[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_print_by_era),
        cmocka_unit_test(dates_print_as_the_language_writes_them),
        cmocka_unit_test(fiscal_years_print_by_era),
        cmocka_unit_test(dates_are_read_as_people_write_them),
        cmocka_unit_test(every_day_since_meiji_6_survives_both_ways),
        cmocka_unit_test(what_is_not_a_date_is_refused),
    };
    return cmocka_run_group_tests_name("era", tests, NULL, NULL);
}
