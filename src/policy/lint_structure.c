/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks of the lint that look at numbering, contents, references, terms, roles and owners. */
#include <ctype.h>
#include <stdlib.h>

#include "base/memory.h"
#include "policy/japanese.h"
#include "policy/lint_checks.h"
#include "policy/marker.h"
#include "policy/words.h"

/* The marker of a clause read again; false for unnumbered text. */
static bool marker_of(const struct policy_clause *clause, struct marker *marker)
{
    return *clause->marker && (marker_read(bytes_of_string(clause->marker), marker) ||
                               marker_read_table_row(bytes_of_string(clause->marker), marker));
}

static struct bytes marker_words(const struct policy_clause *clause)
{
    return bytes_of_string(clause->marker);
}

/* Compares an item with the one before it in its list. */
static void check_step(const struct policy *policy, size_t before, size_t clause,
                       struct policy_findings *findings)
{
    struct marker last, now;
    if (!marker_of(&policy->clauses[before], &last) || !marker_of(&policy->clauses[clause], &now) ||
        now.kind == MARKER_DOT || now.kind != last.kind || now.kind == MARKER_CLOSING)
        return;
    uint32_t after_letter = policy->clauses[before].marker[1] != policy->clauses[clause].marker[1];
    bool letter = last.kind == MARKER_CIRCLED && after_letter;
    if (now.value == last.value && now.kind != MARKER_ARTICLE)
        lint_add(findings, "number_twice", clause, marker_words(&policy->clauses[clause]));
    else if (now.value < last.value)
        lint_add(findings, "number_backwards", clause, marker_words(&policy->clauses[clause]));
    else if (now.value > last.value + 1)
        lint_add(findings, "number_missing", clause, marker_words(&policy->clauses[clause]));
    else if (letter && policy->clauses[before].marker[0] == policy->clauses[clause].marker[0] &&
             !memcmp(policy->clauses[before].marker, "\xE2\x92", 2) !=
                 !memcmp(policy->clauses[clause].marker, "\xE2\x92", 2))
        lint_add(findings, "mixed_markers", clause, marker_words(&policy->clauses[before]));
}

/* The first paragraph of an article has no number: the list under it begins with 2. */
static bool is_second_paragraph(const struct policy *policy, const struct policy_clause *clause,
                                unsigned value)
{
    struct marker above;
    return value == 2 && clause->parent != POLICY_NONE && *policy->clauses[clause->parent].text &&
           marker_of(&policy->clauses[clause->parent], &above) && above.kind == MARKER_ARTICLE;
}

void lint_numbering(const struct policy *policy, struct policy_findings *findings)
{
    /* last_child[p + 1]: the item last seen under clause p; [0]: at the top of the part */
    size_t *last_child = memory_allocate(policy->clause_count + 1, sizeof *last_child);
    enum policy_part part = POLICY_PART_COUNT;
    for (size_t i = 0; i <= policy->clause_count; i++)
        last_child[i] = POLICY_NONE;
    for (size_t i = 0; i < policy->clause_count; i++) {
        const struct policy_clause *clause = &policy->clauses[i];
        if (clause->part != part) {
            last_child[0] = POLICY_NONE;
            part = clause->part;
        }
        size_t *last = &last_child[clause->parent == POLICY_NONE ? 0 : clause->parent + 1];
        struct marker marker;
        if (!marker_of(clause, &marker))
            continue;
        bool counts = marker.kind != MARKER_DOT && marker.kind != MARKER_ARTICLE &&
                      marker.kind != MARKER_CHAPTER && marker.kind != MARKER_CLOSING &&
                      !is_second_paragraph(policy, clause, marker.value);
        if (*last == POLICY_NONE && counts && marker.value > 1 && marker.iroha_value != 1)
            lint_add(findings, "begins_late", i, marker_words(clause));
        else if (*last != POLICY_NONE)
            check_step(policy, *last, i, findings);
        *last = i;
    }
    free(last_child);
}

