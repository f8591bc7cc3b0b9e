/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requirements → controls. Every control has terms; a term counts by its weight and by where it
 * stands: in the sentence, in the clause's heading, in the headings above. A sentence without any
 * takes the controls of the one it goes on from, or of the list that it heads; else the control
 * whose own words are most like it is proposed, with little confidence.
 */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "policy/catalogue_table.h"
#include "policy/compile.h"
#include "policy/japanese.h"
#include "policy/similarity.h"

/* How much a place counts. */
static const double IN_SENTENCE = 1.0, IN_HEADING = 0.6, IN_HEADING_ABOVE = 0.45;

static const double LEAST_SCORE = 3.0;   /* below it a control is not proposed by its terms */
static const double NEXT_TO_BEST = 0.72; /* share of the best score that a further control needs */
static const double SCORE_SCALE = 5.0;   /* the score at which confidence is 1 - 1/e */
static const double FROM_BEFORE = 0.8; /* confidence kept from the sentence before in the clause */
static const double FROM_BELOW = 0.6; /* … from the first item of the list that a sentence heads */
static const double LEAST_LIKENESS = 0.12; /* for proposals by likeness alone */
static const double LIKENESS_CONFIDENCE = 0.5;

const char *control_how_name(enum control_how how)
{
    static const char *const names[CONTROL_HOW_COUNT] = {"enforced", "checked", "recorded",
                                                         "attested"};
    return names[how];
}

const struct control *catalogue_all(size_t *count)
{
    *count = control_count;
    return control_table;
}

const struct control *catalogue_find(const char *id)
{
    for (size_t i = 0; i < control_count; i++) {
        if (!strcmp(control_table[i].id, id))
            return &control_table[i];
    }
    return NULL;
}

