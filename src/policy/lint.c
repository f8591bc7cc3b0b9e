/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks that look at single words and characters, and the list of all checks. */
#include "policy/lint.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/utf8.h"
#include "policy/japanese.h"
#include "policy/lint_checks.h"
#include "policy/model.h"
#include "policy/words.h"

void lint_add(struct policy_findings *findings, const char *kind, size_t clause, struct bytes words)
{
    if ((findings->count & (findings->count - 1)) == 0)
        findings->items = memory_resize(findings->items, findings->count ? findings->count * 2 : 1,
                                        sizeof *findings->items);
    findings->items[findings->count++] =
        (struct policy_finding){.kind = kind, .clause = clause, .words = model_copy(words)};
}

void policy_findings_free(struct policy_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        free(findings->items[i].words);
    free(findings->items);
    *findings = (struct policy_findings){0};
}

static bool is_kanji(uint32_t point)
{
    return (point >= 0x3400 && point <= 0x9FFF) || point == 0x3005; /* 々 */
}

/* Bytes that the next `count` characters take, or 0 when there are fewer. */
static size_t bytes_of_characters(struct bytes text, size_t at, unsigned count)
{
    size_t end = at;
    while (count-- > 0) {
        uint32_t point;
        size_t length = end < text.length ? utf8_decode(bytes_slice(text, end, 4), &point) : 0;
        if (!length)
            return 0;
        end += length;
    }
    return end - at;
}

enum { SHORTEST_REPEAT = 2, LONGEST_REPEAT = 8 }; /* characters */

/* True for a stretch that Japanese does not say twice: it has a kanji in it, or is a conjunction in
 * kana. */
static bool must_not_repeat(struct bytes stretch)
{
    for (size_t at = 0, length; at < stretch.length; at += length) {
        uint32_t point;
        length = utf8_decode(bytes_slice(stretch, at, 4), &point);
        if (!length)
            return false;
        if (is_kanji(point))
            return true;
    }
    return bytes_equal_string(stretch, "または") || bytes_equal_string(stretch, "および");
}

/* 「…の課の課長」 says nothing twice: the second time begins a longer word. */
static bool begins_a_longer_word(struct bytes stretch, struct bytes behind)
{
    uint32_t next = 0;
    return bytes_start_with(stretch, "の") && utf8_decode(behind, &next) && is_kanji(next);
}

/* 「又は又は」: the same characters twice in a row. */
static void find_doubled_words(const struct policy *policy, struct policy_findings *findings)
{
    for (size_t i = 0; i < policy->clause_count; i++) {
        struct bytes text = bytes_of_string(policy->clauses[i].text);
        for (size_t at = 0, step; at < text.length; at += step) {
            step = bytes_of_characters(text, at, 1);
            if (!step)
                break;
            for (unsigned count = LONGEST_REPEAT; count >= SHORTEST_REPEAT; count--) {
                size_t length = bytes_of_characters(text, at, count);
                struct bytes once = bytes_slice(text, at, length);
                if (length && bytes_equal(once, bytes_slice(text, at + length, length)) &&
                    must_not_repeat(once) &&
                    !begins_a_longer_word(once, bytes_slice(text, at + 2 * length, 4))) {
                    lint_add(findings, "doubled_words", i, bytes_slice(text, at, 2 * length));
                    step = 2 * length;
                    break;
                }
            }
        }
    }
}

/* Scripts that no Japanese text of this kind uses. */
static const struct {
    uint32_t first, last;
} foreign_scripts[] = {
    {0x0400, 0x052F}, /* Cyrillic */
    {0x0530, 0x058F}, /* Armenian */
    {0x0590, 0x08FF}, /* Hebrew, Arabic */
    {0x0900, 0x0DFF}, /* scripts of India */
    {0x0E00, 0x0EFF}, /* Thai, Lao */
    {0x1100, 0x11FF}, /* Hangul jamo */
    {0x2E80, 0x2FDF}, /* radicals that look like kanji */
    {0x3130, 0x318F}, /* Hangul jamo */
    {0xAC00, 0xD7FF}, /* Hangul */
    {0xF900, 0xFAD9}, /* compatibility kanji */
    {0xFFFD, 0xFFFD}, /* a character lost before */
    {0xE000, 0xF8FF}, /* private use */
};

static bool is_foreign(uint32_t point)
{
    for (size_t i = 0; i < sizeof foreign_scripts / sizeof *foreign_scripts; i++) {
        if (point >= foreign_scripts[i].first && point <= foreign_scripts[i].last)
            return true;
    }
    return false;
}

enum { SHOWN_AROUND = 12 }; /* bytes before and behind: four characters */

