/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a role may do: data/permissions.tsv, one table of role × action × zone × classification. */
#ifndef IDENTITY_PERMISSIONS_H
#define IDENTITY_PERMISSIONS_H

#include "identity/sessions.h"

/*
 * True when one of the session's roles may do the action. A session that still owes something
 * (stage is not IDENTITY_FULL) may do nothing; one that came by a token only what its scopes name.
 * zone: where it is done; NULL when no zone is concerned, then a permission for any zone is enough.
 * classification: the label concerned ("3A", "II", …); NULL or "" when none; a label that is not
 * known counts as the highest. An unknown action is never allowed.
 */
bool identity_may(const struct identity_session *session, const char *action, const char *zone,
                  const char *classification);

/* The same for a role alone, in a session of zone `here`: for pages that explain, and for tests. */
bool identity_role_may(const char *role, const char *action, const char *here, const char *zone,
                       const char *classification);

/* True when the session has the role, for that department (0: for any), itself or as a deputy. */
bool identity_holds(const struct identity_session *session, const char *role, int64_t department);

/* The name of the n-th action, each once, by name; NULL behind the last. */
const char *identity_action_name(size_t n);

/* True when some role may do the action: for checking a table of routes. */
bool identity_action_known(const char *action);

/* How high a label stands: 0 lowest … 4 highest (also for what is not known). */
int identity_classification_rank(const char *classification);

/* The scheme that a label is of (data/classifications.tsv): "guideline", "impact"; NULL: none that
 * is known. */
const char *identity_classification_scheme(const char *classification);

#endif