/* Marker and heading without blanks, as the contents are compared. */
static void append_title(struct buffer *out, const char *marker, struct bytes heading)
{
    japanese_append_squeezed(out, bytes_of_string(marker));
    japanese_append_squeezed(out, heading);
}

/* 「第1章 総則（第1条―第3条）」 without the articles under it. */
static struct bytes without_articles(struct bytes words)
{
    size_t wide = bytes_find(words, 0, "（第"), narrow = bytes_find(words, 0, "(第");
    size_t at = wide < narrow ? wide : narrow;
    return at != SIZE_MAX && at > 0 && bytes_find(words, at, "条") != SIZE_MAX
               ? japanese_trim(bytes_slice(words, 0, at))
               : words;
}

/* All entries of the contents, each on a line: marker and heading without page number and leaders.
 */
static void collect_contents(const struct policy *policy, struct buffer *entries)
{
    for (size_t i = 0; i < policy->furniture_count; i++) {
        const struct policy_furniture *furniture = &policy->furniture[i];
        if (furniture->kind != POLICY_FURNITURE_CONTENTS)
            continue;
        struct bytes words = {(const uint8_t *)policy->source + furniture->place.offset,
                              furniture->place.length};
        while (words.length && memchr("0123456789 .\t", words.data[words.length - 1], 13))
            words.length--;
        for (size_t length = strlen("…");
             words.length > length && (!memcmp(words.data + words.length - length, "…", length) ||
                                       !memcmp(words.data + words.length - length, "・", length));)
            words.length -= length;
        words = without_articles(words);
        struct marker marker = {0};
        if (!marker_read(words, &marker))
            marker.length = 0;
        buffer_append_byte(entries, '\n');
        append_title(entries, marker.printed, bytes_slice(words, marker.length, SIZE_MAX));
    }
    buffer_append_byte(entries, '\n');
}

/* The lines of a text, sorted, to be looked up in. */
struct titles {
    struct bytes *lines; /* borrow the text */
    size_t count;
};

static int compare_lines(const void *a, const void *b)
{
    const struct bytes *left = a, *right = b;
    size_t length = left->length < right->length ? left->length : right->length;
    int order = length ? memcmp(left->data, right->data, length) : 0;
    return order ? order : (left->length > right->length) - (left->length < right->length);
}

/* `text` begins and ends with a line break. */
static struct titles titles_sort(struct bytes text)
{
    struct titles titles = {0};
    for (size_t at = 0, end; (end = bytes_find(text, at + 1, "\n")) != SIZE_MAX; at = end) {
        if ((titles.count & (titles.count - 1)) == 0)
            titles.lines = memory_resize(titles.lines, titles.count ? titles.count * 2 : 1,
                                         sizeof *titles.lines);
        titles.lines[titles.count++] = bytes_slice(text, at + 1, end - at - 1);
    }
    if (titles.count)
        qsort(titles.lines, titles.count, sizeof *titles.lines, compare_lines);
    return titles;
}

static bool titles_have(const struct titles *titles, struct bytes line)
{
    return titles->count && bsearch(&line, titles->lines, titles->count, sizeof *titles->lines,
                                    compare_lines) != NULL;
}

/* True when the contents have this clause's heading on a line of their own. */
static bool in_contents(const struct titles *entries, const struct policy_clause *clause)
{
    AUTO_BUFFER line = {0};
    append_title(&line, clause->marker, bytes_of_string(clause->heading));
    return titles_have(entries, buffer_bytes(&line));
}

/* Every heading of the text, each on a line: clauses with their markers, titles and headings of
 * parts. */
