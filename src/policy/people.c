/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Appointments, in the forms that texts of this kind have:
 *
 *   副市長を、最高責任者とする。      副市長を最高責任者とする。
 *   最高責任者を置き、副市長をもって充てる。      最高責任者を置く。
 *   最高責任者は、副市長をもって充てる。      委員長は、副市長とする。
 *   委員会は、課長で構成する。
 */
#include "policy/people.h"

#include "policy/japanese.h"
#include "policy/model.h"
#include "policy/words.h"

enum { LONGEST_ROLE = 90, LONGEST_POST = 240 }; /* bytes */

size_t people_find_last(struct bytes text, const char *word, size_t end)
{
    size_t last = SIZE_MAX;
    for (size_t at = 0; (at = bytes_find(text, at, word)) < end; at += strlen(word))
        last = at;
    return last;
}

struct bytes people_without_brackets(struct bytes phrase)
{
    uint32_t last = japanese_last(phrase);
    if (last != 0xFF09 && last != ')') /* ） */
        return phrase;
    size_t wide = people_find_last(phrase, "（", phrase.length);
    size_t narrow = people_find_last(phrase, "(", phrase.length);
    size_t open = wide == SIZE_MAX || (narrow != SIZE_MAX && narrow > wide) ? narrow : wide;
    size_t named = people_find_last(phrase, "以下「", phrase.length);
    if (open == SIZE_MAX)
        return phrase;
    if (named == SIZE_MAX || named < open)
        return bytes_slice(phrase, 0, open);
    size_t start = named + strlen("以下「"), end = bytes_find(phrase, start, "」");
    return end == SIZE_MAX ? bytes_slice(phrase, 0, open) : bytes_slice(phrase, start, end - start);
}

static bool ends_with(struct bytes phrase, const char *end)
{
    size_t length = strlen(end);
    return phrase.length >= length && !memcmp(phrase.data + phrase.length - length, end, length);
}

bool people_is_person_or_body(struct bytes phrase)
{
    static const char *const ends[] = {"者",   "員",   "長", "会", "チーム",
                                       "部門", "窓口", "官", "等"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (phrase.length > strlen(ends[i]) && ends_with(phrase, ends[i]))
            return true;
    }
    return words_match_end("role", phrase) != NULL;
}

static void add_role(struct policy *policy, struct bytes name, struct bytes held_by, size_t clause)
{
    if (!name.length || name.length > LONGEST_ROLE || held_by.length > LONGEST_POST)
        return;
    for (size_t i = 0; i < policy->role_count; i++) {
        if (bytes_equal_string(name, policy->roles[i].name)) {
            if (!*policy->roles[i].held_by && held_by.length)
                model_set(&policy->roles[i].held_by, held_by);
            return;
        }
    }
    struct policy_role *role = model_add_role(policy);
    role->name = model_copy(name);
    role->held_by = model_copy(held_by);
    role->clause = clause;
}

/* What stands behind the last occurrence of any of the words. */
static struct bytes behind_last(struct bytes phrase, const char *const *words)
{
    size_t start = 0;
    for (; *words; words++) {
        size_t at = people_find_last(phrase, *words, phrase.length);
        if (at != SIZE_MAX && at + strlen(*words) > start)
            start = at + strlen(*words);
    }
    return bytes_slice(phrase, start, SIZE_MAX);
}

/* The role at the end of a phrase: the longest known one, else what stands behind the last の, に
 * or comma. */
static struct bytes role_at_end(struct bytes phrase)
{
    phrase = people_without_brackets(phrase);
    const struct word *known = words_match_end("role", phrase);
    static const char *const before[] = {"の", "に", "、", "として", "関する", NULL};
    struct bytes behind = behind_last(phrase, before);
    if (known && strlen(known->text) > behind.length) {
        size_t length = strlen(known->text);
        return bytes_slice(phrase, phrase.length - length, length);
    }
    return behind;
}

/* The sentence up to one of the ends that it has; empty when it has none of them. */
static struct bytes before_end(struct bytes text, const char *const *ends)
{
    for (; *ends; ends++) {
        if (ends_with(text, *ends))
            return bytes_slice(text, 0, text.length - strlen(*ends));
    }
    return (struct bytes){NULL, 0};
}

/* A name that only an office, a group or somebody appointed carries. */
static bool is_role_name(struct bytes name)
{
    static const char *const ends[] = {"責任者", "管理者", "担当者", "統括者",  "統括官",
                                       "委員会", "委員長", "委員",   "担当員",  "チーム",
                                       "部会",   "会議",   "窓口",   "副責任者"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (ends_with(name, ends[i]))
            return true;
    }
    return words_match_end("role", name) != NULL;
}

