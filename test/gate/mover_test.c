/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include "disarm/receipt.h"
#include "disarm/worker.h"
#include "disarm/zygote.h"
#include "gate/mover.h"
#include "gate/work.h"
#include "scanner.h"

/* お知らせ.txt in an archive under AES-256, as tools/samples/container.py makes it; the password is
 * hirakegoma. */
static const char locked_archive[] =
    "\x50\x4b\x03\x04\x14\x00\x01\x08\x63\x00\x00\x60\x81\x54\x00\x00\x00\x00\xa3\x00\x00\x00"
    "\x87\x00\x00\x00\x10\x00\x0b\x00\xe3\x81\x8a\xe7\x9f\xa5\xe3\x82\x89\xe3\x81\x9b\x2e\x74"
    "\x78\x74\x01\x99\x07\x00\x02\x00\x41\x45\x03\x00\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08"
    "\x09\x0a\x0b\x0c\x0d\x0e\x0f\x19\x08\x12\x49\xfd\x55\x66\x2e\xe2\x15\x18\x29\xf2\x26\x85"
    "\x1d\x68\x7f\xe4\xba\xe0\xce\xb3\x3d\xa8\x9d\xd5\xac\x3e\x89\x63\x8a\xc7\x97\x16\xfe\x87"
    "\xd7\xb0\xdf\xfc\x26\x11\xd2\x9a\x1f\xca\x16\xd7\x5d\x24\xd3\x5e\x84\xeb\xaa\x0a\x10\x29"
    "\x08\x18\xf7\x00\x69\x5c\xf4\x52\x04\x42\x55\x84\x96\x93\x65\x68\x15\xfa\x2c\xaa\x11\x2f"
    "\x06\xcc\xf9\xd2\x90\xdd\x7c\xf3\x1f\x7f\x33\x2c\xf1\x18\x4f\x67\xa6\x87\x43\x8d\xb0\xe4"
    "\x45\x09\x46\xf0\xd8\x9b\xeb\xa5\x07\x70\x2b\x3b\x50\x1d\xbc\x82\x28\x19\x2c\x75\xd7\x0c"
    "\x84\x07\x6e\x82\xa0\xfd\x1f\x82\x3c\xb5\x7d\xf8\x8d\xd0\x81\x32\xb6\x74\x4d\x20\xe0\x50"
    "\x50\x4b\x01\x02\x14\x00\x14\x00\x01\x08\x63\x00\x00\x60\x81\x54\x00\x00\x00\x00\xa3\x00"
    "\x00\x00\x87\x00\x00\x00\x10\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\xe3\x81\x8a\xe7\x9f\xa5\xe3\x82\x89\xe3\x81\x9b\x2e\x74\x78\x74\x01\x99\x07\x00"
    "\x02\x00\x41\x45\x03\x00\x00\x50\x4b\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00\x49\x00\x00"
    "\x00\xdc\x00\x00\x00\x00\x00";

#define BIDI "\xe2\x80\xae" /* U+202E: disarming takes it out of a text */

/* A claim of any transfer, under the lease 7. */
#define CLAIM_VALUES                                                                               \
    STORE_VALUES(store_integer(7), store_integer(NOW), store_integer(1), store_integer(1))

static int64_t patience = 5000; /* milliseconds for the scanner */
static struct gate_inlet inlets[2] = {{.zone = "lgwan"}, {.zone = "internet"}};

/* passwords: the socket of the inlet of the internet zone, -1: there are no inlets. */
static struct gate_mover *start_mover(void *state, const char *scanner, int passwords)
{
    struct gate_mover *mover;
    inlets[1].socket = passwords;
    const struct gate_mover_options options = {.directory = scratch_root(state),
                                               .scanner = scanner,
                                               .scanner_patience = patience,
                                               .workers = 2,
                                               .retry = TIME_SECOND,
                                               .inlets = inlets,
                                               .inlet_count = passwords >= 0 ? 2 : 0};
    expect_ok(gate_mover_start(&options, &mover, &error), &error);
    return mover;
}

static void end(struct hall *hall, struct gate_mover *mover, pid_t scanner)
{
    gate_mover_stop(mover);
    scanner_stop(scanner);
    store_close(hall->store);
}

/* Lets the mover do all that there is to do at a moment. */
static void move_all(struct gate_mover *mover, int64_t now)
{
    int did;
    while ((did = gate_mover_step(mover, now, true, &error)) == 1)
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
    int64_t entry = 0;
    expect_ok(gate_receipt(hall.store, transfer, 1, &receipt, &entry, &error), &error);
    assert_true(entry > 0);
    assert_int_equal(fixture_entries(hall.store, "\"receipt_1\":\"sha256:"), 1);
    assert_true(bytes_find(buffer_bytes(&receipt), 0, "\"rebuilt\"") != SIZE_MAX);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.deliver\""), 1);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.receive\""), 1);
    gate_mover_stop(mover);
    store_close(hall.store);
}

