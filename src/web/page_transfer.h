/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of one transfer, for those who act on it. */
#ifndef WEB_PAGE_TRANSFER_H
#define WEB_PAGE_TRANSFER_H

#include "web/request.h"

/* Answers with the page of the transfer that the address names; field: what wrong belongs to. */
void transfer_show(struct web_request *request, unsigned status, const char *field,
                   const struct error *wrong);

#endif
