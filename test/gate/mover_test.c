/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "gate/mover.h"
#include "gate/work.h"
#include "scanner.h"

#define BIDI "\xe2\x80\xae" /* U+202E: disarming takes it out of a text */

static struct gate_mover *start_mover(void *state, const char *scanner, int passwords)
{
    struct gate_mover *mover;
    const struct gate_mover_options options = {.directory = scratch_root(state),
                                               .scanner = scanner,
                                               .scanner_patience = 5000,
                                               .workers = 2,
                                               .retry = TIME_SECOND,
                                               .passwords = passwords};
    expect_ok(gate_mover_start(&options, &mover, &error), &error);
    return mover;
}

/* Lets the mover do all that there is to do at a moment. */
static void move_all(struct gate_mover *mover, int64_t now)
{
    int did;
    while ((did = gate_mover_step(mover, now, &error)) == 1)
        continue;
    assert_int_equal(did, 0);
}

static void set_antivirus(const struct hall *hall, enum gate_antivirus antivirus)
{
    struct gate_conduit conduit = town_conduit(hall, "internet", "lgwan");
    conduit.antivirus = antivirus;
    expect_ok(gate_conduit_save(hall->store, &act, &conduit, &error), &error);
}

static int decide(const struct hall *hall, int64_t transfer, bool approve, const char *reason)
{
    struct identity_session session = hall_session(hall, hall->manager, "lgwan", NOW);
    struct cases_case found;
    struct gate_transfer read = town_read(hall, "lgwan", transfer);
    expect_ok(cases_read(hall->store, &session, read.case_id, &found, NULL, &error), &error);
    const struct cases_decision decision = {read.case_id, approve, reason, found.seen, NOW};
    return cases_decide(hall->store, &session, &decision, gate_outcomes, NULL, &error);
}

static void a_file_arrives_disarmed_with_its_receipt(void **state)
{
    struct hall hall = town_open(*state);
    AUTO_BUFFER content = {0};
    AUTO_BUFFER receipt = {0};
    int64_t transfer = town_send(&hall, "internet", "lgwan", "I", "案内" BIDI "です\n");
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", transfer).state, "ready");
    assert_int_equal(town_inbox(&hall, hall.colleague, "lgwan"), 1);
    assert_int_equal(town_inbox(&hall, hall.colleague, "internet"), 0);
    assert_int_equal(town_inbox(&hall, hall.manager, "lgwan"), 0);
    expect_code(town_open_item(&hall, hall.colleague, "internet", transfer, &content), &error,
                "gate_transfer_unknown");
    expect_code(town_open_item(&hall, hall.colleague, "mynumber", transfer, &content), &error,
                "gate_transfer_unknown");
    expect_code(town_open_item(&hall, hall.manager, "lgwan", transfer, &content), &error,
                "gate_transfer_unknown");
    expect_ok(town_open_item(&hall, hall.colleague, "lgwan", transfer, &content), &error);
    assert_string_equal(buffer_string(&content), "案内です\n");
    assert_string_equal(town_read(&hall, "internet", transfer).state, "received");
    expect_ok(gate_receipt(hall.store, transfer, 1, &receipt, &error), &error);
    assert_true(bytes_find(buffer_bytes(&receipt), 0, "\"rebuilt\"") != SIZE_MAX);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.deliver\""), 1);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.receive\""), 1);
    gate_mover_stop(mover);
    store_close(hall.store);
}

static void a_refused_file_ends_the_transfer_and_says_why(void **state)
{
    struct hall hall = town_open(*state);
    int64_t transfer = town_begin(&hall, "internet", "lgwan", "I");
    town_add_item(&hall, "internet", transfer, "a.pdf", bytes_of_string("%PDF-1.7\nbroken"));
    town_accept(&hall, "internet", transfer);
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    move_all(mover, NOW);
    struct gate_transfer found = town_read(&hall, "internet", transfer);
    assert_string_equal(found.state, "refused");
    assert_true(*found.why);
    assert_int_equal(town_inbox(&hall, hall.colleague, "lgwan"), 0);
    gate_mover_stop(mover);
    store_close(hall.store);
}

