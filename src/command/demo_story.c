/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened in the made-up town: each row of the story by the function that a page would call.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/error.h"
#include "base/utf8.h"
#include "command/demo.h"
#include "command/demo_session.h"
#include "gate/transfers.h"

enum { RECIPIENTS = 8, CONDUITS = 16, CASES = 50, MINUTE = 60 };

struct telling {
    struct demo_town *town;
    const struct demo_event *event;
    struct identity_session session;
    struct identity_act act;
};

static int64_t moment_of(const struct demo_event *event, int64_t present)
{
    if (event->days == 0)
        return present - event->minute * MINUTE * TIME_SECOND;
    struct date day = calendar_add_business_days(time_date_in_japan(present), -event->days);
    return time_start_of_date(day) + event->minute * MINUTE * TIME_SECOND;
}

int64_t demo_story_start(int64_t present)
{
    return moment_of(&demo_story[0], present) - TIME_DAY;
}

/* ---- sending ---- */

/* The conduit that leaves the event's zone for another. */
static int find_conduit(const struct telling *telling, const char *destination, int64_t *id,
                        struct error *error)
{
    struct gate_conduit list[CONDUITS];
    size_t count;
    if (gate_conduit_list(telling->town->store, telling->event->where, list, CONDUITS, &count,
                          error) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(list[i].destination, destination)) {
            *id = list[i].id;
            return 0;
        }
    return error_set(error, "gate_conduit_unknown", destination, "%s", telling->event->where);
}

/* The people whose logins stand in a text, separated by commas. */
static size_t find_people(const struct demo_town *town, const char *text,
                          int64_t people[RECIPIENTS])
{
    size_t count = 0;
    while (*text && count < RECIPIENTS) {
        char login[IDENTITY_LOGIN_SIZE] = "";
        size_t length = strcspn(text, ",");
        if (length < sizeof login)
            memcpy(login, text, length);
        const struct demo_account *account = demo_account_find(town, login);
        if (account)
            people[count++] = account->person;
        text += length + (text[length] == ',');
    }
    return count;
}

static int send_file(const struct telling *telling, int64_t transfer, const struct demo_file *file,
                     struct error *error)
{
    struct gate_item_writer *writer = NULL;
    const struct demo_document *document = &demo_documents[file->document];
    struct bytes content = {document->data, document->length};
    int result = gate_item_begin(telling->town->store, &telling->session, transfer, file->name,
                                 telling->act.now, &writer, error);
    if (result == 0)
        result = gate_item_write(writer, content, error);
    if (result == 0)
        result = gate_item_finish(writer, NULL, error);
    gate_item_close(writer);
    return result;
}

static int do_send(const struct telling *telling, struct error *error)
{
    const struct demo_event *event = telling->event;
    struct demo_town *town = telling->town;
    int64_t people[RECIPIENTS], *transfer = &town->transfers[event->transfer];
    struct gate_request request = {
        .recipients = people,
        .recipient_count = find_people(town, event->details[1], people),
        .purpose = event->words,
        .classification = event->details[2],
        .personal_data = *event->details[3] == 'y',
        .treatment = DISARM_TREATMENT_COUNT,
        .now = telling->act.now,
    };
    if (find_conduit(telling, event->details[0], &request.conduit, error) != 0 ||
        gate_send_begin(town->store, &telling->session, &request, transfer, error) != 0)
        return -1;
    for (size_t i = 0; i < event->file_count; i++)
        if (send_file(telling, *transfer, &event->files[i], error) != 0)
            return -1;
    return gate_send_finish(town->store, &telling->session, *transfer, request.now, error);
}

/* ---- what follows a transfer ---- */

static int do_receive(const struct telling *telling, struct error *error)
{
    struct store_blob_reader *reader = NULL;
    struct gate_item item;
    if (gate_item_open(telling->town->store, &telling->session,
                       telling->town->transfers[telling->event->transfer],
                       *telling->event->details[0] - '0', telling->act.now, &item, &reader,
                       error) != 0)
        return -1;
    store_blob_reader_close(reader);
    return 0;
}

static int do_recall(const struct telling *telling, struct error *error)
{
    return gate_recall(telling->town->store, &telling->session,
                       telling->town->transfers[telling->event->transfer], telling->event->words,
                       telling->act.now, error);
}

static int do_emergency(const struct telling *telling, struct error *error)
{
    return gate_emergency(telling->town->store, &telling->session,
                          telling->town->transfers[telling->event->transfer], telling->event->words,
                          telling->act.now, error);
}

