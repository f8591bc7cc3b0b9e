/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/fixture.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "store/blob_file.h"

static void pattern(struct buffer *out, size_t length)
{
    buffer_clear(out);
    for (size_t i = 0; i < length; i++)
        buffer_append_byte(out, (uint8_t)(i * 31 + i / 251));
}

/* Writes content in pieces of odd sizes and finishes it. */
static struct store_blob_writer *finished(struct store *store, struct bytes content,
                                          struct store_blob_id *id)
{
    struct store_blob_writer *writer = NULL;
    struct error error;
    int64_t size;
    expect_ok(store_blob_begin(store, &writer, &error), &error);
    for (size_t at = 0; at < content.length; at += 40001)
        expect_ok(store_blob_write(writer, bytes_slice(content, at, 40001), &error), &error);
    expect_ok(store_blob_finish(writer, id, &size, &error), &error);
    assert_int_equal(size, content.length);
    return writer;
}

static void keep(struct store *store, struct store_blob_writer *writer, const char *owner,
                 int64_t retain_until)
{
    struct error error;
    expect_ok(store_begin(store, &error), &error);
    expect_ok(store_blob_keep(writer, owner, retain_until, &error), &error);
    expect_ok(store_commit(store, &error), &error);
}

/* Writes and keeps content for "owner". */
static struct store_blob_id kept(struct store *store, struct bytes content)
{
    struct store_blob_id id;
    struct store_blob_writer *writer = finished(store, content, &id);
    keep(store, writer, "owner", 0);
    store_blob_close(writer);
    return id;
}

static int read_all(struct store *store, const struct store_blob_id *id, struct buffer *out,
                    struct error *error)
{
    struct store_blob_reader *reader;
    struct bytes content;
    buffer_clear(out);
    if (store_blob_open(store, id, &reader, error) != 0)
        return -1;
    int result;
    while ((result = store_blob_read(reader, &content, error)) == 0 && content.length > 0)
        buffer_append_bytes(out, content);
    store_blob_reader_close(reader);
    return result;
}

static int count_file(void *context, const char *path, const char *full, struct error *error)
{
    (void)path;
    (void)full;
    (void)error;
    ++*(int *)context;
    return 0;
}

static int files_below(void *state, const char *name)
{
    int count = 0;
    file_walk(scratch_path(state, name), count_file, &count, NULL);
    return count;
}

static void content_comes_back_at_every_size(void **state)
{
    struct store *store = fixture_store(*state);
    const size_t sizes[] = {0,
                            1,
                            STORE_BLOB_CHUNK - 1,
                            STORE_BLOB_CHUNK,
                            STORE_BLOB_CHUNK + 1,
                            3 * STORE_BLOB_CHUNK,
                            1000003};
    AUTO_BUFFER content = {0}, read = {0};
    struct error error;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pattern(&content, sizes[i]);
        struct store_blob_id id = kept(store, buffer_bytes(&content));
        expect_ok(read_all(store, &id, &read, &error), &error);
        assert_true(bytes_equal(buffer_bytes(&read), buffer_bytes(&content)));
    }
    assert_int_equal(files_below(*state, "blobs/tmp"), 0);
    store_close(store);
}

