/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One requirement: what it asks of whom, how it is met, what shows that, and what people say. */
#include <stdlib.h>

#include "base/memory.h"
#include "identity/permissions.h"
#include "web/pages.h"
#include "web/policy_reading.h"
#include "web/policy_text.h"

enum { DAYS = 14, ATTESTED_MOST = 20, CRUMBS = 16 };

static bool may(const struct web_request *request, const char *action)
{
    return identity_may(&request->session, action, NULL, NULL);
}

/* People may speak for duties of a role that they hold; for those of all staff whoever may attest
 * at all. */
static bool may_attest(const struct web_request *request, const struct adoption_standing *standing)
{
    return may(request, "policy.attest") &&
           (may(request, "policy.manage") || !*standing->role || !strcmp(standing->role, "staff") ||
            identity_holds(&request->session, standing->role, 0));
}

/* ---- the model ---- */

static void add_names(struct web_request *request, json_t *model, const char *name,
                      const struct policy_names *names)
{
    AUTO_BUFFER text = {0};
    policy_append_names(&text, names, request->language);
    if (text.length)
        model_text(model, name, buffer_string(&text));
}

static void add_facts(struct web_request *request, const struct policy_reading *reading,
                      size_t index, json_t *model)
{
    const struct policy_requirement *duty = &reading->policy->requirements[index];
    AUTO_BUFFER timing = {0};
    buffer_append_format(&timing, "policy_page.timing_%s", policy_timing_name(duty->timing));
    model_text(model, "sentence", reading->policy->sentences[duty->sentence].text);
    model_text(model, "clause_id", reading->policy->clauses[duty->clause].id);
    model_text(model, "timing", buffer_string(&timing));
    model_text(model, "timing_text", duty->timing_text);
    model_text(model, "condition", duty->condition);
    model_text(model, "threshold", duty->threshold);
    model_text(model, "exception_text", duty->exception);
    add_names(request, model, "who", &duty->roles);
    add_names(request, model, "permission", &duty->permission_from);
    add_names(request, model, "report", &duty->report_to);
    add_names(request, model, "together", &duty->together_with);
}

/* The headings that the clause stands under, outermost first. */
static json_t *crumbs_of(const struct policy *policy, size_t clause)
{
    json_t *list = json_array();
    for (size_t i = 0; clause != POLICY_NONE && i < CRUMBS; i++) {
        AUTO_BUFFER title = {0};
        policy_text_title(policy, clause, &title);
        json_array_insert_new(list, 0,
                              json_pack("{ss ss}", "crumb", policy->clauses[clause].id,
                                        "crumb_title", buffer_string(&title)));
        clause = policy->clauses[clause].parent;
    }
    return list;
}

static json_t *binding_row(struct web_request *request, const struct policy_reading *reading,
                           size_t index, const struct adoption_binding *binding)
{
    AUTO_BUFFER why = {0}, how = {0};
    const struct control *control = binding->control;
    if (!binding->added)
        catalogue_explain(reading->policy, index, control, &why);
    buffer_append_format(&how, "how.%s", control_how_name(control->how));
    const char *sure = binding->confidence >= 0.75  ? "policy_page.sure_high"
                       : binding->confidence >= 0.5 ? "policy_page.sure_middle"
                                                    : "policy_page.sure_low";
    json_t *row = json_pack("{ss ss ss ss ss ss sI}", "control", control->id, "control_title",
                            control->title[request->language], "achieves",
                            control->achieves[request->language], "how", buffer_string(&how), "why",
                            buffer_string(&why), "sure", sure, "percent",
                            (json_int_t)(binding->confidence * 100 + 0.5));
    model_text(row, "how_kind", control_how_name(control->how));
    model_flag(row, "added", binding->added);
    model_flag(row, "removed", binding->removed);
    model_flag(row, "unbuilt",
               control->how != CONTROL_ATTESTED && !adoption_control_is_built(control));
    return row;
}

/* The controls that can be added, all of the catalogue. */
static json_t *controls_of(enum language language)
{
    size_t count;
    const struct control *controls = catalogue_all(&count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{ss ss}", "value", controls[i].id, "option_label",
                                              controls[i].title[language]));
    return list;
}

static void add_decision(struct web_request *request, const struct adoption_bindings *bindings,
                         json_t *model)
{
    model_flag(model, "confirmed", bindings->confirmed);
    model_flag(model, "not_applicable", bindings->not_applicable);
    model_flag(model, "check_again", bindings->check_again);
    model_text(model, "decision", bindings->reason);
    model_moment(model, "decided_at", request->language, bindings->decided);
    AUTO_BUFFER name = {0};
    int64_t id = strncmp(bindings->actor, "person/", 7) ? -1 : request_number(bindings->actor + 7);
    if (id > 0 && identity_person_name(request->store, id, &name, NULL) == 1)
        model_text(model, "decided_who", buffer_string(&name));
}

