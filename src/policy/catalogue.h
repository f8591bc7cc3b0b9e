/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The catalogue of controls (管理策): what a requirement can be met by. The texts stand in
 * data/catalogue and are built into the program.
 */
#ifndef POLICY_CATALOGUE_H
#define POLICY_CATALOGUE_H

#include "base/message.h"
#include "policy/policy.h"

enum control_how {
    CONTROL_ENFORCED, /* an engine refuses what it forbids */
    CONTROL_CHECKED,  /* a check looks at it again and again */
    CONTROL_RECORDED, /* a form or register is the evidence */
    CONTROL_ATTESTED, /* people keep it and say so */
    CONTROL_HOW_COUNT,
};

struct control {
    const char *id;
    const char *title[LANGUAGE_COUNT];
    const char *achieves[LANGUAGE_COUNT];
    enum control_how how;
    const char *by;    /* engine, check, form or register; "" when attested */
    const char *owner; /* role that owns it by default */
    enum policy_timing rhythm;
};

/* "enforced", "checked", "recorded", "attested". */
const char *control_how_name(enum control_how how);

/* All controls, sorted by id. */
const struct control *catalogue_all(size_t *count);

/* The control called id, or NULL. */
const struct control *catalogue_find(const char *id);

/* Appends the words of the requirement that made the binding, separated by "、": the reason a
 * person can read. */
void catalogue_explain(const struct policy *policy, size_t requirement,
                       const struct control *control, struct buffer *out);

#endif
