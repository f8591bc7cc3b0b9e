/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences that name zones and passage → what may cross from which zone into which. */
#include "policy/compile.h"
#include "policy/japanese.h"
#include "policy/model.h"
#include "policy/words.h"

enum { MOST_ENDS = 4 }; /* zones that one sentence speaks of */

/* The zones that a sentence speaks of, in its order. */
struct ends {
    const char *ids[MOST_ENDS];
    size_t at[MOST_ENDS]; /* where each name ends in the squeezed sentence, 0 from elsewhere */
    size_t count;
};

const char *policy_crossing_rule_name(enum policy_crossing_rule rule)
{
    static const char *const names[POLICY_CROSSING_COUNT] = {"forbidden", "media_only", "disarmed",
                                                             "limited", "monitored"};
    return names[rule];
}

static void add_end(struct ends *ends, const char *id, size_t at)
{
    size_t place = ends->count;
    for (size_t i = 0; i < ends->count; i++) {
        if (!strcmp(ends->ids[i], id))
            return;
    }
    if (ends->count == MOST_ENDS)
        return;
    for (; place > 0 && at && ends->at[place - 1] > at; place--) {
        ends->ids[place] = ends->ids[place - 1];
        ends->at[place] = ends->at[place - 1];
    }
    ends->ids[place] = id;
    ends->at[place] = at;
    ends->count++;
}

/* Adds the zones of the policy that text names. */
static void add_named_zones(const struct policy *policy, struct bytes text, bool here,
                            struct ends *ends)
{
    for (size_t z = 0; z < policy->zone_count; z++) {
        size_t at = bytes_find(text, 0, policy->zones[z].name);
        if (at != SIZE_MAX)
            add_end(ends, policy->zones[z].id, here ? at + strlen(policy->zones[z].name) : 0);
    }
}

/* Adds what lies outside the zones: 他の領域, 外部. */
static void add_named_others(struct bytes text, struct ends *ends)
{
    size_t at = 0;
    for (const struct word *word; (word = words_find("crossing_end", text, at, &at));) {
        at += strlen(word->text);
        add_end(ends, word->value, at);
    }
}

static void add_from_text(const struct policy *policy, const char *words, struct ends *ends)
{
    AUTO_BUFFER squeezed = {0};
    japanese_append_squeezed(&squeezed, bytes_of_string(words));
    add_named_zones(policy, buffer_bytes(&squeezed), false, ends);
}

/* A sentence that names fewer than two takes the rest from its heading, the sentence before it in
 * the clause, the heading above. */
static void add_from_context(const struct policy *policy, size_t sentence, struct ends *ends)
{
    size_t clause = policy->sentences[sentence].clause, above = policy->clauses[clause].parent;
    if (ends->count < 2)
        add_from_text(policy, policy->clauses[clause].heading, ends);
    if (ends->count < 2 && sentence > 0 && policy->sentences[sentence - 1].clause == clause)
        add_from_text(policy, policy->sentences[sentence - 1].text, ends);
    if (ends->count < 2 && above != POLICY_NONE)
        add_from_text(policy, policy->clauses[above].heading, ends);
}

/* The strictest rule whose words stand in the sentence; false when none does. */
static bool read_rule(struct bytes text, enum policy_crossing_rule *rule)
{
    bool found = false;
    size_t at = 0;
    for (const struct word *word; (word = words_find("crossing", text, at, &at));) {
        at += strlen(word->text);
        for (int r = 0; r < POLICY_CROSSING_COUNT; r++) {
            if (strcmp(word->value, policy_crossing_rule_name(r)) != 0 ||
                (found && r >= (int)*rule))
                continue;
            *rule = r;
            found = true;
        }
    }
    return found;
}

static void read_methods(struct bytes text, struct policy_names *methods)
{
    size_t at = 0;
    for (const struct word *word; (word = words_find("crossing_method", text, at, &at));) {
        at += strlen(word->text);
        names_add(methods, bytes_of_string(word->value));
    }
}

/* The zone that something is taken into (…に取り込む, …へ, the other of …から), or the count of
 * ends.
 */
