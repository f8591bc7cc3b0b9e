/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <sys/stat.h>

#include "base/file.h"
#include "journal/audit.h"
#include "journal/entry.h"
#include "journal/journal.h"
#include "journal/key.h"
#include "journal/reader.h"
#include "journal/sealer.h"
#include "journal/witness.h"
#include "scratch.h"

#define ORIGIN "log.example/town"

enum { ENTRIES_MAX = 5000, BATCH = 300, WITNESSES = 2 };

static char journal_path[300], key_path[300], public_path[300], state_path[300], kept_path[300];
static struct sealer_paths paths = {journal_path, key_path, public_path, state_path};

/* The source under test: entries 1 … available, their text made of number and branch. */
static uint64_t available, told_position, told_size;
static const char *branch;
static struct buffer made[BATCH];

/* The witnesses under test. */
static struct witness *witnesses[WITNESSES];
static struct note_verifier witness_keys[WITNESSES];
static enum { HONEST, DOWN, LYING, AHEAD } behaviour[WITNESSES];
static int asked[WITNESSES];

static int read_source(void *context, uint64_t position, struct sealer_batch *batch,
                       struct error *error)
{
    (void)context;
    for (batch->position = position; batch->position < available && batch->count < BATCH;) {
        const struct journal_entry entry = {
            .sequence = ++batch->position, .action = "test", .object = branch};
        struct buffer *out = &made[batch->count];
        buffer_clear(out);
        if (journal_entry_append(out, &entry, error) < 0)
            return -1;
        batch->entries[batch->count++] = buffer_bytes(out);
    }
    return 0;
}

static int tell_sealed(void *context, uint64_t position, uint64_t size, struct error *error)
{
    (void)context;
    (void)error;
    told_position = position;
    told_size = size;
    return 0;
}

static const struct sealer_source source = {read_source, tell_sealed, NULL};

static void ask_witnesses(void *context, struct sealer_question *questions, size_t count)
{
    (void)context;
    for (size_t i = 0; i < count; i++) {
        struct sealer_question *question = &questions[i];
        struct witness_answer answer;
        asked[question->witness]++;
        switch (behaviour[question->witness]) {
        case DOWN:
            continue;
        case LYING: /* signs something else */
            question->status = 200;
            buffer_append_string(&question->answer,
                                 "— w.example/1 "
                                 "AAAAAAAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJs"
                                 "X3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n");
            continue;
        case AHEAD:
            question->status = 409;
            buffer_append_string(&question->answer, "1000000\n");
            continue;
        case HONEST:
            break;
        }
        assert_int_equal(witness_add_checkpoint(witnesses[question->witness], question->body,
                                                1700000000, &answer, NULL),
                         0);
        question->status = answer.status;
        question->answer = answer.body;
    }
}

static struct sealer_witnesses with_witnesses(size_t quorum)
{
    return (struct sealer_witnesses){witness_keys, WITNESSES, quorum, ask_witnesses, NULL};
}

static void must(int result, const struct error *error)
{
    if (result < 0)
        fail_msg("%s: %s: %s", error->code, error->where, error->detail);
}

static struct sealer *open_sealer(const struct sealer_witnesses *with)
{
    struct error error = {0};
    struct sealer *sealer = sealer_open(&paths, &source, with, &error);
    must(sealer ? 0 : -1, &error);
    return sealer;
}

static void assert_refused(const char *code)
{
    struct error error = {0};
    assert_null(sealer_open(&paths, &source, NULL, &error));
    assert_string_equal(error.code, code);
}

/* Opens, takes everything up to number, seals, closes. */
static void seal_up_to(uint64_t number)
{
    struct error error = {0};
    struct sealer *sealer = open_sealer(NULL);
    available = number;
    must(sealer_flush(sealer, 1000, &error), &error);
    sealer_close(sealer);
}

__attribute__((format(printf, 1, 2))) static void run(const char *format, ...)
{
    char command[1500];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    assert_int_equal(system(command), 0);
}

