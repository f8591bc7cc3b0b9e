/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "../scratch.h"
#include "journal/checkpoint.h"
#include "journal/copy.h"
#include "journal/entry.h"
#include "journal/journal.h"
#include "journal/note.h"
#include "journal/reader.h"

#define ORIGIN "log.example/town"

static struct note_signer signer;

static struct journal *opened(const char *path)
{
    struct error error = {0};
    struct journal *journal = journal_open(path, ORIGIN, &error);
    if (!journal)
        fail_msg("%s %s %s", error.code, error.where, error.detail);
    return journal;
}

/* Appends count entries numbered behind the journal's position. */
static void append(struct journal *journal, size_t count, const char *action)
{
    enum { MOST = 1024 };
    struct buffer buffers[MOST] = {0};
    struct bytes entries[MOST];
    uint64_t position = journal_position(journal);
    assert_true(count <= MOST);
    for (size_t i = 0; i < count; i++) {
        struct journal_entry entry = {.sequence = ++position, .action = action, .time = 1};
        assert_int_equal(journal_entry_append(&buffers[i], &entry, NULL), 0);
        entries[i] = buffer_bytes(&buffers[i]);
    }
    assert_int_equal(journal_append(journal, entries, count, position, NULL), 0);
    for (size_t i = 0; i < count; i++)
        buffer_free(&buffers[i]);
}

/* Signs and publishes the present tree; the note stays in *note. */
static void publish(struct journal *journal, struct buffer *note)
{
    AUTO_BUFFER text = {0};
    struct checkpoint checkpoint = {bytes_of_string(ORIGIN), journal_size(journal), {{0}}};
    assert_int_equal(journal_prepare(journal, NULL), 0);
    journal_root(journal, &checkpoint.root);
    checkpoint_append_text(&text, &checkpoint);
    buffer_clear(note);
    buffer_append_bytes(note, buffer_bytes(&text));
    buffer_append_byte(note, '\n');
    note_append_signature(note, buffer_bytes(&text), &signer, 0);
    assert_int_equal(journal_publish(journal, buffer_bytes(note), NULL), 0);
}

static int hash_entry(void *context, uint64_t index, struct bytes entry, struct error *error)
{
    struct merkle_hash *leaves = context;
    (void)error;
    merkle_hash_leaf(entry, &leaves[index]);
    return 0;
}

/* The tree computed from the entries alone must be that of the checkpoint; gives its size. */
static uint64_t verified_size(const char *path)
{
    AUTO_BUFFER bytes = {0};
    struct note note;
    struct checkpoint checkpoint;
    struct merkle_hash leaves[4096], root, from_tiles;
    struct journal_reader *reader = journal_reader_open(path, NULL);
    assert_non_null(reader);
    assert_int_equal(journal_reader_checkpoint(reader, &bytes, NULL), 0);
    assert_int_equal(checkpoint_parse(buffer_bytes(&bytes), &note, &checkpoint, "", NULL), 0);
    journal_reader_set_size(reader, checkpoint.size);
    assert_int_equal(journal_reader_visit(reader, 0, checkpoint.size, hash_entry, leaves, NULL), 0);
    struct merkle_source source = journal_reader_source(reader);
    assert_int_equal(merkle_root(&source, checkpoint.size, &from_tiles, NULL), 0);
    assert_true(merkle_hash_equal(&from_tiles, &checkpoint.root));
    /* Fold the leaves by the definition: the left part is the largest power of two. */
    struct merkle_hash stack[64];
    size_t depth = 0;
    for (uint64_t i = 0; i < checkpoint.size; i++) {
        stack[depth++] = leaves[i];
        for (uint64_t n = i + 1; n % 2 == 0; n /= 2, depth--)
            merkle_hash_node(&stack[depth - 2], &stack[depth - 1], &stack[depth - 2]);
    }
    for (; depth > 1; depth--)
        merkle_hash_node(&stack[depth - 2], &stack[depth - 1], &stack[depth - 2]);
    root = stack[0];
    assert_true(merkle_hash_equal(&root, &checkpoint.root));
    journal_reader_free(reader);
    return checkpoint.size;
}

