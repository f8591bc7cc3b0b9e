/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an adopted text sets up: the plan, its correction, and its application.
 *
 * A plan is a flat list of items. Each has a key, a value in words for machines, and where it comes
 * from: `stated` with the clause and sentence that says so, or the usual default, which applies
 * where the text is silent. Keys and their values:
 *
 *     organization/name                    text
 *     zone/<id>/name                       text; "" takes a zone out of the plan
 *     zone/<id>/level                      0 (least protected) …
 *     zone/<id>/second_factor              yes, no
 *     conduit/<from>/<to>/passage          none, medium (only by a portable medium), open
 *     conduit/<from>/<to>/treatments       some of: rebuild flatten text; the first is the usual
 * one conduit/<from>/<to>/approval_from    rank of classification from which an approval is asked
 *                                          for: 0 always … 5 never by label (gate/zones.h)
 *     conduit/<from>/<to>/approval_personal, emergency   yes, no
 *     conduit/<from>/<to>/antivirus        none, if_there, required
 *     conduit/<from>/<to>/password         yes, no
 *     conduit/<from>/<to>/days_kept        days
 *     classification/name                  text
 *     classification/<rank>/label          text; rank 4 the most secret … 0
 *     classification/<rank>/text           text
 *     rule/<name>                          number: a rule of identity/credentials.h
 *     duty/periodic_months                 months: how often 「定期的に」 is
 *     journal/years_kept                   years that records are kept at least
 *     role/<role>/name                     what the text calls the role of this key (people.h)
 *     role/<role>/post                     which post holds it: "副市長"; "" when not named
 *
 * A pair of zones has its conduit items in both directions; where passage is none the others are
 * not there. What the text is silent about keeps the value that is set up already.
 *
 * Errors beside those of adoption.h and of the rooms that are set up: adoption_looser (applying
 * would loosen something and that was not confirmed; {where}: the first such key),
 * adoption_item_unknown (no such key).
 */
#ifndef ADOPTION_SETUP_H
#define ADOPTION_SETUP_H

#include "adoption/adoption.h"
#include "base/message.h"

enum adoption_item_kind {
    ADOPTION_ITEM_ORGANIZATION,
    ADOPTION_ITEM_ZONE,
    ADOPTION_ITEM_CONDUIT,
    ADOPTION_ITEM_CLASSIFICATION,
    ADOPTION_ITEM_RULE,
    ADOPTION_ITEM_DUTY,
    ADOPTION_ITEM_JOURNAL,
    ADOPTION_ITEM_ROLE,
    ADOPTION_ITEM_KIND_COUNT,
};

/* "organization", "zone", …: the first part of the key. */
const char *adoption_item_kind_name(enum adoption_item_kind kind);

/* Against what is set up at present. */
enum adoption_change {
    ADOPTION_SAME,
    ADOPTION_NEW,     /* not set up yet */
    ADOPTION_CHANGED, /* another value; neither stricter nor looser, or stricter */
    ADOPTION_LOOSER,  /* another value that lets more happen: needs confirmation */
};

struct adoption_item {
    enum adoption_item_kind kind;
    char *key;           /* the whole of it */
    const char *subject; /* into key: "mynumber/name" → after the kind */
    const char *name;    /* into key: its last part */
    char *value;         /* as it will be applied */
    char *from_text;     /* as the text or the default gives it; differs when it was corrected */
    bool stated;         /* the text says so; else the usual default */
    bool corrected;      /* a person changed the value */
    size_t clause;       /* of the policy that says so; POLICY_NONE for a default. A default with a
                            clause:       the text asks for it without saying how much */
    size_t sentence;     /* index, or POLICY_NONE */
    char *present;       /* value set up at present; NULL when there is none or it was not asked */
    enum adoption_change change;
};

struct adoption_plan {
    struct adoption_item *items; /* by kind, then in the order of zones, levels, rules */
    size_t count;
};

/* The plan of a text, uncorrected. A pure function. The caller frees the plan. */
void adoption_plan_make(const struct policy *policy, struct adoption_plan *plan);

/* Frees what the plan holds; a second call does nothing. */
void adoption_plan_free(struct adoption_plan *plan);

/* The item with this key, or NULL. */
const struct adoption_item *adoption_plan_find(const struct adoption_plan *plan, const char *key);

/* The plan of a version with the corrections made for it, compared with what is set up now. The
 * caller frees the plan; clause and sentence are indexes in adoption_policy_borrow's policy. */
int adoption_plan_read(struct store *store, int64_t version, struct adoption_plan *plan,
                       struct error *error);

/*
 * Corrects one item of a version's plan; a value equal to from_text takes the correction back. A
 * key zone/<id>/name that is not in the plan adds a zone. act->reason may be NULL. Codes
 * adoption_item_unknown, adoption_bad_value. Journal: setup.correct.
 */
int adoption_plan_correct(struct store *store, const struct identity_act *act, int64_t version,
                          const char *key, const char *value, struct error *error);

/*
 * Applies the corrected plan of an adopted version, and makes its duties, in one transaction: after
 * a crash all of it is there or nothing. Applying again changes nothing. Zones and conduits that
 * the plan does not name stay; a conduit whose passage is none is closed, what is on its way there
 * is refused. With `loosen` false nothing is loosened (adoption_looser). Journal: setup.apply, and
 * zone.save, conduit.save, conduit.close, rules.change for what changed, each citing its clause.
 */
int adoption_apply(struct store *store, const struct identity_act *act, int64_t version,
                   bool loosen, struct error *error);

/* Append what a person reads: "マイナンバー利用事務系 → LGWAN接続系: 通過", "10 文字以上". The
 * plan gives the names of zones. */
void adoption_item_label(const struct adoption_plan *plan, const struct adoption_item *item,
                         enum language language, struct buffer *out);
void adoption_item_value(const struct adoption_plan *plan, const struct adoption_item *item,
                         const char *value, enum language language, struct buffer *out);

/* ---- what is set up ---- */

/* A role that the text in force names and that nobody holds at the moment. */
struct adoption_vacancy {
    char role[IDENTITY_ROLE_SIZE];
    char name[IDENTITY_NAME_SIZE]; /* as the text calls it */
    char post[IDENTITY_NAME_SIZE]; /* that holds it by the text; "" */
};
int adoption_vacancies(struct store *store, int64_t now, struct adoption_vacancy *list, size_t most,
                       size_t *count, struct error *error);

#endif
