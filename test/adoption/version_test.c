/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <pthread.h>

/* The sample with one sentence more, so that it is another text. */
static int64_t store_second(struct store *store)
{
    AUTO_BUFFER text = {0};
    fixture_source("data/sample/policy.txt", &text);
    buffer_append_string(&text,
                         "\n6 付則\n\n職員等は、この方針を毎年度1回読まなければならない。\n");
    return fixture_store_text(store, buffer_bytes(&text));
}

static enum adoption_stage stage_at(struct store *store, int64_t version, int64_t now)
{
    struct adoption_version found;
    expect_ok(adoption_read(store, version, now, &found, &error), &error);
    return found.stage;
}

static void a_text_is_kept_to_the_byte_with_its_file(void **state)
{
    struct store *store = fixture_store(*state);
    AUTO_BUFFER text = {0}, found = {0};
    struct store_blob_reader *reader = NULL;
    struct bytes content;
    fixture_source("data/sample/policy.txt", &text);
    int64_t version = fixture_store_sample(store);
    expect_ok(adoption_text(store, version, &found, &error), &error);
    assert_true(bytes_equal(buffer_bytes(&text), buffer_bytes(&found)));
    expect_ok(adoption_file(store, version, &reader, &error), &error);
    expect_ok(store_blob_read(reader, &content, &error), &error);
    assert_true(bytes_equal(buffer_bytes(&text), content));
    store_blob_reader_close(reader);
    struct adoption_version read;
    expect_ok(adoption_read(store, version, NOW, &read, &error), &error);
    assert_string_equal(read.effective, "2026-04-01");
    assert_string_equal(read.organization, "みほん市");
    assert_int_equal(read.stage, ADOPTION_DRAFT);
    assert_int_equal(fixture_entries(store, "policy.store"), 1);
    store_close(store);
}

static void the_same_text_is_stored_once(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t version = fixture_store_sample(store);
    assert_int_equal(fixture_store_sample(store), version);
    expect_ok(fixture_try_adopt(store, version, "2026-04-01"), &error);
    AUTO_BUFFER text = {0};
    fixture_source("data/sample/policy.txt", &text);
    const struct adoption_upload upload = {"again.txt", buffer_bytes(&text), buffer_bytes(&text)};
    expect_code(adoption_store(store, &act, &upload, &version, &error), &error,
                "adoption_same_text");
    store_close(store);
}

static void what_is_no_policy_is_not_stored(void **state)
{
    struct store *store = fixture_store(*state);
    struct adoption_version list[4];
    size_t count;
    int64_t version;
    struct bytes text = bytes_of_string("本日の昼食は豆腐です。");
    const struct adoption_upload upload = {"昼食.txt", text, text};
    expect_code(adoption_store(store, &act, &upload, &version, &error), &error,
                "policy_not_a_policy");
    expect_ok(adoption_list(store, NOW, 0, list, 4, &count, &error), &error);
    assert_int_equal(count, 0);
    store_close(store);
}

static void a_decision_needs_its_parts(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t version = fixture_store_sample(store);
    expect_code(fixture_try_adopt(store, version, "令和8年"), &error, "adoption_bad_value");
    expect_code(fixture_try_adopt(store, version + 1, "2026-04-01"), &error, "adoption_unknown");
    expect_ok(fixture_try_adopt(store, version, "2026-04-01"), &error);
    expect_code(fixture_try_adopt(store, version, "2026-04-01"), &error, "adoption_stage");
    expect_code(adoption_discard(store, &act, version, &error), &error, "adoption_reason");
    assert_int_equal(fixture_entries(store, "policy.adopt"), 1);
    store_close(store);
}

