/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `sekisho witness`: an HTTP server that cosigns checkpoints (C2SP tlog-witness). All requests are
 * served by one thread, one after the other; judging and remembering is journal/witness.h.
 */
#include "journal/witness.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "command/command.h"
#include "journal/key.h"

enum {
    CONNECTIONS_MAX = 64,
    TIMEOUT_SECONDS = 10,
    LOGS_MAX = 256,
};

enum option_code {
    OPTION_CREATE = 256,
    OPTION_DIRECTORY,
    OPTION_KEY,
    OPTION_LISTEN,
    OPTION_LOG,
};

static const struct option long_options[] = {
    {"create", required_argument, NULL, OPTION_CREATE},
    {"directory", required_argument, NULL, OPTION_DIRECTORY},
    {"help", no_argument, NULL, 'h'},
    {"key", required_argument, NULL, OPTION_KEY},
    {"listen", required_argument, NULL, OPTION_LISTEN},
    {"log", required_argument, NULL, OPTION_LOG},
    {NULL, 0, NULL, 0},
};

struct witness_request {
    enum language language;
    bool help;
    const char *create, *directory, *key, *listen;
    struct note_verifier *logs;
    size_t log_count;
};

struct server {
    enum language language;
    struct witness *witness;
};

static int complain(const struct witness_request *request, const char *key, const char *word)
{
    struct message_value values[] = {{"word", word}};
    command_say(stderr, request->language, key, values, 1);
    command_say(stderr, request->language, "usage.witness", NULL, 0);
    return -1;
}

static int add_log(struct witness_request *request, const char *text)
{
    struct error error;
    if (request->log_count == LOGS_MAX)
        return complain(request, "usage.number_bad", text);
    request->logs = memory_resize(request->logs, request->log_count + 1, sizeof *request->logs);
    struct note_verifier *log = &request->logs[request->log_count];
    if (journal_key_load_public(text, log, &error) < 0) {
        command_say_error(stderr, request->language, &error);
        return -1;
    }
    if (log->algorithm != NOTE_ED25519)
        return complain(request, "usage.key_bad", text);
    request->log_count++;
    return 0;
}

static int parse(int argc, char **argv, struct witness_request *request)
{
    int option;
    *request = (struct witness_request){.language = command_language()};
    optind = 0;
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
        switch (option) {
        case '?':
            return complain(request, "usage.option_unknown", argv[optind - 1]);
        case ':':
            return complain(request, "usage.value_missing", argv[optind - 1]);
        case 'h':
            request->help = true;
            break;
        case OPTION_CREATE:
            request->create = optarg;
            break;
        case OPTION_DIRECTORY:
            request->directory = optarg;
            break;
        case OPTION_KEY:
            request->key = optarg;
            break;
        case OPTION_LISTEN:
            request->listen = optarg;
            break;
        case OPTION_LOG:
            if (add_log(request, optarg) < 0)
                return -1;
        }
    }
    if (optind < argc)
        return complain(request, "usage.word_extra", argv[optind]);
    return 0;
}

static int create_key(const struct witness_request *request)
{
    AUTO_BUFFER public = {0};
    struct error error;
    buffer_append_format(&public, "%s.pub", request->key);
    if (journal_key_generate(request->key, buffer_string(&public), request->create,
                             NOTE_COSIGNATURE, &error) == 0)
        return COMMAND_DONE;
    command_say_error(stderr, request->language, &error);
    return COMMAND_FAILED;
}

static enum MHD_Result answer_with(struct MHD_Connection *connection, int status,
                                   const char *content_type, struct bytes body)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.length, (void *)(uintptr_t)body.data, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", content_type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_plain(struct MHD_Connection *connection, int status)
{
    return answer_with(connection, status, "text/plain; charset=utf-8", (struct bytes){NULL, 0});
}

static enum MHD_Result send_judged(struct server *server, struct MHD_Connection *connection,
                                   int result, struct witness_answer *answer,
                                   const struct error *error)
{
    if (result < 0)
        command_say_error(stderr, server->language, error);
    enum MHD_Result sent =
        answer_with(connection, answer->status, answer->content_type, buffer_bytes(&answer->body));
    buffer_free(&answer->body);
    return sent;
}

#define CHECKPOINT_PATH "/checkpoint/"

