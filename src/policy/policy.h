/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The policy compiler's result: an adopted text (情報セキュリティポリシー) as clauses, definitions,
 * zones, roles and requirements, each with its place in the source.
 *
 * Everything in a struct policy belongs to it and lives until policy_free. Offsets and lengths are
 * bytes of the UTF-8 text that policy_compile was given. Strings are UTF-8 and never NULL unless
 * said.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

#define POLICY_NONE SIZE_MAX /* no clause */

/* A list of strings. */
struct policy_names {
    char **items;
    size_t count;
};

/* Where a clause stands. */
enum policy_part {
    POLICY_PART_PREFACE,  /* はじめに, before the first numbered part */
    POLICY_PART_POLICY,   /* 基本方針 */
    POLICY_PART_STANDARD, /* 対策基準 */
    POLICY_PART_COUNT,
};

/* A stretch of the source, in bytes. */
struct policy_span {
    size_t offset;
    size_t length;
};

struct policy_clause {
    char *id; /* path of printed markers, e.g. "standard/7/(2)/①/ウ/⑥" */
    enum policy_part part;
    char *marker;  /* as printed, normalised to one width: "(2)"; "" for unnumbered text */
    char *heading; /* "" when the marker is followed by text at once */
    char *text;    /* the clause's own text with lines joined, children not included */
    struct policy_span place; /* from its marker to the end of its own text */
    size_t parent;            /* index of the clause above, or POLICY_NONE */
    unsigned depth;           /* 0 for a clause directly under its part */
};

/* What stands in the source but belongs to no clause. */
enum policy_furniture_kind {
    POLICY_FURNITURE_TITLE,
    POLICY_FURNITURE_CONTENTS,
    POLICY_FURNITURE_REVISIONS,
    POLICY_FURNITURE_FIGURE,
    POLICY_FURNITURE_PAGE,
    POLICY_FURNITURE_PART_HEADING,
    POLICY_FURNITURE_TABLE_HEADING,
    POLICY_FURNITURE_COUNT,
};

struct policy_furniture {
    enum policy_furniture_kind kind;
    struct policy_span place;
};

struct policy_sentence {
    size_t clause;
    char *text;
    struct policy_span place; /* page breaks and line ends inside it included */
};

struct policy_revision {
    char *date;    /* ISO "2026-04" or "2026-04-01", "" when not readable */
    char *version; /* as printed */
    char *note;
};

struct policy_definition {
    char *term;
    char *text;
    size_t clause;
};

struct policy_threat {
    char *text;
    size_t clause;
};

struct policy_zone {
    char *id; /* "mynumber", "lgwan", "internet", else a slug */
    char *name;
    size_t clause; /* where it is defined */
};

/* What the text says about passing between two zones, the strictest first. */
enum policy_crossing_rule {
    POLICY_CROSSING_FORBIDDEN,  /* nothing passes */
    POLICY_CROSSING_MEDIA_ONLY, /* only on a portable medium */
    POLICY_CROSSING_DISARMED,   /* only after 無害化 */
    POLICY_CROSSING_LIMITED,    /* only named partners and protocols */
    POLICY_CROSSING_MONITORED,  /* watched */
    POLICY_CROSSING_COUNT,
};

struct policy_crossing {
    char *from; /* id of a zone, "*" for every other one, "external" for what lies outside */
    char *to;
    bool both_ways; /* the text names no direction */
    enum policy_crossing_rule rule;
    struct policy_names methods; /* "text", "flatten", "rebuild", where the text names them */
    size_t clause;
    size_t sentence;
};

struct policy_level {
    char *scheme; /* "機密性", "自治体完全性"; "" where the labels are Roman numerals */
    char *label;  /* "Ⅱ", "3A" */
    char *text;
    size_t clause;
};

struct policy_role {
    char *name;
    char *held_by; /* the post that holds it, "" when nobody is named */
    size_t clause; /* where it is appointed or first used */
};

