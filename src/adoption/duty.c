/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Duties: owner, rhythm, dates. */
#include "adoption/duty.h"

#include <string.h>

#include "adoption/keys.h"
#include "adoption/plan.h"
#include "adoption/state.h"
#include "base/calendar.h"

enum { USUAL_MONTHS = 6, YEAR_MONTHS = 12 };

/* ---- whose ---- */

static const char *answers_for(const char *role)
{
    return strcmp(role, "staff") == 0 ? "section_manager" : role;
}

const char *duty_role(const struct policy *policy, size_t requirement,
                      const struct control *control)
{
    const struct policy_names *roles = &policy->requirements[requirement].roles;
    for (size_t i = 0; i < roles->count; i++) {
        const char *role = setup_role_of(roles->items[i]);
        if (role)
            return answers_for(role);
    }
    const char *owner = control ? setup_role_of(control->owner) : NULL;
    return owner ? answers_for(owner) : "deputy_ciso";
}

/* ---- when ---- */

const char *duty_rhythm(const struct policy *policy, size_t requirement,
                        const struct control *control)
{
    enum policy_timing timing = policy->requirements[requirement].timing;
    if (timing == POLICY_YEARLY)
        return "yearly";
    if (timing != POLICY_PERIODIC && timing != POLICY_ALWAYS)
        return "event";
    if (control && control->rhythm == POLICY_YEARLY)
        return "yearly";
    return timing == POLICY_PERIODIC || (control && control->rhythm == POLICY_PERIODIC) ? "periodic"
                                                                                        : "always";
}

/* The last day of the period of so many months, counted from April, that holds a date. */
static struct date period_end(struct date date, int months)
{
    int since_april = (date.month + 8) % YEAR_MONTHS;
    int last = since_april / months * months + months - 1;
    if (last >= YEAR_MONTHS)
        last = YEAR_MONTHS - 1;
    struct date start = fiscal_year_start(date_fiscal_year(date));
    return date_month_end(date_add_months(start, last));
}

static struct date last_business_day(struct date date)
{
    while (!calendar_is_business_day(date))
        date = date_add_days(date, -1);
    return date;
}

void duty_due(const char *rhythm, int months, struct date date, char due[ADOPTION_DATE_SIZE])
{
    if (strcmp(rhythm, "event") == 0) {
        *due = '\0';
        return;
    }
    int apart = strcmp(rhythm, "periodic") == 0 ? months : YEAR_MONTHS;
    struct date end = period_end(date, apart), last = last_business_day(end);
    if (date_compare(last, date) < 0) /* the offices have closed for this period */
        last = last_business_day(period_end(date_add_days(end, 1), apart));
    adoption_date_text(last, due);
}

void duty_next(const char *rhythm, int months, const char *due, struct date done,
               char next[ADOPTION_DATE_SIZE])
{
    struct date was;
    duty_due(rhythm, months, done, next);
    if (!*next || date_parse(bytes_of_string(due), &was, NULL) != 0)
        return;
    if (strcmp(due, next) > 0) { /* done for a period that is long settled */
        utf8_copy(next, ADOPTION_DATE_SIZE, due);
        return;
    }
    int apart = strcmp(rhythm, "periodic") == 0 ? months : YEAR_MONTHS;
    duty_due(rhythm, months, date_add_days(period_end(done, apart), 1), next);
}

int duty_months(struct store *store, int *months, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    *months = USUAL_MONTHS;
    if (store_query(store, STATEMENT_SETTING_READ,
                    STORE_VALUES(store_text("policy.duty.periodic_months")), &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    long value = found == 1 ? strtol(store_rows_text(rows, 0), NULL, 10) : USUAL_MONTHS;
    if (value >= 1 && value <= YEAR_MONTHS)
        *months = (int)value;
    return found < 0 ? -1 : 0;
}

int adoption_years_kept(struct store *store, int64_t *years, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    *years = 0;
    if (store_query(store, STATEMENT_SETTING_READ,
                    STORE_VALUES(store_text("policy.journal.years_kept")), &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 1)
        *years = strtoll(store_rows_text(rows, 0), NULL, 10);
    return found < 0 ? -1 : 0;
}

/* ---- making them ---- */

/* 1 an earlier version has a date for the sentence, 0 not, -1 error. */
static int earlier_due(struct store *store, const char *key, int64_t version, const char *rhythm,
                       char due[ADOPTION_DATE_SIZE], struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_DUTY_FIND_DUE,
                    STORE_VALUES(store_text(key), store_integer(version)), &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found;
    if (strcmp(store_rows_text(rows, 1), rhythm) != 0)
        return 0;
    utf8_copy(due, ADOPTION_DATE_SIZE, store_rows_text(rows, 0));
    return 1;
}

static int make_one(struct store *store, const struct policy *policy, size_t requirement,
                    const struct control *control, int64_t version, int64_t now, int months,
                    struct error *error)
{
    char key[ADOPTION_SENTENCE_KEY_SIZE], due[ADOPTION_DATE_SIZE];
    const char *rhythm = duty_rhythm(policy, requirement, control);
    adoption_sentence_key(policy, requirement, key);
    int found = earlier_due(store, key, version, rhythm, due, error);
    if (found < 0)
        return -1;
    if (found == 0)
        duty_due(rhythm, months, time_date_in_japan(now), due);
    const struct policy_requirement *one = &policy->requirements[requirement];
    return store_run(store, STATEMENT_DUTY_ADD,
                     STORE_VALUES(store_integer(version), store_text(one->id),
                                  store_text(policy->clauses[one->clause].id), store_text(key),
                                  store_text(duty_role(policy, requirement, control)),
                                  store_text(rhythm), store_text(due)),
                     error);
}

int duty_make_all(struct store *store, const struct policy *policy, int64_t version, int64_t now,
                  struct error *error)
{
    int months;
    AUTO_FREE struct adoption_bindings *bindings = NULL;
    if (duty_months(store, &months, error) != 0 ||
        adoption_bindings_read(store, policy, &bindings, error) != 0)
        return -1;
    for (size_t i = 0; i < policy->requirement_count; i++)
        if (policy->requirements[i].modality != POLICY_MAY &&
            make_one(store, policy, i, adoption_binding_first(&bindings[i]), version, now, months,
                     error) != 0)
            return -1;
    return 0;
}
