/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords for encrypted files: in memory only, from a web process to the mover over a socket. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ipc.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "gate/work.h"

enum { PASSWORD_MOST = 1024 };

static int check_held(struct store *store, const struct identity_session *session, int64_t transfer,
                      int64_t item, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_TRANSFER_HELD,
                    STORE_VALUES(store_integer(transfer), store_integer(session->person),
                                 store_text(session->zone), store_integer(item)),
                    &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found < 0 ? -1
                         : error_set(error, "gate_state", gate_name_of("transfer", transfer).text,
                                     "%s", "");
    return 0;
}

int gate_password_send(struct store *store, const struct identity_session *session, int socket,
                       int64_t transfer, int64_t item, const char *password, struct error *error)
{
    if (!*password || strlen(password) >= PASSWORD_MOST)
        return error_set(error, "gate_bad_value", "password", "%s", "");
    if (session->stage != IDENTITY_FULL)
        return error_set(error, "gate_forbidden", session->zone, "%s", "");
    if (check_held(store, session, transfer, item, error) != 0)
        return -1;
    struct buffer message = {0};
    buffer_reserve(&message, 2 * PASSWORD_MOST); /* so that no copy is left behind by growing */
    ipc_put_u64(&message, (uint64_t)transfer);
    ipc_put_u64(&message, (uint64_t)item);
    ipc_put_u64(&message, (uint64_t)session->person);
    ipc_put_string(&message, session->zone);
    ipc_put_string(&message, password);
    int result = ipc_send(socket, buffer_bytes(&message), NULL, 0, error);
    explicit_bzero(message.data, message.length);
    buffer_free(&message);
    return result;
}

static void password_free(struct password *password)
{
    explicit_bzero(password->text, strlen(password->text));
    free(password->text);
    free(password);
}

/* Takes out of the list what belongs to a transfer (0: to any) and an item (0: to any). */
static void forget(struct gate_mover *mover, int64_t transfer, int64_t item)
{
    struct password **at = &mover->passwords;
    while (*at) {
        struct password *password = *at;
        if ((transfer && password->transfer != transfer) || (item && password->item != item)) {
            at = &password->next;
            continue;
        }
        *at = password->next;
        password_free(password);
    }
}

void passwords_forget(struct gate_mover *mover, int64_t transfer)
{
    forget(mover, transfer, 0);
}

const char *passwords_find(const struct gate_mover *mover, int64_t transfer, int64_t item)
{
    for (const struct password *at = mover->passwords; at; at = at->next)
        if (at->transfer == transfer && at->item == item)
            return at->text;
    return NULL;
}

/* The transfer goes on; *held says whether it was held for this. */
static int go_on(struct store *store, int64_t transfer, int64_t item, int64_t person,
                 const char *zone, int64_t now, bool *held, struct error *error)
{
    char actor[32];
    utf8_copy(actor, sizeof actor, gate_name_of("person", person).text);
    struct identity_act act = {.actor = actor, .zone = zone, .now = now};
    if (store_run(store, STATEMENT_TRANSFER_PASSWORD,
                  STORE_VALUES(store_integer(transfer), store_integer(person), store_text(zone),
                               store_integer(item)),
                  error) != 0)
        return -1;
    *held = store_changed_rows(store) == 1;
    return *held
               ? identity_act_record(store, &act, "transfer.password",
                                     gate_name_of("transfer", transfer).text, NULL, 0, NULL, error)
               : 0;
}

/* A message that came from the web process of a zone. */
static int take_one(struct gate_mover *mover, const char *from, struct bytes message, int64_t now,
                    struct error *error)
{
    struct ipc_reader reader = ipc_reader_open(message);
    char zone[GATE_ZONE_SIZE];
    bool held = false;
    int64_t transfer = (int64_t)ipc_take_u64(&reader), item = (int64_t)ipc_take_u64(&reader),
            person = (int64_t)ipc_take_u64(&reader);
    ipc_take_text(&reader, zone, sizeof zone);
    struct password *password = memory_allocate(1, sizeof *password);
    *password = (struct password){transfer, item, ipc_take_string(&reader, PASSWORD_MOST), NULL};
    if (!ipc_finished(&reader) || !password->text || strcmp(zone, from) != 0) {
        if (password->text)
            password_free(password);
        else
            free(password);
        return 0; /* not of our form, or for another zone: a web process cannot stop the mover */
    }
    int result = store_begin(mover->store, error);
    if (result == 0)
        result = store_conclude(
            mover->store, go_on(mover->store, transfer, item, person, zone, now, &held, error),
            error);
    if (result != 0 || !held) {
        password_free(password);
        return result;
    }
    forget(mover, transfer, item);
    password->next = mover->passwords;
    mover->passwords = password;
    return 0;
}

/* Takes what waits in one inlet, broken frames too. */
static int take_all(struct gate_mover *mover, const struct gate_inlet *inlet, int64_t now,
                    struct error *error)
{
    struct ipc_frame frame = {0};
    int result = 0, got;
    while (result == 0 && (got = ipc_receive(inlet->socket, &frame, NULL)) != 0) {
        if (got == 1)
            result = take_one(mover, inlet->zone, buffer_bytes(&frame.message), now, error);
        explicit_bzero(frame.message.data, frame.message.length);
        if (got < 0)
            break;
    }
    ipc_frame_clear(&frame);
    return result;
}

int passwords_take(struct gate_mover *mover, int64_t now, struct error *error)
{
    int result = 0;
    for (size_t i = 0; i < mover->options.inlet_count && result == 0; i++)
        result = take_all(mover, &mover->options.inlets[i], now, error);
    return result;
}