static void a_conduit_with_password_hands_out_a_locked_archive(void **state)
{
    struct hall hall = town_open(*state);
    AUTO_BUFFER content = {0};
    struct gate_conduit conduit = town_conduit(&hall, "internet", "lgwan");
    struct identity_session session = hall_session(&hall, hall.colleague, "lgwan", NOW);
    struct identity_session sender = hall_session(&hall, hall.clerk, "internet", NOW);
    struct gate_item item;
    char password[GATE_PASSWORD_SIZE], read[64];
    int file;
    conduit.password = true;
    expect_ok(gate_conduit_save(hall.store, &act, &conduit, &error), &error);
    int64_t transfer = town_begin(&hall, "internet", "lgwan", "I");
    town_add_item(&hall, "internet", transfer, "案内.txt", bytes_of_string("秘密です\n"));
    town_accept(&hall, "internet", transfer);
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    move_all(mover, NOW);
    expect_code(town_open_item(&hall, hall.colleague, "lgwan", transfer, &content), &error,
                "gate_locked");
    expect_code(gate_item_lock(hall.store, &session, transfer, 1, NOW, &item, "abc", &file, &error),
                &error, "gate_bad_value");
    expect_ok(gate_lock_password(password, &error), &error);
    expect_code(
        gate_item_lock(hall.store, &sender, transfer, 1, NOW, &item, password, &file, &error),
        &error, "gate_transfer_unknown");
    /* the recipient, but at the listener of another zone */
    static const char *const elsewhere[] = {"internet", "mynumber"};
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        struct identity_session other = hall_session(&hall, hall.colleague, elsewhere[i], NOW);
        expect_code(
            gate_item_lock(hall.store, &other, transfer, 1, NOW, &item, password, &file, &error),
            &error, "gate_transfer_unknown");
    }
    expect_ok(
        gate_item_lock(hall.store, &session, transfer, 1, NOW, &item, password, &file, &error),
        &error);
    assert_string_equal(item.output_name, "案内.txt.zip");
    assert_int_equal(strlen(password), GATE_PASSWORD_SIZE - 1);
    struct archive *archive = archive_read_new();
    setlocale(LC_CTYPE, "C.UTF-8"); /* for reading the name; writing it needs none */
    struct archive_entry *entry;
    archive_read_support_format_zip(archive);
    archive_read_add_passphrase(archive, password);
    assert_int_equal(archive_read_open_fd(archive, file, 4096), ARCHIVE_OK);
    assert_int_equal(archive_read_next_header(archive, &entry), ARCHIVE_OK);
    assert_true(archive_entry_is_data_encrypted(entry));
    assert_string_equal(archive_entry_pathname_utf8(entry), "案内.txt");
    la_ssize_t length = archive_read_data(archive, read, sizeof read - 1);
    assert_int_equal(length, strlen("秘密です\n"));
    assert_memory_equal(read, "秘密です\n", (size_t)length);
    archive_read_free(archive);
    close(file);
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
    assert_int_equal(fixture_entries(hall.store, "\"transfer.disarm_refuse\""), 1);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.disarm\""), 0);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.unscanned\""), 1);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.scan\""), 0);
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
    assert_string_equal(town_read(&hall, "internet", good).scan, "clean");
    assert_string_equal(town_read(&hall, "internet", hidden).why, "gate_virus");
    assert_int_equal(fixture_entries(hall.store, "Test.Evil"), 2);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.virus\""), 2);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.scan\""), 1);
    end(&hall, mover, scanner);
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
    end(&hall, mover, scanner);
}

/* Without its time limit the mover would wait for ever on most of these. */
static void a_scanner_that_does_not_do_its_work_holds_nothing_up(void **state)
{
    static const enum scanner_kind kinds[] = {SCANNER_SILENT, SCANNER_DEAF, SCANNER_TRICKLES};
    struct hall hall = town_open(*state);
    const char *path = scratch_path(*state, "clamd");
    AUTO_BUFFER text = {0};
    patience = 300;
    for (size_t i = 0; i < 100000; i++) /* more than a socket takes unread */
        buffer_append_string(&text, "庁舎の電気設備点検のお知らせ\n");
    struct gate_mover *mover = start_mover(*state, path, -1);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        int64_t now = NOW + (int64_t)i * 60 * 60 * TIME_SECOND;
        pid_t scanner = scanner_start_as(path, kinds[i]);
        set_antivirus(&hall, GATE_ANTIVIRUS_REQUIRED);
        int64_t demanded = town_send(&hall, "internet", "lgwan", "I", buffer_string(&text));
        move_all(mover, now);
        assert_string_equal(town_read(&hall, "internet", demanded).state, "waiting");
        assert_string_equal(town_read(&hall, "internet", demanded).why, "gate_scanner_away");
        set_antivirus(&hall, GATE_ANTIVIRUS_IF_THERE);
        int64_t optional = town_send(&hall, "internet", "lgwan", "I", buffer_string(&text));
        move_all(mover, now + 60 * TIME_SECOND);
        assert_string_equal(town_read(&hall, "internet", optional).state, "ready");
        assert_string_equal(town_read(&hall, "internet", optional).scan, "absent");
        assert_string_equal(town_read(&hall, "internet", demanded).state, "ready");
        scanner_stop(scanner);
    }
    patience = 5000;
    gate_mover_stop(mover);
    store_close(hall.store);
}

