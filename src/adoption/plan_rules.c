/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of a plan: numbers that the text states about passwords, sessions and records. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "adoption/numbers.h"
#include "adoption/plan.h"
#include "identity/credentials.h"

enum { WORD_LISTS = 3 };

/* A number that is looked for: words that must be mentioned, and what it counts. */
struct number_rule {
    const char *item;              /* key */
    const char *words[WORD_LISTS]; /* one of each list is mentioned; NULL: no more */
    const struct number_unit *units;
};

/* A sentence that asks for the same without a number. */
struct mention_rule {
    const char *item;
    const char *words[WORD_LISTS];
    int64_t usual; /* -1: the rule's preset */
};

static const struct number_unit characters[] = {{"文字", 1}, {"桁", 1}, {"字以上", 1}, {NULL, 0}};
static const struct number_unit times[] = {{"回", 1}, {"世代", 1}, {"個", 1}, {NULL, 0}};
static const struct number_unit days[] = {{"日", 1},    {"週間", 7},  {"か月", 30},
                                          {"ヶ月", 30}, {"カ月", 30}, {"箇月", 30},
                                          {"月", 30},   {"年", 365},  {NULL, 0}};
static const struct number_unit seconds[] = {{"秒", 1}, {"分", 60}, {"時間", 3600}, {NULL, 0}};
static const struct number_unit months[] = {{"か月", 1}, {"ヶ月", 1}, {"カ月", 1}, {"箇月", 1},
                                            {"月", 1},   {"年", 12},  {NULL, 0}};

#define ON_IDLE                                                                                                                  \
    "離席|席を離れ|無操作|操作がない|操作しない|操作のない|操作がされない|自動ログアウト|" \
    "自動的にログアウト|タイムアウト|スクリーンセーバ|画面ロック|画面のロック|画面をロック"
#define ON_WRONG "失敗|誤っ|誤り|誤入力|間違"

static const struct number_rule number_rules[] = {
    {"rule/password_length", {"パスワード|暗証"}, characters},
    {"rule/password_history", {"パスワード", "再利用|使い回|過去|直近|以前"}, times},
    {"rule/password_days", {"パスワード", "変更|変え|更新"}, days},
    {"rule/password_uses", {"パスワード", "アクセス回数|使用回数|ログイン回数"}, times},
    {"rule/lock_after", {"ログイン|認証|パスワード|識別符号", ON_WRONG}, times},
    {"rule/lock_seconds",
     {"ログイン|認証|パスワード|識別符号", ON_WRONG, "ロック|停止|できない|止め"},
     seconds},
    {"rule/session_idle", {ON_IDLE}, seconds},
    {"rule/session_most",
     {"連続して使|連続使用|連続利用|ログインの有効|セッションの有効"},
     seconds},
    {"journal/years_kept",
     {"ログを|ログの|ログは|ログ等|記録|証跡|履歴", "保存|保管|保持"},
     months},
};

static const struct mention_rule mention_rules[] = {
    {"rule/password_history", {"パスワード", "再利用|使い回"}, -1},
    {"rule/password_days", {"パスワード", "定期的に|定期に", "変更し|変え|更新し"}, 180},
    {"rule/password_uses", {"パスワード", "アクセス回数|使用回数|ログイン回数"}, 500},
    {"rule/lock_after", {"試行回数"}, -1},
    {"rule/session_idle", {ON_IDLE}, -1},
};

/* ---- the rules as items ---- */

/* The values that hold where nothing is said. */
static void add_presets(struct adoption_plan *plan)
{
    char value[24];
    int64_t least, most;
    for (size_t i = 0; identity_rule_name(i, &least, &most); i++) {
        const char *name = identity_rule_name(i, &least, &most);
        if (strncmp(name, "hash_", 5) == 0)
            continue; /* how passwords are kept is no matter of a policy */
        snprintf(value, sizeof value, "%" PRId64, identity_rule_preset(i));
        setup_add(plan, ADOPTION_ITEM_RULE, value, PLAN_DEFAULT, "rule/%s", name);
    }
    setup_add(plan, ADOPTION_ITEM_DUTY, "6", PLAN_DEFAULT, "duty/periodic_months");
    setup_add(plan, ADOPTION_ITEM_JOURNAL, "5", PLAN_DEFAULT, "journal/years_kept");
}

