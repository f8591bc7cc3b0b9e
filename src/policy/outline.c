/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The beam search over readings of a sequence of markers. */
#include "policy/outline.h"

#include <stdlib.h>

#include "base/memory.h"

enum {
    BEAM_WIDTH = 12,
    DEEPEST = 12,
    NO_NODE = -1,
};

/* What a reading costs, in tenths. */
enum {
    COST_CLOSE_LEVEL = 3,        /* per level closed to go on further out */
    COST_NEW_LEVEL = 10,         /* a list begins */
    COST_SAME_KIND_ABOVE = 8,    /* its kind of marker is open further out as well */
    COST_SAME_KIND_AT_ONCE = 60, /* it begins directly under its own kind */
    COST_UNUSUAL_CHILD = 6,      /* the sibling before had another kind of list under it */
    COST_UPSIDE_DOWN = 5,        /* against the usual order of kinds */
    COST_MISPLACED_CHAPTER = 60,
    COST_BEGINS_LATE = 35, /* a list that does not begin at 1 */
    COST_GAP = 60,         /* a number is missing */
    COST_PER_MISSING = 3,
    COST_BACKWARDS = 70, /* a number again, or a smaller one */
    COST_BARE_AND_HEADING = 2,
    COST_BARE_AND_SENTENCE = 10,
    COST_HEADING_AND_SENTENCE = 15,
    MOST_COUNTED = 10,
};

/* One item in one reading. The open levels of a reading are its last node and what `up` leads to.
 */
struct node {
    int up;       /* node of the item above, NO_NODE at the top */
    int previous; /* node of the item before in the same reading */
    unsigned depth;
    unsigned cost;
    unsigned value;   /* in the order that this list counts in */
    unsigned article; /* the last article number: articles count on over chapters */
    bool iroha;
    enum marker_kind kind;
    enum marker_kind sibling_child; /* kind of the list under the sibling before, or MARKER_NONE */
    enum outline_form form;
    uint64_t stack_hash; /* of the kinds and values of all open levels */
};

struct beam {
    struct node *nodes;
    size_t count;
    int states[BEAM_WIDTH];
    size_t state_count;
};

static unsigned form_cost(enum outline_form a, enum outline_form b)
{
    if (a == b)
        return 0;
    if (a != OUTLINE_SENTENCE && b != OUTLINE_SENTENCE)
        return COST_BARE_AND_HEADING;
    return a == OUTLINE_BARE || b == OUTLINE_BARE ? COST_BARE_AND_SENTENCE
                                                  : COST_HEADING_AND_SENTENCE;
}

static unsigned at_most(unsigned value)
{
    return value < MOST_COUNTED ? value : MOST_COUNTED;
}

/* What it costs that `value` follows `last` in one list. */
static unsigned step_cost(unsigned last, unsigned value)
{
    if (value == last + 1)
        return 0;
    return value > last ? COST_GAP + COST_PER_MISSING * at_most(value - last - 1) : COST_BACKWARDS;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15) + (hash >> 29);
}

static uint64_t hash_of_node(const struct beam *beam, int node)
{
    return node == NO_NODE ? 1 : beam->nodes[node].stack_hash;
}

/* The candidates of one step, best BEAM_WIDTH by cost, equal stacks kept once. */
struct candidates {
    struct node items[BEAM_WIDTH];
    size_t count;
};

static void offer(const struct beam *beam, struct candidates *candidates, struct node node)
{
    node.stack_hash =
        mix(mix(hash_of_node(beam, node.up), node.kind * 4u + node.iroha), node.value + 1);
    size_t place = candidates->count;
    for (size_t i = 0; i < candidates->count; i++) {
        if (candidates->items[i].stack_hash == node.stack_hash) {
            if (candidates->items[i].cost > node.cost)
                candidates->items[i] = node;
            return;
        }
    }
    if (candidates->count == BEAM_WIDTH) {
        place = 0;
        for (size_t i = 1; i < BEAM_WIDTH; i++) {
            if (candidates->items[i].cost > candidates->items[place].cost)
                place = i;
        }
        if (candidates->items[place].cost <= node.cost)
            return;
    } else {
        candidates->count++;
    }
    candidates->items[place] = node;
}

/* A new list under `up`. */
static void offer_new_level(const struct beam *beam, struct candidates *candidates, int state,
                            struct node node, unsigned base_cost)
{
    const struct node *top = state == NO_NODE ? NULL : &beam->nodes[state];
    node.up = state;
    node.depth = top ? top->depth + 1 : 0;
    if (node.depth >= DEEPEST)
        return;
    node.cost = base_cost + COST_NEW_LEVEL;
    bool counts_on = node.kind == MARKER_ARTICLE && top && node.value == top->article + 1;
    if (node.value > 1 && !counts_on)
        node.cost += COST_BEGINS_LATE + at_most(node.value);
    if (top && top->kind == node.kind)
        node.cost += COST_SAME_KIND_AT_ONCE;
    else if (top && top->kind > node.kind)
        node.cost += COST_UPSIDE_DOWN;
    if (top && node.kind == MARKER_CHAPTER)
        node.cost += COST_MISPLACED_CHAPTER;
    if (top && top->sibling_child != MARKER_NONE && top->sibling_child != node.kind)
        node.cost += COST_UNUSUAL_CHILD;
    for (int up = top ? top->up : NO_NODE; up != NO_NODE; up = beam->nodes[up].up) {
        if (beam->nodes[up].kind == node.kind) {
            node.cost += COST_SAME_KIND_ABOVE;
            break;
        }
    }
    node.sibling_child = MARKER_NONE;
    offer(beam, candidates, node);
}

