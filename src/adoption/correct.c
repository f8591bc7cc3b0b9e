/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people change in a plan before it is applied. */
#include <string.h>

#include "adoption/plan.h"
#include "disarm/disarm.h"
#include "identity/credentials.h"

/* ---- which values an item can have ---- */

static bool is_number(const char *value, int64_t least, int64_t most)
{
    size_t digits = strspn(value, "0123456789");
    if (digits == 0 || digits > 9 || value[digits])
        return false;
    int64_t number = strtoll(value, NULL, 10);
    return number >= least && number <= most;
}

static bool is_treatments(const char *value)
{
    bool any = false;
    while (*value) {
        size_t length = strcspn(value, " ");
        unsigned known = 0;
        while (known < DISARM_TREATMENT_COUNT &&
               (strlen(disarm_treatment_name(known)) != length ||
                strncmp(value, disarm_treatment_name(known), length) != 0))
            known++;
        if (known == DISARM_TREATMENT_COUNT)
            return false;
        any = true;
        value += length + strspn(value + length, " ");
    }
    return any;
}

static bool is_rule_value(const char *name, const char *value)
{
    int64_t least, most;
    const char *rule;
    for (size_t i = 0; (rule = identity_rule_name(i, &least, &most)); i++)
        if (strcmp(rule, name) == 0)
            return is_number(value, least, most);
    return false;
}

/* Words and ranges by the last part of the key. */
static const struct {
    const char *name, *words; /* "|" around each */
    int64_t least, most;      /* when words is NULL */
} value_rules[] = {
    {"antivirus", "|none|if_there|required|", 0, 0},
    {"approval_from", NULL, 0, 5},
    {"approval_personal", "|yes|no|", 0, 0},
    {"days_kept", NULL, 1, 365},
    {"emergency", "|yes|no|", 0, 0},
    {"level", NULL, 0, 100},
    {"passage", "|none|medium|open|", 0, 0},
    {"password", "|yes|no|", 0, 0},
    {"periodic_months", NULL, 1, 12},
    {"second_factor", "|yes|no|", 0, 0},
    {"years_kept", NULL, 1, 100},
};

static bool is_word_of(const char *value, const char *words)
{
    AUTO_BUFFER framed = {0};
    buffer_append_format(&framed, "|%s|", value);
    return !strchr(value, '|') && strstr(words, buffer_string(&framed)) != NULL;
}

static bool value_fits(const struct adoption_item *item, const char *value)
{
    if (item->kind == ADOPTION_ITEM_RULE)
        return is_rule_value(item->name, value);
    if (strcmp(item->name, "treatments") == 0)
        return is_treatments(value);
    for (size_t i = 0; i < sizeof value_rules / sizeof *value_rules; i++)
        if (strcmp(item->name, value_rules[i].name) == 0)
            return value_rules[i].words
                       ? is_word_of(value, value_rules[i].words)
                       : is_number(value, value_rules[i].least, value_rules[i].most);
    bool may_be_empty = item->kind == ADOPTION_ITEM_ZONE || item->kind == ADOPTION_ITEM_ROLE;
    return strlen(value) < IDENTITY_NAME_SIZE && utf8_valid(bytes_of_string(value)) &&
           (may_be_empty || !utf8_is_blank(value));
}

/* ---- corrections on a plan ---- */

