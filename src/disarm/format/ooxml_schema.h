/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a rebuilt Office document may hold: namespaces, elements, attributes, parts and worksheet
 * functions. The tables are made from data/ooxml/ by tools/ooxml_tables.py when the program is
 * built; nothing that they do not list is ever written.
 */
#ifndef DISARM_FORMAT_OOXML_SCHEMA_H
#define DISARM_FORMAT_OOXML_SCHEMA_H

#include "base/bytes.h"

/* Elements that code looks at: hook=… in data/ooxml/elements.tsv. */
enum ooxml_hook {
    OOXML_HOOK_NONE,
    OOXML_HOOK_CACHE_RANGE,    /* where a pivot cache takes its values from */
    OOXML_HOOK_CACHE_SOURCE,   /* kind of source of a pivot cache */
    OOXML_HOOK_CELL_FORMULA,   /* x:f */
    OOXML_HOOK_CELL_LINK,      /* x:hyperlink */
    OOXML_HOOK_CLIENT_DATA,    /* what an Excel VML shape is */
    OOXML_HOOK_DEFINED_NAME,   /* x:definedName */
    OOXML_HOOK_EXTENSION,      /* ext inside extLst (and the size of a shape, which has no uri) */
    OOXML_HOOK_FIELD_CHAR,     /* w:fldChar */
    OOXML_HOOK_FIELD_CODE,     /* w:instrText */
    OOXML_HOOK_FIELD_SIMPLE,   /* w:fldSimple */
    OOXML_HOOK_HYPERLINK,      /* w:hyperlink */
    OOXML_HOOK_OBJECT,         /* w:object: becomes w:pict, the preview picture */
    OOXML_HOOK_OLE_OBJECT,     /* p:oleObj: only its preview picture stays */
    OOXML_HOOK_RUN,            /* w:r */
    OOXML_HOOK_RUN_PROPERTIES, /* w:rPr */
    OOXML_HOOK_SHAPE_ID,       /* p:cNvPr */
    OOXML_HOOK_SHAPE_LINK,     /* a:hlinkClick and its kin */
    OOXML_HOOK_SHEET,          /* x:sheet */
    OOXML_HOOK_SLIDE_FRAME,    /* p:graphicFrame */
    OOXML_HOOK_SLIDE_PICTURE,  /* p:pic */
    OOXML_HOOK_WORKBOOK_VIEW,  /* x:workbookView */
};

enum ooxml_element_flag {
    OOXML_TEXT = 1 << 0,
    OOXML_UNWRAP = 1 << 1,
    OOXML_LINK = 1 << 2,
    OOXML_PRUNE = 1 << 3,
    OOXML_FRAME = 1 << 4,
    OOXML_VITAL = 1 << 5,
    OOXML_FORMULA = 1 << 6,
    OOXML_COMMENT = 1 << 7,
};

enum ooxml_attribute_kind {
    OOXML_ATTRIBUTE_PLAIN,
    OOXML_ATTRIBUTE_REL,      /* names a relationship of the part */
    OOXML_ATTRIBUTE_URL,      /* a web address */
    OOXML_ATTRIBUTE_FORMULA,  /* a worksheet formula */
    OOXML_ATTRIBUTE_LOCATION, /* a place inside the workbook */
    OOXML_ATTRIBUTE_ACTION,   /* a PowerPoint action */
};

struct ooxml_namespace {
    const char *prefix; /* "" for no namespace */
    const char *uri;
    const char *strict; /* its name in ISO/IEC 29500 Strict, or NULL */
    uint16_t uri_length;
    uint16_t strict_length;
    bool extension; /* not of ECMA-376: may stand in mc:Ignorable */
};

struct ooxml_element {
    const char *name; /* as written, "w:p"; SpreadsheetML is written without prefix */
    uint16_t first_attribute;
    uint8_t attribute_count;
    uint8_t name_space; /* index into ooxml_namespaces */
    uint8_t local;      /* offset of the local name in name */
    uint8_t hook;       /* enum ooxml_hook */
    uint8_t flags;      /* enum ooxml_element_flag */
};

struct ooxml_attribute {
    const char *name; /* as written, "w:val" */
    uint8_t name_space;
    uint8_t local;
};

enum ooxml_rule {
    OOXML_ESSENTIAL = 1 << 0, /* the file is refused when this part cannot be rebuilt */
    OOXML_EXPLICIT = 1 << 1,  /* goes when nothing names its relationship */
    OOXML_COMMENT_PART = 1 << 2,
    OOXML_PICTURE = 1 << 3,
    OOXML_PACKAGE = 1 << 4, /* an Office file, disarmed in turn */
    OOXML_VML = 1 << 5,
    OOXML_DROP = 1 << 6,     /* the relationship is never followed */
    OOXML_METADATA = 1 << 7, /* of the package; kept when the options say so */
};

/* A kind of part, or of a relationship that is dropped. */
struct ooxml_kind {
    const char *relationship; /* full type, transitional */
    const char *strict;       /* full type in a strict package, or NULL */
    const char *content_type; /* NULL for OOXML_DROP; "image/" stands for all of them */
    const char *root;         /* name of the root element as written, or NULL */
    const char *receipt_kind;
    const char *reason; /* of OOXML_DROP */
    char family;        /* 'w', 'x', 'p', or '*' */
    uint8_t rules;      /* enum ooxml_rule */
};

extern const struct ooxml_namespace ooxml_namespaces[];
extern const size_t ooxml_namespace_count;
extern const struct ooxml_kind ooxml_kinds[];
extern const size_t ooxml_kind_count;

/* Number of namespaces at most, for sets of them. */
enum { OOXML_NAMESPACE_MAXIMUM = 128 };

/*
 * The element or attribute that expat calls `name` ("namespace\nlocal", or "local" without
 * namespace), strict names being the same as transitional ones; NULL when it is not listed.
 */
const struct ooxml_element *ooxml_find_element(const char *name);

/* As above for an attribute of one element; *kind is an enum ooxml_attribute_kind. */
const struct ooxml_attribute *ooxml_find_attribute(const struct ooxml_element *element,
                                                   const char *name, uint8_t *kind);

/* Index of the namespace with this name (transitional or strict), or -1. */
int ooxml_find_namespace(const char *uri);

/* True for a worksheet function that only computes (upper case, without _xlfn. and its kin). */
bool ooxml_function_known(struct bytes name);

/* What the two lookups work on; filled by the generated file. */
struct ooxml_slot {
    uint64_t hash;
    uint16_t index; /* plus one; 0: empty */
    bool strict;
};
extern const struct ooxml_element ooxml_elements[];
extern const struct ooxml_attribute ooxml_attributes[];
extern const uint16_t ooxml_attribute_lists[]; /* sorted; upper 4 bits: kind */
extern const struct ooxml_slot ooxml_element_slots[], ooxml_attribute_slots[];
extern const size_t ooxml_element_mask, ooxml_attribute_mask;
extern const char *const ooxml_functions[]; /* sorted */
extern const size_t ooxml_function_count;

#endif
