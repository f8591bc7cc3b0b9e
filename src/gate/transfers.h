/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Transfers (受渡し): one crossing of a conduit, with its files.
 *
 *     uploading → waiting → working → held → waiting …      (a password is missing)
 *                                   → pending → ready       (approval asked for)
 *                                   → ready → received      (in the inbox; every recipient opened
 * it) ends: received, refused, recalled, expired
 *
 * Every step is one guarded statement in one transaction with its journal entry, so that of two who
 * want the same transfer one wins and the other hears gate_state. Which zone a session came from
 * decides what it sees, and that check stands inside the statements: the sender sees a transfer
 * only from its source and never gets the file there; a recipient only from its destination and
 * only from `ready` on.
 *
 * Errors beside those of zones.h: gate_transfer_unknown (none, or not for this person from here),
 * gate_state (the transfer is not in the state for that), gate_conduit_closed, gate_recipient
 * (unknown or shut account), gate_treatment, gate_file_type, gate_file_size, gate_file_name,
 * gate_too_many_files, gate_no_files, gate_purpose (missing), gate_label (missing), gate_reason
 * (missing), gate_medium_only (the conduit takes only what comes on a portable medium),
 * gate_approver_reachable (no emergency: somebody can decide).
 */
#ifndef GATE_TRANSFERS_H
#define GATE_TRANSFERS_H

#include "cases/cases.h"
#include "gate/zones.h"
#include "store/blob.h"

#define GATE_STATE_SIZE      11
#define GATE_PURPOSE_SIZE    1537
#define GATE_LABEL_SIZE      33
#define GATE_FILE_NAME_SIZE  768
#define GATE_CODE_SIZE       65
#define GATE_SCAN_SIZE       8
#define GATE_RECIPIENTS_MOST 50

/* ---- sending ---- */

struct gate_request {
    int64_t conduit;
    const int64_t *recipients; /* people; oneself is allowed */
    size_t recipient_count;
    const char *purpose;
    const char *classification; /* label of the organization's scheme */
    bool personal_data;
    enum disarm_treatment treatment; /* DISARM_TREATMENT_COUNT: the conduit's usual one */
    bool from_medium;                /* comes from a watched folder for portable media */
    int64_t patience; /* microseconds after which an upload that was not finished, extended or
                         dropped is given up; 0: a day */
    int64_t now;
};

/* Begins a transfer. Its source must be the session's zone. Journal: transfer.create. */
int gate_send_begin(struct store *store, const struct identity_session *session,
                    const struct gate_request *request, int64_t *transfer, struct error *error);

/* One file on its way in; content goes into an encrypted blob as it comes. */
struct gate_item_writer;

/* Starts a file of the session's transfer in state uploading. name: as the sender's device has it.
 * The caller ends it with gate_item_close. */
int gate_item_begin(struct store *store, const struct identity_session *session, int64_t transfer,
                    const char *name, int64_t now, struct gate_item_writer **writer,
                    struct error *error);

/* Appends content; gate_file_size as soon as it is too much. */
int gate_item_write(struct gate_item_writer *writer, struct bytes content, struct error *error);

/* Ends the content: the file belongs to the transfer. *number (may be NULL) counts from 1. */
int gate_item_finish(struct gate_item_writer *writer, int64_t *number, struct error *error);

/* Frees the writer; what was not finished is gone. NULL does nothing. */
void gate_item_close(struct gate_item_writer *writer);

/* All files are there: from now on the transfer is accepted and ends exactly once. Wake the mover
 * afterwards. Journal: transfer.accept. */
int gate_send_finish(struct store *store, const struct identity_session *session, int64_t transfer,
                     int64_t now, struct error *error);

/* An upload goes on: it is given up only at the moment `until`. No entry; without effect on what is
 * no upload any more. */
int gate_send_extend(struct store *store, const struct identity_session *session, int64_t transfer,
                     int64_t until, struct error *error);

/*
 * Gives up an upload that will not be finished: the transfer is recalled and its files are gone at
 * once. Code gate_state when it is no upload any more. reason: for the journal, a word for
 * machines. Journal: transfer.break_off.
 */
int gate_send_drop(struct store *store, const struct identity_session *session, int64_t transfer,
                   const char *reason, int64_t now, struct error *error);

/* ---- looking ---- */

/* The number in the name of a transfer, "transfer/17"; 0 in any other name. */
int64_t gate_transfer_number(const char *object);

struct gate_transfer {
    int64_t id, conduit;
    char source[GATE_ZONE_SIZE], destination[GATE_ZONE_SIZE];
    char source_name[GATE_NAME_SIZE], destination_name[GATE_NAME_SIZE];
    int64_t sender, department;
    char sender_name[GATE_NAME_SIZE];
    char purpose[GATE_PURPOSE_SIZE];
    char classification[GATE_LABEL_SIZE];
    bool personal_data;
    enum disarm_treatment treatment;
    char state[GATE_STATE_SIZE];
    char why[GATE_CODE_SIZE];  /* why it waits, is held or was refused: `error.<why>`; or "" */
    int64_t case_id;           /* of its approval; 0: none */
    bool emergency;            /* delivered by the exception for night duty */
    bool password;             /* handed out with a password */
    char scan[GATE_SCAN_SIZE]; /* by antivirus: "clean"; "absent": the scanner was away; "" */
    int64_t items;             /* files */
    int64_t created, accepted, ready, ended; /* 0: not yet */
    int64_t expires;
    int64_t picked_up; /* inbox: when this person opened it; 0: not yet */
};