/* Lets the mover work until a transfer is in a state, at a moment. */
static void move_until(struct gate_mover *mover, const struct hall *hall, int64_t transfer,
                       const char *state, int64_t now)
{
    for (int i = 0; i < 1000; i++) {
        if (!strcmp(town_read(hall, "internet", transfer).state, state))
            return;
        int did = gate_mover_step(mover, now, false, &error);
        assert_true(did >= 0);
        if (did == 0)
            gate_mover_wait(mover, NULL, 0, 10);
    }
    fail_msg("%s, not %s", town_read(hall, "internet", transfer).state, state);
}

static void while_one_file_is_scanned_others_are_delivered(void **state)
{
    struct hall hall = town_open(*state);
    const char *path = scratch_path(*state, "clamd");
    pid_t scanner = scanner_start(path);
    struct gate_mover *mover = start_mover(*state, path, -1);
    set_antivirus(&hall, GATE_ANTIVIRUS_REQUIRED);
    int64_t slow = town_send(&hall, "internet", "lgwan", "I", "SLOW\n");
    /* slow before disarming, and after it */
    int64_t later = town_send(&hall, "internet", "lgwan", "I", "SL" BIDI "OW\n");
    int64_t quick = town_send(&hall, "internet", "lgwan", "I", "quick\n");
    move_until(mover, &hall, quick, "ready", NOW);
    assert_string_equal(town_read(&hall, "internet", slow).state, "working");
    assert_string_equal(town_read(&hall, "internet", later).state, "working");
    assert_int_equal(town_inbox(&hall, hall.colleague, "lgwan"), 1);
    scanner_hurry();
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", slow).scan, "clean");
    assert_string_equal(town_read(&hall, "internet", later).scan, "clean");
    assert_int_equal(town_inbox(&hall, hall.colleague, "lgwan"), 3);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.deliver\""), 3);
    end(&hall, mover, scanner);
}

/* The scanner answers for others: it is not left alone for the sake of one file. */
static void a_scanner_that_hangs_on_one_file_lets_only_that_one_wait(void **state)
{
    struct hall hall = town_open(*state);
    const char *path = scratch_path(*state, "clamd");
    pid_t scanner = scanner_start(path);
    patience = 1000;
    struct gate_mover *mover = start_mover(*state, path, -1);
    set_antivirus(&hall, GATE_ANTIVIRUS_REQUIRED);
    int64_t hanging = town_send(&hall, "internet", "lgwan", "I", "HANG\n");
    int64_t first = town_send(&hall, "internet", "lgwan", "I", "first\n");
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", hanging).why, "gate_scanner_away");
    assert_string_equal(town_read(&hall, "internet", first).state, "ready");
    int64_t second = town_send(&hall, "internet", "lgwan", "I", "second\n");
    move_until(mover, &hall, second, "ready", NOW);
    assert_string_equal(town_read(&hall, "internet", second).scan, "clean");
    patience = 5000;
    end(&hall, mover, scanner);
}

/* How many originals are in memory. */
static size_t count_originals(const struct gate_mover *mover)
{
    size_t count = 0;
    for (size_t i = 0; i < mover->work_count; i++)
        for (size_t j = 0; j < mover->works[i]->item_count; j++)
            count += mover->works[i]->items[j].original_file >= 0;
    return count;
}

