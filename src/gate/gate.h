/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the gate room share. */
#ifndef GATE_GATE_H
#define GATE_GATE_H

#include "base/error.h"
#include "base/time.h"
#include "gate/transfers.h"
#include "identity/permissions.h"
#include "store/record.h"

#define GATE_ITEMS_MOST 200 /* files of one transfer that any conduit may allow */

/* Names an object for journal and errors: "transfer/17", "conduit/2". */
struct gate_name {
    char text[48];
};
struct gate_name gate_name_of(const char *kind, int64_t id);

/* Names a use of a blob: "transfer/17/1/original". */
struct gate_name gate_owner_of(int64_t transfer, int64_t item, const char *what);

/* 0 when both zones are there and not closed. Codes gate_zone_unknown, gate_zone_closed. */
int gate_zones_open(struct store *store, const char *one, const char *other, struct error *error);

/* Fills a transfer from the present row of a statement of transfers. */
void gate_transfer_from_row(struct gate_transfer *found, const struct store_rows *rows);

/* Runs a statement with the values (transfer, person, zone) or fewer and takes its one row; code
 * gate_transfer_unknown without one. */
int gate_transfer_one(struct store *store, enum store_statement statement,
                      const struct store_value *values, size_t count, struct gate_transfer *found,
                      struct error *error);

/* As gate_transfer_one for anybody: for the mover and for outcomes. */
int gate_transfer_find(struct store *store, int64_t transfer, struct gate_transfer *found,
                       struct error *error);

/* As gate_send_finish, in the open transaction. */
int gate_accept(struct store *store, const struct identity_session *session, int64_t transfer,
                int64_t now, struct error *error);

/* Withdraws the open approval of a transfer that ended, if it has one (request 0: none). */
int gate_withdraw(struct store *store, int64_t request, const char *actor, const char *reason,
                  int64_t now, struct error *error);

/* True when a conduit lets a format pass. type may be NULL: not recognised. */
bool gate_type_allowed(const struct gate_conduit *conduit, const char *type);

/* As gate_item_open, also where a conduit hands out with a password only. */
int gate_item_take(struct store *store, const struct identity_session *session, int64_t transfer,
                   int64_t item, int64_t now, struct gate_item *found,
                   struct store_blob_reader **reader, struct error *error);

/* The identifier in a blob column. */
void gate_blob_id(struct store_blob_id *id, struct bytes column);

#endif