/* The id of a zone that a key "zone/<id>/name" would add; false for any other key. */
static bool new_zone(const char *key, char id[IDENTITY_ZONE_SIZE])
{
    const char *start = strncmp(key, "zone/", 5) == 0 ? key + 5 : "";
    size_t length = strspn(start, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (length == 0 || length >= IDENTITY_ZONE_SIZE || strcmp(start + length, "/name") != 0)
        return false;
    memcpy(id, start, length);
    id[length] = '\0';
    return true;
}

static void add_pair(struct adoption_plan *plan, const char *from, const char *to)
{
    setup_add(plan, ADOPTION_ITEM_CONDUIT, "none", PLAN_DEFAULT, "conduit/%s/%s/passage", from, to);
}

/* A zone that the text does not name: nothing passes to or from it until somebody says so. */
static void add_zone(struct adoption_plan *plan, const char *id)
{
    size_t count = plan->count;
    setup_add(plan, ADOPTION_ITEM_ZONE, "", PLAN_DEFAULT, "zone/%s/name", id);
    setup_add(plan, ADOPTION_ITEM_ZONE, "1", PLAN_DEFAULT, "zone/%s/level", id);
    setup_add(plan, ADOPTION_ITEM_ZONE, "no", PLAN_DEFAULT, "zone/%s/second_factor", id);
    for (size_t i = 0; i < count; i++)
        if (plan->items[i].kind == ADOPTION_ITEM_ZONE && strcmp(plan->items[i].name, "name") == 0) {
            char other[IDENTITY_ZONE_SIZE];
            new_zone(plan->items[i].key, other);
            add_pair(plan, id, other);
            add_pair(plan, other, id);
        }
}

/* A passage that was opened needs the other items of a conduit. */
static void open_pair(struct adoption_plan *plan, const struct adoption_item *passage)
{
    static const char *const usual[][2] = {{"treatments", "rebuild flatten text"},
                                           {"approval_from", "0"},
                                           {"approval_personal", "yes"},
                                           {"emergency", "no"},
                                           {"antivirus", "if_there"},
                                           {"password", "no"},
                                           {"days_kept", "7"}};
    char from[IDENTITY_ZONE_SIZE], to[IDENTITY_ZONE_SIZE];
    setup_conduit_zones(passage, from, to);
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        AUTO_BUFFER key = {0};
        buffer_append_format(&key, "conduit/%s/%s/%s", from, to, usual[i][0]);
        if (!setup_find(plan, buffer_string(&key)))
            setup_add(plan, ADOPTION_ITEM_CONDUIT, usual[i][1], PLAN_DEFAULT, "%s",
                      buffer_string(&key));
    }
}

/* Puts one correction into the plan; -1 when no such item can be. */
static int correct(struct adoption_plan *plan, const char *key, const char *value,
                   struct error *error)
{
    char id[IDENTITY_ZONE_SIZE];
    struct adoption_item *item = setup_find(plan, key);
    if (!item && new_zone(key, id)) {
        add_zone(plan, id);
        item = setup_find(plan, key);
    }
    if (!item)
        return error_set(error, "adoption_item_unknown", key, "%s", "");
    if (!value_fits(item, value))
        return error_set(error, "adoption_bad_value", key, "%s", value);
    setup_set(&item->value, value);
    item->corrected = strcmp(item->value, item->from_text) != 0;
    if (strcmp(item->name, "passage") == 0 && strcmp(value, "none") != 0)
        open_pair(plan, item);
    return 0;
}

/* Puts the stored corrections into a plan. What does not fit today's plan any more is none. */
static int correct_all(struct store *store, int64_t version, struct adoption_plan *plan,
                       struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    if (store_query(store, STATEMENT_CORRECTION_LIST, STORE_VALUES(store_integer(version)), &rows,
                    error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1)
        (void)correct(plan, store_rows_text(rows, 0), store_rows_text(rows, 1), NULL);
    return more;
}

int adoption_plan_read(struct store *store, int64_t version, struct adoption_plan *plan,
                       struct error *error)
{
    *plan = (struct adoption_plan){0};
    AUTO_POLICY *policy = adoption_policy_borrow(store, version, error);
    if (!policy)
        return -1;
    adoption_plan_make(policy, plan);
    /* Twice: a zone or passage that is corrected into the plan brings items that are corrected. */
    if (correct_all(store, version, plan, error) == 0 &&
        correct_all(store, version, plan, error) == 0 && setup_compare(store, plan, error) == 0)
        return 0;
    adoption_plan_free(plan);
    return -1;
}

static int save(struct store *store, const struct identity_act *act, int64_t version,
                const char *key, const char *value, struct error *error)
{
    if (store_run(store, STATEMENT_CORRECTION_SET,
                  STORE_VALUES(store_integer(version), store_text(key), store_text(value),
                               store_text(act->reason ? act->reason : ""), store_text(act->actor),
                               store_integer(act->now)),
                  error) != 0)
        return -1;
    const struct store_fact facts[] = {{"item", key}, {"value", value}};
    return identity_act_record(store, act, "setup.correct",
                               adoption_name_of("policy", version).text, facts, 2, NULL, error);
}

int adoption_plan_correct(struct store *store, const struct identity_act *act, int64_t version,
                          const char *key, const char *value, struct error *error)
{
    struct adoption_plan plan;
    if (adoption_plan_read(store, version, &plan, error) != 0)
        return -1;
    int result = correct(&plan, key, value, error);
    adoption_plan_free(&plan);
    if (result != 0 || store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, save(store, act, version, key, value, error), error);
}
