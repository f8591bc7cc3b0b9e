/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Locking a process in before it touches bytes from outside: no_new_privs, resource limits, no
 * capabilities, Landlock without rights, a seccomp allow-list that kills. Where any of seccomp,
 * Landlock or the limits cannot be set up, entering fails and the process must not go on.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum sandbox_profile {
    SANDBOX_PURE,   /* reads and writes open descriptors, uses memory, ends */
    SANDBOX_RENDER, /* as pure, and reads the system's fonts and poppler's CMaps */
    SANDBOX_PROFILE_COUNT,
};

struct sandbox_limits {
    uint64_t memory_bytes; /* address space above what the process has on entering */
    uint64_t file_bytes;   /* largest file written; a write beyond ends with SIGXFSZ */
    uint64_t cpu_seconds;  /* processor time; beyond it SIGXCPU, one second later SIGKILL */
};

/* Filters and rule sets, made once and used by every child. Opaque. */
struct sandbox;

/*
 * Compiles the filters and opens the rule sets for all profiles. NULL with sandbox_failed when this
 * kernel lacks seccomp or Landlock. The caller frees it with sandbox_free.
 */
struct sandbox *sandbox_prepare(struct error *error);
void sandbox_free(struct sandbox *sandbox);

/*
 * Called once by the parent of all sandboxed processes, before it forks them: leaves for empty
 * network, IPC, mount and process namespaces as far as the kernel allows it, gives up root for the
 * user nobody, and drops every capability. Children forked afterwards live in the new process
 * namespace, of which the first one is process 1. 0, or -1 with sandbox_failed when root could not
 * be given up.
 */
int sandbox_isolate(struct error *error);

/*
 * Locks the calling process in for good. The profile's rights are all it has afterwards, and every
 * descriptor from number first_closed on is closed. 0, or -1 with sandbox_failed: then the process
 * must exit at once.
 */
int sandbox_enter(const struct sandbox *sandbox, enum sandbox_profile profile,
                  const struct sandbox_limits *limits, int first_closed, struct error *error);

/* ---- processes that serve for long ---- */

enum sandbox_access {
    SANDBOX_LIST,  /* a directory: the names in it and below */
    SANDBOX_READ,  /* a file, or everything below a directory */
    SANDBOX_WRITE, /* a file: reading and writing; a directory: and making, moving, removing below
                    */
};

struct sandbox_path {
    const char *path;
    enum sandbox_access access;
};

/* Where a service may connect to by itself. */
enum sandbox_connect {
    SANDBOX_CONNECT_NOWHERE,
    SANDBOX_CONNECT_LOCAL, /* sockets with a path */
    SANDBOX_CONNECT_TCP,   /* one port, where the kernel can tell ports apart */
};

struct sandbox_service {
    const struct sandbox_path *paths; /* what it sees */
    size_t path_count;
    enum sandbox_connect connect;
    uint16_t port; /* with SANDBOX_CONNECT_TCP */
    bool workers;  /* it has a pool of workers, started before: feeds them memory files, ends them
                      by process descriptors that it was given, and collects them */
    bool watches;  /* it hears of changes in directories (inotify) */
};

/*
 * Locks the calling process in for good, before it makes its threads: it sees the paths named (what
 * does not exist yet it will never see), takes connections on sockets that are open already, makes
 * threads, and beyond that only what `service` says: no program is started, no other socket opened,
 * nothing made executable. 0, or -1 with sandbox_failed: then the process must exit at once.
 */
int sandbox_enter_service(const struct sandbox_service *service, struct error *error);

#endif
