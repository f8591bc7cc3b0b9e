/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sentences → references to other clauses: 「(1)の分類」, 「②の契約」, 「上記6、7及び8」, 「4
 * 適用範囲」 in quotes, 「第2条」. A reference counts as found only when the clause it reaches
 * speaks of the thing named.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "policy/compile.h"
#include "policy/japanese.h"
#include "policy/model.h"

enum { LONGEST_NOUN = 12 }; /* bytes of the noun behind の that are compared: four characters */

static bool says(const struct policy_clause *clause, struct bytes noun)
{
    AUTO_BUFFER word = {0};
    buffer_append_bytes(&word, noun);
    return strstr(clause->heading, buffer_string(&word)) ||
           strstr(clause->text, buffer_string(&word));
}

/*
 * The clause with this marker beside `from` in its list, that speaks of noun. A list lies between
 * the clause above it and the next one at that depth or further out.
 */
static size_t find_beside(const struct policy *policy, size_t from, const char *marker,
                          struct bytes noun)
{
    const struct policy_clause *list = &policy->clauses[from];
    size_t first = list->parent == POLICY_NONE ? 0 : list->parent + 1;
    for (size_t i = from; list->parent == POLICY_NONE && i > first; i--) {
        if (policy->clauses[i - 1].part != list->part)
            first = i;
    }
    for (size_t i = first; i < policy->clause_count; i++) {
        const struct policy_clause *clause = &policy->clauses[i];
        if (clause->depth < list->depth || clause->part != list->part)
            return POLICY_NONE;
        if (clause->parent == list->parent && !strcmp(clause->marker, marker) && says(clause, noun))
            return i;
    }
    return POLICY_NONE;
}

/* The clause with this marker beside the clause or beside one above it, that speaks of noun. */
static size_t find_nearby(const struct policy *policy, size_t from, const char *marker,
                          struct bytes noun)
{
    for (size_t at = from; at != POLICY_NONE; at = policy->clauses[at].parent) {
        size_t found = find_beside(policy, at, marker, noun);
        if (found != POLICY_NONE)
            return found;
    }
    return POLICY_NONE;
}

static void add_reference(struct policy *policy, size_t clause, struct bytes text, size_t target)
{
    struct policy_reference *reference = model_add_reference(policy);
    reference->clause = clause;
    reference->text = model_copy(text);
    reference->target = target;
}

/* The noun behind の: kanji and katakana up to the first other sign, four characters at most. */
static struct bytes noun_at(struct bytes text, size_t at)
{
    size_t end = at, length;
    uint32_t point;
    while (end < text.length && end - at < LONGEST_NOUN &&
           (length = utf8_decode(bytes_slice(text, end, 4), &point)) &&
           ((point >= 0x4E00 && point <= 0x9FFF) || (point >= 0x30A1 && point <= 0x30FC)))
        end += length;
    return bytes_slice(text, at, end - at);
}

/* A marker inside a sentence followed by の and a noun. */
static void read_marker_reference(struct policy *policy, size_t clause, struct bytes text,
                                  size_t at)
{
    /* marker_read wants the marker alone: what follows の would make it part of the sentence */
    size_t no = bytes_find(text, at, "の");
    if (no == SIZE_MAX || no - at > 16)
        return;
    AUTO_BUFFER alone = {0};
    japanese_append_squeezed(&alone, bytes_slice(text, at, no - at));
    struct marker marker;
    if (!marker_read(buffer_bytes(&alone), &marker) || marker.length != alone.length ||
        (marker.kind != MARKER_PAREN && marker.kind != MARKER_CIRCLED &&
         marker.kind != MARKER_NUMBER))
        return;
    struct bytes noun = noun_at(text, no + strlen("の"));
    if (!noun.length)
        return;
    size_t end = no + strlen("の") + noun.length;
    add_reference(policy, clause, bytes_slice(text, at, end - at),
                  find_nearby(policy, clause, marker.printed, noun));
}

