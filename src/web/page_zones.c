/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The zones and what passes between them: the list, and closing or opening a conduit. */
#include "base/utf8.h"
#include "gate/folder.h"
#include "web/conduit_model.h"
#include "web/pages.h"

struct identity_act zones_act(struct web_request *request, struct error *error)
{
    struct identity_act act = identity_session_act(&request->session, request->now);
    act.reason = request_field(request, "reason");
    if (!act.reason[strspn(act.reason, " \t")])
        error_set(error, "gate_reason", "reason", "%s", "");
    return act;
}

bool zones_opens(const struct web_request *request)
{
    return strstr(request->match.route->pattern, "/open") != NULL;
}

void zones_answer_error(struct web_request *request, const struct error *error)
{
    if (!strcmp(error->code, "gate_zone_unknown") || !strcmp(error->code, "gate_conduit_unknown"))
        answer_status(request, MHD_HTTP_NOT_FOUND);
    else
        answer_error(request, error);
}

bool zones_served(const struct web_request *request, const char *id)
{
    const char *const *served = request->server->options.served;
    for (; *served; served++)
        if (!strcmp(*served, id))
            return true;
    return false;
}

static json_t *zone_rows(const struct web_request *request, const struct gate_zone *zones,
                         size_t count, bool closed_too)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        if (zones[i].closed && !closed_too)
            continue;
        json_t *row = json_pack("{ss ss sI}", "zone", zones[i].id, "name", zones[i].name, "level",
                                (json_int_t)zones[i].level);
        model_flag(row, "closed", zones[i].closed != 0);
        model_flag(row, "served", zones_served(request, zones[i].id));
        json_array_append_new(rows, row);
    }
    return rows;
}

/* What keeps watched folders from being worked. */
static int add_folders(struct web_request *request, json_t *rows, struct error *error)
{
    struct gate_folder_trouble list[ZONES_FOLDERS];
    size_t count = 0;
    if (gate_folder_troubles(request->store, list, ZONES_FOLDERS, &count, error) != 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        AUTO_BUFFER why = {0};
        json_t *row = json_pack("{ss}", "folder", list[i].folder);
        if (list[i].error.code) {
            message_append_error(&why, request->language, &list[i].error);
            model_text(row, "why", buffer_string(&why));
        }
        model_moment(row, "since", request->language, list[i].since);
        json_array_append_new(rows, row);
    }
    return 0;
}

