/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "store/backup.h"
#include "store/outbox.h"
#include "store/record.h"
#include "store/sealing.h"

/* An organization with the given number of changes, each with an entry and a blob. */
static void work(const char *directory, int from, int to)
{
    struct store *store;
    struct error error;
    expect_ok(store_open(directory, &store, &error), &error);
    for (int i = from; i < to; i++) {
        struct store_blob_writer *writer;
        AUTO_BUFFER name = {0};
        buffer_append_format(&name, "thing/%d", i);
        struct store_entry entry = {.action = "test.change", .object = buffer_string(&name)};
        expect_ok(store_blob_begin(store, &writer, &error), &error);
        expect_ok(store_blob_write(writer, buffer_bytes(&name), &error), &error);
        expect_ok(store_blob_finish(writer, NULL, NULL, &error), &error);
        expect_ok(store_begin(store, &error), &error);
        expect_ok(store_blob_keep(writer, buffer_string(&name), 0, &error), &error);
        expect_ok(store_run(store, STATEMENT_SETTING_SET,
                            STORE_VALUES(store_text(buffer_string(&name)), store_text("there"),
                                         store_integer(1)),
                            &error),
                  &error);
        expect_ok(store_record(store, &entry, &error), &error);
        expect_ok(store_commit(store, &error), &error);
        store_blob_close(writer);
    }
    store_close(store);
}

static void seal(const char *directory)
{
    struct store_sealing *sealing;
    struct error error;
    expect_ok(store_sealing_open(directory, NULL, &sealing, &error), &error);
    expect_ok(sealer_flush(store_sealing_sealer(sealing), time_now() / 1000, &error), &error);
    store_sealing_close(sealing);
}

static const char *organization(void *state)
{
    struct error error;
    const char *directory = scratch_path(state, "town");
    expect_ok(store_setup(directory, "みほん市", "sekisho/test", &error), &error);
    return directory;
}

static int count_settings(const char *directory, int to)
{
    struct store *store;
    struct error error;
    int there = 0;
    expect_ok(store_open(directory, &store, &error), &error);
    for (int i = 0; i < to; i++) {
        AUTO_ROWS *rows = NULL;
        AUTO_BUFFER name = {0};
        buffer_append_format(&name, "thing/%d", i);
        expect_ok(store_query(store, STATEMENT_SETTING_READ,
                              STORE_VALUES(store_text(buffer_string(&name))), &rows, &error),
                  &error);
        there += store_rows_next(rows, &error) == 1;
    }
    store_close(store);
    return there;
}

