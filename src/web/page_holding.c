/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One role that somebody holds, and who stands in for the holder. Who manages people does this for
 * everybody; a holder names deputies for himself unless the role is a privileged one.
 */
#include <inttypes.h>

#include "identity/permissions.h"
#include "web/pages.h"
#include "web/people.h"

enum { DEPUTIES = 64 };

/* Where the request came from: /people/{}/roles/{} or /account/roles/{}. */
struct place {
    struct identity_holder holder;
    char base[32]; /* "people/3", "account" */
    bool own;
    int64_t deputy; /* the number behind it */
};

/* Finds the holding that the path names; false: the request is answered. */
static bool find(struct web_request *request, struct place *place)
{
    const int64_t *numbers = request->match.numbers;
    struct error error = {0};
    size_t count = 0;
    *place = (struct place){.base = "account", .own = !strncmp(request->path, "/account", 8)};
    int64_t person = place->own ? request->session.person : numbers[0];
    int64_t id = place->own ? numbers[0] : numbers[1];
    place->deputy = place->own ? numbers[1] : numbers[2];
    if (!place->own)
        snprintf(place->base, sizeof place->base, "people/%" PRId64, person);
    if (identity_role_list(request->store, person, request->now, id - 1, &place->holder, 1, &count,
                           &error)) {
        answer_error(request, &error);
        return false;
    }
    if (count == 0 || place->holder.id != id)
        answer_status(request, MHD_HTTP_NOT_FOUND);
    else if (place->own && identity_role_privileged(place->holder.role))
        answer_status(request, MHD_HTTP_FORBIDDEN);
    return request->status == 0;
}

static int add_deputies(struct web_request *request, const struct place *place, json_t *model,
                        struct error *error)
{
    struct identity_deputy list[DEPUTIES];
    size_t count = 0;
    if (identity_deputy_list(request->store, place->holder.id, request->now, list, DEPUTIES, &count,
                             error))
        return -1;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_pack("{sI ss}", "deputy", (json_int_t)list[i].id, "name", list[i].name);
        people_model_date(request, row, "starts", list[i].starts, false);
        people_model_date(request, row, "ends", list[i].ends, true);
        json_array_append_new(rows, row);
    }
    json_object_set_new(model, "deputies", rows);
    model_flag(model, "has_deputies", count > 0);
    return 0;
}

static void show(struct web_request *request, const struct place *place, const struct error *wrong)
{
    static const char *const fields[] = {"person", "starts", "ends", NULL};
    struct error error = {0};
    json_t *model = model_page(request, "people.holding");
    if (add_deputies(request, place, model, &error)) {
        json_decref(model);
        answer_error(request, &error);
        return;
    }
    json_object_set_new(model, "holding", people_holding_row(request, &place->holder));
    model_text(model, "base", place->base);
    model_text(model, "holder", place->holder.name);
    model_flag(model, "own", place->own);
    people_model_done(request, model);
    if (wrong) {
        people_error(request, model, "deputy_", fields, "person", wrong);
        model_text(model, "typed_person", request_field(request, "person"));
        model_text(model, "typed_starts", request_field(request, "starts"));
        model_text(model, "typed_ends", request_field(request, "ends"));
    }
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "holding", model);
}

/* Goes on to the holding's own page. */
static void done(struct web_request *request, const struct place *place, const char *what)
{
    AUTO_BUFFER path = {0};
    buffer_append_format(&path, "/%s/roles", place->base);
    people_done(request, buffer_string(&path), place->holder.id, what);
}

void page_holding(struct web_request *request)
{
    struct place place;
    if (find(request, &place))
        show(request, &place, NULL);
}

static int name_deputy(struct web_request *request, const struct place *place, struct error *error)
{
    struct identity_person person;
    struct identity_act act = people_act(request);
    const char *login = request_field(request, "person");
    int64_t starts, ends;
    if (people_day(request, "starts", false, 0, &starts, error) ||
        people_day(request, "ends", true, 0, &ends, error))
        return -1;
    if (identity_person_read(request->store, 0, login, &person, error))
        return !strcmp(error->code, "identity_unknown")
                   ? error_set(error, "people_nobody", "person", "%s", login)
                   : -1;
    if (!identity_person_open(&person, request->now))
        return error_set(error, "people_nobody", "person", "%s", login);
    if (!ends)
        return error_set(error, "people_deputy_ends", "ends", "%s", "");
    return identity_deputy_add(request->store, &act, place->holder.id, person.id,
                               starts ? starts : request->now, ends, NULL, error);
}

void page_holding_deputy(struct web_request *request)
{
    struct error error = {0};
    struct place place;
    if (!find(request, &place))
        return;
    if (name_deputy(request, &place, &error) == 0)
        done(request, &place, "deputy");
    else if (people_error_is_theirs(&error))
        show(request, &place, &error);
    else
        answer_error(request, &error);
}

void page_holding_deputy_end(struct web_request *request)
{
    struct identity_deputy list[DEPUTIES];
    struct error error = {0};
    struct place place;
    size_t count = 0;
    bool there = false;
    if (!find(request, &place))
        return;
    if (identity_deputy_list(request->store, place.holder.id, request->now, list, DEPUTIES, &count,
                             &error)) {
        answer_error(request, &error);
        return;
    }
    for (size_t i = 0; i < count; i++)
        there |= list[i].id == place.deputy;
    struct identity_act act = people_act(request);
    if (!there)
        answer_status(request, MHD_HTTP_NOT_FOUND);
    else if (identity_deputy_end(request->store, &act, place.deputy, &error) == 0)
        done(request, &place, "deputy_ended");
    else
        people_failed(request, &error);
}

void page_holding_end(struct web_request *request)
{
    struct error error = {0};
    struct place place;
    if (!find(request, &place))
        return;
    struct identity_act act = people_act(request);
    if (identity_role_end(request->store, &act, place.holder.id, &error) == 0)
        people_done(request, "/people", place.holder.person, "role_ended");
    else
        people_failed(request, &error);
}
