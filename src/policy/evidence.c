/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A term counts by its weight and by where it stands: in the sentence, in the clause's heading, in
 * the headings above. */
#include "policy/evidence.h"

#include <stdlib.h>

#include "base/memory.h"
#include "policy/plain.h"
#include "policy/words.h"

/* How much a place counts. */
static const double IN_SENTENCE = 1.0, IN_HEADING = 0.6, IN_HEADING_ABOVE = 0.45;

static const double SHARE_OF_OTHERS = 0.35; /* of the terms beside a control's strongest */

/* Which of EVIDENCE_BEGINS three bytes are. */
static unsigned bit_of(uint32_t start)
{
    return start * 0x9E3779B1U >> 18;
}

struct evidence evidence_new(void)
{
    struct evidence evidence = {
        .places = memory_allocate(needle_count, sizeof(double)),
        .offsets = memory_allocate(needle_count, sizeof(size_t)),
        .asides = memory_allocate(needle_count, sizeof(bool)),
        .scores = memory_allocate(control_count, sizeof(double)),
        .strongest = memory_allocate(control_count, sizeof(unsigned)),
    };
    for (size_t n = 0; n < needle_count; n++) {
        unsigned bit = bit_of(needle_starts[n]);
        evidence.begins[bit / 64] |= (uint64_t)1 << bit % 64;
    }
    return evidence;
}

void evidence_free(struct evidence *evidence)
{
    free(evidence->places);
    free(evidence->offsets);
    free(evidence->asides);
    free(evidence->scores);
    free(evidence->strongest);
    *evidence = (struct evidence){0};
}

/* The part of a sentence that says when it holds: from behind a comma to the word that ends it. */
struct aside {
    size_t start, end; /* both 0: there is none any more */
};

/* The first such part that ends behind a place; a text has few, so that the next one is looked for
 * only when the reader has passed the last. */
static void find_aside(struct bytes text, size_t at, struct aside *aside)
{
    static const char comma[] = "、";
    size_t end;
    if (at < aside->end || aside->start == SIZE_MAX)
        return;
    const struct word *word = words_find("condition", text, at, &end);
    *aside = (struct aside){SIZE_MAX, 0};
    if (!word)
        return;
    *aside = (struct aside){at, end + strlen(word->text)};
    for (size_t i = at; i < end; i++) {
        if (bytes_start_with(bytes_slice(text, i, end - i), comma))
            aside->start = i + sizeof comma - 1;
    }
}

/* True when a word of a sentence says when the duty holds, or whom it is done with or told to. */
static bool is_aside(struct bytes text, size_t at, size_t end, const struct aside *aside)
{
    return (at >= aside->start && at < aside->end) ||
           words_match_start("partner", bytes_slice(text, end, SIZE_MAX));
}

/* Notes a needle of the sentence: where it stands outside an aside, else where it stands first. */
static void note_in_sentence(struct evidence *evidence, unsigned needle, struct bytes text,
                             size_t at, const struct aside *aside)
{
    bool now = is_aside(text, at, at + strlen(needle_table[needle]), aside);
    if (evidence->offsets[needle] != SIZE_MAX && (now || !evidence->asides[needle]))
        return;
    evidence->places[needle] = IN_SENTENCE;
    evidence->offsets[needle] = at;
    evidence->asides[needle] = now;
}

/* Notes every needle that stands in the words of a place. */
static void find_needles(struct evidence *evidence, const char *words, double place)
{
    AUTO_BUFFER plain = {0};
    plain_append(&plain, bytes_of_string(words));
    struct bytes text = buffer_bytes(&plain);
    struct aside aside = {0};
    for (size_t at = 0; at + 3 <= text.length; at++) {
        if ((text.data[at] & 0xC0) == 0x80)
            continue;
        uint32_t start = plain_start(text.data + at);
        unsigned bit = bit_of(start);
        if (!(evidence->begins[bit / 64] >> bit % 64 & 1))
            continue;
        if (place >= IN_SENTENCE)
            find_aside(text, at, &aside);
        for (size_t n = plain_first(needle_starts, needle_count, start);
             n < needle_count && needle_starts[n] == start; n++) {
            if (!bytes_start_with(bytes_slice(text, at, SIZE_MAX), needle_table[n]))
                continue;
            if (place >= IN_SENTENCE)
                note_in_sentence(evidence, (unsigned)n, text, at, &aside);
            else if (evidence->places[n] < place)
                evidence->places[n] = place;
        }
    }
}