static void collect_headings(const struct policy *policy, struct buffer *headings)
{
    for (size_t i = 0; i < policy->clause_count; i++) {
        buffer_append_byte(headings, '\n');
        append_title(headings, policy->clauses[i].marker,
                     bytes_of_string(policy->clauses[i].heading));
    }
    for (size_t i = 0; i < policy->furniture_count; i++) {
        const struct policy_furniture *furniture = &policy->furniture[i];
        if (furniture->kind == POLICY_FURNITURE_CONTENTS)
            continue;
        buffer_append_byte(headings, '\n');
        japanese_append_squeezed(
            headings, (struct bytes){(const uint8_t *)policy->source + furniture->place.offset,
                                     furniture->place.length});
    }
    buffer_append_byte(headings, '\n');
}

/* Numbered entries of the contents that no heading of the text matches. */
static void check_entries(const struct policy *policy, struct bytes entries,
                          struct policy_findings *findings)
{
    AUTO_BUFFER headings = {0};
    collect_headings(policy, &headings);
    struct titles titles = titles_sort(buffer_bytes(&headings));
    for (size_t at = 0, end; (end = bytes_find(entries, at + 1, "\n")) != SIZE_MAX; at = end) {
        struct bytes entry = bytes_slice(entries, at + 1, end - at - 1);
        bool numbered = entry.length && (isdigit(entry.data[0]) || entry.data[0] == '(' ||
                                         bytes_start_with(entry, "第"));
        if (numbered && !titles_have(&titles, entry))
            lint_add(findings, "only_in_contents", POLICY_NONE, entry);
    }
    free(titles.lines);
}

void lint_contents(const struct policy *policy, struct policy_findings *findings)
{
    AUTO_BUFFER entries = {0};
    collect_contents(policy, &entries);
    if (entries.length <= 1)
        return;
    check_entries(policy, buffer_bytes(&entries), findings);
    /* a depth of a part is expected in the contents when one heading of it is there */
    bool listed[POLICY_PART_COUNT][3] = {0};
    struct titles titles = titles_sort(buffer_bytes(&entries));
    for (int expect = 0; expect < 2; expect++) {
        for (size_t i = 0; i < policy->clause_count; i++) {
            const struct policy_clause *clause = &policy->clauses[i];
            if (clause->depth > 2 || !*clause->heading || !*clause->marker)
                continue;
            bool found = in_contents(&titles, clause);
            if (!expect)
                listed[clause->part][clause->depth] |= found;
            else if (listed[clause->part][clause->depth] && !found)
                lint_add(findings, "not_in_contents", i, bytes_of_string(clause->heading));
        }
    }
    free(titles.lines);
}

void lint_references(const struct policy *policy, struct policy_findings *findings)
{
    for (size_t i = 0; i < policy->reference_count; i++) {
        if (policy->references[i].target == POLICY_NONE)
            lint_add(findings, "dangling_reference", policy->references[i].clause,
                     bytes_of_string(policy->references[i].text));
    }
}

/* True when a clause other than the one that defines it uses the term. */
static bool is_used(const struct policy *policy, const char *term, size_t defined_in)
{
    for (size_t i = 0; i < policy->clause_count; i++) {
        if (i == defined_in)
            continue;
        AUTO_BUFFER squeezed = {0};
        japanese_append_squeezed(&squeezed, bytes_of_string(policy->clauses[i].heading));
        buffer_append_byte(&squeezed, '\n');
        japanese_append_squeezed(&squeezed, bytes_of_string(policy->clauses[i].text));
        if (bytes_find(buffer_bytes(&squeezed), 0, term) != SIZE_MAX)
            return true;
    }
    return false;
}

/* 通信経路の分割 as it is used in a sentence: 通信経路を分割する. */
static void append_as_verb(struct buffer *out, const char *term)
{
    const char *of = strstr(term, "の");
    if (of)
        buffer_append_bytes(out, (struct bytes){(const uint8_t *)term, (size_t)(of - term)});
    buffer_append_format(out, of ? "を%s" : "%s", of ? of + strlen("の") : term);
}

