/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the cases room share. */
#ifndef CASES_CASE_H
#define CASES_CASE_H

#include "base/error.h"
#include "cases/form.h"
#include "store/record.h"

/* Names the case for journal and errors: "case/9". */
struct case_name {
    char text[32];
};
struct case_name case_name_of(int64_t id);

/* Fills a case from the present row of request_read or request_list_waiting; no steps. */
void case_from_row(struct cases_case *found, const struct store_rows *rows);

/* Reads a case with its steps. Code case_unknown. */
int case_read(struct store *store, int64_t id, struct cases_case *found, struct buffer *fields,
              struct error *error);

/* True when the session holds the role that a step asks for; *grant is the one that may decide on
 * somebody's request, NULL when it holds it only in the requester's stead. */
bool case_holds_role(const struct identity_session *session, const struct cases_step *step,
                     int64_t requester, const struct identity_grant **grant);

/* The grant by which the session may decide the open step of a case with its steps; NULL with the
 * error that says why not. */
const struct identity_grant *case_grant(const struct identity_session *session,
                                        const struct cases_case *found, struct error *error);

/* The moment at which the day ends that the rule gives for an event. */
int64_t case_due(const struct due_rule *rule, int64_t event);

/* How many who may decide a step can be reached; the requester and who acts for them do not count.
 */
int case_count_approvers(struct store *store, const char *role, int64_t department,
                         int64_t requester, int64_t now, size_t *count, struct error *error);

#endif
