/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content streams as our writer makes them: known operators, one a line. */
#ifndef DISARM_VERIFY_PDF_CONTENT_H
#define DISARM_VERIFY_PDF_CONTENT_H

#include "disarm/verify/verify.h"

/* 0 when every word is an operator of the list and every inline image is hexadecimal. */
int verify_pdf_content(struct verify_job *job, struct bytes content, struct error *error);

#endif
