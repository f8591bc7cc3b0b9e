/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Setting the organization up as a plan says, in one transaction. */
#include <stdio.h>
#include <string.h>

#include "adoption/duty.h"
#include "adoption/plan.h"
#include "adoption/present.h"
#include "identity/credentials.h"

#define FILE_SIZE_MOST (INT64_C(100) << 20) /* bytes; until somebody says otherwise */
#define FILES_MOST     50

/* What is under way. */
struct setup {
    struct store *store;
    const struct identity_act *act;
    const struct policy *policy;
    const struct adoption_plan *plan;
    struct present present;
    int64_t version;
    size_t changes;
};

/* The act under the clause of an item, with a reason in any case. */
static struct identity_act act_under(const struct setup *setup, const struct adoption_item *item)
{
    struct identity_act act = *setup->act;
    if (item->clause != POLICY_NONE)
        act.clause = setup->policy->clauses[item->clause].id;
    if (utf8_is_blank(act.reason))
        act.reason = message_get(LANGUAGE_JA, "adoption.setup_reason");
    return act;
}

static const struct adoption_item *item_of(const struct setup *setup, const char *format,
                                           const char *first, const char *second, const char *name)
{
    char key[ADOPTION_KEY_SIZE];
    snprintf(key, sizeof key, "%s/%s%s%s/%s", format, first, *second ? "/" : "", second, name);
    return adoption_plan_find(setup->plan, key);
}

/* ---- zones ---- */

static bool zone_in_plan(const struct setup *setup, const char *id)
{
    const struct adoption_item *name = item_of(setup, "zone", id, "", "name");
    return name && *name->value;
}

static int apply_zone(struct setup *setup, const struct adoption_item *name, struct error *error)
{
    struct gate_zone zone = {0};
    snprintf(zone.id, sizeof zone.id, "%.*s", (int)strcspn(name->subject, "/"), name->subject);
    const struct adoption_item *level = item_of(setup, "zone", zone.id, "", "level");
    if (!*name->value || (name->change == ADOPTION_SAME && level->change == ADOPTION_SAME))
        return 0;
    struct identity_act act = act_under(setup, name);
    utf8_copy(zone.name, sizeof zone.name, name->value);
    zone.level = strtoll(level->value, NULL, 10);
    setup->changes++;
    return gate_zone_put(setup->store, &act, &zone, error);
}

/* ---- conduits ---- */

static void set_treatments(struct gate_conduit *conduit, const char *value)
{
    bool first = true;
    for (unsigned i = 0; i < DISARM_TREATMENT_COUNT; i++)
        conduit->treatments[i] = false;
    while (*value) {
        size_t length = strcspn(value, " ");
        for (unsigned i = 0; i < DISARM_TREATMENT_COUNT; i++) {
            const char *name = disarm_treatment_name(i);
            if (strlen(name) != length || strncmp(name, value, length) != 0)
                continue;
            conduit->treatments[i] = true;
            conduit->usual = first ? (enum disarm_treatment)i : conduit->usual;
            first = false;
        }
        value += length + strspn(value + length, " ");
    }
}

/* Puts the value of an item into a conduit. */
static void set_field(struct gate_conduit *conduit, const struct adoption_item *item)
{
    const char *name = item->name, *value = item->value;
    if (strcmp(name, "passage") == 0)
        conduit->medium_only = strcmp(value, "medium") == 0;
    else if (strcmp(name, "treatments") == 0)
        set_treatments(conduit, value);
    else if (strcmp(name, "approval_from") == 0)
        conduit->approval_from = strtoll(value, NULL, 10);
    else if (strcmp(name, "days_kept") == 0)
        conduit->days_kept = strtoll(value, NULL, 10);
    else if (strcmp(name, "antivirus") == 0)
        conduit->antivirus = strcmp(value, "required") == 0   ? GATE_ANTIVIRUS_REQUIRED
                             : strcmp(value, "if_there") == 0 ? GATE_ANTIVIRUS_IF_THERE
                                                              : GATE_ANTIVIRUS_NONE;
    else
        *present_flag(conduit, name) = strcmp(value, "yes") == 0;
}

