/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Characters → pieces (runs without a gap) → rows (pieces of one height) → lines of text. */
#include "disarm/format/pdf_lines.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"

/* Shares of an em, taken from the widest letter of a piece: the boxes of letters are as high as the
 * font says, which may be far too high. */
static const double WIDE_GAP = 1.2;   /* parts two cells */
static const double CELL_GAP = 0.4;   /* … where a piece of a row beside begins behind it too */
static const double NARROW_GAP = 0.1; /* is a blank */
static const double ALIGNED = 0.4;    /* apart at most: begin at the same place */
static const double WORD_WIDTH = 2.5; /* narrower pieces are markers, no cells */
static const double SAME_ROW = 0.5;   /* apart at most: the middles of two pieces of a row */

enum {
    COLUMN_LETTERS = 10, /* of a line that fills its column */
    COLUMN_ROWS = 6,     /* fewer lines are no column */
    COLUMN_TRIES = 256,  /* pieces of which it is asked whether a column begins there */
    ACROSS_LEAST = 4,    /* lines of the columns for each one that goes across both */
};

/* A run of characters on one line without a wide gap. */
struct piece {
    size_t from, count; /* characters */
    double left, top, right, bottom;
    double em; /* width of its widest letter */
    size_t row;
};

struct pieces {
    struct piece *items;
    size_t count, capacity;
    size_t rows;
};

static bool is_end(uint32_t point)
{
    return point == '\n' || point == '\r' || point == '\f';
}

static void add_piece(struct pieces *pieces, size_t from, const struct pdf_character *first)
{
    if (pieces->count == pieces->capacity) {
        pieces->capacity = pieces->capacity ? pieces->capacity * 2 : 64;
        pieces->items = memory_resize(pieces->items, pieces->capacity, sizeof *pieces->items);
    }
    pieces->items[pieces->count++] = (struct piece){
        .from = from,
        .left = first->left,
        .top = first->top,
        .right = first->right,
        .bottom = first->bottom,
    };
}

static void take_character(struct piece *piece, const struct pdf_character *character)
{
    piece->left = character->left < piece->left ? character->left : piece->left;
    piece->top = character->top < piece->top ? character->top : piece->top;
    piece->right = character->right > piece->right ? character->right : piece->right;
    double width = character->right - character->left;
    piece->em = width > piece->em ? width : piece->em;
    piece->bottom = character->bottom > piece->bottom ? character->bottom : piece->bottom;
}

static void collect_pieces(const struct pdf_page_view *view, struct pieces *pieces)
{
    bool open = false; /* the last piece goes on */
    double right = 0;  /* of its last letter */
    for (size_t i = 0; i < view->count; i++) {
        const struct pdf_character *character = &view->characters[i];
        if (is_end(character->point)) {
            open = false;
            continue;
        }
        bool blank = character->point == ' ' || character->point == 0x3000;
        if (!blank && open &&
            character->left - right > pieces->items[pieces->count - 1].em * CELL_GAP)
            open = false;
        if (blank && !open)
            continue;
        if (!open)
            add_piece(pieces, i, character);
        open = true;
        struct piece *piece = &pieces->items[pieces->count - 1];
        if (blank)
            continue;
        take_character(piece, character);
        piece->count = i + 1 - piece->from;
        right = character->right;
    }
}

/* ---- rows ---- */

static double middle_of(const struct piece *piece)
{
    return (piece->top + piece->bottom) / 2;
}

static bool share_row(const struct piece *a, const struct piece *b)
{
    double em = a->em > b->em ? a->em : b->em, apart = middle_of(a) - middle_of(b);
    bool beside = a->right <= b->left + em / 4 || b->right <= a->left + em / 4;
    return beside && apart < em * SAME_ROW && apart > -em * SAME_ROW;
}

/* By the middle of their height, then from left to right. */
static int compare_height(const void *left, const void *right)
{
    const struct piece *a = left, *b = right;
    double one = middle_of(a), other = middle_of(b);
    return one < other ? -1 : one > other ? 1 : (a->from > b->from) - (a->from < b->from);
}

static int compare_in_row(const void *left, const void *right)
{
    const struct piece *a = left, *b = right;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return a->left < b->left   ? -1
           : a->left > b->left ? 1
                               : (a->from > b->from) - (a->from < b->from);
}

/* Sorts the pieces into rows from above and from the left: a piece joins the row of the last ones
 * when it stands beside each of them. */
static void make_rows(struct pieces *pieces)
{
    size_t start = 0; /* first piece of the row at hand */
    if (pieces->count)
        qsort(pieces->items, pieces->count, sizeof *pieces->items, compare_height);
    for (size_t i = 0; i < pieces->count; i++) {
        bool same = i > start;
        for (size_t k = start; k < i && same; k++)
            same = share_row(&pieces->items[k], &pieces->items[i]);
        if (!same)
            start = i;
        pieces->rows += !same;
        pieces->items[i].row = pieces->rows;
    }
    if (pieces->count)
        qsort(pieces->items, pieces->count, sizeof *pieces->items, compare_in_row);
}

static bool is_aligned(const struct piece *a, const struct piece *b)
{
    double apart = a->left - b->left, most = (a->em > b->em ? a->em : b->em) * ALIGNED;
    return apart < most && apart > -most;
}

