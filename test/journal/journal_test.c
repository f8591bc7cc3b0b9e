/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "journal/checkpoint.h"
#include "journal/journal.h"
#include "journal/reader.h"
#include "journal/segment.h"
#include "scratch.h"

#define ORIGIN "log.example/town"

static struct note_signer signer;
static char path[512]; /* of the journal under test */

static struct journal *open_journal(void)
{
    struct error error = {0};
    struct journal *journal = journal_open(path, ORIGIN, &error);
    if (!journal)
        fail_msg("%s %s %s", error.code, error.where, error.detail);
    return journal;
}

static void assert_open_fails(const char *code)
{
    struct error error = {0};
    assert_null(journal_open(path, ORIGIN, &error));
    assert_string_equal(error.code, code);
}

static int set_up(void **state)
{
    if (scratch_setup(state) < 0)
        return -1;
    snprintf(path, sizeof path, "%s/journal", scratch_root(*state));
    note_signer_generate(ORIGIN, NOTE_ED25519, &signer, NULL);
    return journal_create(path, ORIGIN, NULL);
}

/* Entry i is its number, padded to length bytes. */
static void make_entry(struct buffer *out, uint64_t i, size_t length)
{
    buffer_append_format(out, "entry %llu ", (unsigned long long)i);
    while (out->length < length)
        buffer_append_byte(out, '.');
}

/* Appends entries [first, first + count) as one batch. */
static int append(struct journal *journal, uint64_t first, size_t count, size_t length,
                  struct error *error)
{
    struct buffer *buffers = calloc(count, sizeof *buffers);
    struct bytes *entries = calloc(count, sizeof *entries);
    for (size_t i = 0; i < count; i++) {
        make_entry(&buffers[i], first + i, length);
        entries[i] = buffer_bytes(&buffers[i]);
    }
    int result = journal_append(journal, entries, count, (first + count) * 10, error);
    for (size_t i = 0; i < count; i++)
        buffer_free(&buffers[i]);
    free(buffers);
    free(entries);
    return result;
}

static void must_append(struct journal *journal, size_t count)
{
    struct error error = {0};
    if (append(journal, journal_size(journal), count, 40, &error) < 0)
        fail_msg("%s %s %s", error.code, error.where, error.detail);
}

static void publish(struct journal *journal)
{
    AUTO_BUFFER note = {0};
    AUTO_BUFFER line = {0};
    struct error error = {0};
    struct checkpoint checkpoint = {.origin = bytes_of_string(ORIGIN),
                                    .size = journal_size(journal)};
    journal_root(journal, &checkpoint.root);
    checkpoint_append_text(&note, &checkpoint);
    note_append_signature(&line, buffer_bytes(&note), &signer, 0);
    buffer_append_byte(&note, '\n');
    buffer_append_bytes(&note, buffer_bytes(&line));
    if (journal_prepare(journal, &error) < 0 ||
        journal_publish(journal, buffer_bytes(&note), &error) < 0)
        fail_msg("%s %s %s", error.code, error.where, error.detail);
}

static void assert_published_is_whole(uint64_t size)
{
    AUTO_BUFFER note_bytes = {0};
    struct note note;
    struct checkpoint checkpoint;
    struct merkle_hash root;
    struct journal_reader *reader = journal_reader_open(path, NULL);
    assert_int_equal(journal_reader_checkpoint(reader, &note_bytes, NULL), 0);
    assert_int_equal(checkpoint_parse(buffer_bytes(&note_bytes), &note, &checkpoint, "c", NULL), 0);
    assert_int_equal(checkpoint.size, size);
    journal_reader_set_size(reader, size);
    struct merkle_source source = journal_reader_source(reader);
    assert_int_equal(merkle_root(&source, size, &root, NULL), 0);
    assert_true(merkle_hash_equal(&root, &checkpoint.root));
    for (uint64_t i = 0; i < size; i += size < 1000 ? 1 : 97) {
        AUTO_BUFFER entry = {0};
        AUTO_BUFFER expected = {0};
        struct merkle_hash leaf;
        struct merkle_proof proof;
        make_entry(&expected, i, 40);
        assert_int_equal(journal_reader_entry(reader, i, &entry, NULL), 0);
        assert_string_equal(buffer_string(&entry), buffer_string(&expected));
        merkle_hash_leaf(buffer_bytes(&entry), &leaf);
        assert_int_equal(merkle_prove_inclusion(&source, i, size, &proof, NULL), 0);
        assert_true(merkle_verify_inclusion(&leaf, i, size, &proof, &root));
    }
    journal_reader_free(reader);
}