/* Takes all items of the pair into the conduit; how many differ from what is set up. */
static size_t set_fields(const struct setup *setup, struct gate_conduit *conduit)
{
    char from[IDENTITY_ZONE_SIZE], to[IDENTITY_ZONE_SIZE];
    size_t changes = 0;
    for (size_t i = 0; i < setup->plan->count; i++) {
        const struct adoption_item *item = &setup->plan->items[i];
        if (!setup_conduit_zones(item, from, to) || strcmp(from, conduit->source) != 0 ||
            strcmp(to, conduit->destination) != 0)
            continue;
        set_field(conduit, item);
        changes += item->change != ADOPTION_SAME;
    }
    return changes;
}

/* Opens or closes a conduit that is there. */
static int apply_open(struct setup *setup, const struct adoption_item *passage,
                      const struct gate_conduit *conduit, bool open, struct error *error)
{
    if (conduit->open == open)
        return 0;
    struct identity_act act = act_under(setup, passage);
    setup->changes++;
    return gate_conduit_put_open(setup->store, &act, conduit->id, open, error);
}

static int apply_conduit(struct setup *setup, const struct adoption_item *passage,
                         struct error *error)
{
    char from[IDENTITY_ZONE_SIZE], to[IDENTITY_ZONE_SIZE];
    setup_conduit_zones(passage, from, to);
    if (!zone_in_plan(setup, from) || !zone_in_plan(setup, to))
        return 0;
    const struct gate_conduit *present = present_conduit(&setup->present, from, to);
    bool open = strcmp(passage->value, "none") != 0;
    if (!open)
        return present ? apply_open(setup, passage, present, false, error) : 0;
    struct gate_conduit conduit = {
        .open = true, .size_most = FILE_SIZE_MOST, .items_most = FILES_MOST};
    if (present)
        conduit = *present;
    utf8_copy(conduit.source, sizeof conduit.source, from);
    utf8_copy(conduit.destination, sizeof conduit.destination, to);
    size_t changes = set_fields(setup, &conduit);
    if (present && changes == 0)
        return 0;
    struct identity_act act = act_under(setup, passage);
    setup->changes++;
    if (gate_conduit_put(setup->store, &act, &conduit, error) != 0)
        return -1;
    return present ? apply_open(setup, passage, present, true, error) : 0;
}

/* ---- settings ---- */

static int set_setting(struct setup *setup, const struct identity_act *act,
                       const struct adoption_item *item, struct error *error)
{
    AUTO_BUFFER name = {0};
    setup_setting_name(item, &name);
    const struct store_fact facts[] = {{"setting", buffer_string(&name)}, {"value", item->value}};
    if (store_run(setup->store, STATEMENT_SETTING_SET,
                  STORE_VALUES(store_text(buffer_string(&name)), store_text(item->value),
                               store_integer(act->now)),
                  error) != 0)
        return -1;
    return identity_act_record(setup->store, act, "setup.set", "settings", facts, 2, NULL, error);
}

static int rename_organization(struct setup *setup, const struct identity_act *act,
                               const struct adoption_item *item, struct error *error)
{
    const struct store_fact facts[] = {{"from", item->present}, {"to", item->value}};
    if (store_run(setup->store, STATEMENT_ORGANIZATION_RENAME,
                  STORE_VALUES(store_text(item->value)), error) != 0)
        return -1;
    return identity_act_record(setup->store, act, "organization.rename", "organization", facts, 2,
                               NULL, error);
}

static int apply_setting(struct setup *setup, const struct adoption_item *item, struct error *error)
{
    if (item->change == ADOPTION_SAME)
        return 0;
    struct identity_act act = act_under(setup, item);
    setup->changes++;
    if (item->kind == ADOPTION_ITEM_ORGANIZATION)
        return rename_organization(setup, &act, item, error);
    if (item->kind == ADOPTION_ITEM_RULE)
        return identity_rule_put(setup->store, &act, item->name, strtoll(item->value, NULL, 10),
                                 error);
    if (item->kind != ADOPTION_ITEM_ZONE)
        return set_setting(setup, &act, item, error);
    char zone[IDENTITY_ZONE_SIZE];
    snprintf(zone, sizeof zone, "%.*s", (int)strcspn(item->subject, "/"), item->subject);
    return zone_in_plan(setup, zone)
               ? identity_zone_factor_put(setup->store, &act, zone, strcmp(item->value, "yes") == 0,
                                          error)
               : 0;
}

