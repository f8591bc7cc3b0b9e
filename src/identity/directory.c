/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the directory process whether a password is right. */
#include "identity/directory.h"

#include <fcntl.h>
#include <poll.h>
#include <sodium.h>
#include <unistd.h>

#include "base/file.h"
#include "base/ipc.h"
#include "identity/directory_internal.h"

enum { PATIENCE = 10000 }; /* milliseconds */

static int away(struct error *error)
{
    return error_set(error, "directory_away", NULL, "%s", "");
}

/* Only what a login can be made of goes into the name of an entry. */
static bool is_login(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length < IDENTITY_LOGIN_SIZE &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-") == length;
}

static int await_answer(int pipe, struct error *error)
{
    struct pollfd readable = {pipe, POLLIN, 0};
    uint8_t answer = DIRECTORY_AWAY;
    if (poll(&readable, 1, PATIENCE) != 1 || read(pipe, &answer, 1) != 1 ||
        (answer != DIRECTORY_YES && answer != DIRECTORY_NO))
        return away(error);
    return answer == DIRECTORY_YES;
}

int identity_directory_check(const struct identity_directory *directory, const char *login,
                             const char *password, struct error *error)
{
    AUTO_BUFFER message = {0};
    AUTO_FD reading = -1, writing = -1;
    struct pollfd writable = {directory->socket, POLLOUT, 0};
    int pipe[2];
    if (!is_login(login) || !*password || strlen(password) >= DIRECTORY_PASSWORD_SIZE)
        return 0;
    if (pipe2(pipe, O_CLOEXEC) != 0)
        return error_set_errno(error, "directory_away", NULL);
    reading = pipe[0];
    writing = pipe[1];
    ipc_put_string(&message, login);
    ipc_put_string(&message, password);
    int sent = poll(&writable, 1, PATIENCE) == 1
                   ? ipc_send(directory->socket, buffer_bytes(&message), &writing, 1, NULL)
                   : -1;
    sodium_memzero(message.data, message.length);
    file_close(&writing); /* so that the end of the process is the end of the pipe */
    return sent == 0 ? await_answer(reading, error) : away(error);
}
