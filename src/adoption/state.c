/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How every requirement stands: bindings, evidence, duties, attestations and exceptions together.
 */
#include "adoption/state.h"

#include <string.h>

#include "adoption/duty.h"
#include "adoption/keys.h"
#include "adoption/tally.h"
#include "identity/people.h"

static const char *const state_names[ADOPTION_STATE_COUNT] = {
    "enforced", "checked",   "recorded",       "attested",
    "overdue",  "exception", "not_applicable", "unowned"};

const char *adoption_state_name(enum adoption_state state)
{
    return state_names[state];
}

/* ---- who ---- */

/* The holders of one role. */
struct owner {
    const char *role;
    int64_t person;
    char name[IDENTITY_NAME_SIZE];
    size_t count;
};

enum { ROLES_MOST = 16 };

static int read_owner(struct store *store, const char *role, int64_t now, struct owner *owner,
                      struct error *error)
{
    AUTO_ROWS *rows = NULL;
    *owner = (struct owner){.role = role};
    if (store_query(store, STATEMENT_HOLDER_FIRST,
                    STORE_VALUES(store_text(role), store_integer(now)), &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found;
    owner->person = store_rows_integer(rows, 0);
    utf8_copy(owner->name, sizeof owner->name, store_rows_text(rows, 1));
    owner->count = (size_t)store_rows_integer(rows, 2);
    return 0;
}

static int read_owners(struct store *store, int64_t now, struct owner owners[ROLES_MOST],
                       struct error *error)
{
    for (size_t i = 0; i < ROLES_MOST && identity_roles[i]; i++)
        if (read_owner(store, identity_roles[i], now, &owners[i], error) != 0)
            return -1;
    return 0;
}

static void take_owner(struct adoption_standing *standing, const struct owner owners[ROLES_MOST],
                       const char *role)
{
    utf8_copy(standing->role, sizeof standing->role, role);
    for (size_t i = 0; i < ROLES_MOST && owners[i].role; i++)
        if (strcmp(owners[i].role, role) == 0) {
            standing->owner = owners[i].person;
            standing->owners = owners[i].count;
            utf8_copy(standing->owner_name, sizeof standing->owner_name, owners[i].name);
        }
}

/* ---- what was said of sentences ---- */

/* Rows (clause, sentence_key, …) of a statement go to the requirements with the same key. */
static int take_said(struct store *store, struct adoption_finder *finder,
                     enum store_statement statement, const struct store_value *values, size_t count,
                     void (*take)(struct adoption_standing *, const struct store_rows *),
                     struct adoption_standings *standings, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    if (store_query(store, statement, values, count, &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1) {
        size_t at =
            adoption_finder_same(finder, store_rows_text(rows, 0), store_rows_text(rows, 1));
        if (at != POLICY_NONE)
            take(&standings->items[at], rows);
    }
    return more;
}

static void take_attestation(struct adoption_standing *standing, const struct store_rows *rows)
{
    utf8_copy(standing->attested, sizeof standing->attested, store_rows_text(rows, 2));
    standing->done = store_rows_integer(rows, 3) != 0;
}

static void take_exception(struct adoption_standing *standing, const struct store_rows *rows)
{
    if (strcmp(store_rows_text(rows, 2), standing->until) > 0)
        utf8_copy(standing->until, sizeof standing->until, store_rows_text(rows, 2));
}

static void take_duty(struct adoption_standing *standing, const struct store_rows *rows)
{
    utf8_copy(standing->due, sizeof standing->due, store_rows_text(rows, 2));
}

/* ---- one requirement ---- */

static void count_evidence(struct adoption_standing *standing, const struct tally_row *row,
                           const struct tally *counts) /* NULL: were not asked for */
{
    if (!row || !counts)
        return;
    standing->accepted = tally_sum(counts, row->accepted, &standing->last);
    standing->refused = tally_sum(counts, row->refused, &standing->last);
}

/* What its control makes of it. */
static enum adoption_state state_by_control(const struct control *control,
                                            const struct tally_row *row)
{
    static const enum adoption_state by_how[CONTROL_HOW_COUNT] = {
        [CONTROL_ENFORCED] = ADOPTION_ENFORCED,
        [CONTROL_CHECKED] = ADOPTION_CHECKED,
        [CONTROL_RECORDED] = ADOPTION_RECORDED,
        [CONTROL_ATTESTED] = ADOPTION_ATTESTED,
    };
    return control && row ? by_how[control->how] : ADOPTION_ATTESTED;
}

static enum adoption_state state_of(const struct adoption_standing *standing,
                                    const struct tally_row *row, bool not_applicable,
                                    const char *today)
{
    if (not_applicable)
        return ADOPTION_INAPPLICABLE;
    if (*standing->until)
        return ADOPTION_EXCEPTION;
    enum adoption_state state = state_by_control(standing->control, row);
    if (state == ADOPTION_ENFORCED || state == ADOPTION_CHECKED)
        return state;
    bool denied = *standing->attested && !standing->done;
    bool late = state == ADOPTION_ATTESTED && *standing->due && strcmp(standing->due, today) < 0;
    if (denied || late)
        return ADOPTION_OVERDUE;
    return standing->owners == 0 ? ADOPTION_UNOWNED : state;
}

/* ---- all ---- */

/* What is read once for all requirements. */
struct sources {
    struct adoption_bindings *bindings;
    struct tally *counts;
    struct adoption_finder *finder;
    struct owner owners[ROLES_MOST];
    char today[ADOPTION_DATE_SIZE];
};

static void settle(const struct policy *policy, const struct sources *sources,
                   struct adoption_standings *standings)
{
    for (size_t i = 0; i < policy->requirement_count; i++) {
        struct adoption_standing *standing = &standings->items[i];
        const struct adoption_bindings *bindings = &sources->bindings[i];
        standing->control = adoption_binding_first(bindings);
        const struct tally_row *row = tally_row_of(standing->control);
        standing->confirmed = bindings->confirmed;
        standing->check_again = bindings->check_again;
        take_owner(standing, sources->owners, duty_role(policy, i, standing->control));
        count_evidence(standing, row, sources->counts);
        standing->state = state_of(standing, row, bindings->not_applicable, sources->today);
        standings->by_state[standing->state]++;
    }
}

/* What people said, and the dates. */
static int read_said(struct store *store, const struct policy *policy, int64_t now,
                     struct sources *sources, struct adoption_standings *standings,
                     struct error *error)
{
    adoption_today(now, sources->today);
    sources->finder = adoption_finder_new(policy);
    if (take_said(store, sources->finder, STATEMENT_ATTESTATION_LATEST, STORE_NO_VALUES,
                  take_attestation, standings, error) != 0 ||
        take_said(store, sources->finder, STATEMENT_DUTY_DATES, STORE_NO_VALUES, take_duty,
                  standings, error) != 0)
        return -1;
    return take_said(store, sources->finder, STATEMENT_EXCEPTION_RUNNING,
                     STORE_VALUES(store_text(sources->today)), take_exception, standings, error);
}

static int read_sources(struct store *store, const struct policy *policy, int64_t now,
                        struct sources *sources, struct adoption_standings *standings,
                        struct error *error)
{
    return adoption_bindings_read(store, policy, &sources->bindings, error) != 0 ||
                   tally_read(store, now, &sources->counts, error) != 0 ||
                   read_owners(store, now, sources->owners, error) != 0
               ? -1
               : read_said(store, policy, now, sources, standings, error);
}

static void sources_free(struct sources *sources)
{
    free(sources->bindings);
    tally_free(sources->counts);
    adoption_finder_free(sources->finder);
}

int adoption_standings_read(struct store *store, const struct policy *policy, int64_t now,
                            struct adoption_standings *standings, struct error *error)
{
    struct sources sources = {0};
    *standings = (struct adoption_standings){.count = policy->requirement_count};
    standings->items = memory_allocate(policy->requirement_count + 1, sizeof *standings->items);
    int result = read_sources(store, policy, now, &sources, standings, error);
    if (result == 0)
        settle(policy, &sources, standings);
    else
        adoption_standings_free(standings);
    sources_free(&sources);
    return result;
}

void adoption_standings_free(struct adoption_standings *standings)
{
    free(standings->items);
    *standings = (struct adoption_standings){0};
}

/* ---- those without an owner ---- */

/* Notes for every role whether somebody holds it, as its number of owners. */
static int read_held(struct store *store, int64_t now, struct owner owners[ROLES_MOST],
                     struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    for (size_t i = 0; i < ROLES_MOST && identity_roles[i]; i++)
        owners[i] = (struct owner){.role = identity_roles[i]};
    if (store_query(store, STATEMENT_HOLDER_ROLES, STORE_VALUES(store_integer(now)), &rows,
                    error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1)
        for (size_t i = 0; i < ROLES_MOST && owners[i].role; i++)
            if (strcmp(owners[i].role, store_rows_text(rows, 0)) == 0)
                owners[i].count = 1;
    return more;
}

static bool all_held(const struct owner owners[ROLES_MOST])
{
    for (size_t i = 0; i < ROLES_MOST && owners[i].role; i++)
        if (owners[i].count == 0)
            return false;
    return true;
}

/* Whether some requirement belongs to a role that nobody holds. */
static bool any_vacant(const struct policy *policy, const struct sources *sources)
{
    for (size_t i = 0; i < policy->requirement_count; i++) {
        struct adoption_standing standing = {0};
        take_owner(&standing, sources->owners,
                   duty_role(policy, i, adoption_binding_first(&sources->bindings[i])));
        if (standing.owners == 0)
            return true;
    }
    return false;
}

static int count_vacant(struct store *store, const struct policy *policy, int64_t now,
                        struct sources *sources, size_t *count, struct error *error)
{
    struct adoption_standings standings = {0};
    if (adoption_bindings_read(store, policy, &sources->bindings, error) != 0)
        return -1;
    if (!any_vacant(policy, sources))
        return 0;
    standings.items = memory_allocate(policy->requirement_count + 1, sizeof *standings.items);
    int result = read_said(store, policy, now, sources, &standings, error);
    if (result == 0)
        settle(policy, sources, &standings);
    *count = standings.by_state[ADOPTION_UNOWNED];
    adoption_standings_free(&standings);
    return result;
}

int adoption_count_unowned(struct store *store, const struct policy *policy, int64_t now,
                           size_t *count, struct error *error)
{
    struct sources sources = {0};
    *count = 0;
    if (read_held(store, now, sources.owners, error) != 0)
        return -1;
    if (all_held(sources.owners))
        return 0;
    int result = count_vacant(store, policy, now, &sources, count, error);
    sources_free(&sources);
    return result;
}
