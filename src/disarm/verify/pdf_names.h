/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names that may stand in a PDF of ours, and what a key leads into. */
#ifndef DISARM_VERIFY_PDF_NAMES_H
#define DISARM_VERIFY_PDF_NAMES_H

#include "base/bytes.h"

/* What the value of a key is, as far as it matters for what may stand in it. */
enum names_context {
    NAMES_PLAIN,       /* dictionaries with keys of the list */
    NAMES_MAP,         /* a dictionary whose keys are names of somebody's choice */
    NAMES_RESOURCES,   /* a resource dictionary: its values are maps */
    NAMES_APPEARANCE,  /* AP: N, R and D are streams or maps of streams */
    NAMES_TREES,       /* the Names of the catalogue: only Dests */
    NAMES_PARAMETERS,  /* DecodeParms: numbers of a filter */
    NAMES_ACTION,      /* an action, or (A of a structure element) attributes */
    NAMES_URI,         /* an address */
    NAMES_CONTENT,     /* a stream of operators */
    NAMES_CONTENT_MAP, /* a map of streams of operators */
    NAMES_INTEGER,     /* never anything but an integer */
    NAMES_SUBTYPE,     /* a name that may be forbidden */
    NAMES_NAME_MAP,    /* a map of names to names */
};

/* True when the key is on the list; *context says what its value is. */
bool names_allowed(struct bytes key, enum names_context *context);

/* True for the keys of DecodeParms that our writer uses. */
bool names_parameter(struct bytes key);

/* True for values of Type and Subtype that a rebuilt file never has. */
bool names_forbidden_type(struct bytes name);

/* True for the operators of content streams that may stand in one. */
bool names_operator(struct bytes word);

/* True for a string (as written) that is an address with http, https or mailto. */
bool names_address(struct bytes string);

#endif