static void journal_keeps_what_it_acknowledged(void **state)
{
    (void)state;
    struct journal *journal = open_journal();
    must_append(journal, 1);
    must_append(journal, 700);
    must_append(journal, 3);
    struct merkle_hash before, after;
    journal_root(journal, &before);
    journal_close(journal);
    journal = open_journal();
    journal_root(journal, &after);
    assert_int_equal(journal_size(journal), 704);
    assert_int_equal(journal_position(journal), 7040);
    assert_true(merkle_hash_equal(&before, &after));
    publish(journal);
    assert_published_is_whole(704);
    journal_close(journal);
}

static void journal_grows_over_many_checkpoints_and_openings(void **state)
{
    (void)state;
    uint64_t size = 0;
    const size_t steps[] = {1, 254, 1, 1, 255, 256, 257, 1000, 3, 70000};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct journal *journal = open_journal();
        assert_int_equal(journal_size(journal), size);
        must_append(journal, steps[i]);
        size += steps[i];
        if (i % 3 != 2) {
            publish(journal);
            assert_published_is_whole(size);
        }
        journal_close(journal);
    }
    struct journal *journal = open_journal();
    publish(journal);
    assert_published_is_whole(size);
    journal_close(journal);
}

static void journal_reuses_segments(void **state)
{
    (void)state;
    struct journal *journal = open_journal();
    uint64_t size = 0;
    for (int i = 0; i < 24; i++) { /* 3 MB each: about five segments */
        assert_int_equal(append(journal, size, 100, 30000, NULL), 0);
        size += 100;
        if (i % 4 == 3)
            publish(journal);
    }
    journal_close(journal);
    journal = open_journal();
    assert_int_equal(journal_size(journal), size);
    assert_int_equal(journal_position(journal), size * 10);
    assert_int_equal(append(journal, size, 100, 30000, NULL), 0);
    publish(journal);
    journal_close(journal);
    journal = open_journal();
    assert_int_equal(journal_size(journal), size + 100);
    journal_close(journal);
}

static void journal_lets_one_process_write(void **state)
{
    (void)state;
    struct journal *journal = open_journal();
    assert_open_fails("journal_in_use");
    journal_close(journal);
    journal_close(open_journal());
}

static void journal_refuses_to_be_made_twice_or_under_another_name(void **state)
{
    (void)state;
    struct error error = {0};
    assert_int_equal(journal_create(path, ORIGIN, &error), -1);
    assert_string_equal(error.code, "journal_exists");
    struct journal *journal = open_journal();
    must_append(journal, 5);
    publish(journal);
    journal_close(journal);
    assert_null(journal_open(path, "other.example", &error));
    assert_string_equal(error.code, "journal_other_origin");
    assert_null(journal_open(path, "not a name", &error));
    assert_string_equal(error.code, "journal_bad_key");
}

static void journal_refuses_entries_and_batches_that_are_too_long(void **state)
{
    (void)state;
    struct error error = {0};
    struct journal *journal = open_journal();
    assert_int_equal(append(journal, 0, 1, 65536, &error), -1);
    assert_string_equal(error.code, "journal_entry_too_long");
    assert_int_equal(append(journal, 0, 129, 65535, &error), -1);
    assert_string_equal(error.code, "journal_batch_too_long");
    assert_int_equal(append(journal, 0, 127, 65535, &error), 0);
    assert_int_equal(append(journal, 127, 1, 0, &error), 0);
    journal_close(journal);
    journal = open_journal();
    assert_int_equal(journal_size(journal), 128);
    journal_close(journal);
}

/* The offset of the frame with that number; frames of one short entry take one block. */
static off_t frame_offset(int frame)
{
    return SEGMENT_BLOCK * (1 + frame);
}