/* A rule cannot be weaker than the program allows. */
static int64_t within_range(const char *key, int64_t value)
{
    int64_t least, most;
    const char *name;
    for (size_t i = 0; (name = identity_rule_name(i, &least, &most)); i++)
        if (strncmp(key, "rule/", 5) == 0 && strcmp(key + 5, name) == 0)
            return value < least ? least : value > most ? most : value;
    if (strcmp(key, "journal/years_kept") == 0)
        return (value + 11) / 12; /* the text's months */
    return value;
}

static void state(struct adoption_item *item, const struct policy *policy, size_t sentence,
                  int64_t value, bool stated)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    setup_set(&item->value, text);
    setup_set(&item->from_text, text);
    item->stated = stated;
    item->clause = policy->sentences[sentence].clause;
    item->sentence = sentence;
}

static bool mentions_all(const char *context, const char *const words[WORD_LISTS])
{
    for (int i = 0; i < WORD_LISTS && words[i]; i++)
        if (!setup_mentions(context, words[i]))
            return false;
    return true;
}

/* The item of a rule; that of privileged people when the sentence is about them. */
static struct adoption_item *item_for(struct adoption_plan *plan, const char *key,
                                      const char *sentence)
{
    AUTO_BUFFER privileged = {0};
    buffer_append_format(&privileged, "%s_privileged", key);
    struct adoption_item *item = setup_mentions(sentence, "特権|管理者権限|管理者用")
                                     ? setup_find(plan, buffer_string(&privileged))
                                     : NULL;
    return item ? item : setup_find(plan, key);
}

/* Takes the numbers of one sentence. */
static void take_numbers(struct adoption_plan *plan, const struct policy *policy, size_t sentence)
{
    AUTO_BUFFER context = {0};
    const char *text = policy->sentences[sentence].text;
    int64_t value;
    setup_context(policy, sentence, &context);
    for (size_t i = 0; i < sizeof number_rules / sizeof *number_rules; i++) {
        const struct number_rule *rule = &number_rules[i];
        if (!mentions_all(buffer_string(&context), rule->words) ||
            !numbers_find(text, rule->units, &value))
            continue;
        struct adoption_item *item = item_for(plan, rule->item, text);
        value = within_range(item->key, value);
        if (!item->stated)
            state(item, policy, sentence, value, true);
    }
}

/* What a sentence asks for without saying how much. */
static void take_mentions(struct adoption_plan *plan, const struct policy *policy, size_t sentence)
{
    const char *text = policy->sentences[sentence].text;
    for (size_t i = 0; i < sizeof mention_rules / sizeof *mention_rules; i++) {
        const struct mention_rule *rule = &mention_rules[i];
        if (!mentions_all(text, rule->words))
            continue;
        struct adoption_item *item = item_for(plan, rule->item, text);
        int64_t usual = rule->usual < 0 ? strtoll(item->value, NULL, 10) : rule->usual;
        if (item->clause == POLICY_NONE)
            state(item, policy, sentence, usual, false);
    }
}

/* Who is privileged works under rules at least as strict as everybody's. */
static void raise_privileged(struct adoption_plan *plan)
{
    static const char *const names[] = {"rule/password_length", "rule/password_days",
                                        "rule/password_uses"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        AUTO_BUFFER key = {0};
        buffer_append_format(&key, "%s_privileged", names[i]);
        const struct adoption_item *all = setup_find(plan, names[i]);
        struct adoption_item *privileged = setup_find(plan, buffer_string(&key));
        if (privileged->stated || !setup_looser(privileged, all->value, privileged->value))
            continue;
        setup_set(&privileged->value, all->value);
        setup_set(&privileged->from_text, all->value);
        privileged->clause = all->clause;
        privileged->sentence = all->sentence;
    }
}

void setup_add_rules(struct adoption_plan *plan, const struct policy *policy)
{
    add_presets(plan);
    for (size_t i = 0; i < policy->requirement_count; i++)
        take_numbers(plan, policy, policy->requirements[i].sentence);
    for (size_t i = 0; i < policy->requirement_count; i++)
        take_mentions(plan, policy, policy->requirements[i].sentence);
    raise_privileged(plan);
}
