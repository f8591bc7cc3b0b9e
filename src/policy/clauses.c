/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines → clauses: where each begins and ends, what is its heading, what stands above it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "policy/compile.h"
#include "policy/japanese.h"
#include "policy/model.h"
#include "policy/outline.h"

enum {
    LONGEST_HEADING = 130, /* columns */
    CUT_LINE = 60, /* columns from which on a line without an end may have been cut by a page */
};

/* One clause while it is being made. */
struct draft {
    const struct line **lines;  /* its own lines, blanks and furniture left out */
    const struct line *caption; /* （目的） over it, or NULL */
    size_t line_count;
    size_t line_capacity;
    size_t heading_lines; /* how many of them make the first paragraph */
    enum policy_part part;
    bool marked;
    enum outline_form form;
    size_t parent; /* index of a draft, or OUTLINE_TOP */
    bool has_children;
};

struct drafts {
    struct draft *items;
    size_t count;
};

static struct draft *add_draft(struct drafts *drafts, enum policy_part part, bool marked)
{
    if ((drafts->count & (drafts->count - 1)) == 0)
        drafts->items = memory_resize(drafts->items, drafts->count ? drafts->count * 2 : 1,
                                      sizeof *drafts->items);
    struct draft *draft = &drafts->items[drafts->count++];
    *draft = (struct draft){.part = part, .marked = marked, .parent = OUTLINE_TOP};
    return draft;
}

static void add_line(struct draft *draft, const struct line *line)
{
    if (draft->line_count == draft->line_capacity) {
        draft->line_capacity = draft->line_capacity ? draft->line_capacity * 2 : 4;
        draft->lines = memory_resize(draft->lines, draft->line_capacity, sizeof *draft->lines);
    }
    draft->lines[draft->line_count++] = line;
}

static void add_furniture(struct policy *policy, const struct line *line)
{
    struct policy_furniture *furniture = model_add_furniture(policy);
    furniture->kind = line->furniture;
    furniture->place = line->place;
}

/* Sorts the lines into drafts, one for each marked line and one for the unmarked text that opens a
 * part. */
static void collect_drafts(struct policy *policy, const struct lines *lines, struct drafts *drafts)
{
    enum policy_part part = POLICY_PART_PREFACE;
    bool named = false;
    struct draft *draft = NULL;
    const struct line *caption = NULL;
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        if (line->kind == LINE_CAPTION)
            caption = line;
        if (line->kind == LINE_BLANK || line->kind == LINE_CAPTION)
            continue;
        if (line->kind == LINE_FURNITURE || line->kind == LINE_PART) {
            add_furniture(policy, line);
            if (line->kind == LINE_PART) {
                part = line->part;
                named = line->furniture == POLICY_FURNITURE_PART_HEADING;
                draft = NULL;
            }
            continue;
        }
        bool opens_preface = line->kind == LINE_PREFACE && !named;
        if (opens_preface)
            draft = add_draft(drafts, POLICY_PART_PREFACE, false);
        else if (line->kind == LINE_MARKED && part == POLICY_PART_PREFACE)
            part = POLICY_PART_POLICY;
        if (line->kind == LINE_MARKED)
            draft = add_draft(drafts, part, true);
        else if (!draft)
            draft = add_draft(drafts, part, false);
        add_line(draft, line);
        if (caption)
            draft->caption = caption;
        caption = NULL;
    }
}

/* True when a line without a closing mark was cut in the middle of what it says. */
static bool is_cut(const struct policy *policy, const struct lines *lines, const struct line *line)
{
    if (line->ends_sentence)
        return false;
    if (line->marker.length && line->marker.length == line->place.length)
        return true; /* a marker that was torn off its heading */
    if (lines->wrap_width)
        return line->width * 100 >= lines->wrap_width * 85;
    if (line->width < CUT_LINE)
        return false;
    struct bytes words = line_words(policy, line);
    uint32_t last = japanese_last(words);
    bool hiragana = last >= 0x3041 && last <= 0x3096;
    return hiragana || last == 0x3001 || bytes_find(words, 0, "は、") != SIZE_MAX; /* 、 */
}

/* How many lines the first paragraph has. */
static size_t measure_first_paragraph(const struct policy *policy, const struct lines *lines,
                                      const struct draft *draft)
{
    size_t count = 1;
    while (count < draft->line_count && is_cut(policy, lines, draft->lines[count - 1]))
        count++;
    return count;
}

/* True when the first paragraph reads like a heading: a noun phrase of one line or two. */
static bool reads_like_heading(const struct policy *policy, const struct draft *draft)
{
    unsigned width = 0;
    for (size_t i = 0; i < draft->heading_lines; i++) {
        struct bytes words = line_words(policy, draft->lines[i]);
        if (draft->lines[i]->ends_sentence || bytes_find(words, 0, "は、") != SIZE_MAX ||
            bytes_find(words, 0, "。") != SIZE_MAX)
            return false;
        width += draft->lines[i]->width;
    }
    struct bytes last = line_words(policy, draft->lines[draft->heading_lines - 1]);
    static const uint32_t particles[] = {0x3092, 0x306B, 0x306E, 0x306F, 0x304C,
                                         0x3068, 0x3067, 0x3001, 0x3066}; /* をにのはがとで、て */
    for (size_t i = 0; i < sizeof particles / sizeof *particles; i++) {
        if (japanese_last(last) == particles[i])
            return false;
    }
    return width <= LONGEST_HEADING;
}

