/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences → requirements: who must, must not, may or should do it, when, above what, with whose
 * leave. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "policy/compile.h"
#include "policy/japanese.h"
#include "policy/model.h"
#include "policy/people.h"
#include "policy/words.h"

/* The sentence without its full stop and brackets behind it. */
static struct bytes bare_sentence(const char *text)
{
    struct bytes bare = bytes_of_string(text);
    for (;;) {
        struct bytes before = bare;
        static const char *const ends[] = {"。", "）", ")", "」"};
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
            size_t length = strlen(ends[i]);
            if (bare.length >= length && !memcmp(bare.data + bare.length - length, ends[i], length))
                bare.length -= length;
        }
        if (bare.length == before.length)
            return bare;
    }
}

static enum policy_modality modality_of_value(const char *value)
{
    for (int i = 0; i < POLICY_MODALITY_COUNT; i++) {
        if (!strcmp(value, policy_modality_name(i)))
            return i;
    }
    return POLICY_MUST;
}

/* True for the clauses that only say what words mean or what the text covers. */
static bool only_describes(const struct policy *policy, size_t clause)
{
    static const char *const headings[] = {"定義", "目的", "脅威", "範囲", "対象", "はじめに"};
    for (size_t at = clause; at != POLICY_NONE; at = policy->clauses[at].parent) {
        for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
            if (strstr(policy->clauses[at].heading, headings[i]))
                return true;
        }
    }
    return policy->clauses[clause].part == POLICY_PART_PREFACE;
}

/* True when the head of this item's list asks for all that follows:
 * 「次の事項を遵守しなければならない。」 */
static bool head_obliges(const struct policy *policy, size_t clause)
{
    size_t parent = policy->clauses[clause].parent;
    if (parent == POLICY_NONE)
        return false;
    const char *text = policy->clauses[parent].text;
    return strstr(text, "次の") && strstr(text, "なければならない。");
}

/* A role that begins at `at`: one the text appoints, or a known one; the longest. Empty when none
 * does. */
static struct bytes role_at(const struct policy *policy, struct bytes text, size_t at)
{
    struct bytes rest = bytes_slice(text, at, SIZE_MAX);
    if (!rest.length || (rest.data[0] & 0xC0) == 0x80)
        return bytes_slice(rest, 0, 0);
    size_t longest = 0, count;
    for (size_t i = 0; i < policy->role_count; i++) {
        size_t length = strlen(policy->roles[i].name);
        if (length > longest && bytes_start_with(rest, policy->roles[i].name))
            longest = length;
    }
    const struct word *words = words_of("role", &count);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(words[i].text);
        if (length > longest && bytes_start_with(rest, words[i].text))
            longest = length;
    }
    return bytes_slice(rest, 0, longest);
}

/* Adds every role named in a phrase, but for those of a clause inside it: 「職員等が所属する課の」.
 */
static void add_roles_in(const struct policy *policy, struct bytes phrase,
                         struct policy_names *names)
{
    for (size_t at = 0; at < phrase.length;) {
        struct bytes role = role_at(policy, phrase, at);
        if (role.length && !bytes_start_with(bytes_slice(phrase, at + role.length, SIZE_MAX), "が"))
            names_add(names, role);
        at += role.length ? role.length : 1;
    }
}

/*
 * The subject: what stands before the first は that follows a person or a body, back to the comma
 * that ends a condition. Empty when the sentence names nobody.
 */
static struct bytes find_subject(const struct policy *policy, struct bytes text)
{
    for (size_t at = 0; (at = bytes_find(text, at, "は")) != SIZE_MAX; at += strlen("は")) {
        struct bytes before = people_without_brackets(bytes_slice(text, 0, at));
        if (!people_is_person_or_body(before) || words_match_end("thing", before))
            continue;
        struct policy_names names = {0};
        add_roles_in(policy, before, &names);
        bool known = names.count > 0;
        for (size_t i = 0; i < names.count; i++)
            free(names.items[i]);
        free(names.items);
        if (known || words_match_end("somebody", before))
            return before;
    }
    return (struct bytes){NULL, 0};
}