static void a_new_organization_proves_itself(void **state)
{
    const char *directory = organization(*state);
    struct store_backup_report report;
    struct error error;
    struct stat status;
    expect_ok(store_prove(directory, &report, &error), &error);
    assert_int_equal(report.entries, 1);
    const char *secret[] = {"town/keys/journal.key", "town/keys/blob.key", "town/sekisho.db"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(stat(scratch_path(*state, secret[i]), &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
    }
    expect_code(store_setup(directory, "別の町", NULL, &error), &error, "directory_not_empty");
}

static void a_restored_copy_has_everything_and_goes_on(void **state)
{
    const char *directory = organization(*state), *copy = scratch_path(*state, "copy");
    struct store_backup_report report;
    struct error error;
    work(directory, 0, 5);
    seal(directory);
    work(directory, 5, 8); /* recorded, not yet sealed */
    const struct store_backup_options options = {
        .directory = directory, .to = scratch_path(*state, "backup"), .with_signing_key = true};
    expect_ok(store_backup(&options, &report, &error), &error);
    assert_int_equal(report.blobs, 8);
    assert_int_equal(report.entries, 6);
    work(directory, 8, 10); /* after the backup */
    const struct store_restore_options back = {.from = options.to, .directory = copy};
    expect_ok(store_restore(&back, &report, &error), &error);
    assert_int_equal(report.blobs, 8);
    assert_int_equal(count_settings(copy, 10), 8);
    work(copy, 20, 25);
    seal(copy);
    expect_ok(store_prove(copy, &report, &error), &error);
    assert_int_equal(report.entries, 6 + 3 + 1 + 5); /* with the entry of the restoring */
    expect_code(store_restore(&back, &report, &error), &error, "directory_not_empty");
}

static void an_organization_without_files_comes_back(void **state)
{
    const char *directory = organization(*state);
    struct store_backup_report report;
    struct error error;
    const struct store_backup_options options = {.directory = directory,
                                                 .to = scratch_path(*state, "b.tar")};
    expect_ok(store_backup(&options, &report, &error), &error);
    const struct store_restore_options back = {.from = options.to,
                                               .directory = scratch_path(*state, "copy")};
    expect_ok(store_restore(&back, &report, &error), &error);
    assert_int_equal(report.entries, 1);
}

static void a_second_backup_copies_only_what_is_new(void **state)
{
    const char *directory = organization(*state);
    struct store_backup_report report;
    struct error error;
    AUTO_BUFFER first = {0};
    work(directory, 0, 4);
    seal(directory);
    const struct store_backup_options options = {.directory = directory,
                                                 .to = scratch_path(*state, "backup")};
    expect_ok(store_backup(&options, &report, &error), &error);
    assert_int_equal(report.new_blobs, 4);
    buffer_append_string(&first, report.set);
    work(directory, 4, 6);
    seal(directory);
    expect_ok(store_backup(&options, &report, &error), &error);
    assert_int_equal(report.new_blobs, 2);
    /* Both sets can be restored. */
    const struct store_restore_options newest = {.from = options.to,
                                                 .directory = scratch_path(*state, "newest")};
    expect_ok(store_restore(&newest, &report, &error), &error);
    assert_int_equal(count_settings(newest.directory, 10), 6);
    const struct store_restore_options older = {.from = options.to,
                                                .directory = scratch_path(*state, "older"),
                                                .set = buffer_string(&first)};
    expect_ok(store_restore(&older, &report, &error), &error);
    assert_int_equal(count_settings(older.directory, 10), 4);
}

static void a_backup_can_be_one_file(void **state)
{
    const char *directory = organization(*state), *file = scratch_path(*state, "b.tar");
    struct store_backup_report report;
    struct error error;
    work(directory, 0, 3);
    seal(directory);
    const struct store_backup_options options = {.directory = directory, .to = file};
    expect_ok(store_backup(&options, &report, &error), &error);
    expect_code(store_backup(&options, &report, &error), &error, "file_exists");
    const struct store_restore_options back = {.from = file,
                                               .directory = scratch_path(*state, "copy")};
    expect_ok(store_restore(&back, &report, &error), &error);
    assert_int_equal(count_settings(back.directory, 10), 3);
    assert_false(file_exists(scratch_path(*state, "b.tar.parts")));
    assert_false(file_exists(scratch_path(*state, "copy.unpacked")));
    assert_int_equal(truncate(file, 70000), 0);
    const struct store_restore_options cut = {.from = file,
                                              .directory = scratch_path(*state, "cut")};
    assert_int_equal(store_restore(&cut, &report, &error), -1);
    assert_false(file_exists(scratch_path(*state, "cut/sekisho.db")));
}

/* True when the set that was just written has a key. */
static bool set_has(const struct store_backup_options *options,
                    const struct store_backup_report *report, const char *key)
{
    AUTO_BUFFER path = {0};
    buffer_append_format(&path, "%s/sets/%s/keys/%s", options->to, report->set, key);
    return file_exists(buffer_string(&path));
}

static void keys_are_in_a_backup_only_as_asked(void **state)
{
    const char *directory = organization(*state);
    struct store_backup_report report;
    struct error error;
    work(directory, 0, 1);
    seal(directory);
    const struct store_backup_options plain = {.directory = directory,
                                               .to = scratch_path(*state, "plain")};
    expect_ok(store_backup(&plain, &report, &error), &error);
    assert_false(set_has(&plain, &report, "journal.key"));
    assert_true(set_has(&plain, &report, "blob.key"));
    const struct store_backup_options bare = {.directory = directory,
                                              .to = scratch_path(*state, "bare"),
                                              .with_signing_key = true,
                                              .without_blob_key = true};
    expect_ok(store_backup(&bare, &report, &error), &error);
    assert_true(set_has(&bare, &report, "journal.key"));
    assert_false(set_has(&bare, &report, "blob.key"));
    const struct store_restore_options lost = {.from = bare.to,
                                               .directory = scratch_path(*state, "lost")};
    assert_int_equal(store_restore(&lost, &report, &error), -1);
    const struct store_restore_options found = {.from = bare.to,
                                                .directory = scratch_path(*state, "found"),
                                                .blob_key =
                                                    scratch_path(*state, "town/keys/blob.key")};
    expect_ok(store_restore(&found, &report, &error), &error);
}

/* Changes one byte in the middle of a file. */
static void spoil(const char *path)
{
    struct stat status;
    uint8_t byte;
    assert_int_equal(chmod(path, 0600), 0);
    AUTO_FD fd = file_open(path, O_RDWR, 0, NULL);
    assert_int_equal(fstat(fd, &status), 0);
    assert_int_equal(pread(fd, &byte, 1, status.st_size / 2), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, status.st_size / 2), 1);
}

static int spoil_first(void *context, const char *name, const char *path, struct error *error)
{
    (void)context;
    (void)name;
    (void)error;
    spoil(path);
    return 1;
}

static void a_changed_backup_is_not_restored(void **state)
{
    static const char *const what[] = {"sekisho.db", "blobs", "journal/tile/entries",
                                       "keys/journal.first.pub"};
    const char *directory = organization(*state);
    struct store_backup_report report;
    struct error error;
    work(directory, 0, 3);
    seal(directory);
    for (size_t i = 0; i < sizeof what / sizeof *what; i++) {
        AUTO_BUFFER to = {0}, target = {0}, path = {0}, database = {0};
        buffer_append_format(&to, "%s/backup-%zu", scratch_root(*state), i);
        buffer_append_format(&target, "%s/target-%zu", scratch_root(*state), i);
        buffer_append_format(&database, "%s/sekisho.db", buffer_string(&target));
        const struct store_backup_options options = {.directory = directory,
                                                     .to = buffer_string(&to)};
        expect_ok(store_backup(&options, &report, &error), &error);
        if (i == 0 || i == 3)
            buffer_append_format(&path, "%s/sets/%s/%s", options.to, report.set, what[i]);
        else
            buffer_append_format(&path, "%s/%s", options.to, what[i]);
        if (i == 0 || i == 3)
            spoil(buffer_string(&path));
        else
            assert_int_equal(file_walk(buffer_string(&path), spoil_first, NULL, NULL), 1);
        const struct store_restore_options back = {.from = options.to,
                                                   .directory = buffer_string(&target)};
        if (store_restore(&back, &report, &error) == 0)
            fail_msg("restored with a changed %s", what[i]);
        assert_false(file_exists(buffer_string(&database)));
    }
}

static void a_database_beside_another_journal_is_noticed(void **state)
{
    const char *directory = organization(*state);
    struct store_backup_report report;
    struct error error;
    const struct store_backup_options options = {
        .directory = directory, .to = scratch_path(*state, "backup"), .with_signing_key = true};
    work(directory, 0, 2);
    seal(directory);
    expect_ok(store_backup(&options, &report, &error), &error);
    work(directory, 2, 4);
    seal(directory);
    /* An old database is put beside the present journal. */
    const struct store_restore_options back = {.from = options.to,
                                               .directory = scratch_path(*state, "old")};
    expect_ok(store_restore(&back, &report, &error), &error);
    assert_int_equal(file_copy(scratch_path(*state, "old/sekisho.db"),
                               scratch_path(*state, "town/sekisho.db"), 0600, &error),
                     0);
    struct store_sealing *sealing;
    expect_code(store_prove(directory, &report, &error), &error, "backup_mixed");
    expect_code(store_backup(&options, &report, &error), &error, "backup_mixed");
    expect_ok(store_sealing_open(directory, NULL, &sealing, &error), &error);
    expect_code(sealer_flush(store_sealing_sealer(sealing), time_now() / 1000, &error), &error,
                "store_behind");
    store_sealing_close(sealing);
}

static void a_log_that_changed_its_key_is_backed_up_too(void **state)
{
    const char *directory = organization(*state);
    struct store_sealing *sealing;
    struct store_backup_report report;
    struct error error;
    expect_ok(store_sealing_open(directory, NULL, &sealing, &error), &error);
    expect_ok(sealer_rotate_key(store_sealing_sealer(sealing), time_now() / 1000, &error), &error);
    store_sealing_close(sealing);
    work(directory, 0, 2);
    seal(directory);
    const struct store_backup_options options = {
        .directory = directory, .to = scratch_path(*state, "backup"), .with_signing_key = true};
    expect_ok(store_backup(&options, &report, &error), &error);
    const struct store_restore_options back = {.from = options.to,
                                               .directory = scratch_path(*state, "copy")};
    expect_ok(store_restore(&back, &report, &error), &error);
    seal(back.directory);
    expect_ok(store_prove(back.directory, &report, &error), &error);
    assert_int_equal(report.entries, 1 + 1 + 2 + 1); /* created, handed over, changes, restored */
}

static void the_backup_is_on_record(void **state)
{
    const char *directory = organization(*state);
    struct store *store;
    struct store_batch batch;
    struct store_backup_report report;
    struct error error;
    const struct store_backup_options options = {.directory = directory,
                                                 .to = scratch_path(*state, "backup")};
    expect_ok(store_backup(&options, &report, &error), &error);
    expect_ok(store_open(directory, &store, &error), &error);
    expect_ok(store_outbox_read(store, 1, &batch, &error), &error);
    assert_int_equal(batch.count, 1);
    assert_int_not_equal(bytes_find(batch.entries[0], 0, "store.backup"), SIZE_MAX);
    assert_int_not_equal(bytes_find(batch.entries[0], 0, report.set), SIZE_MAX);
    store_batch_free(&batch);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(a_new_organization_proves_itself),
        scratch_unit_test(a_restored_copy_has_everything_and_goes_on),
        scratch_unit_test(an_organization_without_files_comes_back),
        scratch_unit_test(a_second_backup_copies_only_what_is_new),
        scratch_unit_test(a_backup_can_be_one_file),
        scratch_unit_test(keys_are_in_a_backup_only_as_asked),
        scratch_unit_test(a_changed_backup_is_not_restored),
        scratch_unit_test(a_database_beside_another_journal_is_noticed),
        scratch_unit_test(a_log_that_changed_its_key_is_backed_up_too),
        scratch_unit_test(the_backup_is_on_record),
    };
    return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
