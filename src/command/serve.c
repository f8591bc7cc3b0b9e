/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho serve`: reads what it is told, opens the listening sockets, and supervises. */
#include "command/serve.h"

#include <getopt.h>

#include "base/error.h"
#include "base/file.h"
#include "command/command.h"
#include "store/store.h"

enum option_code {
    OPTION_CONFIG = 256,
    OPTION_DATA,
    OPTION_DEMO,
};

static const struct option long_options[] = {
    {"config", required_argument, NULL, OPTION_CONFIG},
    {"data", required_argument, NULL, OPTION_DATA},
    {"demo", no_argument, NULL, OPTION_DEMO},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct serve_request {
    enum language language;
    bool help, demo;
    const char *config, *data;
};

static int complain(const struct serve_request *request, const char *key, const char *word)
{
    struct message_value values[] = {{"word", word}};
    command_say(stderr, request->language, key, values, 1);
    command_say(stderr, request->language, "usage.serve", NULL, 0);
    return COMMAND_USAGE;
}

/* COMMAND_DONE, or what was said. */
static int parse(int argc, char **argv, struct serve_request *request)
{
    int option;
    *request = (struct serve_request){.language = command_language()};
    optind = 0;
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
        if (option == '?')
            return complain(request, "usage.option_unknown", argv[optind - 1]);
        if (option == ':')
            return complain(request, "usage.value_missing", argv[optind - 1]);
        request->help |= option == 'h';
        request->demo |= option == OPTION_DEMO;
        if (option == OPTION_CONFIG)
            request->config = optarg;
        if (option == OPTION_DATA)
            request->data = optarg;
    }
    if (optind < argc)
        return complain(request, "usage.word_extra", argv[optind]);
    if (!request->help && !request->demo == !request->config)
        return complain(request, "usage.serve_needs", "--config --demo");
    return COMMAND_DONE;
}

/* The organization's name out of its store, which is brought to today's schema too. */
static int read_organization(struct serve_settings *settings, struct error *error)
{
    struct store *store = NULL;
    AUTO_ROWS *rows = NULL;
    int result = store_open(settings->directory, &store, error);
    if (result == 0)
        result = store_query(store, STATEMENT_ORGANIZATION_READ, STORE_NO_VALUES, &rows, error);
    if (result == 0 && store_rows_next(rows, error) == 1)
        snprintf(settings->organization, sizeof settings->organization, "%s",
                 store_rows_text(rows, 0));
    store_rows_close(&rows);
    if (result == 0)
        result = serve_zones_check(settings, store, error);
    store_close(store);
    return result;
}

static int prepare(const struct serve_request *request, struct serve_settings *settings,
                   struct error *error)
{
    serve_settings_start(settings);
    if (request->config && serve_config_read(request->config, settings, error) != 0)
        return -1;
    if (request->data)
        snprintf(settings->directory, sizeof settings->directory, "%s", request->data);
    if (request->demo && serve_demo_prepare(settings, request->language, error) != 0)
        return -1;
    if (read_organization(settings, error) != 0)
        return -1;
    for (unsigned i = 0; i < settings->zone_count; i++)
        if (serve_listen(&settings->zones[i], request->demo, error) != 0)
            return -1;
    if (request->demo)
        serve_demo_origins(settings);
    return 0;
}

static void say_addresses(const struct serve_request *request,
                          const struct serve_settings *settings)
{
    for (unsigned i = 0; i < settings->zone_count; i++) {
        const struct serve_zone *zone = &settings->zones[i];
        bool six = strchr(zone->host, ':') != NULL;
        AUTO_BUFFER address = {0};
        if (*zone->origin)
            buffer_append_format(&address, "%s/", zone->origin);
        else
            buffer_append_format(&address, "%s://%s%s%s:%u/", *zone->certificate ? "https" : "http",
                                 six ? "[" : "", zone->host, six ? "]" : "", zone->port);
        const struct message_value values[] = {{"zone", zone->name},
                                               {"address", buffer_string(&address)}};
        command_say(stdout, request->language, "serve.address", values, 2);
    }
    fflush(stdout);
}

int command_serve(int argc, char **argv)
{
    static struct serve_settings settings;
    struct serve_request request;
    struct error error = {0};
    int status = parse(argc, argv, &request);
    if (status != COMMAND_DONE)
        return status;
    if (request.help) {
        command_say(stdout, request.language, "help.serve", NULL, 0);
        return COMMAND_DONE;
    }
    if (prepare(&request, &settings, &error) != 0) {
        command_say_error(stderr, request.language, &error);
        return COMMAND_FAILED;
    }
    say_addresses(&request, &settings);
    return serve_supervise(&settings);
}
