/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened to a transfer so far, in words and in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "web/transfer_model.h"

enum { EVENTS = 8 + CASES_STEPS + GATE_RECIPIENTS_MOST };

struct event {
    int64_t when;
    const char *what; /* key of the catalogue */
    const char *who, *reason;
};

struct timeline {
    struct event events[EVENTS];
    size_t count;
};

static void add(struct timeline *timeline, int64_t when, const char *what, const char *who,
                const char *reason)
{
    if (when && timeline->count < EVENTS)
        timeline->events[timeline->count++] =
            (struct event){when, what, who ? who : "", reason ? reason : ""};
}

static void add_decisions(struct timeline *timeline, const struct cases_case *request)
{
    add(timeline, request->created, "transfer.event_asked", NULL, NULL);
    for (size_t i = 0; i < request->step_count; i++) {
        const struct cases_step *step = &request->steps[i];
        bool approved = !strcmp(step->state, "approved");
        if (approved || !strcmp(step->state, "refused"))
            add(timeline, step->decided,
                approved ? "transfer.event_approved" : "transfer.event_denied", step->name,
                step->reason);
    }
}

/* The word for the end; what was received is told by its recipients. */
static const char *end_of(const struct gate_transfer *transfer)
{
    static const char *const ends[][2] = {
        {"refused", "transfer.event_refused"},
        {"recalled", "transfer.event_recalled"},
        {"expired", "transfer.event_expired"},
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (!strcmp(transfer->state, ends[i][0]))
            return ends[i][1];
    return NULL;
}

/* In order of time; at the same moment as they were added. */
static void sort(struct timeline *timeline)
{
    for (size_t i = 1; i < timeline->count; i++) {
        struct event event = timeline->events[i];
        size_t at = i;
        for (; at > 0 && timeline->events[at - 1].when > event.when; at--)
            timeline->events[at] = timeline->events[at - 1];
        timeline->events[at] = event;
    }
}

/* "2026-11-20 09:43" out of a moment in the form of ISO 8601. */
static void model_minute(json_t *row, const char *iso)
{
    char minute[17] = "";
    if (iso && strlen(iso) >= sizeof minute)
        snprintf(minute, sizeof minute, "%.10s %.5s", iso, iso + 11);
    model_text(row, "minute", minute);
}

static json_t *model_of(struct web_request *request, const struct timeline *timeline)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < timeline->count; i++) {
        const struct event *event = &timeline->events[i];
        json_t *row = json_object();
        model_text(row, "what", event->what);
        if (*event->who)
            model_text(row, "who", event->who);
        if (*event->reason)
            model_text(row, "reason", event->reason);
        model_moment(row, "when", request->language, event->when);
        model_minute(row, json_string_value(json_object_get(row, "when_iso")));
        json_array_append_new(rows, row);
    }
    return rows;
}

json_t *transfer_timeline(struct web_request *request, const struct gate_transfer *transfer)
{
    AUTO_FREE struct timeline *timeline = memory_allocate(1, sizeof *timeline);
    AUTO_FREE struct cases_case *found = memory_allocate(1, sizeof *found);
    AUTO_FREE struct gate_recipient *recipients =
        memory_allocate(GATE_RECIPIENTS_MOST, sizeof *recipients);
    size_t count = 0;
    add(timeline, transfer->created, "transfer.event_created", transfer->sender_name, NULL);
    add(timeline, transfer->accepted, "transfer.event_accepted", NULL, NULL);
    if (transfer->case_id &&
        cases_read(request->store, NULL, transfer->case_id, found, NULL, NULL) == 0)
        add_decisions(timeline, found);
    add(timeline, transfer->ready,
        transfer->emergency ? "transfer.event_emergency" : "transfer.event_ready", NULL, NULL);
    if (gate_recipient_list(request->store, transfer->id, recipients, GATE_RECIPIENTS_MOST, &count,
                            NULL) == 0)
        for (size_t i = 0; i < count; i++)
            add(timeline, recipients[i].picked_up, "transfer.event_received", recipients[i].name,
                NULL);
    const char *end = end_of(transfer);
    if (end)
        add(timeline, transfer->ended, end, NULL, NULL);
    sort(timeline);
    return model_of(request, timeline);
}
