/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Aligning the clauses of several policies by likeness. */
#include "policy/compare.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "policy/japanese.h"
#include "policy/model.h"
#include "policy/similarity.h"

/* Clauses less alike than this are about different things; threats are named in few words, so that
 * less has to do. */
static const double ALIKE = 0.34, THREATS_ALIKE = 0.2;

enum {
    HEADING_WEIGHT = 3, /* the clause's own heading counts so much more than its text */
    LONGEST_TOPIC = 60, /* bytes of text shown where there is no heading */
};

const char *policy_agreement_name(enum policy_agreement agreement)
{
    static const char *const names[POLICY_AGREEMENT_COUNT] = {"same", "changed", "missing"};
    return names[agreement];
}

/* What a clause is for: a definition never answers a duty. */
enum clause_use { USE_DEFINES, USE_NAMES_THREAT, USE_RULES };

/* One clause of one policy. */
struct unit {
    enum clause_use use;
    const struct policy_requirement *duties; /* the first of the clause's */
    size_t duty_count;
    size_t policy;
    size_t clause;
    size_t document; /* in the similarity */
    size_t row;      /* SIZE_MAX until it has one */
};

struct units {
    struct unit *items;
    size_t count;
};

/* The text of a clause with the body's own name taken out, so that two bodies can say the same. */
static void append_neutral(struct buffer *out, const struct policy *policy, const char *text)
{
    AUTO_BUFFER squeezed = {0};
    japanese_append_squeezed(&squeezed, bytes_of_string(text));
    struct bytes rest = buffer_bytes(&squeezed);
    size_t name = strlen(policy->organization);
    for (size_t at; name && (at = bytes_find(rest, 0, policy->organization)) != SIZE_MAX;) {
        buffer_append_bytes(out, bytes_slice(rest, 0, at));
        rest = bytes_slice(rest, at + name, SIZE_MAX);
    }
    buffer_append_bytes(out, rest);
}

static void add_words(struct similarity *similarity, const struct policy *policy, const char *text,
                      unsigned weight)
{
    AUTO_BUFFER words = {0};
    append_neutral(&words, policy, text);
    similarity_add_words(similarity, buffer_bytes(&words), weight);
}

static bool stands_under(const struct policy *policy, size_t clause, const char *heading)
{
    for (; clause != POLICY_NONE; clause = policy->clauses[clause].parent) {
        if (strstr(policy->clauses[clause].heading, heading))
            return true;
    }
    return false;
}

static enum clause_use use_of(const struct policy *policy, size_t clause)
{
    if (stands_under(policy, clause, "定義") || stands_under(policy, clause, "用語"))
        return USE_DEFINES;
    return stands_under(policy, clause, "脅威") ? USE_NAMES_THREAT : USE_RULES;
}

/* Requirements stand in the order of their clauses. */
static void find_duties(const struct policy *policy, struct unit *unit, size_t *next)
{
    while (*next < policy->requirement_count && policy->requirements[*next].clause < unit->clause)
        ++*next;
    unit->duties = policy->requirement_count ? policy->requirements + *next : NULL;
    while (*next < policy->requirement_count &&
           policy->requirements[*next].clause == unit->clause) {
        unit->duty_count++;
        ++*next;
    }
}

static void collect_units(const struct policy *const *policies, size_t count, struct units *units,
                          struct similarity *similarity)
{
    for (size_t p = 0; p < count; p++) {
        size_t next_duty = 0;
        for (size_t c = 0; c < policies[p]->clause_count; c++) {
            const struct policy_clause *clause = &policies[p]->clauses[c];
            if (!*clause->text)
                continue;
            if ((units->count & (units->count - 1)) == 0)
                units->items = memory_resize(units->items, units->count ? units->count * 2 : 1,
                                             sizeof *units->items);
            size_t document = similarity_add(similarity);
            struct unit *unit = &units->items[units->count++];
            *unit = (struct unit){.use = use_of(policies[p], c),
                                  .policy = p,
                                  .clause = c,
                                  .document = document,
                                  .row = SIZE_MAX};
            find_duties(policies[p], unit, &next_duty);
            add_words(similarity, policies[p], clause->heading, HEADING_WEIGHT);
            add_words(similarity, policies[p], clause->text, 1);
            if (clause->parent != POLICY_NONE)
                add_words(similarity, policies[p], policies[p]->clauses[clause->parent].heading, 1);
        }
    }
    similarity_weigh(similarity);
}