/* Approves or refuses the transfer's request, which waits for this person. */
static int do_decide(const struct telling *telling, struct error *error)
{
    struct demo_town *town = telling->town;
    char object[CASES_OBJECT_SIZE];
    size_t count = 0;
    snprintf(object, sizeof object, "transfer/%" PRId64, town->transfers[telling->event->transfer]);
    struct cases_case *list = calloc(CASES, sizeof *list);
    int result =
        list ? cases_waiting_for(town->store, &telling->session, 0, list, CASES, &count, error)
             : -1;
    size_t i = 0;
    while (result == 0 && i < count && strcmp(list[i].object, object) != 0)
        i++;
    if (result == 0 && i == count)
        result = error_set(error, "case_unknown", object, "%s", telling->event->who);
    if (result == 0) {
        const struct cases_decision decision = {
            .id = list[i].id,
            .approve = telling->event->action == DEMO_APPROVE,
            .reason = telling->event->words,
            .seen = list[i].seen,
            .now = telling->act.now,
        };
        result =
            cases_decide(town->store, &telling->session, &decision, gate_outcomes, NULL, error);
    }
    free(list);
    return result;
}

/* ---- people and zones ---- */

static int do_conduit(const struct telling *telling, struct error *error)
{
    int64_t conduit;
    if (find_conduit(telling, telling->event->details[0], &conduit, error) != 0)
        return -1;
    return gate_conduit_open(telling->town->store, &telling->act, conduit,
                             telling->event->action == DEMO_OPEN, error);
}

static int do_person(const struct telling *telling, struct error *error)
{
    struct store *store = telling->town->store;
    const struct identity_act *act = &telling->act;
    const struct demo_account *about = demo_account_find(telling->town, telling->event->details[0]);
    struct identity_person person;
    if (telling->event->action == DEMO_SUSPEND)
        return identity_person_suspend(store, act, about->person, true, error);
    if (telling->event->action == DEMO_AWAY)
        return identity_person_away(
            store, act, about->person, act->now,
            telling->town->present + (*telling->event->details[1] - '0') * TIME_DAY, error);
    if (identity_person_read(store, about->person, NULL, &person, error) != 0)
        return -1;
    person.ends = act->now;
    return identity_person_save(store, act, &person, error);
}

static int do_step_down(const struct telling *telling, struct error *error)
{
    const char *const *details = telling->event->details;
    int64_t id;
    return demo_holding_find(telling->town, details[0], details[1], telling->act.now, &id, error) ==
                   0
               ? identity_role_end(telling->town->store, &telling->act, id, error)
               : -1;
}

/* ---- the story ---- */

static int (*const actions[DEMO_ACTIONS])(const struct telling *telling, struct error *error) = {
    [DEMO_APPROVE] = do_decide,      [DEMO_AWAY] = do_person,         [DEMO_CLOSE] = do_conduit,
    [DEMO_EMERGENCY] = do_emergency, [DEMO_LEAVE] = do_person,        [DEMO_OPEN] = do_conduit,
    [DEMO_RECALL] = do_recall,       [DEMO_RECEIVE] = do_receive,     [DEMO_REFUSE] = do_decide,
    [DEMO_SEND] = do_send,           [DEMO_STEP_DOWN] = do_step_down, [DEMO_SUSPEND] = do_person,
};

/* Lets the mover do all that waits, as of a moment. */
static int move(struct demo_town *town, int64_t now, struct error *error)
{
    int did;
    while ((did = gate_mover_step(town->mover, now, true, error)) == 1)
        ;
    return did;
}

static int tell_event(struct demo_town *town, const struct demo_event *event, struct error *error)
{
    struct telling telling = {.town = town, .event = event};
    town->now = moment_of(event, town->present);
    if (move(town, town->now, error) != 0)
        return -1;
    if (event->action == DEMO_FAIL)
        return demo_session_fail(town, event->who, event->where, error);
    if (demo_session_open(town, event->who, event->where, &telling.session, error) != 0)
        return -1;
    telling.act = identity_session_act(&telling.session, town->now);
    telling.act.reason = *event->words ? event->words : NULL;
    if (actions[event->action](&telling, error) != 0)
        return -1;
    return move(town, town->now + 2 * TIME_SECOND, error);
}

int demo_story_tell(struct demo_town *town, struct error *error)
{
    for (size_t i = 0; i < demo_story_count; i++)
        if (tell_event(town, &demo_story[i], error) != 0)
            return -1;
    return 0;
}
