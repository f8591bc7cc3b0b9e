/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader of PDF. It knows only the file that our writer makes: streams one after
 * another, everything else in object streams, one cross-reference stream, and nothing before,
 * between or behind.
 */
#ifndef DISARM_VERIFY_PDF_H
#define DISARM_VERIFY_PDF_H

#include "disarm/verify/verify.h"

int verify_pdf(struct verify_job *job, struct bytes out, struct error *error);

#endif