void lint_terms(const struct policy *policy, struct policy_findings *findings)
{
    for (size_t i = 0; i < policy->definition_count; i++) {
        AUTO_BUFFER term = {0};
        japanese_append_squeezed(&term, bytes_of_string(policy->definitions[i].term));
        size_t bracket = bytes_find(buffer_bytes(&term), 0, "(");
        if (bracket != SIZE_MAX)
            term.length = bracket;
        AUTO_BUFFER as_verb = {0};
        append_as_verb(&as_verb, buffer_string(&term));
        if (!is_used(policy, buffer_string(&term), policy->definitions[i].clause) &&
            !is_used(policy, buffer_string(&as_verb), policy->definitions[i].clause))
            lint_add(findings, "unused_term", policy->definitions[i].clause,
                     bytes_of_string(policy->definitions[i].term));
    }
}

/* True for a name that only somebody who was appointed can carry. */
static bool needs_appointment(const char *role)
{
    static const char *const ends[] = {"責任者", "管理者", "担当者", "委員会"};
    struct bytes name = bytes_of_string(role);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t length = strlen(ends[i]);
        if (name.length > length && !memcmp(name.data + name.length - length, ends[i], length))
            return words_match_end("role", name) != NULL;
    }
    return false;
}

/* True when the text appoints the role, or says that somebody names its holder. */
static bool is_appointed(const struct policy *policy, const char *role)
{
    for (size_t i = 0; i < policy->role_count; i++) {
        if (!strcmp(policy->roles[i].name, role))
            return true;
    }
    AUTO_BUFFER named = {0};
    buffer_append_format(&named, "%sを指名", role);
    for (size_t i = 0; i < policy->sentence_count; i++) {
        if (strstr(policy->sentences[i].text, buffer_string(&named)))
            return true;
    }
    return false;
}

static void check_names(const struct policy *policy, size_t clause,
                        const struct policy_names *names, struct policy_findings *findings)
{
    for (size_t i = 0; i < names->count; i++) {
        if (!needs_appointment(names->items[i]) || is_appointed(policy, names->items[i]))
            continue;
        bool known = false;
        for (size_t f = 0; f < findings->count; f++)
            known |= !strcmp(findings->items[f].kind, "unappointed_role") &&
                     !strcmp(findings->items[f].words, names->items[i]);
        if (!known)
            lint_add(findings, "unappointed_role", clause, bytes_of_string(names->items[i]));
    }
}

void lint_roles(const struct policy *policy, struct policy_findings *findings)
{
    if (!policy->role_count)
        return;
    for (size_t i = 0; i < policy->requirement_count; i++) {
        const struct policy_requirement *requirement = &policy->requirements[i];
        check_names(policy, requirement->clause, &requirement->roles, findings);
        check_names(policy, requirement->clause, &requirement->permission_from, findings);
        check_names(policy, requirement->clause, &requirement->report_to, findings);
    }
}

/* The clause whose heading stands over this one: the list or paragraph that it belongs to. */
static size_t headed_by(const struct policy *policy, size_t clause)
{
    while (!*policy->clauses[clause].heading && policy->clauses[clause].parent != POLICY_NONE)
        clause = policy->clauses[clause].parent;
    return clause;
}

void lint_owners(const struct policy *policy, struct policy_findings *findings)
{
    size_t said = POLICY_NONE; /* one finding for all that stands under a heading */
    for (size_t i = 0; i < policy->requirement_count; i++) {
        const struct policy_requirement *requirement = &policy->requirements[i];
        bool duty =
            requirement->modality == POLICY_MUST || requirement->modality == POLICY_MUST_NOT;
        size_t heading = headed_by(policy, requirement->clause);
        if (!duty || requirement->roles.count || heading == said ||
            policy->clauses[requirement->clause].part != POLICY_PART_STANDARD)
            continue;
        lint_add(findings, "no_owner", requirement->clause,
                 bytes_of_string(policy->sentences[requirement->sentence].text));
        said = heading;
    }
}