static void nothing_readable_stands_on_the_disk(void **state)
{
    struct store *store = fixture_store(*state);
    AUTO_BUFFER path = {0}, file = {0};
    struct error error;
    struct stat status;
    struct store_blob_id id = kept(store, bytes_of_string("the secret sentence"));
    blob_append_path(&path, scratch_root(*state), &id);
    expect_ok(file_read(buffer_string(&path), 1 << 20, &file, &error), &error);
    assert_int_equal(bytes_find(buffer_bytes(&file), 0, "secret"), SIZE_MAX);
    assert_int_equal(stat(buffer_string(&path), &status), 0);
    assert_int_equal(status.st_mode & 077, 0);
    assert_int_equal(stat(scratch_path(*state, "keys/blob.key"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    store_close(store);
}

static void equal_content_is_kept_once_but_differs_between_organizations(void **state)
{
    struct store *store = fixture_store(*state);
    struct store_blob_id a = kept(store, bytes_of_string("same"));
    struct store_blob_id b = kept(store, bytes_of_string("same"));
    struct error error;
    assert_memory_equal(a.bytes, b.bytes, sizeof a.bytes);
    assert_int_equal(files_below(*state, "blobs"), 1);
    remove(scratch_path(*state, "keys/blob.key"));
    expect_ok(store_blob_create_key(scratch_root(*state), &error), &error);
    struct store_blob_id c = kept(store, bytes_of_string("same"));
    assert_memory_not_equal(a.bytes, c.bytes, sizeof a.bytes);
    store_close(store);
}

/* Each byte of a two-chunk file changed, and the file cut at many lengths: no reader accepts it. */
static void every_change_of_a_file_is_noticed(void **state)
{
    struct store *store = fixture_store(*state);
    AUTO_BUFFER content = {0}, path = {0}, file = {0}, read = {0};
    struct error error = {0};
    pattern(&content, STORE_BLOB_CHUNK + 100);
    struct store_blob_id id = kept(store, buffer_bytes(&content));
    blob_append_path(&path, scratch_root(*state), &id);
    const char *name = buffer_string(&path);
    expect_ok(file_read(name, 1 << 20, &file, &error), &error);
    chmod(name, 0600);
    AUTO_FD fd = file_open(name, O_RDWR, 0, &error);
    for (size_t at = 0; at < file.length; at += at < 64 || at + 128 > file.length ? 1 : 997) {
        uint8_t changed = file.data[at] ^ 0x10;
        assert_int_equal(pwrite(fd, &changed, 1, (off_t)at), 1);
        assert_int_equal(read_all(store, &id, &read, &error), -1);
        assert_int_equal(pwrite(fd, file.data + at, 1, (off_t)at), 1);
    }
    expect_ok(read_all(store, &id, &read, &error), &error);
    assert_int_equal(pwrite(fd, "x", 1, (off_t)file.length), 1);
    expect_code(read_all(store, &id, &read, &error), &error, "store_blob_broken");
    for (size_t left = 0; left < 4; left++) {
        const size_t lengths[] = {0, BLOB_START, BLOB_START + BLOB_CHUNK_FILE, file.length - 1};
        assert_int_equal(ftruncate(fd, (off_t)lengths[3 - left]), 0);
        expect_code(read_all(store, &id, &read, &error), &error, "store_blob_broken");
    }
    store_close(store);
}

/* Behind a last chunk that is full, what follows is not read with it. */
static void bytes_behind_a_full_last_chunk_are_noticed(void **state)
{
    struct store *store = fixture_store(*state);
    AUTO_BUFFER content = {0}, path = {0}, read = {0};
    struct error error = {0};
    pattern(&content, STORE_BLOB_CHUNK);
    struct store_blob_id id = kept(store, buffer_bytes(&content));
    blob_append_path(&path, scratch_root(*state), &id);
    chmod(buffer_string(&path), 0600);
    AUTO_FD fd = file_open(buffer_string(&path), O_WRONLY | O_APPEND, 0, &error);
    assert_int_equal(write(fd, "x", 1), 1);
    expect_code(read_all(store, &id, &read, &error), &error, "store_blob_broken");
    store_close(store);
}

static void an_exchanged_or_missing_file_is_noticed(void **state)
{
    struct store *store = fixture_store(*state);
    AUTO_BUFFER a_path = {0}, b_path = {0}, read = {0};
    struct error error = {0};
    uint64_t checked;
    struct store_blob_id a = kept(store, bytes_of_string("aaaa")),
                         b = kept(store, bytes_of_string("bbbb"));
    blob_append_path(&a_path, scratch_root(*state), &a);
    blob_append_path(&b_path, scratch_root(*state), &b);
    expect_ok(store_blob_check_all(store, &checked, &error), &error);
    assert_int_equal(checked, 2);
    assert_int_equal(rename(buffer_string(&a_path), buffer_string(&b_path)), 0);
    expect_code(read_all(store, &b, &read, &error), &error, "store_blob_broken");
    expect_code(read_all(store, &a, &read, &error), &error, "store_blob_missing");
    assert_int_equal(store_blob_check_all(store, &checked, &error), -1);
    store_close(store);
}

static void a_missing_or_damaged_key_is_named(void **state)
{
    struct store *store = fixture_store(*state);
    AUTO_BUFFER read = {0};
    struct error error = {0};
    struct store_blob_writer *writer;
    const char *key = scratch_path(*state, "keys/blob.key");
    struct store_blob_id id = kept(store, bytes_of_string("x"));
    expect_ok(file_replace(key, bytes_of_string("sekisho-blob-key 00000001 zz\n"), 0600, &error),
              &error);
    expect_code(read_all(store, &id, &read, &error), &error, "store_key_bad");
    remove(key);
    expect_code(store_blob_begin(store, &writer, &error), &error, "store_key_missing");
    store_close(store);
}

static void an_older_key_still_opens_its_blobs(void **state)
{
    struct store *store = fixture_store(*state);
    AUTO_BUFFER keys = {0}, read = {0};
    struct error error;
    struct store_blob_id old = kept(store, bytes_of_string("old")), new;
    expect_ok(file_read(scratch_path(*state, "keys/blob.key"), 1 << 10, &keys, &error), &error);
    size_t length = keys.length;
    buffer_reserve(&keys, length);
    buffer_append(&keys, keys.data, length);
    memcpy(keys.data + length + 17, "00000002 f0", 11);
    expect_ok(
        file_replace(scratch_path(*state, "keys/blob.key"), buffer_bytes(&keys), 0600, &error),
        &error);
    new = kept(store, bytes_of_string("new"));
    expect_ok(read_all(store, &old, &read, &error), &error);
    expect_ok(read_all(store, &new, &read, &error), &error);
    assert_string_equal(buffer_string(&read), "new");
    store_close(store);
}

static void the_collector_takes_only_what_nobody_needs(void **state)
{
    struct store *store = fixture_store(*state);
    AUTO_BUFFER read = {0};
    struct error error = {0};
    uint64_t removed;
    struct store_blob_id used = kept(store, bytes_of_string("used")), retained, free_blob;
    struct store_blob_writer *writer = finished(store, bytes_of_string("retained"), &retained);
    keep(store, writer, "owner", 1000);
    store_blob_close(writer);
    free_blob = kept(store, bytes_of_string("free"));
    expect_ok(store_begin(store, &error), &error);
    expect_ok(store_blob_share(store, &used, "second", 0, &error), &error);
    expect_ok(store_blob_release(store, &used, "owner", &error), &error);
    expect_ok(store_blob_release(store, &retained, "owner", &error), &error);
    expect_ok(store_blob_release(store, &free_blob, "owner", &error), &error);
    expect_ok(store_commit(store, &error), &error);
    expect_ok(store_blob_collect(store, 999, &removed, &error), &error);
    assert_int_equal(removed, 1);
    expect_code(read_all(store, &free_blob, &read, &error), &error, "store_blob_missing");
    expect_ok(read_all(store, &used, &read, &error), &error);
    expect_ok(read_all(store, &retained, &read, &error), &error);
    expect_ok(store_blob_collect(store, 1000, &removed, &error), &error);
    assert_int_equal(removed, 1);
    expect_code(read_all(store, &retained, &read, &error), &error, "store_blob_missing");
    expect_ok(read_all(store, &used, &read, &error), &error);
    store_close(store);
}

static void keeping_brings_back_a_file_that_was_collected_meanwhile(void **state)
{
    struct store *store = fixture_store(*state), *collector;
    AUTO_BUFFER read = {0};
    struct error error;
    uint64_t removed;
    struct store_blob_id id = kept(store, bytes_of_string("again"));
    struct store_blob_writer *writer = finished(store, bytes_of_string("again"), &id);
    expect_ok(store_open(scratch_root(*state), &collector, &error), &error);
    expect_ok(store_begin(collector, &error), &error);
    expect_ok(store_blob_release(collector, &id, "owner", &error), &error);
    expect_ok(store_commit(collector, &error), &error);
    expect_ok(store_blob_collect(collector, 0, &removed, &error), &error);
    assert_int_equal(removed, 1);
    expect_code(read_all(store, &id, &read, &error), &error, "store_blob_missing");
    keep(store, writer, "new owner", 0);
    store_blob_close(writer);
    expect_ok(read_all(store, &id, &read, &error), &error);
    store_close(collector);
    store_close(store);
}

/* Makes a file look as if it had been written two hours ago. */
static void age(const char *path)
{
    const struct timespec times[2] = {{time_now() / TIME_SECOND - 7200, 0},
                                      {time_now() / TIME_SECOND - 7200, 0}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static int age_file(void *context, const char *name, const char *path, struct error *error)
{
    (void)context;
    (void)error;
    if (strcmp(name, "lock") != 0)
        age(path);
    return 0;
}

static void leftovers_of_dead_writers_go_and_those_of_living_ones_stay(void **state)
{
    struct store *store = fixture_store(*state);
    struct store_blob_writer *writer;
    struct store_blob_id id;
    struct error error;
    uint64_t removed;
    pid_t child = fork();
    if (child == 0) { /* dies with one blob begun and one finished */
        struct store *own;
        struct store_blob_writer *begun;
        if (store_open(scratch_root(*state), &own, NULL) != 0 ||
            store_blob_begin(own, &begun, NULL) != 0)
            _exit(1);
        finished(own, bytes_of_string("orphan"), &id);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    expect_ok(store_blob_begin(store, &writer, &error), &error);
    assert_int_equal(files_below(*state, "blobs"), 4);
    expect_ok(store_blob_collect(store, 0, &removed, &error), &error);
    assert_int_equal(removed, 0); /* all of it is young */
    file_walk(scratch_path(*state, "blobs"), age_file, NULL, NULL);
    expect_ok(store_blob_collect(store, 0, &removed, &error), &error);
    assert_int_equal(removed, 3);
    expect_ok(store_blob_write(writer, bytes_of_string("alive"), &error), &error);
    expect_ok(store_blob_finish(writer, &id, NULL, &error), &error);
    keep(store, writer, "owner", 0);
    store_blob_close(writer);
    file_walk(scratch_path(*state, "blobs"), age_file, NULL, NULL);
    expect_ok(store_blob_collect(store, 0, &removed, &error), &error);
    assert_int_equal(removed, 0);
    store_close(store);
}

static void a_rolled_back_blob_is_an_orphan(void **state)
{
    struct store *store = fixture_store(*state);
    struct store_blob_id id;
    struct error error;
    uint64_t removed;
    struct store_blob_writer *writer = finished(store, bytes_of_string("x"), &id);
    expect_ok(store_begin(store, &error), &error);
    expect_ok(store_blob_keep(writer, "owner", 0, &error), &error);
    store_rollback(store);
    store_blob_close(writer);
    file_walk(scratch_path(*state, "blobs"), age_file, NULL, NULL);
    expect_ok(store_blob_collect(store, 0, &removed, &error), &error);
    assert_int_equal(removed, 1);
    store_close(store);
}

static void an_unfinished_blob_cannot_be_kept(void **state)
{
    struct store *store = fixture_store(*state);
    struct store_blob_writer *writer;
    struct error error;
    expect_ok(store_blob_begin(store, &writer, &error), &error);
    expect_ok(store_begin(store, &error), &error);
    expect_code(store_blob_keep(writer, "owner", 0, &error), &error, "store_misuse");
    store_blob_close(writer);
    store_close(store);
    assert_int_equal(files_below(*state, "blobs"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(content_comes_back_at_every_size),
        scratch_unit_test(nothing_readable_stands_on_the_disk),
        scratch_unit_test(equal_content_is_kept_once_but_differs_between_organizations),
        scratch_unit_test(every_change_of_a_file_is_noticed),
        scratch_unit_test(bytes_behind_a_full_last_chunk_are_noticed),
        scratch_unit_test(an_exchanged_or_missing_file_is_noticed),
        scratch_unit_test(a_missing_or_damaged_key_is_named),
        scratch_unit_test(an_older_key_still_opens_its_blobs),
        scratch_unit_test(the_collector_takes_only_what_nobody_needs),
        scratch_unit_test(keeping_brings_back_a_file_that_was_collected_meanwhile),
        scratch_unit_test(leftovers_of_dead_writers_go_and_those_of_living_ones_stay),
        scratch_unit_test(a_rolled_back_blob_is_an_orphan),
        scratch_unit_test(an_unfinished_blob_cannot_be_kept),
    };
    return cmocka_run_group_tests_name("blob", tests, NULL, NULL);
}