enum policy_modality {
    POLICY_MUST,
    POLICY_MUST_NOT,
    POLICY_MAY,
    POLICY_SHOULD,
    POLICY_MODALITY_COUNT,
};

enum policy_timing {
    POLICY_IMMEDIATE,
    POLICY_PROMPT,
    POLICY_PERIODIC,
    POLICY_YEARLY,
    POLICY_AS_NEEDED,
    POLICY_EVENT,
    POLICY_ALWAYS,
    POLICY_TIMING_COUNT,
};

enum { POLICY_BINDINGS = 3 }; /* controls proposed for one requirement, at most */

struct policy_binding {
    const char *control; /* id in the catalogue, static */
    const char *how;     /* "enforced", "checked", "recorded", "attested" */
    double confidence;   /* 0 to 1 */
};

struct policy_requirement {
    char *id; /* clause id, '#', number of the requirement in the clause from 1 */
    size_t clause;
    size_t sentence; /* index of the sentence */
    enum policy_modality modality;
    struct policy_names
        roles; /* who; carried over from the list's head where the sentence is silent */
    enum policy_timing timing;
    char *timing_text;                   /* the words that say so, "" for always */
    char *condition;                     /* "…場合", "" when none */
    char *threshold;                     /* label of the classification from which it applies, "" */
    char *exception;                     /* the ただし sentence that limits it, "" */
    struct policy_names permission_from; /* whose permission it needs */
    struct policy_names report_to;       /* to whom it is reported */
    struct policy_names together_with;   /* with whom (と連携し) */
    struct policy_binding bindings[POLICY_BINDINGS]; /* best first */
    size_t binding_count;
};

struct policy_reference {
    size_t clause; /* where it stands */
    char *text;    /* as printed */
    size_t target; /* the clause it points at, or POLICY_NONE when there is none */
};

struct policy {
    char *source; /* the text as given */
    size_t source_length;
    char *organization;
    char *title;
    char *effective; /* ISO date or "" */
    char *classification_name;
    struct policy_revision *revisions;
    size_t revision_count;
    struct policy_clause *clauses;
    size_t clause_count;
    struct policy_furniture *furniture;
    size_t furniture_count;
    struct policy_sentence *sentences;
    size_t sentence_count;
    struct policy_definition *definitions;
    size_t definition_count;
    struct policy_threat *threats;
    size_t threat_count;
    struct policy_zone *zones;
    size_t zone_count;
    struct policy_crossing *crossings;
    size_t crossing_count;
    struct policy_level *levels;
    size_t level_count;
    struct policy_role *roles;
    size_t role_count;
    struct policy_requirement *requirements;
    size_t requirement_count;
    struct policy_reference *references;
    size_t reference_count;
};

/*
 * Compiles a text. utf8 is copied. Returns NULL with an error when it is not UTF-8, empty, too
 * large, or no policy (policy_not_utf8, policy_empty, policy_too_large, policy_not_a_policy). The
 * caller frees with policy_free.
 */
struct policy *policy_compile(struct bytes utf8, struct error *error);

/* Frees a policy and all it holds; NULL does nothing. */
void policy_free(struct policy *policy);

/* "preface", "policy", "standard". */
const char *policy_part_name(enum policy_part part);

/* "must", "must_not", "may", "should". */
const char *policy_modality_name(enum policy_modality modality);

/* "immediate", "prompt", "periodic", "yearly", "as_needed", "event", "always". */
const char *policy_timing_name(enum policy_timing timing);

/* "forbidden", "media_only", "disarmed", "limited", "monitored". */
const char *policy_crossing_rule_name(enum policy_crossing_rule rule);

/* "title", "contents", "revisions", "figure", "page", "part_heading", "table_heading". */
const char *policy_furniture_name(enum policy_furniture_kind kind);

/* Index of the clause with this id, or POLICY_NONE. */
size_t policy_find_clause(const struct policy *policy, const char *id);

/* Writes the whole policy as one JSON object, as `sekisho policy show --json` prints it. */
void policy_write_json(const struct policy *policy, struct buffer *out);

#endif
