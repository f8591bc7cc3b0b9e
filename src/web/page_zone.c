/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One zone: adding it, changing its name, closing it; and what else has to be done for it. */
#include "base/utf8.h"
#include "identity/permissions.h"
#include "web/pages.h"
#include "web/zones.h"

static bool is_new(const struct web_request *request)
{
    return !request->match.rest;
}

/* What stands in the way of closing, and where the zone stands. */
static int add_state(struct web_request *request, json_t *form, const struct gate_zone *zone,
                     struct error *error)
{
    struct gate_zone_use use = {0};
    const char *here = request->server->options.zone;
    if (!is_new(request) && gate_zone_use(request->store, zone->id, &use, error) != 0)
        return -1;
    model_number(form, "open_conduits", use.conduits);
    model_number(form, "unended", use.transfers);
    model_flag(form, "used", use.conduits || use.transfers);
    model_flag(form, "here", !strcmp(zone->id, here));
    model_flag(form, "closable", !use.conduits && !use.transfers && strcmp(zone->id, here) != 0);
    model_flag(form, "served", zones_served(request, zone->id));
    model_flag(form, "closed", zone->closed != 0);
    model_moment(form, "closed_at", request->language, zone->closed);
    return 0;
}

static void show(struct web_request *request, unsigned status, const struct gate_zone *zone,
                 const char *field, const struct error *wrong)
{
    struct error error = {0};
    json_t *form = json_pack("{ss ss sI}", "zone", zone->id, "name", zone->name, "level",
                             (json_int_t)zone->level);
    if (add_state(request, form, zone, &error) != 0) {
        json_decref(form);
        answer_error(request, &error);
        return;
    }
    json_t *model = model_page(request, is_new(request) ? "zones.zone_new" : "zones.zone");
    if (wrong)
        model_text(form, "level", request_field(request, "level"));
    model_text(form, "reason", request_field(request, "reason"));
    model_flag(form, "new", is_new(request));
    if (!is_new(request))
        model_text(model, "page_subject", zone->name);
    json_object_set_new(model, "form", form);
    model_flag(
        model, "manages",
        identity_may(&request->session, "zones.manage", request->server->options.zone, NULL));
    if (wrong)
        model_error(request, model, field, wrong);
    answer_page(request, status, "zone", model);
}

/* Reads the zone of the path. 0, or -1 with the answer given. */
static int read_zone(struct web_request *request, struct gate_zone *zone)
{
    struct error error = {0};
    if (gate_zone_read(request->store, request->match.rest, zone, &error) == 0)
        return 0;
    zones_answer_error(request, &error);
    return -1;
}

void page_zone(struct web_request *request)
{
    struct gate_zone zone;
    if (read_zone(request, &zone) == 0)
        show(request, MHD_HTTP_OK, &zone, NULL, NULL);
}

void page_zone_new(struct web_request *request)
{
    show(request, MHD_HTTP_OK, &(struct gate_zone){0}, NULL, NULL);
}

/* Goes on, shows the form again with what is wrong with one of its fields, or fails. */
static void end(struct web_request *request, const struct gate_zone *zone, const char *switched,
                struct error *error)
{
    static const struct {
        const char *code, *field;
    } fields[] = {{"gate_bad_value", NULL},
                  {"gate_reason", "reason"},
                  {"gate_zone_here", "reason"},
                  {"gate_zone_twice", "id"},
                  {"gate_zone_used", "reason"}};
    AUTO_BUFFER path = {0};
    buffer_append_format(&path, "/zones/zone/%s", zone->id);
    for (size_t i = 0; error->code && i < sizeof fields / sizeof *fields; i++)
        if (!strcmp(error->code, fields[i].code)) {
            const char *field = fields[i].field ? fields[i].field : error->where;
            if (!fields[i].field)
                error->code = "zones_zone_value";
            show(request, MHD_HTTP_UNPROCESSABLE_CONTENT, zone,
                 switched && !strcmp(field, "reason") ? switched : field, error);
            return;
        }
    if (error->code)
        answer_error(request, error);
    else
        answer_redirect(request, buffer_string(&path));
}

static void save(struct web_request *request, struct gate_zone *zone)
{
    struct error error = {0};
    struct identity_act act = zones_act(request, &error);
    const char *name = request_field(request, "name");
    zone->level = request_number(request_field(request, "level"));
    if (strlen(name) >= sizeof zone->name)
        error_set(&error, "gate_bad_value", "name", "%s", "");
    utf8_copy(zone->name, sizeof zone->name, name);
    if (!error.code && is_new(request))
        gate_zone_add(request->store, &act, zone, &error);
    else if (!error.code)
        gate_zone_save(request->store, &act, zone, &error);
    end(request, zone, NULL, &error);
}

void page_zone_add(struct web_request *request)
{
    struct gate_zone zone = {0};
    const char *id = request_field(request, "id");
    if (strlen(id) < sizeof zone.id)
        utf8_copy(zone.id, sizeof zone.id, id);
    save(request, &zone);
}

void page_zone_change(struct web_request *request)
{
    struct gate_zone zone;
    if (read_zone(request, &zone) == 0)
        save(request, &zone);
}

void page_zone_switch(struct web_request *request)
{
    struct error error = {0};
    struct gate_zone zone;
    if (read_zone(request, &zone) != 0)
        return;
    struct identity_act act = zones_act(request, &error);
    if (!error.code)
        gate_zone_open(request->store, &act, zone.id, zones_opens(request), &error);
    end(request, &zone, "switch_reason", &error);
}
