/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One person: what is known, and for those who manage people what can be done: suspend and let in
 * again, absence, a temporary password, lifting a lock, taking second factors away, giving a role.
 */
#include <sodium.h>

#include "identity/credentials.h"
#include "identity/factors.h"
#include "identity/permissions.h"
#include "web/pages.h"
#include "web/people.h"

enum { ROLES = 32 };

/* A form of the page that was not accepted. */
struct refusal {
    const char *form; /* "suspend", "away", "role", "login" */
    const char *const *fields;
    struct error error;
};

static json_t *role_rows(struct web_request *request, int64_t person, struct error *error)
{
    struct identity_holder list[ROLES];
    size_t count = 0;
    if (identity_role_list(request->store, person, request->now, 0, list, ROLES, &count, error))
        return NULL;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(rows, people_holding_row(request, &list[i]));
    return rows;
}

/* What only those see who manage people: the state of the login, what can be chosen. */
static int add_management(struct web_request *request, const struct identity_person *person,
                          json_t *model, struct error *error)
{
    struct identity_factors factors;
    int64_t last_login = 0, failures = 0, locked_until = 0;
    json_t *roles = json_array(), *manage = json_object();
    json_object_set_new(model, "manage", manage);
    json_object_set_new(manage, "roles_known", roles);
    for (size_t i = 0; identity_roles[i]; i++) {
        AUTO_BUFFER label = {0};
        if (!strcmp(identity_roles[i], "staff"))
            continue; /* everybody's who is employed */
        buffer_append_format(&label, "page.role_%s", identity_roles[i]);
        json_array_append_new(
            roles, json_pack("{ss ss sb}", "key", identity_roles[i], "label", buffer_string(&label),
                             "chosen", !strcmp(request_field(request, "role"), identity_roles[i])));
    }
    bool own = true;
    if (identity_password_own(request->store, person->id, &own, error) ||
        identity_history_read(request->store, person->id, &last_login, &failures, error) ||
        identity_lock_read(request->store, person->login, request->now, &locked_until, error) ||
        identity_factors_read(request->store, person->id, &factors, error))
        return -1;
    json_t *departments =
        people_departments(request, request_number(request_field(request, "department")), error);
    if (!departments)
        return -1;
    json_object_set_new(manage, "departments", departments);
    model_moment(manage, "last_login", request->language, last_login);
    model_number(manage, "failures", failures);
    model_moment(manage, "locked_until", request->language, locked_until);
    model_flag(manage, "has_directory", request->server->options.ldap >= 0);
    model_flag(manage, "own_password", own);
    model_flag(manage, "totp", factors.totp);
    model_number(manage, "keys", factors.keys);
    model_flag(manage, "has_factor", factors.totp || factors.keys > 0);
    return 0;
}

/* Shows the person; after a refusal with what was typed and why it is not accepted. */
static void show(struct web_request *request, const struct identity_person *person,
                 const struct refusal *refusal)
{
    struct error error = {0};
    bool manages = identity_may(&request->session, "people.manage", request->session.zone, NULL);
    json_t *model = model_page(request, "page.person_title");
    json_t *roles = role_rows(request, person->id, &error);
    if (!roles || (manages && add_management(request, person, model, &error))) {
        json_decref(roles);
        json_decref(model);
        answer_error(request, &error);
        return;
    }
    json_object_set_new(model, "roles", roles);
    model_flag(model, "has_roles", json_array_size(roles) > 0);
    json_object_set_new(model, "shown", people_row(request, person));
    model_number(model, "person_id", person->id);
    people_model_done(request, model);
    if (refusal) {
        AUTO_BUFFER prefix = {0};
        buffer_append_format(&prefix, "%s_", refusal->form);
        people_error(request, model, buffer_string(&prefix), refusal->fields, refusal->fields[0],
                     &refusal->error);
        model_text(model, "typed_starts", request_field(request, "starts"));
        model_text(model, "typed_ends", request_field(request, "ends"));
        model_text(model, "typed_reason", request_field(request, "reason"));
    }
    answer_page(request, refusal ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "person", model);
}

void page_person(struct web_request *request)
{
    struct identity_person person;
    if (people_find(request, &person))
        show(request, &person, NULL);
}

/* After an act: back to the person, or the same page with what is wrong. */
static void finish(struct web_request *request, const struct identity_person *person, int result,
                   const char *done, const struct refusal *refusal)
{
    if (result == 0)
        people_done(request, "/people", person->id, done);
    else if (people_error_is_theirs(&refusal->error))
        show(request, person, refusal);
    else
        answer_error(request, &refusal->error);
}

/* ---- suspended, away ---- */