/* The first call for a request brings its head, the next ones its body, the last one nothing. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *length, void **request)
{
    struct server *server = context;
    struct witness_answer answer;
    struct error error = {0};
    (void)version;
    if (!*request) {
        *request = memory_allocate(1, sizeof(struct buffer));
        return MHD_YES;
    }
    struct buffer *body = *request;
    if (*length > 0) {
        if (body->length + *length <= WITNESS_BODY_MAX + 1)
            buffer_append(body, data, *length);
        else
            body->length = WITNESS_BODY_MAX + 1; /* too long; the rest is not kept */
        *length = 0;
        return MHD_YES;
    }
    if (!strcmp(method, "POST") && !strcmp(url, "/add-checkpoint")) {
        if (body->length > WITNESS_BODY_MAX)
            return answer_plain(connection, MHD_HTTP_CONTENT_TOO_LARGE);
        int result = witness_add_checkpoint(server->witness, buffer_bytes(body),
                                            (uint64_t)time(NULL), &answer, &error);
        return send_judged(server, connection, result, &answer, &error);
    }
    if (!strcmp(method, "GET") && !strncmp(url, CHECKPOINT_PATH, strlen(CHECKPOINT_PATH))) {
        int result =
            witness_get_checkpoint(server->witness, url + strlen(CHECKPOINT_PATH), &answer, &error);
        return send_judged(server, connection, result, &answer, &error);
    }
    return answer_plain(connection, MHD_HTTP_NOT_FOUND);
}

static void finish(void *context, struct MHD_Connection *connection, void **request,
                   enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    if (*request)
        buffer_free(*request);
    free(*request);
    *request = NULL;
}

/* ADDRESS:PORT, or PORT alone on the loopback. */
static bool parse_address(const char *text, struct sockaddr_in *address)
{
    uint64_t port;
    const char *colon = strrchr(text, ':');
    AUTO_BUFFER host = {0};
    buffer_append(&host, text, colon ? (size_t)(colon - text) : 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET};
    if (!checkpoint_parse_number(bytes_of_string(colon ? colon + 1 : text), &port) ||
        port > UINT16_MAX)
        return false;
    address->sin_port = htons((uint16_t)port);
    return inet_pton(AF_INET, colon ? buffer_string(&host) : "127.0.0.1", &address->sin_addr) == 1;
}

static int serve(const struct witness_request *request, struct server *server)
{
    struct sockaddr_in address;
    sigset_t signals;
    int signal_number;
    if (!parse_address(request->listen, &address)) {
        complain(request, "usage.address_bad", request->listen);
        return COMMAND_USAGE;
    }
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL); /* before the server's thread is made */
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL, handle, server,
        MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT_SECONDS, MHD_OPTION_NOTIFY_COMPLETED,
        finish, NULL, MHD_OPTION_END);
    if (!daemon) {
        complain(request, "usage.listen_failed", request->listen);
        return COMMAND_FAILED;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    char host[INET_ADDRSTRLEN];
    printf("http://%s:%u\n", inet_ntop(AF_INET, &address.sin_addr, host, sizeof host),
           info ? (unsigned)info->port : 0);
    fflush(stdout);
    sigwait(&signals, &signal_number);
    MHD_stop_daemon(daemon);
    return COMMAND_DONE;
}

static int run(const struct witness_request *request)
{
    struct note_signer signer;
    struct error error;
    struct server server = {.language = request->language};
    if (journal_key_load(request->key, &signer, &error) == 0)
        server.witness =
            witness_open(request->directory, &signer, request->logs, request->log_count, &error);
    note_signer_wipe(&signer);
    if (!server.witness) {
        command_say_error(stderr, request->language, &error);
        return COMMAND_FAILED;
    }
    int status = serve(request, &server);
    witness_close(server.witness);
    return status;
}

static int dispatch(const struct witness_request *request)
{
    if (request->help) {
        command_say(stdout, request->language, "help.witness", NULL, 0);
        return COMMAND_DONE;
    }
    if (!request->key)
        complain(request, "usage.key_needed", "--key");
    else if (request->create)
        return create_key(request);
    else if (!request->directory || !request->listen || request->log_count == 0)
        complain(request, "usage.witness_needs", "--directory --listen --log");
    else
        return run(request);
    return COMMAND_USAGE;
}

int command_witness(int argc, char **argv)
{
    struct witness_request request;
    int status = COMMAND_USAGE;
    if (parse(argc, argv, &request) == 0)
        status = dispatch(&request);
    free(request.logs);
    return status;
}
