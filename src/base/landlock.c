/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Landlock rule sets, ABI 1 to 7 (kernel documentation, userspace-api/landlock). */
#include "base/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* struct landlock_ruleset_attr as of ABI 6; older kernels are given its first members only. */
struct rules_attributes {
    uint64_t files;
    uint64_t network; /* ABI 4 */
    uint64_t scopes;  /* ABI 6 */
};

#define RIGHT_REFER    (UINT64_C(1) << 13)
#define RIGHT_TRUNCATE (UINT64_C(1) << 14)
#define RIGHT_CONNECT  (UINT64_C(1) << 1) /* of the network */
#define SCOPE_SIGNAL   (UINT64_C(1) << 1)
#define RULE_PORT      2 /* LANDLOCK_RULE_NET_PORT */

struct abi {
    uint64_t files;   /* every access right of that ABI */
    uint64_t network; /* bind and connect TCP */
    uint64_t scopes;  /* abstract sockets, signals */
    size_t size;      /* bytes of rules_attributes that it knows */
};

/* ABI 2 adds refer, 3 truncate, 4 the network, 5 ioctl on devices, 6 scopes; 7 adds logging. */
static const struct abi abis[] = {
    {(UINT64_C(1) << 13) - 1, 0, 0, 8},  {(UINT64_C(1) << 14) - 1, 0, 0, 8},
    {(UINT64_C(1) << 15) - 1, 0, 0, 8},  {(UINT64_C(1) << 15) - 1, 3, 0, 16},
    {(UINT64_C(1) << 16) - 1, 3, 0, 16}, {(UINT64_C(1) << 16) - 1, 3, 3, 24},
};

/* Lets everything below a directory be read; one that is not there needs no rule. */
static int allow_reading(int rules, const char *directory, struct error *error)
{
    int opened = open(directory, O_PATH | O_CLOEXEC);
    if (opened < 0)
        return 0;
    struct landlock_path_beneath_attr rule = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
        .parent_fd = opened,
    };
    long result = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(opened);
    return result ? error_set_errno(error, "sandbox_failed", "landlock_add_rule") : 0;
}

/* What the running kernel knows, as far as we do; NULL when it has no Landlock. */
static const struct abi *known_abi(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    size_t newest = sizeof abis / sizeof *abis;
    return version < 1 ? NULL : &abis[((size_t)version < newest ? (size_t)version : newest) - 1];
}

int landlock_open_service(bool signals, struct error *error)
{
    const struct abi *abi = known_abi();
    if (!abi)
        return error_set_errno(error, "sandbox_failed", "landlock");
    struct rules_attributes attributes = {abi->files, abi->network,
                                          signals ? abi->scopes & ~SCOPE_SIGNAL : abi->scopes};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, abi->size, 0);
    return rules < 0 ? error_set_errno(error, "sandbox_failed", "landlock_create_ruleset") : rules;
}

int landlock_open(const char *const *readable, struct error *error)
{
    int rules = landlock_open_service(false, error);
    for (; rules >= 0 && readable && *readable; readable++) {
        if (allow_reading(rules, *readable, error)) {
            close(rules);
            return -1;
        }
    }
    return rules;
}

/* The rights on a file, and what comes to them on a directory. */
static const uint64_t rights[][2] = {
    [SANDBOX_LIST] = {0, LANDLOCK_ACCESS_FS_READ_DIR},
    [SANDBOX_READ] = {LANDLOCK_ACCESS_FS_READ_FILE, LANDLOCK_ACCESS_FS_READ_DIR},
    [SANDBOX_WRITE] = {LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                           RIGHT_TRUNCATE,
                       LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                           LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                           LANDLOCK_ACCESS_FS_MAKE_REG | RIGHT_REFER},
};

int landlock_allow(int rules, const struct sandbox_path *path, struct error *error)
{
    const struct abi *abi = known_abi();
    struct stat status;
    if (!abi)
        return error_set_errno(error, "sandbox_failed", "landlock");
    int opened = open(path->path, O_PATH | O_CLOEXEC);
    if (opened < 0)
        return 0;
    bool directory = fstat(opened, &status) == 0 && S_ISDIR(status.st_mode);
    struct landlock_path_beneath_attr rule = {
        .allowed_access =
            (rights[path->access][0] | (directory ? rights[path->access][1] : 0)) & abi->files,
        .parent_fd = opened,
    };
    long result = rule.allowed_access
                      ? syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0)
                      : 0;
    close(opened);
    return result ? error_set_errno(error, "sandbox_failed", path->path) : 0;
}

int landlock_allow_port(int rules, uint16_t port, struct error *error)
{
    const struct abi *abi = known_abi();
    const struct {
        uint64_t allowed, port;
    } rule = {RIGHT_CONNECT, port};
    if (abi && !abi->network)
        return 0;
    return syscall(SYS_landlock_add_rule, rules, RULE_PORT, &rule, 0)
               ? error_set_errno(error, "sandbox_failed", "landlock_add_rule")
               : 0;
}

int landlock_enter(int rules, struct error *error)
{
    if (syscall(SYS_landlock_restrict_self, rules, 0))
        return error_set_errno(error, "sandbox_failed", "landlock_restrict_self");
    return 0;
}
