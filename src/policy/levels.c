/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Levels of the classification: items marked by Roman numerals, and the rows of tables that begin
 * with the name of a level (機密性３Ａ, 完全性２, 可用性1). A table comes as lines whose cells are
 * parted by tabs (Word, PDF), bars (Markdown) or blanks (plain text).
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "policy/compile.h"
#include "policy/japanese.h"
#include "policy/model.h"
#include "policy/words.h"

enum {
    LONGEST_LABEL = 8,      /* bytes, in one width: "3A", "Ⅱ" */
    MOST_LEVELS = 48,       /* more are no classification */
    MOST_CONTINUATIONS = 8, /* lines on which a cell goes on */
    MOST_BREAKS = 4,        /* lines of a broken label */
    STOP = 0x3002,          /* 。 */
};

static bool is_roman(uint32_t point)
{
    return point >= 0x2160 && point <= 0x216B; /* Ⅰ … Ⅻ */
}

static void add_marked_levels(struct policy *policy)
{
    for (size_t i = 0; i < policy->clause_count; i++) {
        const struct policy_clause *clause = &policy->clauses[i];
        uint32_t point = 0;
        if (*clause->marker)
            utf8_decode(bytes_of_string(clause->marker), &point);
        if (!is_roman(point))
            continue;
        struct policy_level *level = model_add_level(policy);
        level->scheme = model_copy((struct bytes){0});
        level->label = model_copy(bytes_of_string(clause->marker));
        level->text =
            model_copy(bytes_of_string(*clause->heading ? clause->heading : clause->text));
        level->clause = i;
    }
}

/* ---- rows of tables ---- */

/* A row: its scheme, its label in one width, and what its next cell says. */
struct row {
    const char *scheme; /* static; "" before the first row */
    char label[LONGEST_LABEL];
    struct bytes text;
    char *joined; /* owned text that `text` looks at; NULL: it looks at the source */
    bool cells;   /* parted by tabs or bars */
    size_t end;   /* offset of the next line */
};

/* Length of the blanks, tabs and bars that text begins with. */
static size_t gap_length(struct bytes text)
{
    size_t at = 0;
    for (;;) {
        struct bytes rest = bytes_slice(text, at, SIZE_MAX);
        if (rest.length && strchr(" \t|\r", rest.data[0]))
            at++;
        else if (bytes_start_with(rest, "　"))
            at += strlen("　");
        else
            return at;
    }
}

/* Reads 3, ３Ａ or Ⅱ at the start of text; its length in bytes, 0 when there is none. */
static size_t read_label(struct bytes text, char label[LONGEST_LABEL])
{
    size_t at = 0, length = 0;
    while (at < text.length && length + 4 < LONGEST_LABEL) {
        uint32_t point;
        size_t step = utf8_decode(bytes_slice(text, at, SIZE_MAX), &point);
        if (point >= 0xFF01 && point <= 0xFF5E)
            point -= 0xFEE0; /* the full-width forms of ASCII */
        bool digit = point >= '0' && point <= '9', letter = point >= 'A' && point <= 'C';
        if (step == 0 || !(length == 0 ? digit || is_roman(point) : letter))
            break;
        if (is_roman(point))
            memcpy(label, text.data + at, step);
        else
            label[length] = (char)point;
        length += is_roman(point) ? step : 1;
        at += step;
    }
    label[length] = '\0';
    return at;
}

/* The first cell of a text: up to a tab, a bar or a wide gap. */
static struct bytes first_cell(struct bytes text, bool *cells)
{
    static const char *const ends[] = {"\t", "|", "  ", "　"};
    size_t end = text.length;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t at = bytes_find(text, 0, ends[i]);
        end = at < end ? at : end;
        *cells |= i < 2 && at != SIZE_MAX;
    }
    return japanese_trim(bytes_slice(text, 0, end));
}

/* Reads a line as a row; `before` is the row above it, whose scheme an empty first cell means. */
static bool read_row(struct bytes line, const struct row *before, struct row *row)
{
    size_t start = gap_length(line), at = 0; /* what stands before the label */
    struct bytes text = bytes_slice(line, start, SIZE_MAX);
    const struct word *word = words_match_start("level", text);
    *row = (struct row){.scheme = ""};
    if (word && !strcmp(word->value, "table")) {
        row->scheme = word->text;
        at = strlen(word->text);
    } else if (*before->scheme && (memchr(line.data, '\t', start) || memchr(line.data, '|', start)))
        row->scheme = before->scheme;
    else
        return false;
    at += gap_length(bytes_slice(text, at, SIZE_MAX));
    size_t length = read_label(bytes_slice(text, at, SIZE_MAX), row->label);
    struct bytes rest = bytes_slice(text, at + length, SIZE_MAX);
    size_t gap = gap_length(rest);
    if (!length || (rest.length && !gap))
        return false;
    row->cells = start && memchr(line.data, '|', start);
    row->cells |= gap && (memchr(rest.data, '\t', gap) || memchr(rest.data, '|', gap));
    row->text = first_cell(bytes_slice(rest, gap, SIZE_MAX), &row->cells);
    return true;
}

/* What stands before the first tab of a line, and what stands behind it. */
static struct bytes before_tab(struct bytes line)
{
    return japanese_trim(bytes_slice(line, 0, bytes_find(line, 0, "\t")));
}

