/* SPDX-License-Identifier: GPL-3.0-or-later */
/* View models: what every page shows, and values in the form that people read. */
#include "base/era.h"
#include "identity/permissions.h"
#include "web/request.h"

void model_text(json_t *model, const char *name, const char *text)
{
    if (text)
        json_object_set_new(model, name, json_string(text));
}

void model_number(json_t *model, const char *name, int64_t number)
{
    json_object_set_new(model, name, json_integer(number));
}

void model_flag(json_t *model, const char *name, bool value)
{
    json_object_set_new(model, name, json_boolean(value));
}

void model_moment(json_t *model, const char *name, enum language language, int64_t moment)
{
    if (!moment)
        return;
    AUTO_BUFFER shown = {0}, iso = {0}, iso_name = {0};
    struct date date = time_date_in_japan(moment);
    int64_t seconds = (moment - time_start_of_date(date)) / TIME_SECOND;
    if (language == LANGUAGE_JA)
        era_append_date(&shown, date);
    else
        date_append(&shown, date);
    buffer_append_format(&shown, " %d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60));
    time_append_japan(&iso, moment - moment % TIME_SECOND);
    buffer_append_format(&iso_name, "%s_iso", name);
    model_text(model, name, buffer_string(&shown));
    model_text(model, buffer_string(&iso_name), buffer_string(&iso));
}

/* What stands in the head of the pages of somebody who is let in; NULL action: everybody. */
static const struct {
    const char *path, *label, *action;
} navigation[] = {
    {"/", "page.nav_home", NULL},
    {"/send", "page.send", "transfer.send"},
    {"/inbox", "page.inbox", "transfer.receive"},
    {"/outbox", "page.outbox", "transfer.send"},
    {"/people", "page.nav_people", "people.read"},
    {"/journal", "page.nav_journal", "journal.read"},
    {"/account", "page.nav_account", NULL},
};

static void add_navigation(const struct web_request *request, json_t *model)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof navigation / sizeof *navigation; i++) {
        const char *path = navigation[i].path;
        if (navigation[i].action && !identity_may(&request->session, navigation[i].action,
                                                  request->server->options.zone, NULL))
            continue;
        bool here = !strcmp(path, "/") ? !strcmp(request->path, "/")
                                       : !strncmp(request->path, path, strlen(path));
        json_array_append_new(list, json_pack("{ss ss sb}", "path", path + 1, "label",
                                              navigation[i].label, "here", here));
    }
    json_object_set_new(model, "navigation", list);
}

json_t *model_page(struct web_request *request, const char *title)
{
    const struct web_options *options = &request->server->options;
    json_t *model = json_object();
    model_text(model, "title", title);
    model_text(model, "lang", request->language == LANGUAGE_EN ? "en" : "ja");
    model_flag(model, "english", request->language == LANGUAGE_EN);
    model_text(model, "organization", options->organization);
    model_text(model, "zone", options->zone);
    model_text(model, "zone_name", options->zone_name);
    model_text(model, "csrf", request->secret);
    model_text(model, "path", request->path + 1);
    if (request->has_session) {
        model_text(model, "person", request->session.name);
        model_text(model, "department", request->session.department_name);
        model_flag(model, "privileged", request->session.privileged);
        if (request->session.stage == IDENTITY_FULL)
            add_navigation(request, model);
    }
    return model;
}

void model_error(struct web_request *request, json_t *model, const char *field,
                 const struct error *error)
{
    AUTO_BUFFER sentence = {0}, name = {0};
    message_append_error(&sentence, request->language, error);
    buffer_append_format(&name, "error_%s", field);
    model_text(model, buffer_string(&name), buffer_string(&sentence));
    json_t *list = json_object_get(model, "errors");
    if (!list) {
        list = json_array();
        json_object_set_new(model, "errors", list);
        model_flag(model, "has_errors", true);
    }
    json_array_append_new(
        list, json_pack("{ss ss}", "field", field, "sentence", buffer_string(&sentence)));
}
