/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a draft: the committee adopts it, or it is given up. */
#include <string.h>

#include "adoption/internal.h"

static int check_text(const char *text, size_t size, const char *field, struct error *error)
{
    if (utf8_is_blank(text) || strlen(text) >= size)
        return error_set(error, "adoption_bad_value", field, "%s", "");
    return 0;
}

static int check_decision(const struct adoption_decision *decision, struct error *error)
{
    if (check_text(decision->number, ADOPTION_NUMBER_SIZE, "number", error) != 0 ||
        check_text(decision->decided_by, IDENTITY_NAME_SIZE, "decided_by", error) != 0 ||
        adoption_check_date(decision->decided, "decided", error) != 0 ||
        adoption_check_date(decision->effective, "effective", error) != 0)
        return -1;
    if (utf8_is_blank(decision->reason) || strlen(decision->reason) >= ADOPTION_REASON_SIZE)
        return error_set(error, "adoption_reason",
                         adoption_name_of("policy", decision->version).text, "%s", "");
    return 0;
}

/* A draft that is none, or not there. */
static int refuse_stage(struct store *store, const struct identity_act *act, int64_t version,
                        struct error *error)
{
    struct adoption_version found;
    if (adoption_read(store, version, act->now, &found, error) != 0)
        return -1;
    return error_set(error, "adoption_stage", adoption_name_of("policy", version).text, "%s",
                     adoption_stage_name(found.stage));
}

static int adopt(struct store *store, const struct identity_act *act,
                 const struct adoption_decision *decision, struct error *error)
{
    struct adoption_version found;
    if (store_run(store, STATEMENT_POLICY_ADOPT,
                  STORE_VALUES(store_integer(decision->version), store_text(decision->number),
                               store_text(decision->decided), store_text(decision->effective),
                               store_text(decision->decided_by), store_text(decision->reason),
                               store_text(act->actor), store_integer(act->now)),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) != 1)
        return refuse_stage(store, act, decision->version, error);
    if (adoption_read(store, decision->version, act->now, &found, error) != 0)
        return -1;
    struct identity_act reasoned = *act;
    reasoned.reason = decision->reason;
    const struct store_fact facts[] = {{"text", found.text_digest},
                                       {"number", found.number},
                                       {"decided", found.decided},
                                       {"effective", found.effective},
                                       {"decided_by", found.decided_by}};
    return identity_act_record(store, &reasoned, "policy.adopt",
                               adoption_name_of("policy", decision->version).text, facts,
                               sizeof facts / sizeof *facts, NULL, error);
}

int adoption_adopt(struct store *store, const struct identity_act *act,
                   const struct adoption_decision *decision, struct error *error)
{
    if (check_decision(decision, error) != 0 || store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, adopt(store, act, decision, error), error);
}

static int discard(struct store *store, const struct identity_act *act, int64_t version,
                   struct error *error)
{
    if (store_run(store, STATEMENT_POLICY_DISCARD,
                  STORE_VALUES(store_integer(version), store_text(act->reason)), error) != 0)
        return -1;
    if (store_changed_rows(store) != 1)
        return refuse_stage(store, act, version, error);
    return identity_act_record(store, act, "policy.discard",
                               adoption_name_of("policy", version).text, NULL, 0, NULL, error);
}

int adoption_discard(struct store *store, const struct identity_act *act, int64_t version,
                     struct error *error)
{
    if (utf8_is_blank(act->reason) || strlen(act->reason) >= ADOPTION_REASON_SIZE)
        return error_set(error, "adoption_reason", adoption_name_of("policy", version).text, "%s",
                         "");
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, discard(store, act, version, error), error);
}