static void antivirus_stops_what_it_knows(void **state)
{
    struct hall hall = town_open(*state);
    const char *path = scratch_path(*state, "clamd");
    pid_t scanner = scanner_start(path);
    struct gate_mover *mover = start_mover(*state, path, -1);
    set_antivirus(&hall, GATE_ANTIVIRUS_REQUIRED);
    int64_t bad = town_send(&hall, "internet", "lgwan", "I", "EVIL\n");
    int64_t good = town_send(&hall, "internet", "lgwan", "I", "good\n");
    /* Hidden from a scanner before disarming, plain after it. */
    int64_t hidden = town_send(&hall, "internet", "lgwan", "I", "EV" BIDI "IL\n");
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", bad).state, "refused");
    assert_string_equal(town_read(&hall, "internet", bad).why, "gate_virus");
    assert_string_equal(town_read(&hall, "internet", good).state, "ready");
    assert_string_equal(town_read(&hall, "internet", hidden).why, "gate_virus");
    assert_int_equal(fixture_entries(hall.store, "Test.Evil"), 2);
    gate_mover_stop(mover);
    scanner_stop(scanner);
    store_close(hall.store);
}

static void transfers_wait_for_a_scanner_that_is_demanded(void **state)
{
    struct hall hall = town_open(*state);
    const char *path = scratch_path(*state, "clamd");
    struct gate_mover *mover = start_mover(*state, path, -1);
    int64_t optional = town_send(&hall, "internet", "lgwan", "I", "a\n");
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", optional).state, "ready");
    set_antivirus(&hall, GATE_ANTIVIRUS_REQUIRED);
    int64_t transfer = town_send(&hall, "internet", "lgwan", "I", "b\n");
    for (int i = 0; i < 2 * GATE_ATTEMPTS; i++)
        move_all(mover, NOW + i * 2 * TIME_SECOND);
    assert_string_equal(town_read(&hall, "internet", transfer).state, "waiting");
    assert_string_equal(town_read(&hall, "internet", transfer).why, "gate_scanner_away");
    pid_t scanner = scanner_start(path);
    move_all(mover, NOW + 60 * TIME_SECOND);
    assert_string_equal(town_read(&hall, "internet", transfer).state, "ready");
    gate_mover_stop(mover);
    scanner_stop(scanner);
    store_close(hall.store);
}

static void an_approval_opens_the_inbox(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    int64_t first = town_send(&hall, "lgwan", "internet", "II", "a\n");
    int64_t second = town_send(&hall, "lgwan", "internet", "II", "b\n");
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "lgwan", first).state, "pending");
    assert_int_equal(town_inbox(&hall, hall.colleague, "internet"), 0);
    struct identity_session manager = hall_session(&hall, hall.manager, "lgwan", NOW);
    struct identity_session clerk = hall_session(&hall, hall.clerk, "lgwan", NOW);
    struct gate_transfer found;
    expect_ok(gate_transfer_review(hall.store, &manager, first, NOW, &found, &error), &error);
    expect_code(gate_transfer_review(hall.store, &clerk, first, NOW, &found, &error), &error,
                "case_self");
    expect_code(gate_emergency(hall.store, &clerk, first, "急ぎ", NOW, &error), &error,
                "gate_approver_reachable");
    expect_ok(decide(&hall, first, true, NULL), &error);
    expect_ok(decide(&hall, second, false, "不要"), &error);
    assert_string_equal(town_read(&hall, "lgwan", first).state, "ready");
    assert_string_equal(town_read(&hall, "lgwan", second).why, "gate_denied");
    assert_int_equal(town_inbox(&hall, hall.colleague, "internet"), 1);
    gate_mover_stop(mover);
    store_close(hall.store);
}

static void at_night_it_is_delivered_and_approved_afterwards(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    struct cases_case found;
    expect_ok(identity_person_away(hall.store, &act, hall.manager, NOW - 1, NOW + TIME_DAY, &error),
              &error);
    int64_t transfer = town_send(&hall, "lgwan", "internet", "II", "a\n");
    struct identity_session clerk = hall_session(&hall, hall.clerk, "lgwan", NOW);
    expect_code(gate_emergency(hall.store, &clerk, transfer, "災害", NOW, &error), &error,
                "gate_state");
    move_all(mover, NOW);
    expect_code(gate_emergency(hall.store, &clerk, transfer, "", NOW, &error), &error,
                "gate_reason");
    expect_ok(gate_emergency(hall.store, &clerk, transfer, "災害", NOW, &error), &error);
    struct gate_transfer sent = town_read(&hall, "lgwan", transfer);
    assert_string_equal(sent.state, "ready");
    assert_true(sent.emergency);
    expect_ok(cases_read(hall.store, NULL, sent.case_id, &found, NULL, &error), &error);
    assert_true(found.emergency);
    assert_string_equal(found.state, "open");
    assert_true(found.due > NOW);
    expect_code(decide(&hall, transfer, true, NULL), &error, "case_reason");
    expect_ok(decide(&hall, transfer, false, "認められない"), &error);
    assert_int_equal(town_inbox(&hall, hall.colleague, "internet"), 0);
    gate_mover_stop(mover);
    store_close(hall.store);
}

