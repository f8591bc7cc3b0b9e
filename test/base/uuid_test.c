/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/uuid.h"

static void a_name_gives_the_uuid_that_other_programs_give(void **state)
{
    (void)state;
    char text[UUID_TEXT];
    uuid_of_uri(bytes_of_string("http://example.com/"), text); /* Python's uuid.uuid5 */
    assert_string_equal(text, "0a300ee9-f9e4-5697-a51a-efc7fafaba67");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_gives_the_uuid_that_other_programs_give),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
