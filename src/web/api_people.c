/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The API's people: who the token speaks for, its tokens, who works here. */
#include "base/memory.h"
#include "web/api.h"
#include "web/pages.h"

enum { ROLES = 32, TOKENS = 50 };

void api_me(struct web_request *request)
{
    const struct identity_session *session = &request->session;
    json_t *scopes = json_array(), *roles = json_array();
    for (size_t i = 0; i < session->scope_count; i++)
        json_array_append_new(scopes, json_string(session->scopes[i]));
    for (size_t i = 0; i < session->grant_count; i++)
        json_array_append_new(roles, json_string(session->grants[i].role));
    json_t *me =
        json_pack("{sI ss ss ss ss so so}", "id", (json_int_t)session->person, "login",
                  session->login, "name", session->name, "department", session->department_name,
                  "zone", session->zone, "roles", roles, "scopes", scopes);
    api_moment(me, "token_expires", session->expires);
    api_answer(request, MHD_HTTP_OK, me);
}

/* ---- tokens ---- */

void api_tokens(struct web_request *request)
{
    struct error error = {0};
    struct identity_token list[TOKENS];
    size_t count = 0;
    if (identity_token_list(request->store, request->session.person, request->now,
                            api_number(request, "after"), list, TOKENS, &count, &error)) {
        api_problem(request, &error);
        return;
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_pack("{sI ss ss ss}", "id", (json_int_t)list[i].id, "name", list[i].name,
                                "zone", list[i].zone, "scopes", list[i].scopes);
        api_moment(row, "created", list[i].created);
        api_moment(row, "expires", list[i].expires);
        api_moment(row, "used", list[i].used);
        json_array_append_new(rows, row);
    }
    api_answer_list(request, "tokens", rows, count == TOKENS ? list[count - 1].id : 0);
}

void api_token_revoke(struct web_request *request)
{
    struct error error = {0};
    const struct identity_act act = identity_session_act(&request->session, request->now);
    if (identity_token_revoke(request->store, &act, request->session.person,
                              request->match.numbers[0], &error))
        api_problem(request, &error);
    else
        api_answer(request, MHD_HTTP_OK, json_pack("{sb}", "revoked", true));
}

/* ---- who works here ---- */

static json_t *person_object(const struct web_request *request,
                             const struct identity_person *person)
{
    json_t *object =
        json_pack("{sI ss ss ss s{sI ss} ss sb sb}", "id", (json_int_t)person->id, "login",
                  person->login, "name", person->name, "kana", person->kana, "department", "id",
                  (json_int_t)person->department, "name", person->department_name, "employment",
                  person->employment, "open", identity_person_open(person, request->now),
                  "suspended", person->suspended != 0);
    api_member(object, "mail", person->mail);
    api_moment(object, "starts", person->starts);
    api_moment(object, "ends", person->ends);
    api_moment(object, "away_from", person->away_from);
    api_moment(object, "away_until", person->away_until);
    return object;
}

void api_people(struct web_request *request)
{
    struct error error = {0};
    struct identity_person last = {0};
    size_t count = 0, most = api_limit(request);
    int64_t after = api_number(request, "after");
    AUTO_FREE struct identity_person *list = memory_allocate(most, sizeof *list);
    if (after && identity_person_read(request->store, after, NULL, &last, &error)) {
        api_problem(request, &error);
        return;
    }
    const struct identity_person_page page = {
        .search = request_query(request, "search"),
        .former = !strcmp(request_query(request, "former"), "true"),
        .after_kana = after ? last.kana : NULL,
        .after_id = after,
        .now = request->now,
    };
    if (identity_person_list(request->store, &page, list, most, &count, &error)) {
        api_problem(request, &error);
        return;
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(rows, person_object(request, &list[i]));
    api_answer_list(request, "people", rows, count == most ? list[count - 1].id : 0);
}

void api_person(struct web_request *request)
{
    struct error error = {0};
    struct identity_person person;
    struct identity_holder holders[ROLES];
    size_t count = 0;
    int64_t id = request->match.numbers[0];
    if (identity_person_read(request->store, id, NULL, &person, &error) ||
        identity_role_list(request->store, id, request->now, 0, holders, ROLES, &count, &error)) {
        api_problem(request, &error);
        return;
    }
    json_t *object = person_object(request, &person), *roles = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row =
            json_pack("{sI ss}", "id", (json_int_t)holders[i].id, "role", holders[i].role);
        json_object_set_new(row, "department",
                            holders[i].department ? json_integer(holders[i].department)
                                                  : json_null());
        api_moment(row, "starts", holders[i].starts);
        api_moment(row, "ends", holders[i].ends);
        json_array_append_new(roles, row);
    }
    json_object_set_new(object, "roles", roles);
    api_answer(request, MHD_HTTP_OK, object);
}
