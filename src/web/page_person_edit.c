/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adding a person, and changing one: who joins, moves to another department, leaves. */
#include <sodium.h>

#include "base/utf8.h"
#include "identity/credentials.h"
#include "web/pages.h"
#include "web/people.h"

static const char *const fields[] = {"login",         "name",         "kana",     "mail",
                                     "department",    "employment",   "starts",   "ends",
                                     "shared_reason", "shared_until", "language", NULL};

/* The fields that are typed as they are. */
static const struct {
    const char *name;
    size_t place, size;
} typed[] = {
#define TYPED(name)                                                                                \
    {                                                                                              \
#name, offsetof(struct identity_person, name), sizeof((struct identity_person *)0)->name   \
    }
    TYPED(login),      TYPED(name),     TYPED(kana),          TYPED(mail),
    TYPED(employment), TYPED(language), TYPED(shared_reason),
#undef TYPED
};

/* Lays the form over a person. What does not fit is refused, never cut. */
static int take_form(const struct web_request *request, struct identity_person *person,
                     struct error *error)
{
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        const char *value = request_field(request, typed[i].name);
        if (strlen(value) >= typed[i].size)
            return error_set(error, "people_long", typed[i].name, "%s", "");
        utf8_copy((char *)person + typed[i].place, typed[i].size, value);
    }
    int64_t department = request_number(request_field(request, "department"));
    person->department = department > 0 ? department : 0;
    if (people_day(request, "starts", false, person->starts, &person->starts, error) ||
        people_day(request, "ends", true, person->ends, &person->ends, error) ||
        people_day(request, "shared_until", true, person->shared_until, &person->shared_until,
                   error))
        return -1;
    if (!person->starts)
        person->starts = request->now;
    return 0;
}

/* What the form shows: the person as it is, or as it was typed. */
static json_t *form_model(struct web_request *request, const struct identity_person *person,
                          struct error *error)
{
    json_t *departments = people_departments(request, person->department, error);
    if (!departments)
        return NULL;
    json_t *model = model_page(request, person->id ? "people.edit" : "people.new");
    json_t *form = people_row(request, person);
    json_object_set_new(model, "form", form);
    json_object_set_new(form, "departments", departments);
    people_model_day(form, "starts", person->starts, false);
    people_model_day(form, "ends", person->ends, true);
    people_model_day(form, "shared_until", person->shared_until, true);
    model_flag(form, "regular", !strcmp(person->employment, "regular"));
    model_flag(form, "fiscal_year", !strcmp(person->employment, "fiscal_year"));
    model_flag(form, "contractor", !strcmp(person->employment, "contractor"));
    model_flag(form, "in_english", !strcmp(person->language, "en"));
    model_number(model, "person_id", person->id);
    model_flag(model, "changes", person->id != 0);
    model_flag(model, "has_directory", request->server->options.ldap >= 0);
    return model;
}

static void show(struct web_request *request, const struct identity_person *person,
                 const struct error *wrong)
{
    static const char *const days[] = {"starts", "ends", "shared_until"};
    struct error error = {0};
    json_t *model = form_model(request, person, &error);
    if (!model) {
        answer_error(request, &error);
        return;
    }
    json_t *form = json_object_get(model, "form");
    for (size_t i = 0; wrong && i < sizeof days / sizeof *days; i++)
        model_text(form, days[i], request_field(request, days[i]));
    if (wrong) {
        model_text(model, "reason", request_field(request, "reason"));
        people_error(request, model, "", fields, "login", wrong);
    }
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "person_edit",
                model);
}

void page_person_new(struct web_request *request)
{
    const struct identity_person person = {.employment = "regular", .starts = request->now};
    show(request, &person, NULL);
}

/* A new person gets a temporary password at once, unless a directory keeps the passwords. */
static int add(struct web_request *request, struct identity_person *person,
               char password[IDENTITY_TEMPORARY_SIZE], struct error *error)
{
    struct identity_act act = people_act(request);
    if (take_form(request, person, error) ||
        identity_person_save(request->store, &act, person, error))
        return -1;
    if (request->server->options.ldap >= 0)
        return 0;
    return identity_password_reset(request->store, &act, person->id, password, error);
}

void page_person_add(struct web_request *request)
{
    struct error error = {0};
    struct identity_person person = {0};
    char password[IDENTITY_TEMPORARY_SIZE];
    int result = add(request, &person, password, &error);
    if (result == 0 && request->server->options.ldap >= 0) {
        people_done(request, "/people", person.id, "added");
    } else if (result == 0) {
        people_show_password(request, &person, password, "people.added_title");
        sodium_memzero(password, sizeof password);
    } else if (people_error_is_theirs(&error)) {
        show(request, &person, &error);
    } else {
        answer_error(request, &error);
    }
}

void page_person_edit(struct web_request *request)
{
    struct identity_person person;
    if (people_find(request, &person))
        show(request, &person, NULL);
}

void page_person_change(struct web_request *request)
{
    struct error error = {0};
    struct identity_person person;
    if (!people_find(request, &person))
        return;
    struct identity_act act = people_act(request);
    if (take_form(request, &person, &error) == 0 &&
        identity_person_save(request->store, &act, &person, &error) == 0)
        people_done(request, "/people", person.id, "changed");
    else if (people_error_is_theirs(&error))
        show(request, &person, &error);
    else
        answer_error(request, &error);
}