/* 「情報管理者は、…を返却する。」: a plain verb of somebody's is a duty, whatever the verb. */
static bool is_plain_duty(const struct policy *policy, struct bytes text, struct bytes bare)
{
    static const char *const ends[] = {"する", "行う", "める", "ける", "せる", "れる",
                                       "える", "じる", "ずる", "ない", "わす", "さす"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t length = strlen(ends[i]);
        if (bare.length > length && !memcmp(bare.data + bare.length - length, ends[i], length))
            return find_subject(policy, text).length > 0;
    }
    return false;
}

/* The modality of a sentence, or false when it asks nothing of anybody. */
static bool find_modality(const struct policy *policy, const struct policy_sentence *sentence,
                          enum policy_modality *modality)
{
    struct bytes bare = bare_sentence(sentence->text);
    const struct word *statement = words_match_end("statement", bare);
    const struct word *duty = words_match_end("modality", bare);
    bool closed = bare.length < strlen(sentence->text);
    if (duty && strlen(duty->text) >= strlen("なければならない")) {
        *modality = modality_of_value(duty->value); /* says so itself, wherever it stands */
        return true;
    }
    if (statement && (!duty || strlen(statement->text) >= strlen(duty->text)))
        return false;
    if (!duty) {
        *modality = bytes_find(bare, bare.length - strlen("ない"), "ない") != SIZE_MAX
                        ? POLICY_MUST_NOT
                        : POLICY_MUST;
        return closed && !only_describes(policy, sentence->clause) &&
               is_plain_duty(policy, bytes_of_string(sentence->text), bare);
    }
    bool plain = !strcmp(duty->value, "must");
    if (plain && !closed && strcmp(duty->text, "すること"))
        return false; /* a heading or a noun phrase that happens to end so */
    if (plain && only_describes(policy, sentence->clause) &&
        !head_obliges(policy, sentence->clause))
        return false;
    *modality = modality_of_value(duty->value);
    return true;
}

/* The part of a subject behind the condition that precedes it: 「…場合、職員等」 → 「職員等」. */
static struct bytes behind_condition(struct bytes subject)
{
    size_t start = 0, at = 0;
    while (words_find("event", subject, at, &at)) {
        size_t comma = bytes_find(subject, at, "、");
        if (comma == SIZE_MAX)
            break;
        start = at = comma + strlen("、");
    }
    return bytes_slice(subject, start, SIZE_MAX);
}

/* A person described, not named: 「情報資産の廃棄を行う者」. A role in front of it, joined by 及び
 * or 又は, is one of its own. */
static void add_described_person(const struct policy *policy, struct bytes subject,
                                 struct policy_names *roles)
{
    size_t comma = people_find_last(subject, "、", subject.length);
    subject = bytes_slice(subject, comma == SIZE_MAX ? 0 : comma + strlen("、"), SIZE_MAX);
    struct bytes first = role_at(policy, subject, 0);
    struct bytes behind = bytes_slice(subject, first.length, SIZE_MAX);
    if (first.length && (bytes_start_with(behind, "及び") || bytes_start_with(behind, "又は"))) {
        behind = bytes_slice(behind, strlen("及び"), SIZE_MAX);
        struct bytes next = role_at(policy, behind, 0);
        if (!bytes_start_with(bytes_slice(behind, next.length, SIZE_MAX), "の")) {
            names_add(roles, first);
            subject = behind;
        }
    }
    names_add(roles, subject);
}

/* 「委員会において、…を決定する。」: the body that does it. */
static void find_roles_of_place(const struct policy *policy, struct bytes text,
                                struct policy_names *roles)
{
    size_t end = bytes_find(text, 0, "委員会において");
    if (end == SIZE_MAX)
        return;
    struct bytes before = bytes_slice(text, 0, end + strlen("委員会"));
    size_t comma = people_find_last(before, "、", before.length);
    add_roles_in(policy, bytes_slice(before, comma == SIZE_MAX ? 0 : comma, SIZE_MAX), roles);
}

/* Roles right before the first が: 「職員等が…する場合は、」, where no は names anybody. */
static void find_roles_of_condition(const struct policy *policy, struct bytes text,
                                    struct policy_names *roles)
{
    size_t end = bytes_find(text, 0, "が"), event;
    if (end == SIZE_MAX || !words_match_end("role", bytes_slice(text, 0, end)) ||
        !words_find("event", text, end, &event))
        return;
    add_roles_in(policy, bytes_slice(text, 0, end), roles);
}

