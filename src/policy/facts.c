/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clauses → the body's name, dates, definitions, threats, zones, classification and roles. */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "policy/compile.h"
#include "policy/japanese.h"
#include "policy/model.h"
#include "policy/people.h"
#include "policy/words.h"

enum {
    MOST_ZONES = 64,    /* more are no zones of a network */
    LONGEST_TERM = 120, /* bytes of a term that is defined */
};

static bool contains(const char *text, const char *word)
{
    return strstr(text, word) != NULL;
}

/* The words of a clause that name it: its heading, or its text when it has none. */
static const char *clause_words(const struct policy_clause *clause)
{
    return *clause->heading ? clause->heading : clause->text;
}

/* Cuts a text at the first of two signs. */
static struct bytes cut_at(struct bytes text, const char *a, const char *b)
{
    size_t first = bytes_find(text, 0, a), second = bytes_find(text, 0, b);
    size_t end = first < second ? first : second;
    return end == SIZE_MAX ? text : bytes_slice(text, 0, end);
}

/* Without blanks, the stars of Markdown and colons at the ends. */
static struct bytes without_marks(struct bytes text)
{
    static const char *const marks[] = {"*", ":", "："};
    for (size_t before = SIZE_MAX; before != text.length;) {
        before = text.length;
        text = japanese_trim(text);
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
            size_t length = strlen(marks[i]);
            if (bytes_start_with(text, marks[i]))
                text = bytes_slice(text, length, SIZE_MAX);
            if (text.length >= length &&
                !memcmp(text.data + text.length - length, marks[i], length))
                text.length -= length;
        }
    }
    return text;
}

/* The blank or colon between a term and what it means, where both stand on one line; an ASCII blank
 * inside a name (LGWAN 接続系) is none. */
static size_t find_gap(struct bytes text)
{
    static const char *const gaps[] = {"　", "：", ":"};
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        size_t at = bytes_find(text, 0, gaps[i]);
        if (at < LONGEST_TERM || (i == 0 && at != SIZE_MAX))
            return at;
    }
    for (size_t at = 0; at + 1 < text.length && at < LONGEST_TERM; at++) {
        if (text.data[at] == ' ' && at && text.data[at - 1] >= 0x80 && text.data[at + 1] >= 0x80)
            return at;
    }
    return SIZE_MAX;
}

static void add_definition(struct policy *policy, size_t clause)
{
    const struct policy_clause *defined = &policy->clauses[clause];
    struct bytes term = bytes_of_string(defined->heading), text = bytes_of_string(defined->text);
    size_t gap = find_gap(text);
    if (!term.length && gap != SIZE_MAX) {
        term = without_marks(bytes_slice(text, 0, gap));
        text = without_marks(bytes_slice(text, gap, SIZE_MAX));
    }
    if (!term.length || !text.length)
        return;
    struct policy_definition *definition = model_add_definition(policy);
    definition->term = model_copy(term);
    definition->text = model_copy(text);
    definition->clause = clause;
}

/* Calls add for every child of the first top clause of the basic policy whose heading contains
 * word. */
static void each_child_of(struct policy *policy, const char *word,
                          void (*add)(struct policy *policy, size_t clause))
{
    for (size_t i = 0; i < policy->clause_count; i++) {
        const struct policy_clause *clause = &policy->clauses[i];
        if (clause->part == POLICY_PART_STANDARD || clause->depth > 2 ||
            !contains(clause->heading, word))
            continue;
        size_t added = 0;
        for (size_t child = i + 1; child < policy->clause_count; child++) {
            if (policy->clauses[child].parent == i) {
                add(policy, child);
                added++;
            }
        }
        if (added)
            return;
    }
}

static void add_threat(struct policy *policy, size_t clause)
{
    struct policy_threat *threat = model_add_threat(policy);
    threat->text = model_copy(bytes_of_string(clause_words(&policy->clauses[clause])));
    threat->clause = clause;
}

static void add_zone(struct policy *policy, struct bytes name, size_t clause)
{
    AUTO_BUFFER squeezed = {0}, id = {0};
    japanese_append_squeezed(&squeezed, name);
    struct bytes clean = cut_at(buffer_bytes(&squeezed), "(", "（");
    size_t at = 0;
    const struct word *known = words_find("zone", clean, 0, &at);
    if (known)
        buffer_append_string(&id, known->value);
    else
        buffer_append_format(&id, "zone-%zu", policy->zone_count + 1);
    if (policy->zone_count == MOST_ZONES)
        return;
    for (size_t i = 0; i < policy->zone_count; i++) {
        if (bytes_equal_string(buffer_bytes(&id), policy->zones[i].id))
            return;
    }
    struct policy_zone *zone = model_add_zone(policy);
    zone->id = model_copy(buffer_bytes(&id));
    zone->name = model_copy(clean);
    zone->clause = clause;
}

