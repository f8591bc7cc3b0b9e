/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of requirements, and finding what was decided about one in another text. */
#include "adoption/keys.h"

#include <stdio.h>
#include <string.h>

#include "base/fold.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/utf8.h"

/* From this likeness on a sentence stands for another; a person has to look at it again. */
#define ALIKE_ENOUGH 0.8

enum { DIGEST_BYTES = 16 };

/* What makes no other sentence: blanks, the width of letters, their case. */
static void append_normalised(const char *text, struct buffer *out)
{
    AUTO_BUFFER narrow = {0};
    struct bytes whole = bytes_of_string(text);
    for (size_t at = 0; at < whole.length;) {
        uint32_t point = utf8_take(whole, &at);
        if (point >= 0xFF01 && point <= 0xFF5E)
            point -= 0xFF01 - 0x21;
        if (point > ' ' && point != 0x3000 && point != 0xA0)
            utf8_append(&narrow, point);
    }
    fold_append(buffer_bytes(&narrow), out);
}

void adoption_sentence_key(const struct policy *policy, size_t requirement,
                           char key[ADOPTION_SENTENCE_KEY_SIZE])
{
    AUTO_BUFFER text = {0};
    uint8_t digest[HASH_BYTES];
    size_t sentence = policy->requirements[requirement].sentence, number = 0;
    append_normalised(policy->sentences[sentence].text, &text);
    hash_sha256(buffer_bytes(&text), digest);
    for (size_t i = requirement; i > 0 && policy->requirements[i - 1].sentence == sentence; i--)
        number++;
    int at = 0;
    for (int i = 0; i < DIGEST_BYTES; i++)
        at += snprintf(key + at, ADOPTION_SENTENCE_KEY_SIZE - (size_t)at, "%02x", digest[i]);
    snprintf(key + at, ADOPTION_SENTENCE_KEY_SIZE - (size_t)at, "/%zu", number);
}

size_t adoption_find_requirement(const struct policy *policy, const char *id)
{
    for (size_t i = 0; i < policy->requirement_count; i++)
        if (strcmp(policy->requirements[i].id, id) == 0)
            return i;
    return POLICY_NONE;
}

/* The pairs of neighbouring letters in a sentence, sorted. */
struct pairs {
    uint64_t *items;
    size_t count;
};

struct adoption_finder {
    const struct policy *policy;
    struct pairs *pairs; /* one for each requirement; NULL until the first is asked for */
    char (*keys)[ADOPTION_SENTENCE_KEY_SIZE]; /* one for each requirement */
};

struct adoption_finder *adoption_finder_new(const struct policy *policy)
{
    struct adoption_finder *finder = memory_allocate(1, sizeof *finder);
    finder->policy = policy;
    finder->keys = memory_allocate(policy->requirement_count + 1, sizeof *finder->keys);
    for (size_t i = 0; i < policy->requirement_count; i++)
        adoption_sentence_key(policy, i, finder->keys[i]);
    return finder;
}

void adoption_finder_free(struct adoption_finder *finder)
{
    if (!finder)
        return;
    for (size_t i = 0; finder->pairs && i < finder->policy->requirement_count; i++)
        free(finder->pairs[i].items);
    free(finder->pairs);
    free(finder->keys);
    free(finder);
}

/* ---- likeness ---- */

static int by_value(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static struct pairs pairs_of(const char *sentence)
{
    AUTO_BUFFER text = {0};
    append_normalised(sentence, &text);
    struct bytes whole = buffer_bytes(&text);
    struct pairs pairs = {memory_allocate(whole.length + 1, sizeof *pairs.items), 0};
    uint64_t before = 0;
    for (size_t at = 0; at < whole.length;) {
        uint32_t point = utf8_take(whole, &at);
        if (before)
            pairs.items[pairs.count++] = before << 32 | point;
        before = point;
    }
    qsort(pairs.items, pairs.count, sizeof *pairs.items, by_value);
    return pairs;
}

/* Dice's coefficient: twice what both have, by what each has. */
static double likeness_of(const struct pairs *a, const struct pairs *b)
{
    size_t both = 0;
    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        if (a->items[i] == b->items[k]) {
            both++;
            i++;
            k++;
        } else if (a->items[i] < b->items[k]) {
            i++;
        } else {
            k++;
        }
    }
    return a->count + b->count ? 2.0 * (double)both / (double)(a->count + b->count) : 0;
}

double adoption_likeness(const char *a, const char *b)
{
    struct pairs left = pairs_of(a), right = pairs_of(b);
    double likeness = likeness_of(&left, &right);
    free(left.items);
    free(right.items);
    return likeness;
}

/* The requirement whose sentence is most like a text. */
static size_t most_alike(struct adoption_finder *finder, const char *sentence, double *likeness)
{
    const struct policy *policy = finder->policy;
    struct pairs wanted = pairs_of(sentence);
    size_t best = POLICY_NONE;
    if (!finder->pairs) {
        finder->pairs = memory_allocate(policy->requirement_count + 1, sizeof *finder->pairs);
        for (size_t i = 0; i < policy->requirement_count; i++)
            finder->pairs[i] = pairs_of(policy->sentences[policy->requirements[i].sentence].text);
    }
    *likeness = 0;
    for (size_t i = 0; i < policy->requirement_count; i++) {
        double alike = likeness_of(&wanted, &finder->pairs[i]);
        if (alike > *likeness) {
            *likeness = alike;
            best = i;
        }
    }
    free(wanted.items);
    return *likeness >= ALIKE_ENOUGH ? best : POLICY_NONE;
}

size_t adoption_finder_same(const struct adoption_finder *finder, const char *clause,
                            const char *key)
{
    const struct policy *policy = finder->policy;
    size_t elsewhere = POLICY_NONE;
    for (size_t i = 0; i < policy->requirement_count; i++) {
        if (strcmp(finder->keys[i], key) != 0)
            continue;
        if (strcmp(policy->clauses[policy->requirements[i].clause].id, clause) == 0)
            return i;
        elsewhere = i;
    }
    return elsewhere;
}

size_t adoption_finder_find(struct adoption_finder *finder, const char *clause, const char *key,
                            const char *sentence, double *likeness)
{
    size_t same = adoption_finder_same(finder, clause, key);
    *likeness = 1;
    return same != POLICY_NONE ? same : most_alike(finder, sentence, likeness);
}
