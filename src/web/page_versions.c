/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The versions of the policy: all of them, one of them, a new one, the committee's decision. */
#include <stdlib.h>

#include "adoption/renewal.h"
#include "base/memory.h"
#include "identity/permissions.h"
#include "web/pages.h"
#include "web/policy_reading.h"
#include "web/policy_upload.h"

enum { PAGE = 50 };

static bool may(const struct web_request *request, const char *action)
{
    return identity_may(&request->session, action, NULL, NULL);
}

/* ---- all ---- */

static void show_versions(struct web_request *request, const struct error *wrong)
{
    struct error error = {0};
    size_t count = 0;
    int64_t before = request_number(request_query(request, "before"));
    AUTO_FREE struct adoption_version *list = memory_allocate(PAGE, sizeof *list);
    if (adoption_list(request->store, request->now, before > 0 ? before : 0, list, PAGE, &count,
                      &error) != 0) {
        answer_error(request, &error);
        return;
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        if (!policy_may_see(request, &list[i]))
            continue;
        json_t *row = json_object();
        policy_version_model(request, &list[i], row);
        json_array_append_new(rows, row);
    }
    json_t *model = model_page(request, "policy_page.versions");
    json_object_set_new(model, "versions", rows);
    model_flag(model, "may_manage", may(request, "policy.manage"));
    if (count == PAGE)
        model_number(model, "rest", list[count - 1].id);
    if (wrong)
        model_error(request, model, "file", wrong);
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "policy_versions",
                model);
}

void page_policy_versions(struct web_request *request)
{
    show_versions(request, NULL);
}

void page_policy_upload(struct web_request *request)
{
    struct error error = {0};
    AUTO_BUFFER path = {0};
    int64_t version = 0;
    if (policy_upload_store(request, &version, &error) == 0) {
        buffer_append_format(&path, "/setup/%lld/understood", (long long)version);
        answer_redirect(request, buffer_string(&path));
    } else if (!strncmp(error.code, "store_", 6)) {
        answer_error(request, &error);
    } else if (*request_field(request, "wizard")) {
        page_setup_again(request, &error);
    } else {
        show_versions(request, &error);
    }
}

/* ---- one ---- */

static int add_readers(struct web_request *request, const struct adoption_version *version,
                       json_t *model, struct error *error)
{
    int64_t have = 0, have_not = 0, moment = 0;
    if (version->stage != ADOPTION_IN_FORCE)
        return 0;
    if (adoption_readers_count(request->store, version->id, request->now, &have, &have_not,
                               error) != 0 ||
        adoption_acknowledged(request->store, version->id, request->session.person, &moment,
                              error) != 0)
        return -1;
    model_number(model, "have", have);
    model_number(model, "have_not", have_not);
    model_moment(model, "acknowledged", request->language, moment);
    model_flag(model, "may_acknowledge", !moment && may(request, "policy.acknowledge"));
    return 0;
}

/* Reads the version of the path; false: answered. */
static bool find_version(struct web_request *request, struct adoption_version *version)
{
    struct error error = {0};
    if (adoption_read(request->store, request->match.numbers[0], request->now, version, &error))
        policy_answer_error(request, &error);
    else if (!policy_may_see(request, version))
        answer_status(request, MHD_HTTP_NOT_FOUND);
    else
        return true;
    return false;
}

static void show_version(struct web_request *request, const struct adoption_version *version,
                         const char *field, const struct error *wrong)
{
    static const char *const kept[] = {"number", "decided_on", "effective_on", "by", "reason"};
    struct error error = {0};
    struct adoption_version current;
    json_t *model = model_page(request, "policy_page.version");
    policy_version_model(request, version, model);
    int found = adoption_in_force(request->store, request->now, &current, &error);
    if (found < 0 || add_readers(request, version, model, &error) != 0) {
        json_decref(model);
        answer_error(request, &error);
        return;
    }
    if (found > 0 && current.id != version->id)
        model_number(model, "current", current.id);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        model_text(model, kept[i], request_field(request, kept[i]));
    if (!*request_field(request, "effective_on"))
        model_text(model, "effective_on", version->effective);
    model_flag(model, "may_manage", may(request, "policy.manage"));
    model_flag(model, "may_adopt", may(request, "policy.adopt"));
    if (wrong)
        model_error(request, model, field, wrong);
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "policy_version",
                model);
}

