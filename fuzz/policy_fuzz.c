/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The policy compiler on any text: compile, lint, JSON and OSCAL. What it says about places must be
 * true: every clause, sentence and piece of furniture lies inside the source.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "policy/lint.h"
#include "policy/oscal.h"
#include "policy/policy.h"

static void insist_inside(const struct policy *policy, struct policy_span place)
{
    if (place.offset > policy->source_length ||
        place.length > policy->source_length - place.offset)
        abort();
}

static void insist_places(const struct policy *policy)
{
    for (size_t i = 0; i < policy->clause_count; i++)
        insist_inside(policy, policy->clauses[i].place);
    for (size_t i = 0; i < policy->sentence_count; i++)
        insist_inside(policy, policy->sentences[i].place);
    for (size_t i = 0; i < policy->furniture_count; i++)
        insist_inside(policy, policy->furniture[i].place);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = {0};
    struct policy *policy = policy_compile((struct bytes){data, size}, &error);
    if (!policy) {
        if (!error.code)
            abort();
        return 0;
    }
    insist_places(policy);
    struct policy_findings findings;
    policy_lint(policy, &findings);
    AUTO_BUFFER out = {0};
    policy_findings_write_json(policy, &findings, &out);
    policy_write_json(policy, &out);
    for (int model = 0; model < POLICY_OSCAL_COUNT; model++)
        policy_write_oscal(policy, model, &out);
    policy_findings_free(&findings);
    policy_free(policy);
    return 0;
}
