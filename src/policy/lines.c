/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splitting the source into lines and saying what each is. */
#include "policy/lines.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "policy/japanese.h"
#include "policy/model.h"
#include "policy/words.h"

enum {
    LONGEST_TITLE = 100,     /* columns of a title or of a part's heading */
    LONGEST_WRAP = 110,      /* columns; longer lines are whole paragraphs */
    LONGEST_CONTENTS = 400,  /* lines of a table of contents without page numbers */
    CONTENTS_LOOK_AHEAD = 3, /* lines of a table of contents that may stand without a page number */
};

struct bytes line_words(const struct policy *policy, const struct line *line)
{
    return (struct bytes){(const uint8_t *)policy->source + line->place.offset, line->place.length};
}

struct bytes line_text(const struct policy *policy, const struct line *line)
{
    return bytes_slice(line_words(policy, line), line->marker.length, SIZE_MAX);
}

void lines_free(struct lines *lines)
{
    free(lines->items);
    *lines = (struct lines){0};
}

/* Takes the marks of Markdown and a list's dash off the start; a dash before plain text is a
 * marker. */
static struct bytes strip_marks(struct bytes text, bool *dash)
{
    *dash = false;
    while (bytes_start_with(text, "#"))
        text = bytes_slice(text, 1, SIZE_MAX);
    text = japanese_trim(text);
    if (bytes_start_with(text, "- ") || bytes_start_with(text, "* ")) {
        *dash = true;
        text = japanese_trim(bytes_slice(text, 2, SIZE_MAX));
    }
    return text;
}

static bool closes_sentence(struct bytes words)
{
    uint32_t last = japanese_last(words);
    return last == 0x3002 || last == 0xFF0E || last == 0xFF61; /* 。 ． ｡ */
}

static struct line make_line(const struct policy *policy, struct bytes raw)
{
    struct line line = {0};
    bool dash;
    struct bytes words = strip_marks(japanese_trim(raw), &dash);
    if (!words.length)
        return line;
    line.place.offset = (size_t)(words.data - (const uint8_t *)policy->source);
    line.place.length = words.length;
    line.width = japanese_width(words);
    line.ends_sentence = closes_sentence(words);
    line.kind = marker_read(words, &line.marker) ? LINE_MARKED : LINE_PLAIN;
    if (line.kind == LINE_PLAIN && dash) {
        line.kind = LINE_MARKED;
        line.marker = (struct marker){.kind = MARKER_DOT, .printed = "・"};
    }
    return line;
}

static void split(struct policy *policy, struct lines *lines)
{
    size_t capacity = 0, at = 0;
    while (at < policy->source_length) {
        const char *start = policy->source + at;
        const char *end = memchr(start, '\n', policy->source_length - at);
        size_t length = end ? (size_t)(end - start) : policy->source_length - at;
        if (lines->count == capacity) {
            capacity = capacity ? capacity * 2 : 256;
            lines->items = memory_resize(lines->items, capacity, sizeof *lines->items);
        }
        lines->items[lines->count++] =
            make_line(policy, (struct bytes){(const uint8_t *)start, length});
        at += length + 1;
    }
}

static void make_furniture(struct line *line, enum policy_furniture_kind kind)
{
    line->kind = LINE_FURNITURE;
    line->furniture = kind;
    line->marker = (struct marker){0};
}

/* True when squeezed text of the line, brackets at its ends left out, equals one of the words. */
static bool says_one_of(const struct policy *policy, const struct line *line,
                        const char *const *words)
{
    static const char *const brackets[] = {"【", "】", "《", "》", "〈", "〉", "[", "]", "(", ")"};
    AUTO_BUFFER squeezed = {0};
    japanese_append_squeezed(&squeezed, line_words(policy, line));
    struct bytes text = buffer_bytes(&squeezed);
    for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++) {
        size_t length = strlen(brackets[i]);
        if (bytes_start_with(text, brackets[i]))
            text = bytes_slice(text, length, SIZE_MAX);
        if (text.length >= length && !memcmp(text.data + text.length - length, brackets[i], length))
            text.length -= length;
    }
    for (; *words; words++) {
        if (bytes_equal_string(text, *words))
            return true;
    }
    return false;
}

