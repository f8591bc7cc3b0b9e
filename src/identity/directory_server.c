/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The directory process: connects, begins TLS, binds, and says whether that went well. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ldap.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openldap.h>
#include <poll.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/ipc.h"
#include "base/memory.h"
#include "base/time.h"
#include "identity/directory.h"
#include "identity/directory_internal.h"

enum {
    SECONDS = 4,      /* for connecting, and again for each answer */
    AT_ONCE = 32,     /* requests under way */
    ADDRESSES = 8,    /* of one host */
    NAME_SIZE = 1024, /* of an entry */
};

#define MARK "{login}"

/* How long an address is good for although it does not answer. */
#define LOOKED_UP_FOR (10 * TIME_SECOND)

struct directory {
    const struct directory_options *options;
    struct addrinfo *addresses;
    uint16_t port;
    bool tls_first; /* ldaps */
    bool named;     /* by a name that can come to mean another address */
    int64_t looked_up;
    atomic_int running;
    atomic_bool unreached; /* by a question since then */
};

/* One question under way; owned by its thread. */
struct question {
    struct directory *directory;
    char login[IDENTITY_LOGIN_SIZE], password[DIRECTORY_PASSWORD_SIZE];
    int reply;
};

/* ---- set up ---- */

/* Takes the address apart; NULL when it is not one of ours. The caller frees it. */
static LDAPURLDesc *read_address(const char *address)
{
    LDAPURLDesc *parts = NULL;
    if (ldap_url_parse(address, &parts) != LDAP_URL_SUCCESS)
        return NULL;
    bool fits = parts->lud_host && *parts->lud_host &&
                (!strcmp(parts->lud_scheme, "ldap") || !strcmp(parts->lud_scheme, "ldaps")) &&
                (!parts->lud_dn || !*parts->lud_dn);
    if (!fits)
        ldap_free_urldesc(parts);
    return fits ? parts : NULL;
}

const char *directory_wrong(const struct directory_options *options)
{
    LDAPURLDesc *parts = read_address(options->address);
    if (!parts)
        return "ldap_address";
    ldap_free_urldesc(parts);
    const char *mark = strstr(options->name, MARK);
    if (!mark || strstr(mark + 1, MARK) || strlen(options->name) >= NAME_SIZE - IDENTITY_LOGIN_SIZE)
        return "ldap_name";
    return *options->authority ? NULL : "ldap_authority";
}

/* Certificates and manners for all connections of this process; nothing else of the machine's own
 * LDAP settings counts. */
static int set_defaults(const struct directory_options *options)
{
    const int version = LDAP_VERSION3, demand = LDAP_OPT_X_TLS_DEMAND, client = 0;
    const int least = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    const struct timeval patience = {SECONDS, 0};
    const struct {
        int option;
        const void *value;
    } defaults[] = {
        {LDAP_OPT_PROTOCOL_VERSION, &version},           {LDAP_OPT_REFERRALS, LDAP_OPT_OFF},
        {LDAP_OPT_NETWORK_TIMEOUT, &patience},           {LDAP_OPT_TIMEOUT, &patience},
        {LDAP_OPT_X_TLS_CACERTFILE, options->authority}, {LDAP_OPT_X_TLS_REQUIRE_CERT, &demand},
        {LDAP_OPT_X_TLS_PROTOCOL_MIN, &least},           {LDAP_OPT_X_TLS_NEWCTX, &client},
    };
    setenv("LDAPNOINIT", "1", 1);
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        if (ldap_set_option(NULL, defaults[i].option, defaults[i].value) != LDAP_OPT_SUCCESS)
            return -1;
    return 0;
}

struct directory *directory_open(const struct directory_options *options, struct error *error)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses = NULL;
    char port[8];
    const char *wrong = directory_wrong(options);
    if (!wrong && set_defaults(options) != 0)
        wrong = "ldap_authority";
    if (wrong) {
        error_set(error, "directory_bad", wrong, "%s", "");
        return NULL;
    }
    LDAPURLDesc *parts = read_address(options->address);
    bool tls_first = !strcmp(parts->lud_scheme, "ldaps");
    int number = parts->lud_port ? parts->lud_port : tls_first ? LDAPS_PORT : LDAP_PORT;
    snprintf(port, sizeof port, "%d", number);
    uint8_t address[sizeof(struct in6_addr)];
    bool numeric = inet_pton(AF_INET, parts->lud_host, address) == 1 ||
                   inet_pton(AF_INET6, parts->lud_host, address) == 1;
    int failed = getaddrinfo(parts->lud_host, port, &wanted, &addresses);
    ldap_free_urldesc(parts);
    if (failed) {
        error_set(error, "directory_away", options->address, "%s", gai_strerror(failed));
        return NULL;
    }
    struct directory *directory = memory_allocate(1, sizeof *directory);
    directory->options = options;
    directory->addresses = addresses;
    directory->port = (uint16_t)number;
    directory->tls_first = tls_first;
    directory->named = !numeric;
    directory->looked_up = time_now();
    return directory;
}

uint16_t directory_port(const struct directory *directory)
{
    return directory->port;
}

/* ---- one question ---- */

