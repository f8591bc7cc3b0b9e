/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People: who joins, moves, leaves, is suspended or away. */
#include "identity/internal.h"

#include "base/utf8.h"

bool identity_person_open(const struct identity_person *person, int64_t now)
{
    return person->starts <= now && (person->ends == 0 || person->ends > now) &&
           person->suspended == 0 && (person->shared_until == 0 || person->shared_until > now);
}

static void read_row(const struct store_rows *rows, struct identity_person *person)
{
    *person = (struct identity_person){
        .id = store_rows_integer(rows, 0),
        .department = store_rows_integer(rows, 5),
        .starts = store_rows_integer(rows, 9),
        .ends = store_rows_integer(rows, 10),
        .suspended = store_rows_integer(rows, 11),
        .away_from = store_rows_integer(rows, 12),
        .away_until = store_rows_integer(rows, 13),
        .shared_until = store_rows_integer(rows, 15),
    };
    const struct {
        char *to;
        size_t size;
        int column;
    } texts[] = {
        {person->login, sizeof person->login, 1},
        {person->name, sizeof person->name, 2},
        {person->kana, sizeof person->kana, 3},
        {person->mail, sizeof person->mail, 4},
        {person->department_name, sizeof person->department_name, 6},
        {person->employment, sizeof person->employment, 7},
        {person->language, sizeof person->language, 8},
        {person->shared_reason, sizeof person->shared_reason, 14},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        utf8_copy(texts[i].to, texts[i].size, store_rows_text(rows, texts[i].column));
}

int identity_person_read(struct store *store, int64_t id, const char *login,
                         struct identity_person *person, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_PERSON_READ,
                    STORE_VALUES(store_integer(id), store_text(login ? login : "")), &rows,
                    error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 0)
        return error_set(error, "identity_unknown", "person", "%s", "");
    if (found == 1)
        read_row(rows, person);
    return found == 1 ? 0 : -1;
}

int identity_person_name(struct store *store, int64_t id, struct buffer *out, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_PERSON_NAME, STORE_VALUES(store_integer(id)), &rows, error) !=
        0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 1)
        buffer_append_string(out, store_rows_text(rows, 0));
    return found;
}

/* Appends a pattern of LIKE that finds what contains the text. */
static void append_pattern(struct buffer *out, const char *search)
{
    buffer_append_byte(out, '%');
    for (; search && *search; search++) {
        if (strchr("\\%_", *search))
            buffer_append_byte(out, '\\');
        buffer_append_byte(out, (uint8_t)*search);
    }
    buffer_append_byte(out, '%');
}

int identity_person_list(struct store *store, const struct identity_person_page *page,
                         struct identity_person *list, size_t most, size_t *count,
                         struct error *error)
{
    AUTO_BUFFER pattern = {0};
    AUTO_ROWS *rows = NULL;
    int found;
    append_pattern(&pattern, page->search);
    *count = 0;
    if (store_query(store, STATEMENT_PERSON_LIST,
                    STORE_VALUES(store_text_bytes(buffer_bytes(&pattern)),
                                 store_integer(page->department), store_integer(page->former),
                                 store_integer(page->now),
                                 store_text(page->after_kana ? page->after_kana : ""),
                                 store_integer(page->after_id), store_integer((int64_t)most)),
                    &rows, error) != 0)
        return -1;
    while ((found = store_rows_next(rows, error)) == 1)
        read_row(rows, &list[(*count)++]);
    return found;
}

/* ---- saving ---- */

