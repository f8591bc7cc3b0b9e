/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who works here: the list, searched and page by page. */
#include "base/memory.h"
#include "identity/permissions.h"
#include "web/pages.h"
#include "web/people.h"

enum { PAGE = 50 };

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
        json_array_append_new(rows, people_row(request, &list[i]));
    json_t *model = model_page(request, "page.people");
    json_object_set_new(model, "people", rows);
    model_text(model, "search", page.search);
    model_flag(model, "former", page.former);
    model_flag(model, "manages",
               identity_may(&request->session, "people.manage", request->session.zone, NULL));
    people_model_done(request, model);
    if (count == PAGE) {
        model_number(model, "next", list[count - 1].id);
        model_text(model, "next_kana", list[count - 1].kana);
    }
    answer_page(request, MHD_HTTP_OK, "people", model);
}