static void change_byte(const char *name, off_t offset)
{
    char file[700];
    uint8_t byte;
    snprintf(file, sizeof file, "%s/%s", path, name);
    int descriptor = open(file, O_RDWR);
    assert_true(descriptor >= 0);
    assert_int_equal(pread(descriptor, &byte, 1, offset), 1);
    byte ^= 0x40;
    assert_int_equal(pwrite(descriptor, &byte, 1, offset), 1);
    close(descriptor);
}

#define FIRST_SEGMENT "wal/00000000000000000000"

static void journal_drops_a_torn_batch_at_the_end(void **state)
{
    (void)state;
    struct journal *journal = open_journal();
    for (int i = 0; i < 3; i++)
        must_append(journal, 1);
    journal_close(journal);
    change_byte(FIRST_SEGMENT, frame_offset(2) + 80);
    journal = open_journal();
    assert_int_equal(journal_size(journal), 2);
    assert_int_equal(journal_position(journal), 20);
    must_append(journal, 1);
    journal_close(journal);
    journal = open_journal();
    assert_int_equal(journal_size(journal), 3);
    publish(journal);
    assert_published_is_whole(3);
    journal_close(journal);
}

static void journal_refuses_a_hole_before_acknowledged_entries(void **state)
{
    (void)state;
    struct journal *journal = open_journal();
    for (int i = 0; i < 3; i++)
        must_append(journal, 1);
    journal_close(journal);
    change_byte(FIRST_SEGMENT, frame_offset(1) + 80);
    assert_open_fails("journal_log_damaged");
    change_byte(FIRST_SEGMENT, frame_offset(1) + 80);
    change_byte(FIRST_SEGMENT, 12); /* the segment's header */
    assert_open_fails("journal_log_damaged");
    change_byte(FIRST_SEGMENT, 12);
    journal_close(open_journal());
}

static void journal_refuses_published_tiles_that_were_changed(void **state)
{
    (void)state;
    struct journal *journal = open_journal();
    must_append(journal, 300);
    publish(journal);
    journal_close(journal);
    change_byte("tile/0/001.p/44", 5);
    assert_open_fails("journal_tiles_differ");
    change_byte("tile/0/001.p/44", 5);
    change_byte("tile/1/000.p/1", 5);
    assert_open_fails("journal_tiles_differ");
    change_byte("tile/1/000.p/1", 5);
    change_byte("tile/entries/001.p/44", 10);
    assert_open_fails("journal_tiles_differ");
    change_byte("tile/entries/001.p/44", 10);
    journal_close(open_journal());
}

static void journal_writes_tiles_anew_that_were_not_published(void **state)
{
    (void)state;
    struct journal *journal = open_journal();
    must_append(journal, 300);
    journal_close(journal);
    change_byte("tile/0/000", 5);
    change_byte("tile/entries/000", 5);
    journal = open_journal();
    publish(journal);
    journal_close(journal);
    assert_published_is_whole(300);
}

static void journal_removes_partial_tiles_once_they_are_complete(void **state)
{
    (void)state;
    struct journal *journal = open_journal();
    char file[700];
    must_append(journal, 10);
    publish(journal);
    must_append(journal, 10);
    publish(journal);
    snprintf(file, sizeof file, "%s/tile/entries/000.p/10", path);
    assert_int_equal(access(file, F_OK), 0);
    must_append(journal, 300);
    publish(journal);
    assert_int_equal(access(file, F_OK), -1);
    snprintf(file, sizeof file, "%s/tile/0/000.p", path);
    assert_int_equal(access(file, F_OK), -1);
    assert_published_is_whole(320);
    journal_close(journal);
}

static void journal_publishes_only_the_tree_it_prepared(void **state)
{
    (void)state;
    struct error error = {0};
    AUTO_BUFFER note = {0};
    struct journal *journal = open_journal();
    must_append(journal, 2);
    publish(journal);
    struct journal_reader *reader = journal_reader_open(path, NULL);
    journal_reader_checkpoint(reader, &note, NULL);
    journal_reader_free(reader);
    must_append(journal, 1);
    assert_int_equal(journal_publish(journal, buffer_bytes(&note), &error), 0);
    assert_int_equal(journal_prepare(journal, &error), 0);
    assert_int_equal(journal_publish(journal, buffer_bytes(&note), &error), -1);
    assert_string_equal(error.code, "journal_wrong_checkpoint");
    journal_close(journal);
}

