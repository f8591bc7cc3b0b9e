/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaving for empty namespaces, giving up root, dropping capabilities: once, in the parent. */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534 };

#define NAMESPACES                                                                                 \
    (CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWCGROUP)

static bool write_file(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    bool written = write(file, text, strlen(text)) == (ssize_t)strlen(text);
    close(file);
    return written;
}

/* A user namespace in which only this very user exists. */
static bool enter_user_namespace(void)
{
    char users[64], groups[64];
    snprintf(users, sizeof users, "%u %u 1", geteuid(), geteuid());
    snprintf(groups, sizeof groups, "%u %u 1", getegid(), getegid());
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); /* else /proc/self belongs to root */
    if (unshare(CLONE_NEWUSER | NAMESPACES))
        return false;
    return write_file("/proc/self/setgroups", "deny") && write_file("/proc/self/uid_map", users) &&
           write_file("/proc/self/gid_map", groups);
}

/* What is mounted here from now on is not seen outside. */
static void make_mounts_private(void)
{
    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static int become_nobody(struct error *error)
{
    if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
        setresuid(NOBODY, NOBODY, NOBODY))
        return error_set_errno(error, "sandbox_failed", "setresuid");
    return 0;
}

static int drop_capabilities(struct error *error)
{
    for (int i = 0; i <= 63; i++)
        prctl(PR_CAPBSET_DROP, i, 0, 0, 0); /* not permitted when there is nothing to drop */
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {0};
    if (syscall(SYS_capset, &header, none))
        return error_set_errno(error, "sandbox_failed", "capset");
    return 0;
}

int sandbox_isolate(struct error *error)
{
    /* root makes the namespaces with its own rights; anybody else gets them by a user namespace */
    bool root = geteuid() == 0;
    bool apart = root && !unshare(NAMESPACES);
    if (apart)
        make_mounts_private();
    if (root && become_nobody(error))
        return -1;
    if (!apart && enter_user_namespace())
        make_mounts_private();
    if (drop_capabilities(error))
        return -1;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return error_set_errno(error, "sandbox_failed", "prctl");
    return 0;
}
