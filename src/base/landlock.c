/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Landlock rule sets, ABI 1 to 7 (kernel documentation, userspace-api/landlock). */
#include "base/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* struct landlock_ruleset_attr as of ABI 6; older kernels are given its first members only. */
struct rules_attributes {
    uint64_t files;
    uint64_t network; /* ABI 4 */
    uint64_t scopes;  /* ABI 6 */
};

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

int landlock_open(const char *const *readable, struct error *error)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return error_set_errno(error, "sandbox_failed", "landlock");
    size_t newest = sizeof abis / sizeof *abis;
    const struct abi *abi = &abis[((size_t)version < newest ? (size_t)version : newest) - 1];
    struct rules_attributes attributes = {abi->files, abi->network, abi->scopes};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, abi->size, 0);
    if (rules < 0)
        return error_set_errno(error, "sandbox_failed", "landlock_create_ruleset");
    for (; readable && *readable; readable++) {
        if (allow_reading(rules, *readable, error)) {
            close(rules);
            return -1;
        }
    }
    return rules;
}

int landlock_enter(int rules, struct error *error)
{
    if (syscall(SYS_landlock_restrict_self, rules, 0))
        return error_set_errno(error, "sandbox_failed", "landlock_restrict_self");
    return 0;
}
