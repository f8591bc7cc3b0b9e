/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who works here: the list, searched and page by page, and one person. */
#include "base/memory.h"
#include "web/pages.h"

enum { PAGE = 50, ROLES = 32 };

static json_t *person_row(const struct web_request *request, const struct identity_person *person)
{
    AUTO_BUFFER employment = {0};
    buffer_append_format(&employment, "page.employment_%s", person->employment);
    json_t *row = json_pack("{sI ss ss ss ss ss}", "id", (json_int_t)person->id, "login",
                            person->login, "name", person->name, "kana", person->kana, "department",
                            person->department_name, "employment", buffer_string(&employment));
    model_text(row, "mail", *person->mail ? person->mail : NULL);
    model_flag(row, "open", identity_person_open(person, request->now));
    model_flag(row, "suspended", person->suspended != 0);
    model_moment(row, "starts", request->language, person->starts);
    model_moment(row, "ends", request->language, person->ends);
    model_moment(row, "away_until", request->language, person->away_until);
    return row;
}

void page_people(struct web_request *request)
{
    struct error error = {0};
    size_t count = 0;
    int64_t after = request_number(request_query(request, "after"));
    const struct identity_person_page page = {
        .search = request_query(request, "search"),
        .after_kana = after > 0 ? request_query(request, "kana") : NULL,
        .after_id = after > 0 ? after : 0,
        .former = *request_query(request, "former") != 0,
        .now = request->now,
    };
    AUTO_FREE struct identity_person *list = memory_allocate(PAGE, sizeof *list);
    if (identity_person_list(request->store, &page, list, PAGE, &count, &error)) {
        answer_error(request, &error);
        return;
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(rows, person_row(request, &list[i]));
    json_t *model = model_page(request, "page.people");
    json_object_set_new(model, "people", rows);
    model_text(model, "search", page.search);
    model_flag(model, "former", page.former);
    if (count == PAGE) {
        model_number(model, "next", list[count - 1].id);
        model_text(model, "next_kana", list[count - 1].kana);
    }
    answer_page(request, MHD_HTTP_OK, "people", model);
}

static json_t *role_rows(struct web_request *request, int64_t person, struct error *error)
{
    struct identity_holder list[ROLES];
    size_t count = 0;
    if (identity_role_list(request->store, person, request->now, 0, list, ROLES, &count, error))
        return NULL;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        AUTO_BUFFER label = {0};
        buffer_append_format(&label, "page.role_%s", list[i].role);
        json_t *row = json_object();
        model_text(row, "role", buffer_string(&label));
        model_moment(row, "starts", request->language, list[i].starts);
        model_moment(row, "ends", request->language, list[i].ends);
        json_array_append_new(rows, row);
    }
    return rows;
}

void page_person(struct web_request *request)
{
    struct error error = {0};
    struct identity_person person;
    int64_t id = request->match.numbers[0];
    if (identity_person_read(request->store, id, NULL, &person, &error)) {
        if (!strcmp(error.code, "identity_unknown"))
            answer_status(request, MHD_HTTP_NOT_FOUND);
        else
            answer_error(request, &error);
        return;
    }
    json_t *roles = role_rows(request, id, &error);
    if (!roles) {
        answer_error(request, &error);
        return;
    }
    json_t *model = model_page(request, "page.person_title");
    json_object_set_new(model, "roles", roles);
    json_object_set_new(model, "shown", person_row(request, &person));
    answer_page(request, MHD_HTTP_OK, "person", model);
}
