/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watched folders: opening them, and rounds of taking and giving. */
#include "gate/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "gate/folder_internal.h"

#define LOOK  (2 * TIME_SECOND)  /* between two looks when nothing is heard of changes */
#define RETRY (15 * TIME_SECOND) /* until what could not be done is tried again */
#define HEARD (IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF)

/* ---- opening ---- */

static const struct {
    const char *inside; /* of the inlet or the output; NULL: that itself */
    bool output;
} places[FOLDER_PLACES] = {
    [FOLDER_INLET] = {NULL, false},  [FOLDER_TAKEN] = {".taken", false},
    [FOLDER_DONE] = {"done", false}, [FOLDER_REFUSED] = {"refused", false},
    [FOLDER_OUTPUT] = {NULL, true},  [FOLDER_WRITING] = {".sekisho", true},
};

static void close_places(struct folder *folder)
{
    for (size_t i = 0; i < FOLDER_PLACES; i++)
        file_close(&folder->places[i]);
}

static int open_place(struct folder *folder, enum folder_place place)
{
    const char *inside = places[place].inside;
    const char *path = places[place].output ? folder->told->output : folder->told->path;
    enum { FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC };
    if (!inside)
        return folder->places[place] = open(path, FLAGS);
    int base = folder->places[places[place].output ? FOLDER_OUTPUT : FOLDER_INLET];
    if (mkdirat(base, inside, 0770) != 0 && errno != EEXIST)
        return -1;
    return folder->places[place] = openat(base, inside, FLAGS | O_NOFOLLOW);
}

static int open_folder(struct folder *folder, struct error *error)
{
    static const enum folder_place order[FOLDER_PLACES] = {
        FOLDER_INLET, FOLDER_OUTPUT, FOLDER_TAKEN, FOLDER_DONE, FOLDER_REFUSED, FOLDER_WRITING};
    for (size_t i = 0; i < FOLDER_PLACES; i++)
        if (open_place(folder, order[i]) < 0)
            return file_error(error,
                              places[order[i]].output ? folder->told->output : folder->told->path);
    return fstat(folder->places[FOLDER_INLET], &folder->inlet) ||
                   fstat(folder->places[FOLDER_OUTPUT], &folder->output)
               ? file_error(error, folder->told->path)
               : 0;
}

static int take_lock(struct gate_folders *folders, const char *directory, struct error *error)
{
    AUTO_BUFFER path = {0};
    store_append_path(&path, directory, "folder.lock");
    folders->lock = file_open(buffer_string(&path), O_RDWR | O_CREAT, 0600, error);
    if (folders->lock < 0)
        return -1;
    return flock(folders->lock, LOCK_EX | LOCK_NB) == 0
               ? 0
               : error_set(error, "folder_running", buffer_string(&path), "%s", "");
}

static void start_folder(struct folder *folder, const struct gate_folder *told)
{
    folder->told = told;
    for (size_t place = 0; place < FOLDER_PLACES; place++)
        folder->places[place] = -1;
}

/* Opens what is there, and says what is not. */
static void open_all(struct gate_folders *folders, int64_t now)
{
    folder_troubles_forget(folders);
    for (size_t i = 0; i < folders->count; i++) {
        struct folder *folder = &folders->list[i];
        struct error own = {0};
        if (open_folder(folder, &own) != 0) {
            close_places(folder);
            folder_trouble(folders, folder, "", now, &own);
        } else if (folders->changes >= 0) {
            inotify_add_watch(folders->changes, folder->told->path, HEARD);
        }
    }
}

int gate_folders_start(const char *directory, const struct gate_folder *list, size_t count,
                       gate_folder_say *say, struct gate_folders **folders, struct error *error)
{
    struct gate_folders *new = memory_allocate(1, sizeof *new);
    *folders = NULL;
    *new = (struct gate_folders){.say = say, .lock = -1, .changes = -1};
    new->list = memory_allocate(count + 1, sizeof *new->list);
    new->count = count;
    new->changes = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    for (size_t i = 0; i < count; i++)
        start_folder(&new->list[i], &list[i]);
    if (take_lock(new, directory, error) != 0 || store_open(directory, &new->store, error) != 0) {
        gate_folders_stop(new);
        return -1;
    }
    open_all(new, time_now());
    *folders = new;
    return 0;
}

void gate_folders_stop(struct gate_folders *folders)
{
    if (!folders)
        return;
    for (size_t i = 0; i < folders->count; i++) {
        struct folder *folder = &folders->list[i];
        close_places(folder);
        for (size_t j = 0; j < folder->seen_count; j++)
            free(folder->seen[j].name);
        free(folder->seen);
    }
    store_close(folders->store);
    file_close(&folders->lock);
    file_close(&folders->changes);
    free(folders->list);
    free(folders);
}

int gate_folders_descriptor(const struct gate_folders *folders)
{
    return folders->changes;
}

/* ---- the store's side ---- */

int folder_session(struct gate_folders *folders, const struct folder *folder, const char *zone,
                   int64_t now, struct identity_session *session, struct error *error)
{
    AUTO_BUFFER actor = {0};
    buffer_append_format(&actor, "folder/%s", folder->told->name);
    return identity_session_for(folders->store, folder->told->owner, zone, buffer_string(&actor),
                                now, session, error);
}

