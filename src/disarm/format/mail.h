/* SPDX-License-Identifier: GPL-3.0-or-later */
/* E-mail (RFC 5322, MIME): a new mail of the fields, texts and disarmed files of the old one. */
#ifndef DISARM_FORMAT_MAIL_H
#define DISARM_FORMAT_MAIL_H

#include "disarm/format/format.h"

/*
 * Listed header fields are written anew, texts become plain UTF-8, HTML becomes text, attachments
 * and attached mails are disarmed in turn. Errors: mail_no_fields, mail_depth, limit_*, and
 * password_needed when an attachment wants one.
 */
format_treatment mail_rebuild;

/* Header summary, texts and the list of attachments as UTF-8 text. */
format_treatment mail_extract;

#endif
