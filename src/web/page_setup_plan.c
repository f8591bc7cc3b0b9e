/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan of a text: correcting what was understood, and opening for work. */
#include <stdlib.h>

#include "base/memory.h"
#include "identity/permissions.h"
#include "web/page_setup.h"
#include "web/pages.h"

/* A version with its plan. */
struct planned {
    struct adoption_version version;
    struct adoption_plan plan;
    const struct policy *policy;
};

static void planned_close(struct planned *planned)
{
    adoption_plan_free(&planned->plan);
    adoption_policy_return(planned->policy);
}

#define AUTO_PLANNED __attribute__((cleanup(planned_close))) struct planned

/* Opens the version of the path; false: answered. */
static bool planned_open(struct web_request *request, struct planned *planned)
{
    struct error error = {0};
    int64_t id = request->match.numbers[0];
    if (adoption_read(request->store, id, request->now, &planned->version, &error) == 0 &&
        (planned->policy = adoption_policy_borrow(request->store, id, &error)) &&
        adoption_plan_read(request->store, id, &planned->plan, &error) == 0)
        return true;
    policy_answer_error(request, &error);
    return false;
}

/* ---- items ---- */

/* The values that an item may have, by the last part of its key; NULL behind the last. */
static const char *const *choices_of(const struct adoption_item *item)
{
    static const struct {
        const char *name, *values[10];
    } known[] = {
        {"passage", {"none", "medium", "open"}},
        {"treatments",
         {"rebuild", "rebuild flatten", "rebuild text", "rebuild flatten text", "flatten",
          "flatten text", "text"}},
        {"approval_from", {"0", "1", "2", "3", "4", "5"}},
        {"approval_personal", {"yes", "no"}},
        {"antivirus", {"none", "if_there", "required"}},
        {"password", {"yes", "no"}},
        {"second_factor", {"yes", "no"}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(item->name, known[i].name))
            return known[i].values;
    return NULL;
}

static bool is_number(const struct adoption_item *item)
{
    return item->kind == ADOPTION_ITEM_RULE || item->kind == ADOPTION_ITEM_DUTY ||
           item->kind == ADOPTION_ITEM_JOURNAL || !strcmp(item->name, "level") ||
           !strcmp(item->name, "days_kept");
}

static void set_value(struct web_request *request, const struct planned *planned,
                      const struct adoption_item *item, json_t *row, const char *name,
                      const char *value)
{
    AUTO_BUFFER text = {0};
    if (!value)
        return;
    adoption_item_value(&planned->plan, item, value, request->language, &text);
    model_text(row, name, buffer_string(&text));
}

static void add_choices(struct web_request *request, const struct planned *planned,
                        const struct adoption_item *item, const char *shown, json_t *row)
{
    const char *const *values = choices_of(item);
    json_t *list = json_array();
    bool found = false;
    for (size_t i = 0; values && values[i]; i++)
        found |= !strcmp(values[i], shown);
    for (size_t i = 0; values && (values[i] || !found); i++) {
        const char *value = values[i] ? values[i] : shown;
        json_t *choice = json_pack("{ss}", "value", value);
        set_value(request, planned, item, choice, "choice_label", value);
        model_flag(choice, "chosen", !strcmp(value, shown));
        json_array_append_new(list, choice);
        if (!values[i])
            break;
    }
    json_object_set_new(row, "choices", list);
    model_flag(row, "is_choice", values != NULL);
}

static json_t *item_row(struct web_request *request, const struct planned *planned,
                        const struct adoption_item *item)
{
    AUTO_BUFFER label = {0};
    const char *typed = request_field(request, item->key);
    const char *shown = *typed ? typed : item->value;
    adoption_item_label(&planned->plan, item, request->language, &label);
    json_t *row = json_pack("{ss ss ss}", "key", item->key, "item_label", buffer_string(&label),
                            "item_value", shown);
    model_flag(row, "stated", item->stated);
    model_flag(row, "corrected", item->corrected);
    model_flag(row, "is_number", is_number(item));
    set_value(request, planned, item, row, "value_words", item->value);
    set_value(request, planned, item, row, "source_words", item->from_text);
    set_value(request, planned, item, row, "present_words", item->present);
    add_choices(request, planned, item, shown, row);
    model_flag(row, "looser", item->change == ADOPTION_LOOSER);
    setup_cite(request, planned->policy, item->clause, row);
    return row;
}

/* One kind of items: `items` are what the text speaks of or a person corrected, `others` the rest.
 */
static json_t *group_of(struct web_request *request, const struct planned *planned,
                        enum adoption_item_kind kind, bool changed_only)
{
    AUTO_BUFFER label = {0};
    json_t *items = json_array(), *others = json_array();
    for (size_t i = 0; i < planned->plan.count; i++) {
        const struct adoption_item *item = &planned->plan.items[i];
        if (item->kind != kind || (changed_only && item->change == ADOPTION_SAME))
            continue;
        bool told = changed_only || item->clause != POLICY_NONE || item->corrected;
        json_array_append_new(told ? items : others, item_row(request, planned, item));
    }
    buffer_append_format(&label, "policy_page.items_%s", adoption_item_kind_name(kind));
    json_t *group = json_pack("{ss}", "group", buffer_string(&label));
    model_flag(group, "has_items", json_array_size(items) > 0);
    model_flag(group, "has_others", json_array_size(others) > 0);
    json_object_set_new(group, "items", items);
    json_object_set_new(group, "others", others);
    return group;
}

static json_t *groups_of(struct web_request *request, const struct planned *planned,
                         bool changed_only)
{
    json_t *groups = json_array();
    for (int kind = 0; kind < ADOPTION_ITEM_KIND_COUNT; kind++) {
        json_t *group = group_of(request, planned, kind, changed_only);
        if (json_is_true(json_object_get(group, "has_items")) ||
            json_is_true(json_object_get(group, "has_others")))
            json_array_append_new(groups, group);
        else
            json_decref(group);
    }
    return groups;
}

/* ---- correcting ---- */

static void show_correct(struct web_request *request, const struct planned *planned,
                         const char *field, const struct error *wrong)
{
    json_t *model = model_page(request, "policy_page.setup_correct");
    policy_version_model(request, &planned->version, model);
    setup_steps(model, planned->version.id, "correct");
    json_object_set_new(model, "groups", groups_of(request, planned, false));
    if (wrong)
        model_error(request, model, field, wrong);
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "setup_correct",
                model);
}

