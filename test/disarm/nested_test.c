/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <stdio.h>

#include "disarm/format/format.h"

struct scene {
    struct disarm_options options;
    struct receipt receipt;
    struct job_usage usage;
    struct job job;
    struct buffer out;
    struct error error;
    const struct format *made;
};

static int set_scene(void **state)
{
    static struct scene scene;
    scene = (struct scene){.options = disarm_default_options};
    scene.job = (struct job){.options = &scene.options,
                             .receipt = &scene.receipt,
                             .usage = &scene.usage,
                             .path = "outer.zip",
                             .format = format_find("zip")};
    buffer_append_string(&scene.out, "before ");
    *state = &scene;
    return 0;
}

static int clear_scene(void **state)
{
    struct scene *scene = *state;
    receipt_clear(&scene->receipt);
    buffer_free(&scene->out);
    return 0;
}

static int disarm(struct scene *scene, const char *name, const char *content)
{
    return job_disarm_nested(&scene->job, name, name, bytes_of_string(content), &scene->out,
                             &scene->made, &scene->error);
}

static bool made_nothing(struct scene *scene)
{
    return bytes_equal_string(buffer_bytes(&scene->out), "before ") &&
           scene->receipt.row_count == 1 && scene->receipt.rows[0].action == RECEIPT_DROPPED &&
           !strcmp(scene->receipt.rows[0].reason, scene->error.code);
}

static void nested_file_is_disarmed_behind_what_is_there(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(disarm(scene, "memo.txt", "hello\n"), 0);
    assert_true(bytes_equal_string(buffer_bytes(&scene->out), "before hello\n"));
    assert_string_equal(scene->made->name, "text");
    assert_int_equal(scene->job.depth, 0);
}

static void nested_failure_leaves_only_its_row(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(disarm(scene, "tool.exe", "MZ program"), -1);
    assert_string_equal(scene->error.code, "format_not_supported");
    assert_string_equal(scene->error.where, "outer.zip/tool.exe");
    assert_true(made_nothing(scene));
    assert_string_equal(scene->receipt.rows[0].path, "outer.zip/tool.exe");
    assert_int_equal(scene->receipt.rows[0].bytes_in, strlen("MZ program"));
}

static void nested_disguise_is_refused_unless_allowed(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(disarm(scene, "photo.txt", "\x89PNG\r\n\x1A\n"), -1);
    assert_string_equal(scene->error.code, "type_mismatch");
    assert_true(made_nothing(scene));
    scene->options.allow_mismatch = true;
    assert_int_equal(disarm(scene, "photo.txt", "\x89PNG\r\n\x1A\n"), -1);
    assert_string_not_equal(scene->error.code, "type_mismatch");
}

static void declared_media_type_that_lies_gets_a_row(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(job_disarm_attachment(&scene->job, "memo.txt", "memo.txt", "image/png; a=b",
                                           bytes_of_string("hello\n"), &scene->out, &scene->made,
                                           &scene->error),
                     0);
    assert_string_equal(scene->receipt.rows[0].reason, "type_mismatch");
}

static void nesting_has_a_limit(void **state)
{
    struct scene *scene = *state;
    scene->options.limits.depth = 2;
    scene->job.depth = 1;
    assert_int_equal(disarm(scene, "memo.txt", "hello\n"), 0);
    scene->job.depth = 2;
    assert_int_equal(disarm(scene, "memo2.txt", "hello\n"), -1);
    assert_string_equal(scene->error.code, "limit_depth");
}

static void picture_place_takes_pictures_only(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(job_disarm_picture(&scene->job, "image1.png", bytes_of_string("hello\n"),
                                        &scene->out, &scene->made, &scene->error),
                     -1);
    assert_string_equal(scene->error.code, "not_a_picture");
    assert_string_equal(scene->receipt.rows[0].kind, "picture");
    assert_true(made_nothing(scene));
}

static void treatment_that_is_not_offered_is_refused(void **state)
{
    struct scene *scene = *state;
    scene->options.treatment = DISARM_FLATTEN;
    assert_int_equal(disarm(scene, "memo.txt", "hello\n"), -1);
    assert_string_equal(scene->error.code, "treatment_not_offered");
}

int main(void)
{
#define NESTED_TEST(name) cmocka_unit_test_setup_teardown(name, set_scene, clear_scene)
    const struct CMUnitTest tests[] = {
        NESTED_TEST(nested_file_is_disarmed_behind_what_is_there),
        NESTED_TEST(nested_failure_leaves_only_its_row),
        NESTED_TEST(nested_disguise_is_refused_unless_allowed),
        NESTED_TEST(declared_media_type_that_lies_gets_a_row),
        NESTED_TEST(nesting_has_a_limit),
        NESTED_TEST(picture_place_takes_pictures_only),
        NESTED_TEST(treatment_that_is_not_offered_is_refused),
    };
    return cmocka_run_group_tests_name("nested", tests, NULL, NULL);
}
