/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a role may do, looked up in the table of permissions. */
#include "identity/permissions.h"

#include "identity/tables.h"

#define RANK_HIGHEST 4

int identity_classification_rank(const char *classification)
{
    for (size_t i = 0; i < classification_count; i++)
        if (!strcmp(classification_table[i].label, classification))
            return classification_table[i].rank;
    return RANK_HIGHEST;
}

const char *identity_classification_scheme(const char *classification)
{
    for (size_t i = 0; i < classification_count; i++)
        if (!strcmp(classification_table[i].label, classification))
            return classification_table[i].scheme;
    return NULL;
}

const char *identity_action_name(size_t n)
{
    const char *last = "";
    for (;;) {
        /* The next one behind the last; the table is sorted by role, not by action. */
        const char *next = NULL;
        for (size_t i = 0; i < permission_count; i++) {
            const char *action = permission_table[i].action;
            if (strcmp(action, last) > 0 && (!next || strcmp(action, next) < 0))
                next = action;
        }
        if (!next || n-- == 0)
            return next;
        last = next;
    }
}

bool identity_action_known(const char *action)
{
    for (size_t i = 0; i < permission_count; i++)
        if (!strcmp(permission_table[i].action, action))
            return true;
    return false;
}

/* A row allows what is done in a zone (NULL: no zone concerned) from a session in zone `here`. */
static bool zone_fits(const char *pattern, const char *here, const char *zone)
{
    if (!zone || !strcmp(pattern, "*"))
        return true;
    return !strcmp(zone, strcmp(pattern, "here") ? pattern : here);
}

bool identity_role_may(const char *role, const char *action, const char *here, const char *zone,
                       const char *classification)
{
    bool labelled = classification && *classification;
    int rank = labelled ? identity_classification_rank(classification) : 0;
    for (size_t i = 0; i < permission_count; i++) {
        const struct permission_row *row = &permission_table[i];
        if (!strcmp(row->role, role) && !strcmp(row->action, action) &&
            zone_fits(row->zone, here, zone) &&
            (!labelled || (row->lowest <= rank && rank <= row->highest)))
            return true;
    }
    return false;
}

/* What a token was made for; a session at a browser has no such limit. */
static bool scope_allows(const struct identity_session *session, const char *action)
{
    if (!session->by_token)
        return true;
    for (size_t i = 0; i < session->scope_count; i++)
        if (!strcmp(session->scopes[i], action))
            return true;
    return false;
}

bool identity_may(const struct identity_session *session, const char *action, const char *zone,
                  const char *classification)
{
    if (session->stage != IDENTITY_FULL || !scope_allows(session, action))
        return false;
    for (size_t i = 0; i < session->grant_count; i++)
        if (identity_role_may(session->grants[i].role, action, session->zone, zone, classification))
            return true;
    return false;
}

bool identity_holds(const struct identity_session *session, const char *role, int64_t department)
{
    for (size_t i = 0; i < session->grant_count; i++) {
        const struct identity_grant *grant = &session->grants[i];
        if (!strcmp(grant->role, role) &&
            (department == 0 || grant->department == 0 || grant->department == department))
            return true;
    }
    return false;
}