struct gate_item {
    int64_t number;                        /* from 1 */
    char name[GATE_FILE_NAME_SIZE];        /* as sent */
    char output_name[GATE_FILE_NAME_SIZE]; /* as handed out; "" while there is none */
    int64_t size, output_size;             /* bytes */
    char state[GATE_STATE_SIZE];           /* stored, held, clean, refused */
    char why[GATE_CODE_SIZE];              /* as above */
    bool receipt;                          /* there is one */
};

/* What arrived for the session's person in its zone, newest first, with numbers below `before`
 * (0: from the newest). */
int gate_inbox(struct store *store, const struct identity_session *session, int64_t before,
               struct gate_transfer *list, size_t most, size_t *count, struct error *error);

struct gate_today {
    int64_t arrived; /* transfers that the person has not opened yet */
    int64_t held;    /* own ones that wait for a password */
};

/* What waits for the session's person in its zone. */
int gate_today(struct store *store, const struct identity_session *session,
               struct gate_today *today, struct error *error);

/* What the session's person sent from its zone, newest first. */
int gate_outbox(struct store *store, const struct identity_session *session, int64_t before,
                struct gate_transfer *list, size_t most, size_t *count, struct error *error);

/* One transfer as its sender (from the source) or a recipient (from the destination) may see it.
 * *arrived (may be NULL): seen as a recipient, files can be opened. */
int gate_transfer_read(struct store *store, const struct identity_session *session,
                       int64_t transfer, struct gate_transfer *found, bool *arrived,
                       struct error *error);

/* One transfer as somebody sees it who is to decide its approval: from the source or the
 * destination, while cases_may_decide says so. */
int gate_transfer_review(struct store *store, const struct identity_session *session,
                         int64_t transfer, int64_t now, struct gate_transfer *found,
                         struct error *error);

/* One transfer as an auditor sees it: whoever may read the journal and receipts in both of its
 * zones. Never a way to its files. */
int gate_transfer_audit(struct store *store, const struct identity_session *session,
                        int64_t transfer, struct gate_transfer *found, struct error *error);

struct gate_recipient {
    char name[GATE_NAME_SIZE];
    int64_t picked_up; /* 0: not yet */
};

/* Who a transfer that was read by one of the two above is for, by name. */
int gate_recipient_list(struct store *store, int64_t transfer, struct gate_recipient *list,
                        size_t most, size_t *count, struct error *error);

/* The files of a transfer that was read by one of the two above. */
int gate_item_list(struct store *store, int64_t transfer, struct gate_item *list, size_t most,
                   size_t *count, struct error *error);

/*
 * Opens a disarmed file for who is to decide on its transfer, as gate_transfer_review lets them see
 * it; never the original. The caller closes the reader. note: write it down, as transfer.preview.
 */
int gate_item_review(struct store *store, const struct identity_session *session, int64_t transfer,
                     int64_t item, int64_t now, bool note, struct gate_item *found,
                     struct store_blob_reader **reader, struct error *error);

/* Appends the receipt of one file (JSON as receipt.h writes it) of a transfer read as above. *entry
 * (may be NULL) is the number of the journal's entry (record.h) that names its digest as the fact
 * receipt_<item>; 0: none. Codes gate_transfer_unknown, gate_state (there is no receipt yet). */
int gate_receipt(struct store *store, int64_t transfer, int64_t item, struct buffer *json,
                 int64_t *entry, struct error *error);

/* ---- picking up, taking back ---- */

/*
 * Opens a disarmed file for its recipient, in the destination zone, from `ready` until it expires;
 * notes the pick-up in the same step. The caller closes the reader. Journal: transfer.receive (at
 * each person's first file), transfer.open. Code gate_locked: the conduit hands out with a password
 * only, by gate_item_lock.
 */
int gate_item_open(struct store *store, const struct identity_session *session, int64_t transfer,
                   int64_t item, int64_t now, struct gate_item *found,
                   struct store_blob_reader **reader, struct error *error);

#define GATE_PASSWORD_SIZE 21 /* with the final NUL */

/* Makes a password for one locked archive: kept nowhere, to be shown once. Code gate_zip_failed. */
int gate_lock_password(char password[GATE_PASSWORD_SIZE], struct error *error);

/*
 * As gate_item_open, but the file comes in a ZIP archive under AES-256 in a memory file at its
 * start, which the caller closes. password is one of gate_lock_password; code gate_bad_value for
 * another. Code gate_zip_failed.
 */
int gate_item_lock(struct store *store, const struct identity_session *session, int64_t transfer,
                   int64_t item, int64_t now, struct gate_item *found, const char *password,
                   int *file, struct error *error);

/* The sender takes it back, before anybody opened it. Journal: transfer.recall. */
int gate_recall(struct store *store, const struct identity_session *session, int64_t transfer,
                const char *reason, int64_t now, struct error *error);

/*
 * The exception for night duty: a disarmed transfer that waits for an approval is delivered when
 * nobody who may decide can be reached. The approval is owed afterwards, with a due date; refused
 * then, what was not picked up is taken out of the inbox. Journal: transfer.emergency.
 */
int gate_emergency(struct store *store, const struct identity_session *session, int64_t transfer,
                   const char *reason, int64_t now, struct error *error);

/* True when gate_emergency would deliver this transfer now, which the session's person sent; *due
 * (may be NULL) is the moment until which its approval would then be owed. */
bool gate_emergency_offered(struct store *store, const struct identity_session *session,
                            const struct gate_transfer *transfer, int64_t now, int64_t *due);

/* For cases_decide: what an approval or a refusal does to its transfer. Journal: transfer.approve,
 * transfer.deny. */
extern const struct cases_outcome gate_outcomes[];

#endif
