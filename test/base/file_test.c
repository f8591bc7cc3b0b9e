/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "scratch.h"

/* The whole file as a C string in a buffer of the caller. */
static const char *content(struct buffer *out, const char *path)
{
    buffer_clear(out);
    assert_int_equal(file_read(path, 1 << 20, out, NULL), 0);
    return buffer_string(out);
}

static unsigned mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(lstat(path, &status), 0);
    return status.st_mode & 07777;
}

static void replacing_leaves_one_file_with_its_mode(void **state)
{
    const char *path = scratch_path(*state, "secret");
    AUTO_BUFFER read = {0};
    assert_int_equal(file_replace(path, bytes_of_string("first"), 0600, NULL), 0);
    assert_int_equal(file_replace(path, bytes_of_string("2nd"), 0640, NULL), 0);
    assert_string_equal(content(&read, path), "2nd");
    assert_int_equal(mode_of(path), 0640);
    assert_false(file_exists(scratch_path(*state, "secret.new")));
}

static void creating_never_overwrites(void **state)
{
    const char *path = scratch_path(*state, "key");
    struct error error = {0};
    assert_int_equal(file_create(path, bytes_of_string("a"), 0600, &error), 0);
    assert_int_equal(file_create(path, bytes_of_string("b"), 0600, &error), -1);
    assert_string_equal(error.code, "file_exists");
    AUTO_BUFFER read = {0};
    assert_string_equal(content(&read, path), "a");
}

static void a_copy_is_equal_and_whole(void **state)
{
    const char *from = scratch_path(*state, "from"), *to = scratch_path(*state, "to");
    AUTO_BUFFER big = {0}, read = {0};
    for (int i = 0; i < 300000; i++)
        buffer_append_byte(&big, (uint8_t)(i * 7));
    assert_int_equal(file_replace(from, buffer_bytes(&big), 0600, NULL), 0);
    assert_int_equal(file_copy(from, to, 0400, NULL), 0);
    content(&read, to);
    assert_true(bytes_equal(buffer_bytes(&read), buffer_bytes(&big)));
    assert_int_equal(mode_of(to), 0400);
}

static void errors_say_what_is_wrong(void **state)
{
    struct error error = {0};
    AUTO_BUFFER read = {0};
    assert_int_equal(file_read(scratch_path(*state, "absent"), 10, &read, &error), -1);
    assert_string_equal(error.code, "file_missing");
    assert_int_equal(
        file_replace(scratch_path(*state, "no/such"), bytes_of_string("x"), 0600, &error), -1);
    assert_string_equal(error.code, "file_missing");
    assert_int_equal(
        file_replace(scratch_path(*state, "long"), bytes_of_string("0123456789x"), 0600, &error),
        0);
    assert_int_equal(file_read(scratch_path(*state, "long"), 10, &read, &error), -1);
    assert_string_equal(error.code, "file_too_big");
    AUTO_FD full = file_open("/dev/full", O_WRONLY, 0, &error);
    assert_int_equal(file_write_all(full, bytes_of_string("x"), "/dev/full", &error), -1);
    assert_string_equal(error.code, "disk_full");
    assert_int_equal(file_replace("/proc/x", bytes_of_string("x"), 0600, &error), -1);
}

static void directories_are_for_their_owner_only(void **state)
{
    const char *path = scratch_path(*state, "a/b/c");
    assert_int_equal(file_make_directory(path, NULL), 0);
    assert_int_equal(file_make_directory(path, NULL), 0);
    assert_int_equal(mode_of(path), 0700);
    assert_int_equal(mode_of(scratch_path(*state, "a")), 0700);
    struct error error = {0};
    assert_int_equal(file_replace(scratch_path(*state, "plain"), bytes_of_string(""), 0600, NULL),
                     0);
    assert_int_equal(file_make_directory(scratch_path(*state, "plain"), &error), -1);
    assert_string_equal(error.code, "file_exists");
}

static int note_path(void *context, const char *path, const char *full, struct error *error)
{
    (void)full;
    (void)error;
    buffer_append_format(context, "%s ", path);
    return strcmp(path, "stop") == 0;
}

static void walking_visits_files_in_order_of_names(void **state)
{
    const char *names[] = {"z", "a/2", "a/10", "b"};
    assert_int_equal(file_make_directory(scratch_path(*state, "a"), NULL), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(
            file_create(scratch_path(*state, names[i]), bytes_of_string(""), 0600, NULL), 0);
    assert_int_equal(symlink("z", scratch_path(*state, "link")), 0);
    AUTO_BUFFER seen = {0};
    assert_int_equal(file_walk(scratch_root(*state), note_path, &seen, NULL), 0);
    assert_string_equal(buffer_string(&seen), "a/10 a/2 b z ");
    assert_int_equal(file_create(scratch_path(*state, "stop"), bytes_of_string(""), 0600, NULL), 0);
    assert_int_equal(file_walk(scratch_root(*state), note_path, &seen, NULL), 1);
    assert_string_equal(buffer_string(&seen), "a/10 a/2 b z a/10 a/2 b stop ");
}

static void removing_a_tree_follows_no_links(void **state)
{
    const char *tree = scratch_path(*state, "tree");
    assert_int_equal(file_make_directory(scratch_path(*state, "tree/a/b"), NULL), 0);
    assert_true(file_directory_empty(scratch_path(*state, "tree/a/b")));
    assert_int_equal(file_create(scratch_path(*state, "tree/a/x"), bytes_of_string(""), 0600, NULL),
                     0);
    assert_int_equal(file_create(scratch_path(*state, "outside"), bytes_of_string(""), 0600, NULL),
                     0);
    assert_int_equal(symlink("../..", scratch_path(*state, "tree/a/up")), 0);
    assert_false(file_directory_empty(tree));
    assert_int_equal(file_remove_tree(tree, NULL), 0);
    assert_int_equal(file_remove_tree(tree, NULL), 0);
    assert_false(file_exists(tree));
    assert_false(file_directory_empty(tree));
    assert_true(file_exists(scratch_path(*state, "outside")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(replacing_leaves_one_file_with_its_mode),
        scratch_unit_test(creating_never_overwrites),
        scratch_unit_test(a_copy_is_equal_and_whole),
        scratch_unit_test(errors_say_what_is_wrong),
        scratch_unit_test(directories_are_for_their_owner_only),
        scratch_unit_test(removing_a_tree_follows_no_links),
        scratch_unit_test(walking_visits_files_in_order_of_names),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
