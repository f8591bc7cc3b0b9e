/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Versions and duties as pages show them. */
#include "web/policy_reading.h"

#include "base/era.h"
#include "identity/permissions.h"

/* ---- versions ---- */

void policy_answer_error(struct web_request *request, const struct error *error)
{
    if (!strcmp(error->code, "adoption_unknown") ||
        !strcmp(error->code, "adoption_requirement_unknown"))
        answer_status(request, MHD_HTTP_NOT_FOUND);
    else
        answer_error(request, error);
}

bool policy_may_see(const struct web_request *request, const struct adoption_version *version)
{
    return version->recorded != 0 || identity_may(&request->session, "policy.manage", NULL, NULL);
}

int policy_reading_open(struct web_request *request, int64_t id, struct policy_reading *reading)
{
    struct error error = {0};
    int found = id ? adoption_read(request->store, id, request->now, &reading->version, &error) + 1
                   : adoption_in_force(request->store, request->now, &reading->version, &error);
    if (id && found == 0)
        found = -1;
    if (found > 0 && !policy_may_see(request, &reading->version)) {
        answer_status(request, MHD_HTTP_NOT_FOUND);
        return -1;
    }
    if (found > 0) {
        reading->policy = adoption_policy_borrow(request->store, reading->version.id, &error);
        reading->read = reading->policy &&
                        adoption_standings_read(request->store, reading->policy, request->now,
                                                &reading->standings, &error) == 0;
        if (!reading->read)
            found = -1;
    }
    if (found < 0)
        policy_answer_error(request, &error);
    return found;
}

void policy_reading_close(struct policy_reading *reading)
{
    if (reading->read)
        adoption_standings_free(&reading->standings);
    adoption_policy_return(reading->policy);
    *reading = (struct policy_reading){0};
}

void model_date(json_t *model, const char *name, enum language language, const char *date)
{
    struct date parsed;
    AUTO_BUFFER shown = {0}, iso_name = {0};
    if (!*date || date_parse(bytes_of_string(date), &parsed, NULL) != 0)
        return;
    era_append_date_in(&shown, language, parsed);
    buffer_append_format(&iso_name, "%s_iso", name);
    model_text(model, name, buffer_string(&shown));
    model_text(model, buffer_string(&iso_name), date);
}

void policy_version_model(struct web_request *request, const struct adoption_version *version,
                          json_t *model)
{
    AUTO_BUFFER stage = {0};
    buffer_append_format(&stage, "adoption.stage.%s", adoption_stage_name(version->stage));
    model_number(model, "version", version->id);
    model_text(model, "policy_title", *version->title ? version->title : version->file_name);
    model_text(model, "policy_body", version->organization);
    model_flag(model, "policy_title_has_body",
               strstr(version->title, version->organization) != NULL);
    model_text(model, "version_number", version->number);
    model_text(model, "stage", buffer_string(&stage));
    model_flag(model, "is_draft", version->stage == ADOPTION_DRAFT);
    model_flag(model, "is_adopted", version->recorded != 0);
    model_flag(model, "is_in_force", version->stage == ADOPTION_IN_FORCE);
    model_flag(model, "is_set_up", version->set_up != 0);
    model_text(model, "file_name", version->file_name);
    model_text(model, "file_digest", version->file_digest);
    model_text(model, "text_digest", version->text_digest);
    model_text(model, "decided_by", version->decided_by);
    model_text(model, "decision_reason", version->reason);
    model_date(model, "decided", request->language, version->decided);
    model_date(model, "effective", request->language, version->effective);
    model_moment(model, "stored", request->language, version->stored);
    model_moment(model, "recorded", request->language, version->recorded);
    model_moment(model, "set_up", request->language, version->set_up);
}

/* ---- duties ---- */

const char *const policy_states[] = {"overdue",        "unowned",     "exception",   "enforced",
                                     "checked",        "recorded",    "attested",    "unchecked",
                                     "not_applicable", "unconfirmed", "check_again", NULL};

const char *policy_state_label(const char *state, struct buffer *key)
{
    buffer_append_format(key, "policy_page.state_%s", state);
    return buffer_string(key);
}

/* True when people attest only because the program cannot look at it yet. */
static bool is_unchecked(const struct adoption_standing *standing)
{
    return standing->control && standing->control->how != CONTROL_ATTESTED &&
           !adoption_control_is_built(standing->control);
}