/* A run of foreign characters, shown with a few characters around it. */
static void find_foreign_script(const struct policy *policy, struct policy_findings *findings)
{
    for (size_t i = 0; i < policy->clause_count; i++) {
        struct bytes text = bytes_of_string(policy->clauses[i].text);
        for (size_t at = 0, length; at < text.length; at += length) {
            uint32_t point;
            length = utf8_decode(bytes_slice(text, at, 4), &point);
            if (!length)
                break;
            if (!is_foreign(point))
                continue;
            size_t start = at > SHOWN_AROUND ? at - SHOWN_AROUND : 0, end = at + length;
            while (start < at && (text.data[start] & 0xC0) == 0x80)
                start++;
            while (end < text.length && utf8_decode(bytes_slice(text, end, 4), &point) &&
                   is_foreign(point))
                end += bytes_of_characters(text, end, 1);
            length = end - at;
            size_t behind = bytes_of_characters(text, end, 2);
            lint_add(findings, "foreign_script", i, bytes_slice(text, start, end + behind - start));
        }
    }
}

/* Slips of the pen that the vocabulary knows. */
static void find_slips(const struct policy *policy, struct policy_findings *findings)
{
    for (size_t i = 0; i < policy->clause_count; i++) {
        struct bytes text = bytes_of_string(policy->clauses[i].text);
        size_t at = 0;
        for (const struct word *word; (word = words_find("slip", text, at, &at));
             at += strlen(word->text))
            lint_add(findings, "slip", i, bytes_of_string(word->text));
    }
}

/* A character that stands both before and behind a line's end, where the line was broken inside a
 * word. */
static void find_doubled_at_break(const struct policy *policy, struct policy_findings *findings)
{
    struct bytes source = {(const uint8_t *)policy->source, policy->source_length};
    for (size_t i = 0; i < policy->clause_count; i++) {
        const struct policy_span *place = &policy->clauses[i].place;
        for (size_t at = place->offset; at < place->offset + place->length; at++) {
            if (source.data[at] != '\n')
                continue;
            struct bytes before =
                japanese_trim(bytes_slice(source, place->offset, at - place->offset));
            while (at + 1 < source.length && memchr(" \t\r\n", source.data[at + 1], 4))
                at++;
            struct bytes after = bytes_slice(source, at + 1, 6);
            uint32_t last = japanese_last(before), first = 0;
            if (after.length)
                utf8_decode(after, &first);
            if (last == first && last >= 0x30A1 && last <= 0x30FA) { /* ァ … ヺ */
                AUTO_BUFFER words = {0};
                utf8_append(&words, last);
                buffer_append_bytes(&words, after);
                lint_add(findings, "doubled_at_break", i, buffer_bytes(&words));
            }
        }
    }
}

/* Brackets that open and do not close, or the other way round, within one sentence. */
static void find_brackets(const struct policy *policy, struct policy_findings *findings)
{
    for (size_t i = 0; i < policy->sentence_count; i++) {
        struct bytes text = bytes_of_string(policy->sentences[i].text);
        int depth = 0;
        bool broken = false;
        for (size_t at = 0, length; at < text.length; at += length) {
            uint32_t point;
            length = utf8_decode(bytes_slice(text, at, 4), &point);
            if (!length)
                break;
            depth += (point == '(' || point == 0xFF08) - (point == ')' || point == 0xFF09);
            broken |= depth < 0;
        }
        if (broken || depth)
            lint_add(findings, "brackets", policy->sentences[i].clause, text);
    }
}

typedef void check(const struct policy *policy, struct policy_findings *findings);

void policy_lint(const struct policy *policy, struct policy_findings *findings)
{
    static check *const checks[] = {
        lint_numbering,      lint_contents, lint_references,
        lint_terms,          lint_roles,    lint_owners,
        find_doubled_words,  find_slips,    find_doubled_at_break,
        find_foreign_script, find_brackets,
    };
    *findings = (struct policy_findings){0};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        checks[i](policy, findings);
}

static void write_sentence(struct json_writer *json, const char *key, enum language language,
                           const struct policy_finding *finding)
{
    AUTO_BUFFER name = {0}, sentence = {0};
    buffer_append_format(&name, "lint.%s", finding->kind);
    const struct message_value values[] = {{"words", finding->words}};
    message_append(&sentence, language, buffer_string(&name), values, 1);
    json_member_string(json, key, buffer_string(&sentence));
}

void policy_findings_write_json(const struct policy *policy, const struct policy_findings *findings,
                                struct buffer *out)
{
    struct json_writer json = json_writer_open(out);
    json_begin_object(&json);
    json_key(&json, "findings");
    json_begin_array(&json);
    for (size_t i = 0; i < findings->count; i++) {
        const struct policy_finding *finding = &findings->items[i];
        json_begin_object(&json);
        json_member_string(&json, "kind", finding->kind);
        json_member_string(&json, "clause",
                           finding->clause == POLICY_NONE ? NULL
                                                          : policy->clauses[finding->clause].id);
        json_member_string(&json, "words", finding->words);
        write_sentence(&json, "ja", LANGUAGE_JA, finding);
        write_sentence(&json, "en", LANGUAGE_EN, finding);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
}
