/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "base/message.h"

/* Every holiday of a year as month and day, written by hand from the law and the Cabinet's lists;
 * s: 振替休日, c: 国民の休日. */
static const struct {
    int year;
    const char *days;
} expected[] = {
    {2019, "0101 0114 0211 0321 0429 0430c 0501 0502c 0503 0504 0505 0506s 0715 0811 0812s 0916 "
           "0923 1014 1022 1103 1104s 1123"},
    {2020, "0101 0113 0211 0223 0224s 0320 0429 0503 0504 0505 0506s 0723 0724 0810 0921 0922 1103 "
           "1123"},
    {2021, "0101 0111 0211 0223 0320 0429 0503 0504 0505 0722 0723 0808 0809s 0920 0923 1103 1123"},
    {2022, "0101 0110 0211 0223 0321 0429 0503 0504 0505 0718 0811 0919 0923 1010 1103 1123"},
    {2023, "0101 0102s 0109 0211 0223 0321 0429 0503 0504 0505 0717 0811 0918 0923 1009 1103 1123"},
    {2024, "0101 0108 0211 0212s 0223 0320 0429 0503 0504 0505 0506s 0715 0811 0812s 0916 0922 "
           "0923s 1014 1103 1104s 1123"},
    {2025, "0101 0113 0211 0223 0224s 0320 0429 0503 0504 0505 0506s 0721 0811 0915 0923 1013 1103 "
           "1123 1124s"},
    {2026, "0101 0112 0211 0223 0320 0429 0503 0504 0505 0506s 0720 0811 0921 0922c 0923 1012 1103 "
           "1123"},
    {2027, "0101 0111 0211 0223 0321 0322s 0429 0503 0504 0505 0719 0811 0920 0923 1011 1103 1123"},
    {2028, "0101 0110 0211 0223 0320 0429 0503 0504 0505 0717 0811 0918 0922 1009 1103 1123"},
    {2029, "0101 0108 0211 0212s 0223 0320 0429 0430s 0503 0504 0505 0716 0811 0917 0923 0924s "
           "1008 1103 1123"},
    {2030, "0101 0114 0211 0223 0320 0429 0503 0504 0505 0506s 0715 0811 0812s 0916 0923 1014 1103 "
           "1104s 1123"},
    {2031, "0101 0113 0211 0223 0224s 0321 0429 0503 0504 0505 0506s 0721 0811 0915 0923 1013 1103 "
           "1123 1124s"},
    {2032, "0101 0112 0211 0223 0320 0429 0503 0504 0505 0719 0811 0920 0921c 0922 1011 1103 1123"},
    {2033, "0101 0110 0211 0223 0320 0321s 0429 0503 0504 0505 0718 0811 0919 0923 1010 1103 1123"},
    {2034, "0101 0102s 0109 0211 0223 0320 0429 0503 0504 0505 0717 0811 0918 0923 1009 1103 1123"},
    {2035, "0101 0108 0211 0212s 0223 0321 0429 0430s 0503 0504 0505 0716 0811 0917 0923 0924s "
           "1008 1103 1123"},
};

/* The holidays of a year in the form of the table above. */
static void list_holidays(struct buffer *out, int year)
{
    for (struct date day = {year, 1, 1}; day.year == year; day = date_add_days(day, 1)) {
        const char *key = calendar_holiday(day);
        if (!key)
            continue;
        buffer_append_format(out, "%s%02d%02d", out->length ? " " : "", day.month, day.day);
        if (strcmp(key, "holiday.substitute") == 0)
            buffer_append_string(out, "s");
        if (strcmp(key, "holiday.citizens") == 0)
            buffer_append_string(out, "c");
    }
}

static void holidays_2019_to_2035_are_those_of_the_law(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        AUTO_BUFFER found = {0};
        list_holidays(&found, expected[i].year);
        assert_string_equal(buffer_string(&found), expected[i].days);
    }
}

static void holidays_of_the_past_follow_the_law_of_their_time(void **state)
{
    (void)state;
    AUTO_BUFFER found = {0};
    list_holidays(&found, 1973);
    assert_string_equal(buffer_string(&found), "0101 0115 0211 0321 0429 0430s 0503 0505 0915 0923 "
                                               "0924s 1010 1103 1123");
    buffer_clear(&found);
    list_holidays(&found, 2009); /* the first silver week */
    assert_string_equal(buffer_string(&found), "0101 0112 0211 0320 0429 0503 0504 0505 0506s 0720 "
                                               "0921 0922c 0923 1012 1103 1123 1223");
    assert_null(calendar_holiday((struct date){1986, 5, 4})); /* a Sunday between holidays */
    assert_non_null(calendar_holiday((struct date){1988, 5, 4}));
    assert_null(calendar_holiday((struct date){1948, 1, 1}));
}

static void every_holiday_has_a_name(void **state)
{
    (void)state;
    for (struct date day = {1949, 1, 1}; day.year < 2100; day = date_add_days(day, 1)) {
        const char *key = calendar_holiday(day);
        assert_true(!key || message_find(LANGUAGE_JA, key));
    }
    assert_string_equal(message_get(LANGUAGE_JA, calendar_holiday((struct date){2026, 11, 3})),
                        "文化の日");
}

