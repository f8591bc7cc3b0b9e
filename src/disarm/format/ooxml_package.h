/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An Office package (ECMA-376 Part 2) as it is taken apart: parts, their content types and the
 * relationships between them. Names are compared without regard to ASCII case, as OPC says.
 */
#ifndef DISARM_FORMAT_OOXML_PACKAGE_H
#define DISARM_FORMAT_OOXML_PACKAGE_H

#include "disarm/format/job.h"
#include "disarm/format/ooxml_formula.h"
#include "disarm/format/ooxml_schema.h"
#include "disarm/format/zip_read.h"

enum ooxml_part_state {
    OOXML_PART_UNSEEN,
    OOXML_PART_OPEN, /* being rebuilt right now */
    OOXML_PART_KEPT,
    OOXML_PART_DROPPED,
};

struct ooxml_relationship {
    char *id;
    const struct ooxml_kind *kind; /* NULL for a hyperlink */
    struct ooxml_part *part;       /* inside the package; NULL for a hyperlink */
    char *url;                     /* of a hyperlink, else NULL */
    bool used;                     /* named by what was written of its source */
};

struct ooxml_part {
    char *name;         /* in the input, without the leading '/' */
    char *folded;       /* the same in lower case: the key */
    char *content_type; /* of the input; NULL when nothing declares it */
    const struct zip_member *member;
    const struct ooxml_kind *kind; /* set when a relationship of a kept kind leads here */
    struct ooxml_relationship *relationships;
    size_t relationship_count;
    struct ooxml_relationship **by_id; /* sorted; made by the first ooxml_relationship_find */
    enum ooxml_part_state state;
    bool recorded;           /* the receipt has a row about it */
    bool wanted;             /* to be rebuilt after the main part, if it was not before */
    bool reachable;          /* in the output */
    struct buffer data;      /* rebuilt bytes */
    char *output_name;       /* without the leading '/' */
    const char *output_type; /* content type in the output */
    const char *extension;   /* in the output, without the dot */
};

struct ooxml_package {
    struct job *job; /* borrowed */
    struct zip_archive zip;
    uint64_t packed_bytes;
    struct ooxml_part *parts; /* in the order of the directory */
    size_t part_count;
    struct ooxml_part **sorted; /* by folded name */
    struct ooxml_part *main;
    struct ooxml_part *metadata; /* title, author, dates; NULL when there is none to keep */
    struct ooxml_kind main_kind; /* of the main part */
    char family;                 /* 'w', 'x' or 'p' */
    bool strict;                 /* ISO/IEC 29500 Strict names are written */
    const struct ooxml_main *type;
    struct ooxml_formula_scope scope; /* of a workbook */
    int *sheet_map;                   /* new place of each sheet of the workbook, or -1 */
    size_t sheet_map_count;
    unsigned depth; /* of ooxml_part_resolve calling itself */
};

/* The types of main parts and the format that each makes. */
struct ooxml_main {
    const char *content_type;
    const char *format; /* "docm" */
    const char *made;   /* "docx" */
    const char *root;   /* name of the root element, as written */
    char family;
};

/* The type with this content type, or of this format; NULL when there is none. */
const struct ooxml_main *ooxml_main_by_content_type(const char *content_type);
const struct ooxml_main *ooxml_main_by_format(const char *format);

/*
 * Opens a package: reads the directory, the content types and the package relationships, and finds
 * the main part. `in` must outlive it. Errors: those of zip_open and zip_unpack, zip_encrypted,
 * ooxml_no_content_types, ooxml_no_main, ooxml_duplicate, ooxml_type. Close it in any case.
 */
int ooxml_package_open(struct ooxml_package *package, struct job *job, struct bytes in,
                       struct error *error);
void ooxml_package_close(struct ooxml_package *package);

/* Appends the unpacked bytes of a part and charges the job for them. */
int ooxml_part_load(struct ooxml_package *package, const struct ooxml_part *part,
                    struct buffer *out, struct error *error);

/* The part with this name (any case, no leading '/'), or NULL. */
struct ooxml_part *ooxml_part_find(const struct ooxml_package *package, const char *name);

/*
 * Reads the relationships of a part (NULL: of the package) and fills the list with those that may
 * stay; the others get a row in the receipt.
 */
int ooxml_relationships_read(struct ooxml_package *package, struct ooxml_part *source,
                             struct ooxml_relationship **list, size_t *count, struct error *error);
void ooxml_relationships_free(struct ooxml_relationship *list, size_t count);

/* The relationship with this id, or NULL. */
struct ooxml_relationship *ooxml_relationship_find(struct ooxml_part *part, const char *id);

/* Appends the relationships part of source (NULL: of the package): those that are used. */
void ooxml_relationships_write(const struct ooxml_package *package, const struct ooxml_part *source,
                               struct buffer *out);

/*
 * Rebuilds a part that a kept relationship leads to, unless that was done. True when it is kept.
 * False: dropped, and the receipt says why; *fatal is set when the whole file is to be refused.
 */
bool ooxml_part_resolve(struct ooxml_package *package, struct ooxml_part *part, bool *fatal,
                        struct error *error);

/*
 * Looks through the main part of a workbook before it is rebuilt: fills scope and sheet_map.
 * Errors: those of reading XML, ooxml_nothing_left when no sheet stays.
 */
int ooxml_workbook_scan(struct ooxml_package *package, struct bytes xml, struct error *error);

/* True when the workbook's relationship `id` (may be NULL) leads to a sheet that stays. */
bool ooxml_workbook_is_sheet(struct ooxml_part *workbook, const char *id);

/* A receipt row about a part. */
void ooxml_part_record(struct ooxml_package *package, struct ooxml_part *part, const char *kind,
                       enum receipt_action action, const char *reason);

#endif
