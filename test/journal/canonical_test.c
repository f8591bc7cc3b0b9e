/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "journal/canonical.h"

/* Numbers of RFC 8785 appendix B, by their IEEE 754 bits. */
static const struct {
    uint64_t bits;
    const char *text;
} numbers[] = {
    {0x0000000000000000, "0"},
    {0x8000000000000000, "0"},
    {0x0000000000000001, "5e-324"},
    {0x8000000000000001, "-5e-324"},
    {0x7fefffffffffffff, "1.7976931348623157e+308"},
    {0xffefffffffffffff, "-1.7976931348623157e+308"},
    {0x4340000000000000, "9007199254740992"},
    {0xc340000000000000, "-9007199254740992"},
    {0x4430000000000000, "295147905179352830000"},
    {0x44b52d02c7e14af5, "9.999999999999997e+22"},
    {0x44b52d02c7e14af6, "1e+23"},
    {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
    {0x444b1ae4d6e2ef4e, "999999999999999700000"},
    {0x444b1ae4d6e2ef4f, "999999999999999900000"},
    {0x444b1ae4d6e2ef50, "1e+21"},
    {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
    {0x3eb0c6f7a0b5ed8d, "0.000001"},
    {0x41b3de4355555553, "333333333.3333332"},
    {0x41b3de4355555554, "333333333.33333325"},
    {0x41b3de4355555555, "333333333.3333333"},
    {0x41b3de4355555556, "333333333.3333334"},
    {0x41b3de4355555557, "333333333.33333343"},
    {0xbecbf647612f3696, "-0.0000033333333333333333"},
    {0x43143ff3c1cb0959, "1424953923781206.2"},
};

static void canonical_writes_the_numbers_of_the_standard(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        double number;
        memcpy(&number, &numbers[i].bits, sizeof number);
        AUTO_BUFFER out = {0};
        canonical_append_number(&out, number);
        assert_string_equal(buffer_string(&out), numbers[i].text);
    }
}

static void canonical_writes_the_example_of_the_standard(void **state)
{
    (void)state;
    /* RFC 8785 section 3.2.2 and 3.2.3 */
    const char *input =
        "{\n  \"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3, "
        "0.000000000000000000000000001],\n"
        "  \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
        "  \"literals\": [null, true, false]\n}";
    const char *expected = "{\"literals\":[null,true,false],"
                           "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                           "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
    json_t *value = json_loads(input, 0, NULL);
    assert_non_null(value);
    AUTO_BUFFER out = {0};
    assert_int_equal(canonical_append(&out, value, NULL), 0);
    assert_string_equal(buffer_string(&out), expected);
    json_decref(value);
}

static void canonical_sorts_names_by_utf16(void **state)
{
    (void)state;
    /* RFC 8785 section 3.2.3: CR, 1, U+0080, ö, €, U+1F600, U+FB33 */
    const char *input = "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,"
                        "\"\\u0080\":6,\"\\u00f6\":7,\"\":8,\"11\":9}";
    const char *expected = "{\"\":8,\"\\r\":2,\"1\":4,\"11\":9,\"\xC2\x80\":6,\"ö\":7,\"€\":1,"
                           "\"😀\":5,\"\xEF\xAC\xB3\":3}";
    json_t *value = json_loads(input, 0, NULL);
    assert_non_null(value);
    AUTO_BUFFER out = {0};
    assert_int_equal(canonical_append(&out, value, NULL), 0);
    assert_string_equal(buffer_string(&out), expected);
    json_decref(value);
}

static void canonical_refuses_integers_that_a_double_cannot_hold(void **state)
{
    (void)state;
    AUTO_BUFFER out = {0};
    struct error error;
    json_t *value = json_integer(INT64_C(9007199254740991));
    assert_int_equal(canonical_append(&out, value, &error), 0);
    json_integer_set(value, INT64_C(9007199254740992));
    assert_int_equal(canonical_append(&out, value, &error), -1);
    assert_string_equal(error.code, "journal_not_canonical");
    json_decref(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_writes_the_numbers_of_the_standard),
        cmocka_unit_test(canonical_writes_the_example_of_the_standard),
        cmocka_unit_test(canonical_sorts_names_by_utf16),
        cmocka_unit_test(canonical_refuses_integers_that_a_double_cannot_hold),
    };
    return cmocka_run_group_tests_name("canonical", tests, NULL, NULL);
}
