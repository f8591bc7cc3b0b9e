/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The API's zones and conduits. */
#include "web/api.h"
#include "web/pages.h"
#include "web/zones.h"

static json_t *conduit_object(const struct gate_conduit *conduit)
{
    static const char *const antivirus[] = {"none", "if_there", "required"};
    json_t *treatments = json_array();
    for (unsigned i = 0; i < DISARM_TREATMENT_COUNT; i++)
        if (conduit->treatments[i])
            json_array_append_new(treatments,
                                  json_string(disarm_treatment_name((enum disarm_treatment)i)));
    json_t *object = json_pack(
        "{sI ss ss sb so ss ss sI sI sI sb sb sb sb ss sI}", "id", (json_int_t)conduit->id,
        "source", conduit->source, "destination", conduit->destination, "open", conduit->open,
        "treatments", treatments, "usual", disarm_treatment_name(conduit->usual), "types",
        conduit->types, "size_most", (json_int_t)conduit->size_most, "items_most",
        (json_int_t)conduit->items_most, "approval_from", (json_int_t)conduit->approval_from,
        "approval_personal", conduit->approval_personal, "emergency", conduit->emergency,
        "password", conduit->password, "close_again", conduit->close_again, "antivirus",
        antivirus[conduit->antivirus], "days_kept", (json_int_t)conduit->days_kept);
    return object;
}

static json_t *conduit_objects(struct web_request *request, const char *source, bool closed_too,
                               struct error *error)
{
    struct gate_conduit list[ZONES_CONDUITS];
    size_t count = 0;
    if (gate_conduit_list(request->store, source, list, ZONES_CONDUITS, &count, error))
        return NULL;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++)
        if (list[i].open || closed_too)
            json_array_append_new(rows, conduit_object(&list[i]));
    return rows;
}

void api_conduits(struct web_request *request)
{
    struct error error = {0};
    json_t *rows = conduit_objects(request, request->server->options.zone, false, &error);
    if (rows)
        api_answer_list(request, "conduits", rows, 0);
    else
        api_problem(request, &error);
}

void api_zones(struct web_request *request)
{
    struct error error = {0};
    struct gate_zone list[ZONES_MOST];
    size_t count = 0;
    json_t *conduits = conduit_objects(request, NULL, true, &error);
    if (!conduits || gate_zone_list(request->store, list, ZONES_MOST, &count, &error)) {
        json_decref(conduits);
        api_problem(request, &error);
        return;
    }
    json_t *zones = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(zones, json_pack("{ss ss sI sb sb}", "id", list[i].id, "name",
                                               list[i].name, "level", (json_int_t)list[i].level,
                                               "closed", list[i].closed != 0, "answers",
                                               zones_served(request, list[i].id)));
    api_answer(request, MHD_HTTP_OK, json_pack("{so so}", "zones", zones, "conduits", conduits));
}

void api_conduit_switch(struct web_request *request)
{
    struct error error = {0};
    struct gate_conduit conduit;
    json_t *body = api_object(request);
    if (!body)
        return;
    struct identity_act act = identity_session_act(&request->session, request->now);
    act.reason = api_text(body, "reason");
    int64_t id = request->match.numbers[0];
    if (gate_conduit_read(request->store, id, &conduit, &error))
        api_problem_status(request, MHD_HTTP_NOT_FOUND);
    else if (gate_conduit_open(request->store, &act, id, zones_opens(request), &error) ||
             gate_conduit_read(request->store, id, &conduit, &error))
        api_problem(request, &error);
    else
        api_answer(request, MHD_HTTP_OK, conduit_object(&conduit));
    json_decref(body);
}
