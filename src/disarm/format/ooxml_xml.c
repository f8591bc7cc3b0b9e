/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thin layer over expat that refuses what no Office program writes, and the escapes for writing.
 */
#include "disarm/format/ooxml_xml.h"

#include <expat.h>
#include <limits.h>
#include <sys/auxv.h>

#include "base/memory.h"

struct reading {
    const struct ooxml_xml_handlers *handlers;
    void *data;
    const bool *stop;
    XML_Parser parser;
    const char *refusal; /* error code of our own, or NULL */
    unsigned depth;
};

static void stop_when_asked(struct reading *reading)
{
    if (reading->refusal || (reading->stop && *reading->stop))
        XML_StopParser(reading->parser, XML_FALSE);
}

static void on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct reading *reading = user;
    if (++reading->depth > OOXML_DEPTH_MAXIMUM)
        reading->refusal = "ooxml_depth";
    else if (reading->handlers->start)
        reading->handlers->start(reading->data, name, attributes);
    stop_when_asked(reading);
}

static void on_end(void *user, const XML_Char *name)
{
    struct reading *reading = user;
    reading->depth--;
    if (reading->handlers->end)
        reading->handlers->end(reading->data, name);
    stop_when_asked(reading);
}

static void on_text(void *user, const XML_Char *text, int length)
{
    struct reading *reading = user;
    reading->handlers->text(reading->data, (struct bytes){(const uint8_t *)text, (size_t)length});
}

static void on_bind(void *user, const XML_Char *prefix, const XML_Char *uri)
{
    struct reading *reading = user;
    reading->handlers->bind(reading->data, prefix ? prefix : "", uri ? uri : "");
}

static void on_unbind(void *user, const XML_Char *prefix)
{
    struct reading *reading = user;
    if (reading->handlers->unbind)
        reading->handlers->unbind(reading->data, prefix ? prefix : "");
}

static void on_doctype(void *user, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    struct reading *reading = user;
    reading->refusal = "ooxml_doctype";
    stop_when_asked(reading);
}

/* A salt for expat's hash tables that needs no system call: the kernel's random bytes of this
 * process. */
static unsigned long hash_salt(void)
{
    const void *random = (const void *)getauxval(AT_RANDOM);
    unsigned long salt = 1;
    if (random)
        memcpy(&salt, random, sizeof salt);
    return salt | 1;
}

static int finish(struct reading *reading, enum XML_Status status, struct error *error)
{
    if (reading->refusal)
        return error_set(error, reading->refusal, NULL, "%lu",
                         XML_GetCurrentLineNumber(reading->parser));
    if (reading->stop && *reading->stop)
        return 0;
    if (status != XML_STATUS_OK)
        return error_set(error, "ooxml_xml", NULL, "%s, %lu:%lu",
                         XML_ErrorString(XML_GetErrorCode(reading->parser)),
                         XML_GetCurrentLineNumber(reading->parser),
                         XML_GetCurrentColumnNumber(reading->parser));
    return 0;
}

int ooxml_xml_read(struct bytes xml, const struct ooxml_xml_handlers *handlers, void *data,
                   const bool *stop, struct error *error)
{
    if (xml.length > INT_MAX)
        return error_set(error, "ooxml_xml", NULL, "too long");
    struct reading reading = {.handlers = handlers, .data = data, .stop = stop};
    reading.parser = XML_ParserCreateNS(NULL, '\n');
    if (!reading.parser)
        memory_exhausted();
    XML_SetHashSalt(reading.parser, hash_salt());
    XML_SetUserData(reading.parser, &reading);
    XML_SetElementHandler(reading.parser, on_start, on_end);
    if (handlers->text)
        XML_SetCharacterDataHandler(reading.parser, on_text);
    if (handlers->bind)
        XML_SetNamespaceDeclHandler(reading.parser, on_bind, on_unbind);
    XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);
    enum XML_Status status = XML_Parse(reading.parser, (const char *)xml.data, (int)xml.length, 1);
    int failed = finish(&reading, status, error);
    XML_ParserFree(reading.parser);
    return failed;
}

const char *ooxml_xml_local(const char *name)
{
    const char *separator = strrchr(name, '\n');
    return separator ? separator + 1 : name;
}

const char *ooxml_xml_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2) {
        if (!strcmp(attributes[0], name))
            return attributes[1];
    }
    return NULL;
}

const char *ooxml_xml_relationship_id(const char **attributes)
{
    const char *id = ooxml_xml_attribute(
        attributes, "http://schemas.openxmlformats.org/officeDocument/2006/relationships\nid");
    return id ? id
              : ooxml_xml_attribute(attributes,
                                    "http://purl.oclc.org/ooxml/officeDocument/relationships\nid");
}

static const char *reference(uint8_t byte, bool attribute)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r':
        return "&#13;";
    case '"':
        return attribute ? "&quot;" : NULL;
    case '\n':
        return attribute ? "&#10;" : NULL;
    case '\t':
        return attribute ? "&#9;" : NULL;
    default:
        return NULL;
    }
}

static void append_escaped(struct buffer *out, struct bytes text, bool attribute)
{
    size_t done = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] > '>')
            continue;
        const char *escaped = reference(text.data[i], attribute);
        if (!escaped)
            continue;
        buffer_append(out, text.data + done, i - done);
        buffer_append_string(out, escaped);
        done = i + 1;
    }
    buffer_append(out, text.data + done, text.length - done);
}

void ooxml_xml_append_text(struct buffer *out, struct bytes text)
{
    append_escaped(out, text, false);
}

void ooxml_xml_append_attribute(struct buffer *out, struct bytes value)
{
    append_escaped(out, value, true);
}