/* With a limit on file sizes every write above it fails, as on a full disk. */
static void journal_on_a_full_disk_refuses_and_keeps_what_is_there(void **state)
{
    (void)state;
    struct rlimit before, limit;
    struct error error = {0};
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    struct journal *journal = open_journal();
    must_append(journal, 10);
    limit = (struct rlimit){700, before.rlim_max}; /* the header, and part of the first frame */
    setrlimit(RLIMIT_FSIZE, &limit);
    assert_int_equal(append(journal, 10, 1, 40, &error), -1);
    assert_string_equal(error.code, "disk_full");
    assert_int_equal(append(journal, 10, 1, 40, &error), -1);
    assert_int_equal(journal_prepare(journal, &error), -1);
    setrlimit(RLIMIT_FSIZE, &before);
    journal_close(journal);
    journal = open_journal();
    assert_int_equal(journal_size(journal), 10);
    must_append(journal, 5);
    publish(journal);
    assert_published_is_whole(15);
    journal_close(journal);
}

static void journal_without_room_for_the_next_segment_refuses_and_goes_on_later(void **state)
{
    (void)state;
    struct rlimit before, limit;
    struct error error = {0};
    uint64_t size = 0;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    struct journal *journal = open_journal();
    limit = (struct rlimit){SEGMENT_BYTES - 1, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    while (append(journal, size, 100, 30000, &error) == 0)
        size += 100;
    assert_string_equal(error.code, "disk_full");
    assert_int_equal(journal_size(journal), size);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(append(journal, size, 100, 30000, &error), 0);
    journal_close(journal);
    journal = open_journal();
    assert_int_equal(journal_size(journal), size + 100);
    journal_close(journal);
}

static void journal_without_a_directory_says_so(void **state)
{
    (void)state;
    struct error error = {0};
    assert_null(journal_open("/nonexistent/journal", ORIGIN, &error));
    assert_string_equal(error.code, "file_missing");
    assert_int_equal(journal_create("/proc/journal", ORIGIN, &error), -1);
}

/* A process that dies while it writes a tile must not have cut one that the published tree needs.
 */
static void a_tile_of_the_published_tree_is_never_written_again(void **state)
{
    const struct timespec old[2] = {{1000, 0}, {1000, 0}};
    struct stat status;
    AUTO_BUFFER tile = {0};
    (void)state;
    struct journal *journal = open_journal();
    must_append(journal, 300);
    publish(journal);
    buffer_append_format(&tile, "%s/tile/1/000.p/1", path);
    assert_int_equal(utimensat(AT_FDCWD, buffer_string(&tile), old, 0), 0);
    must_append(journal, 1);
    publish(journal);
    assert_int_equal(stat(buffer_string(&tile), &status), 0);
    assert_int_equal(status.st_mtime, 1000);
    journal_close(journal);
    journal_close(open_journal());
}

#define JOURNAL_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOURNAL_TEST(a_tile_of_the_published_tree_is_never_written_again),
        JOURNAL_TEST(journal_keeps_what_it_acknowledged),
        JOURNAL_TEST(journal_grows_over_many_checkpoints_and_openings),
        JOURNAL_TEST(journal_reuses_segments),
        JOURNAL_TEST(journal_lets_one_process_write),
        JOURNAL_TEST(journal_refuses_to_be_made_twice_or_under_another_name),
        JOURNAL_TEST(journal_refuses_entries_and_batches_that_are_too_long),
        JOURNAL_TEST(journal_drops_a_torn_batch_at_the_end),
        JOURNAL_TEST(journal_refuses_a_hole_before_acknowledged_entries),
        JOURNAL_TEST(journal_refuses_published_tiles_that_were_changed),
        JOURNAL_TEST(journal_writes_tiles_anew_that_were_not_published),
        JOURNAL_TEST(journal_removes_partial_tiles_once_they_are_complete),
        JOURNAL_TEST(journal_publishes_only_the_tree_it_prepared),
        JOURNAL_TEST(journal_on_a_full_disk_refuses_and_keeps_what_is_there),
        JOURNAL_TEST(journal_without_room_for_the_next_segment_refuses_and_goes_on_later),
        JOURNAL_TEST(journal_without_a_directory_says_so),
    };
    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
