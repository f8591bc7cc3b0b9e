/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Locking in a process that serves for long: its own files, open sockets, threads, nothing more. */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/landlock.h"
#include "base/sandbox.h"
#include "base/seccomp_filter.h"

int sandbox_enter_service(const struct sandbox_service *service, struct error *error)
{
    AUTO_BUFFER program = {0};
    const struct rlimit no_core = {0, 0};
    int rules = landlock_open_service(service->workers, error);
    int result = rules < 0 ? -1 : 0;
    for (size_t i = 0; result == 0 && i < service->path_count; i++)
        result = landlock_allow(rules, &service->paths[i], error);
    if (result == 0 && service->connect == SANDBOX_CONNECT_TCP)
        result = landlock_allow_port(rules, service->port, error);
    if (result == 0)
        result = seccomp_filter_compile_service(service, &program, error);
    if (result == 0 && (setrlimit(RLIMIT_CORE, &no_core) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ||
                        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)))
        result = error_set_errno(error, "sandbox_failed", "prctl");
    if (result == 0)
        result = landlock_enter(rules, error);
    if (rules >= 0)
        close(rules);
    return result == 0 ? seccomp_filter_load(buffer_bytes(&program), error) : -1;
}
