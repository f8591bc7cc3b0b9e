/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scanner that speaks clamd's INSTREAM in a process of its own: it finds the word EVIL, has
 * files with SLOW in them wait for scanner_hurry, and never comes to an end with one with HANG. */
#ifndef TEST_GATE_SCANNER_H
#define TEST_GATE_SCANNER_H

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"

/* Reads exactly so many bytes; false when the other side is gone. */
static inline bool scanner_read(int client, void *data, size_t length)
{
    return recv(client, data, length, MSG_WAITALL) == (ssize_t)length;
}

/* How a scanner behaves. */
enum scanner_kind {
    SCANNER_HONEST,   /* looks at several files at one time */
    SCANNER_LIMITED,  /* takes a little, and says that it was too much */
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

/* Takes its time over some files. */
static inline void scanner_ponder(struct bytes content, int hurry)
{
    struct pollfd hurries = {hurry, POLLIN, 0};
    if (bytes_find(content, 0, "HANG") != SIZE_MAX)
        pause();
    if (bytes_find(content, 0, "SLOW") != SIZE_MAX)
        poll(&hurries, 1, -1);
}

static inline void scanner_serve(int client, enum scanner_kind kind, int hurry)
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
            if (kind == SCANNER_LIMITED)
                break;
        }
        scanner_ponder(buffer_bytes(&content), hurry);
        answer = bytes_find(buffer_bytes(&content), 0, "EVIL") != SIZE_MAX
                     ? "stream: Test.Evil FOUND"
                     : "stream: OK";
        if (kind == SCANNER_LIMITED)
            answer = "INSTREAM size limit exceeded. ERROR";
    }
    send(client, answer, strlen(answer) + 1, MSG_NOSIGNAL);
    buffer_free(&content);
    close(client);
}

static int scanner_hurries[2] = {-1, -1}; /* of the scanner that was started last */

/* What it has waiting, and gets from now on, waits no longer. */
static inline void scanner_hurry(void)
{
    assert_int_equal(write(scanner_hurries[1], "", 1), 1);
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
    for (size_t i = 0; i < 2; i++)
        close(scanner_hurries[i]);
    assert_int_equal(pipe(scanner_hurries), 0);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGCHLD, SIG_IGN);
        for (;;) {
            int client = accept(socket_of, NULL, NULL);
            if (kind > SCANNER_LIMITED)
                scanner_misbehave(client, kind);
            else if (fork() == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                scanner_serve(client, kind, scanner_hurries[0]);
                _exit(0);
            } else
                close(client);
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
