/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every address that a zone answers, sorted by pattern and method. */
#include "web/pages.h"

enum { FORM = WEB_FORM_BYTES };

const struct route web_routes[] = {
    {"/", "GET", page_home, ROUTE_FULL, NULL, 0},
    {"/account", "GET", page_account, ROUTE_STAGED, NULL, 0},
    {"/account/everywhere", "POST", page_account_everywhere, ROUTE_STAGED, NULL, FORM},
    {"/account/recovery", "POST", page_account_recovery, ROUTE_STAGED, NULL, FORM},
    {"/account/totp", "POST", page_account_totp, ROUTE_STAGED, NULL, FORM},
    {"/account/totp/confirm", "POST", page_account_totp_confirm, ROUTE_STAGED, NULL, FORM},
    {"/healthz", "GET", page_health, ROUTE_OPEN, NULL, 0},
    {"/journal", "GET", page_journal, ROUTE_FULL, "journal.read", 0},
    {"/journal/{}", "GET", page_journal_entry, ROUTE_FULL, "journal.read", 0},
    {"/journal/{}/proof", "GET", page_journal_proof, ROUTE_FULL, "journal.read", 0},
    {"/language", "POST", page_language, ROUTE_OPEN, NULL, FORM},
    {"/login", "GET", page_login, ROUTE_OPEN, NULL, 0},
    {"/login", "POST", page_login_try, ROUTE_OPEN, NULL, FORM},
    {"/login/second", "GET", page_second, ROUTE_STAGED, NULL, 0},
    {"/login/second", "POST", page_second_check, ROUTE_STAGED, NULL, FORM},
    {"/logout", "POST", page_logout, ROUTE_STAGED, NULL, FORM},
    {"/password", "GET", page_password, ROUTE_STAGED, NULL, 0},
    {"/password", "POST", page_password_change, ROUTE_STAGED, NULL, FORM},
    {"/people", "GET", page_people, ROUTE_FULL, "people.read", 0},
    {"/people/{}", "GET", page_person, ROUTE_FULL, "people.read", 0},
    {"/static/*", "GET", page_static, ROUTE_OPEN, NULL, 0},
};
const size_t web_route_count = sizeof web_routes / sizeof *web_routes;