static void a_copy_holds_one_tree_and_grows_to_the_next(void **state)
{
    AUTO_BUFFER early = {0}, late = {0};
    const char *path = scratch_path(*state, "journal"), *copy = scratch_path(*state, "copy"),
               *second = scratch_path(*state, "second");
    note_signer_generate(ORIGIN, NOTE_ED25519, &signer, NULL);
    assert_int_equal(journal_create(path, ORIGIN, NULL), 0);
    struct journal *journal = opened(path);
    append(journal, 300, "test.first");
    publish(journal, &early);
    append(journal, 400, "test.second");
    publish(journal, &late);
    assert_int_equal(journal_copy(path, copy, buffer_bytes(&early), NULL), 0);
    assert_int_equal(verified_size(copy), 300);
    const struct timespec old[2] = {{1000, 0}, {1000, 0}};
    const char *first = scratch_path(*state, "copy/tile/entries/000");
    struct stat status;
    assert_int_equal(utimensat(AT_FDCWD, first, old, 0), 0);
    assert_int_equal(journal_copy(path, copy, buffer_bytes(&late), NULL), 0);
    assert_int_equal(verified_size(copy), 700);
    assert_int_equal(stat(first, &status), 0);
    assert_int_equal(status.st_mtime, 1000); /* it was there and is not written again */
    /* The older tree can still be had from the grown copy. */
    assert_int_equal(journal_copy(copy, second, buffer_bytes(&early), NULL), 0);
    assert_int_equal(verified_size(second), 300);
    journal_close(journal);
}

static void a_copy_can_be_gone_on_from(void **state)
{
    AUTO_BUFFER early = {0}, late = {0}, other = {0};
    const char *path = scratch_path(*state, "journal"), *copy = scratch_path(*state, "copy");
    uint64_t position;
    note_signer_generate(ORIGIN, NOTE_ED25519, &signer, NULL);
    assert_int_equal(journal_create(path, ORIGIN, NULL), 0);
    struct journal *journal = opened(path);
    append(journal, 300, "test.first");
    publish(journal, &early);
    append(journal, 400, "test.second");
    publish(journal, &late);
    journal_close(journal);
    assert_int_equal(journal_copy(path, copy, buffer_bytes(&early), NULL), 0);
    assert_int_equal(journal_copy_position(copy, &position, NULL), 0);
    assert_int_equal(position, 300);
    assert_int_equal(journal_adopt(copy, position, NULL), 0);
    journal = opened(copy);
    assert_int_equal(journal_size(journal), 300);
    assert_int_equal(journal_position(journal), 300);
    append(journal, 500, "test.other");
    publish(journal, &other);
    journal_close(journal);
    assert_int_equal(verified_size(copy), 800);
    struct error error = {0};
    assert_int_equal(journal_adopt(copy, 800, &error), -1);
    assert_string_equal(error.code, "journal_exists");
}

static void a_copy_that_was_interrupted_is_made_whole_by_the_next(void **state)
{
    AUTO_BUFFER note = {0};
    const char *path = scratch_path(*state, "journal"), *copy = scratch_path(*state, "copy");
    note_signer_generate(ORIGIN, NOTE_ED25519, &signer, NULL);
    assert_int_equal(journal_create(path, ORIGIN, NULL), 0);
    struct journal *journal = opened(path);
    append(journal, 600, "test.first");
    publish(journal, &note);
    journal_close(journal);
    assert_int_equal(journal_copy(path, copy, buffer_bytes(&note), NULL), 0);
    assert_int_equal(remove(scratch_path(*state, "copy/tile/0/001")), 0);
    assert_int_equal(mkdir(scratch_path(*state, "copy/tile/0/001.new"), 0700), 0);
    assert_int_equal(journal_copy(path, copy, buffer_bytes(&note), NULL), -1);
    assert_int_equal(remove(scratch_path(*state, "copy/tile/0/001.new")), 0);
    assert_int_equal(journal_copy(path, copy, buffer_bytes(&note), NULL), 0);
    assert_int_equal(verified_size(copy), 600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(a_copy_holds_one_tree_and_grows_to_the_next),
        scratch_unit_test(a_copy_can_be_gone_on_from),
        scratch_unit_test(a_copy_that_was_interrupted_is_made_whole_by_the_next),
    };
    return cmocka_run_group_tests_name("copy", tests, NULL, NULL);
}
