/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holidays from the table of rules, business days by walking, due dates on top of both. */
#include "base/calendar.h"

#include "base/holiday_table.h"

/* The day of the month on which a rule falls in its month of a year. */
static int rule_day(const struct holiday_rule *rule, int year)
{
    if (rule->kind == HOLIDAY_MONDAY) {
        int weekday = date_weekday((struct date){year, rule->month, 1});
        return 1 + (8 - weekday) % 7 + 7 * (rule->value - 1);
    }
    if (rule->kind == HOLIDAY_EQUINOX) {
        /* The calendar falls back by 0.242194 days a year and jumps ahead at each leap day. */
        int leap_base = year < 1980 ? 1983 : 1980;
        int leap_days = (year - leap_base) / 4;
        return (int)((rule->value + INT64_C(242194) * (year - 1980)) / 1000000) - leap_days;
    }
    return rule->value;
}

/* The first rule of the wanted kinds (a set of bits) that falls on date, or NULL. */
static const struct holiday_rule *find_rule(struct date date, unsigned kinds)
{
    for (size_t i = 0; i < holiday_count; i++) {
        const struct holiday_rule *rule = &holiday_table[i];
        if ((kinds >> rule->kind & 1) && rule->month == date.month && date.year >= rule->from &&
            date.year <= rule->to && rule_day(rule, date.year) == date.day)
            return rule;
    }
    return NULL;
}

/* A day that the law names (国民の祝日), before anything follows from its neighbours. */
static const struct holiday_rule *named_holiday(struct date date)
{
    return find_rule(date, 1u << HOLIDAY_FIXED | 1u << HOLIDAY_MONDAY | 1u << HOLIDAY_EQUINOX);
}

/* True when date makes up for a holiday on a Sunday at most `days` days before it. */
static bool makes_up_for_sunday(struct date date, int days)
{
    for (int back = 1; back <= days; back++) {
        struct date before = date_add_days(date, -back);
        if (!named_holiday(before))
            return false;
        if (date_weekday(before) == 0)
            return true;
    }
    return false;
}

static bool lies_between_holidays(struct date date)
{
    return date_weekday(date) != 0 && named_holiday(date_add_days(date, -1)) &&
           named_holiday(date_add_days(date, 1));
}

const char *calendar_holiday(struct date date)
{
    const struct holiday_rule *named = named_holiday(date);
    if (named)
        return named->key;
    for (size_t i = 0; i < holiday_count; i++) {
        const struct holiday_rule *rule = &holiday_table[i];
        if (date.year < rule->from || date.year > rule->to)
            continue;
        if (rule->kind == HOLIDAY_SUNDAY && makes_up_for_sunday(date, rule->value))
            return rule->key;
        if (rule->kind == HOLIDAY_BETWEEN && lies_between_holidays(date))
            return rule->key;
    }
    return NULL;
}

bool calendar_is_business_day(struct date date)
{
    int weekday = date_weekday(date);
    return weekday != 0 && weekday != 6 && !find_rule(date, 1u << HOLIDAY_CLOSED) &&
           !calendar_holiday(date);
}

struct date calendar_roll_forward(struct date date)
{
    while (!calendar_is_business_day(date))
        date = date_add_days(date, 1);
    return date;
}

struct date calendar_add_business_days(struct date date, int days)
{
    int step = days < 0 ? -1 : 1;
    if (days == 0)
        return calendar_roll_forward(date);
    for (; days != 0; days -= step)
        do
            date = date_add_days(date, step);
        while (!calendar_is_business_day(date));
    return date;
}

int calendar_business_days_between(struct date from, struct date to)
{
    int count = 0;
    if (date_compare(to, from) < 0)
        return -calendar_business_days_between(to, from);
    while (date_compare(from, to) < 0) {
        from = date_add_days(from, 1);
        count += calendar_is_business_day(from);
    }
    return count;
}

/* The last day of a span of business days whose first may be the day of the event itself. */
static struct date due_business_days(struct date event, const struct due_rule *rule)
{
    bool counted = rule->first_day_counts && calendar_is_business_day(event);
    int days = rule->count - counted;
    return days <= 0 && counted ? event : calendar_add_business_days(event, days);
}

struct date calendar_due(struct date event, const struct due_rule *rule)
{
    struct date due = event;
    switch (rule->unit) {
    case DUE_DAYS:
        due = date_add_days(event, rule->count - (rule->first_day_counts && rule->count > 0));
        break;
    case DUE_BUSINESS_DAYS:
        due = due_business_days(event, rule);
        break;
    case DUE_MONTHS:
        due = date_add_months(event, rule->count);
        break;
    case DUE_MONTH_END:
        due =
            date_month_end(date_add_months((struct date){event.year, event.month, 1}, rule->count));
        break;
    case DUE_FISCAL_YEAR_END:
        due = fiscal_year_end(date_fiscal_year(event) + rule->count);
        break;
    }
    return rule->roll_forward ? calendar_roll_forward(due) : due;
}
