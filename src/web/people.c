/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pages about people share. */
#include "web/people.h"

#include <inttypes.h>

#include "base/era.h"
#include "base/memory.h"
#include "web/pages.h"

enum { DEPARTMENTS_MOST = 1000 };

/* ---- days ---- */

/* The day on which a moment falls; the end of a day falls on that day when `last`. */
static struct date day_of(int64_t moment, bool last)
{
    return time_date_in_japan(last ? moment - 1 : moment);
}

int people_day(const struct web_request *request, const char *field, bool last, int64_t before,
               int64_t *moment, struct error *error)
{
    const char *text = request_field(request, field);
    struct date date;
    *moment = 0;
    if (!*text)
        return 0;
    if (era_parse_date(bytes_of_string(text), &date, NULL) != 0)
        return error_set(error, "people_day", field, "%s", text);
    bool same = before && date_compare(date, day_of(before, last)) == 0;
    *moment = same ? before : time_start_of_date(last ? date_add_days(date, 1) : date);
    return 0;
}

void people_model_day(json_t *model, const char *name, int64_t moment, bool last)
{
    AUTO_BUFFER text = {0};
    if (!moment)
        return;
    date_append(&text, day_of(moment, last));
    model_text(model, name, buffer_string(&text));
}

void people_model_date(const struct web_request *request, json_t *model, const char *name,
                       int64_t moment, bool last)
{
    AUTO_BUFFER text = {0}, iso_name = {0};
    if (!moment)
        return;
    buffer_append_format(&iso_name, "%s_iso", name);
    people_model_day(model, buffer_string(&iso_name), moment, last);
    era_append_date_in(&text, request->language, day_of(moment, last));
    model_text(model, name, buffer_string(&text));
}

/* ---- errors ---- */

bool people_error_is_theirs(const struct error *error)
{
    static const char *const starts[] = {"identity_", "import_", "people_", "password_", "factor_"};
    for (size_t i = 0; error->code && i < sizeof starts / sizeof *starts; i++)
        if (!strncmp(error->code, starts[i], strlen(starts[i])))
            return true;
    return false;
}

void people_failed(struct web_request *request, const struct error *error)
{
    if (error->code && !strcmp(error->code, "identity_unknown"))
        answer_status(request, MHD_HTTP_NOT_FOUND);
    else
        answer_error(request, error);
}

/* What is said of a value that is wrong stands in the catalogue for each field. */
static struct error better(const struct error *error)
{
    AUTO_BUFFER code = {0};
    struct error shown = *error;
    buffer_append_format(&code, "people_bad_%s", error->where);
    const char *known = message_known("error", buffer_string(&code));
    if (!strcmp(error->code, "identity_bad_value") && known)
        shown.code = known;
    return shown;
}

const char *people_sentence(const struct web_request *request, const struct error *error,
                            struct buffer *out)
{
    struct error shown = better(error);
    buffer_clear(out);
    message_append_error(out, request->language, &shown);
    return buffer_string(out);
}

void people_error(struct web_request *request, json_t *model, const char *prefix,
                  const char *const *fields, const char *other, const struct error *error)
{
    AUTO_BUFFER field = {0};
    struct error shown = better(error);
    const char *where = other;
    for (; *fields; fields++)
        if (!strcmp(*fields, error->where))
            where = *fields;
    buffer_append_format(&field, "%s%s", prefix, where);
    model_error(request, model, buffer_string(&field), &shown);
}

/* ---- requests ---- */

struct identity_act people_act(struct web_request *request)
{
    struct identity_act act = identity_session_act(&request->session, request->now);
    const char *reason = request_field(request, "reason");
    act.reason = *reason ? reason : NULL;
    return act;
}

bool people_find(struct web_request *request, struct identity_person *person)
{
    struct error error = {0};
    if (identity_person_read(request->store, request->match.numbers[0], NULL, person, &error) == 0)
        return true;
    people_failed(request, &error);
    return false;
}

void people_done(struct web_request *request, const char *path, int64_t number, const char *done)
{
    AUTO_BUFFER address = {0};
    buffer_append_string(&address, path);
    if (number)
        buffer_append_format(&address, "/%" PRId64, number);
    buffer_append_format(&address, "?done=%s", done);
    answer_redirect(request, buffer_string(&address));
}

void people_model_done(const struct web_request *request, json_t *model)
{
    AUTO_BUFFER name = {0}, key = {0};
    buffer_append_format(&name, "done_%s", request_query(request, "done"));
    buffer_append_format(&key, "people.%s", buffer_string(&name));
    if (message_known("people", buffer_string(&name)))
        model_text(model, "done", buffer_string(&key));
}

/* ---- lists ---- */

json_t *people_departments(struct web_request *request, int64_t chosen, struct error *error)
{
    size_t count = 0;
    AUTO_FREE struct identity_department *list = memory_allocate(DEPARTMENTS_MOST, sizeof *list);
    if (identity_department_list(request->store, "", list, DEPARTMENTS_MOST, &count, error))
        return NULL;
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        bool closed = list[i].closed && list[i].closed <= request->now;
        if (closed && list[i].id != chosen)
            continue;
        json_array_append_new(rows, json_pack("{sI ss sb}", "id", (json_int_t)list[i].id, "name",
                                              list[i].name, "chosen", list[i].id == chosen));
    }
    return rows;
}

json_t *people_row(const struct web_request *request, const struct identity_person *person)
{
    AUTO_BUFFER employment = {0};
    buffer_append_format(&employment, "page.employment_%s", person->employment);
    json_t *row = json_pack("{sI ss ss ss ss ss}", "id", (json_int_t)person->id, "login",
                            person->login, "name", person->name, "kana", person->kana, "department",
                            person->department_name, "employment", buffer_string(&employment));
    model_text(row, "mail", *person->mail ? person->mail : NULL);
    model_flag(row, "open", identity_person_open(person, request->now));
    model_flag(row, "suspended", person->suspended != 0);
    model_text(row, "shared_reason", *person->shared_reason ? person->shared_reason : NULL);
    people_model_date(request, row, "shared_until", person->shared_until, true);
    people_model_date(request, row, "starts", person->starts, false);
    people_model_date(request, row, "ends", person->ends, true);
    model_moment(row, "suspended_since", request->language, person->suspended);
    if (person->away_until > request->now) {
        people_model_date(request, row, "away_from", person->away_from, false);
        people_model_date(request, row, "away_until", person->away_until, true);
    }
    return row;
}

json_t *people_holding_row(struct web_request *request, const struct identity_holder *holder)
{
    AUTO_BUFFER label = {0};
    struct identity_department department;
    buffer_append_format(&label, "page.role_%s", holder->role);
    json_t *row = json_pack("{sI ss}", "id", (json_int_t)holder->id, "role", buffer_string(&label));
    if (holder->department &&
        identity_department_read(request->store, holder->department, NULL, &department, NULL) == 0)
        model_text(row, "scope", department.name);
    people_model_date(request, row, "starts", holder->starts, false);
    people_model_date(request, row, "ends", holder->ends, true);
    return row;
}