/* True for a subject that ends in the name of a role; false for a person described. */
static bool names_role(const struct policy *policy, struct bytes subject)
{
    bool named = words_match_end("role", subject) != NULL;
    for (size_t i = 0; !named && i < policy->role_count; i++) {
        size_t length = strlen(policy->roles[i].name);
        named = subject.length >= length &&
                !memcmp(subject.data + subject.length - length, policy->roles[i].name, length);
    }
    return named;
}

static void find_roles(const struct policy *policy, struct bytes text, struct policy_names *roles)
{
    struct bytes subject = behind_condition(find_subject(policy, text));
    if (!subject.length) {
        find_roles_of_condition(policy, text, roles);
        if (!roles->count)
            find_roles_of_place(policy, text, roles);
    } else if (names_role(policy, subject))
        add_roles_in(policy, subject, roles);
    else
        add_described_person(policy, subject, roles);
}

/* A paragraph (項) of an article is a rule of its own: whom the first one describes does not carry
 * over. */
static bool is_article(const struct policy_clause *clause)
{
    size_t length = strlen(clause->marker);
    return length > strlen("条") && strstr(clause->marker, "条") &&
           bytes_start_with(bytes_of_string(clause->marker), "第");
}

/* Roles right before `end`, as far back as they are joined by 及び, 又は, 並びに and commas. */
static void add_roles_before(const struct policy *policy, struct bytes text, size_t end,
                             struct policy_names *names)
{
    size_t start = people_find_last(text, "は、", end);
    size_t condition = people_find_last(text, "場合、", end);
    start = start == SIZE_MAX ? 0 : start + strlen("は、");
    if (condition != SIZE_MAX && condition + strlen("場合、") > start)
        start = condition + strlen("場合、");
    add_roles_in(policy, bytes_slice(text, start, end - start), names);
}

/* 「…の許可を得」「…に承認を」「…の許可なく」 */
static void find_permission(const struct policy *policy, struct bytes text,
                            struct policy_names *names)
{
    static const char *const behind[] = {"を得", "を受け", "なく", "を必要", "を求め"};
    size_t at = 0;
    for (const struct word *word; (word = words_find("permission", text, at, &at));) {
        size_t end = at + strlen(word->text);
        for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
            if (bytes_start_with(bytes_slice(text, end, SIZE_MAX), behind[i]))
                add_roles_before(policy, text, at, names);
        }
        at = end;
    }
}

/* 「総務省、都道府県等へ」: authorities right before `end`. */
static void add_authorities(struct bytes text, size_t end, struct policy_names *names)
{
    size_t at = people_find_last(text, "は、", end);
    at = at == SIZE_MAX ? 0 : at;
    for (const struct word *word; (word = words_find("authority", text, at, &at)) && at < end;
         at += strlen(word->text))
        names_add(names, bytes_of_string(word->text));
}

/* 「…に報告し」「…へ速やかに通知」: the roles before the に or へ that is nearest before the verb.
 */
static void find_report(const struct policy *policy, struct bytes text, struct policy_names *names)
{
    size_t at = 0;
    for (const struct word *word; (word = words_find("report", text, at, &at));) {
        size_t to = people_find_last(text, "に", at), towards = people_find_last(text, "へ", at);
        size_t end = to == SIZE_MAX || (towards != SIZE_MAX && towards > to) ? towards : to;
        bool verb =
            bytes_start_with(bytes_slice(text, at + strlen(word->text), SIZE_MAX), "し") ||
            bytes_start_with(bytes_slice(text, at + strlen(word->text), SIZE_MAX), "を行") ||
            bytes_start_with(bytes_slice(text, at + strlen(word->text), SIZE_MAX), "する");
        if (verb && end != SIZE_MAX) {
            add_roles_before(policy, text, end, names);
            add_authorities(text, end, names);
        }
        at += strlen(word->text);
    }
}

