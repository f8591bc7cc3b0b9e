/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the parts of a mail to what is written of it: texts, files and mails in a flat row. */
#ifndef DISARM_FORMAT_MAIL_PARTS_H
#define DISARM_FORMAT_MAIL_PARTS_H

#include "disarm/format/job.h"
#include "disarm/format/mail_write.h"
#include "disarm/format/mime_read.h"

struct mail_items {
    struct mail_item *items;
    size_t count;
    bool names_only; /* files are not disarmed but named, for the text treatment */
};

/* Appends the items of a part and of the parts in it, with a row for each. Free them in any case.
 */
int mail_collect(struct job *job, const struct mime_part *part, struct mail_items *items,
                 struct error *error);

void mail_items_free(struct mail_items *items);

#endif
