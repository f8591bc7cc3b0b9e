/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file is: the order of the tests, libmagic as the last one, and the check of claims. */
#include "disarm/format/identify.h"

#include <magic.h>
#include <strings.h>

#include "disarm/format/identify_parts.h"
#include "disarm/format/name.h"
#include "disarm/format/refused.h"

/* libmagic's handle, loaded once in the zygote and only used in its children. */
static magic_t magic;

int identify_warm(struct error *error)
{
    if (magic)
        return 0;
    magic_t handle = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_CDF |
                                MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_JSON);
    if (!handle || magic_load(handle, NULL)) {
        error_set(error, "magic_missing", "libmagic", "%s", handle ? magic_error(handle) : "");
        if (handle)
            magic_close(handle);
        return -1;
    }
    magic = handle;
    return 0;
}

struct media_type {
    const char *prefix;
    const char *format;
};

/* What libmagic knows and our own signatures do not, as far as it helps a person. */
static const struct media_type media_types[] = {
    {"application/x-7z", "7z"},
    {"application/x-arj", "lzh"},
    {"application/x-dosexec", "exe"},
    {"application/x-executable", "exe"},
    {"application/x-lzh", "lzh"},
    {"application/x-mach-binary", "exe"},
    {"application/x-ms-shortcut", "lnk"},
    {"application/x-rar", "rar"},
    {"application/x-tar", "tar"},
    {"application/x-wine-extension-ini", "script"},
    {"audio/", "audio"},
    {"text/html", "html"},
    {"text/rtf", "rtf"},
    {"video/", "video"},
};

static const char *ask_magic(struct bytes in)
{
    const char *type = magic ? magic_buffer(magic, in.data, in.length) : NULL;
    for (size_t i = 0; type && i < sizeof media_types / sizeof *media_types; i++) {
        if (!strncmp(type, media_types[i].prefix, strlen(media_types[i].prefix)))
            return media_types[i].format;
    }
    return NULL;
}

static const struct format *find_format(const char *name)
{
    const struct format *format = format_find(name);
    return format ? format : refused_find(name);
}

/*
 * Text is what its name says as long as that is also text: csv stays csv, and a script stays a
 * script although nothing in its bytes shows it.
 */
static const struct format *settle_text(const struct format *text, const char *claimed_name)
{
    const struct format *claimed = name_claims(claimed_name);
    if (!claimed)
        return text;
    static const char *const kinds[] = {"csv", "eml", "html", "script", "svg", "xml", "ps", "lnk"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!strcmp(claimed->name, kinds[i]))
            return claimed;
    }
    return claimed->danger == DANGER_PLAIN ? claimed : text;
}

/* A zip that something stands in front of, or a PDF behind a few stray bytes. */
static const char *find_behind_front(struct bytes in)
{
    if (identify_pdf_header(in) != SIZE_MAX && bytes_find(in, 0, " obj") != SIZE_MAX)
        return "pdf";
    struct zip_directory directory;
    return identify_zip_directory(in, true, &directory) ? "zip" : NULL;
}

static const char *find_name(struct bytes in)
{
    const char *name = identify_signature(in);
    if (name && !strcmp(name, "zip"))
        return identify_zip(in);
    if (name && !strcmp(name, "ole2"))
        return identify_ole2(in);
    if (!name)
        name = find_behind_front(in);
    if (!name)
        name = identify_text(in);
    return name ? name : ask_magic(in);
}

int identify_content(struct bytes in, const char *claimed_name, const struct format **format,
                     struct error *error)
{
    const struct format *claimed = name_claims(claimed_name);
    if (!in.length && !(claimed && claimed->danger == DANGER_PLAIN))
        return error_set(error, "empty_file", NULL, "%s", "");
    const char *name = find_name(in);
    struct zip_directory directory;
    if (name && !strcmp(name, "zip") && !identify_zip_directory(in, false, &directory))
        return error_set(error, "zip_damaged", NULL, "%s", "no end record");
    const struct format *found = name ? find_format(name) : NULL;
    /* unknown bytes under the name of a format that we refuse anyway get the clearer refusal */
    if (!name && claimed && refused_find(claimed->name))
        found = claimed;
    if (!found)
        return error_set(error, name ? "format_not_supported" : "format_unknown", NULL, "%s",
                         name ? name : "");
    const char *second = found->output ? identify_polyglot(in, found->name, found->picture) : NULL;
    if (second)
        return error_set(error, "polyglot", NULL, "%s: %s", found->name, second);
    /* a note that begins like a mail is a note, as long as its name says so */
    bool note = !strcmp(found->name, "eml") && claimed && claimed->danger == DANGER_PLAIN;
    if (note)
        found = claimed;
    *format = !strcmp(found->name, "text") ? settle_text(found, claimed_name) : found;
    return 0;
}

/* The format that a declared media type names, or NULL. Parameters are not looked at. */
static const struct format *media_type_claims(const char *media_type)
{
    size_t count, length = strcspn(media_type, "; \t");
    const struct format *table = format_all(&count);
    for (size_t i = 0; i < count; i++) {
        if (strlen(table[i].media_type) == length &&
            !strncasecmp(table[i].media_type, media_type, length))
            return &table[i];
    }
    return NULL;
}

static enum identify_match compare(const struct format *real, const struct format *claimed)
{
    if (!claimed || claimed == real)
        return IDENTIFY_AGREES;
    return real->danger > claimed->danger ? IDENTIFY_DISGUISE : IDENTIFY_DIFFERS;
}

enum identify_match identify_compare(const struct format *real, const char *claimed_name,
                                     const char *claimed_media_type, const struct format **claimed)
{
    const struct format *by_name =
        name_fits_format(claimed_name, real) ? real : name_claims(claimed_name);
    const struct format *by_type =
        claimed_media_type ? media_type_claims(claimed_media_type) : NULL;
    enum identify_match match = compare(real, by_name ? by_name : by_type);
    const struct format *claim = by_name && match != IDENTIFY_AGREES ? by_name : by_type;
    if (claimed)
        *claimed = claim;
    /* mail programs declare types loosely: beside a name that agrees it only makes a row */
    if (match == IDENTIFY_AGREES && compare(real, by_type) != IDENTIFY_AGREES)
        return IDENTIFY_DIFFERS;
    return match;
}

int identify_refuse(const struct format *format, const char *where, struct error *error)
{
    return error_set(error, "format_not_supported", where, "%s", format->name);
}
