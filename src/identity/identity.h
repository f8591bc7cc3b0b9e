/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the headers of this room share.
 *
 *     people.h       departments, people, roles, deputies: who works here
 *     credentials.h  passwords and the rules that they must keep
 *     sessions.h     login, sessions, tokens for programs
 *     factors.h      second factors: codes by time, recovery codes, security keys
 *     permissions.h  what a role may do
 *     import.h       people from a table
 *
 * Times are moments of base/time.h (microseconds). Every function takes the present as an argument.
 * A function that changes something makes its own transaction and records its journal entry in it:
 * call it outside of any. A function that only reads may be called inside one too. The journal
 * names people by their number ("person/3"), never by name.
 *
 * Texts in structs are UTF-8 in arrays of fixed size, so nothing has to be freed; what is longer is
 * refused when it is saved.
 *
 * Errors beside those of the store: identity_unknown (no such person, role, token …),
 * identity_bad_value ({where} names the field).
 */
#ifndef IDENTITY_IDENTITY_H
#define IDENTITY_IDENTITY_H

#include "store/store.h"

#define IDENTITY_LOGIN_SIZE   65 /* bytes with the final NUL, as all sizes here */
#define IDENTITY_NAME_SIZE    193
#define IDENTITY_MAIL_SIZE    255
#define IDENTITY_ZONE_SIZE    65
#define IDENTITY_ADDRESS_SIZE 65
#define IDENTITY_DEVICE_SIZE  129
#define IDENTITY_ROLE_SIZE    33

/* Who does something, from where and when: it goes into the journal. NULL means absent. */
struct identity_act {
    const char *actor; /* "person/3", "command", "setup" */
    const char *address, *zone, *device;
    const char *reason; /* in the actor's words */
    const char *clause;
    int64_t now;
};

struct store_fact;

/* Records an action of an act on an object ("transfer/17"), in the open transaction. *sequence (may
 * be NULL) is the number of the entry. */
int identity_act_record(struct store *store, const struct identity_act *act, const char *action,
                        const char *object, const struct store_fact *facts, size_t fact_count,
                        uint64_t *sequence, struct error *error);

#endif