/* ---- all of it ---- */

/* Zones come first in a plan, so that conduits find them. */
static int apply_item(struct setup *setup, const struct adoption_item *item, struct error *error)
{
    if (item->kind == ADOPTION_ITEM_CONDUIT)
        return strcmp(item->name, "passage") == 0 ? apply_conduit(setup, item, error) : 0;
    if (item->kind == ADOPTION_ITEM_ZONE && strcmp(item->name, "name") == 0)
        return apply_zone(setup, item, error);
    if (item->kind == ADOPTION_ITEM_ZONE && strcmp(item->name, "level") == 0)
        return 0; /* with its name */
    return apply_setting(setup, item, error);
}

/* In force; or adopted while nothing is in force yet: the first set-up may come before the day. */
static int check_stage(const struct setup *setup, bool *again, struct error *error)
{
    struct adoption_version found, present;
    if (adoption_read(setup->store, setup->version, setup->act->now, &found, error) != 0)
        return -1;
    int any = adoption_in_force(setup->store, setup->act->now, &present, error);
    if (any < 0)
        return -1;
    *again = found.set_up != 0;
    if (found.stage == ADOPTION_IN_FORCE || (found.stage == ADOPTION_ADOPTED && any == 0))
        return 0;
    return error_set(error, "adoption_stage", adoption_name_of("policy", setup->version).text, "%s",
                     adoption_stage_name(found.stage));
}

static int check_looser(const struct adoption_plan *plan, bool loosen, struct error *error)
{
    for (size_t i = 0; !loosen && i < plan->count; i++)
        if (plan->items[i].change == ADOPTION_LOOSER)
            return error_set(error, "adoption_looser", plan->items[i].key, "%s → %s",
                             plan->items[i].present, plan->items[i].value);
    return 0;
}

static int apply_all(struct setup *setup, struct error *error)
{
    bool again;
    if (check_stage(setup, &again, error) != 0 ||
        present_read(setup->store, &setup->present, error) != 0)
        return -1;
    for (size_t i = 0; i < setup->plan->count; i++)
        if (apply_item(setup, &setup->plan->items[i], error) != 0)
            return -1;
    if (duty_make_all(setup->store, setup->policy, setup->version, setup->act->now, error) != 0)
        return -1;
    if (again && setup->changes == 0)
        return 0;
    char changes[24];
    snprintf(changes, sizeof changes, "%zu", setup->changes);
    const struct store_fact facts[] = {{"changes", changes}};
    if (store_run(setup->store, STATEMENT_POLICY_SET_UP,
                  STORE_VALUES(store_integer(setup->version), store_integer(setup->act->now)),
                  error) != 0)
        return -1;
    return identity_act_record(setup->store, setup->act, "setup.apply",
                               adoption_name_of("policy", setup->version).text, facts, 1, NULL,
                               error);
}

/* Reads the plan inside the transaction, so that nothing changes between looking and doing. */
static int apply_version(struct setup *setup, bool loosen, struct error *error)
{
    struct adoption_plan plan;
    if (adoption_plan_read(setup->store, setup->version, &plan, error) != 0)
        return -1;
    setup->plan = &plan;
    int result = check_looser(&plan, loosen, error);
    if (result == 0)
        result = apply_all(setup, error);
    adoption_plan_free(&plan);
    setup->plan = NULL;
    return result;
}

int adoption_apply(struct store *store, const struct identity_act *act, int64_t version,
                   bool loosen, struct error *error)
{
    AUTO_POLICY *policy = adoption_policy_borrow(store, version, error);
    if (!policy)
        return -1;
    AUTO_FREE struct setup *setup = memory_allocate(1, sizeof *setup);
    setup->store = store;
    setup->act = act;
    setup->policy = policy;
    setup->version = version;
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, apply_version(setup, loosen, error), error);
}
