/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Appointing: who holds the roles that the text names. */
#include <stdlib.h>

#include "base/memory.h"
#include "identity/permissions.h"
#include "web/page_setup.h"
#include "web/pages.h"

enum { HOLDERS = 500, DEPARTMENTS = 300, SUGGESTED = 300, FOUND = 2 };

/* ---- the page ---- */

/* The value of role/<role>/<name> in the plan, or "". */
static const char *planned_role(const struct adoption_plan *plan, const char *role,
                                const char *name)
{
    AUTO_BUFFER key = {0};
    buffer_append_format(&key, "role/%s/%s", role, name);
    const struct adoption_item *item = adoption_plan_find(plan, buffer_string(&key));
    return item ? item->value : "";
}

static json_t *department_options(struct web_request *request, struct error *error)
{
    AUTO_FREE struct identity_department *list = memory_allocate(DEPARTMENTS, sizeof *list);
    size_t count = 0;
    if (identity_department_list(request->store, "", list, DEPARTMENTS, &count, error) != 0)
        return NULL;
    json_t *options = json_array();
    for (size_t i = 0; i < count; i++)
        if (!list[i].closed)
            json_array_append_new(options, json_pack("{sI ss}", "value", (json_int_t)list[i].id,
                                                     "option_label", list[i].name));
    return options;
}

/* People to choose from while one types: login, with the name that it belongs to. */
static json_t *people_options(struct web_request *request, struct error *error)
{
    const struct identity_person_page page = {.now = request->now};
    AUTO_FREE struct identity_person *list = memory_allocate(SUGGESTED, sizeof *list);
    size_t count = 0;
    if (identity_person_list(request->store, &page, list, SUGGESTED, &count, error) != 0)
        return NULL;
    json_t *options = json_array();
    for (size_t i = 0; i < count; i++) {
        AUTO_BUFFER label = {0};
        buffer_append_format(&label, "%s（%s）", list[i].name, list[i].department_name);
        json_array_append_new(options, json_pack("{ss ss}", "value", list[i].login, "option_label",
                                                 buffer_string(&label)));
    }
    return options;
}

static json_t *holder_rows(const struct identity_holder *holders, size_t count, const char *role,
                           json_t *departments)
{
    json_t *rows = json_array(), *option;
    size_t index;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(holders[i].role, role) != 0)
            continue;
        json_t *row = json_pack("{ss}", "holder", holders[i].name);
        json_array_foreach(departments, index, option)
        {
            if (json_integer_value(json_object_get(option, "value")) == holders[i].department)
                json_object_set(row, "holder_department", json_object_get(option, "option_label"));
        }
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *role_rows(struct web_request *request, const struct adoption_plan *plan,
                         json_t *departments, struct error *error)
{
    AUTO_FREE struct identity_holder *holders = memory_allocate(HOLDERS, sizeof *holders);
    size_t count = 0;
    if (identity_role_list(request->store, 0, request->now, 0, holders, HOLDERS, &count, error))
        return NULL;
    json_t *rows = json_array();
    for (size_t i = 0; identity_roles[i]; i++) {
        const char *role = identity_roles[i], *name = planned_role(plan, role, "name");
        if (!*name || !strcmp(role, "staff"))
            continue;
        AUTO_BUFFER does = {0};
        json_t *list = holder_rows(holders, count, role, departments);
        buffer_append_format(&does, "policy_page.does_%s", role);
        json_t *row = json_pack("{ss ss ss ss so}", "role", role, "role_name", name, "post",
                                planned_role(plan, role, "post"), "does", buffer_string(&does),
                                "holders", list);
        model_flag(row, "vacant", json_array_size(list) == 0);
        model_flag(row, "by_department", !strcmp(role, "section_manager"));
        json_array_append_new(rows, row);
    }
    return rows;
}

static void show_people(struct web_request *request, const struct error *wrong)
{
    struct error error = {0};
    int64_t id = request->match.numbers[0];
    struct adoption_version version;
    struct adoption_plan plan = {0};
    json_t *departments = NULL, *people = NULL, *roles = NULL;
    if (adoption_read(request->store, id, request->now, &version, &error) == 0 &&
        adoption_plan_read(request->store, id, &plan, &error) == 0 &&
        (departments = department_options(request, &error)) &&
        (people = people_options(request, &error)))
        roles = role_rows(request, &plan, departments, &error);
    adoption_plan_free(&plan);
    if (!roles) {
        json_decref(departments);
        json_decref(people);
        policy_answer_error(request, &error);
        return;
    }
    json_t *model = model_page(request, "policy_page.setup_people");
    policy_version_model(request, &version, model);
    setup_steps(model, id, "people");
    json_object_set_new(model, "roles", roles);
    json_object_set_new(model, "departments", departments);
    json_object_set_new(model, "people", people);
    model_flag(model, "may_appoint", identity_may(&request->session, "people.manage", NULL, NULL));
    if (wrong) {
        AUTO_BUFFER field = {0};
        buffer_append_format(&field, "person-%s", request_field(request, "role"));
        model_error(request, model, buffer_string(&field), wrong);
        model_text(model, "wrong_role", request_field(request, "role"));
    }
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "setup_people",
                model);
}

void page_setup_people(struct web_request *request)
{
    show_people(request, NULL);
}

/* ---- appointing ---- */

/* The person of a login, or the only one whose name, login or kana holds the words. */
static int find_person(struct web_request *request, const char *words, int64_t *person,
                       struct error *error)
{
    const struct identity_person_page page = {.search = words, .now = request->now};
    struct identity_person found[FOUND];
    size_t count = 0;
    struct error unknown = {0};
    if (!*words)
        return error_set(error, "setup_person_none", NULL, "%s", "");
    if (identity_person_read(request->store, 0, words, &found[0], &unknown) == 0) {
        *person = found[0].id;
        return 0;
    }
    if (identity_person_list(request->store, &page, found, FOUND, &count, error) != 0)
        return -1;
    if (count != 1)
        return error_set(error, count ? "setup_person_several" : "setup_person_unknown", NULL, "%s",
                         words);
    *person = found[0].id;
    return 0;
}

void page_setup_appoint(struct web_request *request)
{
    struct error error = {0};
    AUTO_BUFFER path = {0};
    int64_t person = 0, department = request_number(request_field(request, "department"));
    const char *role = request_field(request, "role");
    struct identity_act act = identity_session_act(&request->session, request->now);
    if (!identity_may(&request->session, "people.manage", NULL, NULL)) {
        answer_status(request, MHD_HTTP_FORBIDDEN);
        return;
    }
    if (find_person(request, request_field(request, "person"), &person, &error) == 0 &&
        identity_role_grant(request->store, &act, person, role, department > 0 ? department : 0,
                            request->now, 0, NULL, &error) == 0) {
        buffer_append_format(&path, "/setup/%lld/people", (long long)request->match.numbers[0]);
        answer_redirect(request, buffer_string(&path));
    } else if (!strncmp(error.code, "store_", 6)) {
        answer_error(request, &error);
    } else {
        show_people(request, &error);
    }
}