static int add_bindings(struct web_request *request, const struct policy_reading *reading,
                        size_t index, json_t *model, struct error *error)
{
    struct adoption_bindings *all = NULL;
    if (adoption_bindings_read(request->store, reading->policy, &all, error) != 0)
        return -1;
    json_t *rows = json_array();
    for (size_t i = 0; i < all[index].count; i++)
        json_array_append_new(rows, binding_row(request, reading, index, &all[index].items[i]));
    json_object_set_new(model, "bindings", rows);
    add_decision(request, &all[index], model);
    free(all);
    return 0;
}

/* The last days on which something proved the control. */
static int add_evidence(struct web_request *request, const struct adoption_standing *standing,
                        json_t *model, struct error *error)
{
    struct adoption_evidence_day days[DAYS];
    AUTO_BUFFER from = {0};
    size_t count = 0;
    json_t *rows = json_array();
    date_append(&from, date_add_days(time_date_in_japan(request->now), -(DAYS - 1)));
    json_object_set_new(model, "days", rows);
    if (!standing->control)
        return 0;
    if (adoption_evidence_days(request->store, standing->control, buffer_string(&from), days, DAYS,
                               &count, error) != 0)
        return -1;
    for (size_t i = count; i > 0; i--) {
        json_t *row = json_pack("{sI sI}", "day_accepted", (json_int_t)days[i - 1].accepted,
                                "day_refused", (json_int_t)days[i - 1].refused);
        model_date(row, "day", request->language, days[i - 1].date);
        json_array_append_new(rows, row);
    }
    model_flag(model, "has_days", count > 0);
    return 0;
}

/* Where the entries that prove the control can be read. */
static void add_actions(const struct adoption_standing *standing, json_t *model)
{
    const char *actions[ADOPTION_ACTIONS];
    size_t count = adoption_evidence_actions(standing->control, actions);
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        AUTO_BUFFER key = {0};
        buffer_append_format(&key, "action.%s", actions[i]);
        for (size_t at = strlen("action."); at < key.length; at++)
            if (key.data[at] == '.')
                key.data[at] = '_';
        json_array_append_new(
            rows, json_pack("{ss ss}", "action", actions[i], "action_label", buffer_string(&key)));
    }
    json_object_set_new(model, "actions", rows);
}

static int add_attested(struct web_request *request, const struct policy_reading *reading,
                        size_t index, json_t *model, struct error *error)
{
    AUTO_FREE struct adoption_attested *list = memory_allocate(ATTESTED_MOST, sizeof *list);
    size_t count = 0;
    if (adoption_attestations(request->store, reading->version.id,
                              reading->policy->requirements[index].id, list, ATTESTED_MOST, &count,
                              error) != 0)
        return -1;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_pack("{ss ss}", "said_by", list[i].name, "said_note", list[i].note);
        model_flag(row, "said_done", list[i].done);
        model_date(row, "said_on", request->language, list[i].date);
        json_array_append_new(rows, row);
    }
    json_object_set_new(model, "attested", rows);
    model_flag(model, "has_attested", count > 0);
    return 0;
}

/* What may be done here by whom. */
static void add_rights(struct web_request *request, const struct policy_reading *reading,
                       size_t index, json_t *model)
{
    const struct adoption_standing *standing = &reading->standings.items[index];
    AUTO_BUFFER today = {0};
    bool current = reading->version.stage == ADOPTION_IN_FORCE;
    date_append(&today, time_date_in_japan(request->now));
    model_text(model, "today", buffer_string(&today));
    model_flag(model, "may_bind", may(request, "policy.manage"));
    model_flag(model, "may_attest",
               current && standing->state >= ADOPTION_ATTESTED &&
                   standing->state != ADOPTION_INAPPLICABLE && may_attest(request, standing));
    model_flag(model, "may_except",
               current && may(request, "policy.adopt") && standing->state != ADOPTION_INAPPLICABLE);
    model_flag(model, "excepted", standing->state == ADOPTION_EXCEPTION);
    model_flag(model, "may_journal", may(request, "journal.read"));
    model_flag(model, "programmed", standing->state < ADOPTION_ATTESTED);
}

/* Opens the version and finds the duty that the path names; false: answered. */
static bool find_duty(struct web_request *request, struct policy_reading *reading, size_t *index)
{
    if (policy_reading_open(request, request->match.numbers[0], reading) <= 0)
        return false;
    *index = (size_t)request->match.numbers[1] - 1;
    if (*index < reading->policy->requirement_count)
        return true;
    answer_status(request, MHD_HTTP_NOT_FOUND);
    return false;
}

