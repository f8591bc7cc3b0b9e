/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second reader's own lists for Office packages. */
#ifndef DISARM_VERIFY_OOXML_LISTS_H
#define DISARM_VERIFY_OOXML_LISTS_H

#include "base/bytes.h"

struct ooxml_list_namespace {
    const char *prefix;
    const char *uri;
};

struct ooxml_list_part {
    const char *content_type;
    const char *root;         /* NULL: not XML */
    const char *relationship; /* that leads there */
};

/* What a part of this content type must be, or NULL when there may be none. */
const struct ooxml_list_part *ooxml_list_part(struct bytes content_type);

bool ooxml_list_namespace_allowed(struct bytes prefix, struct bytes uri);

/* Names: elements with their prefix ("x:" for SpreadsheetML), fields and functions in capitals. */
bool ooxml_list_element_forbidden(const char *name);
bool ooxml_list_field_forbidden(const char *name);
bool ooxml_list_function_forbidden(const char *name);

#endif
