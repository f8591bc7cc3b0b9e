/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which control meets which requirement: the compiler's proposals and people's decisions. */
#include "adoption/bindings.h"

#include <string.h>

#include "adoption/internal.h"
#include "adoption/keys.h"

static const char *const choice_names[ADOPTION_CHOICE_COUNT] = {"confirm", "add", "remove",
                                                                "not_applicable", "applicable"};

const char *adoption_choice_name(enum adoption_choice choice)
{
    return choice_names[choice];
}

/* ---- reading ---- */

static void propose(const struct policy_requirement *requirement,
                    struct adoption_bindings *bindings)
{
    for (size_t i = 0; i < requirement->binding_count; i++) {
        const struct control *control = catalogue_find(requirement->bindings[i].control);
        if (control)
            bindings->items[bindings->count++] = (struct adoption_binding){
                .control = control, .confidence = requirement->bindings[i].confidence};
    }
}

static struct adoption_binding *find_control(struct adoption_bindings *bindings,
                                             const struct control *control)
{
    for (size_t i = 0; i < bindings->count; i++)
        if (bindings->items[i].control == control)
            return &bindings->items[i];
    return NULL;
}

static void choose_control(struct adoption_bindings *bindings, const char *id, bool removed)
{
    const struct control *control = catalogue_find(id);
    struct adoption_binding *present = control ? find_control(bindings, control) : NULL;
    if (present)
        present->removed = removed;
    else if (control && !removed && bindings->count < ADOPTION_BINDINGS)
        bindings->items[bindings->count++] =
            (struct adoption_binding){.control = control, .confidence = 1, .added = true};
}

/* One decision, in the order in which they were made. */
static void take_choice(struct adoption_bindings *bindings, const char *choice, const char *control)
{
    if (strcmp(choice, "add") == 0 || strcmp(choice, "remove") == 0)
        choose_control(bindings, control, strcmp(choice, "remove") == 0);
    else if (strcmp(choice, "not_applicable") == 0)
        bindings->not_applicable = true;
    else if (strcmp(choice, "applicable") == 0)
        bindings->not_applicable = false;
    bindings->confirmed = true;
}

static int take_choices(struct store *store, const struct policy *policy,
                        struct adoption_bindings *bindings, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    struct adoption_finder *finder = NULL;
    int more;
    if (store_query(store, STATEMENT_CHOICE_LIST, STORE_NO_VALUES, &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1) {
        double likeness;
        if (!finder)
            finder = adoption_finder_new(policy);
        size_t at = adoption_finder_find(finder, store_rows_text(rows, 0), store_rows_text(rows, 1),
                                         store_rows_text(rows, 2), &likeness);
        if (at == POLICY_NONE)
            continue;
        take_choice(&bindings[at], store_rows_text(rows, 3), store_rows_text(rows, 4));
        bindings[at].check_again = likeness < 1;
        bindings[at].decided = store_rows_integer(rows, 7);
        utf8_copy(bindings[at].reason, sizeof bindings[at].reason, store_rows_text(rows, 5));
        utf8_copy(bindings[at].actor, sizeof bindings[at].actor, store_rows_text(rows, 6));
    }
    adoption_finder_free(finder);
    return more;
}

int adoption_bindings_read(struct store *store, const struct policy *policy,
                           struct adoption_bindings **bindings, struct error *error)
{
    struct adoption_bindings *list = memory_allocate(policy->requirement_count + 1, sizeof *list);
    for (size_t i = 0; i < policy->requirement_count; i++)
        propose(&policy->requirements[i], &list[i]);
    *bindings = list;
    if (take_choices(store, policy, list, error) == 0)
        return 0;
    free(list);
    *bindings = NULL;
    return -1;
}

const struct control *adoption_binding_first(const struct adoption_bindings *bindings)
{
    /* What a person added goes before what the compiler proposes. */
    for (size_t i = 0; i < bindings->count; i++)
        if (bindings->items[i].added && !bindings->items[i].removed)
            return bindings->items[i].control;
    for (size_t i = 0; i < bindings->count; i++)
        if (!bindings->items[i].removed)
            return bindings->items[i].control;
    return NULL;
}

/* ---- deciding ---- */

static int save(struct store *store, const struct identity_act *act, int64_t version,
                const struct policy *policy, size_t requirement, const char *choice,
                const char *control, struct error *error)
{
    char key[ADOPTION_SENTENCE_KEY_SIZE];
    const struct policy_requirement *one = &policy->requirements[requirement];
    const char *clause = policy->clauses[one->clause].id;
    adoption_sentence_key(policy, requirement, key);
    if (store_run(store, STATEMENT_CHOICE_ADD,
                  STORE_VALUES(store_integer(version), store_text(clause), store_text(key),
                               store_text(policy->sentences[one->sentence].text),
                               store_text(choice), store_text(control),
                               store_text(act->reason ? act->reason : ""), store_text(act->actor),
                               store_integer(act->now)),
                  error) != 0)
        return -1;
    AUTO_BUFFER action = {0};
    buffer_append_format(&action, "binding.%s", choice);
    struct identity_act under = *act;
    under.clause = clause;
    const struct store_fact facts[] = {{"requirement", one->id}, {"control", control}};
    return identity_act_record(store, &under, buffer_string(&action),
                               adoption_name_of("policy", version).text, facts, *control ? 2 : 1,
                               NULL, error);
}

static int check(const struct identity_act *act, enum adoption_choice choice, const char *control,
                 struct error *error)
{
    bool about_control = choice == ADOPTION_ADD || choice == ADOPTION_REMOVE;
    if (about_control && (!control || !catalogue_find(control)))
        return error_set(error, "adoption_control_unknown", control ? control : "", "%s", "");
    if ((choice == ADOPTION_NOT_APPLICABLE && utf8_is_blank(act->reason)) ||
        (act->reason && strlen(act->reason) >= ADOPTION_REASON_SIZE))
        return error_set(error, "adoption_reason", "reason", "%s", "");
    return 0;
}

int adoption_choose(struct store *store, const struct identity_act *act, int64_t version,
                    const char *requirement, enum adoption_choice choice, const char *control,
                    struct error *error)
{
    if (check(act, choice, control, error) != 0)
        return -1;
    AUTO_POLICY *policy = adoption_policy_borrow(store, version, error);
    if (!policy)
        return -1;
    size_t at = adoption_find_requirement(policy, requirement);
    if (at == POLICY_NONE)
        return error_set(error, "adoption_requirement_unknown", requirement, "%s", "");
    if (store_begin(store, error) != 0)
        return -1;
    bool about_control = choice == ADOPTION_ADD || choice == ADOPTION_REMOVE;
    return store_conclude(store,
                          save(store, act, version, policy, at, choice_names[choice],
                               about_control ? control : "", error),
                          error);
}