static void assert_audit(size_t handovers, const char *code)
{
    struct note_verifier key;
    char first[320];
    snprintf(first, sizeof first, "%s.first", public_path);
    struct error error = {0};
    must(journal_key_load_public(file_exists(first) ? first : public_path, &key, &error), &error);
    const struct journal_audit_settings settings = {.log = &key};
    struct journal_audit *audit = journal_audit_run(journal_path, &settings);
    if (!code && audit->problem_count > 0)
        fail_msg("%s: %s: %s", audit->problems[0].error.code, audit->problems[0].error.where,
                 audit->problems[0].error.detail);
    if (code)
        assert_string_equal(audit->problems[0].error.code, code);
    assert_int_equal(audit->handovers, handovers);
    free(audit);
}

static int set_up(void **state)
{
    struct error error = {0};
    if (scratch_setup(state) < 0)
        return -1;
    const char *base = scratch_root(*state);
    snprintf(journal_path, sizeof journal_path, "%s/journal", base);
    snprintf(key_path, sizeof key_path, "%s/journal.key", base);
    snprintf(public_path, sizeof public_path, "%s/journal.pub", base);
    snprintf(state_path, sizeof state_path, "%s/journal.signed", base);
    snprintf(kept_path, sizeof kept_path, "%s/kept", base);
    available = told_position = told_size = 0;
    branch = "a";
    must(sealer_create(&paths, ORIGIN, 0, &error), &error);
    struct note_verifier log;
    must(journal_key_load_public(public_path, &log, &error), &error);
    for (int i = 0; i < WITNESSES; i++) {
        struct note_signer signer;
        char name[32], directory[320];
        snprintf(name, sizeof name, "w.example/%d", i);
        snprintf(directory, sizeof directory, "%s/witness%d", base, i);
        mkdir(directory, 0700);
        must(note_signer_generate(name, NOTE_COSIGNATURE, &signer, &error), &error);
        witness_keys[i] = signer.verifier;
        witnesses[i] = witness_open(directory, &signer, &log, 1, &error);
        must(witnesses[i] ? 0 : -1, &error);
        behaviour[i] = HONEST;
        asked[i] = 0;
    }
    return 0;
}

static int tear_down(void **state)
{
    for (int i = 0; i < WITNESSES; i++)
        witness_close(witnesses[i]);
    for (int i = 0; i < BATCH; i++)
        buffer_free(&made[i]);
    return scratch_teardown(state);
}

