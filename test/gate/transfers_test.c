/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

static int try_begin(const struct hall *hall, const char *zone, struct gate_request request)
{
    struct identity_session session = hall_session(hall, hall->clerk, zone, NOW);
    int64_t transfer;
    return gate_send_begin(hall->store, &session, &request, &transfer, &error);
}

static struct gate_request request_for(const struct hall *hall)
{
    return (struct gate_request){.conduit = town_conduit(hall, "internet", "lgwan").id,
                                 .recipients = &hall->colleague,
                                 .recipient_count = 1,
                                 .purpose = "会議",
                                 .classification = "I",
                                 .treatment = DISARM_TREATMENT_COUNT,
                                 .now = NOW};
}

static void the_town_has_no_way_from_the_internet_to_my_number(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_conduit list[16];
    size_t count;
    expect_ok(gate_conduit_list(hall.store, NULL, list, 16, &count, &error), &error);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++)
        assert_true(!strcmp(list[i].source, "lgwan") || !strcmp(list[i].destination, "lgwan"));
    expect_code(gate_zones_default(hall.store, &act, &error), &error, "gate_bad_value");
    store_close(hall.store);
}

static void a_conduit_is_used_from_its_own_side_only(void **state)
{
    struct hall hall = town_open(*state);
    expect_ok(try_begin(&hall, "internet", request_for(&hall)), &error);
    expect_code(try_begin(&hall, "lgwan", request_for(&hall)), &error, "gate_conduit_unknown");
    store_close(hall.store);
}

static void a_conduit_for_media_takes_nothing_from_a_page(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_conduit conduit = town_conduit(&hall, "internet", "lgwan");
    struct gate_request request = request_for(&hall);
    conduit.medium_only = true;
    expect_ok(gate_conduit_save(hall.store, &act, &conduit, &error), &error);
    expect_code(try_begin(&hall, "internet", request), &error, "gate_medium_only");
    request.from_medium = true;
    expect_ok(try_begin(&hall, "internet", request), &error);
    store_close(hall.store);
}

static void a_request_without_its_parts_is_refused(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_request request = request_for(&hall);
    request.purpose = "  ";
    expect_code(try_begin(&hall, "internet", request), &error, "gate_purpose");
    request = request_for(&hall);
    request.classification = "";
    expect_code(try_begin(&hall, "internet", request), &error, "gate_label");
    request = request_for(&hall);
    request.recipient_count = 0;
    expect_code(try_begin(&hall, "internet", request), &error, "gate_recipient");
    expect_ok(identity_person_suspend(hall.store, &act, hall.colleague, true, &error), &error);
    expect_code(try_begin(&hall, "internet", request_for(&hall)), &error, "gate_recipient");
    store_close(hall.store);
}

static void a_treatment_must_be_one_of_the_conduits(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_conduit conduit = town_conduit(&hall, "internet", "lgwan");
    conduit.treatments[DISARM_REBUILD] = false;
    conduit.usual = DISARM_TEXT;
    expect_ok(gate_conduit_save(hall.store, &act, &conduit, &error), &error);
    struct gate_request request = request_for(&hall);
    request.treatment = DISARM_REBUILD;
    expect_code(try_begin(&hall, "internet", request), &error, "gate_treatment");
    conduit.usual = DISARM_REBUILD;
    expect_code(gate_conduit_save(hall.store, &act, &conduit, &error), &error, "gate_bad_value");
    store_close(hall.store);
}