/* A possible pairing of a clause with a row. */
struct candidate {
    size_t unit;
    size_t row;
    double likeness;
};

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *left = a, *right = b;
    if (left->likeness != right->likeness)
        return left->likeness > right->likeness ? -1 : 1;
    if (left->unit != right->unit)
        return left->unit < right->unit ? -1 : 1;
    return (left->row > right->row) - (left->row < right->row);
}

static size_t add_row(struct policy_comparison *comparison, size_t count)
{
    if ((comparison->row_count & (comparison->row_count - 1)) == 0)
        comparison->rows =
            memory_resize(comparison->rows, comparison->row_count ? comparison->row_count * 2 : 1,
                          sizeof *comparison->rows);
    struct policy_row *row = &comparison->rows[comparison->row_count];
    *row = (struct policy_row){
        .clauses = memory_allocate(count, sizeof *row->clauses),
        .agreement = memory_allocate(count, sizeof *row->agreement),
        .likeness = memory_allocate(count, sizeof *row->likeness),
    };
    for (size_t p = 0; p < count; p++) {
        row->clauses[p] = POLICY_NONE;
        row->agreement[p] = POLICY_MISSING;
    }
    return comparison->row_count++;
}

/* Equal headings, and duties that one control meets, bring two clauses nearer by these shares of
 * what lies between them. */
static const double SAME_HEADING = 0.3, SAME_CONTROL = 0.25;

static bool binds_to(const struct policy_requirement *duty, const char *control)
{
    for (size_t i = 0; i < duty->binding_count; i++) {
        if (duty->bindings[i].control == control)
            return true;
    }
    return false;
}

/* True when the control that meets a duty of one best meets a duty of the other too. */
static bool share_a_control(const struct unit *a, const struct unit *b)
{
    for (size_t i = 0; i < a->duty_count; i++) {
        for (size_t j = 0; a->duties[i].binding_count && j < b->duty_count; j++) {
            if (binds_to(&b->duties[j], a->duties[i].bindings[0].control))
                return true;
        }
    }
    return false;
}

static double likeness_of(const struct policy *const *policies, struct similarity *similarity,
                          const struct unit *a, const struct unit *b)
{
    if (a->use != b->use)
        return 0;
    double likeness = similarity_of(similarity, a->document, b->document);
    const char *left = policies[a->policy]->clauses[a->clause].heading;
    const char *right = policies[b->policy]->clauses[b->clause].heading;
    if (*left && !strcmp(left, right))
        likeness += (1 - likeness) * SAME_HEADING;
    if (share_a_control(a, b))
        likeness += (1 - likeness) * SAME_CONTROL;
    return likeness;
}

/* The unit that stands for a row: the first one put into it. */
struct leaders {
    size_t *items; /* by row */
    size_t count;
};

static void put(struct policy_comparison *comparison, struct units *units, struct leaders *leaders,
                size_t unit, size_t row, double likeness)
{
    struct unit *item = &units->items[unit];
    if (row == leaders->count) {
        if ((leaders->count & (leaders->count - 1)) == 0)
            leaders->items = memory_resize(leaders->items, leaders->count ? leaders->count * 2 : 1,
                                           sizeof *leaders->items);
        leaders->items[leaders->count++] = unit;
    }
    item->row = row;
    comparison->rows[row].clauses[item->policy] = item->clause;
    comparison->rows[row].likeness[item->policy] = likeness;
}

int policy_can_compare(const struct policy *const *policies, size_t count, struct error *error)
{
    for (size_t p = 0; p < count; p++) {
        if (policies[p]->clause_count > POLICY_COMPARED_CLAUSES)
            return error_set(error, "policy_too_many_clauses", policies[p]->title, "%d",
                             POLICY_COMPARED_CLAUSES);
    }
    return 0;
}

/* Pairs the clauses of policy p with the rows that there are, most alike first; the rest get rows
 * of their own. */
