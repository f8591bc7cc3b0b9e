/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verifier of e-mails. */
#ifndef DISARM_VERIFY_MAIL_H
#define DISARM_VERIFY_MAIL_H

#include "disarm/format/format.h"

/*
 * ASCII lines with CRLF; listed fields, each once and in order; then one text or one flat
 * multipart/mixed whose files pass the verifier of the format that name and media type agree on.
 */
format_verifier verify_mail;

#endif