/* Index of the first needle whose first three bytes are not below start. */
static size_t first_needle(uint32_t start)
{
    size_t low = 0, count = needle_count;
    while (count > 0) {
        size_t half = count / 2;
        if (needle_starts[low + half] < start) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return low;
}

/* Raises found[n] to `place` for every needle n that stands in text. */
static void find_needles(const char *words, double place, double *found)
{
    AUTO_BUFFER squeezed = {0};
    japanese_append_squeezed(&squeezed, bytes_of_string(words));
    struct bytes text = buffer_bytes(&squeezed);
    for (size_t at = 0; at + 3 <= text.length; at++) {
        const uint8_t *b = text.data + at;
        if ((b[0] & 0xC0) == 0x80)
            continue;
        uint32_t start = (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
        for (size_t n = first_needle(start); n < needle_count && needle_starts[n] == start; n++) {
            if (found[n] < place &&
                bytes_start_with(bytes_slice(text, at, SIZE_MAX), needle_table[n]))
                found[n] = place;
        }
    }
}

/* Looks for all needles in the sentence of a requirement and in the headings over it. */
static void search(const struct policy *policy, size_t requirement, double *found)
{
    const struct policy_requirement *at = &policy->requirements[requirement];
    memset(found, 0, needle_count * sizeof *found);
    find_needles(policy->sentences[at->sentence].text, IN_SENTENCE, found);
    double place = IN_HEADING;
    for (size_t clause = at->clause; clause != POLICY_NONE;
         clause = policy->clauses[clause].parent) {
        if (*policy->clauses[clause].heading)
            find_needles(policy->clauses[clause].heading, place, found);
        if (clause != at->clause && policy->clauses[clause].depth > 0)
            find_needles(policy->clauses[clause].text, IN_HEADING_ABOVE, found);
        place = IN_HEADING_ABOVE;
    }
}

static double lesser(double a, double b)
{
    return a < b ? a : b;
}

/* The score of every control from the needles found. */
static void score(const double *found, double *scores)
{
    memset(scores, 0, control_count * sizeof *scores);
    for (size_t t = 0; t < term_count; t++) {
        const struct term *term = &term_table[t];
        double place = lesser(found[term->first], found[term->second]);
        if (term->weight < 0)
            scores[term->control] -= place >= IN_SENTENCE ? 1000 : 0;
        else
            scores[term->control] += place * term->weight;
    }
}

static void add_binding(struct policy_requirement *requirement, size_t control, double confidence)
{
    if (requirement->binding_count == POLICY_BINDINGS)
        return;
    requirement->bindings[requirement->binding_count++] = (struct policy_binding){
        .control = control_table[control].id,
        .how = control_how_name(control_table[control].how),
        .confidence = confidence,
    };
}

/* Binds the best control and those nearly as good; false when no term says enough. */
static bool bind_by_terms(struct policy_requirement *requirement, double *scores)
{
    double best = 0;
    for (size_t c = 0; c < control_count; c++)
        best = scores[c] > best ? scores[c] : best;
    if (best < LEAST_SCORE)
        return false;
    while (requirement->binding_count < POLICY_BINDINGS) {
        size_t next = 0;
        for (size_t c = 1; c < control_count; c++)
            next = scores[c] > scores[next] ? c : next;
        if (scores[next] < LEAST_SCORE || scores[next] < best * NEXT_TO_BEST)
            break;
        add_binding(requirement, next, 1 - exp(-scores[next] / SCORE_SCALE));
        scores[next] = 0;
    }
    return true;
}

/* Takes over the bindings of another requirement, with a share of their confidence. */
static void inherit(struct policy_requirement *to, const struct policy_requirement *from,
                    double share)
{
    for (size_t i = 0; i < from->binding_count; i++) {
        to->bindings[i] = from->bindings[i];
        to->bindings[i].confidence *= share;
    }
    to->binding_count = from->binding_count;
}

/* A sentence that goes on from the one before it, or heads a list, is about the same thing. */
static bool bind_by_structure(struct policy *policy, size_t index)
{
    struct policy_requirement *here = &policy->requirements[index];
    const struct policy_requirement *before = index > 0 ? here - 1 : NULL;
    if (before && before->clause == here->clause && before->binding_count) {
        inherit(here, before, FROM_BEFORE);
        return true;
    }
    for (size_t i = index + 1; i < policy->requirement_count; i++) {
        const struct policy_requirement *below = &policy->requirements[i];
        if (policy->clauses[below->clause].parent != here->clause)
            continue;
        if (below->binding_count)
            inherit(here, below, FROM_BELOW);
        return here->binding_count > 0;
    }
    return false;
}

/* The words that mark a control say something of it even where no whole term is met. */
static void add_term_words(struct similarity *similarity, size_t control)
{
    for (size_t t = 0; t < term_count; t++) {
        const struct term *term = &term_table[t];
        if (term->control != control || term->weight < 0)
            continue;
        similarity_add_words(similarity, bytes_of_string(needle_table[term->first]), 1);
        if (term->second != term->first)
            similarity_add_words(similarity, bytes_of_string(needle_table[term->second]), 1);
    }
}

/* A set of texts: first all controls, then the requirements that no term could place. */
static struct similarity *weigh_rest(const struct policy *policy, const size_t *rest, size_t count)
{
    struct similarity *similarity = similarity_new();
    for (size_t c = 0; c < control_count; c++) {
        similarity_add(similarity);
        similarity_add_words(similarity, bytes_of_string(control_table[c].title[LANGUAGE_JA]), 3);
        similarity_add_words(similarity, bytes_of_string(control_table[c].achieves[LANGUAGE_JA]),
                             2);
        add_term_words(similarity, c);
    }
    for (size_t i = 0; i < count; i++) {
        const struct policy_requirement *requirement = &policy->requirements[rest[i]];
        similarity_add(similarity);
        similarity_add_words(similarity,
                             bytes_of_string(policy->sentences[requirement->sentence].text), 2);
        for (size_t clause = requirement->clause; clause != POLICY_NONE;
             clause = policy->clauses[clause].parent)
            similarity_add_words(similarity, bytes_of_string(policy->clauses[clause].heading), 1);
    }
    similarity_weigh(similarity);
    return similarity;
}

static void bind_by_likeness(struct policy *policy, const size_t *rest, size_t count)
{
    struct similarity *similarity = weigh_rest(policy, rest, count);
    for (size_t i = 0; i < count; i++) {
        size_t best = 0;
        double likeness = 0;
        for (size_t c = 0; c < control_count; c++) {
            double now = similarity_of(similarity, control_count + i, c);
            if (now > likeness) {
                likeness = now;
                best = c;
            }
        }
        if (likeness >= LEAST_LIKENESS)
            add_binding(&policy->requirements[rest[i]], best, likeness * LIKENESS_CONFIDENCE);
    }
    similarity_free(similarity);
}

void compile_bindings(struct policy *policy)
{
    double *found = memory_allocate(needle_count, sizeof *found);
    double *scores = memory_allocate(control_count, sizeof *scores);
    size_t *rest = memory_allocate(policy->requirement_count, sizeof *rest), count = 0;
    for (size_t r = 0; r < policy->requirement_count; r++) {
        search(policy, r, found);
        score(found, scores);
        if (!bind_by_terms(&policy->requirements[r], scores))
            rest[count++] = r;
    }
    size_t unlike = 0;
    for (size_t i = 0; i < count; i++) {
        if (!bind_by_structure(policy, rest[i]))
            rest[unlike++] = rest[i];
    }
    if (unlike)
        bind_by_likeness(policy, rest, unlike);
    free(rest);
    free(scores);
    free(found);
}

void catalogue_explain(const struct policy *policy, size_t requirement,
                       const struct control *control, struct buffer *out)
{
    double *found = memory_allocate(needle_count, sizeof *found);
    search(policy, requirement, found);
    size_t start = out->length;
    for (size_t t = 0; t < term_count; t++) {
        const struct term *term = &term_table[t];
        if (&control_table[term->control] != control || term->weight < 0 ||
            found[term->first] <= 0 || found[term->second] <= 0)
            continue;
        buffer_append_string(out, out->length > start ? "、" : "");
        buffer_append_string(out, needle_table[term->first]);
        if (term->second != term->first)
            buffer_append_format(out, "＋%s", needle_table[term->second]);
    }
    free(found);
}