static void files_keep_to_the_conduits_limits(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_conduit conduit = town_conduit(&hall, "internet", "lgwan");
    conduit.size_most = 4;
    conduit.items_most = 1;
    snprintf(conduit.types, sizeof conduit.types, "csv text");
    expect_ok(gate_conduit_save(hall.store, &act, &conduit, &error), &error);
    int64_t transfer = town_begin(&hall, "internet", "lgwan", "I");
    struct bytes small = bytes_of_string("abcd"), large = bytes_of_string("abcde");
    expect_code(town_try_item(&hall, "internet", transfer, "a.txt", large), &error,
                "gate_file_size");
    expect_code(town_try_item(&hall, "internet", transfer, "a.docx", small), &error,
                "gate_file_type");
    expect_code(town_try_item(&hall, "internet", transfer, "a\n.txt", small), &error,
                "gate_file_name");
    expect_ok(town_try_item(&hall, "internet", transfer, "C:\\a\\b.TXT", small), &error);
    expect_code(town_try_item(&hall, "internet", transfer, "c.txt", small), &error,
                "gate_too_many_files");
    struct gate_item items[2];
    size_t count;
    expect_ok(gate_item_list(hall.store, transfer, items, 2, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_string_equal(items[0].name, "b.TXT");
    store_close(hall.store);
}

static void a_transfer_without_files_is_not_accepted(void **state)
{
    struct hall hall = town_open(*state);
    int64_t transfer = town_begin(&hall, "internet", "lgwan", "I");
    struct identity_session session = hall_session(&hall, hall.clerk, "internet", NOW);
    expect_code(gate_send_finish(hall.store, &session, transfer, NOW, &error), &error,
                "gate_no_files");
    town_add_item(&hall, "internet", transfer, "a.txt", bytes_of_string("a"));
    expect_ok(gate_send_finish(hall.store, &session, transfer, NOW, &error), &error);
    expect_code(gate_send_finish(hall.store, &session, transfer, NOW, &error), &error,
                "gate_state");
    assert_int_equal(fixture_entries(hall.store, "\"transfer.accept\""), 1);
    store_close(hall.store);
}

static void an_upload_that_is_given_up_leaves_nothing(void **state)
{
    struct hall hall = town_open(*state);
    struct identity_session session = hall_session(&hall, hall.clerk, "internet", NOW);
    struct identity_session other = hall_session(&hall, hall.colleague, "internet", NOW);
    int64_t transfer = town_begin(&hall, "internet", "lgwan", "I");
    town_add_item(&hall, "internet", transfer, "a.txt", bytes_of_string("a"));
    town_add_item(&hall, "internet", transfer, "b.txt", bytes_of_string("b"));
    assert_int_equal(town_blob_files(&hall), 2);
    expect_code(gate_send_drop(hall.store, &other, transfer, "x", NOW, &error), &error,
                "gate_state");
    expect_ok(gate_send_drop(hall.store, &session, transfer, "x", NOW, &error), &error);
    assert_int_equal(town_blob_files(&hall), 0);
    struct gate_transfer found = town_read(&hall, "internet", transfer);
    assert_string_equal(found.state, "recalled");
    assert_string_equal(found.why, "gate_upload_broken");
    expect_code(gate_send_drop(hall.store, &session, transfer, "x", NOW, &error), &error,
                "gate_state");
    expect_code(town_try_item(&hall, "internet", transfer, "c.txt", bytes_of_string("c")), &error,
                "gate_transfer_unknown");
    transfer = town_send(&hall, "internet", "lgwan", "I", "d");
    expect_code(gate_send_drop(hall.store, &session, transfer, "x", NOW, &error), &error,
                "gate_state");
    assert_int_equal(fixture_entries(hall.store, "\"transfer.break_off\""), 1);
    store_close(hall.store);
}

static void only_its_sender_adds_to_a_transfer(void **state)
{
    struct hall hall = town_open(*state);
    int64_t transfer = town_begin(&hall, "internet", "lgwan", "I");
    struct gate_item_writer *writer;
    struct identity_session other = hall_session(&hall, hall.colleague, "internet", NOW);
    expect_code(gate_item_begin(hall.store, &other, transfer, "a.txt", NOW, &writer, &error),
                &error, "gate_transfer_unknown");
    struct identity_session elsewhere = hall_session(&hall, hall.clerk, "lgwan", NOW);
    expect_code(gate_item_begin(hall.store, &elsewhere, transfer, "a.txt", NOW, &writer, &error),
                &error, "gate_transfer_unknown");
    store_close(hall.store);
}

static void what_is_not_ready_cannot_be_seen_or_opened_at_its_destination(void **state)
{
    struct hall hall = town_open(*state);
    AUTO_BUFFER content = {0};
    int64_t transfer = town_send(&hall, "internet", "lgwan", "I", "秘密\n");
    struct gate_transfer found;
    struct identity_session session = hall_session(&hall, hall.colleague, "lgwan", NOW);
    assert_int_equal(town_inbox(&hall, hall.colleague, "lgwan"), 0);
    expect_code(gate_transfer_read(hall.store, &session, transfer, &found, NULL, &error), &error,
                "gate_transfer_unknown");
    expect_code(town_open_item(&hall, hall.colleague, "lgwan", transfer, &content), &error,
                "gate_transfer_unknown");
    expect_code(town_open_item(&hall, hall.clerk, "internet", transfer, &content), &error,
                "gate_transfer_unknown");
    store_close(hall.store);
}

static void closing_a_conduit_refuses_what_is_queued(void **state)
{
    struct hall hall = town_open(*state);
    int64_t queued = town_send(&hall, "internet", "lgwan", "I", "a\n");
    int64_t open = town_begin(&hall, "internet", "lgwan", "I");
    int64_t other = town_send(&hall, "lgwan", "mynumber", "I", "a\n");
    struct gate_conduit conduit = town_conduit(&hall, "internet", "lgwan");
    expect_code(gate_conduit_open(hall.store, &act, conduit.id, false, &error), &error,
                "gate_reason");
    struct identity_act with_reason = act;
    with_reason.reason = "事案のため";
    expect_ok(gate_conduit_open(hall.store, &with_reason, conduit.id, false, &error), &error);
    assert_string_equal(town_read(&hall, "internet", queued).state, "refused");
    assert_string_equal(town_read(&hall, "internet", queued).why, "gate_conduit_closed");
    assert_string_equal(town_read(&hall, "internet", open).state, "refused");
    assert_string_equal(town_read(&hall, "lgwan", other).state, "waiting");
    expect_code(try_begin(&hall, "internet", request_for(&hall)), &error, "gate_conduit_closed");
    assert_int_equal(fixture_entries(hall.store, "\"transfer.refuse\""), 2);
    expect_ok(gate_conduit_open(hall.store, &with_reason, conduit.id, true, &error), &error);
    expect_ok(try_begin(&hall, "internet", request_for(&hall)), &error);
    store_close(hall.store);
}

static void a_sender_takes_back_what_nobody_opened(void **state)
{
    struct hall hall = town_open(*state);
    int64_t transfer = town_send(&hall, "internet", "lgwan", "I", "a\n");
    struct identity_session other = hall_session(&hall, hall.colleague, "internet", NOW);
    struct identity_session sender = hall_session(&hall, hall.clerk, "internet", NOW);
    expect_code(gate_recall(hall.store, &other, transfer, "誤送", NOW, &error), &error,
                "gate_transfer_unknown");
    expect_code(gate_recall(hall.store, &sender, transfer, " ", NOW, &error), &error,
                "gate_reason");
    expect_ok(gate_recall(hall.store, &sender, transfer, "誤送", NOW, &error), &error);
    assert_string_equal(town_read(&hall, "internet", transfer).state, "recalled");
    expect_code(gate_recall(hall.store, &sender, transfer, "誤送", NOW, &error), &error,
                "gate_state");
    store_close(hall.store);
}

static void an_outbox_is_paged_and_belongs_to_a_zone(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_transfer page[2];
    size_t count;
    for (int i = 0; i < 3; i++)
        town_send(&hall, "internet", "lgwan", "I", "a\n");
    struct identity_session session = hall_session(&hall, hall.clerk, "internet", NOW);
    expect_ok(gate_outbox(hall.store, &session, 0, page, 2, &count, &error), &error);
    assert_int_equal(count, 2);
    assert_true(page[0].id > page[1].id);
    expect_ok(gate_outbox(hall.store, &session, page[1].id, page, 2, &count, &error), &error);
    assert_int_equal(count, 1);
    session = hall_session(&hall, hall.clerk, "lgwan", NOW);
    expect_ok(gate_outbox(hall.store, &session, 0, page, 2, &count, &error), &error);
    assert_int_equal(count, 0);
    store_close(hall.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(the_town_has_no_way_from_the_internet_to_my_number),
        scratch_unit_test(a_conduit_is_used_from_its_own_side_only),
        scratch_unit_test(a_conduit_for_media_takes_nothing_from_a_page),
        scratch_unit_test(a_request_without_its_parts_is_refused),
        scratch_unit_test(a_treatment_must_be_one_of_the_conduits),
        scratch_unit_test(files_keep_to_the_conduits_limits),
        scratch_unit_test(a_transfer_without_files_is_not_accepted),
        scratch_unit_test(an_upload_that_is_given_up_leaves_nothing),
        scratch_unit_test(only_its_sender_adds_to_a_transfer),
        scratch_unit_test(what_is_not_ready_cannot_be_seen_or_opened_at_its_destination),
        scratch_unit_test(closing_a_conduit_refuses_what_is_queued),
        scratch_unit_test(a_sender_takes_back_what_nobody_opened),
        scratch_unit_test(an_outbox_is_paged_and_belongs_to_a_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
