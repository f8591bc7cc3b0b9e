/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Office documents closed with a password ([MS-OFFCRYPTO]: agile and standard encryption): opened
 * with job->options->password and disarmed. Without a password the one that Excel itself tries
 * (for documents that are only write-protected) is tried. A rebuilt document is closed again
 * (ooxml_seal.h) where job->options->encrypt_again asks for it and the password that was given
 * opened it.
 */
#ifndef DISARM_FORMAT_OOXML_ENCRYPTED_H
#define DISARM_FORMAT_OOXML_ENCRYPTED_H

#include "disarm/format/format.h"

/*
 * job->output_format becomes the format of what was inside. Errors besides those of ooxml_rebuild
 * and ooxml_text: password_needed, password_wrong, ooxml_encryption (a kind that is not supported),
 * cfb_damaged, cfb_large, ooxml_altered (it was changed after it was closed).
 */
int ooxml_encrypted_rebuild(struct job *job, struct bytes in, struct buffer *out,
                            struct error *error);
int ooxml_encrypted_text(struct job *job, struct bytes in, struct buffer *out, struct error *error);

#endif
