/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logging in as one of the made-up town's people. */
#ifndef COMMAND_DEMO_SESSION_H
#define COMMAND_DEMO_SESSION_H

#include "command/demo.h"

/* The session of a person in a zone at the town's moment; logs in when the last one is over, with a
 * second factor where the zone wants one. Code demo_login when it is not let in. */
int demo_session_open(struct demo_town *town, const char *login, const char *zone,
                      struct identity_session *session, struct error *error);

/* A try with a wrong password. */
int demo_session_fail(struct demo_town *town, const char *login, const char *zone,
                      struct error *error);

#endif