/* The next item of a list that is open in this reading, at each level where its kind is open. */
static void offer_open_levels(const struct beam *beam, struct candidates *candidates, int state,
                              struct node node, unsigned base_cost)
{
    unsigned closed = 0;
    enum marker_kind child = MARKER_NONE;
    for (int at = state; at != NO_NODE; at = beam->nodes[at].up) {
        const struct node *sibling = &beam->nodes[at];
        bool counts_alike =
            sibling->kind == node.kind && (sibling->iroha == node.iroha || sibling->value == 1);
        if (counts_alike) {
            node.up = sibling->up;
            node.depth = sibling->depth;
            node.sibling_child = child != MARKER_NONE ? child : sibling->sibling_child;
            node.cost = base_cost + closed * COST_CLOSE_LEVEL + form_cost(sibling->form, node.form);
            if (node.kind != MARKER_DOT)
                node.cost += step_cost(sibling->value, node.value);
            offer(beam, candidates, node);
        }
        child = sibling->kind;
        closed++;
    }
}

/* A last resort that always fits: a sibling of whatever came last. */
static void offer_anything(const struct beam *beam, struct candidates *candidates, int state,
                           struct node node, unsigned base_cost)
{
    const struct node *top = state == NO_NODE ? NULL : &beam->nodes[state];
    node.up = top ? top->up : NO_NODE;
    node.depth = top ? top->depth : 0;
    node.cost = base_cost + 2 * COST_BACKWARDS;
    offer(beam, candidates, node);
}

static void extend(const struct beam *beam, struct candidates *candidates, int state,
                   const struct outline_item *item)
{
    const struct node *top = state == NO_NODE ? NULL : &beam->nodes[state];
    unsigned cost = top ? top->cost : 0;
    struct node node = {
        .previous = state,
        .value = item->marker->value,
        .kind = item->marker->kind,
        .form = item->form,
        .article = top ? top->article : 0,
    };
    if (node.kind == MARKER_CLOSING) {
        node.up = NO_NODE;
        node.depth = 0;
        node.cost = cost;
        offer(beam, candidates, node);
        return;
    }
    if (node.kind == MARKER_ARTICLE)
        node.article = node.value;
    for (int iroha = 0; iroha <= (item->marker->iroha_value > 0); iroha++) {
        node.iroha = iroha;
        node.value = iroha ? item->marker->iroha_value : item->marker->value;
        offer_open_levels(beam, candidates, state, node, cost);
        offer_new_level(beam, candidates, state, node, cost);
    }
    if (top && top->depth + 1 >= DEEPEST)
        offer_anything(beam, candidates, state, node, cost);
}

static void step(struct beam *beam, const struct outline_item *item)
{
    struct candidates candidates = {.count = 0};
    if (!beam->state_count)
        extend(beam, &candidates, NO_NODE, item);
    for (size_t i = 0; i < beam->state_count; i++)
        extend(beam, &candidates, beam->states[i], item);
    beam->state_count = candidates.count;
    for (size_t i = 0; i < candidates.count; i++) {
        beam->states[i] = (int)beam->count;
        beam->nodes[beam->count++] = candidates.items[i];
    }
}

static int cheapest(const struct beam *beam)
{
    int best = NO_NODE;
    for (size_t i = 0; i < beam->state_count; i++) {
        if (best == NO_NODE || beam->nodes[beam->states[i]].cost < beam->nodes[best].cost)
            best = beam->states[i];
    }
    return best;
}

void outline_solve(const struct outline_item *items, size_t count, size_t *parents)
{
    if (!count)
        return;
    struct beam beam = {.nodes = memory_allocate(count * BEAM_WIDTH, sizeof *beam.nodes)};
    for (size_t i = 0; i < count; i++)
        step(&beam, &items[i]);
    int *chosen = memory_allocate(count, sizeof *chosen);
    size_t *index_of_node = memory_allocate(beam.count, sizeof *index_of_node);
    int node = cheapest(&beam);
    for (size_t i = count; i-- > 0; node = beam.nodes[node].previous) {
        chosen[i] = node;
        index_of_node[node] = i;
    }
    for (size_t i = 0; i < count; i++) {
        int up = beam.nodes[chosen[i]].up;
        parents[i] = up == NO_NODE ? OUTLINE_TOP : index_of_node[up];
    }
    free(index_of_node);
    free(chosen);
    free(beam.nodes);
}
