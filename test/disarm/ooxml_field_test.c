/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Word fields: which stay, and how one is followed over its pieces. */
#include "test.h"

#include "disarm/format/ooxml_field.h"
#include "disarm/format/ooxml_url.h"

static bool safe(const char *code)
{
    return ooxml_field_safe(bytes_of_string(code), SIZE_MAX);
}

static void ooxml_field_keeps_harmless_fields(void **state)
{
    (void)state;
    static const char *const list[] = {
        " PAGE ",
        "NUMPAGES   \\* MERGEFORMAT",
        "TOC \\o \"1-3\" \\h \\z \\u",
        "EQ \\* jc2 \\o\\ad(\\s\\up 9(x),y)",
        "= SUM(ABOVE)",
        "=1+2",
        "HYPERLINK \"https://example.org/\" \\o \"tip\"",
        "HYPERLINK https://example.org/",
        "HYPERLINK \\l \"bookmark\"",
        "hyperlink \"mailto:a@example.org\" \\t \"_blank\"",
        "PAGEREF _Toc1 \\h",
        "FORMCHECKBOX",
        "",
        "USERNAME",
        "ADDRESSBLOCK \\f",
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        if (!safe(list[i]))
            fail_msg("%s", list[i]);
    }
}

static void ooxml_field_refuses_fields_that_reach_out(void **state)
{
    (void)state;
    static const char *const list[] = {
        "DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe \"/k calc\"",
        " dde excel x",
        "INCLUDEPICTURE \"http://example.org/x.png\"",
        "INCLUDETEXT \"\\\\\\\\server\\\\x\"",
        "LINK Excel.Sheet.12 x",
        "MACROBUTTON x y",
        "IMPORT x",
        "HYPERLINK \"file:///c:/x\"",
        "HYPERLINK \"\\\\\\\\server\\\\x\"",
        "HYPERLINK \\o \"tip\" \"javascript:x\"",
        "SomeBookmark",
        "\"DDE\"",
        "DATABASE x",
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        if (safe(list[i]))
            fail_msg("%s", list[i]);
    }
}

static void ooxml_field_refuses_a_name_put_together_by_other_fields(void **state)
{
    (void)state;
    assert_false(ooxml_field_safe(bytes_of_string(" "), 1));
    assert_false(ooxml_field_safe(bytes_of_string("IF"), 2));
    assert_true(ooxml_field_safe(bytes_of_string(" IF  = 1 \"a\" \"b\""), 4));
    assert_false(ooxml_field_safe(bytes_of_string("HYPERLINK \"http://a/\""), 11));
}

static void ooxml_field_judges_code_that_comes_in_pieces(void **state)
{
    (void)state;
    struct ooxml_field_tracker tracker = {0};
    for (int reading = 0; reading < 2; reading++) {
        enum ooxml_field_verdict expected = reading ? OOXML_FIELD_DROP : OOXML_FIELD_KEEP;
        assert_int_equal(ooxml_field_char(&tracker, "begin"), OOXML_FIELD_KEEP);
        ooxml_field_code(&tracker, bytes_of_string("PAGE"));
        assert_int_equal(ooxml_field_char(&tracker, "separate"), OOXML_FIELD_KEEP);
        assert_int_equal(ooxml_field_char(&tracker, "end"), OOXML_FIELD_KEEP);
        assert_int_equal(ooxml_field_char(&tracker, "begin"), expected);
        ooxml_field_code(&tracker, bytes_of_string("DDE"));
        ooxml_field_code(&tracker, bytes_of_string("AUTO x"));
        assert_int_equal(ooxml_field_hidden(&tracker), reading);
        assert_int_equal(ooxml_field_char(&tracker, "separate"), expected);
        assert_false(ooxml_field_hidden(&tracker));
        assert_int_equal(ooxml_field_char(&tracker, "end"), expected);
        ooxml_field_finish(&tracker);
        assert_int_equal(tracker.bad_count, 1);
        assert_int_equal(tracker.bad[0], 1);
    }
    ooxml_field_free(&tracker);
}

static void ooxml_field_refuses_a_field_that_never_ends(void **state)
{
    (void)state;
    struct ooxml_field_tracker tracker = {0};
    ooxml_field_char(&tracker, "begin");
    ooxml_field_code(&tracker, bytes_of_string("PAGE"));
    ooxml_field_finish(&tracker);
    assert_int_equal(tracker.bad_count, 1);
    ooxml_field_free(&tracker);
}

static void ooxml_url_lets_web_and_mail_pass_only(void **state)
{
    (void)state;
    assert_true(ooxml_url_safe(bytes_of_string("HTTPS://example.org")));
    assert_true(ooxml_url_safe(bytes_of_string("mailto:a@example.org")));
    assert_false(ooxml_url_safe(bytes_of_string("http:///x")));
    assert_false(ooxml_url_safe(bytes_of_string("http://\\\\x")));
    assert_false(ooxml_url_safe(bytes_of_string(" http://x")));
    assert_false(ooxml_url_safe(bytes_of_string("http://x\n")));
    assert_false(ooxml_url_safe(bytes_of_string("ms-msdt:/id")));
    assert_false(ooxml_url_safe(bytes_of_string("file://x")));
    assert_true(ooxml_action_safe(bytes_of_string("ppaction://hlinkshowjump?jump=nextslide")));
    assert_false(ooxml_action_safe(bytes_of_string("ppaction://program")));
    assert_false(ooxml_action_safe(bytes_of_string("ppaction://macro?name=x")));
    assert_true(ooxml_location_safe(bytes_of_string("'Sheet 1'!A1")));
    assert_false(ooxml_location_safe(bytes_of_string("[1]Sheet!A1")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ooxml_field_keeps_harmless_fields),
        cmocka_unit_test(ooxml_field_refuses_fields_that_reach_out),
        cmocka_unit_test(ooxml_field_refuses_a_name_put_together_by_other_fields),
        cmocka_unit_test(ooxml_field_judges_code_that_comes_in_pieces),
        cmocka_unit_test(ooxml_field_refuses_a_field_that_never_ends),
        cmocka_unit_test(ooxml_url_lets_web_and_mail_pass_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
