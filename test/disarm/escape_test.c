/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker cannot get out. This program is its own zygote, but with a worker body that tries to
 * escape; which way is the name of the file submitted. The product has no such body.
 */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/memory.h"
#include "disarm/receipt.h"
#include "disarm/zygote.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if !defined(SANITIZED) && defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Where a worker would leave its mark if it could write elsewhere. */
#define MARK "/tmp/sekisho-escape-mark"

static void try_open(void)
{
    syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
}

static void try_create(void)
{
    syscall(SYS_openat, AT_FDCWD, MARK, O_WRONLY | O_CREAT, 0600);
}

static void try_old_open(void)
{
    syscall(SYS_open, MARK, O_WRONLY | O_CREAT, 0600);
}

static void try_unlink(void)
{
    syscall(SYS_unlinkat, AT_FDCWD, "/etc/passwd", 0);
}

static void try_socket(void)
{
    syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
}

static void try_connect(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/dbus/system_bus_socket"};
    syscall(SYS_connect, WORKER_OUTPUT, &address, sizeof address);
}

static void try_send(void)
{
    syscall(SYS_sendto, WORKER_OUTPUT, "x", 1, 0, NULL, 0);
}

static void try_execve(void)
{
    char program[] = "/bin/sh";
    char *arguments[] = {program, NULL};
    syscall(SYS_execve, program, arguments, NULL);
}

static void try_fork(void)
{
    syscall(SYS_fork);
}

static void try_clone(void)
{
    syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

static void try_clone3(void)
{
    uint64_t arguments[11] = {[4] = SIGCHLD};
    syscall(SYS_clone3, arguments, sizeof arguments);
}

static void try_ptrace(void)
{
    syscall(SYS_ptrace, PTRACE_ATTACH, 1, NULL, NULL);
}

static void try_read_memory(void)
{
    syscall(SYS_process_vm_readv, 1, NULL, 0, NULL, 0, 0);
}

static void try_kill(void)
{
    syscall(SYS_kill, 1, SIGKILL);
}

static void try_raise_descriptors(void)
{
    struct rlimit limit = {4096, 4096};
    syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &limit, NULL);
}

static void try_setrlimit(void)
{
    struct rlimit limit = {4096, 4096};
    syscall(SYS_setrlimit, RLIMIT_NOFILE, &limit);
}

static void try_mprotect(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    syscall(SYS_mprotect, page, 4096, PROT_READ | PROT_EXEC);
}

static void try_mmap_executable(void)
{
    syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
            -1, 0);
}

static void try_unshare(void)
{
    syscall(SYS_unshare, CLONE_NEWUSER);
}

static void try_mount(void)
{
    syscall(SYS_mount, "none", "/", "tmpfs", 0, NULL);
}

static void try_prctl(void)
{
    syscall(SYS_prctl, 38, 0, 0, 0, 0);
}

static void try_bpf(void)
{
    syscall(SYS_bpf, 0, NULL, 0);
}

static void try_io_uring(void)
{
    syscall(SYS_io_uring_setup, 8, NULL);
}

static void try_memfd(void)
{
    syscall(SYS_memfd_create, "x", 0);
}

static void try_truncate(void)
{
    syscall(SYS_ftruncate, WORKER_OUTPUT, INT64_C(1) << 40);
}

static void try_setuid(void)
{
    syscall(SYS_setresuid, 0, 0, 0);
}

static void try_socketcall_32bit(void)
{
#ifdef __x86_64__
    long result = 5; /* open in the table of 32-bit calls */
    __asm__ volatile("int $0x80" : "+a"(result) : "b"(0), "c"(0), "d"(0) : "memory");
#else
    try_open();
#endif
}

static void be_endless(void)
{
    for (volatile unsigned i = 0;; i++)
        continue;
}

static void sleep_for_ever(void)
{
    /* there is nothing to wait with but a lock that nobody opens */
    int lock = 0;
    for (;;)
        syscall(SYS_futex, &lock, 0, 0, NULL, NULL, 0);
}

static void eat_memory(void)
{
    for (;;)
        memset(memory_allocate(1, 16 << 20), 1, 16 << 20);
}

