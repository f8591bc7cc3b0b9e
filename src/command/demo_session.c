/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logging in as one of the made-up town's people, with codes by time where a zone wants them. */
#include "command/demo_session.h"

#include <liboath/oath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/time.h"
#include "identity/factors.h"

enum { DIGITS = 6, STEP = 30 };

static void make_code(const struct demo_account *account, int64_t now, char code[DIGITS + 1])
{
    *code = '\0';
    oath_totp_generate((const char *)account->secret, sizeof account->secret,
                       (time_t)(now / TIME_SECOND), STEP, 0, DIGITS, code);
}

/* Where the token of a person's session in a zone is kept. */
static char *token_of(struct demo_account *account, const char *zone)
{
    static const char *const zones[DEMO_ZONES] = {"internet", "lgwan", "mynumber"};
    size_t i = DEMO_ZONES - 1;
    while (i > 0 && strcmp(zones[i], zone) != 0)
        i--;
    return account->tokens[i];
}

/* Registers a code generator: its secret comes in the URI as base32. */
static int enroll(struct demo_town *town, struct demo_account *account,
                  const struct identity_session *session, struct error *error)
{
    AUTO_BUFFER uri = {0};
    char code[DIGITS + 1], *secret = NULL;
    size_t length = 0;
    if (identity_totp_begin(town->store, session, "demo", town->now, &uri, error) != 0)
        return -1;
    const char *at = strstr(buffer_string(&uri), "secret=");
    if (!at || oath_base32_decode(at + 7, strcspn(at + 7, "&"), &secret, &length) != OATH_OK ||
        length != sizeof account->secret) {
        free(secret);
        return error_set(error, "demo_login", session->login, "%s", "totp");
    }
    memcpy(account->secret, secret, sizeof account->secret);
    free(secret);
    make_code(account, town->now, code);
    return identity_totp_confirm(town->store, session, code, town->now,
                                 token_of(account, session->zone), error);
}

static int log_in(struct demo_town *town, struct demo_account *account, const char *login,
                  const char *zone, struct identity_session *session, struct error *error)
{
    struct identity_login result;
    char code[DIGITS + 1], address[IDENTITY_ADDRESS_SIZE], *token = token_of(account, zone);
    snprintf(address, sizeof address, "192.0.2.%d", (int)(account->person % 200 + 10));
    const struct identity_attempt attempt = {login,  account->password, zone, address,
                                             "demo", town->now,         NULL};
    if (identity_login(town->store, &attempt, &result, error) != 0)
        return -1;
    memcpy(token, result.token, sizeof result.token);
    int found = identity_session_find(town->store, token, zone, town->now, session, error);
    if (found == 1 && session->stage == IDENTITY_MUST_ENROLL)
        found = enroll(town, account, session, error) == 0 ? 1 : -1;
    if (found == 1 && session->stage == IDENTITY_SECOND_FACTOR) {
        make_code(account, town->now, code);
        found =
            identity_totp_check(town->store, session, code, town->now, token, error) == 0 ? 1 : -1;
    }
    if (found == 1)
        found = identity_session_find(town->store, token, zone, town->now, session, error);
    if (found < 0)
        return -1;
    return found == 1 && session->stage == IDENTITY_FULL
               ? 0
               : error_set(error, "demo_login", login, "%s", zone);
}

int demo_session_open(struct demo_town *town, const char *login, const char *zone,
                      struct identity_session *session, struct error *error)
{
    struct demo_account *account = demo_account_find(town, login);
    if (!account)
        return error_set(error, "demo_login", login, "%s", zone);
    const char *token = token_of(account, zone);
    int found =
        *token ? identity_session_find(town->store, token, zone, town->now, session, error) : 0;
    return found == 0 ? log_in(town, account, login, zone, session, error) : found < 0 ? -1 : 0;
}

int demo_session_fail(struct demo_town *town, const char *login, const char *zone,
                      struct error *error)
{
    struct identity_login result;
    const struct identity_attempt attempt = {login,  "wrong",   zone, "192.0.2.9",
                                             "demo", town->now, NULL};
    return identity_login(town->store, &attempt, &result, error);
}
