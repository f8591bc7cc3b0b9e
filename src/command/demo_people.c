/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The people of the made-up town. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/random.h"
#include "base/time.h"
#include "base/utf8.h"
#include "command/demo.h"
#include "identity/credentials.h"

enum { DEPARTMENTS = 32, PASSWORDS_TRIED = 20, HOLDINGS = 8 };

/* Words that people can type. */
static void make_password(char password[DEMO_PASSWORD_SIZE])
{
    static const char *const words[] = {
        "asagao",  "botan",   "chidori", "dango",  "enpitsu", "fukuro", "gake",    "hasami",
        "ichigo",  "jizo",    "kabuto",  "lemon",  "mikan",   "nazuna", "ohagi",   "popura",
        "renkon",  "sudachi", "tanpopo", "udon",   "wakame",  "yuzu",   "zabuton", "suzuran",
        "hokkori", "kurage",  "tombo",   "medaka", "tsubame", "hotaru", "sanma",   "kamome",
    };
    uint8_t random[4];
    random_fill(random, sizeof random);
    snprintf(password, DEMO_PASSWORD_SIZE, "%s-%s-%s-%u", words[random[0] % 32],
             words[random[1] % 32], words[random[2] % 32], 10 + random[3] % 90U);
}

struct demo_account *demo_account_find(const struct demo_town *town, const char *login)
{
    for (size_t i = 0; i < demo_person_count; i++)
        if (!strcmp(demo_people[i].login, login))
            return &town->accounts[i];
    return NULL;
}

static int add_departments(struct demo_town *town, const struct identity_act *act,
                           int64_t ids[DEPARTMENTS], struct error *error)
{
    for (size_t i = 0; i < demo_department_count && i < DEPARTMENTS; i++) {
        struct identity_department department = {0};
        utf8_copy(department.code, sizeof department.code, demo_departments[i].code);
        utf8_copy(department.name, sizeof department.name, demo_departments[i].name);
        if (identity_department_save(town->store, act, &department, error) != 0)
            return -1;
        ids[i] = department.id;
    }
    return 0;
}

int demo_password_set(struct store *store, const struct identity_act *act, int64_t person,
                      char password[DEMO_PASSWORD_SIZE], struct error *error)
{
    for (int i = 0; i < PASSWORDS_TRIED; i++) {
        make_password(password);
        if (identity_password_set(store, act, person, password, false, error) == 0)
            return 0;
    }
    return -1;
}

int demo_holding_find(struct demo_town *town, const char *login, const char *role, int64_t now,
                      int64_t *id, struct error *error)
{
    struct identity_holder list[HOLDINGS];
    size_t count;
    const struct demo_account *account = demo_account_find(town, login);
    if (!account || identity_role_list(town->store, account->person, now, 0, list, HOLDINGS, &count,
                                       error) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(list[i].role, role)) {
            *id = list[i].id;
            return 0;
        }
    return error_set(error, "identity_unknown", login, "%s", role);
}

/* Makes a person the deputy of another one's holding of a role, from now on for a year. */
static int name_deputy(struct demo_town *town, const struct identity_act *act, int64_t person,
                       const char *role, const char *holder, struct error *error)
{
    int64_t id;
    return demo_holding_find(town, holder, role, act->now, &id, error) == 0
               ? identity_deputy_add(town->store, act, id, person, act->now,
                                     town->present + 365 * TIME_DAY, NULL, error)
               : -1;
}

/* "role", "role:*" or "role<login" */
static int give_role(struct demo_town *town, const struct identity_act *act, int64_t person,
                     int64_t department, const char *text, struct error *error)
{
    char role[IDENTITY_ROLE_SIZE] = "";
    size_t length = strcspn(text, ":<");
    if (length < sizeof role)
        memcpy(role, text, length);
    if (text[length] == '<')
        return name_deputy(town, act, person, role, text + length + 1, error);
    return identity_role_grant(town->store, act, person, role, text[length] == ':' ? 0 : department,
                               act->now, 0, NULL, error);
}

static int add_person(struct demo_town *town, const struct identity_act *act, size_t index,
                      int64_t department, struct error *error)
{
    const struct demo_person *row = &demo_people[index];
    struct demo_account *account = &town->accounts[index];
    struct identity_person person = {
        .department = department,
        .starts = act->now - row->years * 365 * TIME_DAY,
    };
    utf8_copy(person.login, sizeof person.login, row->login);
    utf8_copy(person.name, sizeof person.name, row->name);
    utf8_copy(person.kana, sizeof person.kana, row->kana);
    utf8_copy(person.employment, sizeof person.employment, row->employment);
    if (identity_person_save(town->store, act, &person, error) != 0)
        return -1;
    account->person = person.id;
    if (*row->roles && give_role(town, act, person.id, department, row->roles, error) != 0)
        return -1;
    return row->access == DEMO_TEMPORARY || row->access == DEMO_NEVER
               ? 0
               : demo_password_set(town->store, act, person.id, account->password, error);
}

int demo_people_add(struct demo_town *town, struct error *error)
{
    int64_t departments[DEPARTMENTS];
    const struct identity_act act = {.actor = "setup", .now = town->now};
    if (add_departments(town, &act, departments, error) != 0)
        return -1;
    for (size_t i = 0; i < demo_person_count; i++)
        if (add_person(town, &act, i, departments[demo_people[i].department], error) != 0)
            return -1;
    return 0;
}