static void align(const struct policy *const *policies, struct policy_comparison *comparison,
                  struct units *units, struct leaders *leaders, struct similarity *similarity,
                  size_t p)
{
    struct candidate *candidates = NULL;
    size_t count = 0;
    bool aligned = policies[p]->clause_count <= POLICY_COMPARED_CLAUSES;
    for (size_t u = 0; aligned && u < units->count; u++) {
        if (units->items[u].policy != p)
            continue;
        for (size_t row = 0; row < leaders->count; row++) {
            double likeness = likeness_of(policies, similarity, &units->items[u],
                                          &units->items[leaders->items[row]]);
            bool threat = units->items[u].use == USE_NAMES_THREAT;
            if (likeness < (threat ? THREATS_ALIKE : ALIKE))
                continue;
            if ((count & (count - 1)) == 0)
                candidates = memory_resize(candidates, count ? count * 2 : 1, sizeof *candidates);
            candidates[count++] = (struct candidate){u, row, likeness};
        }
    }
    if (count)
        qsort(candidates, count, sizeof *candidates, compare_candidates);
    for (size_t i = 0; i < count; i++) {
        bool free_row = comparison->rows[candidates[i].row].clauses[p] == POLICY_NONE;
        if (free_row && units->items[candidates[i].unit].row == SIZE_MAX)
            put(comparison, units, leaders, candidates[i].unit, candidates[i].row,
                candidates[i].likeness);
    }
    free(candidates);
    for (size_t u = 0; u < units->count; u++) {
        if (units->items[u].policy == p && units->items[u].row == SIZE_MAX)
            put(comparison, units, leaders, u, add_row(comparison, comparison->policy_count), 1);
    }
}

/* Where a policy has no clause of its own for a row, but one that a control of the row's duty
 * meets too, that one answers it: a body that says three things in one clause lacks none of them.
 */
static void answer_elsewhere(struct policy_comparison *comparison, const struct units *units,
                             const struct leaders *leaders)
{
    bool bounded = units->count <= POLICY_COMPARED_CLAUSES * comparison->policy_count;
    for (size_t u = 0; bounded && u < units->count; u++) {
        const struct unit *unit = &units->items[u];
        for (size_t r = 0; unit->duty_count && r < comparison->row_count; r++) {
            struct policy_row *row = &comparison->rows[r];
            const struct unit *leader = &units->items[leaders->items[r]];
            if (row->clauses[unit->policy] == POLICY_NONE && leader->use == unit->use &&
                share_a_control(leader, unit))
                row->clauses[unit->policy] = unit->clause;
        }
    }
}

static void judge(const struct policy *const *policies, struct policy_comparison *comparison,
                  const struct units *units, const struct leaders *leaders)
{
    for (size_t r = 0; r < comparison->row_count; r++) {
        struct policy_row *row = &comparison->rows[r];
        const struct unit *leader = &units->items[leaders->items[r]];
        AUTO_BUFFER first = {0};
        append_neutral(&first, policies[leader->policy],
                       policies[leader->policy]->clauses[leader->clause].text);
        for (size_t p = 0; p < comparison->policy_count; p++) {
            if (row->clauses[p] == POLICY_NONE)
                continue;
            AUTO_BUFFER text = {0};
            append_neutral(&text, policies[p], policies[p]->clauses[row->clauses[p]].text);
            bool same = bytes_equal(buffer_bytes(&first), buffer_bytes(&text));
            row->agreement[p] = same ? POLICY_SAME : POLICY_CHANGED;
        }
    }
}

/* What a row is about: the heading of its first clause or of the one above it, else its first
 * words. */
static char *topic_of(const struct policy *policy, size_t clause)
{
    const struct policy_clause *at = &policy->clauses[clause];
    if (*at->heading)
        return model_copy(bytes_of_string(at->heading));
    size_t end = 0;
    while (at->text[end] && at->text[end] != '\n' && end < LONGEST_TOPIC)
        end++;
    while (end > 0 && ((unsigned char)at->text[end] & 0xC0) == 0x80)
        end--;
    return model_copy((struct bytes){(const uint8_t *)at->text, end});
}

