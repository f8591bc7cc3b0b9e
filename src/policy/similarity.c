/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Weighted character pairs and their cosine. Every pair that is met gets a number; a text is a list
 * of numbers with weights, and one text at a time is spread over an array by number, so that others
 * are compared with it without sorting anything.
 */
#include "policy/similarity.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "policy/plain.h"

enum { FIRST_PLACES = 1 << 15 };

/* One pair of characters in one text. */
struct pair {
    uint32_t number;
    float weight;
};

struct document {
    struct pair *pairs; /* each number once after similarity_weigh */
    size_t count;
    size_t capacity;
    double length; /* of the vector */
};

/* A pair of characters and its number; a free place has no characters. */
struct place {
    uint64_t characters;
    uint32_t number;
};

struct similarity {
    struct document *documents;
    size_t count;
    struct place *places; /* open addressing */
    size_t place_count;   /* a power of two */
    uint32_t numbers;     /* given out */
    double *spread;       /* by number: the weights of one text, 0 elsewhere */
    size_t spread_of;     /* that text, SIZE_MAX for none */
};

struct similarity *similarity_new(void)
{
    struct similarity *similarity = memory_allocate(1, sizeof *similarity);
    similarity->place_count = FIRST_PLACES;
    similarity->places = memory_allocate(FIRST_PLACES, sizeof *similarity->places);
    similarity->spread_of = SIZE_MAX;
    return similarity;
}

void similarity_free(struct similarity *similarity)
{
    if (!similarity)
        return;
    for (size_t i = 0; i < similarity->count; i++)
        free(similarity->documents[i].pairs);
    free(similarity->documents);
    free(similarity->places);
    free(similarity->spread);
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

/* The place of a pair, or the free one where it belongs. */
static struct place *find_place(struct place *places, size_t count, uint64_t characters)
{
    size_t at = (size_t)(characters * 0x9E3779B97F4A7C15U >> 32) & (count - 1);
    while (places[at].characters && places[at].characters != characters)
        at = (at + 1) & (count - 1);
    return &places[at];
}

static void grow(struct similarity *similarity)
{
    size_t count = similarity->place_count * 2;
    struct place *places = memory_allocate(count, sizeof *places);
    for (size_t i = 0; i < similarity->place_count; i++) {
        const struct place *place = &similarity->places[i];
        if (place->characters)
            *find_place(places, count, place->characters) = *place;
    }
    free(similarity->places);
    similarity->places = places;
    similarity->place_count = count;
}

static uint32_t number_of(struct similarity *similarity, uint64_t characters)
{
    struct place *place = find_place(similarity->places, similarity->place_count, characters);
    if (place->characters)
        return place->number;
    *place = (struct place){characters, similarity->numbers++};
    uint32_t number = place->number;
    if (similarity->numbers > similarity->place_count / 2)
        grow(similarity);
    return number;
}

static void add_pair(struct document *document, uint32_t number, unsigned weight)
{
    if (document->count == document->capacity) {
        document->capacity = document->capacity ? document->capacity * 2 : 64;
        document->pairs =
            memory_resize(document->pairs, document->capacity, sizeof *document->pairs);
    }
    document->pairs[document->count++] = (struct pair){number, (float)weight};
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
            add_pair(document, number_of(similarity, (uint64_t)before << 32 | point), weight);
        before = letter ? point : 0;
    }
}

/* Adds equal pairs of a document up; `sums` is 0 everywhere before and after. */
static void merge(struct document *document, double *sums)
{
    size_t kept = 0;
    for (size_t i = 0; i < document->count; i++)
        sums[document->pairs[i].number] += document->pairs[i].weight;
    for (size_t i = 0; i < document->count; i++) {
        uint32_t number = document->pairs[i].number;
        if (sums[number] <= 0)
            continue;
        document->pairs[kept++] = (struct pair){number, (float)sums[number]};
        sums[number] = 0;
    }
    document->count = kept;
}

void similarity_weigh(struct similarity *similarity)
{
    similarity->spread = memory_allocate((size_t)similarity->numbers + 1, sizeof(double));
    double *rareness = memory_allocate((size_t)similarity->numbers + 1, sizeof *rareness);
    for (size_t i = 0; i < similarity->count; i++) {
        const struct document *document = &similarity->documents[i];
        merge(&similarity->documents[i], similarity->spread);
        for (size_t p = 0; p < document->count; p++)
            rareness[document->pairs[p].number] += 1;
    }
    for (uint32_t n = 0; n < similarity->numbers; n++)
        rareness[n] = log((double)(similarity->count + 1) / rareness[n]);
    for (size_t i = 0; i < similarity->count; i++) {
        struct document *document = &similarity->documents[i];
        double squares = 0;
        for (size_t p = 0; p < document->count; p++) {
            struct pair *pair = &document->pairs[p];
            pair->weight = (float)((1 + log(pair->weight)) * rareness[pair->number]);
            squares += (double)pair->weight * pair->weight;
        }
        document->length = sqrt(squares);
    }
    free(rareness);
}

/* Spreads the weights of a text, and takes those of the one before away. */
static void spread(struct similarity *similarity, size_t wanted)
{
    if (similarity->spread_of != SIZE_MAX) {
        const struct document *last = &similarity->documents[similarity->spread_of];
        for (size_t p = 0; p < last->count; p++)
            similarity->spread[last->pairs[p].number] = 0;
    }
    const struct document *document = &similarity->documents[wanted];
    for (size_t p = 0; p < document->count; p++)
        similarity->spread[document->pairs[p].number] = document->pairs[p].weight;
    similarity->spread_of = wanted;
}

double similarity_of(struct similarity *similarity, size_t a, size_t b)
{
    const struct document *left = &similarity->documents[a], *right = &similarity->documents[b];
    if (similarity->spread_of != a)
        spread(similarity, a);
    double product = 0;
    for (size_t p = 0; p < right->count; p++)
        product += similarity->spread[right->pairs[p].number] * right->pairs[p].weight;
    return left->length > 0 && right->length > 0 ? product / (left->length * right->length) : 0;
}
