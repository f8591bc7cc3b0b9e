/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weighted character pairs and their cosine. */
#include "policy/similarity.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "policy/plain.h"

/* One pair of characters in one text. */
struct pair {
    uint64_t characters; /* two code points */
    double weight;
};

struct document {
    struct pair *pairs; /* sorted by characters, each once, after similarity_weigh */
    size_t count;
    size_t capacity;
    double length; /* of the vector */
};

struct similarity {
    struct document *documents;
    size_t count;
};

struct similarity *similarity_new(void)
{
    return memory_allocate(1, sizeof(struct similarity));
}

void similarity_free(struct similarity *similarity)
{
    if (!similarity)
        return;
    for (size_t i = 0; i < similarity->count; i++)
        free(similarity->documents[i].pairs);
    free(similarity->documents);
    free(similarity);
}

size_t similarity_add(struct similarity *similarity)
{
    if ((similarity->count & (similarity->count - 1)) == 0)
        similarity->documents =
            memory_resize(similarity->documents, similarity->count ? similarity->count * 2 : 1,
                          sizeof *similarity->documents);
    similarity->documents[similarity->count] = (struct document){0};
    return similarity->count++;
}

static void add_pair(struct document *document, uint64_t characters, unsigned weight)
{
    if (document->count == document->capacity) {
        document->capacity = document->capacity ? document->capacity * 2 : 64;
        document->pairs =
            memory_resize(document->pairs, document->capacity, sizeof *document->pairs);
    }
    document->pairs[document->count++] = (struct pair){characters, weight};
}

void similarity_add_words(struct similarity *similarity, struct bytes words, unsigned weight)
{
    struct document *document = &similarity->documents[similarity->count - 1];
    AUTO_BUFFER plain = {0};
    plain_append(&plain, words);
    struct bytes text = buffer_bytes(&plain);
    uint32_t before = 0;
    for (size_t at = 0, length; at < text.length; at += length) {
        uint32_t point;
        length = utf8_decode(bytes_slice(text, at, 4), &point);
        if (!length)
            return;
        bool letter = point > 0x3040 || (point >= '0' && point <= '9') || point >= 'A';
        if (letter && before)
            add_pair(document, (uint64_t)before << 32 | point, weight);
        before = letter ? point : 0;
    }
}

static int compare_pairs(const void *a, const void *b)
{
    uint64_t left = ((const struct pair *)a)->characters;
    uint64_t right = ((const struct pair *)b)->characters;
    return left < right ? -1 : left > right;
}

/* Sorts the pairs of a document and adds equal ones up. */
static void merge(struct document *document)
{
    qsort(document->pairs, document->count, sizeof *document->pairs, compare_pairs);
    size_t kept = 0;
    for (size_t i = 0; i < document->count; i++) {
        if (kept && document->pairs[kept - 1].characters == document->pairs[i].characters)
            document->pairs[kept - 1].weight += document->pairs[i].weight;
        else
            document->pairs[kept++] = document->pairs[i];
    }
    document->count = kept;
}

/* All pairs of all documents, sorted; how often a pair stands in it is in how many documents it is.
 */
static uint64_t *collect(const struct similarity *similarity, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < similarity->count; i++)
        *count += similarity->documents[i].count;
    struct pair *all = memory_allocate(*count, sizeof *all);
    size_t at = 0;
    for (size_t i = 0; i < similarity->count; i++)
        for (size_t p = 0; p < similarity->documents[i].count; p++)
            all[at++] = similarity->documents[i].pairs[p];
    qsort(all, *count, sizeof *all, compare_pairs);
    uint64_t *characters = memory_allocate(*count, sizeof *characters);
    for (size_t i = 0; i < *count; i++)
        characters[i] = all[i].characters;
    free(all);
    return characters;
}

/* Index of the first element not below wanted. */
static size_t lower_bound(const uint64_t *sorted, size_t count, uint64_t wanted)
{
    size_t low = 0;
    while (count > 0) {
        size_t half = count / 2;
        if (sorted[low + half] < wanted) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return low;
}

void similarity_weigh(struct similarity *similarity)
{
    for (size_t i = 0; i < similarity->count; i++)
        merge(&similarity->documents[i]);
    size_t count;
    uint64_t *all = collect(similarity, &count);
    for (size_t i = 0; i < similarity->count; i++) {
        struct document *document = &similarity->documents[i];
        double squares = 0;
        for (size_t p = 0; p < document->count; p++) {
            struct pair *pair = &document->pairs[p];
            size_t in = lower_bound(all, count, pair->characters + 1) -
                        lower_bound(all, count, pair->characters);
            double rareness = log((double)(similarity->count + 1) / (double)in);
            pair->weight = (1 + log(pair->weight)) * rareness;
            squares += pair->weight * pair->weight;
        }
        document->length = sqrt(squares);
    }
    free(all);
}

double similarity_of(const struct similarity *similarity, size_t a, size_t b)
{
    const struct document *left = &similarity->documents[a], *right = &similarity->documents[b];
    double product = 0;
    for (size_t i = 0, j = 0; i < left->count && j < right->count;) {
        if (left->pairs[i].characters < right->pairs[j].characters)
            i++;
        else if (left->pairs[i].characters > right->pairs[j].characters)
            j++;
        else
            product += left->pairs[i++].weight * right->pairs[j++].weight;
    }
    return left->length > 0 && right->length > 0 ? product / (left->length * right->length) : 0;
}