static void judge_forms(const struct policy *policy, const struct lines *lines,
                        struct drafts *drafts)
{
    for (size_t i = 0; i < drafts->count; i++) {
        struct draft *draft = &drafts->items[i];
        if (draft->lines[0]->kind == LINE_PREFACE) {
            draft->heading_lines = 1;
            draft->form = OUTLINE_HEADING;
            continue;
        }
        draft->heading_lines = measure_first_paragraph(policy, lines, draft);
        if (!draft->marked || !reads_like_heading(policy, draft))
            draft->form = OUTLINE_SENTENCE;
        else
            draft->form = draft->line_count > draft->heading_lines ? OUTLINE_HEADING : OUTLINE_BARE;
    }
}

/* Solves the outline of one part: the marked drafts from `first` up to `end`. */
static void solve_part(struct drafts *drafts, size_t first, size_t end)
{
    size_t count = end - first;
    struct outline_item *items = memory_allocate(count, sizeof *items);
    size_t *parents = memory_allocate(count, sizeof *parents);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct outline_item){&drafts->items[first + i].lines[0]->marker,
                                         drafts->items[first + i].form};
    outline_solve(items, count, parents);
    for (size_t i = 0; i < count; i++) {
        if (parents[i] == OUTLINE_TOP)
            continue;
        drafts->items[first + i].parent = first + parents[i];
        drafts->items[first + parents[i]].has_children = true;
    }
    free(items);
    free(parents);
}

static void solve_outline(struct drafts *drafts)
{
    for (size_t i = 0; i < drafts->count;) {
        size_t end = i + 1;
        if (!drafts->items[i].marked) {
            i++;
            continue;
        }
        while (end < drafts->count && drafts->items[end].marked &&
               drafts->items[end].part == drafts->items[i].part)
            end++;
        solve_part(drafts, i, end);
        i = end;
    }
}

/* Text that is being joined from lines, and where its pieces stand in the source. */
struct joined {
    struct buffer text;
    struct source_map map;
};

static void join_bytes(struct joined *joined, struct bytes words, size_t offset, bool whole)
{
    if (words.length)
        source_map_add(&joined->map, joined->text.length, offset, whole);
    buffer_append_bytes(&joined->text, words);
}

/* Appends a line; a new paragraph begins only where the line before closed its sentence. */
static void join_line(struct joined *joined, struct bytes words, size_t offset, bool new_paragraph)
{
    if (joined->text.length && new_paragraph) {
        join_bytes(joined, bytes_of_string("\n"), offset, false);
    } else if (joined->text.length && words.length) {
        uint32_t after = 0;
        utf8_decode(bytes_slice(words, 0, 4), &after);
        if (japanese_needs_blank(japanese_last(buffer_bytes(&joined->text)), after))
            join_bytes(joined, bytes_of_string(" "), offset, false);
    }
    join_bytes(joined, words, offset, true);
}

/* Joins the lines from `first` up to `end` of a draft; the marker is left out. */
static void join_lines(const struct policy *policy, const struct draft *draft, size_t first,
                       size_t end, struct joined *joined)
{
    for (size_t i = first; i < end; i++) {
        const struct line *line = draft->lines[i];
        size_t skip = i == 0 ? line->marker.length : 0;
        bool paragraph = i > first && draft->lines[i - 1]->ends_sentence;
        join_line(joined, bytes_slice(line_words(policy, line), skip, SIZE_MAX),
                  line->place.offset + skip, paragraph);
    }
}

/* Appends the marker as it stands in an id; dots and repeated markers get a number. */
static void append_marker(struct buffer *id, const struct marker *marker, unsigned dots)
{
    buffer_append_string(id, marker->printed);
    if (marker->kind == MARKER_DOT)
        buffer_append_format(id, "%u", dots);
}

static void make_id(struct policy *policy, struct policy_clause *clause, const struct draft *draft,
                    unsigned dots)
{
    AUTO_BUFFER id = {0};
    if (clause->parent == POLICY_NONE)
        buffer_append_string(&id, policy_part_name(clause->part));
    else
        buffer_append_string(&id, policy->clauses[clause->parent].id);
    if (draft->marked) {
        buffer_append_byte(&id, '/');
        append_marker(&id, &draft->lines[0]->marker, dots);
    }
    clause->id = model_copy(buffer_bytes(&id));
}

static void place_clause(struct policy_clause *clause, const struct draft *draft)
{
    const struct line *first = draft->caption ? draft->caption : draft->lines[0];
    const struct line *last = draft->lines[draft->line_count - 1];
    clause->place.offset = first->place.offset;
    clause->place.length = last->place.offset + last->place.length - first->place.offset;
}

