/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forms of data/forms as a table, made at build time by tools/forms.py. */
#ifndef CASES_FORM_H
#define CASES_FORM_H

#include "base/calendar.h"
#include "cases/cases.h"

enum { FORM_FIELDS = 16, FORM_CLAUSES = 8 };

struct form_field {
    const char *name;
    bool required;
    size_t most;        /* characters */
    const char *one_of; /* words with one space between them; "": free text */
};

struct form_step {
    const char *role;
    const char *otherwise; /* who decides when nobody else in the role can: roles with one space
                              between them, tried in order; "": nobody */
    bool of_department;    /* holders for the request's department; else of the organization */
};

struct form {
    const char *key, *digest, *object;
    const char *action; /* of identity's permissions: what who decides must be allowed */
    struct form_field fields[FORM_FIELDS];
    size_t field_count;
    struct form_step steps[CASES_STEPS];
    size_t step_count;
    struct due_rule due, due_after_emergency;
    int retention_years;
    const char *clauses[FORM_CLAUSES]; /* NULL behind the last */
};

extern const struct form form_table[];
extern const size_t form_count;

/* The form with this key, or NULL. */
const struct form *form_find(const char *key);

/* Checks a JSON object of strings against a form: nothing missing, too long or unknown. Code
 * case_bad_field. */
int form_check_fields(const struct form *form, const char *fields, struct error *error);

/* Copies the label in the field `classification`; "" when there is none. */
void form_label(const char *fields, char label[CASES_LABEL_SIZE]);

/* True when a role may decide on requests by a form with that label, from a zone (NULL: any). */
bool form_role_may(const struct form *form, const char *role, const char *zone, const char *label);

#endif
