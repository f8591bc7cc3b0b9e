/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verifiers of Office documents, one for each format that a rebuild makes. */
#ifndef DISARM_VERIFY_OOXML_H
#define DISARM_VERIFY_OOXML_H

#include "disarm/format/format.h"

/*
 * The package holds listed parts only, each with its content type, its root element and a
 * relationship of the right type that leads to it; nothing outside is named but links to http(s),
 * mailto and places in the document; no part holds a thing that fetches, embeds or runs something;
 * pictures and workbooks inside pass their own verifiers. With job->password the document may
 * be closed with it (ooxml_unseal.h). Errors: verify_package, verify_ooxml.
 */
format_verifier verify_docx, verify_dotx, verify_xlsx, verify_xltx, verify_pptx, verify_ppsx,
    verify_potx;

#endif