/* A page number, bare or between dashes. */
static bool is_page_number(struct bytes words)
{
    bool digits = false;
    for (size_t at = 0, length; at < words.length; at += length) {
        uint32_t point;
        length = utf8_decode(bytes_slice(words, at, 4), &point);
        bool digit = (point >= '0' && point <= '9') || (point >= 0xFF10 && point <= 0xFF19);
        bool dash = point == '-' || point == 0x2010 || point == 0x2013 || point == 0xFF0D ||
                    japanese_is_blank(point);
        if (!length || (!digit && !dash))
            return false;
        digits |= digit;
    }
    return digits;
}

/* A rule of dashes, bars and blanks: what is left of a table's border. */
static bool is_rule(struct bytes words)
{
    for (size_t i = 0; i < words.length; i++) {
        if (!strchr("-|=_: \t", words.data[i]))
            return false;
    }
    return words.length > 0;
}

/* 「第1章 総則（第1条―第3条）」: a heading with the articles under it. */
static bool names_articles(struct bytes words)
{
    uint32_t last = japanese_last(words);
    if (last != 0xFF09 && last != ')') /* ） */
        return false;
    size_t wide = bytes_find(words, 0, "（第"), narrow = bytes_find(words, 0, "(第");
    return bytes_find(words, wide < narrow ? wide : narrow, "条") != SIZE_MAX;
}

/* A line of a table of contents: text, then a tab or leaders, then a page number, or the articles
 * under it. */
static bool is_contents_line(struct bytes words)
{
    if (names_articles(words))
        return true;
    size_t end = words.length;
    while (end > 0 && words.data[end - 1] >= '0' && words.data[end - 1] <= '9')
        end--;
    if (end == words.length || end == 0)
        return is_rule(words);
    if (words.data[end - 1] == '\t')
        return true;
    struct bytes before = japanese_trim(bytes_slice(words, 0, end));
    static const char *const leaders[] = {"..", "……", "・・", "‥‥", "．．", "…"};
    for (size_t i = 0; i < sizeof leaders / sizeof *leaders; i++) {
        size_t length = strlen(leaders[i]);
        if (before.length > length &&
            !memcmp(before.data + before.length - length, leaders[i], length))
            return true;
    }
    return false;
}

/* Index of the next line that is not blank, or the count. */
static size_t next_written(const struct lines *lines, size_t at)
{
    while (at < lines->count && lines->items[at].kind == LINE_BLANK)
        at++;
    return at;
}

/* True when one of the next few written lines is a line of the contents. */
static bool contents_go_on(const struct policy *policy, const struct lines *lines, size_t at)
{
    for (int looked = 0; looked <= CONTENTS_LOOK_AHEAD; looked++, at++) {
        at = next_written(lines, at);
        if (at == lines->count)
            return false;
        if (is_contents_line(line_words(policy, &lines->items[at])))
            return true;
        if (lines->items[at].ends_sentence)
            return false;
    }
    return false;
}

static bool same_words(const struct policy *policy, const struct lines *lines, size_t a, size_t b)
{
    AUTO_BUFFER left = {0}, right = {0};
    japanese_append_squeezed(&left, line_words(policy, &lines->items[a]));
    japanese_append_squeezed(&right, line_words(policy, &lines->items[b]));
    return bytes_equal(buffer_bytes(&left), buffer_bytes(&right));
}

/* Where a list of headings without page numbers ends: its first one stands a second time there.
 * `at` when no list begins. */
static size_t end_of_bare_contents(const struct policy *policy, const struct lines *lines,
                                   size_t at)
{
    size_t line = next_written(lines, at + 1);
    for (int looked = 0; line < lines->count && looked < LONGEST_CONTENTS; looked++) {
        if (lines->items[line].ends_sentence)
            return at;
        if (same_words(policy, lines, at, line))
            return line;
        line = next_written(lines, line + 1);
    }
    return at;
}