static struct bytes behind_tab(struct bytes line)
{
    size_t tab = bytes_find(line, 0, "\t");
    return bytes_slice(line, tab == SIZE_MAX ? line.length : tab + 1, SIZE_MAX);
}

static struct bytes line_at(const struct policy *policy, size_t at)
{
    struct bytes rest = {(const uint8_t *)policy->source + at, policy->source_length - at};
    size_t end = bytes_find(rest, 0, "\n");
    return bytes_slice(rest, 0, end == SIZE_MAX ? rest.length : end);
}

/* True when a cell holds the start of a level's name. */
static bool begins_label(struct bytes cell)
{
    size_t count;
    const struct word *words = words_of("level", &count);
    for (size_t i = 0; i < count && cell.length; i++) {
        if (!strcmp(words[i].value, "table") && strlen(words[i].text) >= cell.length &&
            !memcmp(words[i].text, cell.data, cell.length))
            return true;
    }
    return false;
}

/* A label that its narrow cell breaks: 「自治体機 | 密性２」. The rest stands in the first cells of
 * the next lines, and the text in their second ones, from the first line to the last. */
static bool read_broken_row(const struct policy *policy, size_t at, struct row *row)
{
    static const struct row none = {.scheme = ""};
    AUTO_BUFFER label = {0}, text = {0};
    struct bytes line = line_at(policy, at);
    bool found = false;
    if (!begins_label(before_tab(line)))
        return false;
    for (int i = 0; i < MOST_BREAKS && !found && at < policy->source_length; i++) {
        line = line_at(policy, at);
        buffer_append_bytes(&label, before_tab(line));
        buffer_append_bytes(&text, before_tab(behind_tab(line)));
        found = i && before_tab(line).length && read_row(buffer_bytes(&label), &none, row);
        at += line.length + 1;
    }
    if (found) {
        row->end = at;
        row->cells = true;
        row->joined = model_copy(buffer_bytes(&text));
        row->text = bytes_of_string(row->joined);
    }
    return found;
}

/* True when a line goes on with the cells of the row above it, whose first one has ended. */
static bool goes_on(struct bytes line, const struct row *row)
{
    struct row next;
    struct marker marker;
    struct bytes words = japanese_trim(line);
    if (!words.length || read_row(line, row, &next))
        return false;
    if (row->cells)
        return line.data[0] == '\t';
    return !marker_read(words, &marker) && !words_match_start("level", words);
}

/* The text of a row, with the lines on which its cell goes on, as they come out of a PDF. */
static void append_text(const struct policy *policy, const struct row *row, struct buffer *out)
{
    size_t at = row->end;
    buffer_append_bytes(out, row->text);
    for (int i = 0; i < MOST_CONTINUATIONS && at < policy->source_length; i++) {
        struct bytes line = line_at(policy, at);
        if (!goes_on(line, row) || (!row->cells && japanese_last(buffer_bytes(out)) == STOP))
            return;
        buffer_append_bytes(out, first_cell(japanese_trim(line), &(bool){false}));
        at += line.length + 1;
    }
}

/* The clause that holds a place of the source, or the one before it. */
static size_t clause_at(const struct policy *policy, size_t offset)
{
    size_t low = 0, high = policy->clause_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (policy->clauses[middle].place.offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? low - 1 : 0;
}

static bool is_known(const struct policy *policy, const struct row *row)
{
    for (size_t i = 0; i < policy->level_count; i++) {
        if (!strcmp(row->scheme, policy->levels[i].scheme) &&
            !strcmp(row->label, policy->levels[i].label))
            return true;
    }
    return false;
}

static void add_row(struct policy *policy, size_t offset, const struct row *row)
{
    AUTO_BUFFER text = {0};
    if (policy->level_count >= MOST_LEVELS || is_known(policy, row))
        return;
    append_text(policy, row, &text);
    struct policy_level *level = model_add_level(policy);
    level->scheme = model_copy(bytes_of_string(row->scheme));
    level->label = model_copy(bytes_of_string(row->label));
    level->text = model_copy(buffer_bytes(&text));
    level->clause = clause_at(policy, offset);
}

/* Takes back levels of a scheme that has only one: that was no table. */
static void drop_single_levels(struct policy *policy)
{
    for (size_t i = policy->level_count; i-- > 0;) {
        struct policy_level *levels = policy->levels;
        size_t same = 0;
        for (size_t k = 0; k < policy->level_count; k++)
            same += !strcmp(levels[k].scheme, levels[i].scheme);
        if (!*levels[i].scheme || same > 1)
            continue;
        model_free_level(&levels[i]);
        memmove(&levels[i], &levels[i + 1], (--policy->level_count - i) * sizeof *levels);
    }
}

void compile_levels(struct policy *policy)
{
    struct row row = {.scheme = ""}, before = row;
    add_marked_levels(policy);
    for (size_t at = 0; at < policy->source_length && policy->clause_count;) {
        struct bytes line = line_at(policy, at);
        size_t next = at + line.length + 1;
        if (read_row(line, &before, &row) || read_broken_row(policy, at, &row)) {
            row.end = row.end ? row.end : next;
            add_row(policy, at, &row);
            next = row.end;
            before = row;
            free(row.joined);
            before.joined = NULL;
        } else if (!japanese_trim(line).length) {
            before.scheme = "";
        }
        at = next;
    }
    drop_single_levels(policy);
    if (policy->level_count && !*policy->classification_name)
        model_set(&policy->classification_name, bytes_of_string(policy->levels[0].scheme));
}
