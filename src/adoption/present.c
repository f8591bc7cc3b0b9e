/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan beside what is set up: the present values, and which changes let more happen. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "adoption/plan.h"
#include "adoption/present.h"

int present_read(struct store *store, struct present *present, struct error *error)
{
    *present = (struct present){0};
    if (gate_zone_list(store, present->zones, PRESENT_ZONES, &present->zone_count, error) != 0)
        return -1;
    return gate_conduit_list(store, NULL, present->conduits, PRESENT_CONDUITS,
                             &present->conduit_count, error);
}

struct gate_zone *present_zone(struct present *present, const char *id)
{
    for (size_t i = 0; i < present->zone_count; i++)
        if (strcmp(present->zones[i].id, id) == 0)
            return &present->zones[i];
    return NULL;
}

struct gate_conduit *present_conduit(struct present *present, const char *from, const char *to)
{
    for (size_t i = 0; i < present->conduit_count; i++)
        if (strcmp(present->conduits[i].source, from) == 0 &&
            strcmp(present->conduits[i].destination, to) == 0)
            return &present->conduits[i];
    return NULL;
}

/* ---- settings ---- */

void setup_setting_name(const struct adoption_item *item, struct buffer *out)
{
    if (item->kind == ADOPTION_ITEM_RULE) {
        buffer_append_format(out, "identity.%s", item->name);
    } else if (item->kind == ADOPTION_ITEM_ZONE && strcmp(item->name, "second_factor") == 0) {
        buffer_append_format(out, "identity.second_factor.%.*s", (int)strcspn(item->subject, "/"),
                             item->subject);
    } else if (item->kind != ADOPTION_ITEM_ZONE && item->kind != ADOPTION_ITEM_CONDUIT &&
               item->kind != ADOPTION_ITEM_ORGANIZATION) {
        buffer_append_format(out, "policy.%s.", adoption_item_kind_name(item->kind));
        for (const char *at = item->subject; *at; at++)
            buffer_append_byte(out, *at == '/' ? '.' : (uint8_t)*at);
    }
}

/* Reads the setting of an item into its present value. */
static int read_setting(struct store *store, struct adoption_item *item, const char *name,
                        struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_SETTING_READ, STORE_VALUES(store_text(name)), &rows, error) !=
        0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found;
    const char *value = store_rows_text(rows, 0);
    bool flag = item->kind == ADOPTION_ITEM_ZONE;
    setup_set(&item->present, !flag ? value : strcmp(value, "1") == 0 ? "yes" : "no");
    return 0;
}

static int read_organization(struct store *store, struct adoption_item *item, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_ORGANIZATION_READ, STORE_NO_VALUES, &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 1)
        setup_set(&item->present, store_rows_text(rows, 0));
    return found < 0 ? -1 : 0;
}

/* ---- zones and conduits ---- */

static void number_text(char text[24], int64_t number)
{
    snprintf(text, 24, "%" PRId64, number);
}

static void read_zone(const struct present *present, struct adoption_item *item)
{
    char id[IDENTITY_ZONE_SIZE], level[24];
    snprintf(id, sizeof id, "%.*s", (int)strcspn(item->subject, "/"), item->subject);
    const struct gate_zone *zone = present_zone((struct present *)(uintptr_t)present, id);
    if (!zone)
        return;
    number_text(level, zone->level);
    setup_set(&item->present, strcmp(item->name, "name") == 0 ? zone->name : level);
}

static const char *const antivirus_names[] = {"none", "if_there", "required"};
static const enum disarm_treatment treatment_order[] = {DISARM_REBUILD, DISARM_FLATTEN,
                                                        DISARM_TEXT};

/* The treatments as a plan names them: the usual one first. */
static void treatments_text(const struct gate_conduit *conduit, struct buffer *out)
{
    buffer_append_string(out, disarm_treatment_name(conduit->usual));
    for (size_t i = 0; i < DISARM_TREATMENT_COUNT; i++)
        if (conduit->treatments[treatment_order[i]] && treatment_order[i] != conduit->usual)
            buffer_append_format(out, " %s", disarm_treatment_name(treatment_order[i]));
}

static const char *passage_text(const struct gate_conduit *conduit)
{
    if (!conduit || !conduit->open)
        return "none";
    return conduit->medium_only ? "medium" : "open";
}

static void read_conduit(const struct present *present, struct adoption_item *item)
{
    char from[IDENTITY_ZONE_SIZE], to[IDENTITY_ZONE_SIZE];
    setup_conduit_zones(item, from, to);
    struct present *all = (struct present *)(uintptr_t)present;
    const struct gate_conduit *conduit = present_conduit(all, from, to);
    bool zones = present_zone(all, from) && present_zone(all, to);
    AUTO_BUFFER text = {0};
    if (strcmp(item->name, "passage") == 0) {
        if (zones)
            setup_set(&item->present, passage_text(conduit));
        return;
    }
    if (!conduit)
        return;
    if (strcmp(item->name, "treatments") == 0)
        treatments_text(conduit, &text);
    else if (strcmp(item->name, "antivirus") == 0)
        buffer_append_string(&text, antivirus_names[conduit->antivirus]);
    else if (strcmp(item->name, "approval_from") == 0)
        buffer_append_format(&text, "%" PRId64, conduit->approval_from);
    else if (strcmp(item->name, "days_kept") == 0)
        buffer_append_format(&text, "%" PRId64, conduit->days_kept);
    else
        buffer_append_string(
            &text,
            *present_flag((struct gate_conduit *)(uintptr_t)conduit, item->name) ? "yes" : "no");
    setup_set(&item->present, buffer_string(&text));
}

