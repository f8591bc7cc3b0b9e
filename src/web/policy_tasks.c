/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a new version, duties that are due, and the set-up that was not finished. */
#include "web/policy_tasks.h"

#include "adoption/renewal.h"
#include "adoption/state.h"
#include "base/memory.h"
#include "identity/permissions.h"

enum { DUTIES = 200 };

static bool may(const struct web_request *request, const char *action)
{
    return identity_may(&request->session, action, NULL, NULL);
}

static void add_task(json_t *tasks, const char *path, const char *label, int64_t count)
{
    json_array_append_new(
        tasks, json_pack("{ss ss sI}", "path", path, "label", label, "count", (json_int_t)count));
}

/* Counts the duties that people have to keep and whose role nobody holds. */
static int count_unowned(struct web_request *request, int64_t version, int64_t *unowned,
                         struct error *error)
{
    size_t count;
    AUTO_POLICY *policy = adoption_policy_borrow(request->store, version, error);
    if (!policy || adoption_count_unowned(request->store, policy, request->now, &count, error) != 0)
        return -1;
    *unowned = (int64_t)count;
    return 0;
}

/* Counts the duties of the person's roles whose date has come. */
static int count_overdue(struct web_request *request, int64_t version, int64_t *overdue,
                         struct error *error)
{
    AUTO_BUFFER today = {0};
    AUTO_FREE struct adoption_duty *list = memory_allocate(DUTIES, sizeof *list);
    date_append(&today, time_date_in_japan(request->now));
    *overdue = 0;
    for (size_t i = 0; i < request->session.grant_count; i++) {
        size_t count = 0;
        if (!strcmp(request->session.grants[i].role, "staff"))
            continue;
        if (adoption_duties(request->store, version, request->session.grants[i].role,
                            buffer_string(&today), list, DUTIES, &count, error) != 0)
            return -1;
        *overdue += (int64_t)count;
    }
    return 0;
}

int policy_add_tasks(struct web_request *request, json_t *tasks, struct error *error)
{
    struct adoption_version version;
    int64_t moment = 0, overdue = 0;
    int found = adoption_in_force(request->store, request->now, &version, error);
    if (found < 0)
        return -1;
    if (may(request, "policy.manage") && (found == 0 || !version.set_up))
        add_task(tasks, "setup", "policy_page.task_setup", 1);
    if (found == 0)
        return 0;
    if (may(request, "policy.acknowledge")) {
        AUTO_BUFFER path = {0};
        if (adoption_acknowledged(request->store, version.id, request->session.person, &moment,
                                  error) != 0)
            return -1;
        buffer_append_format(&path, "policy/versions/%lld", (long long)version.id);
        if (!moment)
            add_task(tasks, buffer_string(&path), "policy_page.task_acknowledge", 1);
    }
    if (may(request, "policy.manage") || may(request, "policy.adopt")) {
        int64_t unowned = 0;
        if (count_unowned(request, version.id, &unowned, error) != 0)
            return -1;
        if (unowned)
            add_task(tasks, "policy?state=unowned", "policy_page.task_unowned", unowned);
    }
    if (!may(request, "policy.attest"))
        return 0;
    if (count_overdue(request, version.id, &overdue, error) != 0)
        return -1;
    if (overdue)
        add_task(tasks, "policy?state=overdue", "policy_page.task_overdue", overdue);
    return 0;
}
