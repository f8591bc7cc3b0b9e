/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in the journal as codes, in words: who, what, on which thing. */
#ifndef WEB_JOURNAL_WORDS_H
#define WEB_JOURNAL_WORDS_H

#include "web/request.h"

/*
 * The words for an action ("transfer.send") or a thing ("person/5", "transfer/17"); what has none
 * stands as it is. names keeps what was looked up (an object, borrowed). The answer lives in names.
 */
const char *journal_action_words(const struct web_request *request, json_t *names,
                                 const char *action);
const char *journal_object_words(struct web_request *request, json_t *names, const char *object);

#endif
