/* SPDX-License-Identifier: GPL-3.0-or-later */
/* View models: what every page shows, and values in the form that people read. */
#include "base/era.h"
#include "base/quantity.h"
#include "gate/zones.h"
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

/* Hours, minutes and, with seconds, those: "9:05", "09:05:30". */
static void append_clock(struct buffer *out, int64_t of_day, bool seconds)
{
    buffer_append_decimal(out, of_day / 3600, seconds ? 2 : 1);
    buffer_append_byte(out, ':');
    buffer_append_decimal(out, of_day / 60 % 60, 2);
    if (!seconds)
        return;
    buffer_append_byte(out, ':');
    buffer_append_decimal(out, of_day % 60, 2);
}

void model_moment(json_t *model, const char *name, enum language language, int64_t moment)
{
    if (!moment)
        return;
    AUTO_BUFFER text = {0};
    struct date date = time_date_in_japan(moment);
    int64_t of_day = (moment - time_start_of_date(date)) / TIME_SECOND;
    era_append_date_in(&text, language, date);
    buffer_append_byte(&text, ' ');
    append_clock(&text, of_day, false);
    model_text(model, name, buffer_string(&text));
    buffer_clear(&text);
    date_append(&text, date);
    buffer_append_byte(&text, 'T');
    append_clock(&text, of_day, true);
    buffer_append_string(&text, "+09:00");
    json_t *iso = json_string(buffer_string(&text));
    buffer_clear(&text);
    buffer_append_string(&text, name);
    buffer_append_string(&text, "_iso");
    json_object_set_new(model, buffer_string(&text), iso);
}

void model_bytes(json_t *model, const char *name, int64_t bytes)
{
    AUTO_BUFFER shown = {0};
    quantity_append_bytes(&shown, bytes > 0 ? (uint64_t)bytes : 0);
    model_text(model, name, buffer_string(&shown));
}

enum group {
    GROUP_WORK,   /* everybody's own work, always in view */
    GROUP_MANAGE, /* looking after the system, in a menu */
    GROUP_SELF,   /* reached by one's own name */
    GROUPS,
};

/* What stands in the head of the pages of somebody who is let in; NULL action: everybody. */
static const struct {
    const char *path, *label, *action;
    enum group group;
} navigation[] = {
    {"/", "page.nav_home", NULL, GROUP_WORK},
    {"/send", "page.send", "transfer.send", GROUP_WORK},
    {"/inbox", "page.inbox", "transfer.receive", GROUP_WORK},
    {"/outbox", "page.outbox", "transfer.send", GROUP_WORK},
    {"/policy", "policy_page.nav", "policy.read", GROUP_WORK},
    {"/approvals", "transfer.approvals", "transfer.approve", GROUP_WORK},
    {"/people", "page.nav_people", "people.read", GROUP_MANAGE},
    {"/journal", "page.nav_journal", "journal.read", GROUP_MANAGE},
    {"/settings/rules", "rule.nav", "settings.manage", GROUP_MANAGE},
    {"/zones", "page.nav_zones", "zones.read", GROUP_MANAGE},
    {"/account", "page.nav_account", NULL, GROUP_SELF},
};

/* True for the page itself and for those under it. */
static bool is_under(const char *path, const char *page)
{
    size_t length = strlen(page);
    if (length == 1)
        return !strcmp(path, page);
    return !strncmp(path, page, length) && (!path[length] || path[length] == '/');
}

static void add_navigation(const struct web_request *request, json_t *model)
{
    static const char *const names[GROUPS] = {"work", "manage", "self"};
    json_t *groups = json_object();
    bool manages = false, manage_here = false;
    for (size_t i = 0; i < GROUPS; i++)
        json_object_set_new(groups, names[i], json_array());
    for (size_t i = 0; i < sizeof navigation / sizeof *navigation; i++) {
        const char *path = navigation[i].path;
        enum group group = navigation[i].group;
        if (navigation[i].action && !identity_may(&request->session, navigation[i].action,
                                                  request->server->options.zone, NULL))
            continue;
        bool here = is_under(request->path, path);
        manages = manages || group == GROUP_MANAGE;
        manage_here = manage_here || (group == GROUP_MANAGE && here);
        json_array_append_new(
            json_object_get(groups, names[group]),
            json_pack("{ss ss sb}", "path", path + 1, "label", navigation[i].label, "here", here));
        if (here && strcmp(request->path, path) != 0)
            model_under(model, path + 1, navigation[i].label);
    }
    model_flag(groups, "manages", manages);
    model_flag(groups, "manage_here", manage_here);
    json_object_set_new(model, "navigation", groups);
}

/* The way to a page from the first one; none on the first one itself. */
static void add_crumbs(const struct web_request *request, json_t *model)
{
    if (!strcmp(request->path, "/"))
        return;
    json_object_set_new(model, "crumbs",
                        json_pack("{s[{ss ss}]}", "steps", "path", "", "label", "page.nav_home"));
}

/* In a group of the navigation: the page that one is on. */
static void mark_here(json_t *group, const char *path)
{
    json_t *page;
    size_t i;
    json_array_foreach(group, i, page)
    {
        const char *at = json_string_value(json_object_get(page, "path"));
        model_flag(page, "here", !strcmp(at, path));
    }
}

void model_under(json_t *model, const char *path, const char *label)
{
    json_t *steps = json_object_get(json_object_get(model, "crumbs"), "steps");
    if (!steps)
        return;
    if (json_array_size(steps) > 1)
        json_array_remove(steps, 1);
    json_array_append_new(steps, json_pack("{ss ss}", "path", path, "label", label));
    mark_here(json_object_get(json_object_get(model, "navigation"), "work"), path);
}

/* Until when the session lives without another request, and at the latest. */
static void add_session(const struct web_request *request, json_t *model)
{
    const struct identity_session *session = &request->session;
    int64_t ends =
        session->idle_expires < session->expires ? session->idle_expires : session->expires;
    model_text(model, "person", session->name);
    model_text(model, "department", session->department_name);
    model_flag(model, "privileged", session->privileged);
    model_number(model, "session_seconds", (ends - request->now) / TIME_SECOND);
    if (session->stage == IDENTITY_FULL) {
        add_crumbs(request, model);
        add_navigation(request, model);
    }
}

/* The zone as it is called now: it can be renamed while its process runs. The name that the process
 * was started with is for a store that has no zones yet, or does not answer. */
static void add_zone(const struct web_request *request, json_t *model)
{
    const struct web_options *options = &request->server->options;
    struct gate_zone zone;
    bool found = request->store && gate_zone_read(request->store, options->zone, &zone, NULL) == 0;
    model_text(model, "zone", options->zone);
    model_text(model, "zone_name", found ? zone.name : options->zone_name);
}

json_t *model_page(struct web_request *request, const char *title)
{
    const struct web_options *options = &request->server->options;
    json_t *model = json_object();
    model_text(model, "title", title);
    model_text(model, "lang", request->language == LANGUAGE_EN ? "en" : "ja");
    model_flag(model, "english", request->language == LANGUAGE_EN);
    model_text(model, "organization", options->organization);
    add_zone(request, model);
    model_text(model, "csrf", request->secret);
    model_text(model, "path", request->path + 1);
    if (request->has_session)
        add_session(request, model);
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
