/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaving for empty namespaces, giving up root, dropping capabilities: once, in the parent. */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/sandbox_internal.h"

enum { NOBODY = 65534 };

#define NAMESPACES                                                                                 \
    (CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWCGROUP)

#define READ_ONLY (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)

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

/* Makes the folders of an absolute path below the current directory. */
static bool make_folders(const char *path)
{
    char folder[PATH_MAX];
    if (snprintf(folder, sizeof folder, ".%s/", path) >= (int)sizeof folder)
        return false;
    for (char *slash = strchr(folder + 2, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0755) && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return true;
}

/* Shows a directory of the old root in the new one, which is the current directory, read-only. */
static void show_directory(const char *path)
{
    char target[PATH_MAX];
    if (access(path, F_OK) || !make_folders(path) ||
        snprintf(target, sizeof target, ".%s", path) >= (int)sizeof target)
        return;
    if (!mount(path, target, NULL, MS_BIND | MS_REC, NULL))
        mount(NULL, target, NULL, MS_REMOUNT | MS_BIND | READ_ONLY, NULL);
}

/*
 * Leaves for a file system in which there is nothing but the directories that rendering reads. It
 * is one wall more: Landlock denies the files already, but not their existence.
 */
static void leave_for_empty_root(void)
{
    static const char place[] = "/tmp";
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
        mount("none", place, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=64k") || chdir(place))
        return;
    for (const char *const *path = sandbox_render_directories; *path; path++)
        show_directory(*path);
    if (syscall(SYS_pivot_root, ".", "."))
        return;
    umount2(".", MNT_DETACH);
    mount(NULL, "/", NULL, MS_REMOUNT | READ_ONLY, NULL);
    if (chdir("/"))
        return;
}

static int become_nobody(struct error *error)
{
    if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
        setresuid(NOBODY, NOBODY, NOBODY))
        return error_set_errno(error, "sandbox_failed", "setresuid");
    return 0;
}

/* No program started from here on gets a capability; needs one itself, so it comes before the rest.
 */
static void drop_bounding_set(void)
{
    for (int i = 0; i <= CAP_LAST_CAP; i++)
        prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
}

static int drop_capabilities(struct error *error)
{
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
        leave_for_empty_root();
    if (root)
        drop_bounding_set();
    if (root && become_nobody(error))
        return -1;
    if (!apart && enter_user_namespace())
        leave_for_empty_root();
    drop_bounding_set();
    if (drop_capabilities(error))
        return -1;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return error_set_errno(error, "sandbox_failed", "prctl");
    return 0;
}