/* 「副市長を、最高責任者とする。」, with or without the comma. */
static bool read_made(struct policy *policy, struct bytes text, size_t clause)
{
    static const char *const ends[] = {"とする。", NULL};
    struct bytes whole = before_end(text, ends);
    size_t object = bytes_find(whole, 0, "を、");
    size_t from = object + strlen("を、");
    if (object == SIZE_MAX) {
        object = people_find_last(whole, "を", whole.length);
        from = object + strlen("を");
    }
    if (!whole.length || object == SIZE_MAX)
        return false;
    struct bytes name = bytes_slice(whole, from, SIZE_MAX), post = bytes_slice(whole, 0, object);
    bool comma = from == object + strlen("を、");
    if (bytes_find(name, 0, "、") != SIZE_MAX || !people_is_person_or_body(name) ||
        (!comma &&
         (!is_role_name(people_without_brackets(name)) || bytes_find(post, 0, "は、") != SIZE_MAX)))
        return false;
    add_role(policy, role_at_end(name), post, clause);
    return true;
}

/* The post of 「…をもって充てる。」, its start behind `from`. */
static struct bytes post_before(struct bytes whole, size_t from)
{
    static const char *const ends[] = {"をもって",         "を以て", "をもってこれに",
                                       "をもって、これに", "を",     NULL};
    struct bytes post = bytes_slice(whole, from, SIZE_MAX), cut = before_end(post, ends);
    return japanese_trim(cut.length ? cut : post);
}

/* 「…を置き、…をもって充てる。」「…は、…をもって充てる。」「…を置く。」 */
static bool read_filled(struct policy *policy, struct bytes text, size_t clause)
{
    static const char *const fills[] = {"充てる。", "充てるものとする。", "充て、", NULL};
    static const char *const sets_up[] = {"を置く。", "を置くものとする。", "を設置する。",
                                          "を設ける。", NULL};
    struct bytes whole = before_end(text, fills);
    size_t set = bytes_find(whole, 0, "を置き、"), subject = bytes_find(whole, 0, "は、");
    if (whole.length && set != SIZE_MAX) {
        add_role(policy, role_at_end(bytes_slice(whole, 0, set)),
                 post_before(whole, set + strlen("を置き、")), clause);
        return true;
    }
    if (whole.length && subject != SIZE_MAX) {
        struct bytes name = people_without_brackets(bytes_slice(whole, 0, subject));
        if (people_is_person_or_body(name))
            add_role(policy, role_at_end(name), post_before(whole, subject + strlen("は、")),
                     clause);
        return true;
    }
    struct bytes name = before_end(text, sets_up);
    if (name.length && is_role_name(people_without_brackets(name)))
        add_role(policy, role_at_end(name), (struct bytes){NULL, 0}, clause);
    return name.length > 0;
}

/* 「委員長は、副市長とする。」 */
static bool read_is(struct policy *policy, struct bytes text, size_t clause)
{
    static const char *const ends[] = {"とする。", NULL};
    struct bytes whole = before_end(text, ends);
    size_t subject = bytes_find(whole, 0, "は、");
    if (!whole.length || subject == SIZE_MAX)
        return false;
    struct bytes name = people_without_brackets(bytes_slice(whole, 0, subject));
    struct bytes post = bytes_slice(whole, subject + strlen("は、"), SIZE_MAX);
    if (!is_role_name(name) || !(ends_with(post, "長") || ends_with(post, "職にある者")))
        return false;
    add_role(policy, role_at_end(name), post, clause);
    return true;
}

/* 「…は、…で構成する。」, or without a subject under the heading of the body. */
static void read_composed(struct policy *policy, struct bytes text, size_t index)
{
    static const char *const ends[] = {"で構成する。", "をもって構成する。", "で組織する。",
                                       "をもって組織する。", NULL};
    struct bytes whole = before_end(text, ends);
    const struct policy_clause *clause = &policy->clauses[index];
    if (!whole.length)
        return;
    size_t subject = bytes_find(whole, 0, "は、");
    if (subject != SIZE_MAX) {
        struct bytes name = bytes_slice(whole, 0, subject);
        if (people_is_person_or_body(name))
            add_role(policy, name, bytes_slice(whole, subject + strlen("は、"), SIZE_MAX), index);
    } else if (clause->parent != POLICY_NONE && *policy->clauses[clause->parent].heading)
        add_role(policy, bytes_of_string(policy->clauses[clause->parent].heading), whole, index);
}

void people_read_appointments(struct policy *policy)
{
    for (size_t i = 0; i < policy->sentence_count; i++) {
        struct bytes text = bytes_of_string(policy->sentences[i].text);
        size_t clause = policy->sentences[i].clause;
        if (!read_made(policy, text, clause) && !read_filled(policy, text, clause) &&
            !read_is(policy, text, clause))
            read_composed(policy, text, clause);
    }
}