static void show_duty(struct web_request *request, const struct policy_reading *reading,
                      size_t index, const char *field, const struct error *wrong)
{
    static const char *const kept[] = {"reason", "note", "date", "why"};
    struct error error = {0};
    json_t *model = model_page(request, "policy_page.duty");
    policy_version_model(request, &reading->version, model);
    json_object_set_new(model, "clause_path",
                        crumbs_of(reading->policy, reading->policy->requirements[index].clause));
    add_facts(request, reading, index, model);
    json_object_update_missing_new(model, policy_duty_row(request, reading, index));
    add_rights(request, reading, index, model);
    json_object_set_new(model, "controls", controls_of(request->language));
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        model_text(model, kept[i], request_field(request, kept[i]));
    add_actions(&reading->standings.items[index], model);
    if (add_bindings(request, reading, index, model, &error) ||
        add_evidence(request, &reading->standings.items[index], model, &error) ||
        add_attested(request, reading, index, model, &error)) {
        json_decref(model);
        policy_answer_error(request, &error);
        return;
    }
    if (wrong)
        model_error(request, model, field, wrong);
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "policy_duty_page",
                model);
}

void page_duty(struct web_request *request)
{
    AUTO_READING reading = {0};
    size_t index;
    if (find_duty(request, &reading, &index))
        show_duty(request, &reading, index, NULL, NULL);
}

/* ---- changes ---- */

/* Back to the page after a change, or the page with what was wrong at a field. */
static void end_change(struct web_request *request, const struct policy_reading *reading,
                       size_t index, const char *field, const struct error *error)
{
    AUTO_BUFFER path = {0};
    if (!error->code) {
        buffer_append_format(&path, "/policy/%lld/duties/%zu", (long long)reading->version.id,
                             index + 1);
        answer_redirect(request, buffer_string(&path));
    } else if (!strncmp(error->code, "adoption_", 9)) {
        show_duty(request, reading, index, field, error);
    } else {
        answer_error(request, error);
    }
}

/* A text of a form, or NULL when it was left empty. */
static const char *given(struct web_request *request, const char *name)
{
    const char *text = request_field(request, name);
    return *text ? text : NULL;
}

void page_duty_bind(struct web_request *request)
{
    AUTO_READING reading = {0};
    struct error error = {0};
    size_t index;
    const char *wanted = request_field(request, "choice");
    if (!find_duty(request, &reading, &index))
        return;
    int choice = 0;
    while (choice < ADOPTION_CHOICE_COUNT && strcmp(wanted, adoption_choice_name(choice)) != 0)
        choice++;
    if (choice == ADOPTION_CHOICE_COUNT) {
        answer_status(request, MHD_HTTP_BAD_REQUEST);
        return;
    }
    struct identity_act act = identity_session_act(&request->session, request->now);
    act.reason = given(request, "reason");
    adoption_choose(request->store, &act, reading.version.id,
                    reading.policy->requirements[index].id, choice, given(request, "control"),
                    &error);
    end_change(request, &reading, index, choice == ADOPTION_ADD ? "control" : "reason", &error);
}

void page_duty_attest(struct web_request *request)
{
    AUTO_READING reading = {0};
    struct error error = {0};
    size_t index;
    if (!find_duty(request, &reading, &index))
        return;
    if (!may_attest(request, &reading.standings.items[index])) {
        answer_status(request, MHD_HTTP_FORBIDDEN);
        return;
    }
    struct identity_act act = identity_session_act(&request->session, request->now);
    const struct adoption_attestation attestation = {
        .version = reading.version.id,
        .requirement = reading.policy->requirements[index].id,
        .done = !strcmp(request_field(request, "done"), "yes"),
        .date = request_field(request, "date"),
        .note = request_field(request, "note"),
        .person = request->session.person,
    };
    adoption_attest(request->store, &act, &attestation, &error);
    bool about_date = !strcmp(error.where, "date");
    end_change(request, &reading, index, about_date ? "date" : "note", &error);
}

void page_duty_exception(struct web_request *request)
{
    AUTO_READING reading = {0};
    struct error error = {0};
    size_t index;
    if (!find_duty(request, &reading, &index))
        return;
    struct identity_act act = identity_session_act(&request->session, request->now);
    const char *duty = reading.policy->requirements[index].id;
    act.reason = given(request, "why");
    if (*request_field(request, "end"))
        adoption_exception_end(request->store, &act, reading.version.id, duty, &error);
    else
        adoption_exception_grant(request->store, &act, reading.version.id, duty,
                                 request_field(request, "until"), &error);
    bool about_date = !strcmp(error.where, "until");
    end_change(request, &reading, index, about_date ? "until" : "why", &error);
}