static void find_companions(const struct policy *policy, struct bytes text,
                            struct policy_names *names)
{
    for (size_t at = 0; (at = bytes_find(text, at, "と連携")) != SIZE_MAX; at += strlen("と連携"))
        add_roles_before(policy, text, at, names);
}

static enum policy_timing timing_of_value(const char *value)
{
    for (int i = 0; i < POLICY_TIMING_COUNT; i++) {
        if (!strcmp(value, policy_timing_name(i)))
            return i;
    }
    return POLICY_ALWAYS;
}

/* The most pressing words about time; else the event it waits for; else always. */
static void find_timing(struct bytes text, struct policy_requirement *requirement)
{
    requirement->timing = POLICY_TIMING_COUNT;
    size_t at = 0;
    for (const struct word *word; (word = words_find("timing", text, at, &at));
         at += strlen(word->text)) {
        enum policy_timing timing = timing_of_value(word->value);
        if (timing >= requirement->timing)
            continue;
        requirement->timing = timing;
        model_set(&requirement->timing_text, bytes_of_string(word->text));
    }
    bool always = requirement->timing >= POLICY_ALWAYS;
    if (always && *requirement->condition) {
        requirement->timing = POLICY_EVENT;
        model_set(&requirement->timing_text, bytes_of_string(requirement->condition));
    } else if (requirement->timing == POLICY_TIMING_COUNT) {
        requirement->timing = POLICY_ALWAYS;
    }
}

/* The end of 「…場合又は…場合には」 where one case joins the next; `end` is behind the first. */
static size_t end_of_cases(struct bytes text, size_t end)
{
    static const char *const joins[] = {"又は", "及び", "並びに", "若しくは"};
    for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
        size_t at;
        const struct word *next = NULL;
        if (bytes_start_with(bytes_slice(text, end, SIZE_MAX), joins[i]))
            next = words_find("event", text, end, &at);
        if (next)
            return end_of_cases(text, at + strlen(next->text));
    }
    return end;
}

/* Offset behind the last comma that a verb stands before, not the comma of a list of nouns. */
static size_t behind_last_verb(struct bytes text)
{
    size_t start = 0;
    for (size_t at = 0; (at = bytes_find(text, at, "、")) != SIZE_MAX;) {
        uint32_t before = japanese_last(bytes_slice(text, 0, at));
        at += strlen("、");
        if (before >= 0x3041 && before <= 0x3096) /* hiragana */
            start = at;
    }
    return start;
}

/* From the subject before it up to 場合; what is tied to a noun (…に当たって) begins behind the
 * verb before it. */
static void find_condition(struct bytes text, struct policy_requirement *requirement)
{
    size_t at = 0;
    const struct word *word = words_find("event", text, 0, &at);
    if (!word)
        return;
    size_t end = end_of_cases(text, at + strlen(word->text));
    size_t start = people_find_last(text, "は、", at);
    start = start == SIZE_MAX ? 0 : start + strlen("は、");
    if (!strcmp(word->value, "noun"))
        start += behind_last_verb(bytes_slice(text, start, at - start));
    model_set(&requirement->condition, bytes_slice(text, start, end - start));
}

/* 「自治体機密性2以上」 → 自治体機密性2: names of levels with a number or a letter behind. */
static void find_named_threshold(struct bytes text, struct policy_requirement *requirement)
{
    AUTO_BUFFER squeezed = {0};
    japanese_append_squeezed(&squeezed, text);
    struct bytes all = buffer_bytes(&squeezed);
    size_t at = 0;
    for (const struct word *word; (word = words_find("level", all, at, &at));) {
        size_t start = at;
        at += strlen(word->text);
        size_t end = at;
        while (end < all.length && isalnum(all.data[end]))
            end++;
        if (end > at && bytes_start_with(bytes_slice(all, end, SIZE_MAX), "以上")) {
            model_set(&requirement->threshold, bytes_slice(all, start, end - start));
            return;
        }
    }
}

/* 「重要性分類Ⅱ以上」 → Ⅱ */
static void find_threshold(const struct policy *policy, struct bytes text,
                           struct policy_requirement *requirement)
{
    size_t at = bytes_find(text, 0, "以上");
    if (at == SIZE_MAX)
        return;
    for (size_t i = 0; i < policy->level_count; i++) {
        size_t length = strlen(policy->levels[i].label);
        if (!*policy->levels[i].scheme && at >= length &&
            !memcmp(text.data + at - length, policy->levels[i].label, length)) {
            model_set(&requirement->threshold, bytes_of_string(policy->levels[i].label));
            return;
        }
    }
    find_named_threshold(text, requirement);
}