static void suspend(struct web_request *request, bool suspended)
{
    static const char *const fields[] = {"reason", NULL};
    struct refusal refusal = {.form = "suspend", .fields = fields};
    struct identity_person person;
    if (!people_find(request, &person))
        return;
    struct identity_act act = people_act(request);
    int result = 0;
    if (suspended && !act.reason)
        result = error_set(&refusal.error, "people_reason", "reason", "%s", "");
    else if (suspended && person.id == request->session.person)
        result = error_set(&refusal.error, "people_suspend_self", "reason", "%s", "");
    if (result == 0)
        result =
            identity_person_suspend(request->store, &act, person.id, suspended, &refusal.error);
    finish(request, &person, result, suspended ? "suspended" : "resumed", &refusal);
}

void page_person_suspend(struct web_request *request)
{
    suspend(request, true);
}

void page_person_resume(struct web_request *request)
{
    suspend(request, false);
}

void page_person_away(struct web_request *request)
{
    static const char *const fields[] = {"starts", "ends", NULL};
    struct refusal refusal = {.form = "away", .fields = fields};
    struct identity_person person;
    int64_t from, until;
    if (!people_find(request, &person))
        return;
    struct identity_act act = people_act(request);
    int result = people_day(request, "starts", false, 0, &from, &refusal.error);
    if (result == 0)
        result = people_day(request, "ends", true, 0, &until, &refusal.error);
    if (result == 0 && ((from == 0) != (until == 0) || until < from))
        result = error_set(&refusal.error, "people_away", "ends", "%s", "");
    if (result == 0)
        result = identity_person_away(request->store, &act, person.id, from, until, &refusal.error);
    finish(request, &person, result, from ? "away" : "present", &refusal);
}

/* ---- the login ---- */

static const char *const login_fields[] = {"password", NULL};

/* Shows a temporary password, this once. */
void people_show_password(struct web_request *request, const struct identity_person *person,
                          const char *password, const char *title)
{
    json_t *model = model_page(request, title);
    json_object_set_new(model, "shown", people_row(request, person));
    model_text(model, "password", password);
    answer_page(request, MHD_HTTP_OK, "person_password", model);
}

void page_person_password(struct web_request *request)
{
    struct refusal refusal = {.form = "login", .fields = login_fields};
    struct identity_person person;
    char password[IDENTITY_TEMPORARY_SIZE];
    if (!people_find(request, &person))
        return;
    struct identity_act act = people_act(request);
    if (identity_password_reset(request->store, &act, person.id, password, &refusal.error) == 0) {
        people_show_password(request, &person, password, "people.password_title");
        sodium_memzero(password, sizeof password);
    } else {
        finish(request, &person, -1, NULL, &refusal);
    }
}

void page_person_directory(struct web_request *request)
{
    struct refusal refusal = {.form = "login", .fields = login_fields};
    struct identity_person person;
    if (!people_find(request, &person))
        return;
    struct identity_act act = people_act(request);
    if (request->server->options.ldap < 0) {
        answer_status(request, MHD_HTTP_NOT_FOUND);
        return;
    }
    int result = identity_password_drop(request->store, &act, person.id, &refusal.error);
    finish(request, &person, result, "directory", &refusal);
}

void page_person_unlock(struct web_request *request)
{
    struct refusal refusal = {.form = "login", .fields = login_fields};
    struct identity_person person;
    if (!people_find(request, &person))
        return;
    struct identity_act act = people_act(request);
    int result = identity_lock_lift(request->store, &act, person.id, &refusal.error);
    finish(request, &person, result, "unlocked", &refusal);
}

void page_person_factors(struct web_request *request)
{
    static const char *const fields[] = {"reason", NULL};
    struct refusal refusal = {.form = "factors", .fields = fields};
    struct identity_person person;
    if (!people_find(request, &person))
        return;
    struct identity_act act = people_act(request);
    int result = act.reason
                     ? identity_factors_reset(request->store, &act, person.id, &refusal.error)
                     : error_set(&refusal.error, "people_reason", "reason", "%s", "");
    finish(request, &person, result, "factors", &refusal);
}

/* ---- roles ---- */

void page_person_roles(struct web_request *request)
{
    static const char *const fields[] = {"role", "department", "starts", "ends", NULL};
    struct refusal refusal = {.form = "role", .fields = fields};
    struct identity_person person;
    const char *role = request_field(request, "role");
    int64_t department = request_number(request_field(request, "department"));
    int64_t starts, ends;
    if (!people_find(request, &person))
        return;
    struct identity_act act = people_act(request);
    int result = people_day(request, "starts", false, 0, &starts, &refusal.error);
    if (result == 0)
        result = people_day(request, "ends", true, 0, &ends, &refusal.error);
    if (result == 0)
        result = identity_role_grant(request->store, &act, person.id, role,
                                     department > 0 ? department : 0,
                                     starts ? starts : request->now, ends, NULL, &refusal.error);
    finish(request, &person, result, "role", &refusal);
}
