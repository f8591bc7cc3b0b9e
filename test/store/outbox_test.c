/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/fixture.h"

#include "journal/entry.h"
#include "store/outbox.h"
#include "store/record.h"

static void record(struct store *store, const char *object)
{
    struct error error;
    struct store_entry entry = {.action = "test.note", .object = object, .time = 1};
    expect_ok(store_record(store, &entry, &error), &error);
}

static void record_committed(struct store *store, int count)
{
    struct error error;
    for (int i = 0; i < count; i++) {
        expect_ok(store_begin(store, &error), &error);
        record(store, "x");
        expect_ok(store_commit(store, &error), &error);
    }
}

static void entries_come_out_in_order_of_commits(void **state)
{
    struct store *store = fixture_store(*state);
    struct store_batch batch;
    struct error error;
    record_committed(store, 3);
    expect_ok(store_outbox_read(store, 0, &batch, &error), &error);
    assert_int_equal(batch.count, 3);
    assert_int_equal(batch.last, 3);
    for (size_t i = 0; i < batch.count; i++) {
        uint64_t sequence;
        expect_ok(journal_entry_check(batch.entries[i], &sequence, "test", &error), &error);
        assert_int_equal(sequence, i + 1);
    }
    store_batch_free(&batch);
    expect_ok(store_outbox_read(store, 2, &batch, &error), &error);
    assert_int_equal(batch.count, 1);
    store_batch_free(&batch);
    store_close(store);
}

static void a_rolled_back_entry_gives_its_number_back(void **state)
{
    struct store *store = fixture_store(*state);
    struct store_batch batch;
    struct error error;
    uint64_t recorded, waiting;
    expect_ok(store_begin(store, &error), &error);
    record(store, "dropped");
    store_rollback(store);
    record_committed(store, 1);
    expect_ok(store_outbox_state(store, &recorded, &waiting, &error), &error);
    assert_int_equal(recorded, 1);
    assert_int_equal(waiting, 1);
    expect_ok(store_outbox_read(store, 0, &batch, &error), &error);
    assert_int_equal(batch.count, 1);
    assert_int_equal(bytes_find(batch.entries[0], 0, "dropped"), SIZE_MAX);
    store_batch_free(&batch);
    store_close(store);
}

static void recording_outside_a_transaction_is_refused(void **state)
{
    struct store *store = fixture_store(*state);
    struct error error;
    struct store_entry entry = {.action = "test.note"};
    expect_code(store_record(store, &entry, &error), &error, "store_no_transaction");
    store_close(store);
}

static void forgetting_keeps_the_count(void **state)
{
    struct store *store = fixture_store(*state);
    struct store_batch batch;
    struct error error;
    uint64_t recorded, waiting;
    record_committed(store, 5);
    expect_ok(store_outbox_forget(store, 3, &error), &error);
    expect_ok(store_outbox_state(store, &recorded, &waiting, &error), &error);
    assert_int_equal(recorded, 5);
    assert_int_equal(waiting, 2);
    expect_ok(store_outbox_read(store, 3, &batch, &error), &error);
    assert_int_equal(batch.last, 5);
    store_batch_free(&batch);
    expect_ok(store_outbox_forget(store, 5, &error), &error);
    record_committed(store, 1);
    expect_ok(store_outbox_read(store, 5, &batch, &error), &error);
    assert_int_equal(batch.last, 6);
    store_batch_free(&batch);
    store_close(store);
}

static void a_journal_that_does_not_belong_is_noticed(void **state)
{
    struct store *store = fixture_store(*state);
    struct store_batch batch;
    struct error error;
    record_committed(store, 5);
    expect_code(store_outbox_read(store, 6, &batch, &error), &error, "store_behind");
    expect_ok(store_outbox_forget(store, 3, &error), &error);
    expect_code(store_outbox_read(store, 2, &batch, &error), &error, "store_gap");
    store_batch_free(&batch);
    expect_ok(store_outbox_forget(store, 5, &error), &error);
    expect_code(store_outbox_read(store, 4, &batch, &error), &error, "store_gap");
    store_close(store);
}

static void a_long_queue_comes_in_batches(void **state)
{
    struct store *store = fixture_store(*state);
    struct store_batch batch;
    struct error error;
    expect_ok(store_begin(store, &error), &error);
    for (int i = 0; i < STORE_BATCH_MAX + 10; i++)
        record(store, "x");
    expect_ok(store_commit(store, &error), &error);
    expect_ok(store_outbox_read(store, 0, &batch, &error), &error);
    assert_int_equal(batch.count, STORE_BATCH_MAX);
    store_batch_free(&batch);
    expect_ok(store_outbox_read(store, STORE_BATCH_MAX, &batch, &error), &error);
    assert_int_equal(batch.count, 10);
    store_batch_free(&batch);
    store_close(store);
}

static void erased_personal_data_is_gone_and_its_erasure_recorded(void **state)
{
    struct store *store = fixture_store(*state);
    struct store_digest digest;
    struct store_batch batch;
    struct error error;
    AUTO_BUFFER read = {0}, file = {0};
    expect_ok(store_begin(store, &error), &error);
    expect_ok(store_personal_add(store, bytes_of_string("関所 花子"), &digest, &error), &error);
    expect_ok(store_commit(store, &error), &error);
    assert_int_equal(store_personal_read(store, &digest, &read, &error), 1);
    assert_string_equal(buffer_string(&read), "関所 花子");
    struct store_entry entry = {.actor = "soumu-01", .reason = "本人の請求"};
    expect_ok(store_begin(store, &error), &error);
    assert_int_equal(store_personal_erase(store, &digest, &entry, &error), 1);
    assert_int_equal(store_personal_erase(store, &digest, &entry, &error), 0);
    expect_ok(store_commit(store, &error), &error);
    assert_int_equal(store_personal_read(store, &digest, &read, &error), 0);
    expect_ok(store_outbox_read(store, 0, &batch, &error), &error);
    assert_int_equal(batch.count, 1);
    assert_int_not_equal(bytes_find(batch.entries[0], 0, "personal.erase"), SIZE_MAX);
    assert_int_not_equal(bytes_find(batch.entries[0], 0, "soumu-01"), SIZE_MAX);
    store_batch_free(&batch);
    expect_ok(store_settle(store, &error), &error);
    expect_ok(file_read(scratch_path(*state, "sekisho.db"), 1 << 20, &file, &error), &error);
    assert_int_equal(bytes_find(buffer_bytes(&file), 0, "関所 花子"), SIZE_MAX);
    digest.bytes[0] ^= 1;
    expect_code(store_personal_read(store, &digest, &read, &error), &error, "store_unknown");
    store_close(store);
}

static void equal_personal_data_has_unequal_digests(void **state)
{
    struct store *store = fixture_store(*state);
    struct store_digest a, b;
    struct error error;
    expect_ok(store_begin(store, &error), &error);
    expect_ok(store_personal_add(store, bytes_of_string("x"), &a, &error), &error);
    expect_ok(store_personal_add(store, bytes_of_string("x"), &b, &error), &error);
    assert_false(memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(entries_come_out_in_order_of_commits),
        scratch_unit_test(a_rolled_back_entry_gives_its_number_back),
        scratch_unit_test(recording_outside_a_transaction_is_refused),
        scratch_unit_test(forgetting_keeps_the_count),
        scratch_unit_test(a_journal_that_does_not_belong_is_noticed),
        scratch_unit_test(a_long_queue_comes_in_batches),
        scratch_unit_test(erased_personal_data_is_gone_and_its_erasure_recorded),
        scratch_unit_test(equal_personal_data_has_unequal_digests),
    };
    return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
