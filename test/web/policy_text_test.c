/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a compiled policy is laid out for a page, and how two texts are told apart. */
#include "web/policy_text.h"

#include "policy/policy.h"
#include "test.h"
#include "web/policy_difference.h"

static struct policy *compile(const char *text)
{
    struct error error = {0};
    struct policy *policy = policy_compile(bytes_of_string(text), &error);
    assert_non_null(policy);
    return policy;
}

static const char *paragraph(json_t *block, size_t index)
{
    return json_string_value(json_array_get(json_object_get(block, "paragraphs"), index));
}

static void a_heading_and_its_text_are_told_apart_as_printed(void **state)
{
    (void)state;
    struct policy *policy =
        compile("１　目的\n\n市の情報を守る。\n\n（１）範囲\n\n市の全部に及ぶ。\n\n"
                "（２）市は、次を守らなければならない。\n");
    json_t *block = policy_text_clause(policy, 0);
    assert_string_equal(json_string_value(json_object_get(block, "heading")), "１　目的");
    assert_string_equal(paragraph(block, 0), "市の情報を守る。");
    assert_true(json_is_true(json_object_get(block, "top")));
    json_decref(block);
    block = policy_text_clause(policy, 2);
    assert_null(json_object_get(block, "heading"));
    assert_string_equal(paragraph(block, 0), "（２）市は、次を守らなければならない。");
    json_decref(block);
    policy_free(policy);
}

static void lines_cut_by_the_margin_are_joined_and_short_ones_stay(void **state)
{
    (void)state;
    struct policy *policy = compile(
        "1 目的\n\n市は、市民から預かった大切な情報を災害や攻撃から守り、必要なときに正しく使\n\n"
        "えるようにする。\n短い行\n次の短い行\n2 終わり\n以上を守らなければならない。\n");
    json_t *block = policy_text_clause(policy, 0);
    assert_string_equal(paragraph(block, 0),
                        "市は、市民から預かった大切な情報を災害や攻撃から守り、"
                        "必要なときに正しく使えるようにする。");
    assert_string_equal(paragraph(block, 1), "短い行");
    assert_string_equal(paragraph(block, 2), "次の短い行");
    json_decref(block);
    policy_free(policy);
}

static void a_place_is_cited_by_part_and_markers(void **state)
{
    (void)state;
    AUTO_BUFFER place = {0};
    struct policy *policy = compile("1 全体\n(1) 最初\n① 市は、守らなければならない。\n");
    policy_text_place(policy, 2, LANGUAGE_JA, &place);
    assert_string_equal(buffer_string(&place), "基本方針 1 (1) ①");
    policy_free(policy);
}

static void every_clause_is_on_exactly_one_page(void **state)
{
    (void)state;
    AUTO_BUFFER text = {0};
    for (int i = 1; i <= 60; i++) {
        buffer_append_format(&text, "%d 節\n", i);
        for (int j = 1; j <= 60; j++)
            buffer_append_format(&text, "(%d) 市は、%d番目を守らなければならない。\n", j, j);
    }
    struct policy *policy = compile(buffer_string(&text));
    size_t pages = 0;
    for (size_t first = 0; first < policy->clause_count; pages++) {
        struct policy_page page = policy_page_of(policy, first);
        assert_int_equal(page.first, first);
        assert_true(page.end > first);
        assert_int_equal(policy->clauses[first].depth, 0);
        assert_int_equal(policy_page_of(policy, page.end - 1).first, first);
        first = page.end;
    }
    assert_true(pages > 1);
    policy_free(policy);
}

/* The pieces of one side, joined. */
static void side(json_t *pieces, const char *other, struct buffer *out)
{
    json_t *piece;
    size_t index;
    json_array_foreach(pieces, index, piece)
    {
        json_t *same = json_object_get(piece, "same");
        json_t *text = same ? same : json_object_get(piece, other);
        if (text)
            buffer_append_string(out, json_string_value(text));
    }
}

static void a_difference_holds_both_texts_and_marks_what_differs(void **state)
{
    (void)state;
    const char *old = "職員等は、毎年度1回、研修を受けなければならない。";
    const char *new = "職員等は、毎年度2回以上、研修を受けることとする。";
    json_t *pieces = policy_difference(bytes_of_string(old), bytes_of_string(new));
    AUTO_BUFFER left = {0}, right = {0};
    side(pieces, "gone", &left);
    side(pieces, "came", &right);
    assert_string_equal(buffer_string(&left), old);
    assert_string_equal(buffer_string(&right), new);
    assert_string_equal(json_string_value(json_object_get(json_array_get(pieces, 0), "same")),
                        "職員等は、毎年度");
    json_decref(pieces);
}

static void equal_texts_have_no_difference(void **state)
{
    (void)state;
    json_t *pieces = policy_difference(bytes_of_string("同じ"), bytes_of_string("同じ"));
    assert_int_equal(json_array_size(pieces), 1);
    assert_non_null(json_object_get(json_array_get(pieces, 0), "same"));
    json_decref(pieces);
}

static void numbers_differ_as_a_whole(void **state)
{
    (void)state;
    json_t *pieces =
        policy_difference(bytes_of_string("長さ12文字"), bytes_of_string("長さ142文字"));
    assert_string_equal(json_string_value(json_object_get(json_array_get(pieces, 1), "gone")),
                        "12");
    assert_string_equal(json_string_value(json_object_get(json_array_get(pieces, 2), "came")),
                        "142");
    json_decref(pieces);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_heading_and_its_text_are_told_apart_as_printed),
        cmocka_unit_test(lines_cut_by_the_margin_are_joined_and_short_ones_stay),
        cmocka_unit_test(a_place_is_cited_by_part_and_markers),
        cmocka_unit_test(every_clause_is_on_exactly_one_page),
        cmocka_unit_test(a_difference_holds_both_texts_and_marks_what_differs),
        cmocka_unit_test(equal_texts_have_no_difference),
        cmocka_unit_test(numbers_differ_as_a_whole),
    };
    return cmocka_run_group_tests_name("policy_text", tests, NULL, NULL);
}
