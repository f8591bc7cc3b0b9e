/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clauses → sentences. A full stop inside brackets ends nothing; brackets behind a full stop belong
 * to it. */
#include "base/utf8.h"
#include "policy/compile.h"
#include "policy/japanese.h"
#include "policy/model.h"

static bool opens(uint32_t point)
{
    return point == '(' || point == 0xFF08 || point == 0x300C || point == 0x300E; /* （「『 */
}

static bool closes(uint32_t point)
{
    return point == ')' || point == 0xFF09 || point == 0x300D || point == 0x300F; /* ）」』 */
}

/* Offset behind the sentence that starts at `start`. */
static size_t sentence_end(struct bytes text, size_t start)
{
    unsigned depth = 0;
    bool ended = false;
    for (size_t at = start, length; at < text.length; at += length) {
        uint32_t point;
        length = utf8_decode(bytes_slice(text, at, 4), &point);
        if (ended && !closes(point))
            return at;
        if (point == '\n')
            return at;
        if (opens(point))
            depth++;
        else if (closes(point) && depth)
            depth--;
        else if ((point == 0x3002 || point == 0xFF61) && !depth) /* 。 ｡ */
            ended = true;
    }
    return text.length;
}

static void add_sentence(struct policy *policy, size_t clause, const char *text, size_t start,
                         size_t end, const struct source_map *map)
{
    struct bytes words = japanese_trim((struct bytes){(const uint8_t *)text + start, end - start});
    if (!words.length)
        return;
    size_t first = (size_t)((const char *)words.data - text);
    struct policy_sentence *sentence = model_add_sentence(policy);
    sentence->clause = clause;
    sentence->text = model_copy(words);
    sentence->place.offset = source_map_find(map, first);
    sentence->place.length =
        source_map_find(map, first + words.length - 1) + 1 - sentence->place.offset;
}

void compile_sentences(struct policy *policy, const struct source_map *maps)
{
    for (size_t clause = 0; clause < policy->clause_count; clause++) {
        const char *text = policy->clauses[clause].text;
        struct bytes bytes = bytes_of_string(text);
        for (size_t at = 0; at < bytes.length;) {
            size_t end = sentence_end(bytes, at);
            add_sentence(policy, clause, text, at, end, &maps[clause]);
            at = end + (end < bytes.length && text[end] == '\n');
        }
    }
}
