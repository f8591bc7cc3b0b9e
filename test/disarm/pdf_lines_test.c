/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Characters of a page put back into lines. */
#include "test.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "disarm/format/pdf_lines.h"

/* Adds a line of text whose letters are 10 points wide and as high as a font may claim. */
static void add_line(struct pdf_page_view *view, struct buffer *text, double left, double top,
                     const char *words)
{
    struct bytes rest = bytes_of_string(words);
    for (uint32_t point; rest.length; left += 10) {
        size_t width = utf8_decode(rest, &point);
        view->characters[view->count++] =
            (struct pdf_character){point, left, top, left + 10, top + 26};
        rest = bytes_slice(rest, width, SIZE_MAX);
    }
    view->characters[view->count++] = (struct pdf_character){'\n', left, top, left, top + 26};
    buffer_append_format(text, "%s\n", words);
}

struct piece_of_page {
    double left, top;
    const char *words;
};

/* The text of a page whose pieces come in this order. */
static void expect_lines(const struct piece_of_page *pieces, size_t count, const char *expected)
{
    AUTO_BUFFER text = {0}, out = {0};
    struct pdf_page_view view = {.characters = memory_allocate(4096, sizeof *view.characters)};
    for (size_t i = 0; i < count; i++)
        add_line(&view, &text, pieces[i].left, pieces[i].top, pieces[i].words);
    view.text = memory_copy_string(buffer_string(&text), text.length);
    view.whole = true;
    pdf_lines_append(&view, &out);
    assert_string_equal(buffer_string(&out), expected ? expected : buffer_string(&text));
    pdf_page_view_clear(&view);
}

static void a_marker_that_comes_late_stands_before_its_words(void **state)
{
    (void)state;
    const struct piece_of_page pieces[] = {
        {80, 100, "分類"}, {60, 120, "次の表による。"}, {50, 102, "(1)"}};
    expect_lines(pieces, 3, "(1)分類\n次の表による。\n");
}

static void cells_are_parted_by_tabs_and_empty_ones_counted(void **state)
{
    (void)state;
    const struct piece_of_page pieces[] = {{60, 100, "機密性3"},
                                           {140, 100, "長い"},
                                           {140, 118, "説明"},
                                           {60, 136, "機密性2"},
                                           {140, 136, "短い"}};
    expect_lines(pieces, 5, "機密性3\t長い\n\t説明\n機密性2\t短い\n");
}

static void columns_and_vertical_writing_keep_their_order(void **state)
{
    (void)state;
    struct piece_of_page columns[16], vertical[6];
    for (size_t i = 0; i < 16; i++)
        columns[i] = (struct piece_of_page){i < 8 ? 60 : 320, 100 + 20.0 * (double)(i % 8),
                                            "ひとつの段の行は段を満たす"};
    expect_lines(columns, 16, NULL);
    AUTO_BUFFER text = {0}, out = {0};
    struct pdf_page_view view = {.characters = memory_allocate(64, sizeof *view.characters)};
    for (size_t i = 0; i < 6; i++) {
        vertical[i] = (struct piece_of_page){i < 3 ? 200 : 180, 100 + 30.0 * (double)(i % 3), "縦"};
        add_line(&view, &text, vertical[i].left, vertical[i].top, "縦");
        view.count--; /* the letters of a column are one line */
    }
    view.text = memory_copy_string("縦縦縦\n縦縦縦\n", strlen("縦縦縦\n縦縦縦\n"));
    view.whole = true;
    pdf_lines_append(&view, &out);
    assert_string_equal(buffer_string(&out), view.text);
    pdf_page_view_clear(&view);
}

static void an_empty_page_has_no_lines(void **state)
{
    (void)state;
    expect_lines(NULL, 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_marker_that_comes_late_stands_before_its_words),
        cmocka_unit_test(cells_are_parted_by_tabs_and_empty_ones_counted),
        cmocka_unit_test(columns_and_vertical_writing_keep_their_order),
        cmocka_unit_test(an_empty_page_has_no_lines),
    };
    return cmocka_run_group_tests_name("pdf_lines", tests, NULL, NULL);
}
