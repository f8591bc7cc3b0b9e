/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that tools/demo.py makes of data/demo: a made-up town and what happened in it. */
#ifndef COMMAND_DEMO_TABLE_H
#define COMMAND_DEMO_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum { DEMO_FILES = 4, DEMO_DETAILS = 4 };

enum demo_access {
    DEMO_MAIN,      /* a password that is printed at every start */
    DEMO_TEMPORARY, /* a temporary one is printed */
    DEMO_PLAIN,     /* one that nobody knows */
    DEMO_NEVER,     /* none: never logged in */
};

enum demo_action {
    DEMO_APPROVE,
    DEMO_AWAY,
    DEMO_CLOSE,
    DEMO_EMERGENCY,
    DEMO_FAIL,
    DEMO_LEAVE,
    DEMO_OPEN,
    DEMO_RECALL,
    DEMO_RECEIVE,
    DEMO_REFUSE,
    DEMO_SEND,
    DEMO_STEP_DOWN,
    DEMO_SUSPEND,
    DEMO_ACTIONS,
};

struct demo_department {
    const char *code, *name;
};

struct demo_person {
    const char *login, *name, *kana, *employment;
    const char *roles; /* as in data/demo/people.tsv */
    size_t department;
    enum demo_access access;
    int years; /* since the account exists */
};

struct demo_document {
    const uint8_t *data;
    size_t length;
};

struct demo_file {
    size_t document;
    const char *name;
};

struct demo_event {
    int days;   /* business days before today; 0: minutes counts back from now */
    int minute; /* of that day in Japan */
    const char *who, *where;
    enum demo_action action;
    size_t transfer;
    const char *details[DEMO_DETAILS];
    size_t file_count;
    struct demo_file files[DEMO_FILES];
    const char *words;
};

extern const struct demo_department demo_departments[];
extern const size_t demo_department_count;
extern const struct demo_person demo_people[];
extern const size_t demo_person_count;
extern const struct demo_document demo_documents[];
extern const struct demo_event demo_story[];
extern const size_t demo_story_count, demo_transfer_count;

#endif