static void fill_output(void)
{
    static uint8_t block[1 << 20];
    for (;;) {
        if (write(WORKER_OUTPUT, block, sizeof block) < 0)
            _exit(WORKER_NOT_WRITTEN);
    }
}

static void crash(void)
{
    /* an empty page, where a wild pointer would lead */
    volatile char *nowhere = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *nowhere = 1;
}

static void crash_by_abort(void)
{
    abort();
}

static void leave_without_report(void)
{
    _exit(WORKER_DONE);
}

static void leave_with_nonsense(void)
{
    if (write(WORKER_REPORT, "nonsense", 8) == 8)
        _exit(WORKER_DONE);
}

/* Says that it made an honest text, but leaves something else. */
static void forge_report(void)
{
    AUTO_BUFFER message = {0};
    struct receipt receipt = {0};
    struct report report = {.input_format = format_find("text"),
                            .output_format = format_find("text")};
    report_encode(&report, &receipt, &message);
    if (write(WORKER_OUTPUT, "MZ\x90\0evil", 8) == 8 &&
        write(WORKER_REPORT, message.data, message.length) == (ssize_t)message.length)
        _exit(WORKER_DONE);
}

static void use_unknown_keys(void)
{
    AUTO_BUFFER message = {0};
    struct receipt receipt = {0};
    struct report report = {.input_format = format_find("text"),
                            .output_format = format_find("text")};
    receipt_add(&receipt, "", "<script>", RECEIPT_KEPT, "", 1, 1);
    report_encode(&report, &receipt, &message);
    if (write(WORKER_REPORT, message.data, message.length) == (ssize_t)message.length)
        _exit(WORKER_DONE);
}

struct escape {
    const char *name;
    void (*try)(void);
    const char *code; /* how the file must be refused; "": by any code, but refused */
};

static const struct escape escapes[] = {
    {"open", try_open, "worker_killed"},
    {"create", try_create, "worker_killed"},
    {"old_open", try_old_open, "worker_killed"},
    {"unlink", try_unlink, "worker_killed"},
    {"socket", try_socket, "worker_killed"},
    {"connect", try_connect, "worker_killed"},
    {"send", try_send, "worker_killed"},
    {"execve", try_execve, "worker_killed"},
    {"fork", try_fork, "worker_killed"},
    {"clone", try_clone, "worker_killed"},
    {"clone3", try_clone3, "worker_killed"},
    {"ptrace", try_ptrace, "worker_killed"},
    {"read_memory", try_read_memory, "worker_killed"},
    {"kill", try_kill, "worker_killed"},
    {"raise_descriptors", try_raise_descriptors, "worker_killed"},
    {"setrlimit", try_setrlimit, "worker_killed"},
    {"mprotect", try_mprotect, "worker_killed"},
    {"mmap_executable", try_mmap_executable, "worker_killed"},
    {"unshare", try_unshare, "worker_killed"},
    {"mount", try_mount, "worker_killed"},
    {"prctl", try_prctl, "worker_killed"},
    {"bpf", try_bpf, "worker_killed"},
    {"io_uring", try_io_uring, "worker_killed"},
    {"memfd", try_memfd, "worker_killed"},
    {"truncate", try_truncate, "worker_killed"},
    {"setuid", try_setuid, "worker_killed"},
    {"32bit", try_socketcall_32bit, ""},
    {"endless", be_endless, "limit_time"},
    {"sleep", sleep_for_ever, "limit_time"},
    {"memory", eat_memory, "limit_memory"},
    {"output", fill_output, "limit_output"},
    {"crash", crash, "worker_crashed"},
    {"abort", crash_by_abort, "worker_crashed"},
    {"no_report", leave_without_report, "report_invalid"},
    {"nonsense", leave_with_nonsense, "report_invalid"},
    {"unknown_keys", use_unknown_keys, "report_invalid"},
    {"forged", forge_report, ""},
};

/* Tries the escape that the file's name says; any other file is really disarmed. */
static void escape_or_disarm(const struct task *task, struct bytes input, struct buffer *output,
                             struct receipt *receipt, struct report *report)
{
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        size_t length = strlen(escapes[i].name);
        if (task->stage == TASK_REBUILD && !strncmp(task->name, escapes[i].name, length) &&
            !strcmp(task->name + length, ".txt"))
            escapes[i].try();
    }
    worker_disarm(task, input, output, receipt, report);
}

