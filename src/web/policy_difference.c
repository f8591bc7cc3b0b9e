/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The longest common subsequence of two texts, by characters; numbers and Latin words are whole. */
#include "web/policy_difference.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/utf8.h"

enum {
    CELLS = 1 << 20, /* of the table, at most */
    LEAST_SAME = 2,  /* a shorter run between differences counts as different: easier to read */
};

/* A text as tokens: token i is the bytes from starts[i] to starts[i + 1]. */
struct tokens {
    struct bytes text;
    size_t *starts;
    size_t count;
};

static bool is_part_of_word(uint32_t point)
{
    return (point >= '0' && point <= '9') || (point | 0x20) - 'a' < 26 ||
           (point >= 0xff10 && point <= 0xff19);
}

static struct tokens tokens_of(struct bytes text)
{
    struct tokens tokens = {text, memory_allocate(text.length + 1, sizeof(size_t)), 0};
    bool in_word = false;
    for (size_t at = 0; at < text.length;) {
        size_t start = at;
        bool word = is_part_of_word(utf8_take(text, &at));
        if (!word || !in_word)
            tokens.starts[tokens.count++] = start;
        in_word = word;
    }
    tokens.starts[tokens.count] = text.length;
    return tokens;
}

static struct bytes token(const struct tokens *tokens, size_t index, size_t count)
{
    return bytes_slice(tokens->text, tokens->starts[index],
                       tokens->starts[index + count] - tokens->starts[index]);
}

static bool alike(const struct tokens *old, size_t i, const struct tokens *new, size_t j)
{
    return bytes_equal(token(old, i, 1), token(new, j, 1));
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

static void take_same(struct pieces *pieces, const struct tokens *tokens, size_t first,
                      size_t count)
{
    buffer_append_bytes(&pieces->same, token(tokens, first, count));
    pieces->same_count += count;
}

static void take_other(struct pieces *pieces, struct buffer *side, const struct tokens *tokens,
                       size_t first, size_t count)
{
    if (count && pieces->same_count)
        end_same(pieces);
    buffer_append_bytes(side, token(tokens, first, count));
}

/* The tokens of both texts that stand between what both begin and end with. */
struct middle {
    const struct tokens *old, *new;
    size_t head, old_end, new_end;
};

/* Length of the longest common subsequence behind each pair of places; row by row. */
static uint16_t *table_of(const struct middle *middle, size_t width)
{
    size_t rows = middle->old_end - middle->head, columns = width - 1;
    uint16_t *table = memory_allocate((rows + 1) * width, sizeof *table);
    for (size_t i = rows; i-- > 0;)
        for (size_t j = columns; j-- > 0;) {
            uint16_t down = table[(i + 1) * width + j], right = table[i * width + j + 1];
            table[i * width + j] =
                alike(middle->old, middle->head + i, middle->new, middle->head + j)
                    ? (uint16_t)(table[(i + 1) * width + j + 1] + 1)
                    : (down > right ? down : right);
        }
    return table;
}

static void take_middle(struct pieces *pieces, const struct middle *middle)
{
    size_t i = middle->head, j = i, width = middle->new_end - middle->head + 1;
    AUTO_FREE uint16_t *table = NULL;
    if ((middle->old_end - middle->head + 1) * width <= CELLS)
        table = table_of(middle, width);
    while (table && i < middle->old_end && j < middle->new_end) {
        const uint16_t *cell = table + (i - middle->head) * width + (j - middle->head);
        if (alike(middle->old, i, middle->new, j)) {
            take_same(pieces, middle->old, i, 1);
            i++, j++;
        } else if (cell[width] >= cell[1]) {
            take_other(pieces, &pieces->gone, middle->old, i++, 1);
        } else {
            take_other(pieces, &pieces->came, middle->new, j++, 1);
        }
    }
    take_other(pieces, &pieces->gone, middle->old, i, middle->old_end - i);
    take_other(pieces, &pieces->came, middle->new, j, middle->new_end - j);
}

json_t *policy_difference(struct bytes old_text, struct bytes new_text)
{
    struct tokens old = tokens_of(old_text), new = tokens_of(new_text);
    struct pieces pieces = {.list = json_array()};
    size_t least = old.count < new.count ? old.count : new.count, head = 0, tail = 0;
    while (head < least && alike(&old, head, &new, head))
        head++;
    while (tail < least - head && alike(&old, old.count - 1 - tail, &new, new.count - 1 - tail))
        tail++;
    const struct middle middle = {&old, &new, head, old.count - tail, new.count - tail};
    take_same(&pieces, &old, 0, head);
    take_middle(&pieces, &middle);
    take_same(&pieces, &old, old.count - tail, tail);
    end_same(&pieces);
    put_difference(&pieces);
    buffer_free(&pieces.gone);
    buffer_free(&pieces.came);
    buffer_free(&pieces.same);
    free(old.starts);
    free(new.starts);
    return pieces.list;
}
