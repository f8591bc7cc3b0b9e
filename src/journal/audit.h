/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The auditor: whether a journal is whole and honest, from its files and public keys alone.
 *
 * It finds every entry, tile and checkpoint that is missing, cut, changed or in another order, a
 * root that is not the one that was signed, a checkpoint without the signatures it must have, and,
 * given a checkpoint that somebody kept, a journal that was rolled back or rewritten since.
 */
#ifndef JOURNAL_AUDIT_H
#define JOURNAL_AUDIT_H

#include "journal/checkpoint.h"

enum {
    JOURNAL_AUDIT_PROBLEMS_MAX = 100, /* reported; more are only counted */
    JOURNAL_AUDIT_WITNESSES_MAX = 64,
};

struct journal_audit_settings {
    const struct note_verifier *log;       /* any key that the log ever had */
    const struct note_verifier *witnesses; /* cosignature keys */
    size_t witness_count;
    size_t quorum;      /* so many of the witnesses must have cosigned */
    struct bytes since; /* a checkpoint that was kept (a signed note), or empty */
    bool any_entries;   /* entries need not follow the schema: for logs of other people */
};

struct journal_audit_problem {
    struct error error; /* where is the file */
    uint64_t entry;     /* index; UINT64_MAX when it is not about one entry */
};

struct journal_audit {
    uint64_t size;            /* of the published checkpoint */
    struct merkle_hash root;  /* … and its root */
    uint64_t checked;         /* entries whose bytes are the recorded ones */
    size_t handovers;         /* changes of the log's key */
    struct note_verifier key; /* the log's key at the end */
    struct {                  /* by witness */
        bool signed_it;
        uint64_t time; /* POSIX seconds */
    } cosigned[JOURNAL_AUDIT_WITNESSES_MAX];
    size_t cosigned_count;
    size_t problem_count; /* 0: whole and honest */
    struct journal_audit_problem problems[JOURNAL_AUDIT_PROBLEMS_MAX];
};

/*
 * Audits a journal's directory. The caller frees the result. Never NULL: what keeps the auditor
 * from reading is a problem as well.
 */
struct journal_audit *journal_audit_run(const char *directory,
                                        const struct journal_audit_settings *settings);

#endif