static struct disarm_pool *pool;

static struct disarm_result *disarm_text(const char *name, enum disarm_treatment treatment)
{
    struct disarm_options options = disarm_default_options;
    options.treatment = treatment;
    options.limits.time_ms = 2000 * (SANITIZED ? 5 : 1);
    options.limits.memory_bytes = 64 << 20;
    options.limits.output_bytes = 32 << 20;
    int input = memfd_create("text", MFD_CLOEXEC);
    assert_int_equal(write(input, "honest\n", 7), 7);
    lseek(input, 0, SEEK_SET);
    disarm_pool_submit(pool, input, name, &options, NULL);
    close(input);
    struct disarm_result *result = disarm_pool_next(pool, true);
    assert_non_null(result);
    return result;
}

static void honest_file_passes(void)
{
    struct disarm_result *result = disarm_text("honest.txt", DISARM_REBUILD);
    assert_string_equal(receipt_verdict_name(result->receipt->verdict), "rebuilt");
    char text[16];
    assert_int_equal(read(result->output, text, sizeof text), 7);
    assert_memory_equal(text, "honest\n", 7);
    assert_int_equal(write(result->output, "x", 1), -1);
    disarm_result_free(result);
}

/* One attempt; flattening has the sandbox that may read fonts. */
struct attempt {
    const struct escape *escape;
    enum disarm_treatment treatment;
    char name[64];
};

static void escape_is_refused(void **state)
{
    const struct attempt *attempt = *state;
    const char *way = attempt->escape->name, *code = attempt->escape->code;
    if (SANITIZED && (!strcmp(way, "memory") || !strcmp(way, "crash") || !strcmp(way, "abort")))
        skip(); /* the sanitizer has no address space limit, and reports crashes in its own way */
    AUTO_BUFFER name = {0};
    buffer_append_format(&name, "%s.txt", way);
    struct disarm_result *result = disarm_text(buffer_string(&name), attempt->treatment);
    assert_string_equal(receipt_verdict_name(result->receipt->verdict), "refused");
    /* a renderer that opens a file it may not see is only told so */
    if (*code && (attempt->treatment == DISARM_REBUILD || strcmp(way, "open")))
        assert_string_equal(result->receipt->reason.code, code);
    assert_int_equal(result->output, -1);
    assert_int_equal(result->receipt->row_count, 0);
    disarm_result_free(result);
    assert_int_equal(access(MARK, F_OK), -1);
    honest_file_passes();
}

/* Limits and reports are the same in both; only the calls need trying twice. */
static bool is_worth_trying(const struct attempt *attempt)
{
    return attempt->treatment == DISARM_REBUILD || !strcmp(attempt->escape->code, "worker_killed");
}

int main(int argc, char **argv)
{
    if (argc > 0 && !strcmp(argv[0], ZYGOTE_NAME))
        return zygote_run(escape_or_disarm);
    enum { ESCAPES = sizeof escapes / sizeof *escapes };
    static struct attempt attempts[2 * ESCAPES];
    struct CMUnitTest tests[2 * ESCAPES];
    size_t count = 0;
    for (size_t i = 0; i < 2 * ESCAPES; i++) {
        struct attempt *attempt = &attempts[i];
        attempt->escape = &escapes[i % ESCAPES];
        attempt->treatment = i < ESCAPES ? DISARM_REBUILD : DISARM_FLATTEN;
        snprintf(attempt->name, sizeof attempt->name, "%s_worker_that_tries_%s_is_refused",
                 disarm_treatment_name(attempt->treatment), attempt->escape->name);
        if (is_worth_trying(attempt))
            tests[count++] = (struct CMUnitTest){
                .name = attempt->name, .test_func = escape_is_refused, .initial_state = attempt};
    }
    struct error error = {0};
    struct disarm_pool_options options = {.workers = 1};
    pool = disarm_pool_start(&options, &error);
    if (!pool) {
        printf("Bail out! %s %s %s\n", error.code, error.where, error.detail);
        return 1;
    }
    int result = _cmocka_run_group_tests("escape", tests, count, NULL, NULL);
    disarm_pool_stop(pool);
    return result;
}
