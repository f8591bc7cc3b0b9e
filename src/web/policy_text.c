/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From places in the source to headings and paragraphs. */
#include "web/policy_text.h"

#include "base/utf8.h"

enum {
    CUT_COLUMNS = 50,     /* from this width on a line without an end was cut by the margin */
    PAGE_CLAUSES = 1200,  /* of one page, at most */
    PAGE_BYTES = 400000,  /* of one page, about */
    CLAUSE_BYTES = 60000, /* of one clause that are shown */
    TITLE_POINTS = 24,    /* first words that stand for a heading */
    DEPTHS = 8,
};

/* ---- lines ---- */

static struct bytes trim(struct bytes line)
{
    for (;;) {
        uint32_t point = 0;
        size_t length = line.length ? utf8_decode(line, &point) : 0;
        if (!length || (point > ' ' && point != 0x3000))
            break;
        line = bytes_slice(line, length, SIZE_MAX);
    }
    while (line.length && line.data[line.length - 1] <= ' ')
        line.length--;
    while (line.length >= 3 && !memcmp(line.data + line.length - 3, "\u3000", 3))
        line.length -= 3;
    return line;
}

static unsigned columns(struct bytes line)
{
    unsigned width = 0;
    for (size_t at = 0; at < line.length;)
        width += utf8_take(line, &at) < 0x100 ? 1 : 2;
    return width;
}

/* Characters that are no blanks, at most so many as `most`. */
static size_t characters(struct bytes line)
{
    size_t count = 0;
    for (size_t at = 0; at < line.length;) {
        uint32_t point = utf8_take(line, &at);
        count += point > ' ' && point != 0x3000;
    }
    return count;
}

static bool ends_with(struct bytes line, const char *end)
{
    size_t length = strlen(end);
    return line.length >= length && !memcmp(line.data + line.length - length, end, length);
}

static bool is_word(uint8_t byte)
{
    return byte > ' ' && byte < 0x7f;
}

/* Joins a line to what was cut before it; a blank only between two words of Latin letters. */
static void join(struct buffer *paragraph, struct bytes line)
{
    if (paragraph->length && is_word(paragraph->data[paragraph->length - 1]) && is_word(*line.data))
        buffer_append_byte(paragraph, ' ');
    buffer_append_bytes(paragraph, line);
}

/* Walks over the lines of a place, without what other things stand in it. */
struct walk {
    const struct policy *policy;
    struct bytes rest;
    size_t furniture;
};

static struct walk walk_start(const struct policy *policy, struct policy_span place)
{
    const struct bytes source = {(const uint8_t *)policy->source, policy->source_length};
    struct walk walk = {policy, bytes_slice(source, place.offset, place.length), 0};
    size_t low = 0, high = policy->furniture_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (policy->furniture[middle].place.offset < place.offset)
            low = middle + 1;
        else
            high = middle;
    }
    walk.furniture = low;
    return walk;
}

static bool is_furniture(struct walk *walk, struct bytes line)
{
    size_t offset = (size_t)((const char *)line.data - walk->policy->source);
    while (walk->furniture < walk->policy->furniture_count &&
           walk->policy->furniture[walk->furniture].place.offset < offset)
        walk->furniture++;
    return walk->furniture < walk->policy->furniture_count &&
           walk->policy->furniture[walk->furniture].place.offset < offset + line.length;
}

/* The next line with words in it; false at the end. */
static bool next_line(struct walk *walk, struct bytes *line)
{
    while (walk->rest.length) {
        size_t end = bytes_find(walk->rest, 0, "\n");
        struct bytes whole = bytes_slice(walk->rest, 0, end);
        walk->rest =
            end == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_slice(walk->rest, end + 1, SIZE_MAX);
        *line = trim(whole);
        if (line->length && !is_furniture(walk, *line))
            return true;
    }
    return false;
}

/* ---- one clause ---- */

static json_t *text_of(struct buffer *buffer)
{
    return json_stringn((const char *)buffer_bytes(buffer).data, buffer->length);
}

static void end_paragraph(json_t *paragraphs, struct buffer *paragraph)
{
    if (paragraph->length)
        json_array_append_new(paragraphs, text_of(paragraph));
    buffer_clear(paragraph);
}

/* Takes the lines of the heading: as many as hold its characters; （目的） over an article is one.
 */
static void take_heading(struct walk *walk, const struct policy_clause *clause,
                         struct buffer *heading)
{
    struct bytes line;
    size_t wanted =
        characters(bytes_of_string(clause->marker)) + characters(bytes_of_string(clause->heading));
    for (size_t seen = 0; seen < wanted && next_line(walk, &line);) {
        join(heading, line);
        seen += characters(line);
        if (bytes_start_with(line, "（") && ends_with(line, "）") &&
            bytes_find(line, 0, clause->heading) != SIZE_MAX)
            return;
    }
}

static json_t *paragraphs_of(struct walk *walk)
{
    json_t *paragraphs = json_array();
    AUTO_BUFFER paragraph = {0};
    struct bytes line;
    while (next_line(walk, &line)) {
        join(&paragraph, line);
        if (ends_with(line, "。") || columns(line) < CUT_COLUMNS)
            end_paragraph(paragraphs, &paragraph);
    }
    end_paragraph(paragraphs, &paragraph);
    return paragraphs;
}