void page_policy_version(struct web_request *request)
{
    AUTO_FREE struct adoption_version *version = memory_allocate(1, sizeof *version);
    if (find_version(request, version))
        show_version(request, version, NULL, NULL);
}

/* ---- decisions ---- */

/* Goes back to the version after a change (`step` of its set-up), or says what was wrong. */
static void end_change(struct web_request *request, const struct adoption_version *version,
                       const char *step, const char *field, const struct error *error)
{
    AUTO_BUFFER path = {0};
    if (!error->code) {
        buffer_append_format(&path, "/%s/%lld%s", step ? "setup" : "policy/versions",
                             (long long)version->id, step ? step : "");
        answer_redirect(request, buffer_string(&path));
    } else if (!strncmp(error->code, "adoption_", 9)) {
        show_version(request, version, field, error);
    } else {
        answer_error(request, error);
    }
}

/* The field of the form that an error is about. */
static const char *decision_field(const struct error *error)
{
    static const char *const fields[][2] = {{"number", "number"},
                                            {"decided", "decided_on"},
                                            {"effective", "effective_on"},
                                            {"decided_by", "by"}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!strcmp(error->where, fields[i][0]))
            return fields[i][1];
    return "reason";
}

void page_policy_adopt(struct web_request *request)
{
    struct error error = {0};
    AUTO_FREE struct adoption_version *version = memory_allocate(1, sizeof *version);
    if (!find_version(request, version))
        return;
    struct identity_act act = identity_session_act(&request->session, request->now);
    const struct adoption_decision decision = {
        .version = version->id,
        .number = request_field(request, "number"),
        .decided = request_field(request, "decided_on"),
        .effective = request_field(request, "effective_on"),
        .decided_by = request_field(request, "by"),
        .reason = request_field(request, "reason"),
    };
    adoption_adopt(request->store, &act, &decision, &error);
    end_change(request, version, *request_field(request, "wizard") ? "/open" : NULL,
               error.code ? decision_field(&error) : NULL, &error);
}

void page_policy_discard(struct web_request *request)
{
    struct error error = {0};
    AUTO_FREE struct adoption_version *version = memory_allocate(1, sizeof *version);
    if (!find_version(request, version))
        return;
    struct identity_act act = identity_session_act(&request->session, request->now);
    act.reason = request_field(request, "discard_reason");
    adoption_discard(request->store, &act, version->id, &error);
    end_change(request, version, NULL, "discard_reason", &error);
}

void page_policy_acknowledge(struct web_request *request)
{
    struct error error = {0};
    AUTO_FREE struct adoption_version *version = memory_allocate(1, sizeof *version);
    if (!find_version(request, version))
        return;
    struct identity_act act = identity_session_act(&request->session, request->now);
    adoption_acknowledge(request->store, &act, version->id, request->session.person,
                         request_field(request, "digest"), &error);
    end_change(request, version, NULL, "digest", &error);
}

/* ---- who has acknowledged ---- */

void page_policy_readers(struct web_request *request)
{
    struct error error = {0};
    bool pending = strcmp(request_query(request, "have"), "1") != 0;
    int64_t after = request_number(request_query(request, "after")), have = 0, have_not = 0;
    size_t count = 0;
    AUTO_FREE struct adoption_version *version = memory_allocate(1, sizeof *version);
    AUTO_FREE struct adoption_reader *list = memory_allocate(PAGE, sizeof *list);
    if (!find_version(request, version))
        return;
    if (adoption_readers(request->store, version->id, pending, request->now, after > 0 ? after : 0,
                         list, PAGE, &count, &error) != 0 ||
        adoption_readers_count(request->store, version->id, request->now, &have, &have_not,
                               &error) != 0) {
        policy_answer_error(request, &error);
        return;
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row =
            json_pack("{ss ss}", "reader", list[i].name, "reader_department", list[i].department);
        model_moment(row, "when", request->language, list[i].acknowledged);
        json_array_append_new(rows, row);
    }
    json_t *model = model_page(request, "policy_page.readers");
    policy_version_model(request, version, model);
    json_object_set_new(model, "readers", rows);
    model_flag(model, "pending", pending);
    model_number(model, "have", have);
    model_number(model, "have_not", have_not);
    if (count == PAGE)
        model_number(model, "next", list[count - 1].person);
    answer_page(request, MHD_HTTP_OK, "policy_readers", model);
}
