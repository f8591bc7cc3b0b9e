/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho user`: people without the browser, above all the first one of a new organization. */
#include <getopt.h>

#include "base/time.h"
#include "command/command.h"
#include "identity/credentials.h"
#include "identity/people.h"

#define ROLES_MOST 8
#define LIST_PAGE  100

struct request {
    enum language language;
    bool help;
    const char *action, *directory, *login;
    const char *name, *kana, *mail, *department, *department_name, *employment, *reason;
    const char *roles[ROLES_MOST];
    size_t role_count;
};

enum option_code {
    OPTION_HELP = 'h',
    OPTION_DEPARTMENT = 256,
    OPTION_DEPARTMENT_NAME,
    OPTION_EMPLOYMENT,
    OPTION_KANA,
    OPTION_LANGUAGE,
    OPTION_MAIL,
    OPTION_NAME,
    OPTION_REASON,
    OPTION_ROLE,
};

static const struct option options[] = {
    {"department", required_argument, NULL, OPTION_DEPARTMENT},
    {"department-name", required_argument, NULL, OPTION_DEPARTMENT_NAME},
    {"employment", required_argument, NULL, OPTION_EMPLOYMENT},
    {"help", no_argument, NULL, OPTION_HELP},
    {"kana", required_argument, NULL, OPTION_KANA},
    {"lang", required_argument, NULL, OPTION_LANGUAGE},
    {"mail", required_argument, NULL, OPTION_MAIL},
    {"name", required_argument, NULL, OPTION_NAME},
    {"reason", required_argument, NULL, OPTION_REASON},
    {"role", required_argument, NULL, OPTION_ROLE},
    {NULL, 0, NULL, 0},
};

/* ---- what is asked for ---- */

static bool take_option(struct request *request, int option, const char *text)
{
    switch (option) {
    case OPTION_HELP:
        request->help = true;
        return true;
    case OPTION_LANGUAGE:
        return command_parse_language(text, &request->language);
    case OPTION_DEPARTMENT:
        request->department = text;
        return true;
    case OPTION_DEPARTMENT_NAME:
        request->department_name = text;
        return true;
    case OPTION_EMPLOYMENT:
        request->employment = text;
        return true;
    case OPTION_KANA:
        request->kana = text;
        return true;
    case OPTION_MAIL:
        request->mail = text;
        return true;
    case OPTION_NAME:
        request->name = text;
        return true;
    case OPTION_REASON:
        request->reason = text;
        return true;
    case OPTION_ROLE:
        if (request->role_count == ROLES_MOST)
            return false;
        request->roles[request->role_count++] = text;
        return true;
    default:
        return false;
    }
}

static int complain(const struct request *request)
{
    command_say(stderr, request->language, "usage.user", NULL, 0);
    return COMMAND_USAGE;
}

/* The exit status to end with, or -1 to go on. */
static int parse(int argc, char **argv, struct request *request)
{
    int option;
    *request = (struct request){.language = command_language(), .employment = "regular"};
    opterr = 0;
    optind = 1;
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1)
        if (!take_option(request, option, optarg))
            return complain(request);
    if (request->help) {
        command_say(stdout, request->language, "help.user", NULL, 0);
        return COMMAND_DONE;
    }
    if (argc - optind < 2 || argc - optind > 3)
        return complain(request);
    request->action = argv[optind];
    request->directory = argv[optind + 1];
    request->login = argv[optind + 2]; /* NULL when it is not there */
    return -1;
}

/* ---- what is done ---- */

static struct identity_act act_now(const struct request *request)
{
    return (struct identity_act){.actor = "command", .reason = request->reason, .now = time_now()};
}

static int put(char *to, size_t size, const char *text, const char *field, struct error *error)
{
    size_t length = text ? strlen(text) : 0;
    if (length >= size)
        return error_set(error, "identity_bad_value", field, "%s", "");
    if (length)
        memcpy(to, text, length);
    return 0;
}

/* The department of the code; with a name it is made when it is not there. */
static int find_department(struct store *store, const struct request *request,
                           const struct identity_act *act, int64_t *id, struct error *error)
{
    struct identity_department department = {0};
    int result = identity_department_read(store, 0, request->department, &department, error);
    if (result != 0 && request->department_name && !strcmp(error->code, "identity_unknown")) {
        if (put(department.code, sizeof department.code, request->department, "department",
                error) != 0 ||
            put(department.name, sizeof department.name, request->department_name,
                "department-name", error) != 0)
            return -1;
        result = identity_department_save(store, act, &department, error);
    }
    *id = department.id;
    return result;
}

/* Says the temporary password, which is shown this once. */
static int give_password(struct store *store, const struct request *request, int64_t person,
                         struct error *error)
{
    char temporary[IDENTITY_TEMPORARY_SIZE];
    struct identity_act act = act_now(request);
    if (identity_password_reset(store, &act, person, temporary, error) != 0)
        return -1;
    struct message_value values[] = {{"login", request->login}, {"password", temporary}};
    command_say(stdout, request->language, "user.password", values, 2);
    return 0;
}

static int add(struct store *store, const struct request *request, struct error *error)
{
    struct identity_act act = act_now(request);
    struct identity_person person = {.starts = act.now};
    for (size_t i = 0; i < request->role_count; i++)
        if (!identity_role_known(request->roles[i]))
            return error_set(error, "identity_role_unknown", "role", "%s", request->roles[i]);
    if (put(person.login, sizeof person.login, request->login, "login", error) != 0 ||
        put(person.name, sizeof person.name, request->name, "name", error) != 0 ||
        put(person.kana, sizeof person.kana, request->kana, "kana", error) != 0 ||
        put(person.mail, sizeof person.mail, request->mail, "mail", error) != 0 ||
        put(person.employment, sizeof person.employment, request->employment, "employment",
            error) != 0 ||
        find_department(store, request, &act, &person.department, error) != 0 ||
        identity_person_save(store, &act, &person, error) != 0)
        return -1;
    for (size_t i = 0; i < request->role_count; i++) {
        const char *role = request->roles[i];
        int64_t department = strcmp(role, "section_manager") ? 0 : person.department;
        if (identity_role_grant(store, &act, person.id, role, department, act.now, 0, NULL,
                                error) != 0)
            return -1;
    }
    return give_password(store, request, person.id, error);
}

static int find(struct store *store, const struct request *request, int64_t *id,
                struct error *error)
{
    struct identity_person person;
    if (identity_person_read(store, 0, request->login, &person, error) != 0)
        return -1;
    *id = person.id;
    return 0;
}

static int set_password(struct store *store, const struct request *request, struct error *error)
{
    int64_t id;
    return find(store, request, &id, error) != 0 ? -1 : give_password(store, request, id, error);
}

static int use_directory(struct store *store, const struct request *request, struct error *error)
{
    int64_t id;
    struct identity_act act = act_now(request);
    if (find(store, request, &id, error) != 0 ||
        identity_password_drop(store, &act, id, error) != 0)
        return -1;
    struct message_value values[] = {{"login", request->login}};
    command_say(stdout, request->language, "user.directory", values, 1);
    return 0;
}

static int set_suspended(struct store *store, const struct request *request, bool suspended,
                         struct error *error)
{
    int64_t id;
    struct identity_act act = act_now(request);
    if (find(store, request, &id, error) != 0 ||
        identity_person_suspend(store, &act, id, suspended, error) != 0)
        return -1;
    struct message_value values[] = {{"login", request->login}};
    command_say(stdout, request->language, suspended ? "user.suspended" : "user.resumed", values,
                1);
    return 0;
}

static int suspend(struct store *store, const struct request *request, struct error *error)
{
    return set_suspended(store, request, true, error);
}

static int resume(struct store *store, const struct request *request, struct error *error)
{
    return set_suspended(store, request, false, error);
}

static void print_person(const struct identity_person *person, int64_t now)
{
    const char *state = identity_person_open(person, now) ? "open"
                        : person->suspended               ? "suspended"
                                                          : "closed";
    AUTO_BUFFER line = {0};
    command_append_plain(&line, person->name);
    buffer_append_byte(&line, '\t');
    command_append_plain(&line, person->department_name);
    printf("%s\t%s\t%s\t%s\n", person->login, state, person->employment, buffer_string(&line));
}

static int list(struct store *store, const struct request *request, struct error *error)
{
    struct identity_person people[LIST_PAGE];
    char after[IDENTITY_NAME_SIZE] = "";
    struct identity_person_page page = {.former = true, .after_kana = after, .now = time_now()};
    size_t count;
    (void)request;
    do {
        if (identity_person_list(store, &page, people, LIST_PAGE, &count, error) != 0)
            return -1;
        for (size_t i = 0; i < count; i++)
            print_person(&people[i], page.now);
        if (count) {
            memcpy(after, people[count - 1].kana, sizeof after);
            page.after_id = people[count - 1].id;
        }
    } while (count == LIST_PAGE);
    return 0;
}

/* ---- which one ---- */

static const struct {
    const char *name;
    bool needs_login, needs_details;
    int (*run)(struct store *store, const struct request *request, struct error *error);
} actions[] = {
    {"add", true, true, add},        {"directory", true, false, use_directory},
    {"list", false, false, list},    {"password", true, false, set_password},
    {"resume", true, false, resume}, {"suspend", true, false, suspend},
};

int command_user(int argc, char **argv)
{
    struct request request;
    struct error error = {0};
    struct store *store = NULL;
    int status = parse(argc, argv, &request);
    if (status >= 0)
        return status;
    size_t i = 0;
    while (i < sizeof actions / sizeof *actions && strcmp(actions[i].name, request.action) != 0)
        i++;
    if (i == sizeof actions / sizeof *actions ||
        actions[i].needs_login != (request.login != NULL) ||
        (actions[i].needs_details && (!request.name || !request.department)))
        return complain(&request);
    int result = store_open(request.directory, &store, &error);
    if (result == 0)
        result = actions[i].run(store, &request, &error);
    store_close(store);
    if (result == 0)
        return COMMAND_DONE;
    command_say_error(stderr, request.language, &error);
    return COMMAND_FAILED;
}
