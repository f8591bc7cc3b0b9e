/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/encoding.h"
#include "disarm/format/character.h"
#include "treat.h"

/* Rebuilds a text and expects these bytes. */
static void assert_text(struct bytes in, struct bytes expected)
{
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "text", in), 0);
    assert_int_equal(treated.out.length, expected.length);
    assert_memory_equal(treated.out.data, expected.data, expected.length);
    treated_close(&treated);
}

static void assert_unchanged(const char *text)
{
    assert_text(bytes_of_string(text), bytes_of_string(text));
}

static void text_keeps_honest_text(void **state)
{
    (void)state;
    assert_unchanged("");
    assert_unchanged("みほん市\tお知らせ\r\n次の行\n\f次の頁");
    assert_unchanged("\xEF\xBB\xBF"
                     "目印のある文");
    assert_unchanged("\x82\xDD\x82\xD9\x82\xF1\x8E\x73\x87\x40\x0D\x0A"); /* CP932 */
    assert_unchanged("\x1B$B$_$[$s;T\x1B(B\n");                           /* ISO-2022-JP */
    assert_unchanged("\xA4\xDF\xA4\xDB\xA4\xF3\xBB\xD4\n");               /* EUC-JP */
}

static void text_drops_control_characters(void **state)
{
    (void)state;
    const uint8_t in[] = "a\0b\x07"
                         "c\x1B[31md\x7F"
                         "e\x1A";
    assert_text((struct bytes){in, sizeof in - 1}, bytes_of_string("abc[31mde"));
}

static void text_drops_direction_overrides_with_a_row(void **state)
{
    (void)state;
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "text", bytes_of_string("請求書\u202Efdp.exe\u2066x\u2069")),
                     0);
    assert_string_equal(buffer_string(&treated.out), "請求書fdp.exex");
    assert_true(treated_says(&treated, "direction_character", "direction_character"));
    treated_close(&treated);
}

static void text_drops_hidden_text_in_tags_and_selectors(void **state)
{
    (void)state;
    assert_text(bytes_of_string("あ\U000E0041\U000E0042い\uFE0F\uFE0E\uFE0Eう\u200Bえ\uFEFF"),
                bytes_of_string("あい\uFE0Fうえ"));
}

static void text_keeps_variation_sequences_and_joined_pictographs(void **state)
{
    (void)state;
    assert_unchanged("葛\U000E0100城市 辻\U000E0101 \U0001F468\u200D\U0001F469 \u2764\uFE0F");
    assert_text(bytes_of_string("a\u200Db\u200D\u200D"), bytes_of_string("ab"));
}

static void text_replaces_bytes_without_meaning(void **state)
{
    (void)state;
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "text",
                           bytes_of_string("これは途中で切れた長めの文章です。読めない所\xE3\x81")),
                     0);
    assert_true(treated_says(&treated, "undecodable", "undecodable"));
    assert_non_null(strstr(buffer_string(&treated.out), "所\uFFFD"));
    treated_close(&treated);
}

static void text_refuses_what_is_no_text(void **state)
{
    (void)state;
    uint8_t noise[512];
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)(i * 7 + (i >> 3));
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "text", (struct bytes){noise, sizeof noise}), -1);
    assert_int_equal(strncmp(treated.error.code, "text_", 5), 0);
    treated_close(&treated);
}

static void text_becomes_utf8_where_asked(void **state)
{
    (void)state;
    struct treated treated = treated_open(DISARM_REBUILD);
    treated.options.text_to_utf8 = true;
    assert_int_equal(treat(&treated, "text", bytes_of_string("\x82\xDD\x82\xD9\x82\xF1\x8E\x73")),
                     0);
    assert_string_equal(buffer_string(&treated.out), "みほん市");
    treated_close(&treated);
    treated = treated_open(DISARM_TEXT);
    assert_int_equal(treat(&treated, "csv", bytes_of_string("\x82\xDD\x82\xD9\x82\xF1\x8E\x73,1")),
                     0);
    assert_string_equal(buffer_string(&treated.out), "\xEF\xBB\xBFみほん市,1");
    assert_string_equal(treated.made->name, "text");
    treated_close(&treated);
}

static void text_keeps_wide_encodings(void **state)
{
    (void)state;
    AUTO_BUFFER wide = {0};
    encoding_append_mark(ENCODING_UTF16BE, &wide);
    encoding_from_utf8(ENCODING_UTF16BE, bytes_of_string("みほん市\r\n\U00020B9Fる"), &wide);
    assert_text(buffer_bytes(&wide), buffer_bytes(&wide));
}

static void text_verifier_finds_what_should_not_be_there(void **state)
{
    (void)state;
    struct error error = {0};
    struct verify_job job = {.limits = &disarm_default_limits};
    const struct format *text = format_find("text");
    const char *bad[] = {"a\x07",    "a\u202Eb",         "\uFE0Fa",
                         "a\u200Bb", "あ\u200D\u200Dい", "\xEF\xBB\xBF\xEF\xBB\xBFx"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(text->verify(&job, bytes_of_string(bad[i]), &error), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_keeps_honest_text),
        cmocka_unit_test(text_drops_control_characters),
        cmocka_unit_test(text_drops_direction_overrides_with_a_row),
        cmocka_unit_test(text_drops_hidden_text_in_tags_and_selectors),
        cmocka_unit_test(text_keeps_variation_sequences_and_joined_pictographs),
        cmocka_unit_test(text_replaces_bytes_without_meaning),
        cmocka_unit_test(text_refuses_what_is_no_text),
        cmocka_unit_test(text_becomes_utf8_where_asked),
        cmocka_unit_test(text_keeps_wide_encodings),
        cmocka_unit_test(text_verifier_finds_what_should_not_be_there),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
