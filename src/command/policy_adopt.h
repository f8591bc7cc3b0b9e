/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adopting a policy from the command line: for `sekisho init --policy` and `sekisho policy adopt`.
 */
#ifndef COMMAND_POLICY_ADOPT_H
#define COMMAND_POLICY_ADOPT_H

#include "base/error.h"
#include "base/message.h"
#include "policy/policy.h"

struct policy_adoption {
    const char *path;            /* the file: text, Word or PDF */
    const struct policy *policy; /* what policy_read_files made of it */
    const char *name;            /* the organization's own name goes before the text's; or NULL */
    const char *number, *decided, *effective, *decided_by,
        *reason; /* NULL: from the text, or today */
    bool loosen;
    enum language language;
};

/*
 * Stores the text in the organization's directory, records its adoption, applies what it sets up
 * and seals. *version may be NULL. Codes of adoption.h and setup.h.
 */
int policy_adopt_into(const char *directory, const struct policy_adoption *adoption,
                      int64_t *version, struct error *error);

/* Prints what was understood, clause by clause, and which roles wait for people. */
int policy_adopt_print(const char *directory, int64_t version, enum language language,
                       struct error *error);

/* `sekisho policy adopt|versions|state DIR …`: argv[0] is the verb. */
int command_policy_adopt(int argc, char **argv);
int command_policy_versions(int argc, char **argv);
int command_policy_state(int argc, char **argv);

#endif
