/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which addresses and actions a link in a rebuilt Office document may have. */
#ifndef DISARM_FORMAT_OOXML_URL_H
#define DISARM_FORMAT_OOXML_URL_H

#include "base/bytes.h"

/* True for http://, https:// and mailto: addresses without control characters, 8,192 bytes at most.
 */
bool ooxml_url_safe(struct bytes url);

/* True for a place in the same document: "#…" or, in a workbook, a sheet, cell or name. */
bool ooxml_location_safe(struct bytes location);

/* True for ppaction:// values that only move within the slide show (MS-OE376 2.1.1201). */
bool ooxml_action_safe(struct bytes action);

#endif
