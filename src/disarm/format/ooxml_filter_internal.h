/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of the filter, shared by its files only: ooxml_filter.c, ooxml_markup.c, ooxml_hooks.c.
 */
#ifndef DISARM_FORMAT_OOXML_FILTER_INTERNAL_H
#define DISARM_FORMAT_OOXML_FILTER_INTERNAL_H

#include "disarm/format/ooxml_field.h"
#include "disarm/format/ooxml_filter.h"

#define OOXML_MC "http://schemas.openxmlformats.org/markup-compatibility/2006\n"

/* A set of namespaces. */
struct ooxml_namespace_set {
    uint64_t bits[OOXML_NAMESPACE_MAXIMUM / 64];
};

static inline void namespace_set_add(struct ooxml_namespace_set *set, unsigned index)
{
    set->bits[index / 64] |= UINT64_C(1) << (index % 64);
}

static inline bool namespace_set_has(const struct ooxml_namespace_set *set, unsigned index)
{
    return set->bits[index / 64] >> (index % 64) & 1;
}

enum level_kind {
    LEVEL_ELEMENT,
    LEVEL_UNWRAPPED, /* the tag is not written, what is in it is */
    LEVEL_ALTERNATE, /* mc:AlternateContent, written when its first choice is */
    LEVEL_CHOICE,
    LEVEL_FALLBACK,
};

/* One open element. */
struct level {
    const struct ooxml_element *element; /* NULL for markup compatibility */
    const char *name;                    /* as written; NULL when no end tag is to come */
    size_t start;                        /* where it begins in the output */
    size_t content;                      /* where its content begins */
    struct ooxml_namespace_set used;     /* before it began */
    enum level_kind kind;
    bool killed;           /* goes when it ends */
    bool prune;            /* goes when it ends empty */
    bool chosen;           /* LEVEL_ALTERNATE: it was written */
    bool ole;              /* p:graphicFrame: it holds an OLE object */
    uint32_t shared_index; /* x:f: si plus one of a shared formula, else 0 */
    size_t picture_start;  /* p:graphicFrame: the preview picture in the output */
    size_t picture_end;
    struct ooxml_namespace_set picture_used;
};

/* A prefix in force, for the values of mc:Ignorable and Requires. */
struct binding {
    char *prefix;
    int name_space; /* index, or -1 when we do not know it */
};

/* A relationship named in the output at this offset. */
struct use {
    size_t at;
    struct ooxml_relationship *relationship;
};

/* A row of the receipt to be written when the part is done. */
struct note {
    const char *kind;
    const char *reason;
    enum receipt_action action;
    uint64_t count;
};

/* A growing set of small numbers: shared formula indexes. */
struct number_set {
    uint8_t *bits;
    size_t capacity; /* in numbers */
};

struct filter {
    struct ooxml_package *package;
    struct ooxml_part *part;
    struct error *error;
    bool failed; /* error is filled; reading stops */
    bool fatal;
    bool root_seen;

    struct buffer out;
    struct buffer text; /* of the formula being read */
    size_t root_name_end;
    struct level *levels;
    size_t depth, level_capacity;
    uint64_t skipped; /* open elements inside a dropped one */
    struct ooxml_namespace_set used, ignorable;
    struct binding *bindings;
    size_t binding_count, binding_capacity;
    struct use *uses;
    size_t use_count, use_capacity;
    struct note *notes;
    size_t note_count, note_capacity;

    struct ooxml_field_tracker fields;
    struct number_set masters;                 /* shared formulas whose master is kept */
    struct number_set followers;               /* shared formulas with followers */
    struct number_set orphans;                 /* those to drop in the second pass */
    char *frame_id;                            /* id of the open p:graphicFrame */
    struct ooxml_namespace_set around_picture; /* what was used before a preview picture began */
};

static inline struct level *filter_top(struct filter *filter)
{
    return filter->depth ? &filter->levels[filter->depth - 1] : NULL;
}

/* Stops with an error about this part. */
void filter_fail(struct filter *filter, const char *code, const char *detail);

/* Counts a row for the receipt. Strings are static. */
void filter_note(struct filter *filter, const char *kind, enum receipt_action action,
                 const char *reason);

/* Opens a level; the caller writes the tag. */
struct level *filter_push(struct filter *filter, const struct ooxml_element *element,
                          const char *name, enum level_kind kind);

/* Cuts the output back to where it was when a level began. */
void filter_roll_back(struct filter *filter, size_t start, const struct ooxml_namespace_set *used);

/* The nearest element around that can go as a whole will go. */
void filter_kill_frame(struct filter *filter);

/* The relationship with this id when what it leads to is kept (rebuilding it now if need be). */
struct ooxml_relationship *filter_live(struct filter *filter, const char *id);

/* Markup compatibility (ooxml_markup.c). name is without the namespace. */
void filter_markup_start(struct filter *filter, const char *name, const char **attributes);
void filter_markup_end(struct filter *filter, struct level *level);
void filter_add_ignorable(struct filter *filter, const char *prefixes);

/* Reactions to single elements (ooxml_hooks.c). */
enum hook_verdict {
    HOOK_WRITE,
    HOOK_SKIP,   /* with everything in it */
    HOOK_UNWRAP, /* but not what is in it */
};

/* Before the tag is written. *name may be replaced by another static name. */
enum hook_verdict filter_hook_start(struct filter *filter, const struct ooxml_element *element,
                                    const char **attributes, const char **name);
/* After the tag was written. */
void filter_hook_opened(struct filter *filter, struct level *level, const char **attributes);
/* Another value for an attribute: the given one, one in `storage`, or NULL to leave it out. */
const char *filter_hook_attribute(struct filter *filter, const struct ooxml_element *element,
                                  const char *name, const char *value, char storage[32]);
/* Before the end tag is written; may kill the level or change what it holds. */
void filter_hook_end(struct filter *filter, struct level *level);
/* A formula that is not safe was found in the open element. */
void filter_hook_formula(struct filter *filter, struct level *level);

bool number_set_has(const struct number_set *set, uint32_t number);
void number_set_add(struct number_set *set, uint32_t number);

#endif
