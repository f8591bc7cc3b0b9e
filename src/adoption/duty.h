/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose a requirement is, and when it is due. */
#ifndef ADOPTION_DUTY_H
#define ADOPTION_DUTY_H

#include "adoption/bindings.h"
#include "base/time.h"

/* Whose it is: the key of people.h of the first role that the text names. Where it names 職員等,
 * the section manager answers for them; where it names nobody, the control's usual owner. */
const char *duty_role(const struct policy *policy, size_t requirement,
                      const struct control *control);

/* "yearly", "periodic", "always" (attested once a fiscal year), or "event" (has no date). */
const char *duty_rhythm(const struct policy *policy, size_t requirement,
                        const struct control *control);

/* Writes the last business day of the period of a rhythm that holds the date; "" without one. */
void duty_due(const char *rhythm, int months, struct date date, char due[ADOPTION_DATE_SIZE]);

/* Writes the date after something was done on `done` that was due on `due`. */
void duty_next(const char *rhythm, int months, const char *due, struct date done,
               char next[ADOPTION_DATE_SIZE]);

/* How many months apart 「定期的に」 is. */
int duty_months(struct store *store, int *months, struct error *error);

/* Makes the duties of a version in the open transaction; dates of sentences that an earlier version
 * had stay. */
int duty_make_all(struct store *store, const struct policy *policy, int64_t version, int64_t now,
                  struct error *error);

#endif