static void sealer_begins_with_a_signed_empty_log_and_a_private_key(void **state)
{
    (void)state;
    struct stat status;
    struct error error = {0};
    assert_audit(0, NULL);
    assert_int_equal(stat(key_path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(sealer_create(&paths, ORIGIN, 0, &error), -1);
    assert_string_equal(error.code, "journal_exists");
    assert_int_equal(journal_key_generate(key_path, public_path, ORIGIN, NOTE_ED25519, &error), -1);
    assert_string_equal(error.code, "file_exists");
    chmod(key_path, 0640);
    assert_refused("journal_key_exposed");
}

static void sealer_takes_entries_in_order_and_tells_when_they_are_sealed(void **state)
{
    (void)state;
    struct error error = {0};
    struct sealer *sealer = open_sealer(NULL);
    available = 1000;
    must(sealer_step(sealer, 10000, &error), &error);
    assert_int_equal(told_position, 300); /* due after the first batch */
    must(sealer_step(sealer, 10001, &error), &error);
    assert_int_equal(told_position, 300); /* the rest is taken, and waits for the interval */
    assert_false(sealer_is_sealed(sealer));
    must(sealer_step(sealer, 10000 + SEALER_INTERVAL_MS, &error), &error);
    assert_int_equal(told_position, 1000);
    assert_int_equal(told_size, 1000);
    assert_true(sealer_is_sealed(sealer));
    sealer_close(sealer);
    assert_audit(0, NULL);
    seal_up_to(1200);
    assert_audit(0, NULL);
}

static void sealer_refuses_a_journal_older_than_what_it_signed(void **state)
{
    (void)state;
    seal_up_to(10);
    run("cp -a %s %s", journal_path, kept_path);
    seal_up_to(20);
    run("rm -r %s && cp -a %s %s", journal_path, kept_path, journal_path);
    assert_refused("journal_rolled_back");
}

static void sealer_refuses_to_sign_a_second_history(void **state)
{
    (void)state;
    seal_up_to(10);
    run("cp -a %s %s && cp %s %s.old", journal_path, kept_path, state_path, state_path);
    seal_up_to(20);
    run("mv %s %s.signed", state_path, state_path);
    run("rm -r %s && mv %s %s && mv %s.old %s", journal_path, kept_path, journal_path, state_path,
        state_path);
    branch = "b";
    seal_up_to(30); /* whoever puts the old state back may do so; the signed one convicts */
    run("mv %s.signed %s", state_path, state_path);
    assert_refused("journal_two_histories");
}

static void sealer_refuses_without_its_state(void **state)
{
    (void)state;
    seal_up_to(10);
    unlink(state_path);
    assert_refused("file_missing");
}

static void sealer_gathers_cosignatures(void **state)
{
    (void)state;
    struct error error = {0};
    const struct sealer_witnesses with = with_witnesses(2);
    struct sealer *sealer = open_sealer(&with);
    for (available = 5; available < 600; available += 70) {
        must(sealer_flush(sealer, (int64_t)available * 1000, &error), &error);
        assert_true(sealer_is_sealed(sealer));
        assert_int_equal(sealer_cosigned(sealer), 2);
    }
    sealer_close(sealer);
    sealer = open_sealer(&with); /* what they know is asked for once more */
    available = 700;
    must(sealer_flush(sealer, 700000, &error), &error);
    assert_int_equal(sealer_cosigned(sealer), 2);
    sealer_close(sealer);
}

static void sealer_goes_on_without_a_witness_and_counts_it_missing(void **state)
{
    (void)state;
    struct error error = {0};
    const struct sealer_witnesses with = with_witnesses(2);
    struct sealer *sealer = open_sealer(&with);
    behaviour[1] = DOWN;
    available = 5;
    must(sealer_flush(sealer, 100000, &error), &error);
    assert_int_equal(sealer_cosigned(sealer), 1);
    assert_false(sealer_is_sealed(sealer));
    int before = asked[1];
    must(sealer_step(sealer, 100100, &error), &error);
    assert_int_equal(asked[1], before); /* left alone for a while */
    behaviour[1] = HONEST;
    must(sealer_step(sealer, 100100 + SEALER_RETRY_MS, &error), &error);
    assert_true(sealer_is_sealed(sealer));
    sealer_close(sealer);
}

static void sealer_does_not_count_a_witness_that_lies(void **state)
{
    (void)state;
    struct error error = {0};
    AUTO_BUFFER record = {0};
    const struct sealer_witnesses with = with_witnesses(1);
    struct sealer *sealer = open_sealer(&with);
    char path[400];
    behaviour[0] = AHEAD;
    behaviour[1] = LYING;
    available = 5;
    must(sealer_flush(sealer, 100000, &error), &error);
    assert_int_equal(sealer_cosigned(sealer), 0);
    assert_false(sealer_is_sealed(sealer));
    snprintf(path, sizeof path, "%s/witnesses.json", journal_path);
    must(file_read(path, 10000, &record, &error), &error);
    assert_non_null(strstr(buffer_string(&record), "\"result\":\"ahead\""));
    assert_non_null(strstr(buffer_string(&record), "\"result\":\"bad_answer\""));
    sealer_close(sealer);
}

static void witness_notices_a_log_that_was_rolled_back(void **state)
{
    (void)state;
    struct error error = {0};
    const struct sealer_witnesses with = with_witnesses(1);
    run("cp -a %s %s && cp %s %s.old", journal_path, kept_path, state_path, state_path);
    struct sealer *sealer = open_sealer(&with);
    available = 20;
    must(sealer_flush(sealer, 100000, &error), &error);
    assert_int_equal(sealer_cosigned(sealer), 2);
    sealer_close(sealer);
    run("rm -r %s && mv %s %s && mv %s.old %s", journal_path, kept_path, journal_path, state_path,
        state_path);
    branch = "b";
    sealer = open_sealer(&with);
    available = 10;
    must(sealer_flush(sealer, 200000, &error), &error);
    assert_int_equal(sealer_cosigned(sealer), 0); /* shorter than what the witnesses saw */
    available = 30;
    must(sealer_flush(sealer, 300000, &error), &error);
    assert_int_equal(sealer_cosigned(sealer), 0); /* longer, and not a continuation */
    assert_false(sealer_is_sealed(sealer));
    sealer_close(sealer);
}

static void sealer_hands_over_to_a_new_key(void **state)
{
    (void)state;
    struct error error = {0};
    run("cp %s %s.first", public_path, public_path);
    struct sealer *sealer = open_sealer(NULL);
    available = 300;
    must(sealer_rotate_key(sealer, 1000, &error), &error);
    available = 400;
    must(sealer_flush(sealer, 2000, &error), &error);
    must(sealer_rotate_key(sealer, 3000, &error), &error);
    sealer_close(sealer);
    assert_audit(2, NULL);
    seal_up_to(500);
    assert_audit(2, NULL);
    run("mv %s.first %s.kept", public_path, public_path);
    assert_audit(2, NULL); /* from the last key too */
    run("mv %s.kept %s.first", public_path, public_path);
    run("cmp -s %s %s.first; test $? = 1", public_path, public_path);
}

/* Puts the files as they are when a rotation stops behind the hand-over entry. */
static void stop_rotation(bool entry_is_durable)
{
    struct note_signer old, next;
    struct error error = {0};
    AUTO_BUFFER entry = {0};
    char next_key[320], next_public[320];
    snprintf(next_key, sizeof next_key, "%s.next", key_path);
    snprintf(next_public, sizeof next_public, "%s.next", public_path);
    must(journal_key_generate(next_key, next_public, ORIGIN, NOTE_ED25519, &error), &error);
    must(journal_key_load(key_path, &old, &error), &error);
    must(journal_key_load(next_key, &next, &error), &error);
    if (!entry_is_durable)
        return;
    must(journal_key_append_handover(&entry, &old, &next, 5, &error), &error);
    struct journal *journal = journal_open(journal_path, ORIGIN, &error);
    must(journal ? 0 : -1, &error);
    struct bytes bytes = buffer_bytes(&entry);
    must(journal_append(journal, &bytes, 1, journal_position(journal), &error), &error);
    journal_close(journal);
}

static void sealer_finishes_a_hand_over_that_a_crash_stopped(void **state)
{
    (void)state;
    run("cp %s %s.first", public_path, public_path);
    seal_up_to(10);
    stop_rotation(true);
    seal_up_to(20);
    assert_audit(1, NULL);
    run("cmp -s %s %s.first; test $? = 1", public_path, public_path);
}

static void sealer_forgets_a_hand_over_that_never_was(void **state)
{
    (void)state;
    run("cp %s %s.first", public_path, public_path);
    seal_up_to(10);
    stop_rotation(false);
    seal_up_to(20);
    assert_audit(0, NULL);
    run("cmp -s %s %s.first && test ! -e %s.next", public_path, public_path, key_path);
}

static void sealer_refuses_a_journal_that_another_key_signed(void **state)
{
    (void)state;
    seal_up_to(10);
    run("rm %s %s", key_path, public_path);
    struct error error = {0};
    must(journal_key_generate(key_path, public_path, ORIGIN, NOTE_ED25519, &error), &error);
    assert_refused("journal_bad_signature");
    assert_audit(0, "journal_bad_signature");
}

#define SEALER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SEALER_TEST(sealer_begins_with_a_signed_empty_log_and_a_private_key),
        SEALER_TEST(sealer_takes_entries_in_order_and_tells_when_they_are_sealed),
        SEALER_TEST(sealer_refuses_a_journal_older_than_what_it_signed),
        SEALER_TEST(sealer_refuses_to_sign_a_second_history),
        SEALER_TEST(sealer_refuses_without_its_state),
        SEALER_TEST(sealer_gathers_cosignatures),
        SEALER_TEST(sealer_goes_on_without_a_witness_and_counts_it_missing),
        SEALER_TEST(sealer_does_not_count_a_witness_that_lies),
        SEALER_TEST(witness_notices_a_log_that_was_rolled_back),
        SEALER_TEST(sealer_hands_over_to_a_new_key),
        SEALER_TEST(sealer_finishes_a_hand_over_that_a_crash_stopped),
        SEALER_TEST(sealer_forgets_a_hand_over_that_never_was),
        SEALER_TEST(sealer_refuses_a_journal_that_another_key_signed),
    };
    return cmocka_run_group_tests_name("sealer", tests, NULL, NULL);
}