static int check_login(const char *login, struct error *error)
{
    if (strlen(login) < 2 || login[strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-")])
        return error_set(error, "identity_bad_value", "login", "%s", "");
    return 0;
}

int identity_person_check(struct identity_person *person, struct error *error)
{
    static const char *const kinds[] = {"regular", "fiscal_year", "contractor"};
    bool kind_known = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        kind_known |= !strcmp(kinds[i], person->employment);
    if (*person->language == '\0')
        utf8_copy(person->language, sizeof person->language, "ja");
    if (check_login(person->login, error) != 0 ||
        identity_check_text(person->name, "name", false, error) != 0 ||
        identity_check_text(person->kana, "kana", true, error) != 0 ||
        identity_check_text(person->mail, "mail", true, error) != 0 ||
        identity_check_text(person->shared_reason, "shared_reason", true, error) != 0)
        return -1;
    if (!kind_known)
        return error_set(error, "identity_bad_value", "employment", "%s", person->employment);
    if (strcmp(person->language, "ja") != 0 && strcmp(person->language, "en") != 0)
        return error_set(error, "identity_bad_value", "language", "%s", person->language);
    if (person->ends && person->ends < person->starts)
        return error_set(error, "identity_bad_value", "ends", "%s", "");
    if ((*person->shared_reason == '\0') != (person->shared_until == 0))
        return error_set(error, "identity_shared_undeclared", "shared_reason", "%s", "");
    return 0;
}

int identity_shut(struct store *store, int64_t person, int64_t now, struct error *error)
{
    if (store_run(store, STATEMENT_SESSION_END_ALL,
                  STORE_VALUES(store_integer(person), store_integer(0), store_integer(now)),
                  error) != 0)
        return -1;
    return store_run(store, STATEMENT_TOKEN_REVOKE_ALL,
                     STORE_VALUES(store_integer(person), store_integer(now)), error);
}

static struct store_value text_or_null(const char *text)
{
    return *text ? store_text(text) : store_null();
}

static int add(struct store *store, const struct identity_act *act, struct identity_person *person,
               struct error *error)
{
    return identity_run_returning(
        store, STATEMENT_PERSON_ADD,
        STORE_VALUES(store_text(person->login), store_text(person->name), store_text(person->kana),
                     store_text(person->mail), store_integer(person->department),
                     store_text(person->employment), store_text(person->language),
                     store_integer(person->starts), identity_or_null(person->ends),
                     text_or_null(person->shared_reason), identity_or_null(person->shared_until),
                     store_integer(act->now)),
        &person->id, error);
}

static int change(struct store *store, const struct identity_person *person, struct error *error)
{
    return store_run(store, STATEMENT_PERSON_CHANGE,
                     STORE_VALUES(store_integer(person->id), store_text(person->login),
                                  store_text(person->name), store_text(person->kana),
                                  store_text(person->mail), store_integer(person->department),
                                  store_text(person->employment), store_text(person->language),
                                  store_integer(person->starts), identity_or_null(person->ends),
                                  text_or_null(person->shared_reason),
                                  identity_or_null(person->shared_until)),
                     error);
}

/* What follows when an account is closed or moves; *action becomes the name of what happened. */
static int follow(struct store *store, const struct identity_act *act,
                  const struct identity_person *before, const struct identity_person *after,
                  const char **action, struct error *error)
{
    bool leaves = after->ends && after->ends <= act->now;
    if (leaves && (before->ends == 0 || before->ends > act->now)) {
        *action = "person.leave";
        if (identity_shut(store, after->id, act->now, error) != 0 ||
            store_run(store, STATEMENT_DEPUTY_END_OF_PERSON,
                      STORE_VALUES(store_integer(after->id), store_integer(act->now)), error) != 0)
            return -1;
        return identity_end_holdings(store, act, after->id, 0, error);
    }
    if (after->department != before->department) {
        *action = "person.move";
        return identity_end_holdings(store, act, after->id, before->department, error);
    }
    return 0;
}

int identity_person_write(struct store *store, const struct identity_act *act,
                          struct identity_person *person, struct error *error)
{
    struct identity_department department;
    struct identity_person before, other;
    const char *action = person->id ? "person.change" : "person.add";
    if (identity_person_check(person, error) != 0)
        return -1;
    if (identity_department_read(store, person->department, NULL, &department, error) != 0 ||
        (department.closed && department.closed <= act->now))
        return error_set(error, "identity_department_unknown", "department", "%s", "");
    if (identity_person_read(store, 0, person->login, &other, NULL) == 0 && other.id != person->id)
        return error_set(error, "identity_login_taken", "login", "%s", person->login);
    if (person->id == 0) {
        if (add(store, act, person, error) != 0)
            return -1;
    } else if (identity_person_read(store, person->id, NULL, &before, error) != 0 ||
               change(store, person, error) != 0 ||
               follow(store, act, &before, person, &action, error) != 0) {
        return -1;
    }
    struct identity_text number = identity_number(person->department);
    return identity_record(store, act, action, "person", person->id,
                           IDENTITY_FACTS({"department", number.text},
                                          {"employment", person->employment},
                                          {"shared", *person->shared_reason ? "yes" : "no"}),
                           error);
}

int identity_person_save(struct store *store, const struct identity_act *act,
                         struct identity_person *person, struct error *error)
{
    struct identity_person wanted = *person;
    if (store_begin(store, error) != 0 ||
        store_conclude(store, identity_person_write(store, act, &wanted, error), error) != 0)
        return -1;
    *person = wanted;
    return 0;
}

/* ---- suspended, away ---- */

static int suspend(struct store *store, const struct identity_act *act, int64_t id, bool suspended,
                   struct error *error)
{
    struct identity_person person;
    if (identity_person_read(store, id, NULL, &person, error) != 0)
        return -1;
    if ((person.suspended != 0) == suspended)
        return 0;
    if (store_run(store, STATEMENT_PERSON_SUSPEND,
                  STORE_VALUES(store_integer(id), identity_or_null(suspended ? act->now : 0)),
                  error) != 0 ||
        (suspended &&
         store_run(store, STATEMENT_SESSION_END_ALL,
                   STORE_VALUES(store_integer(id), store_integer(0), store_integer(act->now)),
                   error) != 0))
        return -1;
    return identity_record(store, act, suspended ? "person.suspend" : "person.resume", "person", id,
                           IDENTITY_NO_FACTS, error);
}

int identity_person_suspend(struct store *store, const struct identity_act *act, int64_t person,
                            bool suspended, struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, suspend(store, act, person, suspended, error), error);
}

static int away(struct store *store, const struct identity_act *act, int64_t id, int64_t from,
                int64_t until, struct error *error)
{
    struct identity_person person;
    if (identity_person_read(store, id, NULL, &person, error) != 0 ||
        store_run(store, STATEMENT_PERSON_AWAY,
                  STORE_VALUES(store_integer(id), identity_or_null(from), identity_or_null(until)),
                  error) != 0)
        return -1;
    struct identity_text start = identity_number(from), end = identity_number(until);
    return identity_record(store, act, "person.away", "person", id,
                           IDENTITY_FACTS({"from", start.text}, {"until", end.text}), error);
}

int identity_person_away(struct store *store, const struct identity_act *act, int64_t person,
                         int64_t from, int64_t until, struct error *error)
{
    if ((from == 0) != (until == 0) || until < from)
        return error_set(error, "identity_bad_value", "away_until", "%s", "");
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, away(store, act, person, from, until, error), error);
}
