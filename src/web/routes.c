/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every address that a zone answers, sorted by pattern and method. */
#include "web/pages.h"

#define FORM  WEB_FORM_BYTES
#define FILES (UINT64_C(4) << 30) /* the conduit says how much of it it takes */

const struct route web_routes[] = {
    {"/", "GET", page_home, ROUTE_FULL, NULL, 0, NULL},
    {"/account", "GET", page_account, ROUTE_STAGED, NULL, 0, NULL},
    {"/account/everywhere", "POST", page_account_everywhere, ROUTE_STAGED, NULL, FORM, NULL},
    {"/account/recovery", "POST", page_account_recovery, ROUTE_STAGED, NULL, FORM, NULL},
    {"/account/totp", "POST", page_account_totp, ROUTE_STAGED, NULL, FORM, NULL},
    {"/account/totp/confirm", "POST", page_account_totp_confirm, ROUTE_STAGED, NULL, FORM, NULL},
    {"/healthz", "GET", page_health, ROUTE_OPEN, NULL, 0, NULL},
    {"/inbox", "GET", page_inbox, ROUTE_FULL, "transfer.receive", 0, NULL},
    {"/inbox/{}/items/{}", "GET", page_item, ROUTE_FULL, "transfer.receive", 0, NULL},
    {"/journal", "GET", page_journal, ROUTE_FULL, "journal.read", 0, NULL},
    {"/journal/{}", "GET", page_journal_entry, ROUTE_FULL, "journal.read", 0, NULL},
    {"/journal/{}/proof", "GET", page_journal_proof, ROUTE_FULL, "journal.read", 0, NULL},
    {"/language", "POST", page_language, ROUTE_OPEN, NULL, FORM, NULL},
    {"/login", "GET", page_login, ROUTE_OPEN, NULL, 0, NULL},
    {"/login", "POST", page_login_try, ROUTE_OPEN, NULL, FORM, NULL},
    {"/login/second", "GET", page_second, ROUTE_STAGED, NULL, 0, NULL},
    {"/login/second", "POST", page_second_check, ROUTE_STAGED, NULL, FORM, NULL},
    {"/logout", "POST", page_logout, ROUTE_STAGED, NULL, FORM, NULL},
    {"/outbox", "GET", page_outbox, ROUTE_FULL, "transfer.send", 0, NULL},
    {"/outbox/{}", "GET", page_transfer, ROUTE_FULL, NULL, 0, NULL},
    {"/outbox/{}/recall", "POST", page_recall, ROUTE_FULL, "transfer.recall", FORM, NULL},
    {"/password", "GET", page_password, ROUTE_STAGED, NULL, 0, NULL},
    {"/password", "POST", page_password_change, ROUTE_STAGED, NULL, FORM, NULL},
    {"/people", "GET", page_people, ROUTE_FULL, "people.read", 0, NULL},
    {"/people/{}", "GET", page_person, ROUTE_FULL, "people.read", 0, NULL},
    {"/send", "GET", page_send, ROUTE_FULL, "transfer.send", 0, NULL},
    {"/send", "POST", page_send_finish, ROUTE_FULL, "transfer.send", FILES, page_send_file},
    {"/static/*", "GET", page_static, ROUTE_OPEN, NULL, 0, NULL},
};
const size_t web_route_count = sizeof web_routes / sizeof *web_routes;
