/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the watched folders share. */
#ifndef GATE_FOLDER_INTERNAL_H
#define GATE_FOLDER_INTERNAL_H

#include <sys/stat.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "base/message.h"
#include "gate/folder.h"
#include "gate/gate.h"

enum folder_place {
    FOLDER_INLET,
    FOLDER_TAKEN,
    FOLDER_DONE,
    FOLDER_REFUSED,
    FOLDER_OUTPUT,
    FOLDER_WRITING,
    FOLDER_PLACES,
};

/* A file of the inlet as it was when it was first seen so. */
struct folder_seen {
    char *name;
    struct timespec changed;
    off_t size;
    ino_t inode;
    int64_t since; /* moment */
    bool present;  /* in the present round */
    bool said;     /* that it is not taken */
};

/* One folder at work. */
struct folder {
    const struct gate_folder *told;
    int places[FOLDER_PLACES]; /* directories; -1 all: it is not there */
    struct stat inlet, output; /* as opened */
    struct folder_seen *seen;
    size_t seen_count;
    int64_t look_after;   /* moment of the next look into the inlet */
    int64_t work_after;   /* moment before which nothing is tried again */
    struct error trouble; /* what keeps it from being worked; no code: nothing */
};

struct gate_folders {
    struct store *store;
    gate_folder_say *say;
    struct folder *list;
    size_t count;
    int lock, changes; /* changes: inotify */
};

/* A row of folder_file. */
struct folder_file {
    int64_t id, transfer;
    char name[256]; /* raw, as in the inlet */
    uint8_t digest[HASH_BYTES];
    char state[GATE_STATE_SIZE], output[256];
    char transfer_state[GATE_STATE_SIZE], why[GATE_CODE_SIZE];
};

/* A session of the folder's owner in a zone. Code gate_recipient when the account is shut. */
int folder_session(struct gate_folders *folders, const struct folder *folder, const char *zone,
                   int64_t now, struct identity_session *session, struct error *error);

/* Files of the folder that are not at their end, behind number `after`; the next one. 1, 0 or -1.
 */
int folder_next(struct gate_folders *folders, const struct folder *folder, int64_t after,
                struct folder_file *file, struct error *error);

/* Moves a file between places without replacing one: to `wanted`, or with the number in its name.
 * 1 moved, 0 it is not there, -1 error. */
int folder_move(const struct folder *folder, enum folder_place from, const char *name,
                enum folder_place to, const char *wanted, int64_t number, struct error *error);

/* Appends a name with a number before its ending, short enough for `more` bytes behind it. */
void folder_append_name(struct buffer *out, const char *name, int64_t number, size_t more);

/* Appends the receipt as a text for people. `json`: as the gate keeps it. */
void folder_append_receipt(struct buffer *out, enum language language, struct bytes json,
                           int64_t transfer, int64_t now);

/* The language of the session's person. */
enum language folder_language(const struct identity_session *session);

/* ---- folder_trouble.c ---- */

/* Says what keeps a folder from being worked, once, and keeps it for the pages until it is over. */
void folder_trouble(struct gate_folders *folders, struct folder *folder, const char *file,
                    int64_t now, const struct error *error);
void folder_trouble_over(struct gate_folders *folders, struct folder *folder);

/* Forgets what was kept for all folders, also for those that are no longer watched. */
void folder_troubles_forget(struct gate_folders *folders);

/* Whether the folder's label is of the organization's scheme; code folder_label. */
int folder_check_label(struct gate_folders *folders, const struct folder *folder,
                       struct error *error);

/* ---- folder_take.c ---- */

/* Takes one file that is ready. 1: took it, 0: there is none, -1 error. */
int folder_take(struct gate_folders *folders, struct folder *folder, int64_t now, bool *accepted,
                struct error *error);

/* Brings an accepted file to .taken. 0 or -1. */
int folder_settle(struct gate_folders *folders, const struct folder *folder,
                  const struct folder_file *file, int64_t now, struct error *error);

/* ---- folder_give.c ---- */

/* Does what there is to do for one accepted file. 1: did something, 0: it waits, -1 error. */
int folder_give(struct gate_folders *folders, const struct folder *folder,
                const struct folder_file *file, int64_t now, struct error *error);

/* Writes NAME-ID.reason.txt into `refused` that says why. */
int folder_explain(const struct folder *folder, const char *name, int64_t number,
                   const char *sentence, struct error *error);

#endif