static size_t find_goal(struct bytes text, const struct ends *ends)
{
    bool takes_in = bytes_find(text, 0, "取り込") != SIZE_MAX;
    for (size_t i = 0; i < ends->count; i++) {
        struct bytes behind = bytes_slice(text, ends->at[i], SIZE_MAX);
        if (ends->at[i] && ((takes_in && bytes_start_with(behind, "に")) ||
                            bytes_start_with(behind, "へ") || bytes_start_with(behind, "の端末へ")))
            return i;
        if (ends->at[i] && takes_in && ends->count == 2 && bytes_start_with(behind, "から"))
            return 1 - i;
    }
    return ends->count;
}

/* One passage of a sentence before it is kept. */
struct passage {
    size_t sentence;
    enum policy_crossing_rule rule;
    struct bytes text; /* squeezed */
};

static void add_crossing(struct policy *policy, const struct passage *passage, const char *from,
                         const char *to, bool both_ways)
{
    struct policy_crossing *crossing = model_add_crossing(policy);
    crossing->from = model_copy(bytes_of_string(from));
    crossing->to = model_copy(bytes_of_string(to));
    crossing->both_ways = both_ways;
    crossing->rule = passage->rule;
    crossing->clause = policy->sentences[passage->sentence].clause;
    crossing->sentence = passage->sentence;
    read_methods(passage->text, &crossing->methods);
}

static void add_crossings(struct policy *policy, const struct passage *passage,
                          const struct ends *ends)
{
    size_t goal = find_goal(passage->text, ends);
    if (ends->count == 1) {
        const char *other = passage->rule == POLICY_CROSSING_MONITORED ? "external" : "*";
        if (goal == 0)
            add_crossing(policy, passage, other, ends->ids[0], false);
        else if (passage->rule != POLICY_CROSSING_LIMITED)
            add_crossing(policy, passage, ends->ids[0], other, true);
        return;
    }
    for (size_t a = 0; a < ends->count; a++) {
        if (goal < ends->count) {
            if (a != goal)
                add_crossing(policy, passage, ends->ids[a], ends->ids[goal], false);
            continue;
        }
        for (size_t b = a + 1; b < ends->count; b++)
            add_crossing(policy, passage, ends->ids[a], ends->ids[b], true);
    }
}

/* True when the clause only says what a term means. */
static bool is_definition(const struct policy *policy, size_t clause)
{
    for (size_t i = 0; i < policy->definition_count && policy->definitions[i].clause <= clause;
         i++) {
        if (policy->definitions[i].clause == clause)
            return true;
    }
    return false;
}

static void read_sentence(struct policy *policy, size_t sentence)
{
    AUTO_BUFFER squeezed = {0};
    japanese_append_squeezed(&squeezed, bytes_of_string(policy->sentences[sentence].text));
    struct passage passage = {.sentence = sentence, .text = buffer_bytes(&squeezed)};
    if (!read_rule(passage.text, &passage.rule) ||
        is_definition(policy, policy->sentences[sentence].clause))
        return;
    struct ends ends = {0};
    add_named_zones(policy, passage.text, true, &ends);
    size_t named = ends.count;
    if (named < 2 && passage.rule != POLICY_CROSSING_MONITORED)
        add_named_others(passage.text, &ends);
    size_t others = ends.count - named;
    bool passes = bytes_find(passage.text, 0, "通信") != SIZE_MAX ||
                  bytes_find(passage.text, 0, "取り込") != SIZE_MAX ||
                  bytes_find(passage.text, 0, "移送") != SIZE_MAX || named >= 2;
    if (!named && others < 2 && !passes)
        return;
    if (!others && passes && passage.rule != POLICY_CROSSING_MONITORED)
        add_from_context(policy, sentence, &ends);
    if (named || ends.count >= 2)
        add_crossings(policy, &passage, &ends);
}

void compile_crossings(struct policy *policy)
{
    for (size_t i = 0; policy->zone_count && i < policy->sentence_count; i++)
        read_sentence(policy, i);
}
