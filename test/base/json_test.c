/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/json.h"

static void json_puts_commas_and_escapes_in(void **state)
{
    (void)state;
    AUTO_BUFFER out = {0};
    struct json_writer json = json_writer_open(&out);
    json_begin_object(&json);
    json_member_string(&json, "a\"b", "line\n\x01\\");
    json_key(&json, "list");
    json_begin_array(&json);
    json_unsigned(&json, UINT64_MAX);
    json_signed(&json, -5);
    json_truth(&json, true);
    json_text(&json, NULL);
    json_begin_object(&json);
    json_end_object(&json);
    json_end_array(&json);
    json_end_object(&json);
    assert_string_equal(buffer_string(&out), "{\"a\\\"b\":\"line\\n\\u0001\\\\\","
                                             "\"list\":[18446744073709551615,-5,true,null,{}]}");
}

static void json_replaces_bytes_that_are_not_utf8(void **state)
{
    (void)state;
    AUTO_BUFFER out = {0};
    struct json_writer json = json_writer_open(&out);
    json_text(&json, "\xE9\x96\xA2\xFF\xE6");
    assert_string_equal(buffer_string(&out), "\"関\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_puts_commas_and_escapes_in),
        cmocka_unit_test(json_replaces_bytes_that_are_not_utf8),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
