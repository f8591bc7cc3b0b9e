/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ZIP archives: every member disarmed in turn and packed anew under a safe name. */
#ifndef DISARM_FORMAT_ZIP_H
#define DISARM_FORMAT_ZIP_H

#include "disarm/format/format.h"

/*
 * All three treatments: the members get the treatment, the archive stays an archive. Order and
 * dates stay. A member that is refused is left out with a row; when no file remains the archive is
 * refused as zip_nothing_left. Other errors: those of zip_open and zip_decrypt, limit_*.
 */
format_treatment zip_disarm;

#endif