/* Connects to the first address that answers in time; -1 when none does. */
static int connect_to(const struct directory *directory)
{
    int tried = 0;
    for (const struct addrinfo *at = directory->addresses; at && tried < ADDRESSES;
         at = at->ai_next, tried++) {
        int failed = 0;
        socklen_t length = sizeof failed;
        int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
            continue;
        struct pollfd ready = {fd, POLLOUT, 0};
        if ((connect(fd, at->ai_addr, at->ai_addrlen) == 0 || errno == EINPROGRESS) &&
            poll(&ready, 1, SECONDS * 1000) == 1 &&
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &length) == 0 && failed == 0 &&
            fcntl(fd, F_SETFL, 0) == 0)
            return fd;
        close(fd);
    }
    return -1;
}

/* The name of a person's entry; the login has nothing that means anything in a name. */
static void append_name(struct buffer *out, const char *pattern, const char *login)
{
    const char *mark = strstr(pattern, MARK);
    buffer_append(out, pattern, (size_t)(mark - pattern));
    buffer_append_string(out, login);
    buffer_append_string(out, mark + strlen(MARK));
}

/* What a result of the bind means: what is not about the password is no answer. */
static enum directory_answer meaning(int result)
{
    switch (result) {
    case LDAP_SUCCESS:
        return DIRECTORY_YES;
    case LDAP_INVALID_CREDENTIALS:
    case LDAP_NO_SUCH_OBJECT:
    case LDAP_INVALID_DN_SYNTAX:
    case LDAP_INAPPROPRIATE_AUTH:
    case LDAP_UNWILLING_TO_PERFORM:
        return DIRECTORY_NO;
    default:
        return DIRECTORY_AWAY;
    }
}

static enum directory_answer ask(struct question *question)
{
    const struct directory *directory = question->directory;
    AUTO_BUFFER name = {0};
    LDAP *connection = NULL;
    int fd = connect_to(directory);
    if (fd < 0)
        return DIRECTORY_AWAY;
    if (ldap_init_fd(fd, LDAP_PROTO_TCP, directory->options->address, &connection) !=
        LDAP_SUCCESS) {
        close(fd);
        return DIRECTORY_AWAY;
    }
    int result = directory->tls_first ? ldap_install_tls(connection)
                                      : ldap_start_tls_s(connection, NULL, NULL);
    if (result == LDAP_SUCCESS) {
        struct berval password = {strlen(question->password), question->password};
        append_name(&name, directory->options->name, question->login);
        result = ldap_sasl_bind_s(connection, buffer_string(&name), LDAP_SASL_SIMPLE, &password,
                                  NULL, NULL, NULL);
    } else {
        result = LDAP_CONNECT_ERROR;
    }
    ldap_unbind_ext_s(connection, NULL, NULL);
    return meaning(result);
}

static void *answer(void *context)
{
    struct question *question = context;
    uint8_t said = (uint8_t)ask(question);
    (void)!write(question->reply, &said, 1);
    close(question->reply);
    if (said == DIRECTORY_AWAY)
        atomic_store(&question->directory->unreached, true);
    atomic_fetch_sub(&question->directory->running, 1);
    sodium_memzero(question, sizeof *question);
    free(question);
    return NULL;
}

/* ---- taking requests ---- */

/* Takes a question out of a frame; NULL when it is none. */
static struct question *read_question(struct directory *directory, struct ipc_frame *frame)
{
    struct question *question = memory_allocate(1, sizeof *question);
    struct ipc_reader reader = ipc_reader_open(buffer_bytes(&frame->message));
    ipc_take_text(&reader, question->login, sizeof question->login);
    ipc_take_text(&reader, question->password, sizeof question->password);
    bool whole = ipc_finished(&reader) && frame->descriptor_count == 1 && *question->login &&
                 *question->password;
    sodium_memzero(frame->message.data, frame->message.length);
    if (!whole || atomic_load(&directory->running) >= AT_ONCE) {
        sodium_memzero(question, sizeof *question);
        free(question);
        return NULL;
    }
    question->directory = directory;
    question->reply = frame->descriptors[0];
    frame->descriptors[0] = -1;
    return question;
}

static void start(struct question *question)
{
    pthread_t thread;
    atomic_fetch_add(&question->directory->running, 1);
    if (pthread_create(&thread, NULL, answer, question) == 0) {
        pthread_detach(thread);
        return;
    }
    atomic_fetch_sub(&question->directory->running, 1);
    close(question->reply); /* its end says that there is no answer */
    sodium_memzero(question, sizeof *question);
    free(question);
}

int directory_step(struct directory *directory, int socket, int milliseconds, struct error *error)
{
    struct pollfd readable = {socket, POLLIN, 0};
    struct ipc_frame frame = {0};
    if (directory->named && atomic_load(&directory->unreached) &&
        time_now() - directory->looked_up > LOOKED_UP_FOR)
        return DIRECTORY_LOOK_UP;
    if (poll(&readable, 1, milliseconds) <= 0)
        return 0;
    int received = ipc_receive(socket, &frame, error);
    struct question *question = received == 1 ? read_question(directory, &frame) : NULL;
    if (question)
        start(question);
    ipc_frame_clear(&frame);
    return received < 0 ? -1 : 0;
}
