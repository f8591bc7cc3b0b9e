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
    const char *otherwise; /* who decides when nobody else in the role can; "": nobody */
    bool of_department;    /* holders for the request's department; else of the organization */
};

struct form {
    const char *key, *digest, *object;
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

#endif
