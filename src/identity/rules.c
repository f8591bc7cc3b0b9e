/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules for passwords, locks and sessions, as settings of the organization. */
#include <inttypes.h>
#include <stdlib.h>

#include "identity/internal.h"

#define PREFIX "identity."

struct rule {
    const char *name;
    size_t place; /* in struct identity_rules */
    int64_t preset, least, most;
};

#define RULE(name, preset, least, most)                                                            \
    {                                                                                              \
#name, offsetof(struct identity_rules, name), preset, least, most                          \
    }

/* clang-format off */
static const struct rule rules_table[] = {
    RULE(password_length,             10,     8,  64),
    RULE(password_length_privileged,  15,     8,  64),
    RULE(password_strength,            6,     0,  32),
    RULE(password_strength_privileged, 8,     0,  32),
    RULE(password_history,             4,     0,  24),
    RULE(password_days,                0,     0,  3650),
    RULE(password_days_privileged,     0,     0,  3650),
    RULE(password_uses,                0,     0,  100000),
    RULE(password_uses_privileged,     0,     0,  100000),
    RULE(lock_after,                   5,     1,  100),
    RULE(lock_seconds,                60,     1,  86400),
    RULE(lock_seconds_most,         3600,     1,  86400),
    RULE(session_idle,              1800,    60,  86400),
    RULE(session_idle_privileged,    600,    60,  86400),
    RULE(session_most,             36000,   300,  604800),
    RULE(session_most_privileged,   7200,   300,  604800),
    RULE(second_factor_privileged,     1,     0,  1),
    RULE(hash_operations,              3,     1,  16),
    RULE(hash_memory,              32768,  8192,  1048576),
};
/* clang-format on */
#define RULE_COUNT (sizeof rules_table / sizeof *rules_table)

static int64_t *rule_place(struct identity_rules *rules, const struct rule *rule)
{
    return (int64_t *)(void *)((char *)rules + rule->place);
}

const char *identity_rule_name(size_t n, int64_t *least, int64_t *most)
{
    if (n >= RULE_COUNT)
        return NULL;
    *least = rules_table[n].least;
    *most = rules_table[n].most;
    return rules_table[n].name;
}

int64_t identity_rule_preset(size_t n)
{
    return n < RULE_COUNT ? rules_table[n].preset : 0;
}

int64_t identity_rule_value(const struct identity_rules *rules, size_t n)
{
    struct identity_rules copy = *rules;
    return n < RULE_COUNT ? *rule_place(&copy, &rules_table[n]) : 0;
}

int setting_read(struct store *store, const char *name, struct buffer *value, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_SETTING_READ, STORE_VALUES(store_text(name)), &rows, error) !=
        0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 1)
        buffer_append_string(value, store_rows_text(rows, 0));
    return found;
}

int identity_rules_read(struct store *store, struct identity_rules *rules, struct error *error)
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        const struct rule *rule = &rules_table[i];
        AUTO_BUFFER name = {0}, value = {0};
        buffer_append_format(&name, PREFIX "%s", rule->name);
        int found = setting_read(store, buffer_string(&name), &value, error);
        if (found < 0)
            return -1;
        int64_t number = found ? strtoll(buffer_string(&value), NULL, 10) : rule->preset;
        /* A value outside the range came past us: the default is safer than a guess. */
        bool sound = number >= rule->least && number <= rule->most;
        *rule_place(rules, rule) = sound ? number : rule->preset;
    }
    return 0;
}

/* Sets a setting and records it, in the open transaction. */
static int put(struct store *store, const struct identity_act *act, const char *name,
               const char *value, struct error *error)
{
    int result = store_run(
        store, STATEMENT_SETTING_SET,
        STORE_VALUES(store_text(name), store_text(value), store_integer(act->now)), error);
    if (result == 0)
        result = identity_record(store, act, "rules.change", "settings", 0,
                                 IDENTITY_FACTS({"rule", name}, {"value", value}), error);
    return result;
}

int identity_rule_put(struct store *store, const struct identity_act *act, const char *name,
                      int64_t value, struct error *error)
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        const struct rule *rule = &rules_table[i];
        if (strcmp(rule->name, name) != 0)
            continue;
        if (value < rule->least || value > rule->most)
            return error_set(error, "identity_bad_value", rule->name, "%" PRId64, value);
        AUTO_BUFFER setting = {0};
        buffer_append_format(&setting, PREFIX "%s", name);
        struct identity_text number = identity_number(value);
        return put(store, act, buffer_string(&setting), number.text, error);
    }
    return error_set(error, "identity_unknown", "rule", "%s", name);
}

int identity_rule_save(struct store *store, const struct identity_act *act, const char *name,
                       int64_t value, struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, identity_rule_put(store, act, name, value, error), error);
}

/* Times that stand beside each other: the first must not be above the second. */
static int check_orders(const struct identity_rules *rules, struct error *error)
{
    const struct {
        const char *name;
        int64_t lower, upper;
    } orders[] = {
        {"session_idle", rules->session_idle, rules->session_most},
        {"session_idle_privileged", rules->session_idle_privileged, rules->session_most_privileged},
        {"lock_seconds", rules->lock_seconds, rules->lock_seconds_most},
    };
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        if (orders[i].lower > orders[i].upper)
            return error_set(error, "identity_rules_order", orders[i].name, "%s", "");
    return 0;
}

static int put_values(struct store *store, const struct identity_act *act,
                      const struct identity_rule_value *values, size_t count, struct error *error)
{
    struct identity_rules rules;
    for (size_t i = 0; i < count; i++)
        if (identity_rule_put(store, act, values[i].name, values[i].value, error) != 0)
            return -1;
    return identity_rules_read(store, &rules, error) != 0 ? -1 : check_orders(&rules, error);
}

int identity_rules_and_factors_save(struct store *store, const struct identity_act *act,
                                    const struct identity_rule_value *values, size_t count,
                                    const struct identity_zone_factor *factors, size_t factor_count,
                                    struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    int result = put_values(store, act, values, count, error);
    for (size_t i = 0; result == 0 && i < factor_count; i++)
        result = identity_zone_factor_put(store, act, factors[i].zone, factors[i].required, error);
    return store_conclude(store, result, error);
}

int identity_rules_save(struct store *store, const struct identity_act *act,
                        const struct identity_rule_value *values, size_t count, struct error *error)
{
    return identity_rules_and_factors_save(store, act, values, count, NULL, 0, error);
}

/* ---- zones ---- */

#define ALWAYS "mynumber"

int identity_zone_factor_put(struct store *store, const struct identity_act *act, const char *zone,
                             bool required, struct error *error)
{
    AUTO_BUFFER setting = {0};
    if (!required && !strcmp(zone, ALWAYS))
        return error_set(error, "identity_bad_value", "second_factor", "%s", zone);
    buffer_append_format(&setting, PREFIX "second_factor.%s", zone);
    return put(store, act, buffer_string(&setting), required ? "1" : "0", error);
}

int identity_zone_factor_save(struct store *store, const struct identity_act *act, const char *zone,
                              bool required, struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, identity_zone_factor_put(store, act, zone, required, error),
                          error);
}

int identity_zone_factor_read(struct store *store, const char *zone, bool *required,
                              struct error *error)
{
    AUTO_BUFFER setting = {0}, value = {0};
    buffer_append_format(&setting, PREFIX "second_factor.%s", zone);
    int found = setting_read(store, buffer_string(&setting), &value, error);
    if (found < 0)
        return -1;
    *required = !strcmp(zone, ALWAYS) || (found && !strcmp(buffer_string(&value), "1"));
    return 0;
}