/* ---- pages that keep their order ---- */

/* True when letters mostly stand under one another, or run from right to left. */
static bool runs_otherwise(const struct pdf_page_view *view)
{
    size_t otherwise = 0, along = 0;
    for (size_t i = 1; i < view->count; i++) {
        const struct pdf_character *a = &view->characters[i - 1], *b = a + 1;
        if (is_end(a->point) || is_end(b->point))
            continue;
        bool under = b->left < a->right && a->left < b->right && b->top >= a->bottom - 1;
        bool back = b->right <= a->left + 1 && b->left < a->left;
        otherwise += under || back;
        along += !under && !back;
    }
    return otherwise > along;
}

/* True when a second column of long pieces begins at a place, with as good as nothing across it. */
static bool is_column(const struct pieces *pieces, const struct piece *at)
{
    size_t left = 0, right = 0, across = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->items[i];
        if (piece->count < COLUMN_LETTERS)
            continue;
        left += piece->right <= at->left;
        right += is_aligned(piece, at);
        across += piece->right > at->left && piece->left < at->left && !is_aligned(piece, at);
    }
    return left >= COLUMN_ROWS && right >= COLUMN_ROWS && across * ACROSS_LEAST < left + right;
}

/* True for a page in columns. Cells of tables are shorter, or have paragraphs above and below. */
static bool has_columns(const struct pieces *pieces)
{
    size_t step = pieces->count / COLUMN_TRIES + 1;
    for (size_t i = 0; i < pieces->count; i += step) {
        if (pieces->items[i].count >= COLUMN_LETTERS && is_column(pieces, &pieces->items[i]))
            return true;
    }
    return false;
}

/* ---- text ---- */

static void append_characters(const struct pdf_page_view *view, size_t from, size_t count,
                              struct buffer *text)
{
    for (size_t i = from; i < from + count; i++)
        utf8_append(text, view->characters[i].point);
}

/* True when a piece of the row above or below begins where this one does. */
static bool has_aligned(const struct pieces *pieces, size_t at)
{
    const struct piece *piece = &pieces->items[at];
    for (size_t i = at; i-- > 0 && pieces->items[i].row + 1 >= piece->row;) {
        if (pieces->items[i].row != piece->row && is_aligned(piece, &pieces->items[i]))
            return true;
    }
    for (size_t i = at + 1; i < pieces->count && pieces->items[i].row <= piece->row + 1; i++) {
        if (pieces->items[i].row != piece->row && is_aligned(piece, &pieces->items[i]))
            return true;
    }
    return false;
}

/* What stands between two pieces of a row: "\t", " " or "". */
static const char *mark_between(const struct pieces *pieces, size_t at)
{
    const struct piece *piece = &pieces->items[at], *before = piece - 1;
    double gap = piece->left - before->right, em = piece->em > before->em ? piece->em : before->em;
    if (gap > em * WIDE_GAP)
        return "\t";
    if (gap > em * CELL_GAP && before->right - before->left > em * WORD_WIDTH &&
        has_aligned(pieces, at))
        return "\t";
    return gap > em * NARROW_GAP ? " " : "";
}

/* The cells of the last row that has several: where each begins. */
struct cells {
    const struct piece *items[16];
    size_t count;
};

/* How many cells are empty before the first piece of a row, which goes on with a later one. */
static size_t count_empty(const struct cells *cells, const struct piece *piece)
{
    for (size_t i = 1; i < cells->count; i++) {
        if (is_aligned(piece, cells->items[i]))
            return i;
    }
    return 0;
}

static void add_cell(struct cells *cells, const struct piece *piece, bool first)
{
    if (first)
        cells->count = 0;
    if (cells->count < sizeof cells->items / sizeof *cells->items)
        cells->items[cells->count++] = piece;
}

static void append_rows(const struct pdf_page_view *view, const struct pieces *pieces,
                        struct buffer *text)
{
    struct cells cells = {0};
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->items[i];
        if (i && pieces->items[i - 1].row == piece->row) {
            const char *mark = mark_between(pieces, i);
            buffer_append_string(text, mark);
            if (*mark == '\t')
                add_cell(&cells, piece, false);
        } else {
            if (i)
                buffer_append_byte(text, '\n');
            size_t empty = count_empty(&cells, piece);
            for (size_t k = 0; k < empty; k++)
                buffer_append_byte(text, '\t');
            bool alone = i + 1 == pieces->count || piece[1].row != piece->row;
            if (!empty && !(alone && cells.count && is_aligned(piece, cells.items[0])))
                add_cell(&cells, piece, true);
        }
        append_characters(view, piece->from, piece->count, text);
    }
    if (pieces->count)
        buffer_append_byte(text, '\n');
}

void pdf_lines_append(const struct pdf_page_view *view, struct buffer *text)
{
    struct pieces pieces = {0};
    collect_pieces(view, &pieces);
    make_rows(&pieces);
    if (!view->whole || runs_otherwise(view) || has_columns(&pieces))
        buffer_append_string(text, view->text);
    else
        append_rows(view, &pieces, text);
    free(pieces.items);
}
