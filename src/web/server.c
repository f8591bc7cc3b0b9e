/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between libmicrohttpd and the handlers: reading a request, and its life from head to end. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "web/api.h"
#include "web/listener.h"
#include "web/request_internal.h"

enum {
    IDLE_SECONDS = 15,
    MEMORY_PER_CONNECTION = 64 * 1024,
    POST_BUFFER = 16 * 1024,
    SLOW_GRACE = 20,   /* seconds before a body has to have come at … */
    SLOW_BYTES = 1024, /* … so many bytes a second */
};

/* This thread's connection to the store; opened on first use, closed with the thread. */
static struct store *thread_store(struct web_server *server, struct error *error)
{
    struct store *store = pthread_getspecific(server->store);
    if (!store && store_open(server->options.directory, &store, error) == 0)
        pthread_setspecific(server->store, store);
    return store;
}

static void close_store(void *store)
{
    store_close(store);
}

static void find_address(struct web_request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    const void *bytes = NULL;
    if (address && address->sa_family == AF_INET)
        bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    else if (address && address->sa_family == AF_INET6)
        bytes = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    if (bytes)
        inet_ntop(address->sa_family, bytes, request->address, sizeof request->address);
}

/* Behind the proxy that we know, the last address that it names: what stands before that may be
 * written by anybody. */
static void find_forwarded(struct web_request *request)
{
    uint8_t address[16];
    const char *proxy = request->server->options.proxy;
    const char *given =
        MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "X-Forwarded-For");
    if (!proxy || !given || strcmp(request->address, proxy) != 0)
        return;
    const char *comma = strrchr(given, ',');
    given = comma ? comma + 1 : given;
    given += strspn(given, " ");
    if (strlen(given) < sizeof request->address &&
        (inet_pton(AF_INET, given, address) == 1 || inet_pton(AF_INET6, given, address) == 1))
        snprintf(request->address, sizeof request->address, "%s", given);
}

static struct web_request *start_request(struct web_server *server,
                                         struct MHD_Connection *connection, const char *method,
                                         const char *path)
{
    struct web_request *request = memory_allocate(1, sizeof *request);
    struct error error = {0};
    request->server = server;
    request->connection = connection;
    request->method = memory_copy_string(method, strlen(method));
    request->path = memory_copy_string(path, strlen(path));
    request->now = time_now();
    find_address(request);
    find_forwarded(request);
    const char *device = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "User-Agent");
    snprintf(request->device, sizeof request->device, "%s", device ? device : "");
    request->store = thread_store(server, &error);
    if (request->store)
        admit_request(request);
    else
        answer_error(request, &error);
    return request;
}

/* Takes a piece of a form's field; a field that is new, or goes on from `offset`. */
static enum MHD_Result take_field(void *context, enum MHD_ValueKind kind, const char *name,
                                  const char *file_name, const char *content_type,
                                  const char *coding, const char *data, uint64_t offset,
                                  size_t length)
{
    struct web_request *request = context;
    (void)kind;
    (void)content_type;
    (void)coding;
    if (file_name && *file_name && request->match.route->file) {
        request->match.route->file(request, file_name,
                                   (struct bytes){(const uint8_t *)data, length}, offset);
        return MHD_YES;
    }
    if (file_name && !*file_name)
        return MHD_YES; /* a field for files that was left empty */
    request->field_bytes += length;
    if (request->broken || !name || file_name || request->field_bytes > WEB_FORM_BYTES ||
        (offset == 0 && request->field_count == WEB_FORM_FIELDS) ||
        (offset > 0 && request->field_count == 0)) {
        request->broken = true;
        return MHD_YES;
    }
    if (offset == 0) {
        request->fields =
            memory_resize(request->fields, request->field_count + 1, sizeof *request->fields);
        request->fields[request->field_count++] =
            (struct web_field){memory_copy_string(name, strlen(name)), {0}};
    }
    buffer_append(&request->fields[request->field_count - 1].value, data, length);
    return MHD_YES;
}

/* Takes a piece of the body; false ends the connection. */
static bool take_body(struct web_request *request, const char *data, size_t length)
{
    int64_t seconds = (time_now() - request->now) / TIME_SECOND;
    request->body_bytes += length;
    if (seconds > SLOW_GRACE && request->body_bytes < (uint64_t)seconds * SLOW_BYTES)
        return false;
    if (request->body_bytes > request->match.route->body_bytes)
        return true; /* admit_form refuses it; nothing of it is kept */
    if (api_asked(request)) {
        api_take_body(request, (struct bytes){(const uint8_t *)data, length},
                      request->body_bytes - length);
        return true;
    }
    if (!request->post)
        request->post =
            MHD_create_post_processor(request->connection, POST_BUFFER, take_field, request);
    if (!request->post || MHD_post_process(request->post, data, length) != MHD_YES)
        request->broken = true;
    return true;
}

