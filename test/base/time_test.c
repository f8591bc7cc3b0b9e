/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/error.h"
#include "base/time.h"

static void day_numbers_and_dates_agree_over_four_centuries(void **state)
{
    (void)state;
    assert_int_equal(date_to_days((struct date){1970, 1, 1}), 0);
    assert_int_equal(date_to_days((struct date){2000, 2, 29}), 11016);
    struct date date = {1700, 1, 1};
    int64_t first = date_to_days(date);
    int weekday = date_weekday(date);
    for (int64_t days = first; days < first + 146097; days++) {
        assert_int_equal(date_compare(date_from_days(days), date), 0);
        assert_int_equal(date_to_days(date), days);
        assert_int_equal(date_weekday(date), weekday);
        weekday = (weekday + 1) % 7;
        if (++date.day > date_month_length(date.year, date.month)) {
            date.day = 1;
            date.year += date.month == 12;
            date.month = date.month % 12 + 1;
        }
    }
    assert_int_equal(date_compare(date, (struct date){2100, 1, 1}), 0);
}

static void a_moment_prints_on_both_clocks(void **state)
{
    (void)state;
    int64_t moment = INT64_C(1795135383) * TIME_SECOND + 1234; /* date -d @1795135383 */
    AUTO_BUFFER utc = {0}, japan = {0}, old = {0};
    time_append_utc(&utc, moment);
    time_append_japan(&japan, moment);
    assert_string_equal(buffer_string(&utc), "2026-11-20T00:43:03.001234Z");
    assert_string_equal(buffer_string(&japan), "2026-11-20T09:43:03.001234+09:00");
    time_append_utc(&old, -1);
    assert_string_equal(buffer_string(&old), "1969-12-31T23:59:59.999999Z");
}

static int64_t parsed(const char *text)
{
    int64_t moment = -77;
    struct error error = {0};
    if (time_parse(bytes_of_string(text), &moment, &error) != 0)
        assert_string_equal(error.code, "time_unreadable");
    return moment;
}

static void times_with_any_offset_are_read(void **state)
{
    (void)state;
    int64_t moment = INT64_C(1795135383) * TIME_SECOND;
    assert_int_equal(parsed("2026-11-20T00:43:03Z"), moment);
    assert_int_equal(parsed("2026-11-20t00:43:03.5z"), moment + 500000);
    assert_int_equal(parsed("2026-11-20 09:43:03.000001999+09:00"), moment + 1);
    assert_int_equal(parsed("2026-11-19T19:13:03-05:30"), moment);
    assert_int_equal(parsed("2016-12-31T23:59:60Z"), parsed("2017-01-01T00:00:00Z"));
}

static void what_is_not_a_time_is_refused(void **state)
{
    (void)state;
    const char *bad[] = {
        "",
        "2026-11-20",
        "2026-11-20T00:43:03",
        "2026-11-20T24:00:00Z",
        "2026-11-20T00:60:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-20T00:43:03.Z",
        "2026-11-20T00:43:03.1234567890Z",
        "2026-11-20T00:43:03Zx",
        "2026-11-20T00:43:03+9:00",
        "2026-11-20T00:43:03+24:00",
        "0000-11-20T00:43:03Z",
        "+026-11-20T00:43:03Z",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(parsed(bad[i]), -77);
}

static void japan_is_nine_hours_ahead(void **state)
{
    (void)state;
    struct date new_year = {2027, 1, 1};
    int64_t start = time_start_of_date(new_year);
    assert_int_equal(start, parsed("2026-12-31T15:00:00Z"));
    assert_int_equal(date_compare(time_date_in_japan(start), new_year), 0);
    assert_int_equal(date_compare(time_date_in_japan(start - 1), (struct date){2026, 12, 31}), 0);
}

static void months_end_where_they_end(void **state)
{
    (void)state;
    struct date date = {2026, 1, 31};
    assert_int_equal(date_compare(date_add_months(date, 1), (struct date){2026, 2, 28}), 0);
    assert_int_equal(date_compare(date_add_months(date, 25), (struct date){2028, 2, 29}), 0);
    assert_int_equal(date_compare(date_add_months(date, -2), (struct date){2025, 11, 30}), 0);
    assert_int_equal(date_compare(date_add_months(date, -1), (struct date){2025, 12, 31}), 0);
    assert_int_equal(
        date_compare(date_month_end((struct date){2100, 2, 1}), (struct date){2100, 2, 28}), 0);
    assert_int_equal(date_compare(date_add_days(date, -31), (struct date){2025, 12, 31}), 0);
}

static void the_fiscal_year_begins_on_the_first_of_april(void **state)
{
    (void)state;
    assert_int_equal(date_fiscal_year((struct date){2026, 3, 31}), 2025);
    assert_int_equal(date_fiscal_year((struct date){2026, 4, 1}), 2026);
    assert_int_equal(date_compare(fiscal_year_start(2026), (struct date){2026, 4, 1}), 0);
    assert_int_equal(date_compare(fiscal_year_end(2026), (struct date){2027, 3, 31}), 0);
}

static void iso_dates_are_read_exactly(void **state)
{
    (void)state;
    struct date date;
    struct error error;
    assert_int_equal(date_parse(bytes_of_string("2024-02-29"), &date, &error), 0);
    assert_int_equal(date_compare(date, (struct date){2024, 2, 29}), 0);
    assert_int_equal(date_parse(bytes_of_string("2023-02-29"), &date, &error), -1);
    assert_int_equal(date_parse(bytes_of_string("2024-2-29"), &date, &error), -1);
    assert_int_equal(date_parse(bytes_of_string("2024-02-29 "), &date, &error), -1);
    assert_string_equal(error.code, "date_unreadable");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(day_numbers_and_dates_agree_over_four_centuries),
        cmocka_unit_test(a_moment_prints_on_both_clocks),
        cmocka_unit_test(times_with_any_offset_are_read),
        cmocka_unit_test(what_is_not_a_time_is_refused),
        cmocka_unit_test(japan_is_nine_hours_ahead),
        cmocka_unit_test(months_end_where_they_end),
        cmocka_unit_test(the_fiscal_year_begins_on_the_first_of_april),
        cmocka_unit_test(iso_dates_are_read_exactly),
    };
    return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
