/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the adoption room share. */
#ifndef ADOPTION_INTERNAL_H
#define ADOPTION_INTERNAL_H

#include "adoption/adoption.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/time.h"
#include "base/utf8.h"
#include "store/record.h"

/* Names an object for journal and errors: "policy/3". */
struct adoption_name {
    char text[48];
};
struct adoption_name adoption_name_of(const char *kind, int64_t id);

/* Writes "sha256:" and the digits. */
void adoption_digest(struct bytes bytes, char digest[ADOPTION_DIGEST_SIZE]);

/* Writes a date as ISO text. */
void adoption_date_text(struct date date, char text[ADOPTION_DATE_SIZE]);

/* Writes the date in Japan at a moment. */
void adoption_today(int64_t now, char text[ADOPTION_DATE_SIZE]);

/* adoption_bad_value for a field that is not an ISO date. */
int adoption_check_date(const char *text, const char *field, struct error *error);

/* Takes a policy that was just compiled from the text with this digest into the cache of this
 * process, where adoption_policy_borrow finds it; frees it when there is no room. */
void adoption_policy_keep(const char *text_digest, struct policy *policy);

/* The row that a statement must have; adoption_unknown with the version's name when it has none. */
int adoption_need_row(struct store_rows *rows, int64_t version, struct error *error);

#endif