json_t *policy_text_clause(const struct policy *policy, size_t index)
{
    static const char *const ranks[] = {"top", "second", "third"};
    const struct policy_clause *clause = &policy->clauses[index];
    struct policy_span place = clause->place;
    if (place.length > CLAUSE_BYTES)
        for (place.length = CLAUSE_BYTES;
             (policy->source[place.offset + place.length] & 0xc0) == 0x80;)
            place.length--;
    struct walk walk = walk_start(policy, place);
    unsigned depth = clause->depth < DEPTHS ? clause->depth : DEPTHS - 1;
    json_t *block = json_pack("{ss sI}", "clause", clause->id, "depth", (json_int_t)depth + 1);
    if (*clause->heading) {
        AUTO_BUFFER heading = {0};
        take_heading(&walk, clause, &heading);
        json_object_set_new(block, "heading", text_of(&heading));
        json_object_set_new(block, ranks[depth < 3 ? depth : 2], json_true());
    }
    json_object_set_new(block, "paragraphs", paragraphs_of(&walk));
    return block;
}

void policy_text_title(const struct policy *policy, size_t index, struct buffer *out)
{
    const struct policy_clause *clause = &policy->clauses[index];
    struct bytes words = bytes_of_string(*clause->heading ? clause->heading : clause->text);
    size_t at = 0;
    buffer_append_string(out, clause->marker);
    if (*clause->marker)
        buffer_append_byte(out, ' ');
    for (size_t i = 0; at < words.length && (*clause->heading || i < TITLE_POINTS); i++)
        utf8_take(words, &at);
    buffer_append_bytes(out, bytes_slice(words, 0, at));
    if (at < words.length)
        buffer_append_string(out, "…");
}

void policy_text_place(const struct policy *policy, size_t index, enum language language,
                       struct buffer *out)
{
    const char *markers[DEPTHS * 2];
    size_t count = 0;
    AUTO_BUFFER part = {0};
    buffer_append_format(&part, "policy_page.part_%s",
                         policy_part_name(policy->clauses[index].part));
    buffer_append_string(out, message_get(language, buffer_string(&part)));
    for (; index != POLICY_NONE && count < sizeof markers / sizeof *markers;
         index = policy->clauses[index].parent)
        markers[count++] = policy->clauses[index].marker;
    while (count--) {
        if (*markers[count])
            buffer_append_byte(out, ' ');
        buffer_append_string(out, markers[count]);
    }
}

/* ---- between clauses ---- */

size_t policy_text_furniture(const struct policy *policy, size_t clause)
{
    if (clause >= policy->clause_count)
        return policy->furniture_count;
    return walk_start(policy, policy->clauses[clause].place).furniture;
}

static json_t *line_of(const struct policy *policy, const struct policy_furniture *furniture)
{
    const struct bytes source = {(const uint8_t *)policy->source, policy->source_length};
    struct bytes line = trim(bytes_slice(source, furniture->place.offset, furniture->place.length));
    return json_stringn((const char *)line.data, line.length);
}

void policy_text_between(const struct policy *policy, size_t first, size_t end, json_t *blocks)
{
    static const char *const one_line[POLICY_FURNITURE_COUNT] = {
        [POLICY_FURNITURE_TITLE] = "block_title",
        [POLICY_FURNITURE_PART_HEADING] = "block_part",
        [POLICY_FURNITURE_TABLE_HEADING] = "block_table",
    };
    static const char *const several[POLICY_FURNITURE_COUNT] = {
        [POLICY_FURNITURE_CONTENTS] = "policy_page.between_contents",
        [POLICY_FURNITURE_REVISIONS] = "policy_page.between_revisions",
        [POLICY_FURNITURE_FIGURE] = "policy_page.between_figure",
    };
    json_t *open = NULL;
    enum policy_furniture_kind kind = POLICY_FURNITURE_COUNT;
    for (size_t i = first; i < end; i++) {
        const struct policy_furniture *furniture = &policy->furniture[i];
        if (one_line[furniture->kind]) {
            json_t *block = json_object();
            json_object_set_new(block, one_line[furniture->kind], line_of(policy, furniture));
            json_array_append_new(blocks, block);
        } else if (several[furniture->kind]) {
            if (kind != furniture->kind) {
                open = json_array();
                json_array_append_new(blocks, json_pack("{so ss}", "between", open, "block_kind",
                                                        several[furniture->kind]));
            }
            json_array_append_new(open, line_of(policy, furniture));
        }
        kind = furniture->kind;
    }
}

/* ---- pages ---- */

struct policy_page policy_page_of(const struct policy *policy, size_t wanted)
{
    struct policy_page page = {0, 0};
    size_t bytes = 0, border = 0; /* border: the last clause of the highest rank on this page */
    for (size_t i = 0; i < policy->clause_count; i++) {
        const struct policy_clause *clause = &policy->clauses[i];
        size_t length = clause->place.length < CLAUSE_BYTES ? clause->place.length : CLAUSE_BYTES;
        if (clause->depth == 0)
            border = i;
        if (i > page.first && (i - page.first >= PAGE_CLAUSES || bytes + length > PAGE_BYTES)) {
            size_t cut = border > page.first ? border : i;
            if (wanted < cut) {
                page.end = cut;
                return page;
            }
            page.first = cut;
            bytes = 0;
            for (size_t j = cut; j < i; j++)
                bytes += policy->clauses[j].place.length;
        }
        bytes += length;
    }
    page.end = policy->clause_count;
    return page;
}
