/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A version of the policy while a page is made of it: text, duties and how they stand. */
#ifndef WEB_POLICY_READING_H
#define WEB_POLICY_READING_H

#include "adoption/state.h"
#include "web/request.h"

struct policy_reading {
    struct adoption_version version;
    const struct policy *policy;
    struct adoption_standings standings;
    bool read; /* the standings are there */
};

/*
 * Opens version `id`, or the one in force when it is 0. 1 it is open, 0 there is none in force, -1
 * the answer is given. The caller ends it with policy_reading_close in each case.
 */
int policy_reading_open(struct web_request *request, int64_t id, struct policy_reading *reading);
void policy_reading_close(struct policy_reading *reading);

#define AUTO_READING __attribute__((cleanup(policy_reading_close))) struct policy_reading

/* Answers an error of the adoption room: not found for what is not there. */
void policy_answer_error(struct web_request *request, const struct error *error);

/* True when the session may see a version: drafts are for those who prepare and decide them. */
bool policy_may_see(const struct web_request *request, const struct adoption_version *version);

/* A version as pages show it: version, policy_title, version_number, stage, dates. */
void policy_version_model(struct web_request *request, const struct adoption_version *version,
                          json_t *model);

/* ---- duties ---- */

/* The words by which duties can be filtered: states, unconfirmed, check_again; NULL at the end. */
extern const char *const policy_states[];

/* The key of the catalogue for one of them. */
const char *policy_state_label(const char *state, struct buffer *key);

/* True when a duty stands in a state of policy_states. */
bool policy_duty_in_state(const struct policy_reading *reading, size_t duty, const char *state);

/* A duty as it stands beside its clause: number, badges, owner, counts, next date. */
json_t *policy_duty_row(struct web_request *request, const struct policy_reading *reading,
                        size_t duty);

/* Joins names: "甲、乙" or "a, b". */
void policy_append_names(struct buffer *out, const struct policy_names *names,
                         enum language language);

/* Sets a date "2026-04-01" as people read it, and `name`_iso; "" sets nothing. */
void model_date(json_t *model, const char *name, enum language language, const char *date);

#endif