bool *present_flag(struct gate_conduit *conduit, const char *name)
{
    if (strcmp(name, "approval_personal") == 0)
        return &conduit->approval_personal;
    if (strcmp(name, "emergency") == 0)
        return &conduit->emergency;
    return &conduit->password;
}

/* ---- stricter or looser ---- */

/* Values in the order from strict to loose. */
static const struct {
    const char *name;
    const char *words[4];
} orders[] = {
    {"passage", {"none", "medium", "open"}},
    {"antivirus", {"required", "if_there", "none"}},
    {"approval_personal", {"yes", "no"}},
    {"emergency", {"no", "yes"}},
    {"password", {"yes", "no"}},
    {"second_factor", {"yes", "no"}},
};

/* Which way a number loosens. */
static const struct {
    const char *start; /* of the name */
    bool more_is_looser, zero_is_none;
} numbers[] = {
    {"approval_from", true, false},      {"lock_after", true, false},
    {"lock_seconds", false, false},      {"password_days", true, true},
    {"password_history", false, false},  {"password_length", false, false},
    {"password_strength", false, false}, {"password_uses", true, true},
    {"periodic_months", true, false},    {"second_factor_privileged", false, false},
    {"session_", true, false},           {"years_kept", false, false},
};

static int place_of(const char *const words[4], const char *value)
{
    for (int i = 0; i < 4 && words[i]; i++)
        if (strcmp(words[i], value) == 0)
            return i;
    return 0;
}

/* True when a list of treatments allows one that the present list does not. */
static bool allows_more(const char *present, const char *value)
{
    for (unsigned i = 0; i < DISARM_TREATMENT_COUNT; i++)
        if (strstr(value, disarm_treatment_name(i)) && !strstr(present, disarm_treatment_name(i)))
            return true;
    return false;
}

static bool number_looser(size_t row, const char *present, const char *value)
{
    int64_t before = strtoll(present, NULL, 10), after = strtoll(value, NULL, 10);
    if (numbers[row].zero_is_none) {
        before = before ? before : INT64_MAX;
        after = after ? after : INT64_MAX;
    }
    return numbers[row].more_is_looser ? after > before : after < before;
}

bool setup_looser(const struct adoption_item *item, const char *present, const char *value)
{
    if (item->kind == ADOPTION_ITEM_CONDUIT && strcmp(item->name, "treatments") == 0)
        return allows_more(present, value);
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        if (strcmp(item->name, orders[i].name) == 0)
            return place_of(orders[i].words, value) > place_of(orders[i].words, present);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strncmp(item->name, numbers[i].start, strlen(numbers[i].start)) == 0)
            return number_looser(i, present, value);
    return false;
}

/* ---- all of it ---- */

/* The text is silent: what is set up stays. */
static void keep_present(struct adoption_item *item)
{
    if (item->stated || item->corrected || !item->present || item->clause != POLICY_NONE)
        return;
    setup_set(&item->value, item->present);
}

static int compare_item(struct store *store, const struct present *present,
                        struct adoption_item *item, struct error *error)
{
    AUTO_BUFFER setting = {0};
    int result = 0;
    setup_setting_name(item, &setting);
    if (setting.length)
        result = read_setting(store, item, buffer_string(&setting), error);
    else if (item->kind == ADOPTION_ITEM_ORGANIZATION)
        result = read_organization(store, item, error);
    else if (item->kind == ADOPTION_ITEM_ZONE)
        read_zone(present, item);
    else
        read_conduit(present, item);
    keep_present(item);
    /* Where there is no organization yet nothing can be renamed. */
    bool nameless = item->kind == ADOPTION_ITEM_ORGANIZATION && !item->present;
    item->change = nameless                                         ? ADOPTION_SAME
                   : !item->present                                 ? ADOPTION_NEW
                   : strcmp(item->present, item->value) == 0        ? ADOPTION_SAME
                   : setup_looser(item, item->present, item->value) ? ADOPTION_LOOSER
                                                                    : ADOPTION_CHANGED;
    return result;
}

int setup_compare(struct store *store, struct adoption_plan *plan, struct error *error)
{
    AUTO_FREE struct present *present = memory_allocate(1, sizeof *present);
    if (present_read(store, present, error) != 0)
        return -1;
    for (size_t i = 0; i < plan->count; i++)
        if (compare_item(store, present, &plan->items[i], error) != 0)
            return -1;
    return 0;
}
