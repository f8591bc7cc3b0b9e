/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Senders, a mover and a recipient as processes of their own, for tests that kill them or take the
 * disk away. Workers die on files called "crash…", never end with "slow…", and spoil what they made
 * of "lie…".
 *
 * usage: transfer_driver setup DIR   makes a town
 *        transfer_driver send DIR    sends texts for ever; the number of each accepted transfer
 *                                    goes to standard output once it is accepted
 *        transfer_driver once DIR    sends two texts, one of them long, as one transfer
 *        transfer_driver crash DIR   sends one that is called crash.txt; slow, lie: likewise
 *        transfer_driver seal DIR    seals what is there
 *        transfer_driver move DIR    moves for ever
 *        transfer_driver demand DIR  antivirus is demanded between internet and lgwan; spare: not
 *        transfer_driver close DIR   closes that conduit; open: opens it
 *        transfer_driver watch DIR   opens what arrives for ever; fails when it was not disarmed
 *        transfer_driver drain DIR   moves until nothing waits, then prints "transfer ID STATE",
 *                                    "file ID" for each that can be opened, "entry JSON"
 *        transfer_driver hurry DIR   likewise, with a second for each file
 *        transfer_driver list DIR    prints them without moving
 *
 * Where SEKISHO_SCANNER is set, it is the scanner of the mover.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/message.h"
#include "disarm/worker.h"
#include "disarm/zygote.h"
#include "gate/gate.h"
#include "gate/mover.h"
#include "identity/internal.h"
#include "store/sealing.h"

#define BIDI "\xe2\x80\xae" /* disarming takes it out of a text */

static struct error error;

static _Noreturn void fail(void)
{
    AUTO_BUFFER sentence = {0};
    message_append_error(&sentence, LANGUAGE_EN, &error);
    fprintf(stderr, "%s: %s\n", error.code, buffer_string(&sentence));
    exit(1);
}

static void need(int result)
{
    if (result < 0)
        fail();
}

