/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The adopted text with the state of each duty beside it: the dashboard of the whole system. */
#include <stdlib.h>

#include "base/memory.h"
#include "identity/permissions.h"
#include "policy/catalogue.h"
#include "web/pages.h"
#include "web/policy_reading.h"
#include "web/policy_text.h"

enum {
    CONTENTS_DEPTH = 2,
    CONTENTS_MOST = 400,
    DUTIES_OF_CLAUSE = 64,
    FOUND_CLAUSES = 300, /* of one page of a filtered text, with the headings over them */
};

/* What was asked for, and which clauses are shown for it. */
struct filter {
    const char *text, *role, *state, *control;
    bool on;
    bool *matches; /* by clause */
    bool *shown;   /* by clause: those that match and the headings over them */
    bool *duties;  /* by requirement */
    size_t found;  /* clauses that match themselves */
    size_t found_duties;
};

static bool contains(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static bool has_words(const struct policy_clause *clause, const char *words)
{
    return !*words || contains(clause->text, words) || contains(clause->heading, words);
}

static bool has_role(const struct policy_requirement *duty, const char *role)
{
    for (size_t i = 0; i < duty->roles.count; i++)
        if (!strcmp(duty->roles.items[i], role))
            return true;
    return false;
}

static bool has_control(const struct policy_requirement *duty, const char *control)
{
    for (size_t i = 0; i < duty->binding_count; i++)
        if (!strcmp(duty->bindings[i].control, control))
            return true;
    return false;
}

static bool duty_matches(const struct policy_reading *reading, const struct filter *filter,
                         size_t index)
{
    const struct policy_requirement *duty = &reading->policy->requirements[index];
    return (!*filter->role || has_role(duty, filter->role)) &&
           (!*filter->control || has_control(duty, filter->control)) &&
           (!*filter->state || policy_duty_in_state(reading, index, filter->state));
}

/* Shows a clause that matches, and the headings that it stands under. */
static void show(const struct policy *policy, struct filter *filter, size_t clause)
{
    filter->found += !filter->matches[clause];
    filter->matches[clause] = true;
    for (; clause != POLICY_NONE && !filter->shown[clause]; clause = policy->clauses[clause].parent)
        filter->shown[clause] = true;
}

static void apply(const struct policy_reading *reading, struct filter *filter)
{
    const struct policy *policy = reading->policy;
    bool by_duty = *filter->role || *filter->state || *filter->control;
    for (size_t i = 0; i < policy->requirement_count; i++) {
        const struct policy_clause *clause = &policy->clauses[policy->requirements[i].clause];
        filter->duties[i] = duty_matches(reading, filter, i);
        if (!filter->on || !by_duty || !filter->duties[i] || !has_words(clause, filter->text))
            continue;
        show(policy, filter, policy->requirements[i].clause);
        filter->found_duties++;
    }
    for (size_t i = 0; i < policy->clause_count; i++)
        if (!filter->on || (!by_duty && has_words(&policy->clauses[i], filter->text)))
            show(policy, filter, i);
}

static void filter_read(struct web_request *request, const struct policy_reading *reading,
                        struct filter *filter)
{
    *filter = (struct filter){
        .text = request_query(request, "q"),
        .role = request_query(request, "role"),
        .state = request_query(request, "state"),
        .control = request_query(request, "control"),
        .matches = memory_allocate(reading->policy->clause_count + 1, sizeof(bool)),
        .shown = memory_allocate(reading->policy->clause_count + 1, sizeof(bool)),
        .duties = memory_allocate(reading->policy->requirement_count + 1, sizeof(bool)),
    };
    filter->on = *filter->text || *filter->role || *filter->state || *filter->control;
    apply(reading, filter);
}

static void filter_free(struct filter *filter)
{
    free(filter->matches);
    free(filter->shown);
    free(filter->duties);
}

/* ---- choices of the form ---- */

/* Adds a choice once. */
static void add_option(json_t *list, json_t *seen, const char *value, const char *chosen,
                       const char *label)
{
    if (json_object_get(seen, value))
        return;
    json_object_set_new(seen, value, json_true());
    json_t *option = json_pack("{ss ss}", "value", value, "label", label);
    model_flag(option, "chosen", !strcmp(value, chosen));
    json_array_append_new(list, option);
}

static void add_options(struct web_request *request, const struct policy_reading *reading,
                        const struct filter *filter, json_t *model)
{
    json_t *roles = json_array(), *controls = json_array(), *states = json_array();
    json_t *seen = json_object();
    for (size_t i = 0; i < reading->policy->requirement_count; i++) {
        const struct policy_requirement *duty = &reading->policy->requirements[i];
        for (size_t j = 0; j < duty->roles.count; j++)
            add_option(roles, seen, duty->roles.items[j], filter->role, "");
        for (size_t j = 0; j < duty->binding_count; j++)
            add_option(controls, seen, duty->bindings[j].control, filter->control,
                       catalogue_find(duty->bindings[j].control)->title[request->language]);
    }
    for (size_t i = 0; policy_states[i]; i++) {
        AUTO_BUFFER label = {0};
        add_option(states, seen, policy_states[i], filter->state,
                   policy_state_label(policy_states[i], &label));
    }
    json_decref(seen);
    json_object_set_new(model, "role_options", roles);
    json_object_set_new(model, "control_options", controls);
    json_object_set_new(model, "state_options", states);
}

/* ---- the text ---- */

static json_t *duties_of(struct web_request *request, const struct policy_reading *reading,
                         const struct filter *filter, size_t clause, size_t *next)
{
    const struct policy *policy = reading->policy;
    json_t *rows = json_array();
    while (*next < policy->requirement_count && policy->requirements[*next].clause < clause)
        ++*next;
    size_t first = *next;
    for (; *next < policy->requirement_count && policy->requirements[*next].clause == clause;
         ++*next)
        if (filter->duties[*next] && *next - first < DUTIES_OF_CLAUSE)
            json_array_append_new(rows, policy_duty_row(request, reading, *next));
    for (size_t i = 0; *next - first > 1 && i < json_array_size(rows); i++)
        model_flag(json_array_get(rows, i), "many", true);
    return rows;
}

static json_t *blocks_of(struct web_request *request, const struct policy_reading *reading,
                         const struct filter *filter, struct policy_page page)
{
    const struct policy *policy = reading->policy;
    json_t *blocks = json_array();
    size_t duty = 0, furniture = page.first ? policy_text_furniture(policy, page.first) : 0;
    for (size_t i = page.first; i < page.end; i++) {
        if (!filter->shown[i])
            continue;
        size_t before = policy_text_furniture(policy, i);
        if (!filter->on)
            policy_text_between(policy, furniture, before, blocks);
        furniture = before;
        json_t *block = policy_text_clause(policy, i);
        json_t *duties = duties_of(request, reading, filter, i, &duty);
        model_flag(block, "has_duties", json_array_size(duties) > 0);
        json_object_set_new(block, "duties", duties);
        json_array_append_new(blocks, block);
    }
    if (!filter->on && page.end == policy->clause_count)
        policy_text_between(policy, furniture, policy->furniture_count, blocks);
    return blocks;
}

/* The headings of a page. */
static json_t *contents_of(const struct policy *policy, const struct filter *filter,
                           struct policy_page page)
{
    json_t *list = json_array();
    for (size_t i = page.first; i < page.end && json_array_size(list) < CONTENTS_MOST; i++) {
        const struct policy_clause *clause = &policy->clauses[i];
        AUTO_BUFFER title = {0};
        if (clause->depth >= CONTENTS_DEPTH || !*clause->heading || !filter->shown[i])
            continue;
        policy_text_title(policy, i, &title);
        json_array_append_new(list,
                              json_pack("{ss ss sI}", "clause", clause->id, "title",
                                        buffer_string(&title), "depth", (json_int_t)clause->depth));
    }
    return list;
}

/* Links to the pages of a text that has several; 1-based numbers of their first clauses. */
static void add_pages(const struct policy *policy, struct policy_page page, json_t *model)
{
    json_t *links = json_array();
    for (size_t first = 0; first < policy->clause_count;) {
        struct policy_page other = policy_page_of(policy, first);
        AUTO_BUFFER title = {0};
        policy_text_title(policy, first, &title);
        json_t *link =
            json_pack("{sI ss}", "from", (json_int_t)first + 1, "title", buffer_string(&title));
        model_flag(link, "here", other.first == page.first);
        json_array_append_new(links, link);
        if (other.end == page.first)
            model_number(model, "previous", (int64_t)other.first + 1);
        first = other.end;
    }
    if (page.end < policy->clause_count)
        model_number(model, "next", (int64_t)page.end + 1);
    json_object_set_new(model, "pages", json_pack("{so}", "page_links", links));
}

/* The page that the address names: by the number of a clause, or by its id. */
static struct policy_page wanted_page(struct web_request *request, const struct policy *policy)
{
    int64_t from = request_number(request_query(request, "from"));
    const char *clause = request_query(request, "clause");
    size_t wanted = *clause ? policy_find_clause(policy, clause) : POLICY_NONE;
    if (wanted == POLICY_NONE)
        wanted = from > 0 && (size_t)from <= policy->clause_count ? (size_t)from - 1 : 0;
    return policy_page_of(policy, wanted);
}

/* ---- pages of what a filter found ---- */

/* The clauses from `first` on that hold as many shown ones as a page does. */
static struct policy_page found_page(struct web_request *request, const struct policy *policy,
                                     const struct filter *filter)
{
    int64_t from = request_number(request_query(request, "from"));
    struct policy_page page = {0, 0};
    page.first = from > 0 && (size_t)from <= policy->clause_count ? (size_t)from - 1 : 0;
    size_t shown = 0;
    for (page.end = page.first; page.end < policy->clause_count; page.end++) {
        if (filter->shown[page.end] && ++shown > FOUND_CLAUSES)
            break;
    }
    return page;
}

/* The buttons to what was found before and behind a page; 1-based numbers of clauses. */
static void add_found_pages(const struct filter *filter, struct policy_page page, size_t count,
                            json_t *model)
{
    size_t before = page.first, shown = 0, later = 0, matches = 0;
    for (; before > 0 && shown < FOUND_CLAUSES; before--)
        shown += filter->shown[before - 1];
    for (size_t i = page.end; i < count; i++)
        later += filter->matches[i];
    for (size_t i = page.first; i < page.end; i++)
        matches += filter->matches[i];
    json_t *links = json_object();
    if (shown)
        model_number(links, "found_before", (int64_t)before + 1);
    if (later)
        model_number(links, "found_behind", (int64_t)page.end + 1);
    if (shown || later) {
        model_number(links, "matches_here", (int64_t)matches);
        json_object_set_new(model, "found_pages", links);
    } else {
        json_decref(links);
    }
}

/* How many duties stand in each state. */
static void add_totals(const struct policy_reading *reading, json_t *model)
{
    json_t *tiles = json_array();
    for (size_t i = 0; policy_states[i]; i++) {
        AUTO_BUFFER label = {0};
        int64_t count = 0;
        for (size_t j = 0; j < reading->policy->requirement_count; j++)
            count += policy_duty_in_state(reading, j, policy_states[i]);
        if (count)
            json_array_append_new(tiles, json_pack("{ss ss sI}", "kind", policy_states[i], "label",
                                                   policy_state_label(policy_states[i], &label),
                                                   "count", (json_int_t)count));
    }
    json_object_set_new(model, "totals", json_pack("{so}", "tiles", tiles));
}

static void show_policy(struct web_request *request, const struct policy_reading *reading)
{
    struct filter filter;
    const struct policy *policy = reading->policy;
    filter_read(request, reading, &filter);
    struct policy_page page =
        filter.on ? found_page(request, policy, &filter) : wanted_page(request, policy);
    bool several = !filter.on && (page.first > 0 || page.end < policy->clause_count);
    json_t *model = model_page(request, "policy_page.policy");
    policy_version_model(request, &reading->version, model);
    json_object_set_new(model, "blocks", blocks_of(request, reading, &filter, page));
    json_object_set_new(model, "contents", contents_of(policy, &filter, page));
    if (several)
        add_pages(policy, page, model);
    if (filter.on)
        add_found_pages(&filter, page, policy->clause_count, model);
    add_options(request, reading, &filter, model);
    add_totals(reading, model);
    model_moment(model, "now", request->language, request->now);
    model_text(model, "q", filter.text);
    model_flag(model, "filtered", filter.on);
    model_number(model, "found", (int64_t)filter.found);
    if (filter.found_duties)
        model_number(model, "found_duties", (int64_t)filter.found_duties);
    model_flag(model, "may_manage", identity_may(&request->session, "policy.manage", NULL, NULL));
    filter_free(&filter);
    answer_page(request, MHD_HTTP_OK, "policy", model);
}

static void show_none(struct web_request *request)
{
    json_t *model = model_page(request, "policy_page.policy");
    model_flag(model, "may_manage", identity_may(&request->session, "policy.manage", NULL, NULL));
    answer_page(request, MHD_HTTP_OK, "policy_none", model);
}

void page_policy(struct web_request *request)
{
    AUTO_READING reading = {0};
    int open = policy_reading_open(request, request->match.numbers[0], &reading);
    if (open > 0)
        show_policy(request, &reading);
    else if (open == 0)
        show_none(request);
}