static void a_scanner_that_hangs_holds_up_nothing_that_is_not_for_it(void **state)
{
    enum { FILES = 5, TRANSFERS = 12 };
    struct hall hall = town_open(*state);
    const char *path = scratch_path(*state, "clamd");
    pid_t scanner = scanner_start(path);
    struct gate_mover *mover = start_mover(*state, path, -1);
    set_antivirus(&hall, GATE_ANTIVIRUS_REQUIRED);
    struct gate_conduit plain = town_conduit(&hall, "lgwan", "mynumber");
    plain.antivirus = GATE_ANTIVIRUS_NONE;
    plain.approval_from = GATE_LABEL_NONE;
    expect_ok(gate_conduit_save(hall.store, &act, &plain, &error), &error);
    int64_t hanging[TRANSFERS];
    for (size_t i = 0; i < TRANSFERS; i++) {
        hanging[i] = town_begin(&hall, "internet", "lgwan", "I");
        for (size_t j = 0; j < FILES; j++)
            town_add_item(&hall, "internet", hanging[i], "memo.txt", bytes_of_string("HANG\n"));
        town_accept(&hall, "internet", hanging[i]);
    }
    while (gate_mover_step(mover, NOW, false, &error) == 1)
        continue;
    assert_int_equal(count_originals(mover), SCANS_MOST);
    assert_int_equal(mover->work_count, mover->scanned_most);
    int64_t other = town_send(&hall, "lgwan", "mynumber", "I", "plain\n");
    while (gate_mover_step(mover, NOW, false, &error) == 1 ||
           !strcmp(town_read(&hall, "lgwan", other).state, "working"))
        gate_mover_wait(mover, NULL, 0, 10);
    assert_string_equal(town_read(&hall, "lgwan", other).state, "ready");
    assert_string_equal(town_read(&hall, "internet", hanging[0]).state, "working");
    gate_mover_stop(mover);
    for (size_t i = 0; i < TRANSFERS; i++)
        assert_string_equal(town_read(&hall, "internet", hanging[i]).state, "waiting");
    scanner_stop(scanner);
    store_close(hall.store);
}

static void a_mover_that_stops_does_not_wait_for_the_scanner(void **state)
{
    struct hall hall = town_open(*state);
    const char *path = scratch_path(*state, "clamd");
    pid_t scanner = scanner_start(path);
    struct gate_mover *mover = start_mover(*state, path, -1);
    set_antivirus(&hall, GATE_ANTIVIRUS_REQUIRED);
    int64_t before = town_send(&hall, "internet", "lgwan", "I", "HANG\n");
    int64_t after = town_send(&hall, "internet", "lgwan", "I", "HA" BIDI "NG\n");
    while (gate_mover_step(mover, NOW, false, &error) == 1 || disarm_pool_pending(mover->pool))
        gate_mover_wait(mover, NULL, 0, 10);
    assert_int_equal(mover->scan_count, 2);
    gate_mover_stop(mover);
    assert_string_equal(town_read(&hall, "internet", before).state, "waiting");
    assert_string_equal(town_read(&hall, "internet", after).state, "waiting");
    scanner_stop(scanner);
    scanner = scanner_start_as(path, SCANNER_BABBLES);
    mover = start_mover(*state, path, -1);
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", before).why, "gate_scanner_failed");
    assert_string_equal(town_read(&hall, "internet", after).why, "gate_scanner_failed");
    assert_int_equal(fixture_entries(hall.store, "\"transfer.refuse\""), 2);
    end(&hall, mover, scanner);
}

static void a_conduit_that_closes_ends_what_is_being_scanned(void **state)
{
    struct hall hall = town_open(*state);
    const char *path = scratch_path(*state, "clamd");
    pid_t scanner = scanner_start(path);
    struct gate_mover *mover = start_mover(*state, path, -1);
    set_antivirus(&hall, GATE_ANTIVIRUS_REQUIRED);
    int64_t slow = town_send(&hall, "internet", "lgwan", "I", "SLOW\n");
    while (gate_mover_step(mover, NOW, false, &error) == 1)
        continue;
    assert_int_equal(mover->scan_count, 1);
    int64_t conduit = town_conduit(&hall, "internet", "lgwan").id;
    struct identity_act closing = act;
    closing.reason = "点検";
    expect_ok(gate_conduit_open(hall.store, &closing, conduit, false, &error), &error);
    assert_string_equal(town_read(&hall, "internet", slow).state, "refused");
    scanner_hurry();
    move_all(mover, NOW);
    assert_int_equal(town_inbox(&hall, hall.colleague, "lgwan"), 0);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.deliver\""), 0);
    end(&hall, mover, scanner);
}

/* It hangs up in the middle of the file, after it said why. */
static void a_file_that_is_too_large_for_the_scanner_is_refused(void **state)
{
    struct hall hall = town_open(*state);
    const char *path = scratch_path(*state, "clamd");
    AUTO_BUFFER text = {0};
    for (size_t i = 0; i < 100000; i++)
        buffer_append_string(&text, "庁舎の電気設備点検のお知らせ\n");
    pid_t scanner = scanner_start_as(path, SCANNER_LIMITED);
    struct gate_mover *mover = start_mover(*state, path, -1);
    set_antivirus(&hall, GATE_ANTIVIRUS_REQUIRED);
    int64_t transfer = town_send(&hall, "internet", "lgwan", "I", buffer_string(&text));
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", transfer).state, "refused");
    assert_string_equal(town_read(&hall, "internet", transfer).why, "gate_scanner_failed");
    end(&hall, mover, scanner);
}

