/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A made-up town to look around in: みほん市, its people and three zones on this machine only. */
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"
#include "base/time.h"
#include "command/command.h"
#include "command/serve.h"
#include "gate/zones.h"
#include "identity/credentials.h"
#include "store/sealing.h"

static const struct {
    const char *id, *name;
    unsigned port;
} zones[] = {
    {"mynumber", "マイナンバー利用事務系", 8081},
    {"lgwan", "LGWAN接続系", 8082},
    {"internet", "インターネット接続系", 8083},
};

static const struct {
    const char *code, *name;
} departments[] = {
    {"010", "総務課"},
    {"020", "市民課"},
    {"030", "情報政策課"},
};

/* Made up; role "" is that of everybody. */
static const struct {
    const char *login, *name, *kana, *employment, *role;
    size_t department;
} people[] = {
    {"tanaka", "田中 花子", "タナカ ハナコ", "regular", "", 1},
    {"suzuki", "鈴木 一郎", "スズキ イチロウ", "fiscal_year", "", 1},
    {"sato", "佐藤 恵", "サトウ メグミ", "regular", "section_manager", 1},
    {"takahashi", "高橋 誠", "タカハシ マコト", "regular", "system_manager", 2},
    {"ito", "伊藤 直子", "イトウ ナオコ", "regular", "auditor", 0},
};

enum {
    DEPARTMENTS = sizeof departments / sizeof *departments,
    PEOPLE = sizeof people / sizeof *people,
};

static void set_zones(struct serve_settings *settings, enum language language)
{
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        struct serve_zone *zone = &settings->zones[settings->zone_count++];
        snprintf(zone->id, sizeof zone->id, "%s", zones[i].id);
        snprintf(zone->name, sizeof zone->name, "%s", zones[i].name);
        snprintf(zone->host, sizeof zone->host, "127.0.0.1");
        snprintf(zone->banner, sizeof zone->banner, "%s",
                 message_get(language, "serve.demo_banner"));
        zone->port = zones[i].port;
    }
}

static int add_departments(struct store *store, const struct identity_act *act,
                           int64_t ids[DEPARTMENTS], struct error *error)
{
    for (size_t i = 0; i < DEPARTMENTS; i++) {
        struct identity_department department = {0};
        snprintf(department.code, sizeof department.code, "%s", departments[i].code);
        snprintf(department.name, sizeof department.name, "%s", departments[i].name);
        if (identity_department_save(store, act, &department, error) != 0)
            return -1;
        ids[i] = department.id;
    }
    return 0;
}

/* Adds one of the people with a temporary password, and prints it. */
static int add_person(struct store *store, const struct identity_act *act, size_t index,
                      int64_t department, enum language language, struct error *error)
{
    struct identity_person person = {.department = department, .starts = act->now};
    char password[IDENTITY_TEMPORARY_SIZE];
    snprintf(person.login, sizeof person.login, "%s", people[index].login);
    snprintf(person.name, sizeof person.name, "%s", people[index].name);
    snprintf(person.kana, sizeof person.kana, "%s", people[index].kana);
    snprintf(person.employment, sizeof person.employment, "%s", people[index].employment);
    if (identity_person_save(store, act, &person, error) != 0 ||
        (*people[index].role && identity_role_grant(store, act, person.id, people[index].role, 0,
                                                    act->now, 0, NULL, error) != 0) ||
        identity_password_reset(store, act, person.id, password, error) != 0)
        return -1;
    const struct message_value values[] = {
        {"login", people[index].login},
        {"name", people[index].name},
        {"department", departments[people[index].department].name},
        {"password", password}};
    command_say(stdout, language, "serve.demo_account", values, 4);
    return 0;
}

static int add_people(const char *directory, enum language language, struct error *error)
{
    struct store *store = NULL;
    int64_t ids[DEPARTMENTS];
    const struct identity_act act = {.actor = "setup", .now = time_now()};
    int result = store_open(directory, &store, error);
    if (result == 0)
        result = gate_zones_default(store, &act, error);
    if (result == 0)
        result = add_departments(store, &act, ids, error);
    for (size_t i = 0; result == 0 && i < PEOPLE; i++)
        result = add_person(store, &act, i, ids[people[i].department], language, error);
    store_close(store);
    return result;
}

int serve_demo_prepare(struct serve_settings *settings, enum language language, struct error *error)
{
    char temporary[] = "/tmp/sekisho-demo-XXXXXX";
    if (!*settings->directory) {
        if (!mkdtemp(temporary))
            return file_error(error, temporary);
        snprintf(settings->directory, sizeof settings->directory, "%s", temporary);
    }
    set_zones(settings, language);
    const struct message_value values[] = {{"directory", settings->directory}};
    command_say(stdout, language, "serve.demo", values, 1);
    if (store_setup(settings->directory, "みほん市（見本）", NULL, error) != 0)
        return -1;
    return add_people(settings->directory, language, error);
}
