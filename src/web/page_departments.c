/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The departments: all on one page, each changed or closed on its own. */
#include "base/memory.h"
#include "base/utf8.h"
#include "web/pages.h"
#include "web/people.h"

enum { DEPARTMENTS_MOST = 1000 };

static const char *const fields[] = {"code", "name", "parent", "closed", NULL};

static json_t *department_rows(struct web_request *request, struct error *error)
{
    size_t count = 0;
    AUTO_FREE struct identity_department *list = memory_allocate(DEPARTMENTS_MOST, sizeof *list);
    if (identity_department_list(request->store, "", list, DEPARTMENTS_MOST, &count, error))
        return NULL;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_pack("{sI ss ss}", "id", (json_int_t)list[i].id, "code", list[i].code,
                                "name", list[i].name);
        for (size_t p = 0; p < count; p++)
            if (list[p].id == list[i].parent)
                model_text(row, "parent", list[p].name);
        people_model_date(request, row, "closed", list[i].closed, false);
        json_array_append_new(rows, row);
    }
    return rows;
}

/* Shows the list with the form for a new one, or the form of one. */
static void show(struct web_request *request, const struct identity_department *department,
                 const struct error *wrong)
{
    struct error error = {0};
    json_t *rows = department->id ? json_array() : department_rows(request, &error);
    json_t *parents = rows ? people_departments(request, department->parent, &error) : NULL;
    if (!parents) {
        json_decref(rows);
        answer_error(request, &error);
        return;
    }
    json_t *model =
        model_page(request, department->id ? "people.department" : "people.departments");
    json_object_set_new(model, "departments", rows);
    json_object_set_new(model, "parents", parents);
    model_text(model, "code", department->code);
    model_text(model, "name", department->name);
    people_model_day(model, "closed", department->closed, false);
    if (department->id)
        model_number(model, "id", department->id);
    people_model_done(request, model);
    if (wrong) {
        model_text(model, "closed", request_field(request, "closed"));
        people_error(request, model, "", fields, "code", wrong);
    }
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK,
                department->id ? "department" : "departments", model);
}

static int take_form(const struct web_request *request, struct identity_department *department,
                     struct error *error)
{
    const char *code = request_field(request, "code"), *name = request_field(request, "name");
    int64_t parent = request_number(request_field(request, "parent"));
    if (strlen(code) >= sizeof department->code)
        return error_set(error, "people_long", "code", "%s", "");
    if (strlen(name) >= sizeof department->name)
        return error_set(error, "people_long", "name", "%s", "");
    utf8_copy(department->code, sizeof department->code, code);
    utf8_copy(department->name, sizeof department->name, name);
    department->parent = parent > 0 ? parent : 0;
    return people_day(request, "closed", false, department->closed, &department->closed, error);
}

static void save(struct web_request *request, struct identity_department *department)
{
    struct error error = {0};
    struct identity_act act = people_act(request);
    const char *done = department->id ? "changed" : "added";
    if (take_form(request, department, &error) == 0 &&
        identity_department_save(request->store, &act, department, &error) == 0)
        people_done(request, "/people/departments", 0, done);
    else if (people_error_is_theirs(&error))
        show(request, department, &error);
    else
        answer_error(request, &error);
}

void page_departments(struct web_request *request)
{
    const struct identity_department none = {0};
    show(request, &none, NULL);
}

void page_department_add(struct web_request *request)
{
    struct identity_department department = {0};
    save(request, &department);
}

static bool find(struct web_request *request, struct identity_department *department)
{
    struct error error = {0};
    if (identity_department_read(request->store, request->match.numbers[0], NULL, department,
                                 &error) == 0)
        return true;
    people_failed(request, &error);
    return false;
}

void page_department(struct web_request *request)
{
    struct identity_department department;
    if (find(request, &department))
        show(request, &department, NULL);
}

void page_department_change(struct web_request *request)
{
    struct identity_department department;
    if (find(request, &department))
        save(request, &department);
}