void page_setup_correct(struct web_request *request)
{
    AUTO_PLANNED planned = {0};
    if (planned_open(request, &planned))
        show_correct(request, &planned, NULL, NULL);
}

/* True when the form has a field of that name, even an empty one. */
static bool was_sent(const struct web_request *request, const char *name)
{
    for (size_t i = 0; i < request->field_count; i++)
        if (!strcmp(request->fields[i].name, name))
            return true;
    return false;
}

void page_setup_correct_save(struct web_request *request)
{
    AUTO_PLANNED planned = {0};
    struct error error = {0};
    AUTO_BUFFER path = {0};
    if (!planned_open(request, &planned))
        return;
    struct identity_act act = identity_session_act(&request->session, request->now);
    for (size_t i = 0; i < planned.plan.count; i++) {
        const struct adoption_item *item = &planned.plan.items[i];
        const char *value = request_field(request, item->key);
        if (!was_sent(request, item->key) || !strcmp(value, item->value))
            continue;
        if (adoption_plan_correct(request->store, &act, planned.version.id, item->key, value,
                                  &error) == 0)
            continue;
        if (strncmp(error.code, "adoption_", 9) != 0)
            answer_error(request, &error);
        else
            show_correct(request, &planned, item->key, &error);
        return;
    }
    buffer_append_format(&path, "/setup/%lld/people", (long long)planned.version.id);
    answer_redirect(request, buffer_string(&path));
}

/* ---- opening ---- */

static void show_open(struct web_request *request, const struct planned *planned, const char *field,
                      const struct error *wrong)
{
    AUTO_BUFFER today = {0};
    bool looser = false;
    json_t *model = model_page(request, "policy_page.setup_open");
    for (size_t i = 0; i < planned->plan.count; i++)
        looser |= planned->plan.items[i].change == ADOPTION_LOOSER;
    date_append(&today, time_date_in_japan(request->now));
    policy_version_model(request, &planned->version, model);
    setup_steps(model, planned->version.id, "open");
    json_object_set_new(model, "groups", groups_of(request, planned, true));
    model_flag(model, "any_looser", looser);
    model_text(model, "effective_on", planned->version.effective);
    model_text(model, "today", buffer_string(&today));
    model_flag(model, "may_adopt", identity_may(&request->session, "policy.adopt", NULL, NULL));
    if (wrong)
        model_error(request, model, field, wrong);
    answer_page(request, wrong ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK, "setup_open", model);
}

void page_setup_open(struct web_request *request)
{
    AUTO_PLANNED planned = {0};
    if (planned_open(request, &planned))
        show_open(request, &planned, NULL, NULL);
}

void page_setup_apply(struct web_request *request)
{
    AUTO_PLANNED planned = {0};
    struct error error = {0};
    if (!planned_open(request, &planned))
        return;
    struct identity_act act = identity_session_act(&request->session, request->now);
    bool loosen = *request_field(request, "loosen") != 0;
    if (adoption_apply(request->store, &act, planned.version.id, loosen, &error) == 0)
        answer_redirect(request, "/policy");
    else if (!strncmp(error.code, "store_", 6))
        answer_error(request, &error);
    else
        show_open(request, &planned, "loosen", &error);
}