static void sleep_a_little(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

static void add_person(struct store *store, const struct identity_act *act, const char *login,
                       int64_t department)
{
    struct identity_person person = {.department = department, .starts = act->now - TIME_DAY};
    snprintf(person.login, sizeof person.login, "%s", login);
    snprintf(person.name, sizeof person.name, "見本 %s", login);
    snprintf(person.employment, sizeof person.employment, "regular");
    need(identity_person_save(store, act, &person, &error));
}

static int setup(const char *directory)
{
    struct store *store;
    struct identity_act act = {.actor = "setup", .now = time_now()};
    struct identity_department department = {.code = "0100", .name = "総務課"};
    need(store_setup(directory, "みほん市", NULL, &error));
    need(store_open(directory, &store, &error));
    need(identity_department_save(store, &act, &department, &error));
    add_person(store, &act, "sender", department.id);
    add_person(store, &act, "recipient", department.id);
    need(gate_zones_default(store, &act, &error));
    store_close(store);
    return 0;
}

static struct identity_session session_of(struct store *store, const char *login, const char *zone)
{
    struct identity_person person;
    struct identity_session session = {.stage = IDENTITY_FULL};
    need(identity_person_read(store, 0, login, &person, &error));
    session.person = person.id;
    session.department = person.department;
    snprintf(session.actor, sizeof session.actor, "person/%lld", (long long)person.id);
    snprintf(session.zone, sizeof session.zone, "%s", zone);
    need(identity_grants_read(store, &person, time_now(), session.grants, &session.grant_count,
                              &error));
    return session;
}

/* Adds a text of so many lines. */
static void add_text(struct store *store, const struct identity_session *session, int64_t transfer,
                     const char *name, int lines)
{
    AUTO_BUFFER text = {0};
    struct gate_item_writer *writer;
    for (int i = 0; i < lines; i++)
        buffer_append_format(&text, "transfer %lld %d" BIDI " of %d\n", (long long)transfer, i,
                             (int)getpid());
    need(gate_item_begin(store, session, transfer, name, time_now(), &writer, &error));
    need(gate_item_write(writer, buffer_bytes(&text), &error));
    need(gate_item_finish(writer, NULL, &error));
    gate_item_close(writer);
}

/* Begins a transfer from the sender to the recipient. */
static int64_t begin_transfer(struct store *store, const struct identity_session *session)
{
    struct identity_session other = session_of(store, "recipient", "lgwan");
    struct gate_conduit conduit[1];
    size_t count;
    int64_t transfer;
    need(gate_conduit_list(store, "internet", conduit, 1, &count, &error));
    const struct gate_request request = {.conduit = conduit->id,
                                         .recipients = &other.person,
                                         .recipient_count = 1,
                                         .purpose = "会議",
                                         .classification = "I",
                                         .treatment = DISARM_TREATMENT_COUNT,
                                         .now = time_now()};
    need(gate_send_begin(store, session, &request, &transfer, &error));
    return transfer;
}

/* Has it accepted, and says so once it is. */
static void accept_transfer(struct store *store, const struct identity_session *session,
                            int64_t transfer)
{
    need(gate_send_finish(store, session, transfer, time_now(), &error));
    printf("%lld\n", (long long)transfer);
    fflush(stdout);
}

static _Noreturn void send_for_ever(struct store *store)
{
    static const char *const names[] = {"memo0.txt", "memo1.txt", "memo2.txt"};
    struct identity_session session = session_of(store, "sender", "internet");
    for (;;) {
        int64_t transfer = begin_transfer(store, &session);
        for (int i = 0; i <= transfer % 3; i++)
            add_text(store, &session, transfer, names[i], 1);
        accept_transfer(store, &session, transfer);
    }
}

/* One transfer; its first file is called so. */
static int send_once(struct store *store, const char *name)
{
    AUTO_BUFFER first = {0};
    struct identity_session session = session_of(store, "sender", "internet");
    int64_t transfer = begin_transfer(store, &session);
    buffer_append_format(&first, "%s.txt", name);
    add_text(store, &session, transfer, buffer_string(&first), 1);
    if (!strcmp(name, "once"))
        add_text(store, &session, transfer, "long.txt", 5000);
    accept_transfer(store, &session, transfer);
    store_close(store);
    return 0;
}

/* worker_patience: milliseconds, 0: the usual. */
static struct gate_mover *start_mover(const char *directory, uint64_t worker_patience)
{
    struct gate_mover *mover;
    const struct gate_mover_options options = {.directory = directory,
                                               .scanner = getenv("SEKISHO_SCANNER"),
                                               .workers = 2,
                                               .retry = 1,
                                               .worker_patience = worker_patience};
    need(gate_mover_start(&options, &mover, &error));
    return mover;
}

static _Noreturn void move_for_ever(const char *directory)
{
    struct gate_mover *mover = start_mover(directory, 0);
    for (;;)
        if (gate_mover_step(mover, time_now(), true, &error) == 0)
            sleep_a_little();
}

/* Reads a file that arrived; ends the process when it was not disarmed. 0, or -1: none. */
static int open_file(struct store *store, const struct identity_session *session, int64_t transfer,
                     int64_t item)
{
    struct store_blob_reader *reader;
    struct gate_item found;
    struct bytes piece;
    if (gate_item_open(store, session, transfer, item, time_now(), &found, &reader, &error) != 0)
        return -1;
    while (store_blob_read(reader, &piece, &error) == 0 && piece.length)
        if (bytes_find(piece, 0, BIDI) != SIZE_MAX) {
            fprintf(stderr, "transfer %lld was not disarmed\n", (long long)transfer);
            exit(3);
        }
    store_blob_reader_close(reader);
    return 0;
}

static _Noreturn void watch_for_ever(struct store *store)
{
    struct identity_session session = session_of(store, "recipient", "lgwan");
    struct gate_transfer list[20];
    size_t count;
    for (;; sleep_a_little()) {
        need(gate_inbox(store, &session, 0, list, 20, &count, &error));
        for (size_t i = 0; i < count; i++)
            for (int64_t item = 1; item <= list[i].items; item++)
                if (open_file(store, &session, list[i].id, item) != 0)
                    fail();
    }
}

static void print_transfers(struct store *store)
{
    struct identity_session sender = session_of(store, "sender", "internet");
    struct identity_session recipient = session_of(store, "recipient", "lgwan");
    struct gate_transfer list[100];
    size_t count;
    int64_t before = 0;
    do {
        need(gate_outbox(store, &sender, before, list, 100, &count, &error));
        for (size_t i = 0; i < count; i++) {
            before = list[i].id;
            printf("transfer %lld %s\n", (long long)list[i].id, list[i].state);
            if (open_file(store, &recipient, list[i].id, 1) != 0)
                continue;
            printf("file %lld\n", (long long)list[i].id);
            for (int64_t item = 2; item <= list[i].items; item++)
                need(open_file(store, &recipient, list[i].id, item));
        }
    } while (count > 0);
}

static void print_entries(struct store *store)
{
    AUTO_ROWS *rows = NULL;
    need(store_query(store, STATEMENT_OUTBOX_READ,
                     STORE_VALUES(store_integer(0), store_integer(INT64_MAX)), &rows, &error));
    while (store_rows_next(rows, &error) == 1) {
        struct bytes entry = store_rows_blob(rows, 1);
        printf("entry %.*s\n", (int)entry.length, (const char *)entry.data);
    }
}

static int list(struct store *store)
{
    print_transfers(store);
    print_entries(store);
    store_close(store);
    return 0;
}

/* A step that the store refused is tried again some times. */
static int drain(const char *directory, uint64_t worker_patience, struct store *store)
{
    enum { PATIENCE = 20 };
    struct gate_mover *mover = start_mover(directory, worker_patience);
    int did = 1;
    for (int refused = 0; did == 1 || (did < 0 && refused < PATIENCE); refused += did < 0)
        did = gate_mover_step(mover, time_now(), true, &error);
    gate_mover_stop(mover);
    need(did);
    return list(store);
}

static int seal(const char *directory)
{
    struct store_sealing *sealing;
    need(store_sealing_open(directory, NULL, &sealing, &error));
    need(sealer_flush(store_sealing_sealer(sealing), time_now() / 1000, &error));
    store_sealing_close(sealing);
    return 0;
}

/* ---- the conduit from internet to lgwan, for tests that run the server ---- */

static int change_conduit(struct store *store, const char *how)
{
    const struct identity_act act = {.actor = "setup", .reason = "test", .now = time_now()};
    struct gate_conduit conduit[1];
    size_t count;
    need(gate_conduit_list(store, "internet", conduit, 1, &count, &error));
    if (!strcmp(how, "close") || !strcmp(how, "open")) {
        need(gate_conduit_open(store, &act, conduit->id, !strcmp(how, "open"), &error));
    } else {
        conduit->antivirus =
            !strcmp(how, "demand") ? GATE_ANTIVIRUS_REQUIRED : GATE_ANTIVIRUS_IF_THERE;
        need(gate_conduit_save(store, &act, conduit, &error));
    }
    store_close(store);
    return 0;
}

static void crash_hang_lie_or_disarm(const struct task *task, struct bytes input,
                                     struct buffer *output, struct receipt *receipt,
                                     struct report *report)
{
    const char *name = task->name ? task->name : "";
    if (!strncmp(name, "crash", 5))
        abort();
    while (!strncmp(name, "slow", 4))
        continue;
    worker_disarm(task, input, output, receipt, report);
    if (!strncmp(name, "lie", 3) && output->length)
        buffer_append_string(output, BIDI);
}

/* What is done with the store open. */
static int do_in_store(const char *what, const char *directory)
{
    static const char *const changes[] = {"close", "demand", "open", "spare"};
    static const char *const sends[] = {"once", "crash", "slow", "lie"};
    struct store *store;
    need(store_open(directory, &store, &error));
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        if (!strcmp(what, changes[i]))
            return change_conduit(store, what);
    for (size_t i = 0; i < sizeof sends / sizeof *sends; i++)
        if (!strcmp(what, sends[i]))
            return send_once(store, what);
    if (!strcmp(what, "send"))
        send_for_ever(store);
    if (!strcmp(what, "watch"))
        watch_for_ever(store);
    if (!strcmp(what, "list"))
        return list(store);
    if (!strcmp(what, "hurry"))
        return drain(directory, 1000, store);
    return !strcmp(what, "drain") ? drain(directory, 0, store) : 2;
}

int main(int argc, char **argv)
{
    if (argc > 0 && !strcmp(argv[0], ZYGOTE_NAME))
        return zygote_run(crash_hang_lie_or_disarm);
    if (argc != 3)
        return 2;
    if (!strcmp(argv[1], "setup"))
        return setup(argv[2]);
    if (!strcmp(argv[1], "seal"))
        return seal(argv[2]);
    if (!strcmp(argv[1], "move"))
        move_for_ever(argv[2]);
    return do_in_store(argv[1], argv[2]);
}