enum language folder_language(const struct identity_session *session)
{
    return strcmp(session->language, "en") == 0 ? LANGUAGE_EN : LANGUAGE_JA;
}

/* A text that came as bytes. */
static void copy_bytes(char *into, size_t size, struct bytes bytes)
{
    size_t length = bytes.length < size - 1 ? bytes.length : size - 1;
    if (length)
        memcpy(into, bytes.data, length);
    into[length] = '\0';
}

int folder_next(struct gate_folders *folders, const struct folder *folder, int64_t after,
                struct folder_file *file, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(folders->store, STATEMENT_FOLDER_FILE_NEXT,
                    STORE_VALUES(store_text(folder->told->name), store_integer(after)), &rows,
                    error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found;
    *file = (struct folder_file){.id = store_rows_integer(rows, 0),
                                 .transfer = store_rows_integer(rows, 3)};
    copy_bytes(file->name, sizeof file->name, store_rows_blob(rows, 1));
    struct bytes digest = store_rows_blob(rows, 2);
    if (digest.length == sizeof file->digest)
        memcpy(file->digest, digest.data, sizeof file->digest);
    utf8_copy(file->state, sizeof file->state, store_rows_text(rows, 4));
    utf8_copy(file->output, sizeof file->output, store_rows_text(rows, 5));
    utf8_copy(file->transfer_state, sizeof file->transfer_state, store_rows_text(rows, 6));
    utf8_copy(file->why, sizeof file->why, store_rows_text(rows, 7));
    return 1;
}

/* ---- rounds ---- */

/* False when the directory at a path is another one than that which was opened. */
static bool same_place(const char *path, const struct stat *opened)
{
    struct stat now;
    return stat(path, &now) == 0 && now.st_dev == opened->st_dev && now.st_ino == opened->st_ino;
}

/* A folder that came, or was replaced, is opened by starting anew: this process is locked in to
 * what was there. */
static int check_places(const struct folder *folder, struct error *error)
{
    const struct gate_folder *told = folder->told;
    struct stat status;
    bool open = folder->places[FOLDER_INLET] >= 0;
    bool changed =
        open ? !same_place(told->path, &folder->inlet) || !same_place(told->output, &folder->output)
             : stat(told->path, &status) == 0 && stat(told->output, &status) == 0;
    return changed ? error_set(error, "folder_changed", told->path, "%s", "") : 0;
}

/* Says what went wrong with a folder and lets it rest; -1 when all have to stop. */
static int rest(struct gate_folders *folders, struct folder *folder, const char *file, int64_t now,
                const struct error *error)
{
    folder_trouble(folders, folder, file, now, error);
    folder->work_after = now + RETRY;
    return 0;
}

/* Goes on with what was accepted. 1: did something. */
static int give_all(struct gate_folders *folders, struct folder *folder, int64_t now,
                    struct error *error)
{
    struct folder_file file;
    int64_t after = 0;
    int found, did = 0;
    while ((found = folder_next(folders, folder, after, &file, error)) == 1) {
        struct error own = {0};
        int result = folder_give(folders, folder, &file, now, &own);
        after = file.id;
        if (result < 0)
            return rest(folders, folder, file.name, now, &own);
        did |= result;
    }
    return found < 0 ? -1 : did;
}

static int work_folder(struct gate_folders *folders, struct folder *folder, int64_t now,
                       bool *accepted, struct error *error)
{
    struct error own = {0};
    int did = give_all(folders, folder, now, error);
    if (did < 0 || folder->work_after > now || folder->look_after > now)
        return did;
    if (folder_check_label(folders, folder, &own) != 0) { /* what was accepted goes on */
        folder->look_after = now + LOOK;
        folder_trouble(folders, folder, "", now, &own);
        return did;
    }
    int took = folder_take(folders, folder, now, accepted, &own);
    if (took == 0)
        folder->look_after = now + LOOK;
    if (took < 0)
        return rest(folders, folder, "", now, &own);
    folder_trouble_over(folders, folder);
    return did | took;
}

/* True when something was heard of; what it was does not matter. */
static bool hear(struct gate_folders *folders)
{
    char heard[4096] __attribute__((aligned(8)));
    bool any = false;
    while (folders->changes >= 0 && read(folders->changes, heard, sizeof heard) > 0)
        any = true;
    return any;
}

int gate_folders_step(struct gate_folders *folders, int64_t now, bool *accepted,
                      struct error *error)
{
    int did = 0;
    bool heard = hear(folders);
    *accepted = false;
    for (size_t i = 0; i < folders->count; i++) {
        struct folder *folder = &folders->list[i];
        if (check_places(folder, error) != 0)
            return -1;
        if (folder->places[FOLDER_INLET] < 0 || folder->work_after > now)
            continue;
        if (heard)
            folder->look_after = 0;
        int result = work_folder(folders, folder, now, accepted, error);
        if (result < 0)
            return -1;
        did |= result;
    }
    return did;
}