static void offices_are_closed_at_the_turn_of_the_year(void **state)
{
    (void)state;
    assert_true(calendar_is_business_day((struct date){2026, 12, 28}));
    for (struct date day = {2026, 12, 29}; day.year == 2026 || day.day <= 3;
         day = date_add_days(day, 1))
        assert_false(calendar_is_business_day(day));
    assert_true(calendar_is_business_day((struct date){2027, 1, 4}));
    assert_null(calendar_holiday((struct date){2026, 12, 30}));
    assert_false(calendar_is_business_day((struct date){2026, 11, 21})); /* Saturday */
}

static void assert_date(struct date date, int year, int month, int day)
{
    AUTO_BUFFER found = {0}, wanted = {0};
    date_append(&found, date);
    date_append(&wanted, (struct date){year, month, day});
    assert_string_equal(buffer_string(&found), buffer_string(&wanted));
}

static void business_days_step_over_closed_days(void **state)
{
    (void)state;
    struct date friday = {2026, 9, 18}; /* before the silver week of 2026 */
    assert_date(calendar_add_business_days(friday, 1), 2026, 9, 24);
    assert_date(calendar_add_business_days(friday, 0), 2026, 9, 18);
    assert_date(calendar_add_business_days((struct date){2026, 9, 24}, -1), 2026, 9, 18);
    assert_date(calendar_add_business_days((struct date){2026, 9, 20}, 0), 2026, 9, 24);
    assert_date(calendar_add_business_days((struct date){2026, 12, 28}, 3), 2027, 1, 6);
    assert_int_equal(calendar_business_days_between(friday, (struct date){2026, 9, 25}), 2);
    assert_int_equal(calendar_business_days_between((struct date){2026, 9, 25}, friday), -2);
    assert_int_equal(calendar_business_days_between(friday, friday), 0);
}

static void due_dates_follow_their_rule(void **state)
{
    (void)state;
    static const struct {
        struct date event;
        struct due_rule rule;
        struct date due;
    } cases[] = {
        {{2026, 11, 20}, {DUE_DAYS, 14, false, false}, {2026, 12, 4}},
        {{2026, 11, 20}, {DUE_DAYS, 30, true, true}, {2026, 12, 21}}, /* the 19th is a Saturday */
        {{2026, 12, 1}, {DUE_DAYS, 30, true, true}, {2027, 1, 4}},    /* 30 December is closed */
        {{2026, 11, 20}, {DUE_DAYS, 0, true, false}, {2026, 11, 20}},
        {{2026, 11, 20}, {DUE_BUSINESS_DAYS, 5, false, false}, {2026, 11, 30}},
        {{2026, 11, 20}, {DUE_BUSINESS_DAYS, 5, true, false}, {2026, 11, 27}},
        {{2026, 11, 20}, {DUE_BUSINESS_DAYS, 1, true, false}, {2026, 11, 20}},
        {{2026, 11, 21}, {DUE_BUSINESS_DAYS, 1, true, false}, {2026, 11, 24}},
        {{2027, 1, 31}, {DUE_MONTHS, 1, false, false}, {2027, 2, 28}},
        {{2027, 1, 31}, {DUE_MONTHS, 1, false, true}, {2027, 3, 1}},
        {{2027, 1, 31}, {DUE_MONTH_END, 1, false, false}, {2027, 2, 28}},
        {{2027, 2, 1}, {DUE_MONTH_END, 0, false, false}, {2027, 2, 28}},
        {{2027, 3, 31}, {DUE_FISCAL_YEAR_END, 0, false, false}, {2027, 3, 31}},
        {{2027, 4, 1}, {DUE_FISCAL_YEAR_END, 0, false, false}, {2028, 3, 31}},
        {{2026, 11, 20}, {DUE_FISCAL_YEAR_END, 4, false, true}, {2031, 3, 31}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_date(calendar_due(cases[i].event, &cases[i].rule), cases[i].due.year,
                    cases[i].due.month, cases[i].due.day);
}

/* Prints the equinox days of the years given, for test/calendar_test.py to compare with the sky. */
static int print_equinoxes(int from, int to)
{
    for (struct date day = {from, 1, 1}; day.year <= to; day = date_add_days(day, 1)) {
        const char *key = calendar_holiday(day);
        if (key && strstr(key, "equinox"))
            print_message("%04d-%02d-%02d\n", day.year, day.month, day.day);
    }
    return 0;
}

int main(int count, char **arguments)
{
    if (count == 3)
        return print_equinoxes((int)strtol(arguments[1], NULL, 10),
                               (int)strtol(arguments[2], NULL, 10));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holidays_2019_to_2035_are_those_of_the_law),
        cmocka_unit_test(holidays_of_the_past_follow_the_law_of_their_time),
        cmocka_unit_test(every_holiday_has_a_name),
        cmocka_unit_test(offices_are_closed_at_the_turn_of_the_year),
        cmocka_unit_test(business_days_step_over_closed_days),
        cmocka_unit_test(due_dates_follow_their_rule),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
