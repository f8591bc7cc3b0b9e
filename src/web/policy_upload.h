/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy as text, Word or PDF that comes in with a form. */
#ifndef WEB_POLICY_UPLOAD_H
#define WEB_POLICY_UPLOAD_H

#include "web/request.h"

enum { POLICY_UPLOAD_BYTES = 32 << 20 }; /* of the file, at most */

/* Takes a piece of the file, for routes.c. */
void policy_upload_file(struct web_request *request, const char *name, struct bytes data,
                        uint64_t offset);

/*
 * Keeps what came as a draft; the renderer makes text of it. 0 with the number of the version, -1
 * with a sentence for the person: policy_upload_none, policy_upload_long, the codes of the
 * renderer, of policy_compile and of adoption_store.
 */
int policy_upload_store(struct web_request *request, int64_t *version, struct error *error);

#endif
