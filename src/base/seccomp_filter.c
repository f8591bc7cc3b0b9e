/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The allow-list of system calls, as tables. Compiled by libseccomp once in the parent; each child
 * only hands the finished program to the kernel.
 */
#include "base/seccomp_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Allowed with any arguments: open descriptors, memory, signals of its own, the clock, the end. */
static const int allowed[] = {
    SCMP_SYS(brk),
    SCMP_SYS(clock_gettime), /* where the vDSO cannot tell the time itself */
    SCMP_SYS(close),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(fstat),
    SCMP_SYS(futex),
    SCMP_SYS(getpid),
    SCMP_SYS(getrandom), /* seeds of hash tables; keys and salts of what is closed again */
    SCMP_SYS(gettid),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(lseek),
    SCMP_SYS(madvise),
    SCMP_SYS(mremap),
    SCMP_SYS(munmap),
    SCMP_SYS(pread64),
    SCMP_SYS(read),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(sysinfo), /* qsort asks how much memory there is */
    SCMP_SYS(write),
    SCMP_SYS(writev),
};

/* Not worth dying for: refused with an error that libraries cope with. */
struct refusal {
    int call;
    int error;
};

static const struct refusal refused[] = {
    {SCMP_SYS(ioctl), ENOTTY}, /* stdio asks whether it writes to a terminal */
    {SCMP_SYS(tgkill), EPERM}, /* abort() goes on to an illegal instruction */
};

/* stdio asks for the kind of a descriptor in a call that could also look at paths. */
static const struct refusal refused_pure[] = {
    {SCMP_SYS(newfstatat), EACCES},
};

/* Rendering looks for fonts and CMaps; Landlock decides which files it sees. */
static const int allowed_render[] = {
    SCMP_SYS(access),   SCMP_SYS(faccessat),  SCMP_SYS(faccessat2), SCMP_SYS(fcntl),
    SCMP_SYS(fstatfs),  SCMP_SYS(getcwd),     SCMP_SYS(getdents64), SCMP_SYS(getegid),
    SCMP_SYS(geteuid),  SCMP_SYS(getgid),     SCMP_SYS(getuid),     SCMP_SYS(newfstatat),
    SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(statfs),     SCMP_SYS(statx),
    SCMP_SYS(uname),
};

/* A service keeps files and a database, answers over sockets that are open, and has threads. */
static const int allowed_service[] = {
    SCMP_SYS(accept4),
    SCMP_SYS(access),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(copy_file_range),
    SCMP_SYS(dup),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(eventfd2),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(fallocate),
    SCMP_SYS(fchmod),
    SCMP_SYS(fcntl),
    SCMP_SYS(fdatasync),
    SCMP_SYS(flock),
    SCMP_SYS(fstatfs),
    SCMP_SYS(fsync),
    SCMP_SYS(ftruncate),
    SCMP_SYS(getcwd),
    SCMP_SYS(getdents64),
    SCMP_SYS(getegid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getpeername),
    SCMP_SYS(getppid),
    SCMP_SYS(getrusage),
    SCMP_SYS(getsockname),
    SCMP_SYS(getsockopt),
    SCMP_SYS(getuid),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(lstat),
    SCMP_SYS(membarrier),
    SCMP_SYS(memfd_create),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(mlock),
    SCMP_SYS(munlock),
    SCMP_SYS(nanosleep),
    SCMP_SYS(newfstatat),
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(pipe2),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(pselect6),
    SCMP_SYS(pwrite64),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(rmdir),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(select),
    SCMP_SYS(sendfile),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(setsockopt),
    SCMP_SYS(shutdown),
    SCMP_SYS(stat),
    SCMP_SYS(statx),
    SCMP_SYS(syncfs),
    SCMP_SYS(uname),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(utimensat),
};

/* Old calls instead, whose arguments can be looked at; and ownership, which SQLite tries to set. */
static const struct refusal refused_service[] = {
    {SCMP_SYS(clone3), ENOSYS},
    {SCMP_SYS(fchown), EPERM},
    {SCMP_SYS(prctl), EINVAL},
    {SCMP_SYS(sched_setscheduler), EPERM},
};

/* For a service with a pool: memory files for its workers, their deadline, their end. */
static const int allowed_workers[] = {
    SCMP_SYS(memfd_create),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(timerfd_settime),
    SCMP_SYS(wait4),
};

static const int allowed_watches[] = {
    SCMP_SYS(inotify_add_watch),
    SCMP_SYS(inotify_rm_watch),
};

/* Families of sockets, and which way of connecting opens them. */
static const struct {
    int family;
    enum sandbox_connect connect;
} families[] = {
    {AF_UNIX, SANDBOX_CONNECT_LOCAL},
    {AF_INET, SANDBOX_CONNECT_TCP},
    {AF_INET6, SANDBOX_CONNECT_TCP},
};

#ifndef __has_feature
#define __has_feature(name) 0
#endif

static int allow_all(scmp_filter_ctx filter, const int *calls, size_t count)
{
    int result = 0;
    for (size_t i = 0; i < count; i++)
        result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
    return result;
}

static int refuse_all(scmp_filter_ctx filter, const struct refusal *calls, size_t count)
{
    int result = 0;
    for (size_t i = 0; i < count; i++)
        result |=
            seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint16_t)calls[i].error), calls[i].call, 0);
    return result;
}

