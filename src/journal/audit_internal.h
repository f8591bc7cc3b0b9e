/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the auditor share. */
#ifndef JOURNAL_AUDIT_INTERNAL_H
#define JOURNAL_AUDIT_INTERNAL_H

#include "journal/audit.h"
#include "journal/edge.h"

#define AUDIT_NO_ENTRY UINT64_MAX

/* From which entry on a key of the log is in force. */
struct audit_key {
    uint64_t from;
    struct note_verifier key;
};

struct audit {
    int directory;
    const struct journal_audit_settings *settings;
    struct journal_audit *result;
    uint64_t sequence; /* the last one seen; AUDIT_NO_ENTRY behind an entry that is not known */
    struct audit_key *keys;
    size_t key_count;
};

/* Reports a problem; entry is an index or AUDIT_NO_ENTRY. */
void audit_report(struct audit *audit, const struct error *error, uint64_t entry);

/*
 * Checks all tiles and bundles under the signed root, and every entry, in order. Problems are
 * reported; true when the partial tiles gave the signed root.
 */
bool audit_tree(struct audit *audit);

/* Judges the content of one entry: schema, sequence, hand-over of the key. */
void audit_entry(struct audit *audit, uint64_t index, struct bytes entry, const char *path);

/* Looks at every file below tile/: old partial tiles must agree, and nothing else may be there. */
void audit_files(struct audit *audit, const char *directory);

#endif
