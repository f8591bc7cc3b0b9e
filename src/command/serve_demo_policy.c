/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the demo's town adopted its policy, through the functions that the pages use. */
#include "command/demo_policy.h"

#include <stdio.h>
#include <stdlib.h>

#include "adoption/renewal.h"
#include "adoption/setup.h"
#include "adoption/state.h"
#include "base/error.h"
#include "base/time.h"
#include "command/demo.h"

/* Somebody doing something now; borrows `actor`. */
static struct identity_act act_of(const struct demo_town *town, const char *login, char actor[32],
                                  const char *words)
{
    snprintf(actor, 32, "person/%lld", (long long)demo_account_find(town, login)->person);
    return (struct identity_act){.actor = actor, .now = town->now, .reason = *words ? words : NULL};
}

static int keep_what_is_set_up(struct store *store, const struct identity_act *act, int64_t version,
                               struct error *error)
{
    struct adoption_plan plan = {0};
    int result = adoption_plan_read(store, version, &plan, error);
    for (size_t i = 0; result == 0 && i < plan.count; i++) {
        const struct adoption_item *item = &plan.items[i];
        bool kept = item->kind == ADOPTION_ITEM_ZONE || item->kind == ADOPTION_ITEM_CONDUIT ||
                    item->kind == ADOPTION_ITEM_RULE;
        if (kept && item->present && item->change != ADOPTION_SAME)
            result = adoption_plan_correct(store, act, version, item->key, item->present, error);
    }
    adoption_plan_free(&plan);
    return result;
}

static int adopt(struct demo_town *town, const struct demo_policy_act *row, int64_t version,
                 struct error *error)
{
    char prepares[32], decides[32];
    const struct identity_act prepare = act_of(town, "takahashi", prepares, "");
    const struct identity_act decide = act_of(town, row->who, decides, row->words);
    const struct adoption_decision decision = {
        .version = version,
        .number = row->detail,
        .decided = "2026-03-20",
        .effective = "2026-04-01",
        .decided_by = "情報セキュリティ委員会",
        .reason = row->words,
    };
    return keep_what_is_set_up(town->store, &prepare, version, error) == 0 &&
                   adoption_adopt(town->store, &decide, &decision, error) == 0 &&
                   adoption_apply(town->store, &prepare, version, true, error) == 0
               ? 0
               : -1;
}

static int attest(struct demo_town *town, const struct demo_policy_act *row,
                  const struct identity_act *act, int64_t version, struct error *error)
{
    AUTO_BUFFER date = {0};
    date_append(&date, time_date_in_japan(town->now));
    const struct adoption_attestation attestation = {
        .version = version,
        .requirement = row->requirement,
        .done = *row->detail == 'y',
        .date = buffer_string(&date),
        .note = row->words,
        .person = demo_account_find(town, row->who)->person,
    };
    return adoption_attest(town->store, act, &attestation, error);
}

static int except(struct demo_town *town, const struct demo_policy_act *row,
                  const struct identity_act *act, int64_t version, struct error *error)
{
    AUTO_BUFFER until = {0};
    date_append(&until,
                date_add_days(time_date_in_japan(town->present), strtol(row->detail, NULL, 10)));
    return adoption_exception_grant(town->store, act, version, row->requirement,
                                    buffer_string(&until), error);
}

static int acknowledge(struct demo_town *town, const struct demo_policy_act *row,
                       const struct identity_act *act, int64_t version, struct error *error)
{
    struct adoption_version read;
    return adoption_read(town->store, version, town->now, &read, error) == 0
               ? adoption_acknowledge(town->store, act, version,
                                      demo_account_find(town, row->who)->person, read.text_digest,
                                      error)
               : -1;
}

static int do_act(struct demo_town *town, const struct demo_policy_act *row, int64_t version,
                  struct error *error)
{
    char actor[32];
    const struct identity_act act = act_of(town, row->who, actor, row->words);
    switch (row->what) {
    case DEMO_POLICY_ADOPT:
        return adopt(town, row, version, error);
    case DEMO_POLICY_CONFIRM:
        return adoption_choose(town->store, &act, version, row->requirement, ADOPTION_CONFIRM, NULL,
                               error);
    case DEMO_POLICY_NOT_APPLICABLE:
        return adoption_choose(town->store, &act, version, row->requirement,
                               ADOPTION_NOT_APPLICABLE, NULL, error);
    case DEMO_POLICY_ATTEST:
        return attest(town, row, &act, version, error);
    case DEMO_POLICY_EXCEPTION:
        return except(town, row, &act, version, error);
    case DEMO_POLICY_ACKNOWLEDGE:
        return acknowledge(town, row, &act, version, error);
    }
    return -1;
}

int demo_policy_adopt(struct demo_town *town, struct error *error)
{
    char actor[32];
    int64_t version = 0;
    const struct identity_act act = act_of(town, "takahashi", actor, "");
    const struct bytes text = bytes_of_string(demo_policy_text);
    const struct adoption_upload upload = {"みほん市情報セキュリティポリシー.txt", text, text};
    int result = adoption_store(town->store, &act, &upload, &version, error);
    for (size_t i = 0; result == 0 && i < demo_policy_act_count; i++)
        result = do_act(town, &demo_policy_acts[i], version, error);
    return result;
}