static size_t mark_contents(const struct policy *policy, struct lines *lines, size_t at)
{
    make_furniture(&lines->items[at], POLICY_FURNITURE_CONTENTS);
    at = next_written(lines, at + 1);
    size_t first = at, bare = at;
    if (at < lines->count && !contents_go_on(policy, lines, at))
        bare = end_of_bare_contents(policy, lines, at);
    while (at < lines->count && (at < bare || contents_go_on(policy, lines, at))) {
        make_furniture(&lines->items[at], POLICY_FURNITURE_CONTENTS);
        at = next_written(lines, at + 1);
    }
    /* 附則 has neither a page number nor articles, and no chapter follows a real one */
    size_t next = at < lines->count ? next_written(lines, at + 1) : lines->count;
    if (at > first && next < lines->count && lines->items[at].marker.kind == MARKER_CLOSING &&
        lines->items[next].marker.kind == MARKER_CHAPTER) {
        make_furniture(&lines->items[at], POLICY_FURNITURE_CONTENTS);
        at = next;
    }
    return at;
}

static void add_revision(struct policy *policy, struct bytes words)
{
    AUTO_BUFFER date = {0};
    size_t at = japanese_read_date(words, 0, &date);
    struct bytes rest = japanese_trim(bytes_slice(words, at, SIZE_MAX));
    const uint8_t *tab = rest.length ? memchr(rest.data, '\t', rest.length) : NULL;
    size_t split_at = tab ? (size_t)(tab - rest.data) : 0;
    struct policy_revision *revision = model_add_revision(policy);
    revision->date = memory_copy_string(date.data, date.length);
    struct bytes version = japanese_trim(bytes_slice(rest, 0, split_at));
    struct bytes note = japanese_trim(bytes_slice(rest, split_at, SIZE_MAX));
    revision->version = memory_copy_string(version.data, version.length);
    revision->note = memory_copy_string(note.data, note.length);
}

/* The table of revisions: its heading, a row of column titles, then rows that begin with a date. */
static size_t mark_revisions(struct policy *policy, struct lines *lines, size_t at)
{
    make_furniture(&lines->items[at], POLICY_FURNITURE_REVISIONS);
    bool seen_row = false;
    for (at = next_written(lines, at + 1); at < lines->count; at = next_written(lines, at + 1)) {
        struct bytes words = line_words(policy, &lines->items[at]);
        AUTO_BUFFER date = {0};
        bool row = japanese_read_date(words, 0, &date) != SIZE_MAX;
        bool titles = !seen_row && memchr(words.data, '\t', words.length);
        if (!row && !titles && !is_rule(words))
            return at;
        if (row)
            add_revision(policy, words);
        seen_row |= row;
        make_furniture(&lines->items[at], POLICY_FURNITURE_REVISIONS);
    }
    return at;
}

/* The part whose heading this line is, if it is one: a short line that ends in 基本方針 or
 * 対策基準. */
static bool is_part_heading(const struct policy *policy, const struct line *line,
                            enum policy_part *part)
{
    if (line->width > LONGEST_TITLE || line->ends_sentence ||
        (line->kind == LINE_MARKED && line->marker.kind != MARKER_CHAPTER))
        return false;
    AUTO_BUFFER squeezed = {0};
    japanese_append_squeezed(&squeezed, line_text(policy, line));
    struct bytes text = buffer_bytes(&squeezed);
    size_t bracket = bytes_find(text, 0, "【");
    if (bracket == SIZE_MAX)
        bracket = bytes_find(text, 0, "(");
    if (bracket != SIZE_MAX && bracket > 0)
        text.length = bracket;
    static const char *const endings[] = {NULL, "基本方針", "対策基準"};
    for (int i = POLICY_PART_POLICY; i <= POLICY_PART_STANDARD; i++) {
        size_t length = strlen(endings[i]);
        if (text.length >= length &&
            !memcmp(text.data + text.length - length, endings[i], length)) {
            *part = i;
            return true;
        }
    }
    return false;
}

/* Caption of a figure: a line wholly between 《》 or 【】 that no text follows on the same line. */
static bool is_caption(struct bytes words)
{
    uint32_t last = japanese_last(words);
    return (bytes_start_with(words, "《") && last == 0x300B) ||
           (bytes_start_with(words, "【") && last == 0x3011);
}

/* Heading of a classification table: ends in 分類, no sentence, and its rows begin with Roman
 * numerals. */
