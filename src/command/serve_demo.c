/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A made-up town to look around in: みほん市, its people, what they did in the last weeks, and
 * three zones on this machine only. */
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/time.h"
#include "command/command.h"
#include "command/demo.h"
#include "command/demo_policy.h"
#include "command/serve.h"
#include "identity/credentials.h"
#include "store/record.h"
#include "store/sealing.h"

static const struct {
    const char *id, *name;
    unsigned port;
} zones[] = {
    {"mynumber", "マイナンバー利用事務系", 8081},
    {"lgwan", "LGWAN接続系", 8082},
    {"internet", "インターネット接続系", 8083},
};

/* The mark of a demo: a directory without it belongs to a real organization. */
#define MARK "demo"

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

void serve_demo_origins(struct serve_settings *settings)
{
    for (unsigned i = 0; i < settings->zone_count; i++)
        snprintf(settings->zones[i].origin, sizeof settings->zones[i].origin, "http://localhost:%u",
                 settings->zones[i].port);
}

/* ---- a new town ---- */

static int write_mark(struct store *store, const struct identity_act *act, struct error *error)
{
    struct store_entry entry = {.time = act->now, .actor = act->actor, .action = "demo.create"};
    if (store_begin(store, error) != 0)
        return -1;
    if (store_run(store, STATEMENT_SETTING_SET,
                  STORE_VALUES(store_text(MARK), store_text("1"), store_integer(act->now)),
                  error) != 0 ||
        store_record(store, &entry, error) != 0) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, error);
}

/* Cheap hashes, since passwords that are printed on a screen need no dear ones, and no second
 * factor outside the zone that always asks for one, so that a visitor can look at everything. */
static int set_rules(struct store *store, const struct identity_act *act, struct error *error)
{
    return identity_rule_save(store, act, "hash_memory", 8192, error) ||
                   identity_rule_save(store, act, "hash_operations", 1, error) ||
                   identity_rule_save(store, act, "second_factor_privileged", 0, error)
               ? -1
               : 0;
}

static int fill_town(struct demo_town *town, const char *directory, struct error *error)
{
    const struct gate_mover_options options = {.directory = directory};
    const struct identity_act act = {.actor = "setup", .now = town->now};
    if (write_mark(town->store, &act, error) != 0 || set_rules(town->store, &act, error) != 0 ||
        gate_zones_default(town->store, &act, error) != 0 || demo_people_add(town, error) != 0 ||
        demo_policy_adopt(town, error) != 0 || gate_mover_start(&options, &town->mover, error) != 0)
        return -1;
    int result = demo_story_tell(town, error);
    gate_mover_stop(town->mover);
    return result;
}

static int make_town(const char *directory, enum language language, struct error *error)
{
    struct demo_town town = {.present = time_now()};
    command_say(stdout, language, "serve.demo_wait", NULL, 0);
    fflush(stdout);
    town.now = demo_story_start(town.present);
    town.accounts = memory_allocate(demo_person_count, sizeof *town.accounts);
    town.transfers = memory_allocate(demo_transfer_count, sizeof *town.transfers);
    int result = store_setup_at(directory, "みほん市（見本）", NULL, town.now, error);
    if (result == 0)
        result = store_open(directory, &town.store, error);
    if (result == 0)
        result = fill_town(&town, directory, error);
    store_close(town.store);
    free(town.accounts);
    free(town.transfers);
    return result;
}

/* ---- who can log in ---- */

/* Gives one of the people a new password and prints it. */
static int print_account(struct store *store, const struct demo_person *row, enum language language,
                         struct error *error)
{
    const struct identity_act act = {.actor = "setup", .now = time_now()};
    struct identity_person person;
    char password[DEMO_PASSWORD_SIZE];
    if (identity_person_read(store, 0, row->login, &person, error) != 0)
        return -1;
    if (row->access == DEMO_TEMPORARY) {
        if (identity_password_reset(store, &act, person.id, password, error) != 0)
            return -1;
    } else if (demo_password_set(store, &act, person.id, password, error) != 0) {
        return -1;
    }
    AUTO_BUFFER key = {0};
    buffer_append_format(&key, "serve.demo_role_%s", row->login);
    const struct message_value values[] = {{"login", row->login},
                                           {"name", person.name},
                                           {"department", person.department_name},
                                           {"password", password},
                                           {"role", message_get(language, buffer_string(&key))}};
    command_say(stdout, language, "serve.demo_account", values, 5);
    return 0;
}

/* Code demo_real when the organization in the directory was not made by us. */
static int check_mark(struct store *store, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_SETTING_READ, STORE_VALUES(store_text(MARK)), &rows, error))
        return -1;
    int found = store_rows_next(rows, error);
    return found == 0 ? error_set(error, "demo_real", store_directory(store), "%s", "") : found - 1;
}

static int let_in(const char *directory, enum language language, struct error *error)
{
    struct store *store = NULL;
    int result = store_open(directory, &store, error);
    if (result == 0)
        result = check_mark(store, error);
    const struct message_value values[] = {{"directory", directory}};
    if (result == 0)
        command_say(stdout, language, "serve.demo", values, 1);
    for (size_t i = 0; result == 0 && i < demo_person_count; i++)
        if (demo_people[i].access == DEMO_MAIN || demo_people[i].access == DEMO_TEMPORARY)
            result = print_account(store, &demo_people[i], language, error);
    store_close(store);
    if (result == 0)
        command_say(stdout, language, "serve.demo_hint", NULL, 0);
    return result;
}

int serve_demo_prepare(struct serve_settings *settings, enum language language, struct error *error)
{
    char temporary[] = "/tmp/sekisho-demo-XXXXXX";
    AUTO_BUFFER database = {0};
    if (!*settings->directory) {
        if (!mkdtemp(temporary))
            return file_error(error, temporary);
        snprintf(settings->directory, sizeof settings->directory, "%s", temporary);
    }
    set_zones(settings, language);
    store_append_path(&database, settings->directory, "sekisho.db");
    if (!file_exists(buffer_string(&database)) &&
        make_town(settings->directory, language, error) != 0)
        return -1;
    return let_in(settings->directory, language, error);
}
