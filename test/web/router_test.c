/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which route answers, which language is chosen, how much one address may ask. */
#include "web/router.h"

#include <string.h>

#include "base/time.h"
#include "test.h"
#include "web/flood.h"
#include "web/request_internal.h"

static const struct route routes[] = {
    {.pattern = "/", .method = "GET"},
    {.pattern = "/a/{}", .method = "GET"},
    {.pattern = "/a/{}/b/{}", .method = "POST"},
    {.pattern = "/static/*", .method = "GET"},
};

static struct route_match find(const char *method, const char *path)
{
    return router_find(routes, sizeof routes / sizeof *routes, method, path);
}

static void router_reads_numbers_out_of_paths(void **state)
{
    (void)state;
    struct route_match match = find("POST", "/a/17/b/900000000000000000");
    assert_ptr_equal(match.route, &routes[2]);
    assert_int_equal(match.numbers[0], 17);
    assert_int_equal(match.numbers[1], 900000000000000000);
    assert_ptr_equal(find("HEAD", "/a/1").route, &routes[1]);
}

static void router_refuses_what_is_no_number(void **state)
{
    static const char *const paths[] = {
        "/a/", "/a/0", "/a/01", "/a/-1", "/a/x", "/a/1x", "/a/1/", "/a/1000000000000000000",
        "",    "//",
    };
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_null(find("GET", paths[i]).route);
}

static void router_takes_only_a_last_part_for_a_star(void **state)
{
    (void)state;
    assert_string_equal(find("GET", "/static/sekisho.css").rest, "sekisho.css");
    assert_null(find("GET", "/static/").route);
    assert_null(find("GET", "/static/../x").route);
}

static void router_tells_another_method_from_nothing(void **state)
{
    (void)state;
    assert_true(find("POST", "/").other_method);
    assert_false(find("POST", "/nothing").other_method);
}

/* As bytes: strictly, so that no address and method stands twice. */
static void the_table_of_addresses_is_sorted(void **state)
{
    (void)state;
    assert_true(web_route_count > 100);
    for (size_t i = 1; i < web_route_count; i++) {
        const struct route *before = &web_routes[i - 1], *route = &web_routes[i];
        int order = strcmp(before->pattern, route->pattern);
        if (order > 0 || (order == 0 && strcmp(before->method, route->method) >= 0))
            fail_msg("%s %s stands behind %s %s", route->method, route->pattern, before->method,
                     before->pattern);
    }
}

static void language_follows_the_weights(void **state)
{
    (void)state;
    assert_int_equal(language_accepted(NULL), LANGUAGE_JA);
    assert_int_equal(language_accepted("fr"), LANGUAGE_JA);
    assert_int_equal(language_accepted("en-GB,en;q=0.9"), LANGUAGE_EN);
    assert_int_equal(language_accepted("ja,en;q=0.8"), LANGUAGE_JA);
    assert_int_equal(language_accepted("ja;q=0.3, en;q=0.8"), LANGUAGE_EN);
    assert_int_equal(language_accepted("en;q=,ja;q=1.000"), LANGUAGE_JA);
}

static void secrets_are_long_and_differ(void **state)
{
    char a[WEB_SECRET_SIZE], b[WEB_SECRET_SIZE];
    (void)state;
    secret_make(a);
    secret_make(b);
    assert_int_equal(strlen(a), WEB_SECRET_SIZE - 1);
    assert_true(secret_equal(a, a));
    assert_false(secret_equal(a, b));
    assert_false(secret_equal("", ""));
}

static void flood_stops_one_address_and_lets_it_in_again(void **state)
{
    struct flood *flood = flood_make(10, 20);
    struct bytes address = bytes_of_string("192.0.2.1");
    int64_t now = 1000 * TIME_SECOND;
    (void)state;
    for (int i = 0; i < 20; i++)
        assert_true(flood_allow(flood, address, now));
    assert_false(flood_allow(flood, address, now));
    assert_true(flood_allow(flood, address, now + TIME_SECOND / 10));
    assert_false(flood_allow(flood, address, now + TIME_SECOND / 10));
    flood_free(flood);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(router_reads_numbers_out_of_paths),
        cmocka_unit_test(router_refuses_what_is_no_number),
        cmocka_unit_test(router_takes_only_a_last_part_for_a_star),
        cmocka_unit_test(router_tells_another_method_from_nothing),
        cmocka_unit_test(the_table_of_addresses_is_sorted),
        cmocka_unit_test(language_follows_the_weights),
        cmocka_unit_test(secrets_are_long_and_differ),
        cmocka_unit_test(flood_stops_one_address_and_lets_it_in_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
