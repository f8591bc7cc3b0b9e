/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requirements → controls, by the words of the catalogue (evidence.c). A sentence without any takes
 * the controls of the one it goes on from, or of the list that it heads; else the control whose own
 * words are most like it is proposed, with little confidence.
 */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "policy/compile.h"
#include "policy/evidence.h"
#include "policy/similarity.h"

static const double LEAST_SCORE = 3.0;   /* below it a control is not proposed by its terms */
static const double NEXT_TO_BEST = 0.74; /* share of the best score that a further control needs */
static const double SCORE_SCALE = 6.0;   /* the score at which confidence is 1 - 1/e */
static const double FROM_BEFORE = 0.8; /* confidence kept from the sentence before in the clause */
static const double FROM_BELOW = 0.6; /* … from the first item of the list that a sentence heads */
static const double LIKENESS_WEIGHT = 10;  /* of likeness beside the score by terms */
static const int LEAST_WEIGHT_BESIDE = 5;  /* of the term that asks for a further control */
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

/* True when the sentence asks for a control beside all those that are bound already. */
static bool is_asked_beside(const struct evidence *evidence, const size_t *bound, size_t count,
                            size_t control)
{
    if (count && (term_table[evidence->strongest[control]].weight < LEAST_WEIGHT_BESIDE ||
                  !evidence_is_asked(evidence, control)))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!evidence_is_apart(evidence, bound[i], control))
            return false;
    }
    return true;
}

/* Binds the best control and those nearly as good that other words of the sentence ask for; false
 * when no term says enough. */
static bool bind_by_terms(struct policy_requirement *requirement, struct evidence *evidence)
{
    double best = 0, *scores = evidence->scores;
    size_t bound[POLICY_BINDINGS], count = 0;
    while (count < POLICY_BINDINGS) {
        size_t next = 0;
        for (size_t c = 1; c < control_count; c++)
            next = scores[c] > scores[next] ? c : next;
        double score = scores[next];
        if (score < LEAST_SCORE || score < best * NEXT_TO_BEST)
            break;
        scores[next] = 0;
        if (!is_asked_beside(evidence, bound, count, next))
            continue;
        best = score > best ? score : best;
        add_binding(requirement, next, 1 - exp(-score / SCORE_SCALE));
        bound[count++] = next;
    }
    return count > 0;
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

/* A set of texts: first all controls, then all requirements with the headings over them. */
static struct similarity *weigh_texts(const struct policy *policy)
{
    struct similarity *similarity = similarity_new();
    for (size_t c = 0; c < control_count; c++) {
        similarity_add(similarity);
        similarity_add_words(similarity, bytes_of_string(control_table[c].title[LANGUAGE_JA]), 3);
        similarity_add_words(similarity, bytes_of_string(control_table[c].achieves[LANGUAGE_JA]),
                             2);
        add_term_words(similarity, c);
    }
    for (size_t r = 0; r < policy->requirement_count; r++) {
        const struct policy_requirement *requirement = &policy->requirements[r];
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

/* Among controls whose words were found, the one that the whole text is most like gains most. */
static void add_likeness(struct evidence *evidence, struct similarity *similarity,
                         size_t requirement)
{
    for (size_t c = 0; c < control_count; c++) {
        if (evidence->scores[c] >= LEAST_SCORE)
            evidence->scores[c] +=
                LIKENESS_WEIGHT * similarity_of(similarity, control_count + requirement, c);
    }
}

static void bind_by_likeness(struct policy *policy, struct similarity *similarity,
                             size_t requirement)
{
    size_t best = 0;
    double likeness = 0;
    for (size_t c = 0; c < control_count; c++) {
        double now = similarity_of(similarity, control_count + requirement, c);
        if (now > likeness) {
            likeness = now;
            best = c;
        }
    }
    if (likeness >= LEAST_LIKENESS)
        add_binding(&policy->requirements[requirement], best, likeness * LIKENESS_CONFIDENCE);
}

void compile_bindings(struct policy *policy)
{
    struct evidence evidence = evidence_new();
    struct similarity *similarity = weigh_texts(policy);
    size_t *rest = memory_allocate(policy->requirement_count, sizeof *rest), count = 0;
    for (size_t r = 0; r < policy->requirement_count; r++) {
        evidence_search(&evidence, policy, r);
        evidence_score(&evidence);
        add_likeness(&evidence, similarity, r);
        if (!bind_by_terms(&policy->requirements[r], &evidence))
            rest[count++] = r;
    }
    size_t unlike = 0;
    for (size_t i = 0; i < count; i++) {
        if (!bind_by_structure(policy, rest[i]))
            rest[unlike++] = rest[i];
    }
    for (size_t i = 0; i < unlike; i++)
        bind_by_likeness(policy, similarity, rest[i]);
    free(rest);
    similarity_free(similarity);
    evidence_free(&evidence);
}

void catalogue_explain(const struct policy *policy, size_t requirement,
                       const struct control *control, struct buffer *out)
{
    struct evidence evidence = evidence_new();
    evidence_search(&evidence, policy, requirement);
    size_t start = out->length;
    for (size_t t = 0; t < term_count; t++) {
        const struct term *term = &term_table[t];
        if (&control_table[term->control] != control || term->weight < 0 ||
            evidence.places[term->first] <= 0 || evidence.places[term->second] <= 0)
            continue;
        buffer_append_string(out, out->length > start ? "、" : "");
        buffer_append_string(out, needle_table[term->first]);
        if (term->second != term->first)
            buffer_append_format(out, "＋%s", needle_table[term->second]);
    }
    evidence_free(&evidence);
}