/* Where a row belongs in the reading order: behind the clause of the first policy that it follows.
 */
struct order {
    size_t row;
    size_t policy;
    size_t clause;
};

static int compare_order(const void *a, const void *b)
{
    const struct order *left = a, *right = b;
    if (left->policy != right->policy)
        return left->policy < right->policy ? -1 : 1;
    return (left->clause > right->clause) - (left->clause < right->clause);
}

/* Rows in the order of the first policy that has them, policy by policy. */
static void sort_rows(struct policy_comparison *comparison, const struct units *units,
                      const struct leaders *leaders)
{
    struct order *order = memory_allocate(comparison->row_count, sizeof *order);
    for (size_t r = 0; r < comparison->row_count; r++) {
        const struct unit *leader = &units->items[leaders->items[r]];
        order[r] = (struct order){r, leader->policy, leader->clause};
    }
    qsort(order, comparison->row_count, sizeof *order, compare_order);
    struct policy_row *sorted = memory_allocate(comparison->row_count, sizeof *sorted);
    for (size_t r = 0; r < comparison->row_count; r++)
        sorted[r] = comparison->rows[order[r].row];
    free(comparison->rows);
    comparison->rows = sorted;
    free(order);
}

void policy_compare(const struct policy *const *policies, size_t count,
                    struct policy_comparison *comparison)
{
    *comparison = (struct policy_comparison){.policy_count = count};
    struct similarity *similarity = similarity_new();
    struct units units = {0};
    struct leaders leaders = {0};
    collect_units(policies, count, &units, similarity);
    for (size_t p = 0; p < count; p++)
        align(policies, comparison, &units, &leaders, similarity, p);
    answer_elsewhere(comparison, &units, &leaders);
    judge(policies, comparison, &units, &leaders);
    for (size_t r = 0; r < comparison->row_count; r++) {
        const struct unit *leader = &units.items[leaders.items[r]];
        comparison->rows[r].topic = topic_of(policies[leader->policy], leader->clause);
    }
    sort_rows(comparison, &units, &leaders);
    free(leaders.items);
    free(units.items);
    similarity_free(similarity);
}

static void write_row(struct json_writer *json, const struct policy *const *policies,
                      const struct policy_comparison *comparison, const struct policy_row *row)
{
    json_begin_object(json);
    json_member_string(json, "topic", row->topic);
    json_key(json, "clauses");
    json_begin_array(json);
    for (size_t p = 0; p < comparison->policy_count; p++)
        json_text(json,
                  row->clauses[p] == POLICY_NONE ? NULL : policies[p]->clauses[row->clauses[p]].id);
    json_end_array(json);
    json_key(json, "agreement");
    json_begin_array(json);
    for (size_t p = 0; p < comparison->policy_count; p++)
        json_text(json, policy_agreement_name(row->agreement[p]));
    json_end_array(json);
    json_key(json, "likeness");
    json_begin_array(json);
    for (size_t p = 0; p < comparison->policy_count; p++) {
        char number[16];
        snprintf(number, sizeof number, "%.2f", row->likeness[p]);
        json_number(json, number);
    }
    json_end_array(json);
    json_end_object(json);
}

void policy_comparison_write_json(const struct policy *const *policies,
                                  const struct policy_comparison *comparison, struct buffer *out)
{
    struct json_writer json = json_writer_open(out);
    json_begin_object(&json);
    json_key(&json, "policies");
    json_begin_array(&json);
    for (size_t p = 0; p < comparison->policy_count; p++)
        json_text(&json, policies[p]->organization);
    json_end_array(&json);
    json_key(&json, "rows");
    json_begin_array(&json);
    for (size_t r = 0; r < comparison->row_count; r++)
        write_row(&json, policies, comparison, &comparison->rows[r]);
    json_end_array(&json);
    json_end_object(&json);
}

void policy_comparison_free(struct policy_comparison *comparison)
{
    for (size_t r = 0; r < comparison->row_count; r++) {
        free(comparison->rows[r].topic);
        free(comparison->rows[r].clauses);
        free(comparison->rows[r].agreement);
        free(comparison->rows[r].likeness);
    }
    free(comparison->rows);
    *comparison = (struct policy_comparison){0};
}
