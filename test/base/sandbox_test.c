/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sandbox.h"

static struct sandbox *sandbox;
static const struct sandbox_limits limits = {
    .memory_bytes = 64 << 20, .file_bytes = 1 << 20, .cpu_seconds = 10};

/* Runs `act` in a locked-in child; its exit status, or minus the signal that killed it. */
static int run(enum sandbox_profile profile, int (*act)(void))
{
    pid_t child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL); /* cmocka has put handlers of its own */
        signal(SIGABRT, SIG_DFL);
        if (sandbox_enter(sandbox, profile, &limits, 5, NULL))
            _exit(99);
        _exit(act());
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int do_nothing(void)
{
    return 0;
}

static int use_memory(void)
{
    char *block = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED)
        return 1;
    block[4096] = 1;
    return munmap(block, 1 << 20);
}

static int open_password_file(void)
{
    int file = (int)syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
    return file >= 0 ? 1 : errno == EACCES ? 2 : 3;
}

static int open_fonts(void)
{
    return syscall(SYS_openat, AT_FDCWD, "/usr/share/fonts", O_RDONLY | O_DIRECTORY) >= 0 ? 0 : 1;
}

static int open_for_writing(void)
{
    return syscall(SYS_openat, AT_FDCWD, "/usr/share/fonts/x", O_WRONLY | O_CREAT, 0600) >= 0;
}

static int use_descriptor_seven(void)
{
    return write(7, "x", 1) == 1 ? 1 : errno == EBADF ? 0 : 2;
}

static int make_executable(void)
{
    mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return 1;
}

static int end_by_abort(void)
{
    abort();
}

static void pure_work_is_possible(void **state)
{
    (void)state;
    assert_int_equal(run(SANDBOX_PURE, do_nothing), 0);
    assert_int_equal(run(SANDBOX_PURE, use_memory), 0);
}

static void pure_open_kills(void **state)
{
    (void)state;
    assert_int_equal(run(SANDBOX_PURE, open_password_file), -SIGSYS);
}

static void render_reads_fonts_and_nothing_else(void **state)
{
    (void)state;
    if (access("/usr/share/fonts", F_OK) == 0)
        assert_int_equal(run(SANDBOX_RENDER, open_fonts), 0);
    assert_int_equal(run(SANDBOX_RENDER, open_password_file), 2);
    assert_int_equal(run(SANDBOX_RENDER, open_for_writing), -SIGSYS);
}

static void other_descriptors_are_closed(void **state)
{
    (void)state;
    int before = dup2(STDERR_FILENO, 7);
    assert_int_equal(before, 7);
    assert_int_equal(run(SANDBOX_PURE, use_descriptor_seven), 0);
    close(7);
}

static void executable_memory_kills(void **state)
{
    (void)state;
    assert_int_equal(run(SANDBOX_PURE, make_executable), -SIGSYS);
    assert_int_equal(run(SANDBOX_RENDER, make_executable), -SIGSYS);
}

static void abort_still_ends_the_process(void **state)
{
    (void)state;
    assert_true(run(SANDBOX_PURE, end_by_abort) < 0);
}

/* Leaves for the namespaces and says what is left there. */
static int look_around(void)
{
    if (sandbox_isolate(NULL))
        return 1;
    if (geteuid() == 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        return 2;
    if (setresuid(0, 0, 0) == 0)
        return 3;
    int out = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in elsewhere = {.sin_family = AF_INET, .sin_port = htons(53)};
    inet_pton(AF_INET, "192.0.2.1", &elsewhere.sin_addr);
    if (out >= 0 && connect(out, (struct sockaddr *)&elsewhere, sizeof elsewhere) == 0)
        return 4;
    return access("/etc/passwd", F_OK) == 0 ? 5 : 0;
}

static void isolation_leaves_root_network_and_files_behind(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0)
        _exit(look_around());
    int status;
    waitpid(child, &status, 0);
    int left = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (left >= 4)
        skip(); /* this kernel lets an ordinary user make no namespaces */
    assert_int_equal(left, 0);
}

/* A kernel without the call: it answers ENOSYS. */
static int prepare_without(int call)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), call, 0);
    seccomp_load(filter);
    struct error error = {0};
    struct sandbox *prepared = sandbox_prepare(&error);
    if (!prepared)
        return strcmp(error.code, "sandbox_failed") ? 2 : 0;
    return sandbox_enter(prepared, SANDBOX_PURE, &limits, 5, &error) ? 0 : 1;
}

static void without_landlock_or_seccomp_nothing_starts(void **state)
{
    (void)state;
    static const int calls[] = {SCMP_SYS(landlock_create_ruleset), SCMP_SYS(landlock_restrict_self),
                                SCMP_SYS(seccomp)};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit(prepare_without(calls[i]));
        int status;
        waitpid(child, &status, 0);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pure_work_is_possible),
        cmocka_unit_test(pure_open_kills),
        cmocka_unit_test(render_reads_fonts_and_nothing_else),
        cmocka_unit_test(other_descriptors_are_closed),
        cmocka_unit_test(executable_memory_kills),
        cmocka_unit_test(abort_still_ends_the_process),
        cmocka_unit_test(isolation_leaves_root_network_and_files_behind),
        cmocka_unit_test(without_landlock_or_seccomp_nothing_starts),
    };
    struct error error = {0};
    sandbox = sandbox_prepare(&error);
    if (!sandbox) {
        printf("Bail out! %s %s %s\n", error.code, error.where, error.detail);
        return 1;
    }
    int result = cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
    sandbox_free(sandbox);
    return result;
}
