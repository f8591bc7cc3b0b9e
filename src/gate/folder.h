/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Watched folders: the second inlet, for scanners, multifunction devices and USB stations.
 *
 * What appears in a folder becomes a transfer of its owner to the owner; disarmed, it appears in
 * the output folder of the destination with its receipt beside it (NAME.receipt.json,
 * NAME.receipt.txt). The rules of the conduit hold as for people: one that needs an approval waits
 * for it, one that needs a password is asked for it on the owner's pages, and one that the conduit
 * hands out with a password only stays in the owner's inbox.
 *
 * In the inlet:   NAME            what appeared, until the transfer is accepted
 *                 .taken/ID       what was accepted as transfer ID, until it ended
 *                 done/NAME       what was delivered
 *                 refused/NAME    what was not, with NAME-ID.reason.txt that says why
 * In the output:  NAME and its receipts; .sekisho/ what is being written.
 *
 * A file is taken once its size and time have not changed for `quiet` seconds; names that begin
 * with a dot or end as programs name half-written files wait until they are renamed. Only plain
 * files are taken; directories, links and the rest are left where they are, and said once.
 *
 * A folder whose label the organization's scheme does not have takes nothing: its files wait, and
 * the log and the page of the zones say so.
 *
 * Killed anywhere, nothing is lost and nothing comes twice: a file is accepted in one transaction
 * with a row that says so, and each later step can be told done from not done by what is there.
 */
#ifndef GATE_FOLDER_H
#define GATE_FOLDER_H

#include "base/error.h"
#include "gate/transfers.h"

#define GATE_FOLDER_PATH_SIZE 1024

struct gate_folder {
    char name[65];
    char path[GATE_FOLDER_PATH_SIZE];   /* the inlet, in the source */
    char output[GATE_FOLDER_PATH_SIZE]; /* for what is disarmed, in the destination */
    char owner[IDENTITY_LOGIN_SIZE];
    char source[GATE_ZONE_SIZE], destination[GATE_ZONE_SIZE];
    char classification[GATE_LABEL_SIZE];
    char purpose[GATE_PURPOSE_SIZE];
    bool personal_data;
    unsigned quiet; /* seconds */
};

/* Hears what cannot be done now, or was not taken: of which folder and file. */
typedef void gate_folder_say(const char *folder, const char *file, const struct error *error);

/* What keeps a folder from being worked. */
struct gate_folder_trouble {
    char folder[65];
    struct error error; /* no code: one that this version does not know */
    int64_t since;      /* moment */
};

/* The folders that cannot be worked, by name; for the pages. */
int gate_folder_troubles(struct store *store, struct gate_folder_trouble *list, size_t most,
                         size_t *count, struct error *error);

struct gate_folders;

/*
 * Opens the folders (making what is missing below them) and the store. A folder that is not there
 * is said, and left out until it is. `list` is borrowed. The caller stops it. Code folder_running
 * when another process has them.
 */
int gate_folders_start(const char *directory, const struct gate_folder *list, size_t count,
                       gate_folder_say *say, struct gate_folders **folders, struct error *error);
void gate_folders_stop(struct gate_folders *folders);

/*
 * One round. *accepted: something was accepted, wake the mover. 1: did something (call again at
 * once), 0: nothing to do now, -1: the store cannot be used, or with folder_changed a folder is
 * another one than at the start: stop and start anew.
 */
int gate_folders_step(struct gate_folders *folders, int64_t now, bool *accepted,
                      struct error *error);

/* Readable when something changed in a folder; gate_folders_step looks every few seconds anyway. */
int gate_folders_descriptor(const struct gate_folders *folders);

#endif