/* The words between the brackets of a caption. */
static struct bytes caption_words(const struct policy *policy, const struct line *caption)
{
    struct bytes words = line_words(policy, caption);
    size_t before = words.data[0] == '(' ? 1 : strlen("（");
    size_t behind = words.data[words.length - 1] == ')' ? 1 : strlen("）");
    return japanese_trim(bytes_slice(words, before, words.length - before - behind));
}

/* 「第1条 (目的) この規程は…」: the words in brackets between an article and its text, with the
 * brackets; empty when there are none. */
static struct bytes bracketed_heading(const struct draft *draft, struct bytes text)
{
    enum { LONGEST = 90 };
    bool wide = bytes_start_with(text, "（");
    if (draft->lines[0]->marker.kind != MARKER_ARTICLE || (!wide && !bytes_start_with(text, "(")))
        return bytes_slice(text, 0, 0);
    size_t close = bytes_find(text, 0, wide ? "）" : ")");
    size_t end = close + (wide ? strlen("）") : 1);
    return close < LONGEST && end < text.length ? bytes_slice(text, 0, end)
                                                : bytes_slice(text, 0, 0);
}

/* Makes a clause of a draft; returns where in the source its text stands. */
static struct source_map make_clause(struct policy *policy, const struct draft *draft,
                                     unsigned dots)
{
    bool heading = draft->form != OUTLINE_SENTENCE &&
                   (draft->has_children || draft->line_count > draft->heading_lines);
    size_t text_from = heading ? draft->heading_lines : 0;
    struct joined title = {0}, body = {0};
    join_lines(policy, draft, 0, text_from, &title);
    join_lines(policy, draft, text_from, draft->line_count, &body);
    struct policy_clause *clause = model_add_clause(policy);
    clause->part = draft->part;
    clause->parent = draft->parent == OUTLINE_TOP ? POLICY_NONE : draft->parent;
    clause->depth = clause->parent == POLICY_NONE ? 0 : policy->clauses[clause->parent].depth + 1;
    clause->marker = memory_copy_string(draft->lines[0]->marker.printed,
                                        strlen(draft->lines[0]->marker.printed));
    struct bytes text = buffer_bytes(&body.text), inside = bracketed_heading(draft, text);
    size_t cut = text.length;
    if (inside.length && !draft->caption && !title.text.length) {
        text = japanese_trim(bytes_slice(text, inside.length, SIZE_MAX));
        size_t bracket = bytes_start_with(inside, "（") ? strlen("（") : 1;
        inside = bytes_slice(inside, bracket, inside.length - 2 * bracket);
        buffer_append_bytes(&title.text, inside);
    }
    cut -= text.length;
    clause->heading =
        model_copy(draft->caption && !title.text.length ? caption_words(policy, draft->caption)
                                                        : buffer_bytes(&title.text));
    clause->text = model_copy(text);
    body.map.cut = cut; /* trimmed at its end too, where nothing is looked up */
    place_clause(clause, draft);
    make_id(policy, clause, draft, dots);
    buffer_free(&title.text);
    source_map_free(&title.map);
    buffer_free(&body.text);
    return body.map;
}

static int compare_ids(const void *a, const void *b)
{
    const struct policy_clause *left = *(struct policy_clause *const *)a;
    const struct policy_clause *right = *(struct policy_clause *const *)b;
    int order = strcmp(left->id, right->id);
    return order ? order : (left > right) - (left < right);
}

/* Gives clauses whose printed path stands twice a number: "policy/7~2". */
static void part_equal_ids(struct policy *policy)
{
    size_t count = policy->clause_count;
    struct policy_clause **sorted = memory_allocate(count, sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &policy->clauses[i];
    qsort(sorted, count, sizeof *sorted, compare_ids);
    AUTO_BUFFER first = {0};
    unsigned repeats = 1;
    for (size_t i = 0; i < count; i++) {
        if (!bytes_equal_string(buffer_bytes(&first), sorted[i]->id)) {
            buffer_clear(&first);
            buffer_append_string(&first, sorted[i]->id);
            repeats = 1;
            continue;
        }
        AUTO_BUFFER id = {0};
        buffer_append_format(&id, "%s~%u", sorted[i]->id, ++repeats);
        model_set(&sorted[i]->id, buffer_bytes(&id));
    }
    free(sorted);
}

void compile_clauses(struct policy *policy, const struct lines *lines)
{
    struct drafts drafts = {0};
    collect_drafts(policy, lines, &drafts);
    judge_forms(policy, lines, &drafts);
    solve_outline(&drafts);
    struct source_map *maps = memory_allocate(drafts.count, sizeof *maps);
    unsigned dots = 0;
    for (size_t i = 0; i < drafts.count; i++) {
        bool dot = drafts.items[i].lines[0]->marker.kind == MARKER_DOT;
        bool same_list = i > 0 && drafts.items[i - 1].parent == drafts.items[i].parent;
        dots = dot ? (same_list ? dots + 1 : 1) : 0;
        maps[i] = make_clause(policy, &drafts.items[i], dots);
    }
    part_equal_ids(policy);
    compile_sentences(policy, maps);
    for (size_t i = 0; i < drafts.count; i++) {
        source_map_free(&maps[i]);
        free(drafts.items[i].lines);
    }
    free(maps);
    free(drafts.items);
}
