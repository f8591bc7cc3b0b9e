/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scanner that speaks clamd's INSTREAM in a process of its own: it finds the word EVIL. */
#ifndef TEST_GATE_SCANNER_H
#define TEST_GATE_SCANNER_H

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/buffer.h"

/* Reads exactly so many bytes; false when the other side is gone. */
static inline bool scanner_read(int client, void *data, size_t length)
{
    return recv(client, data, length, MSG_WAITALL) == (ssize_t)length;
}

/* How a scanner behaves. */
enum scanner_kind {
    SCANNER_HONEST,
    SCANNER_SILENT,   /* takes everything and says nothing */
    SCANNER_DEAF,     /* takes nothing */
    SCANNER_TRICKLES, /* a byte of its answer now and then, without end */
    SCANNER_BABBLES,  /* an answer of the wrong form */
};

/* Ends when the other side is gone. */
static inline void scanner_misbehave(int client, enum scanner_kind kind)
{
    char taken[4096];
    struct pollfd gone = {client, kind == SCANNER_DEAF ? POLLRDHUP : POLLIN | POLLRDHUP, 0};
    if (kind == SCANNER_BABBLES)
        send(client, "PONG", 5, MSG_NOSIGNAL);
    for (;;) {
        poll(&gone, 1, 50);
        if (gone.revents & (POLLRDHUP | POLLHUP | POLLERR))
            break;
        if (gone.revents & POLLIN && recv(client, taken, sizeof taken, MSG_DONTWAIT) == 0)
            break;
        if (kind == SCANNER_TRICKLES && send(client, "s", 1, MSG_NOSIGNAL) < 0)
            break;
    }
    close(client);
}

static inline void scanner_serve(int client)
{
    struct buffer content = {0};
    char command[10];
    uint32_t length;
    const char *answer = "UNKNOWN COMMAND";
    if (scanner_read(client, command, sizeof command) && !memcmp(command, "zINSTREAM", 10)) {
        while (scanner_read(client, &length, 4) && (length = ntohl(length)) != 0) {
            buffer_reserve(&content, length);
            if (!scanner_read(client, content.data + content.length, length))
                break;
            content.length += length;
        }
        answer = bytes_find(buffer_bytes(&content), 0, "EVIL") != SIZE_MAX
                     ? "stream: Test.Evil FOUND"
                     : "stream: OK";
    }
    send(client, answer, strlen(answer) + 1, MSG_NOSIGNAL);
    buffer_free(&content);
    close(client);
}

/* Starts one at a path; its process, to be ended by scanner_stop. It ends with the test too, which
 * may fail in between: whoever reads the test's output waits for the last process that has it. */
static inline pid_t scanner_start_as(const char *path, enum scanner_kind kind)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int socket_of = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    unlink(path);
    assert_int_equal(bind(socket_of, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(socket_of, 8), 0);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) {
            int client = accept(socket_of, NULL, NULL);
            if (kind == SCANNER_HONEST)
                scanner_serve(client);
            else
                scanner_misbehave(client, kind);
        }
    }
    close(socket_of);
    return child;
}

static inline pid_t scanner_start(const char *path)
{
    return scanner_start_as(path, SCANNER_HONEST);
}

static inline void scanner_stop(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

#endif
