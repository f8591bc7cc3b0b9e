/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The adopted policy of the demo's town: the tables that tools/demo_policy.py makes, and the act. */
#ifndef COMMAND_DEMO_POLICY_H
#define COMMAND_DEMO_POLICY_H

#include <stddef.h>

struct demo_town;
struct error;

enum demo_policy_what {
    DEMO_POLICY_ACKNOWLEDGE,
    DEMO_POLICY_ADOPT,
    DEMO_POLICY_ATTEST,
    DEMO_POLICY_CONFIRM,
    DEMO_POLICY_EXCEPTION,
    DEMO_POLICY_NOT_APPLICABLE,
};

struct demo_policy_act {
    enum demo_policy_what what;
    const char *who, *requirement, *detail, *words; /* as in data/demo/policy.tsv */
};

extern const char demo_policy_text[];
extern const struct demo_policy_act demo_policy_acts[];
extern const size_t demo_policy_act_count;

/* Adopts and applies the policy and does what was done about it, at the town's moment. Zones,
 * conduits and rules stay as the story needs them: the plan is corrected to what is set up. */
int demo_policy_adopt(struct demo_town *town, struct error *error);

#endif