void page_zones(struct web_request *request)
{
    struct error error = {0};
    struct gate_zone zones[ZONES_MOST];
    struct gate_conduit conduits[ZONES_CONDUITS];
    size_t zone_count = 0, count = 0;
    json_t *folders = json_array();
    if (gate_zone_list(request->store, zones, ZONES_MOST, &zone_count, &error) ||
        gate_conduit_list(request->store, NULL, conduits, ZONES_CONDUITS, &count, &error) ||
        add_folders(request, folders, &error)) {
        json_decref(folders);
        answer_error(request, &error);
        return;
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(rows, conduit_row(request, &conduits[i], zones, zone_count));
    json_t *model = model_page(request, "zones.title");
    json_object_set_new(model, "zones", zone_rows(request, zones, zone_count, true));
    json_object_set_new(model, "conduits", rows);
    model_flag(model, "has_folders", json_array_size(folders) > 0);
    json_object_set_new(model, "folders", folders);
    model_flag(
        model, "manages",
        identity_may(&request->session, "zones.manage", request->server->options.zone, NULL));
    answer_page(request, MHD_HTTP_OK, "zones", model);
}

/* ---- one conduit ---- */

/* From where to where, behind the title. */
static void add_subject(json_t *model, const json_t *form)
{
    AUTO_BUFFER way = {0};
    buffer_append_format(&way, "%s → %s", json_string_value(json_object_get(form, "from")),
                         json_string_value(json_object_get(form, "to")));
    model_text(model, "page_subject", buffer_string(&way));
}

/* Shows a conduit as it is, or as a form that was not taken has it. */
static void show(struct web_request *request, unsigned status, const struct gate_conduit *conduit,
                 const char *field, const struct error *wrong)
{
    struct error error = {0};
    struct gate_zone zones[ZONES_MOST];
    size_t count = 0;
    int64_t unfinished = 0;
    if (gate_zone_list(request->store, zones, ZONES_MOST, &count, &error) ||
        (conduit->id &&
         gate_conduit_unfinished(request->store, conduit->id, &unfinished, &error))) {
        answer_error(request, &error);
        return;
    }
    json_t *model = model_page(request, conduit->id ? "zones.conduit" : "zones.new");
    json_t *form = conduit_row(request, conduit, zones, count);
    conduit_add_form(request, form, conduit);
    model_text(form, "reason", request_field(request, "reason"));
    model_number(form, "unfinished", unfinished);
    model_flag(form, "new", !conduit->id);
    if (conduit->id)
        add_subject(model, form);
    json_object_set_new(form, "choices", zone_rows(request, zones, count, false));
    json_object_set_new(model, "form", form);
    model_flag(
        model, "manages",
        identity_may(&request->session, "zones.manage", request->server->options.zone, NULL));
    if (wrong)
        model_error(request, model, field, wrong);
    answer_page(request, status, "conduit", model);
}

/* Reads the conduit of the path. 0, or -1 with the answer given. */
static int read_conduit(struct web_request *request, struct gate_conduit *conduit)
{
    struct error error = {0};
    if (gate_conduit_read(request->store, request->match.numbers[0], conduit, &error) == 0)
        return 0;
    zones_answer_error(request, &error);
    return -1;
}

void page_conduit(struct web_request *request)
{
    struct gate_conduit conduit;
    if (read_conduit(request, &conduit) == 0)
        show(request, MHD_HTTP_OK, &conduit, NULL, NULL);
}

/* A conduit as a new one begins: everything closed tight but the treatments. */
static void start_conduit(struct gate_conduit *conduit)
{
    *conduit = (struct gate_conduit){
        .open = true,
        .treatments = {[DISARM_REBUILD] = true},
        .usual = DISARM_REBUILD,
        .size_most = 100 << 20,
        .items_most = 50,
        .approval_personal = true,
        .antivirus = GATE_ANTIVIRUS_IF_THERE,
        .days_kept = 14,
    };
}

void page_conduit_new(struct web_request *request)
{
    struct gate_conduit conduit;
    start_conduit(&conduit);
    show(request, MHD_HTTP_OK, &conduit, NULL, NULL);
}

static void save(struct web_request *request, struct gate_conduit *conduit)
{
    struct error error = {0};
    const char *field = conduit_take_form(request, conduit, &error);
    struct identity_act act = zones_act(request, &error);
    if (!error.code)
        gate_conduit_save(request->store, &act, conduit, &error);
    if (!error.code)
        answer_redirect(request, "/zones");
    else if (!strncmp(error.code, "store_", 6) && strcmp(error.code, "store_conflict") != 0)
        answer_error(request, &error);
    else
        show(request, MHD_HTTP_UNPROCESSABLE_CONTENT, conduit, conduit_error_field(field, &error),
             &error);
}

void page_conduit_add(struct web_request *request)
{
    struct gate_conduit conduit;
    start_conduit(&conduit);
    utf8_copy(conduit.source, sizeof conduit.source, request_field(request, "source"));
    utf8_copy(conduit.destination, sizeof conduit.destination,
              request_field(request, "destination"));
    save(request, &conduit);
}

void page_conduit_change(struct web_request *request)
{
    struct gate_conduit conduit;
    if (read_conduit(request, &conduit) == 0)
        save(request, &conduit);
}

void page_conduit_switch(struct web_request *request)
{
    struct error error = {0};
    struct gate_conduit conduit;
    if (read_conduit(request, &conduit))
        return;
    struct identity_act act = zones_act(request, &error);
    if (!error.code)
        gate_conduit_open(request->store, &act, conduit.id, zones_opens(request), &error);
    if (!error.code)
        answer_redirect(request, "/zones");
    else if (!strcmp(error.code, "gate_reason") || !strcmp(error.code, "gate_zone_closed"))
        show(request, MHD_HTTP_UNPROCESSABLE_CONTENT, &conduit, "switch_reason", &error);
    else
        answer_error(request, &error);
}
