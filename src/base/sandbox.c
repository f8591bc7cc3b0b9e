/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits, Landlock and seccomp of one process. The namespaces are in namespace.c. */
#include "base/sandbox.h"

#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/landlock.h"
#include "base/memory.h"
#include "base/sandbox_internal.h"
#include "base/seccomp_filter.h"

/* AddressSanitizer reserves terabytes of address space, so that limit cannot hold under it. */
#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SPACE_LIMITED 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SPACE_LIMITED 0
#endif
#endif
#ifndef ADDRESS_SPACE_LIMITED
#define ADDRESS_SPACE_LIMITED 1
#endif

const char *const sandbox_render_directories[] = {
    "/etc/fonts",
    "/usr/local/share/fonts",
    "/usr/share/fontconfig",
    "/usr/share/fonts",
    "/usr/share/poppler",
    "/var/cache/fontconfig",
    NULL,
};

enum { RENDER_DESCRIPTORS = 64 };

struct sandbox {
    struct buffer programs[SANDBOX_PROFILE_COUNT];
    int rules[SANDBOX_PROFILE_COUNT];
    uint64_t base_bytes; /* address space of the process that prepared it */
};

/* The size of this process's address space in bytes, or 0. */
static uint64_t address_space(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    int fields = fscanf(file, "%lu", &pages);
    fclose(file);
    return fields == 1 ? (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

struct sandbox *sandbox_prepare(struct error *error)
{
    struct sandbox *sandbox = memory_allocate(1, sizeof *sandbox);
    sandbox->rules[SANDBOX_PURE] = landlock_open(NULL, error);
    sandbox->rules[SANDBOX_RENDER] = landlock_open(sandbox_render_directories, error);
    bool failed = sandbox->rules[SANDBOX_PURE] < 0 || sandbox->rules[SANDBOX_RENDER] < 0;
    for (int i = 0; i < SANDBOX_PROFILE_COUNT && !failed; i++)
        failed = seccomp_filter_compile(i, &sandbox->programs[i], error);
    sandbox->base_bytes = address_space();
    if (!failed && !sandbox->base_bytes)
        failed = error_set(error, "sandbox_failed", "/proc/self/statm", "%s", "");
    if (!failed)
        return sandbox;
    sandbox_free(sandbox);
    return NULL;
}

void sandbox_free(struct sandbox *sandbox)
{
    if (!sandbox)
        return;
    for (int i = 0; i < SANDBOX_PROFILE_COUNT; i++) {
        buffer_free(&sandbox->programs[i]);
        if (sandbox->rules[i] >= 0)
            close(sandbox->rules[i]);
    }
    free(sandbox);
}

static int limit(int resource, uint64_t soft, uint64_t hard, struct error *error)
{
    struct rlimit value = {soft, hard};
    struct rlimit now;
    if (getrlimit(resource, &now))
        return error_set_errno(error, "sandbox_failed", "getrlimit");
    /* a limit that is already tighter stays */
    if (value.rlim_max > now.rlim_max)
        value.rlim_max = now.rlim_max;
    if (value.rlim_cur > value.rlim_max)
        value.rlim_cur = value.rlim_max;
    return setrlimit(resource, &value) ? error_set_errno(error, "sandbox_failed", "setrlimit") : 0;
}

static int limit_resources(const struct sandbox *sandbox, enum sandbox_profile profile,
                           const struct sandbox_limits *limits, struct error *error)
{
    uint64_t descriptors = profile == SANDBOX_RENDER ? RENDER_DESCRIPTORS : 0;
    uint64_t space = sandbox->base_bytes + limits->memory_bytes;
    if (limit(RLIMIT_CORE, 0, 0, error) || limit(RLIMIT_NPROC, 0, 0, error) ||
        limit(RLIMIT_FSIZE, limits->file_bytes, limits->file_bytes, error) ||
        limit(RLIMIT_CPU, limits->cpu_seconds, limits->cpu_seconds + 1, error) ||
        limit(RLIMIT_NOFILE, descriptors, descriptors, error))
        return -1;
    return ADDRESS_SPACE_LIMITED ? limit(RLIMIT_AS, space, space, error) : 0;
}

int sandbox_enter(const struct sandbox *sandbox, enum sandbox_profile profile,
                  const struct sandbox_limits *limits, int first_closed, struct error *error)
{
    if (limit_resources(sandbox, profile, limits, error))
        return -1;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return error_set_errno(error, "sandbox_failed", "prctl");
    if (landlock_enter(sandbox->rules[profile], error))
        return -1;
    if (close_range((unsigned)first_closed, ~0U, 0))
        return error_set_errno(error, "sandbox_failed", "close_range");
    return seccomp_filter_load(buffer_bytes(&sandbox->programs[profile]), error);
}