static void what_is_too_old_ends_and_its_files_go(void **state)
{
    struct hall hall = town_open(*state);
    AUTO_BUFFER content = {0};
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    int64_t transfer = town_send(&hall, "internet", "lgwan", "I", "a\n");
    uint64_t removed;
    move_all(mover, NOW);
    move_all(mover, NOW + 15 * TIME_DAY);
    assert_string_equal(town_read(&hall, "internet", transfer).state, "expired");
    expect_code(town_open_item(&hall, hall.colleague, "lgwan", transfer, &content), &error,
                "gate_transfer_unknown");
    expect_ok(store_blob_collect(hall.store, NOW + 15 * TIME_DAY, &removed, &error), &error);
    assert_int_equal(removed, 1); /* the same text before and after is one blob */
    assert_int_equal(fixture_entries(hall.store, "\"transfer.expire\""), 1);
    gate_mover_stop(mover);
    store_close(hall.store);
}

static void what_was_taken_back_meanwhile_is_not_delivered(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    struct identity_session sender = hall_session(&hall, hall.clerk, "internet", NOW);
    int64_t transfer = town_send(&hall, "internet", "lgwan", "I", "a\n");
    struct work *work;
    int64_t claimed = 0;
    AUTO_ROWS *rows = NULL;
    expect_ok(store_begin(hall.store, &error), &error);
    expect_ok(store_query(hall.store, STATEMENT_TRANSFER_CLAIM,
                          STORE_VALUES(store_integer(7), store_integer(NOW)), &rows, &error),
              &error);
    while (store_rows_next(rows, &error) == 1)
        claimed = store_rows_integer(rows, 0);
    store_rows_close(&rows);
    expect_ok(store_commit(hall.store, &error), &error);
    assert_int_equal(claimed, transfer);
    work = work_load(mover, transfer, 7, &error);
    work_start(mover, work);
    expect_ok(gate_recall(hall.store, &sender, transfer, NULL, NOW, &error), &error);
    work_take_result(mover, disarm_pool_next(mover->pool, true));
    expect_ok(work_end(mover, work, NOW, &error), &error);
    work_free(work);
    assert_string_equal(town_read(&hall, "internet", transfer).state, "recalled");
    assert_int_equal(town_inbox(&hall, hall.colleague, "lgwan"), 0);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.deliver\""), 0);
    gate_mover_stop(mover);
    store_close(hall.store);
}

static void what_kills_its_mover_is_given_up(void **state)
{
    struct hall hall = town_open(*state);
    int64_t transfer = town_send(&hall, "internet", "lgwan", "I", "a\n");
    for (int i = 0; i < GATE_ATTEMPTS; i++) {
        AUTO_ROWS *rows = NULL;
        expect_ok(store_begin(hall.store, &error), &error);
        expect_ok(store_query(hall.store, STATEMENT_TRANSFER_CLAIM,
                              STORE_VALUES(store_integer(7), store_integer(NOW)), &rows, &error),
                  &error);
        while (store_rows_next(rows, &error) == 1)
            continue;
        store_rows_close(&rows);
        expect_ok(store_run(hall.store, STATEMENT_TRANSFER_FREE_LEASES, STORE_NO_VALUES, &error),
                  &error);
        expect_ok(store_commit(hall.store, &error), &error);
    }
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", transfer).why, "gate_attempts");
    gate_mover_stop(mover);
    store_close(hall.store);
}

static void one_mover_works_at_a_time(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_mover *mover = start_mover(*state, NULL, -1), *second;
    const struct gate_mover_options options = {.directory = scratch_root(*state), .passwords = -1};
    expect_code(gate_mover_start(&options, &second, &error), &error, "gate_mover_running");
    gate_mover_stop(mover);
    store_close(hall.store);
}

int main(int argc, char **argv)
{
    int status = disarm_zygote_main(argc, argv);
    if (status >= 0)
        return status;
    const struct CMUnitTest tests[] = {
        scratch_unit_test(a_file_arrives_disarmed_with_its_receipt),
        scratch_unit_test(a_refused_file_ends_the_transfer_and_says_why),
        scratch_unit_test(antivirus_stops_what_it_knows),
        scratch_unit_test(transfers_wait_for_a_scanner_that_is_demanded),
        scratch_unit_test(an_approval_opens_the_inbox),
        scratch_unit_test(at_night_it_is_delivered_and_approved_afterwards),
        scratch_unit_test(what_is_too_old_ends_and_its_files_go),
        scratch_unit_test(what_was_taken_back_meanwhile_is_not_delivered),
        scratch_unit_test(what_kills_its_mover_is_given_up),
        scratch_unit_test(one_mover_works_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