static void a_version_comes_into_force_and_is_replaced_by_the_calendar(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t first = fixture_adopt_sample(store), second = store_second(store);
    struct adoption_version found;
    expect_ok(fixture_try_adopt(store, second, "2027-04-01"), &error);
    assert_int_equal(stage_at(store, first, NOW), ADOPTION_IN_FORCE);
    assert_int_equal(stage_at(store, second, NOW), ADOPTION_ADOPTED);
    assert_int_equal(adoption_in_force(store, NOW, &found, &error), 1);
    assert_int_equal(found.id, first);
    int64_t later = time_start_of_date((struct date){2027, 4, 1});
    assert_int_equal(stage_at(store, first, later - 1), ADOPTION_IN_FORCE);
    assert_int_equal(stage_at(store, first, later), ADOPTION_REPLACED);
    assert_int_equal(stage_at(store, second, later), ADOPTION_IN_FORCE);
    assert_int_equal(
        adoption_in_force(store, time_start_of_date((struct date){2026, 3, 31}), &found, &error),
        0);
    store_close(store);
}

static void a_draft_can_be_given_up_and_stored_again(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t version = fixture_store_sample(store);
    struct identity_act reasoned = act;
    reasoned.reason = "別の案にするため";
    expect_ok(adoption_discard(store, &reasoned, version, &error), &error);
    assert_int_equal(stage_at(store, version, NOW), ADOPTION_DISCARDED);
    assert_true(fixture_store_sample(store) > version);
    store_close(store);
}

static void *borrow_often(void *context)
{
    struct store *store = NULL;
    if (store_open(context, &store, NULL) != 0)
        return NULL;
    const struct policy *first = NULL;
    for (int i = 0; i < 50; i++) {
        AUTO_POLICY *policy = adoption_policy_borrow(store, 1, NULL);
        if (!policy || policy->requirement_count == 0 || (first && policy != first))
            return NULL;
        first = policy;
    }
    store_close(store);
    return context;
}

static void threads_share_one_compiled_policy(void **state)
{
    struct store *store = fixture_store(*state);
    pthread_t threads[4];
    fixture_store_sample(store);
    AUTO_POLICY *held = adoption_policy_borrow(store, 1, &error);
    assert_non_null(held);
    for (size_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, borrow_often, (void *)(uintptr_t)scratch_root(*state));
    for (size_t i = 0; i < 4; i++) {
        void *result;
        pthread_join(threads[i], &result);
        assert_non_null(result);
    }
    store_close(store);
}

static void the_copy_for_publication_withholds_the_standard(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t version = fixture_store_sample(store);
    AUTO_POLICY *policy = adoption_policy_borrow(store, version, &error);
    struct adoption_publicity *publicity;
    AUTO_BUFFER copy = {0}, more = {0};
    expect_ok(adoption_publicity_read(store, policy, &publicity, &error), &error);
    adoption_publication(policy, publicity, &copy);
    adoption_publicity_free(publicity);
    const char *text = buffer_string(&copy);
    assert_non_null(strstr(text, "三層の分離"));
    assert_non_null(strstr(text, "公開していません"));
    assert_null(strstr(text, "副市長"));
    assert_null(strstr(text, "人に教えてはならない"));
    assert_null(strstr(text, "....."));

    struct identity_act reasoned = act;
    reasoned.reason = "体制は公表する";
    expect_ok(adoption_publicity_save(store, &reasoned, version, "standard/1", true, &error),
              &error);
    expect_ok(adoption_publicity_read(store, policy, &publicity, &error), &error);
    adoption_publication(policy, publicity, &more);
    adoption_publicity_free(publicity);
    assert_non_null(strstr(buffer_string(&more), "副市長"));
    assert_null(strstr(buffer_string(&more), "人に教えてはならない"));
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(a_text_is_kept_to_the_byte_with_its_file),
        scratch_unit_test(the_same_text_is_stored_once),
        scratch_unit_test(what_is_no_policy_is_not_stored),
        scratch_unit_test(a_decision_needs_its_parts),
        scratch_unit_test(a_version_comes_into_force_and_is_replaced_by_the_calendar),
        scratch_unit_test(a_draft_can_be_given_up_and_stored_again),
        scratch_unit_test(threads_share_one_compiled_policy),
        scratch_unit_test(the_copy_for_publication_withholds_the_standard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
