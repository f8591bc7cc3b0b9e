/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The longest common subsequence of two texts, by characters. */
#include "web/policy_difference.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/utf8.h"

enum {
    CELLS = 1 << 20, /* of the table, at most */
    LEAST_SAME = 2,  /* a shorter run between differences counts as different: easier to read */
};

struct letters {
    uint32_t *points;
    size_t count;
};

static struct letters letters_of(struct bytes text)
{
    struct letters letters = {memory_allocate(text.length + 1, sizeof(uint32_t)), 0};
    for (size_t at = 0; at < text.length;)
        letters.points[letters.count++] = utf8_take(text, &at);
    return letters;
}

/* Pieces while they are collected. */
struct pieces {
    json_t *list;
    struct buffer gone, came, same;
    size_t same_count;
};

static void put(json_t *list, const char *name, struct buffer *text)
{
    if (!text->length)
        return;
    json_t *piece = json_object();
    json_object_set_new(piece, name, json_stringn((const char *)text->data, text->length));
    json_array_append_new(list, piece);
    buffer_clear(text);
}

static void put_difference(struct pieces *pieces)
{
    put(pieces->list, "gone", &pieces->gone);
    put(pieces->list, "came", &pieces->came);
}

/* Ends a run that is the same: long enough it is a piece, else it joins the differences. */
static void end_same(struct pieces *pieces)
{
    if (pieces->same_count >= LEAST_SAME || (!pieces->gone.length && !pieces->came.length)) {
        put_difference(pieces);
        put(pieces->list, "same", &pieces->same);
    } else {
        buffer_append_bytes(&pieces->gone, buffer_bytes(&pieces->same));
        buffer_append_bytes(&pieces->came, buffer_bytes(&pieces->same));
        buffer_clear(&pieces->same);
    }
    pieces->same_count = 0;
}

static void take_same(struct pieces *pieces, const uint32_t *points, size_t count)
{
    for (size_t i = 0; i < count; i++)
        utf8_append(&pieces->same, points[i]);
    pieces->same_count += count;
}

static void take_other(struct pieces *pieces, struct buffer *side, const uint32_t *points,
                       size_t count)
{
    if (count && pieces->same_count)
        end_same(pieces);
    for (size_t i = 0; i < count; i++)
        utf8_append(side, points[i]);
}

/* Length of the longest common subsequence behind each pair of places; row by row. */
static uint16_t *table_of(const struct letters *old, const struct letters *new)
{
    size_t width = new->count + 1;
    uint16_t *table = memory_allocate((old->count + 1) * width, sizeof *table);
    for (size_t i = old->count; i-- > 0;)
        for (size_t j = new->count; j-- > 0;) {
            uint16_t down = table[(i + 1) * width + j], right = table[i * width + j + 1];
            table[i * width + j] = old->points[i] == new->points[j]
                                       ? (uint16_t)(table[(i + 1) * width + j + 1] + 1)
                                       : (down > right ? down : right);
        }
    return table;
}

static void take_middle(struct pieces *pieces, const struct letters *old, const struct letters *new)
{
    size_t i = 0, j = 0, width = new->count + 1;
    AUTO_FREE uint16_t *table = NULL;
    if ((old->count + 1) * width <= CELLS)
        table = table_of(old, new);
    while (table && i < old->count && j < new->count) {
        if (old->points[i] == new->points[j]) {
            take_same(pieces, old->points + i, 1);
            i++, j++;
        } else if (table[(i + 1) * width + j] >= table[i * width + j + 1]) {
            take_other(pieces, &pieces->gone, old->points + i++, 1);
        } else {
            take_other(pieces, &pieces->came, new->points + j++, 1);
        }
    }
    take_other(pieces, &pieces->gone, old->points + i, old->count - i);
    take_other(pieces, &pieces->came, new->points + j, new->count - j);
}

json_t *policy_difference(struct bytes old_text, struct bytes new_text)
{
    struct letters old = letters_of(old_text), new = letters_of(new_text);
    struct pieces pieces = {.list = json_array()};
    size_t least = old.count < new.count ? old.count : new.count, head = 0, tail = 0;
    while (head < least && old.points[head] == new.points[head])
        head++;
    while (tail < least - head &&
           old.points[old.count - 1 - tail] == new.points[new.count - 1 - tail])
        tail++;
    const struct letters middle[] = {{old.points + head, old.count - head - tail},
                                     {new.points + head, new.count - head - tail}};
    take_same(&pieces, old.points, head);
    take_middle(&pieces, &middle[0], &middle[1]);
    take_same(&pieces, old.points + old.count - tail, tail);
    end_same(&pieces);
    put_difference(&pieces);
    buffer_free(&pieces.gone);
    buffer_free(&pieces.came);
    buffer_free(&pieces.same);
    free(old.points);
    free(new.points);
    return pieces.list;
}