static bool is_table_heading(const struct policy *policy, const struct lines *lines, size_t at)
{
    AUTO_BUFFER squeezed = {0};
    japanese_append_squeezed(&squeezed, line_words(policy, &lines->items[at]));
    struct bytes text = buffer_bytes(&squeezed);
    size_t length = strlen("分類"), next = next_written(lines, at + 1);
    struct marker marker;
    return lines->items[at].kind == LINE_PLAIN && text.length > length &&
           !memcmp(text.data + text.length - length, "分類", length) && next < lines->count &&
           marker_read_table_row(line_words(policy, &lines->items[next]), &marker);
}

static size_t mark_table(struct policy *policy, struct lines *lines, size_t at)
{
    AUTO_BUFFER name = {0};
    japanese_append_squeezed(&name, line_words(policy, &lines->items[at]));
    model_set(&policy->classification_name, buffer_bytes(&name));
    make_furniture(&lines->items[at], POLICY_FURNITURE_TABLE_HEADING);
    for (at = next_written(lines, at + 1); at < lines->count; at = next_written(lines, at + 1)) {
        struct line *row = &lines->items[at];
        struct marker marker;
        if (!marker_read_table_row(line_words(policy, row), &marker))
            return at;
        row->kind = LINE_MARKED;
        row->marker = marker;
    }
    return at;
}

static const char *const contents_words[] = {"目次", "もくじ", "CONTENTS", NULL};
static const char *const revision_words[] = {"改訂履歴", "改定履歴",       "改正履歴",
                                             "更新履歴", "制定・改正履歴", NULL};
static const char *const preface_words[] = {"はじめに", "前文", "まえがき", "序文", "序", NULL};

/* True for a line that begins the body: what stands before it is the title page. */
static bool begins_body(const struct policy *policy, const struct line *line)
{
    return (line->kind == LINE_MARKED && line->marker.kind != MARKER_DOT) || line->ends_sentence ||
           says_one_of(policy, line, preface_words);
}

/* A number alone on its line that counts on, with a short line behind it: torn off a heading, no
 * page number. */
static bool is_torn_off(const struct policy *policy, const struct lines *lines, size_t at,
                        unsigned last)
{
    struct marker marker;
    const struct line *next = at + 1 < lines->count ? &lines->items[at + 1] : NULL;
    return next && next->kind == LINE_PLAIN && !next->ends_sentence &&
           next->width <= LONGEST_TITLE / 2 &&
           marker_read(line_words(policy, &lines->items[at]), &marker) &&
           marker.kind == MARKER_NUMBER && marker.value == last + 1;
}

/* Says what the lines are that are no text of a clause; returns the index of the first line of the
 * body. */
static size_t mark_furniture(struct policy *policy, struct lines *lines)
{
    size_t body = SIZE_MAX;
    unsigned last = 0; /* number of the last line that a plain number marks */
    for (size_t at = 0; at < lines->count;) {
        struct line *line = &lines->items[at];
        struct bytes words = line_words(policy, line);
        if (line->kind == LINE_BLANK) {
            at++;
        } else if (says_one_of(policy, line, contents_words)) {
            at = mark_contents(policy, lines, at);
        } else if (says_one_of(policy, line, revision_words)) {
            at = mark_revisions(policy, lines, at);
        } else if (is_table_heading(policy, lines, at)) {
            at = mark_table(policy, lines, at);
        } else {
            bool torn_off = is_torn_off(policy, lines, at, last);
            if ((is_page_number(words) && !torn_off) || is_rule(words))
                make_furniture(line, POLICY_FURNITURE_PAGE);
            else if (is_caption(words))
                make_furniture(line, POLICY_FURNITURE_FIGURE);
            else if (body == SIZE_MAX && begins_body(policy, line))
                body = at;
            if (line->kind == LINE_MARKED && line->marker.kind == MARKER_NUMBER)
                last = line->marker.value;
            at++;
        }
    }
    return body;
}

