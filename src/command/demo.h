/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The made-up town of `sekisho serve --demo` while it is being filled: its people and what they did
 * before the visitor came. Everything goes through the functions that the pages use, at moments in
 * the past, and every file through the mover and its workers.
 */
#ifndef COMMAND_DEMO_H
#define COMMAND_DEMO_H

#include "command/demo_table.h"
#include "gate/mover.h"
#include "identity/sessions.h"

enum {
    DEMO_PASSWORD_SIZE = 48,
    DEMO_SECRET_BYTES = 20, /* of codes by time */
    DEMO_ZONES = 3,
};

/* One of the people, by the order of demo_people. */
struct demo_account {
    int64_t person;
    char password[DEMO_PASSWORD_SIZE];
    char tokens[DEMO_ZONES][IDENTITY_TOKEN_SIZE]; /* of the last session in each zone */
    uint8_t secret[DEMO_SECRET_BYTES];
};

struct demo_town {
    struct store *store;
    struct gate_mover *mover;
    int64_t present, now; /* the visitor's and the story's */
    struct demo_account *accounts;
    int64_t *transfers; /* by their order in the story */
};

/* Gives somebody a new password of words that people can type, and tells it: one of a few that the
 * rules take. */
int demo_password_set(struct store *store, const struct identity_act *act, int64_t person,
                      char password[DEMO_PASSWORD_SIZE], struct error *error);

/* The account with a login, or NULL. */
struct demo_account *demo_account_find(const struct demo_town *town, const char *login);

/* Adds departments and people with their roles and passwords. */
int demo_people_add(struct demo_town *town, struct error *error);

/* The holding of a role by somebody; code identity_unknown when there is none. */
int demo_holding_find(struct demo_town *town, const char *login, const char *role, int64_t now,
                      int64_t *id, struct error *error);

/* When the first event happens: everything before is set-up. */
int64_t demo_story_start(int64_t present);

/* Lets all of it happen. */
int demo_story_tell(struct demo_town *town, struct error *error);

#endif
