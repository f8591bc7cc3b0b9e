/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A client of clamd that never waits. */
#include "gate/clamd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"

enum {
    CHUNK = 65536,
    ANSWER = 1024,
    AT_ONCE = 64, /* chunks sent before others have their turn */
};

static const char command[] = "zINSTREAM"; /* with its NUL */

struct clamd {
    int socket;       /* -1: not open */
    int file;         /* -1: not given yet */
    int64_t deadline; /* milliseconds of the monotonic clock */
    int64_t read;     /* bytes of the file */
    size_t filled, sent;
    bool ended; /* the end of the stream is in the piece */
    bool timed_out;
    enum clamd_answer answer;
    size_t said_length;
    char said[ANSWER];        /* a string when there is an answer */
    uint8_t piece[4 + CHUNK]; /* being sent: the command, or a chunk behind its length */
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Fills the address of a socket; its length, or 0 when it is none that we take. */
static socklen_t parse_address(const char *text, struct sockaddr_storage *address)
{
    memset(address, 0, sizeof *address);
    if (*text == '/') {
        struct sockaddr_un *path = (struct sockaddr_un *)address;
        path->sun_family = AF_UNIX;
        if (strlen(text) >= sizeof path->sun_path)
            return 0;
        memcpy(path->sun_path, text, strlen(text));
        return sizeof *path;
    }
    struct sockaddr_in *internet = (struct sockaddr_in *)address;
    char *end = NULL;
    static const char loopback[] = "127.0.0.1:";
    if (strncmp(text, loopback, sizeof loopback - 1) != 0)
        return 0;
    long port = strtol(text + sizeof loopback - 1, &end, 10);
    if (*end || port < 1 || port > 65535)
        return 0;
    internet->sin_family = AF_INET;
    internet->sin_port = htons((uint16_t)port);
    internet->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof *internet;
}

/* A socket that is connected, or will be; -1: not. */
static int connect_to(const char *text)
{
    struct sockaddr_storage address;
    socklen_t length = parse_address(text, &address);
    if (length == 0)
        return -1;
    int connected = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (connected < 0 || connect(connected, (const struct sockaddr *)&address, length) == 0 ||
        errno == EINPROGRESS)
        return connected;
    close(connected);
    return -1;
}

struct clamd *clamd_begin(const char *address, int64_t patience)
{
    struct clamd *exchange = memory_allocate(1, sizeof *exchange);
    exchange->socket = connect_to(address);
    exchange->file = -1;
    exchange->deadline = clock_ms() + patience;
    exchange->filled = sizeof command;
    memcpy(exchange->piece, command, sizeof command);
    if (exchange->socket < 0)
        exchange->answer = CLAMD_AWAY;
    return exchange;
}

void clamd_give(struct clamd *exchange, int file)
{
    exchange->file = file;
}

void clamd_end(struct clamd *exchange)
{
    if (exchange && exchange->socket >= 0)
        close(exchange->socket);
    free(exchange);
}

/* The next chunk of the file behind its length, a length of 0 at its end; -1: not readable. */
static int fill(struct clamd *exchange)
{
    ssize_t got = pread(exchange->file, exchange->piece + 4, CHUNK, exchange->read);
    if (got < 0)
        return -1;
    uint32_t length = htonl((uint32_t)got);
    memcpy(exchange->piece, &length, sizeof length);
    exchange->read += got;
    exchange->ended = got == 0;
    exchange->filled = sizeof length + (size_t)got;
    exchange->sent = 0;
    return 0;
}

/* 1: all is sent, 0: no more can be sent now, -1: nobody listens any more. */
static int send_on(struct clamd *exchange)
{
    for (int chunk = 0; chunk < AT_ONCE;) {
        if (exchange->sent == exchange->filled) {
            if (exchange->ended)
                return 1;
            if (exchange->file < 0)
                return 0;
            if (fill(exchange) != 0)
                return -1;
            chunk++;
        }
        ssize_t sent = send(exchange->socket, exchange->piece + exchange->sent,
                            exchange->filled - exchange->sent, MSG_NOSIGNAL);
        if (sent >= 0)
            exchange->sent += (size_t)sent;
        else if (errno != EINTR)
            return errno == EAGAIN ? 0 : -1;
    }
    return 0;
}

/* Reads up to the NUL that ends what it says: 1 it is there, 0 not yet, -1 it will not come. */
static int read_on(struct clamd *exchange)
{
    while (exchange->said_length < ANSWER) {
        ssize_t got = recv(exchange->socket, exchange->said + exchange->said_length,
                           ANSWER - exchange->said_length, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return -1;
        if (got < 0 && errno == EAGAIN)
            return 0;
        exchange->said_length += got > 0 ? (size_t)got : 0;
        if (memchr(exchange->said, 0, exchange->said_length))
            return 1;
    }
    return -1;
}

/* True when text ends so; the ending is cut off. */
static bool take_ending(char *text, const char *ending)
{
    size_t length = strlen(text), tail = strlen(ending);
    if (length < tail || strcmp(text + length - tail, ending) != 0)
        return false;
    text[length - tail] = 0;
    return true;
}

/* What it said; that nothing was found counts only when it was sent everything. */
static enum clamd_answer judge(struct clamd *exchange, bool whole)
{
    if (whole && !strcmp(exchange->said, "stream: OK"))
        return CLAMD_CLEAN;
    return take_ending(exchange->said, " FOUND") ? CLAMD_FOUND : CLAMD_FAILED;
}

enum clamd_answer clamd_go_on(struct clamd *exchange)
{
    if (exchange->answer != CLAMD_NONE)
        return exchange->answer;
    /* clamd says why it stops listening (its size limit) before it hangs up: so read, then judge */
    int sending = send_on(exchange), reading = read_on(exchange);
    if (reading == 1)
        exchange->answer = judge(exchange, sending == 1);
    else if (sending < 0 || reading < 0)
        exchange->answer = CLAMD_AWAY;
    else if (clock_ms() >= exchange->deadline) {
        exchange->timed_out = true;
        exchange->answer = CLAMD_AWAY;
    }
    return exchange->answer;
}

int clamd_watch(const struct clamd *exchange, struct pollfd *watched)
{
    bool sends = exchange->sent < exchange->filled || !exchange->ended;
    int64_t left = exchange->deadline - clock_ms();
    *watched = (struct pollfd){exchange->socket, (short)(sends ? POLLIN | POLLOUT : POLLIN), 0};
    if (exchange->answer != CLAMD_NONE || left < 0)
        return 0;
    return left < INT_MAX ? (int)left : INT_MAX;
}

const char *clamd_found(const struct clamd *exchange)
{
    if (exchange->answer != CLAMD_FOUND)
        return "";
    return strncmp(exchange->said, "stream: ", 8) == 0 ? exchange->said + 8 : exchange->said;
}

bool clamd_timed_out(const struct clamd *exchange)
{
    return exchange->timed_out;
}
