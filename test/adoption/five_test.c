/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The five real policies, each by its short name, set up five different organizations. */
#include "fixture.h"

#include "adoption/setup.h"
#include "gate/zones.h"
#include "identity/scheme.h"

/* What an organization looks like afterwards: "from>to" with ! nothing, m a medium, o open. */
static const struct {
    const char *name, *file;
    size_t zones, levels;
    const char *passages;
} bodies[] = {
    {"saga", "000_aa955dda46218879.txt", 2, 5, "internet>mynumber! mynumber>internet!"},
    {"higashiyamato", "001_16540b5d596f08db.txt", 3, 5,
     "internet>lgwan:o internet>mynumber! lgwan>internet:o lgwan>mynumber! mynumber>internet! "
     "mynumber>lgwan!"},
    {"munakata", "002_b102670139c47bd4.txt", 3, 5,
     "internet>lgwan:o internet>mynumber! lgwan>internet:o lgwan>mynumber! mynumber>internet! "
     "mynumber>lgwan!"},
    {"sunagawa", "003_9a0816a1b8140b62.txt", 3, 5,
     "internet>lgwan:o internet>mynumber! lgwan>internet:o lgwan>mynumber! mynumber>internet! "
     "mynumber>lgwan!"},
    {"miyazaki", "004_f11d439311b21e78.txt", 3, 4,
     "internet>mynumber! internet>standard-system:m mynumber>internet! mynumber>standard-system:m "
     "standard-system>internet:o standard-system>mynumber:m"},
};
enum { BODIES = sizeof bodies / sizeof *bodies };

/* False when the policies are not beside the source; then CI fails and others skip. */
static bool read_policy(const char *file, struct buffer *text)
{
    AUTO_BUFFER path = {0};
    buffer_append_format(&path, "%s/../shared/policies/%s", getenv("SEKISHO_SOURCE"), file);
    if (file_exists(buffer_string(&path)))
        return file_read(buffer_string(&path), 1 << 24, text, &error) == 0;
    const char *ci = getenv("CI");
    if (ci && strcmp(ci, "true") == 0)
        fail_msg("%s is not there", file);
    return false;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The passages of all pairs of zones, sorted. */
static void append_passages(struct store *store, struct buffer *out)
{
    struct gate_zone zones[8];
    struct gate_conduit conduits[64];
    size_t zone_count, conduit_count, pairs = 0;
    char *list[64];
    expect_ok(gate_zone_list(store, zones, 8, &zone_count, &error), &error);
    expect_ok(gate_conduit_list(store, NULL, conduits, 64, &conduit_count, &error), &error);
    for (size_t i = 0; i < zone_count; i++)
        for (size_t k = 0; k < zone_count; k++) {
            const char *passage = "!";
            for (size_t c = 0; c < conduit_count; c++)
                if (!strcmp(conduits[c].source, zones[i].id) &&
                    !strcmp(conduits[c].destination, zones[k].id) && conduits[c].open)
                    passage = conduits[c].medium_only ? ":m" : ":o";
            if (i != k)
                assert_true(asprintf(&list[pairs++], "%s>%s%s", zones[i].id, zones[k].id, passage) >
                            0);
        }
    qsort(list, pairs, sizeof *list, by_text);
    for (size_t i = 0; i < pairs; i++) {
        buffer_append_format(out, "%s%s", i ? " " : "", list[i]);
        free(list[i]);
    }
}

static void walk(void *state, size_t body)
{
    AUTO_BUFFER text = {0}, passages = {0};
    if (!read_policy(bodies[body].file, &text)) {
        skip();
        return;
    }
    struct store *store = fixture_store(state);
    struct identity_level levels[IDENTITY_LEVELS];
    struct gate_zone zones[8];
    size_t count;
    int64_t version = fixture_store_text(store, buffer_bytes(&text));
    expect_ok(fixture_try_adopt(store, version, "2026-04-01"), &error);
    expect_ok(adoption_apply(store, &act, version, false, &error), &error);
    expect_ok(gate_zone_list(store, zones, 8, &count, &error), &error);
    assert_int_equal(count, bodies[body].zones);
    append_passages(store, &passages);
    assert_string_equal(buffer_string(&passages), bodies[body].passages);
    expect_ok(identity_levels(store, levels, &count, &error), &error);
    assert_int_equal(count, bodies[body].levels);
    store_close(store);
}

static void saga_has_two_zones_and_nothing_between(void **state)
{
    walk(*state, 0);
}

static void higashiyamato_has_three_tiers(void **state)
{
    walk(*state, 1);
}

static void munakata_has_three_tiers(void **state)
{
    walk(*state, 2);
}

static void sunagawa_has_three_tiers(void **state)
{
    walk(*state, 3);
}

static void miyazaki_takes_only_media_into_its_standard_system(void **state)
{
    walk(*state, 4);
}

/* Everything that a plan sets up, in one text. */
static void append_plan(const char *file, struct buffer *out)
{
    AUTO_BUFFER text = {0};
    struct adoption_plan plan;
    if (!read_policy(file, &text))
        return;
    struct policy *policy = policy_compile(buffer_bytes(&text), &error);
    assert_non_null(policy);
    adoption_plan_make(policy, &plan);
    for (size_t i = 0; i < plan.count; i++)
        buffer_append_format(out, "%s=%s\n", plan.items[i].key, plan.items[i].value);
    adoption_plan_free(&plan);
    policy_free(policy);
}

static void no_two_of_the_five_are_set_up_alike(void **state)
{
    (void)state;
    struct buffer plans[BODIES] = {{0}};
    for (size_t i = 0; i < BODIES; i++)
        append_plan(bodies[i].file, &plans[i]);
    bool there = plans[0].length > 0;
    for (size_t i = 0; there && i < BODIES; i++)
        for (size_t k = 0; k < i; k++)
            assert_false(bytes_equal(buffer_bytes(&plans[i]), buffer_bytes(&plans[k])));
    for (size_t i = 0; i < BODIES; i++)
        buffer_free(&plans[i]);
    if (!there)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(saga_has_two_zones_and_nothing_between),
        scratch_unit_test(higashiyamato_has_three_tiers),
        scratch_unit_test(munakata_has_three_tiers),
        scratch_unit_test(sunagawa_has_three_tiers),
        scratch_unit_test(miyazaki_takes_only_media_into_its_standard_system),
        cmocka_unit_test(no_two_of_the_five_are_set_up_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