static enum MHD_Result finish_request(struct web_request *request)
{
    if (request->post) {
        request->broken |= MHD_destroy_post_processor(request->post) != MHD_YES;
        request->post = NULL;
    }
    if (api_asked(request))
        api_admit_body(request);
    else if (!strcmp(request->method, "POST"))
        admit_form(request);
    if (!request->status)
        request->match.route->handle(request);
    return answer_send(request);
}

static int socket_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static void note_connection(void *context, struct MHD_Connection *connection, void **state,
                            enum MHD_ConnectionNotificationCode code)
{
    struct web_server *server = context;
    (void)state;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED)
        connections_close(server->connections, socket_of(connection));
}

/* The first call for a request brings its head, the next ones its body, the last one nothing. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data,
                              size_t *length, void **state)
{
    struct web_server *server = context;
    struct web_request *request = *state;
    (void)version;
    if (!request) {
        connections_await_head(server->connections, socket_of(connection), false);
        *state = request = start_request(server, connection, method, path);
        return request->status ? answer_send(request) : MHD_YES;
    }
    if (*length) {
        bool go_on = take_body(request, data, *length);
        *length = 0;
        return go_on ? MHD_YES : MHD_NO;
    }
    return finish_request(request);
}

static void free_request(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    struct web_server *server = context;
    struct web_request *request = *state;
    (void)code;
    if (!request)
        return;
    connections_await_head(server->connections, socket_of(connection), true);
    if (server->options.log_requests && request->status)
        log_request(request);
    if (request->post)
        MHD_destroy_post_processor(request->post);
    if (request->upload)
        request->upload_close(request->upload);
    if (request->response)
        MHD_destroy_response(request->response);
    for (size_t i = 0; i < request->field_count; i++) {
        struct web_field *field = &request->fields[i];
        if (field->value.data)
            sodium_memzero(field->value.data, field->value.length);
        buffer_free(&field->value);
        free(field->name);
    }
    for (size_t i = 0; i < request->header_count; i++)
        free(request->headers[i]);
    free(request->headers);
    free(request->fields);
    buffer_free(&request->body);
    buffer_free(&request->given);
    free(request->method);
    free(request->path);
    free(request);
    *state = NULL;
}

/* One thread that answers what the listener gives it. */
static struct MHD_Daemon *start_daemon(struct web_server *server)
{
    const struct web_options *options = &server->options;
    unsigned flags =
        MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC | MHD_USE_NO_LISTEN_SOCKET;
    const struct MHD_OptionItem secured[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)options->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)options->key},
        {MHD_OPTION_END, 0, NULL},
    };
    const struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    if (options->certificate)
        flags |= MHD_USE_TLS;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_CONNECTION_LIMIT, options->connections,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)MEMORY_PER_CONNECTION, MHD_OPTION_NOTIFY_COMPLETED, free_request, server,
        MHD_OPTION_NOTIFY_CONNECTION, note_connection, server, MHD_OPTION_ARRAY,
        options->certificate ? secured : none, MHD_OPTION_END);
}

/* False when something could not be started; web_stop ends what was. */
static bool start_threads(struct web_server *server)
{
    const struct web_options *options = &server->options;
    server->connections = connections_make(
        &(struct connections_limits){options->connections, options->connections_per_address,
                                     options->head_seconds, options->threads});
    if (!server->connections)
        return false;
    server->daemons = memory_allocate(options->threads, sizeof(struct MHD_Daemon *));
    for (unsigned i = 0; i < options->threads; i++)
        if (!(server->daemons[i] = start_daemon(server)))
            return false;
    server->listener = listener_start(options->listening, server->daemons, server->connections);
    return server->listener != NULL;
}

struct web_server *web_start(const struct web_options *options, struct error *error)
{
    struct store *store = NULL;
    if (sodium_init() < 0) {
        error_set(error, "web_failed", "libsodium", "%s", "");
        return NULL;
    }
    if (store_open(options->directory, &store, error) != 0)
        return NULL;
    store_close(store);
    struct web_server *server = memory_allocate(1, sizeof *server);
    server->options = *options;
    server->flood = flood_make(options->requests_per_second, options->requests_per_second * 4);
    pthread_key_create(&server->store, close_store);
    if (start_threads(server))
        return server;
    error_set(error, "web_failed", options->zone, "%s", "libmicrohttpd");
    server->options.listening = -1;
    web_stop(server);
    return NULL;
}

void web_stop(struct web_server *server)
{
    if (!server)
        return;
    listener_stop(server->listener);
    for (unsigned i = 0; server->daemons && i < server->options.threads; i++)
        if (server->daemons[i])
            MHD_stop_daemon(server->daemons[i]);
    connections_free(server->connections);
    file_close(&server->options.listening);
    pthread_key_delete(server->store);
    flood_free(server->flood);
    free(server->daemons);
    free(server);
}
