/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading one XML part with expat: namespaces resolved, no document type, no entities beyond the
 * five of XML, bounded depth. Names come as "namespace\nlocal", or "local" without namespace.
 */
#ifndef DISARM_FORMAT_OOXML_XML_H
#define DISARM_FORMAT_OOXML_XML_H

#include "base/buffer.h"
#include "base/error.h"

enum { OOXML_DEPTH_MAXIMUM = 1000 };

struct ooxml_xml_handlers {
    /* attributes: name, value, name, value, …, NULL. Any handler may be NULL. */
    void (*start)(void *data, const char *name, const char **attributes);
    void (*end)(void *data, const char *name);
    void (*text)(void *data, struct bytes text);
    /* A prefix ("" for the default) is bound to a namespace, until the matching unbind. */
    void (*bind)(void *data, const char *prefix, const char *uri);
    void (*unbind)(void *data, const char *prefix);
};

/*
 * Reads the whole part and calls the handlers in order. Errors: ooxml_xml (not well formed),
 * ooxml_doctype, ooxml_depth. A handler stops the reading by setting *stop, which is not an error.
 * stop may be NULL.
 */
int ooxml_xml_read(struct bytes xml, const struct ooxml_xml_handlers *handlers, void *data,
                   const bool *stop, struct error *error);

/* The local part of a name as expat gives it. */
const char *ooxml_xml_local(const char *name);

/* The value of an attribute without namespace, or NULL. */
const char *ooxml_xml_attribute(const char **attributes, const char *name);

/* The value of the attribute r:id (transitional or strict), or NULL. */
const char *ooxml_xml_relationship_id(const char **attributes);

/* Appends text with & < > (and in attributes " TAB LF CR; in text CR) written as references. */
void ooxml_xml_append_text(struct buffer *out, struct bytes text);
void ooxml_xml_append_attribute(struct buffer *out, struct bytes value);

#endif
