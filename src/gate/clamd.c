/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A client of clamd that never waits longer than it may. */
#include "gate/clamd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"

enum { CHUNK = 65536, ANSWER = 1024 };

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clamd_close(struct clamd_scan *scan)
{
    if (scan->socket >= 0)
        close(scan->socket);
    scan->socket = -1;
}

static int away(struct clamd_scan *scan, struct error *error)
{
    int reason = errno;
    scan->timed_out = reason == ETIMEDOUT;
    clamd_close(scan);
    errno = reason;
    return error_set_errno(error, "gate_scanner_away", scan->address);
}

/* Waits until the socket can do it; -1 with errno when the time is over. */
static int wait_for(const struct clamd_scan *scan, short events)
{
    struct pollfd ready = {.fd = scan->socket, .events = events};
    for (;;) {
        int64_t left = scan->deadline - clock_ms();
        int count = left > 0 ? poll(&ready, 1, (int)(left > 60000 ? 60000 : left)) : 0;
        if (count > 0)
            return 0;
        if (count < 0 && errno != EINTR)
            return -1;
        if (count == 0 && clock_ms() >= scan->deadline) {
            errno = ETIMEDOUT;
            return -1;
        }
    }
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

static int connect_to(struct clamd_scan *scan, const struct sockaddr_storage *address,
                      socklen_t length)
{
    scan->socket = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (scan->socket < 0)
        return -1;
    if (connect(scan->socket, (const struct sockaddr *)address, length) == 0)
        return 0;
    if (errno != EINPROGRESS || wait_for(scan, POLLOUT) != 0)
        return -1;
    int reason = 0;
    socklen_t size = sizeof reason;
    if (getsockopt(scan->socket, SOL_SOCKET, SO_ERROR, &reason, &size) != 0)
        return -1;
    errno = reason;
    return reason ? -1 : 0;
}

static int send_all(struct clamd_scan *scan, struct bytes bytes)
{
    while (bytes.length) {
        ssize_t sent = send(scan->socket, bytes.data, bytes.length, MSG_NOSIGNAL);
        if (sent >= 0)
            bytes = bytes_slice(bytes, (size_t)sent, bytes.length);
        else if (errno == EAGAIN ? wait_for(scan, POLLOUT) != 0 : errno != EINTR)
            return -1;
    }
    return 0;
}

int clamd_begin(const char *address, int64_t patience, struct clamd_scan *scan, struct error *error)
{
    struct sockaddr_storage where;
    *scan = (struct clamd_scan){-1, clock_ms() + patience, address, false};
    socklen_t length = parse_address(address, &where);
    if (length == 0) {
        errno = EADDRNOTAVAIL;
        return away(scan, error);
    }
    static const char command[] = "zINSTREAM";
    if (connect_to(scan, &where, length) != 0 ||
        send_all(scan, (struct bytes){(const uint8_t *)command, sizeof command}) != 0)
        return away(scan, error);
    return 0;
}

int clamd_send(struct clamd_scan *scan, struct bytes content, struct error *error)
{
    for (size_t at = 0; at < content.length; at += CHUNK) {
        struct bytes piece = bytes_slice(content, at, CHUNK);
        uint32_t length = htonl((uint32_t)piece.length);
        if (send_all(scan, (struct bytes){(const uint8_t *)&length, sizeof length}) != 0 ||
            send_all(scan, piece) != 0) {
            /* clamd says why it stops listening (its size limit) before it hangs up. */
            char found[ANSWER];
            return errno == EPIPE || errno == ECONNRESET
                       ? clamd_finish(scan, found, sizeof found, error) < 0
                             ? -1
                             : error_set(error, "gate_scanner_failed", scan->address, "%s", "")
                       : away(scan, error);
        }
    }
    return 0;
}

/* Reads up to the NUL that ends an answer; the answer is a string then. */
static int read_answer(struct clamd_scan *scan, char answer[ANSWER])
{
    size_t length = 0;
    while (length < ANSWER - 1) {
        ssize_t got = recv(scan->socket, answer + length, ANSWER - 1 - length, 0);
        if (got > 0) {
            length += (size_t)got;
            answer[length] = 0;
            if (memchr(answer, 0, length))
                return 0;
        } else if (got == 0) {
            errno = ECONNRESET;
            return -1;
        } else if (errno == EAGAIN ? wait_for(scan, POLLIN) != 0 : errno != EINTR) {
            return -1;
        }
    }
    errno = EMSGSIZE;
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

int clamd_finish(struct clamd_scan *scan, char *found, size_t size, struct error *error)
{
    char answer[ANSWER];
    static const uint8_t end[4] = {0};
    send_all(scan, (struct bytes){end, sizeof end}); /* it may have answered and gone already */
    if (read_answer(scan, answer) != 0)
        return away(scan, error);
    clamd_close(scan);
    if (!strcmp(answer, "stream: OK"))
        return 0;
    if (take_ending(answer, " FOUND")) {
        const char *name = strncmp(answer, "stream: ", 8) == 0 ? answer + 8 : answer;
        snprintf(found, size, "%s", name);
        return 1;
    }
    return error_set(error, "gate_scanner_failed", scan->address, "%s", answer);
}
