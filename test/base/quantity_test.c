/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amounts as people read them. */
#include "base/quantity.h"

#include "test.h"

static void quantity_writes_sizes_as_file_managers_do(void **state)
{
    static const struct {
        uint64_t bytes;
        const char *shown;
    } cases[] = {
        {0, "0 B"},       {999, "999 B"},      {1000, "1.0 KB"},    {1536, "1.5 KB"},
        {20480, "20 KB"}, {1048575, "1.0 MB"}, {52428800, "50 MB"}, {UINT64_C(3) << 30, "3.0 GB"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_BUFFER out = {0};
        quantity_append_bytes(&out, cases[i].bytes);
        assert_string_equal(buffer_string(&out), cases[i].shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantity_writes_sizes_as_file_managers_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