static void an_answer_that_is_none_passes_nothing(void **state)
{
    struct hall hall = town_open(*state);
    const char *path = scratch_path(*state, "clamd");
    pid_t scanner = scanner_start_as(path, SCANNER_BABBLES);
    struct gate_mover *mover = start_mover(*state, path, -1);
    set_antivirus(&hall, GATE_ANTIVIRUS_IF_THERE);
    int64_t transfer = town_send(&hall, "internet", "lgwan", "I", "a\n");
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", transfer).why, "gate_scanner_failed");
    end(&hall, mover, scanner);
}

static void a_locked_file_is_held_until_its_password_comes(void **state)
{
    struct hall hall = town_open(*state);
    int sockets[2], others[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, others), 0);
    inlets[0].socket = others[1];
    struct gate_mover *mover = start_mover(*state, NULL, sockets[1]);
    struct identity_session sender = hall_session(&hall, hall.clerk, "internet", NOW);
    struct identity_session other = hall_session(&hall, hall.colleague, "internet", NOW);
    int64_t transfer = town_begin(&hall, "internet", "lgwan", "I");
    town_add_item(&hall, "internet", transfer, "a.zip",
                  (struct bytes){(const uint8_t *)locked_archive, sizeof locked_archive - 1});
    town_add_item(&hall, "internet", transfer, "b.txt", bytes_of_string("b\n"));
    town_accept(&hall, "internet", transfer);
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", transfer).state, "held");
    assert_string_equal(town_read(&hall, "internet", transfer).why, "password_needed");
    expect_code(
        gate_password_send(hall.store, &other, sockets[0], transfer, 1, "hirakegoma", &error),
        &error, "gate_state");
    /* the web process of another zone is not listened to */
    expect_ok(gate_password_send(hall.store, &sender, others[0], transfer, 1, "hirakegoma", &error),
              &error);
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", transfer).why, "password_needed");
    expect_ok(gate_password_send(hall.store, &sender, sockets[0], transfer, 1, "wrong", &error),
              &error);
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", transfer).why, "password_wrong");
    assert_int_equal(town_inbox(&hall, hall.colleague, "lgwan"), 0);
    expect_ok(
        gate_password_send(hall.store, &sender, sockets[0], transfer, 1, "hirakegoma", &error),
        &error);
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", transfer).state, "ready");
    assert_null(mover->passwords);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.password\""), 2);
    assert_int_equal(fixture_entries(hall.store, "hirakegoma"), 0);
    struct gate_item items[3];
    size_t count;
    expect_ok(gate_item_list(hall.store, transfer, items, 3, &count, &error), &error);
    assert_string_equal(items[0].state, "clean");
    assert_string_equal(items[1].state, "clean");
    gate_mover_stop(mover);
    for (size_t i = 0; i < 2; i++) {
        close(sockets[i]);
        close(others[i]);
    }
    store_close(hall.store);
}

/* Sends a locked archive with its password from the internet; the transfer. */
static int64_t send_locked(const struct hall *hall, struct gate_mover *mover, int socket_of,
                           struct bytes archive)
{
    struct identity_session sender = hall_session(hall, hall->clerk, "internet", NOW);
    int64_t transfer = town_begin(hall, "internet", "lgwan", "I");
    town_add_item(hall, "internet", transfer, "a.zip", archive);
    town_accept(hall, "internet", transfer);
    move_all(mover, NOW);
    expect_ok(
        gate_password_send(hall->store, &sender, socket_of, transfer, 1, "hirakegoma", &error),
        &error);
    move_all(mover, NOW);
    return transfer;
}

/* An archive that is closed with the same password, with one text in it; its length. */
static size_t make_locked(const char *text, char *into, size_t size)
{
    size_t used = 0;
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    archive_write_set_format_zip(archive);
    archive_write_set_options(archive, "zip:encryption=aes256");
    archive_write_set_passphrase(archive, "hirakegoma");
    archive_write_set_bytes_in_last_block(archive, 1);
    assert_int_equal(archive_write_open_memory(archive, into, size, &used), ARCHIVE_OK);
    archive_entry_set_pathname(entry, "memo.txt");
    archive_entry_set_size(entry, (la_int64_t)strlen(text));
    archive_entry_set_filetype(entry, AE_IFREG);
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    archive_write_data(archive, text, strlen(text));
    archive_entry_free(entry);
    archive_write_close(archive);
    archive_write_free(archive);
    return used;
}