/* The requirement before this one in the same clause, or NULL. */
static struct policy_requirement *before_in_clause(struct policy *policy, size_t clause)
{
    if (!policy->requirement_count)
        return NULL;
    struct policy_requirement *last = &policy->requirements[policy->requirement_count - 1];
    return last->clause == clause ? last : NULL;
}

/* The subject of the list that a clause stands in: the last one named by the text of a clause
 * above. */
static void roles_from_above(const struct policy *policy, size_t clause, struct policy_names *roles)
{
    for (size_t at = policy->clauses[clause].parent; at != POLICY_NONE && !roles->count;
         at = policy->clauses[at].parent) {
        struct bytes text = bytes_of_string(policy->clauses[at].text);
        struct bytes subject = behind_condition(find_subject(policy, text));
        if (!is_article(&policy->clauses[at]) || names_role(policy, subject))
            find_roles(policy, text, roles);
    }
}

/* The subject of the item before in the same list, for an item that goes on without naming anybody.
 */
static void roles_from_item_before(const struct policy *policy, size_t clause,
                                   struct policy_names *roles)
{
    for (size_t i = policy->requirement_count; i-- > 0;) {
        const struct policy_requirement *before = &policy->requirements[i];
        size_t parent = policy->clauses[clause].parent;
        if (policy->clauses[before->clause].parent != parent)
            continue;
        if (parent != POLICY_NONE && is_article(&policy->clauses[parent]) && before->roles.count &&
            !names_role(policy, bytes_of_string(before->roles.items[0])))
            return;
        if (policy->clauses[clause].parent != POLICY_NONE && policy->clauses[clause].depth > 1)
            names_add_all(roles, &before->roles);
        return;
    }
}

static void add_requirement(struct policy *policy, size_t index, enum policy_modality modality,
                            unsigned number)
{
    const struct policy_sentence *sentence = &policy->sentences[index];
    struct bytes text = bytes_of_string(sentence->text);
    struct policy_requirement made = {.clause = sentence->clause,
                                      .sentence = index,
                                      .modality = modality,
                                      .timing_text = memory_copy_string("", 0),
                                      .condition = memory_copy_string("", 0),
                                      .threshold = memory_copy_string("", 0),
                                      .exception = memory_copy_string("", 0)};
    const struct policy_requirement *before = before_in_clause(policy, sentence->clause);
    find_roles(policy, text, &made.roles);
    if (!made.roles.count && before)
        names_add_all(&made.roles, &before->roles);
    if (!made.roles.count)
        roles_from_above(policy, sentence->clause, &made.roles);
    if (!made.roles.count)
        roles_from_item_before(policy, sentence->clause, &made.roles);
    find_condition(text, &made);
    find_timing(text, &made);
    find_threshold(policy, text, &made);
    find_permission(policy, text, &made.permission_from);
    find_report(policy, text, &made.report_to);
    find_companions(policy, text, &made.together_with);
    AUTO_BUFFER id = {0};
    buffer_append_format(&id, "%s#%u", policy->clauses[sentence->clause].id, number);
    made.id = model_copy(buffer_bytes(&id));
    *model_add_requirement(policy) = made;
}

void compile_requirements(struct policy *policy)
{
    size_t clause = POLICY_NONE;
    unsigned number = 0;
    for (size_t i = 0; i < policy->sentence_count; i++) {
        const struct policy_sentence *sentence = &policy->sentences[i];
        if (sentence->clause != clause) {
            clause = sentence->clause;
            number = 0;
        }
        struct bytes text = bytes_of_string(sentence->text);
        struct policy_requirement *rule = before_in_clause(policy, clause);
        if (rule && bytes_start_with(text, "ただし"))
            model_set(&rule->exception, text);
        enum policy_modality modality;
        if (find_modality(policy, sentence, &modality))
            add_requirement(policy, i, modality, ++number);
    }
}
