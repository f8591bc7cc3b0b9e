/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of formats. Each module's functions are declared in its own header. */
#include "disarm/format/csv.h"
#include "disarm/format/format.h"
#include "disarm/format/mail.h"
#include "disarm/format/ooxml.h"
#include "disarm/format/ooxml_encrypted.h"
#include "disarm/format/ooxml_text.h"
#include "disarm/format/pdf.h"
#include "disarm/format/pdf_render.h"
#include "disarm/format/text.h"
#include "disarm/format/zip.h"
#include "disarm/format/zip_crypt.h"
#include "disarm/verify/mail.h"
#include "disarm/verify/ooxml.h"
#include "disarm/verify/pdf.h"
#include "disarm/verify/text.h"
#include "disarm/verify/zip.h"

#include "disarm/format/picture.h"
#include "disarm/verify/picture.h"

#include "base/encoding.h"
#include "disarm/format/identify.h"
/* The Office formats differ in name, media type, output and danger only. */
#define OOXML(format_name, type, made, how_dangerous)                                              \
    {                                                                                              \
        .name = #format_name, .media_type = type, .extensions = #format_name, .output = #made,     \
        .danger = how_dangerous, .rebuild = ooxml_rebuild, .text = ooxml_text,                     \
        .verify = verify_##made                                                                    \
    }
#include "disarm/print_internal.h"

static const struct format formats[] = {
    /* keep the rows of one module together */
    {"jpeg", "image/jpeg", "jpg jpeg jpe jfif", "jpeg", DANGER_PICTURE, true, picture_rebuild_jpeg,
     picture_flatten_jpeg, NULL, verify_jpeg},
    {"gif", "image/gif", "gif", "gif", DANGER_PICTURE, true, picture_rebuild_gif,
     picture_flatten_gif, NULL, verify_gif},
    {"bmp", "image/bmp", "bmp dib", "bmp", DANGER_PICTURE, true, picture_rebuild_bmp,
     picture_flatten_bmp, NULL, verify_bmp},
    {"webp", "image/webp", "webp", "webp", DANGER_PICTURE, true, picture_rebuild_webp,
     picture_flatten_webp, NULL, verify_webp},
    {"tiff", "image/tiff", "tif tiff", "tiff", DANGER_PICTURE, true, picture_rebuild_tiff,
     picture_flatten_tiff, NULL, verify_tiff},
    {"emf", "image/emf", "emf", "emf", DANGER_PICTURE, true, picture_rebuild_emf, NULL, NULL,
     verify_emf},
    {"wmf", "image/wmf", "wmf", "wmf", DANGER_PICTURE, true, picture_rebuild_wmf, NULL, NULL,
     verify_wmf},
    {"png", "image/png", "png apng", "png", DANGER_PICTURE, true, picture_rebuild_png,
     picture_flatten_png, NULL, verify_png},
    {.name = "pdf",
     .media_type = "application/pdf",
     .extensions = "pdf",
     .output = "pdf",
     .danger = DANGER_DOCUMENT,
     .rebuild = pdf_rebuild,
     .flatten = pdf_flatten,
     .text = pdf_extract,
     .verify = verify_pdf},
    {.name = "text",
     .media_type = "text/plain",
     .extensions = "txt text log md",
     .output = "text",
     .danger = DANGER_PLAIN,
     .rebuild = text_rebuild,
     .text = text_extract,
     .verify = verify_text},
    {.name = "csv",
     .media_type = "text/csv",
     .extensions = "csv tsv tab",
     .output = "csv",
     .danger = DANGER_PLAIN,
     .rebuild = csv_rebuild,
     .text = csv_extract,
     .verify = verify_csv},
    {.name = "zip",
     .media_type = "application/zip",
     .extensions = "zip",
     .output = "zip",
     .danger = DANGER_CARRIER,
     .rebuild = zip_disarm,
     .flatten = zip_disarm,
     .text = zip_disarm,
     .verify = verify_zip},
    OOXML(docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx,
          DANGER_DOCUMENT),
    OOXML(docm, "application/vnd.ms-word.document.macroEnabled.12", docx, DANGER_ACTIVE),
    OOXML(dotx, "application/vnd.openxmlformats-officedocument.wordprocessingml.template", dotx,
          DANGER_DOCUMENT),
    OOXML(dotm, "application/vnd.ms-word.template.macroEnabled.12", dotx, DANGER_ACTIVE),
    OOXML(xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx,
          DANGER_DOCUMENT),
    OOXML(xlsm, "application/vnd.ms-excel.sheet.macroEnabled.12", xlsx, DANGER_ACTIVE),
    OOXML(xltx, "application/vnd.openxmlformats-officedocument.spreadsheetml.template", xltx,
          DANGER_DOCUMENT),
    OOXML(xltm, "application/vnd.ms-excel.template.macroEnabled.12", xltx, DANGER_ACTIVE),
    OOXML(pptx, "application/vnd.openxmlformats-officedocument.presentationml.presentation", pptx,
          DANGER_DOCUMENT),
    OOXML(pptm, "application/vnd.ms-powerpoint.presentation.macroEnabled.12", pptx, DANGER_ACTIVE),
    OOXML(ppsx, "application/vnd.openxmlformats-officedocument.presentationml.slideshow", ppsx,
          DANGER_DOCUMENT),
    OOXML(ppsm, "application/vnd.ms-powerpoint.slideshow.macroEnabled.12", ppsx, DANGER_ACTIVE),
    OOXML(potx, "application/vnd.openxmlformats-officedocument.presentationml.template", potx,
          DANGER_DOCUMENT),
    OOXML(potm, "application/vnd.ms-powerpoint.template.macroEnabled.12", potx, DANGER_ACTIVE),
    {.name = "eml",
     .media_type = "message/rfc822",
     .extensions = "eml",
     .output = "eml",
     .danger = DANGER_CARRIER,
     .rebuild = mail_rebuild,
     .text = mail_extract,
     .verify = verify_mail},
    {.name = "ooxml_encrypted",
     .media_type = "application/x-ole-storage",
     .extensions = "docx docm dotx dotm xlsx xlsm xltx xltm pptx pptm ppsx ppsm potx potm",
     .output = "docx", /* the module says what was inside */
     .danger = DANGER_DOCUMENT,
     .rebuild = ooxml_encrypted_rebuild,
     .text = ooxml_encrypted_text,
     .verify = verify_docx},
    {.name = NULL},
};