/* Zones are what the definitions call …系; where they define none, what the text itself calls so.
 */
static void find_zones(struct policy *policy)
{
    for (size_t i = 0; i < policy->definition_count; i++) {
        AUTO_BUFFER squeezed = {0};
        japanese_append_squeezed(&squeezed, bytes_of_string(policy->definitions[i].term));
        struct bytes term = cut_at(buffer_bytes(&squeezed), "(", "（");
        if (japanese_last(term) == 0x7CFB) /* 系 */
            add_zone(policy, term, policy->definitions[i].clause);
    }
    for (size_t i = 0; !policy->definition_count && i < policy->clause_count; i++) {
        AUTO_BUFFER squeezed = {0};
        japanese_append_squeezed(&squeezed, bytes_of_string(policy->clauses[i].text));
        size_t at = 0;
        const struct word *word;
        while ((word = words_find("zone", buffer_bytes(&squeezed), at, &at))) {
            add_zone(policy, bytes_of_string(word->text), i);
            at += strlen(word->text);
        }
    }
}

enum { SURE_NAMES = 3 }; /* words of the title that only the body's name stands before */

/* The name in front of 情報セキュリティ基本方針, …ポリシー, 情報資産保護要綱 in the title. */
static bool organization_from_title(struct policy *policy)
{
    static const char *const behind[] = {"情報セキュリティ",
                                         "サイバーセキュリティ",
                                         "セキュリティ",
                                         "情報資産",
                                         "個人情報",
                                         "情報",
                                         "電子計算機",
                                         "電子情報",
                                         "電算"};
    AUTO_BUFFER squeezed = {0};
    japanese_append_squeezed(&squeezed, bytes_of_string(policy->title));
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        size_t at = bytes_find(buffer_bytes(&squeezed), 0, behind[i]);
        if (at == SIZE_MAX)
            continue;
        if (at == 0)
            return false;
        struct bytes name = bytes_slice(buffer_bytes(&squeezed), 0, at);
        if (i >= SURE_NAMES && !words_match_end("body", name))
            continue;
        model_set(&policy->organization, name);
        return true;
    }
    return false;
}

/* A line of the title page that is nothing but the name of a body. */
static bool organization_from_title_page(struct policy *policy)
{
    for (size_t i = 0; i < policy->furniture_count; i++) {
        const struct policy_furniture *furniture = &policy->furniture[i];
        struct bytes words = {(const uint8_t *)policy->source + furniture->place.offset,
                              furniture->place.length};
        if (furniture->kind == POLICY_FURNITURE_TITLE && words_match_end("body", words) &&
            bytes_find(words, 0, "ポリシー") == SIZE_MAX) {
            model_set(&policy->organization, words);
            return true;
        }
    }
    return false;
}

/* The body that the first sentences say holds the assets: 「…、みほん市が保有する」. */
static void organization_from_text(struct policy *policy)
{
    static const char *const verbs[] = {"が保有する", "の保有する", "における"};
    for (size_t i = 0; i < policy->sentence_count && i < 8; i++) {
        struct bytes text = bytes_of_string(policy->sentences[i].text);
        for (size_t v = 0; v < sizeof verbs / sizeof *verbs; v++) {
            size_t end = bytes_find(text, 0, verbs[v]), start = 0;
            if (end == SIZE_MAX)
                continue;
            for (size_t comma; (comma = bytes_find(text, start, "、")) < end;)
                start = comma + strlen("、");
            struct bytes name = cut_at(bytes_slice(text, start, end - start), "（", "(");
            if (words_match_end("body", name)) {
                model_set(&policy->organization, name);
                return;
            }
        }
    }
}

/* The last date from which the text says it applies; it counts more than one of the title page. */
static void find_effective_date(struct policy *policy)
{
    for (size_t i = policy->sentence_count; i-- > 0;) {
        const char *text = policy->sentences[i].text;
        AUTO_BUFFER date = {0};
        if ((contains(text, "から適用する") || contains(text, "から施行する")) &&
            japanese_read_date(bytes_of_string(text), 0, &date) != SIZE_MAX) {
            model_set(&policy->effective, buffer_bytes(&date));
            return;
        }
    }
    if (!*policy->effective && policy->revision_count)
        model_set(&policy->effective,
                  bytes_of_string(policy->revisions[policy->revision_count - 1].date));
}

void compile_facts(struct policy *policy)
{
    each_child_of(policy, "定義", add_definition);
    if (!policy->definition_count)
        each_child_of(policy, "用語", add_definition);
    each_child_of(policy, "脅威", add_threat);
    find_zones(policy);
    compile_levels(policy);
    people_read_appointments(policy);
    if (!organization_from_title(policy) && !organization_from_title_page(policy))
        organization_from_text(policy);
    find_effective_date(policy);
}
