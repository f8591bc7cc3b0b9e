/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "policy/marker.h"

static void expect(const char *line, enum marker_kind kind, unsigned value, const char *printed)
{
    struct marker marker;
    assert_true(marker_read(bytes_of_string(line), &marker));
    assert_int_equal(marker.kind, kind);
    assert_int_equal(marker.value, value);
    assert_string_equal(marker.printed, printed);
}

static void marker_reads_every_kind_in_either_width(void **state)
{
    (void)state;
    expect("第1章 総則", MARKER_CHAPTER, 1, "第1章");
    expect("第十二条　目的", MARKER_ARTICLE, 12, "第12条");
    expect("第3条の2 特例", MARKER_ARTICLE, 3, "第3条の2");
    expect("第１条（目的）", MARKER_ARTICLE, 1, "第1条");
    expect("３ 対象", MARKER_NUMBER, 3, "3");
    expect("10. 策定", MARKER_NUMBER, 10, "10");
    expect("1.2 範囲", MARKER_NUMBER2, 2, "1.2");
    expect("(4) 運用", MARKER_PAREN, 4, "(4)");
    expect("（１２）用語", MARKER_PAREN, 12, "(12)");
    expect("①ネットワーク", MARKER_CIRCLED, 1, "①");
    expect("㉑ 利用", MARKER_CIRCLED, 21, "㉑");
    expect("Ⓐ 担当者", MARKER_CIRCLED, 1, "Ⓐ");
    expect("ア 記録", MARKER_KANA, 1, "ア");
    expect("(イ) 記録", MARKER_PAREN_KANA, 2, "(イ)");
    expect("Ⅳ その他", MARKER_ROMAN, 4, "Ⅳ");
    expect("・ 項目", MARKER_DOT, 0, "・");
    expect("二 次の者", MARKER_KANJI, 2, "2");
    expect("附 則", MARKER_CLOSING, 1, "附則");
    expect("別表第２（第３条関係）", MARKER_CLOSING, 2, "別表第2");
    expect("様式第1号 申請書", MARKER_CLOSING, 1, "様式第1号");
    expect("第３ 取扱い", MARKER_ARTICLE, 3, "第3");
}

static void marker_is_not_read_out_of_a_sentence(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "2名以上で作業する",    "3の脅威から守る", "1階に置く",      "アクセスを許可する",
        "一定の期間保存する",   "第三者に渡す",    "①の規定による",  "令和8年4月",
        "別表第１の区分に従う", "様式を定める",    "第３の者に渡す",
    };
    struct marker marker;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_false(marker_read(bytes_of_string(lines[i]), &marker));
}

static void marker_of_a_table_row_may_be_ascii(void **state)
{
    (void)state;
    struct marker marker;
    assert_true(marker_read_table_row(bytes_of_string("III 公開する情報"), &marker));
    assert_int_equal(marker.value, 3);
    assert_string_equal(marker.printed, "Ⅲ");
    assert_false(marker_read_table_row(bytes_of_string("IoT 機器"), &marker));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marker_reads_every_kind_in_either_width),
        cmocka_unit_test(marker_is_not_read_out_of_a_sentence),
        cmocka_unit_test(marker_of_a_table_row_may_be_ascii),
    };
    return cmocka_run_group_tests_name("marker", tests, NULL, NULL);
}