bool policy_duty_in_state(const struct policy_reading *reading, size_t duty, const char *state)
{
    const struct adoption_standing *standing = &reading->standings.items[duty];
    if (!strcmp(state, "unconfirmed"))
        return !standing->confirmed && standing->state != ADOPTION_INAPPLICABLE;
    if (!strcmp(state, "check_again"))
        return standing->check_again;
    if (!strcmp(state, "unchecked"))
        return standing->state == ADOPTION_ATTESTED && is_unchecked(standing);
    return !strcmp(state, adoption_state_name(standing->state));
}

void policy_append_names(struct buffer *out, const struct policy_names *names,
                         enum language language)
{
    for (size_t i = 0; i < names->count; i++) {
        if (i)
            buffer_append_string(out, language == LANGUAGE_JA ? "、" : ", ");
        buffer_append_string(out, names->items[i]);
    }
}

static void add_badge(json_t *badges, const char *state)
{
    AUTO_BUFFER label = {0};
    json_array_append_new(
        badges, json_pack("{ss ss}", "kind", state, "label", policy_state_label(state, &label)));
}

/* The state itself, and for one that hides it the way in which the duty is met. */
static json_t *badges_of(const struct adoption_standing *standing)
{
    json_t *badges = json_array();
    bool unchecked = is_unchecked(standing);
    add_badge(badges, standing->state == ADOPTION_ATTESTED && unchecked
                          ? "unchecked"
                          : adoption_state_name(standing->state));
    if (standing->state > ADOPTION_ATTESTED && standing->state != ADOPTION_INAPPLICABLE &&
        standing->control)
        add_badge(badges, unchecked ? "unchecked" : control_how_name(standing->control->how));
    if (standing->check_again)
        add_badge(badges, "check_again");
    return badges;
}

/* "412回適用・9回拒否・最終 令和8年…", or "最終 …" alone. */
static void add_counts(struct web_request *request, const struct adoption_standing *standing,
                       json_t *row)
{
    char accepted[24], refused[24];
    AUTO_BUFFER counts = {0};
    json_t *moment = json_object();
    model_moment(moment, "last", request->language, standing->last);
    const char *last = json_string_value(json_object_get(moment, "last"));
    snprintf(accepted, sizeof accepted, "%lld", (long long)standing->accepted);
    snprintf(refused, sizeof refused, "%lld", (long long)standing->refused);
    const struct message_value values[] = {
        {"accepted", accepted}, {"refused", refused}, {"last", last ? last : ""}};
    if (last)
        message_append(&counts, request->language,
                       standing->refused ? "policy_page.counts_refused" : "policy_page.counts",
                       values, 3);
    else if (standing->state == ADOPTION_ENFORCED || standing->state == ADOPTION_CHECKED ||
             standing->state == ADOPTION_RECORDED)
        message_append(&counts, request->language, "policy_page.counts_none", NULL, 0);
    if (counts.length)
        model_text(row, "counts", buffer_string(&counts));
    json_decref(moment);
}

json_t *policy_duty_row(struct web_request *request, const struct policy_reading *reading,
                        size_t index)
{
    const struct policy_requirement *duty = &reading->policy->requirements[index];
    const struct adoption_standing *standing = &reading->standings.items[index];
    AUTO_BUFFER modality = {0};
    buffer_append_format(&modality, "modality.%s", policy_modality_name(duty->modality));
    const char *place = strrchr(duty->id, '#');
    json_t *row = json_pack("{sI ss ss so}", "number", (json_int_t)index + 1, "modality",
                            buffer_string(&modality), "place", place ? place + 1 : "", "badges",
                            badges_of(standing));
    if (standing->control)
        model_text(row, "control_title", standing->control->title[request->language]);
    model_text(row, "owner", *standing->owner_name ? standing->owner_name : NULL);
    if (standing->owners > 1)
        model_number(row, "others", (int64_t)standing->owners - 1);
    model_date(row, "due", request->language, standing->due);
    model_date(row, "until", request->language, standing->until);
    model_date(row, "attested_on", request->language, standing->attested);
    if (*standing->attested && !standing->done)
        model_date(row, "denied", request->language, standing->attested);
    model_flag(row, "unchecked", is_unchecked(standing));
    add_counts(request, standing, row);
    return row;
}