/* True when an archive can be read with a password (NULL: none). */
static bool is_readable(struct bytes content, const char *password)
{
    struct archive_entry *entry;
    char text[256];
    struct archive *archive = archive_read_new();
    archive_read_support_format_zip(archive);
    if (password)
        archive_read_add_passphrase(archive, password);
    assert_int_equal(archive_read_open_memory(archive, content.data, content.length), ARCHIVE_OK);
    assert_int_equal(archive_read_next_header(archive, &entry), ARCHIVE_OK);
    bool readable = archive_read_data(archive, text, sizeof text) > 0;
    archive_read_free(archive);
    return readable;
}

/* Opens file 1 as the colleague with a password (NULL: none); true when it can be read. */
static bool opens_with(const struct hall *hall, int64_t transfer, const char *password)
{
    AUTO_BUFFER content = {0};
    expect_ok(town_open_item(hall, hall->colleague, "lgwan", transfer, &content), &error);
    return is_readable(buffer_bytes(&content), password);
}

/* True when its approver can read file 1 without a password. */
static bool approver_sees(const struct hall *hall, int64_t transfer)
{
    AUTO_BUFFER content = {0};
    struct gate_item item;
    struct store_blob_reader *reader = NULL;
    struct bytes piece = {0};
    struct identity_session approver = hall_session(hall, hall->manager, "internet", NOW);
    expect_ok(
        gate_item_review(hall->store, &approver, transfer, 1, NOW, false, &item, &reader, &error),
        &error);
    while (store_blob_read(reader, &piece, &error) == 0 && piece.length)
        buffer_append_bytes(&content, piece);
    store_blob_reader_close(reader);
    return is_readable(buffer_bytes(&content), NULL);
}