/* Takes title and effective date from a line of the title page or from a part's heading. */
static void read_title_line(struct policy *policy, struct bytes words)
{
    bool names_policy =
        bytes_find(words, 0, "ポリシー") != SIZE_MAX || bytes_find(words, 0, "方針") != SIZE_MAX ||
        bytes_find(words, 0, "対策基準") != SIZE_MAX || words_match_end("regulation", words);
    static const char *const marks[] = {"○", "◯", "●", "◎", "■", "□"};
    struct bytes title = words;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (bytes_start_with(title, marks[i]))
            title = japanese_trim(bytes_slice(title, strlen(marks[i]), SIZE_MAX));
    }
    if (names_policy && !*policy->title)
        model_set(&policy->title, title);
    AUTO_BUFFER date = {0};
    if (japanese_read_date(words, 0, &date) != SIZE_MAX && !*policy->effective)
        model_set(&policy->effective, buffer_bytes(&date));
}

/* The title page, the preface and the headings of the parts. */
static void mark_parts(struct policy *policy, struct lines *lines, size_t body)
{
    for (size_t at = 0; at < lines->count; at++) {
        struct line *line = &lines->items[at];
        if (line->kind == LINE_BLANK || line->kind == LINE_FURNITURE)
            continue;
        enum policy_part part;
        struct bytes words = line_words(policy, line);
        const struct line *before = at ? &lines->items[at - 1] : NULL;
        bool torn_off =
            before && before->kind == LINE_MARKED && before->marker.length == before->place.length;
        bool heading = !torn_off && is_part_heading(policy, line, &part);
        if (at < body || heading)
            read_title_line(policy, words);
        if (heading) {
            line->kind = LINE_PART;
            line->part = part;
            line->furniture = at < body ? POLICY_FURNITURE_TITLE : POLICY_FURNITURE_PART_HEADING;
        } else if (at < body) {
            make_furniture(line, POLICY_FURNITURE_TITLE);
        } else if (says_one_of(policy, line, preface_words)) {
            line->kind = LINE_PREFACE;
        }
    }
}

/* A line wholly in round brackets directly over an article is the article's heading. */
static void mark_captions(const struct policy *policy, struct lines *lines)
{
    for (size_t at = 0; at < lines->count; at++) {
        struct line *line = &lines->items[at];
        struct bytes words = line_words(policy, line);
        uint32_t last = japanese_last(words);
        if (line->kind != LINE_PLAIN || line->width > LONGEST_TITLE ||
            !(bytes_start_with(words, "（") || bytes_start_with(words, "(")) ||
            !(last == 0xFF09 || last == ')'))
            continue;
        size_t next = next_written(lines, at + 1);
        if (next < lines->count && lines->items[next].kind == LINE_MARKED &&
            lines->items[next].marker.kind == MARKER_ARTICLE)
            line->kind = LINE_CAPTION;
    }
}

static int compare_width(const void *a, const void *b)
{
    unsigned left = *(const unsigned *)a, right = *(const unsigned *)b;
    return left < right ? -1 : left > right;
}

/* The width at which the source breaks lines: most lines that end no sentence are about equally
 * wide. */
static unsigned find_wrap_width(const struct lines *lines)
{
    unsigned *widths = memory_allocate(lines->count, sizeof *widths);
    size_t count = 0, open = 0, full = 0;
    for (size_t i = 0; i < lines->count; i++) {
        if (lines->items[i].kind == LINE_PLAIN || lines->items[i].kind == LINE_MARKED)
            widths[count++] = lines->items[i].width;
    }
    qsort(widths, count, sizeof *widths, compare_width);
    unsigned wide = count ? widths[count * 95 / 100] : 0;
    free(widths);
    if (wide > LONGEST_WRAP)
        return 0;
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        if ((line->kind == LINE_PLAIN || line->kind == LINE_MARKED) && !line->ends_sentence) {
            open++;
            full += line->width >= wide * 8 / 10;
        }
    }
    return full >= 10 && full * 3 >= open ? wide : 0;
}

void lines_read(struct policy *policy, struct lines *lines)
{
    *lines = (struct lines){0};
    split(policy, lines);
    size_t body = mark_furniture(policy, lines);
    mark_parts(policy, lines, body);
    mark_captions(policy, lines);
    lines->wrap_width = find_wrap_width(lines);
}
