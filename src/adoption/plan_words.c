/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roles and classification of a plan: what the text calls them. */
#include <stdio.h>
#include <string.h>

#include "adoption/plan.h"
#include "base/message.h"
#include "identity/permissions.h"

/* Words in the names of roles and the keys of people.h, the more particular first. */
static const struct {
    const char *words, *role;
} role_words[] = {
    {"監査", "auditor"},
    {"最高情報統括責任者|最高情報セキュリティ責任者|最高情報責任者|CISO|CIO|ＣＩＳＯ", "ciso"},
    {"統括情報セキュリティ責任者|情報セキュリティ統括責任者|情報統括責任者", "deputy_ciso"},
    {"委員会", "ciso"},
    {"策定チーム|CSIRT|ＣＳＩＲＴ|統一的な窓口|統一窓口|事務局", "deputy_ciso"},
    {"情報システム管理者|情報システム担当者|情報システム責任者|システム管理者", "system_manager"},
    {"情報セキュリティ管理者|情報セキュリティ責任者|情報セキュリティ担当者|所属長|課室長|課長",
     "section_manager"},
    {"職員|利用者|従業員|社員", "staff"},
};

const char *setup_role_of(const char *name)
{
    for (size_t i = 0; i < sizeof role_words / sizeof *role_words; i++)
        if (setup_mentions(name, role_words[i].words))
            return role_words[i].role;
    return NULL;
}

/* A name that holds a role is better than one that only works for it. */
static bool is_body(const char *name)
{
    return setup_mentions(name, "委員会|チーム|担当者|CSIRT|窓口");
}

void setup_add_roles(struct adoption_plan *plan, const struct policy *policy)
{
    for (int bodies = 0; bodies < 2; bodies++)
        for (size_t i = 0; i < policy->role_count; i++) {
            const struct policy_role *role = &policy->roles[i];
            const char *key = setup_role_of(role->name);
            AUTO_BUFFER item = {0};
            if (!key || is_body(role->name) != (bodies == 1) || strcmp(key, "staff") == 0)
                continue;
            buffer_append_format(&item, "role/%s/name", key);
            if (setup_find(plan, buffer_string(&item)))
                continue;
            struct setup_source source = {true, role->clause, POLICY_NONE};
            setup_add(plan, ADOPTION_ITEM_ROLE, role->name, source, "role/%s/name", key);
            setup_add(plan, ADOPTION_ITEM_ROLE, bodies ? "" : role->held_by, source, "role/%s/post",
                      key);
        }
}

/* ---- classification ---- */

enum { RANKS = 5 };

/* The levels that files are labelled by: those of the scheme that stands first, or of the one of
 * confidentiality where the text has several. */
static size_t choose_levels(const struct policy *policy, const struct policy_level *chosen[RANKS])
{
    const char *scheme = policy->level_count ? policy->levels[0].scheme : "";
    for (size_t i = 0; i < policy->level_count && *scheme; i++) {
        if (!*policy->levels[i].scheme || setup_mentions(policy->levels[i].scheme, "機密性"))
            scheme = policy->levels[i].scheme;
    }
    size_t count = 0;
    for (size_t i = 0; i < policy->level_count; i++) {
        if (strcmp(policy->levels[i].scheme, scheme) != 0)
            continue;
        if (count < RANKS)
            chosen[count] = &policy->levels[i];
        count++;
    }
    return count <= RANKS ? count : 0;
}

/* The ranks of the labels: those that everybody knows, else spread from the top. */
static void rank_levels(const struct policy_level *const levels[], size_t count, int ranks[])
{
    bool apart = true;
    for (size_t i = 0; i < count; i++) {
        ranks[i] = identity_classification_rank(levels[i]->label);
        for (size_t k = 0; k < i; k++)
            apart = apart && ranks[k] != ranks[i];
    }
    for (size_t i = 0; !apart && i < count; i++)
        ranks[i] = i + 1 == count ? 0 : RANKS - 1 - (int)i;
}

static void add_level(struct adoption_plan *plan, int rank, const char *label, const char *text,
                      struct setup_source source)
{
    setup_add(plan, ADOPTION_ITEM_CLASSIFICATION, label, source, "classification/%d/label", rank);
    setup_add(plan, ADOPTION_ITEM_CLASSIFICATION, text, source, "classification/%d/text", rank);
}

/* The scheme of the national guideline, for a text that has none. */
static void add_usual_scheme(struct adoption_plan *plan)
{
    static const char *const labels[RANKS] = {"1", "2", "3C", "3B", "3A"};
    setup_add(plan, ADOPTION_ITEM_CLASSIFICATION, message_get(LANGUAGE_JA, "adoption.scheme.name"),
              PLAN_DEFAULT, "classification/name");
    for (int rank = RANKS - 1; rank >= 0; rank--) {
        AUTO_BUFFER key = {0};
        buffer_append_format(&key, "adoption.scheme.%d", rank);
        add_level(plan, rank, labels[rank], message_get(LANGUAGE_JA, buffer_string(&key)),
                  PLAN_DEFAULT);
    }
}

void setup_add_classification(struct adoption_plan *plan, const struct policy *policy)
{
    int ranks[RANKS];
    const struct policy_level *levels[RANKS];
    size_t count = choose_levels(policy, levels);
    if (count < 2) {
        add_usual_scheme(plan);
        return;
    }
    rank_levels(levels, count, ranks);
    const char *name = *levels[0]->scheme ? levels[0]->scheme : policy->classification_name;
    setup_add(plan, ADOPTION_ITEM_CLASSIFICATION,
              *name ? name : message_get(LANGUAGE_JA, "adoption.scheme.other"),
              (struct setup_source){true, levels[0]->clause, POLICY_NONE}, "classification/name");
    for (size_t i = 0; i < count; i++)
        add_level(plan, ranks[i], levels[i]->label, levels[i]->text,
                  (struct setup_source){true, levels[i]->clause, POLICY_NONE});
}