static int warm_encodings(struct error *error)
{
    (void)error;
    encoding_warm();
    return 0;
}

static int warm_ciphers(struct error *error)
{
    (void)error;
    zip_crypt_warm();
    return 0;
}

/* Everything that a module wants loaded while files can still be opened. */
static const struct {
    int (*warm)(struct error *error);
    bool renders;
} warmers[] = {
    {identify_warm, false},  {warm_encodings, false}, {warm_ciphers, false},
    {pdf_render_warm, true}, {print_warm, true},
};

int format_warm(bool rendering, struct error *error)
{
    pdf_render_leave_out(!rendering);
    for (size_t i = 0; i < sizeof warmers / sizeof *warmers; i++) {
        if ((rendering || !warmers[i].renders) && warmers[i].warm(error))
            return -1;
    }
    return 0;
}

const struct format *format_all(size_t *count)
{
    *count = sizeof formats / sizeof *formats - 1;
    return formats;
}

const struct format *format_find(const char *name)
{
    for (const struct format *format = formats; format->name; format++) {
        if (!strcmp(format->name, name))
            return format;
    }
    return NULL;
}

bool disarm_format_at(size_t i, struct disarm_format *format)
{
    if (i >= sizeof formats / sizeof *formats - 1)
        return false;
    *format = (struct disarm_format){
        .name = formats[i].name,
        .media_type = formats[i].media_type,
        .extensions = formats[i].extensions,
        .output = formats[i].output,
        .offers = {[DISARM_REBUILD] = formats[i].rebuild != NULL,
                   [DISARM_FLATTEN] = formats[i].flatten != NULL,
                   [DISARM_TEXT] = formats[i].text != NULL},
    };
    return true;
}