/* The top clause of a part that has this number. */
static size_t find_top(const struct policy *policy, enum policy_part part, const char *number)
{
    for (size_t i = 0; i < policy->clause_count; i++) {
        if (policy->clauses[i].part == part && policy->clauses[i].parent == POLICY_NONE &&
            !strcmp(policy->clauses[i].marker, number))
            return i;
    }
    return POLICY_NONE;
}

/*
 * 「上記6、7及び8に規定する」: each number up to the first sign that belongs to no such list.
 * Returns the offset of that sign.
 */
static size_t read_above_list(struct policy *policy, size_t clause, struct bytes text, size_t at)
{
    while (at < text.length) {
        size_t start = at;
        AUTO_BUFFER number = {0};
        uint32_t point = 0;
        size_t length;
        while (at < text.length && (length = utf8_decode(bytes_slice(text, at, 4), &point)) &&
               ((point >= '0' && point <= '9') || (point >= 0xFF10 && point <= 0xFF19))) {
            japanese_append_squeezed(&number, bytes_slice(text, at, length));
            at += length;
        }
        if (number.length)
            add_reference(policy, clause, bytes_slice(text, start, at - start),
                          find_top(policy, policy->clauses[clause].part, buffer_string(&number)));
        else if (point == 0x3001) /* 、 */
            at += strlen("、");
        else if (bytes_start_with(bytes_slice(text, at, SIZE_MAX), "及び"))
            at += strlen("及び");
        else
            break;
    }
    return at;
}

/* 「4 適用範囲」 in quotes: a number and the words of a heading. */
static void read_quoted(struct policy *policy, size_t clause, struct bytes text, size_t at)
{
    size_t end = bytes_find(text, at, "」");
    if (end == SIZE_MAX)
        return;
    struct bytes quoted = bytes_slice(text, at, end - at);
    struct marker marker;
    if (!marker_read(quoted, &marker) || marker.kind != MARKER_NUMBER ||
        marker.length == quoted.length)
        return;
    enum policy_part part = policy->clauses[clause].part;
    if (bytes_find(bytes_slice(text, 0, at), 0, "基本方針の") != SIZE_MAX)
        part = POLICY_PART_POLICY;
    size_t target = find_top(policy, part, marker.printed);
    if (target != POLICY_NONE &&
        !says(&policy->clauses[target], bytes_slice(quoted, marker.length, SIZE_MAX)))
        target = POLICY_NONE;
    add_reference(policy, clause, quoted, target);
}

static bool is_digit_or_circled(uint32_t point)
{
    return (point >= '0' && point <= '9') || (point >= 0xFF10 && point <= 0xFF19) ||
           (point >= 0x2460 && point <= 0x2473);
}

static void read_sentence(struct policy *policy, const struct policy_sentence *sentence)
{
    AUTO_BUFFER copy = {0}; /* the sentences may move while references are added */
    buffer_append_string(&copy, sentence->text);
    size_t clause = sentence->clause;
    struct bytes text = buffer_bytes(&copy);
    uint32_t before = 0;
    for (size_t at = 0, length; at < text.length; at += length) {
        uint32_t point;
        struct bytes rest = bytes_slice(text, at, SIZE_MAX);
        length = utf8_decode(bytes_slice(rest, 0, 4), &point);
        if (!length)
            return;
        bool starts_word = !is_digit_or_circled(before) && before != '(' && before != 0xFF08;
        if (bytes_start_with(rest, "上記"))
            length = read_above_list(policy, clause, text, at + strlen("上記")) - at;
        else if (point == 0x300C) /* 「 */
            read_quoted(policy, clause, text, at + length);
        else if ((point == '(' || point == 0xFF08 || is_digit_or_circled(point)) && starts_word)
            read_marker_reference(policy, clause, text, at);
        before = point;
    }
}

void compile_references(struct policy *policy)
{
    for (size_t i = 0; i < policy->sentence_count; i++)
        read_sentence(policy, &policy->sentences[i]);
}