/* Memory is never executable, limits are read but not set. */
static int add_memory(scmp_filter_ctx filter)
{
    struct scmp_arg_cmp not_executable = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    struct scmp_arg_cmp nothing_set = SCMP_A2(SCMP_CMP_EQ, 0, 0);
    int result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &not_executable);
    result |=
        seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &not_executable);
    return result |
           seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, &nothing_set);
}

/* Of fcntl, a worker may ask how a descriptor was opened. */
static int add_restricted(scmp_filter_ctx filter)
{
    struct scmp_arg_cmp flags_read = SCMP_A1(SCMP_CMP_EQ, F_GETFL, 0);
    return add_memory(filter) |
           seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, &flags_read);
}

static int add_profile(scmp_filter_ctx filter, enum sandbox_profile profile)
{
    if (profile == SANDBOX_PURE)
        return refuse_all(filter, refused_pure, sizeof refused_pure / sizeof *refused_pure);
    struct scmp_arg_cmp read_only =
        SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND, O_RDONLY);
    int result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, &read_only);
    return result |
           allow_all(filter, allowed_render, sizeof allowed_render / sizeof *allowed_render);
}

/* Writes the finished program into a memory file and reads it back. */
static int export_program(scmp_filter_ctx filter, struct buffer *program)
{
    int file = memfd_create("seccomp", MFD_CLOEXEC);
    if (file < 0)
        return -1;
    int result = seccomp_export_bpf(filter, file);
    off_t size = lseek(file, 0, SEEK_END);
    if (!result && size > 0) {
        buffer_reserve(program, (size_t)size);
        result = pread(file, program->data + program->length, (size_t)size, 0) == size ? 0 : -1;
        program->length += (size_t)size;
    }
    close(file);
    return size > 0 ? result : -1;
}

int seccomp_filter_compile(enum sandbox_profile profile, struct buffer *program,
                           struct error *error)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter)
        return error_set(error, "sandbox_failed", "seccomp_init", "%s", "");
    int result = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    result |= seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    result |= allow_all(filter, allowed, sizeof allowed / sizeof *allowed);
    result |= refuse_all(filter, refused, sizeof refused / sizeof *refused);
    result |= add_restricted(filter);
    result |= add_profile(filter, profile);
    if (!result)
        result = export_program(filter, program);
    seccomp_release(filter);
    return result ? error_set(error, "sandbox_failed", "seccomp", "%s", "") : 0;
}

/* Streams of the families that fit; other sockets are refused, which libraries cope with. */
static int add_sockets(scmp_filter_ctx filter, enum sandbox_connect connect)
{
    enum { TYPE = 15 }; /* of the second argument, the rest are flags */
    struct scmp_arg_cmp beyond = SCMP_A0(SCMP_CMP_GT, AF_INET6, 0);
    int result = 0;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        bool fits = families[i].connect == connect;
        const struct scmp_arg_cmp stream[] = {
            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i].family, 0),
            SCMP_A1(SCMP_CMP_MASKED_EQ, TYPE, SOCK_STREAM)};
        const struct scmp_arg_cmp datagram[] = {stream[0],
                                                SCMP_A1(SCMP_CMP_MASKED_EQ, TYPE, SOCK_DGRAM)};
        result |= seccomp_rule_add_array(filter, fits ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EACCES),
                                         SCMP_SYS(socket), 2, stream);
        result |=
            seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 2, datagram);
    }
    result |= seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 1, &beyond);
    if (connect != SANDBOX_CONNECT_NOWHERE)
        result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(connect), 0);
    return result;
}

/* What one service may beyond all services. */
static int add_service(scmp_filter_ctx filter, const struct sandbox_service *service)
{
    int result = add_sockets(filter, service->connect);
    if (service->workers)
        result |=
            allow_all(filter, allowed_workers, sizeof allowed_workers / sizeof *allowed_workers);
    if (service->watches)
        result |=
            allow_all(filter, allowed_watches, sizeof allowed_watches / sizeof *allowed_watches);
    return result;
}

int seccomp_filter_compile_service(const struct sandbox_service *service, struct buffer *program,
                                   struct error *error)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter)
        return error_set(error, "sandbox_failed", "seccomp_init", "%s", "");
    struct scmp_arg_cmp thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);
    int result = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    result |= seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    result |= allow_all(filter, allowed, sizeof allowed / sizeof *allowed);
    result |= allow_all(filter, allowed_service, sizeof allowed_service / sizeof *allowed_service);
    result |= refuse_all(filter, refused, sizeof refused / sizeof *refused);
    result |= refuse_all(filter, refused_service, sizeof refused_service / sizeof *refused_service);
    result |= seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, &thread);
    result |= add_memory(filter);
    result |= add_service(filter, service);
    if (!result)
        result = export_program(filter, program);
    seccomp_release(filter);
    return result ? error_set(error, "sandbox_failed", "seccomp", "%s", "") : 0;
}

int seccomp_filter_load(struct bytes program, struct error *error)
{
    struct sock_fprog code = {
        .len = (unsigned short)(program.length / sizeof(struct sock_filter)),
        .filter = (struct sock_filter *)(uintptr_t)program.data,
    };
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &code))
        return error_set_errno(error, "sandbox_failed", "seccomp");
    return 0;
}