static void what_came_closed_is_closed_again_where_the_conduit_says_so(void **state)
{
    struct hall hall = town_open(*state);
    const char *path = scratch_path(*state, "clamd");
    pid_t scanner = scanner_start(path);
    int sockets[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
    inlets[0].socket = -1;
    struct gate_mover *mover = start_mover(*state, path, sockets[1]);
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct bytes good = {(const uint8_t *)locked_archive, sizeof locked_archive - 1};
    char evil[4096];
    size_t evil_length = make_locked("this is EVIL\n", evil, sizeof evil);
    assert_true(opens_with(&hall, send_locked(&hall, mover, sockets[0], good), NULL));
    struct gate_conduit conduit = town_conduit(&hall, "internet", "lgwan");
    conduit.close_again = true;
    for (unsigned antivirus = 0; antivirus <= GATE_ANTIVIRUS_REQUIRED; antivirus++) {
        conduit.antivirus = antivirus;
        expect_ok(gate_conduit_save(hall.store, &act, &conduit, &error), &error);
        assert_true(town_conduit(&hall, "internet", "lgwan").close_again);
        int64_t transfer = send_locked(&hall, mover, sockets[0], good);
        assert_string_equal(town_read(&hall, "internet", transfer).state, "ready");
        assert_false(opens_with(&hall, transfer, NULL));
        assert_true(opens_with(&hall, transfer, "hirakegoma"));
    }
    /* so does who approves it, with antivirus and without */
    conduit.approval_from = 0;
    for (unsigned antivirus = 0; antivirus <= GATE_ANTIVIRUS_REQUIRED; antivirus++) {
        conduit.antivirus = antivirus;
        expect_ok(gate_conduit_save(hall.store, &act, &conduit, &error), &error);
        int64_t transfer = send_locked(&hall, mover, sockets[0], good);
        assert_string_equal(town_read(&hall, "internet", transfer).state, "pending");
        assert_true(approver_sees(&hall, transfer));
    }
    /* antivirus sees what is inside, though it is closed before and after */
    int64_t infected =
        send_locked(&hall, mover, sockets[0], (struct bytes){(const uint8_t *)evil, evil_length});
    assert_string_equal(town_read(&hall, "internet", infected).why, "gate_virus");
    assert_null(mover->passwords);
    gate_mover_stop(mover);
    scanner_stop(scanner);
    close(sockets[0]);
    close(sockets[1]);
    store_close(hall.store);
}

static void a_worker_that_crashes_or_lies_lets_nothing_through(void **state)
{
    struct hall hall = town_open(*state);
    static const char *const names[] = {"crash.txt", "lie.txt"};
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    for (size_t i = 0; i < 2; i++) {
        int64_t transfer = town_begin(&hall, "internet", "lgwan", "I");
        town_add_item(&hall, "internet", transfer, names[i], bytes_of_string("a\n"));
        town_accept(&hall, "internet", transfer);
        move_all(mover, NOW);
        struct gate_transfer found = town_read(&hall, "internet", transfer);
        assert_string_equal(found.state, "refused");
        assert_true(*found.why);
        assert_int_equal(town_inbox(&hall, hall.colleague, "lgwan"), 0);
    }
    gate_mover_stop(mover);
    store_close(hall.store);
}

static void a_store_that_takes_no_files_lets_transfers_wait(void **state)
{
    struct hall hall = town_open(*state);
    int64_t transfer = town_send(&hall, "internet", "lgwan", "I", "a" BIDI "\n");
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    const char *blobs = scratch_path(*state, "blobs"), *away = scratch_path(*state, "away");
    assert_int_equal(rename(blobs, away), 0);
    move_all(mover, NOW);
    assert_string_equal(town_read(&hall, "internet", transfer).state, "waiting");
    assert_string_equal(town_read(&hall, "internet", transfer).why, "gate_store_trouble");
    assert_int_equal(rename(away, blobs), 0);
    move_all(mover, NOW + 2 * TIME_SECOND);
    assert_string_equal(town_read(&hall, "internet", transfer).state, "ready");
    assert_int_equal(fixture_entries(hall.store, "\"transfer.deliver\""), 1);
    gate_mover_stop(mover);
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

static void at_night_without_a_manager_another_role_approves_afterwards(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    struct cases_case found;
    int64_t holding;
    expect_ok(identity_role_end(hall.store, &act, hall.holding, &error), &error);
    expect_ok(identity_role_grant(hall.store, &act, hall.deputy, "system_manager", 0,
                                  NOW - TIME_DAY, 0, &holding, &error),
              &error);
    expect_ok(identity_person_away(hall.store, &act, hall.deputy, NOW - 1, NOW + TIME_DAY, &error),
              &error);
    int64_t transfer = town_send(&hall, "lgwan", "internet", "II", "a\n");
    struct identity_session clerk = hall_session(&hall, hall.clerk, "lgwan", NOW);
    move_all(mover, NOW);
    expect_ok(gate_emergency(hall.store, &clerk, transfer, "災害", NOW, &error), &error);
    int64_t case_id = town_read(&hall, "lgwan", transfer).case_id;
    struct identity_session back = hall_session(&hall, hall.deputy, "lgwan", NOW + 2 * TIME_DAY);
    expect_ok(cases_read(hall.store, &back, case_id, &found, NULL, &error), &error);
    const struct cases_decision decision = {case_id, true, "災害時のため認める", found.seen,
                                            NOW + 2 * TIME_DAY};
    expect_ok(cases_decide(hall.store, &back, &decision, gate_outcomes, NULL, &error), &error);
    assert_int_equal(fixture_entries(hall.store, "\"transfer.approve\""), 1);
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
    assert_int_equal(removed, 0); /* the mover took it away */
    assert_int_equal(fixture_entries(hall.store, "\"transfer.expire\""), 1);
    gate_mover_stop(mover);
    store_close(hall.store);
}

static void an_upload_that_nobody_goes_on_with_is_given_up(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    struct identity_session session = hall_session(&hall, hall.clerk, "internet", NOW);
    const struct gate_request request = {.conduit = town_conduit(&hall, "internet", "lgwan").id,
                                         .recipients = &hall.colleague,
                                         .recipient_count = 1,
                                         .purpose = "会議",
                                         .classification = "I",
                                         .treatment = DISARM_TREATMENT_COUNT,
                                         .patience = 300 * TIME_SECOND,
                                         .now = NOW};
    int64_t transfer;
    expect_ok(gate_send_begin(hall.store, &session, &request, &transfer, &error), &error);
    town_add_item(&hall, "internet", transfer, "a.txt", bytes_of_string("a"));
    expect_ok(gate_send_extend(hall.store, &session, transfer, NOW + 500 * TIME_SECOND, &error),
              &error);
    move_all(mover, NOW + 400 * TIME_SECOND);
    assert_string_equal(town_read(&hall, "internet", transfer).state, "uploading");
    assert_int_equal(town_blob_files(&hall), 1);
    move_all(mover, NOW + 500 * TIME_SECOND);
    assert_string_equal(town_read(&hall, "internet", transfer).state, "expired");
    assert_string_equal(town_read(&hall, "internet", transfer).why, "gate_upload_broken");
    assert_int_equal(town_blob_files(&hall), 0);
    gate_mover_stop(mover);
    store_close(hall.store);
}

static void what_was_taken_back_meanwhile_is_not_delivered(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    struct identity_session sender = hall_session(&hall, hall.clerk, "internet", NOW);
    int64_t transfer = town_send(&hall, "internet", "lgwan", "I", "a\n");
    int64_t claimed = 0;
    AUTO_ROWS *rows = NULL;
    expect_ok(store_begin(hall.store, &error), &error);
    expect_ok(store_query(hall.store, STATEMENT_TRANSFER_CLAIM, CLAIM_VALUES, &rows, &error),
              &error);
    while (store_rows_next(rows, &error) == 1)
        claimed = store_rows_integer(rows, 0);
    store_rows_close(&rows);
    expect_ok(store_commit(hall.store, &error), &error);
    assert_int_equal(claimed, transfer);
    mover->works[mover->work_count++] = work_load(mover, transfer, 7, &error);
    assert_int_equal(work_start_files(mover), 1);
    expect_ok(gate_recall(hall.store, &sender, transfer, "誤送", NOW, &error), &error);
    move_all(mover, NOW);
    assert_int_equal(mover->work_count, 0);
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
        expect_ok(store_query(hall.store, STATEMENT_TRANSFER_CLAIM, CLAIM_VALUES, &rows, &error),
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

static void transfers_that_no_mover_takes_are_noticed(void **state)
{
    struct hall hall = town_open(*state);
    bool behind = true;
    town_send(&hall, "internet", "lgwan", "I", "a\n");
    expect_ok(gate_mover_behind(hall.store, NOW + 59 * TIME_SECOND, &behind, &error), &error);
    assert_false(behind);
    expect_ok(gate_mover_behind(hall.store, NOW + 61 * TIME_SECOND, &behind, &error), &error);
    assert_true(behind);
    struct gate_mover *mover = start_mover(*state, NULL, -1);
    move_all(mover, NOW + 61 * TIME_SECOND);
    expect_ok(gate_mover_behind(hall.store, NOW + TIME_DAY, &behind, &error), &error);
    assert_false(behind);
    gate_mover_stop(mover);
    store_close(hall.store);
}

static void one_mover_works_at_a_time(void **state)
{
    struct hall hall = town_open(*state);
    struct gate_mover *mover = start_mover(*state, NULL, -1), *second;
    const struct gate_mover_options options = {.directory = scratch_root(*state)};
    expect_code(gate_mover_start(&options, &second, &error), &error, "gate_mover_running");
    gate_mover_stop(mover);
    store_close(hall.store);
}

/* A worker that dies on files called "crash…" and spoils what it made of those called "lie…". */
static void crash_lie_or_disarm(const struct task *task, struct bytes input, struct buffer *output,
                                struct receipt *receipt, struct report *report)
{
    const char *name = task->name ? task->name : "";
    if (!strncmp(name, "crash", 5))
        abort();
    worker_disarm(task, input, output, receipt, report);
    if (!strncmp(name, "lie", 3) && output->length)
        buffer_append_string(output, BIDI);
}

int main(int argc, char **argv)
{
    if (argc > 0 && !strcmp(argv[0], ZYGOTE_NAME))
        return zygote_run(crash_lie_or_disarm);
    const struct CMUnitTest tests[] = {
        scratch_unit_test(a_file_arrives_disarmed_with_its_receipt),
        scratch_unit_test(a_conduit_with_password_hands_out_a_locked_archive),
        scratch_unit_test(a_refused_file_ends_the_transfer_and_says_why),
        scratch_unit_test(antivirus_stops_what_it_knows),
        scratch_unit_test(transfers_wait_for_a_scanner_that_is_demanded),
        scratch_unit_test(a_scanner_that_does_not_do_its_work_holds_nothing_up),
        scratch_unit_test(while_one_file_is_scanned_others_are_delivered),
        scratch_unit_test(a_scanner_that_hangs_on_one_file_lets_only_that_one_wait),
        scratch_unit_test(a_scanner_that_hangs_holds_up_nothing_that_is_not_for_it),
        scratch_unit_test(a_mover_that_stops_does_not_wait_for_the_scanner),
        scratch_unit_test(a_conduit_that_closes_ends_what_is_being_scanned),
        scratch_unit_test(a_file_that_is_too_large_for_the_scanner_is_refused),
        scratch_unit_test(an_answer_that_is_none_passes_nothing),
        scratch_unit_test(a_locked_file_is_held_until_its_password_comes),
        scratch_unit_test(what_came_closed_is_closed_again_where_the_conduit_says_so),
        scratch_unit_test(a_worker_that_crashes_or_lies_lets_nothing_through),
        scratch_unit_test(a_store_that_takes_no_files_lets_transfers_wait),
        scratch_unit_test(an_approval_opens_the_inbox),
        scratch_unit_test(at_night_it_is_delivered_and_approved_afterwards),
        scratch_unit_test(at_night_without_a_manager_another_role_approves_afterwards),
        scratch_unit_test(what_is_too_old_ends_and_its_files_go),
        scratch_unit_test(an_upload_that_nobody_goes_on_with_is_given_up),
        scratch_unit_test(what_was_taken_back_meanwhile_is_not_delivered),
        scratch_unit_test(what_kills_its_mover_is_given_up),
        scratch_unit_test(transfers_that_no_mover_takes_are_noticed),
        scratch_unit_test(one_mover_works_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