/* The text of an article that has paragraphs is the first of them, no heading over the others. */
static bool is_first_paragraph(const struct policy *policy, size_t clause)
{
    const char *marker = policy->clauses[clause].marker;
    return bytes_start_with(bytes_of_string(marker), "第") && strstr(marker, "条");
}

void evidence_search(struct evidence *evidence, const struct policy *policy, size_t requirement)
{
    const struct policy_requirement *at = &policy->requirements[requirement];
    memset(evidence->places, 0, needle_count * sizeof *evidence->places);
    memset(evidence->offsets, 0xFF, needle_count * sizeof *evidence->offsets);
    memset(evidence->asides, 0, needle_count * sizeof *evidence->asides);
    find_needles(evidence, policy->sentences[at->sentence].text, IN_SENTENCE);
    double place = IN_HEADING;
    for (size_t clause = at->clause; clause != POLICY_NONE;
         clause = policy->clauses[clause].parent) {
        if (*policy->clauses[clause].heading)
            find_needles(evidence, policy->clauses[clause].heading, place);
        if (clause != at->clause && policy->clauses[clause].depth > 0 &&
            !is_first_paragraph(policy, clause))
            find_needles(evidence, policy->clauses[clause].text, IN_HEADING_ABOVE);
        place = IN_HEADING_ABOVE;
    }
}

static double weigh(const struct evidence *evidence, const struct term *term)
{
    double first = evidence->places[term->first], second = evidence->places[term->second];
    return term->weight > 0 ? (first < second ? first : second) * term->weight : 0;
}

/* The strongest term of a control, and a share of the others, which often say the same again. */
void evidence_score(struct evidence *evidence)
{
    memset(evidence->scores, 0, control_count * sizeof *evidence->scores);
    double strongest = 0, sum = 0;
    bool ruled_out = false;
    for (size_t t = 0; t < term_count; t++) {
        const struct term *term = &term_table[t];
        double now = weigh(evidence, term);
        sum += now;
        if (now > strongest) {
            strongest = now;
            evidence->strongest[term->control] = (unsigned)t;
        }
        ruled_out |= term->weight < 0 && evidence->places[term->first] >= IN_SENTENCE;
        if (t + 1 < term_count && term_table[t + 1].control == term->control)
            continue;
        if (!ruled_out)
            evidence->scores[term->control] = strongest + SHARE_OF_OTHERS * (sum - strongest);
        strongest = sum = 0;
        ruled_out = false;
    }
}

/* True when two needles stand in the sentence and share no byte of it. */
static bool apart(const struct evidence *evidence, unsigned a, unsigned b)
{
    size_t first = evidence->offsets[a], second = evidence->offsets[b];
    if (first == SIZE_MAX || second == SIZE_MAX)
        return false;
    return first + strlen(needle_table[a]) <= second || second + strlen(needle_table[b]) <= first;
}

bool evidence_is_apart(const struct evidence *evidence, size_t control, size_t other)
{
    const struct term *one = &term_table[evidence->strongest[control]];
    const struct term *two = &term_table[evidence->strongest[other]];
    if (one->first == two->first && one->second == two->second)
        return true; /* one phrase that means both */
    return apart(evidence, one->first, two->first) && apart(evidence, one->first, two->second) &&
           apart(evidence, one->second, two->first);
}

bool evidence_is_asked(const struct evidence *evidence, size_t control)
{
    const struct term *term = &term_table[evidence->strongest[control]];
    return !evidence->asides[term->first] && !evidence->asides[term->second];
}
