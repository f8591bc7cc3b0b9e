/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the policy asks of a person today, for the first page. */
#ifndef WEB_POLICY_TASKS_H
#define WEB_POLICY_TASKS_H

#include "web/request.h"

/* Appends {"path", "label", "count"} for each kind of task. */
int policy_add_tasks(struct web_request *request, json_t *tasks, struct error *error);

#endif
