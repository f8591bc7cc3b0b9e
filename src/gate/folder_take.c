/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Out of the inlet: what has come to rest becomes an accepted transfer. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "gate/folder_internal.h"

enum { PIECE = 65536, SEEN_MOST = 20000 };

#define COPYING (3600 * TIME_SECOND) /* after which a copy was cut off, not slow */

/* ---- which files have come to rest ---- */

/* Endings of files that are still being written. */
static const char *const half_written[] = {".crdownload", ".filepart", ".part", ".partial",
                                           ".tmp",        "~",         NULL};

static bool passed_over(const char *name)
{
    size_t length = strlen(name);
    if (*name == '.' || !strcmp(name, "done") || !strcmp(name, "refused"))
        return true;
    for (const char *const *ending = half_written; *ending; ending++) {
        size_t tail = strlen(*ending);
        if (length > tail && !strcasecmp(name + length - tail, *ending))
            return true;
    }
    return false;
}

static struct folder_seen *find_seen(struct folder *folder, const char *name)
{
    for (size_t i = 0; i < folder->seen_count; i++)
        if (!strcmp(folder->seen[i].name, name))
            return &folder->seen[i];
    if (folder->seen_count == SEEN_MOST)
        return NULL; /* the rest waits until these are gone */
    folder->seen = memory_resize(folder->seen, folder->seen_count + 1, sizeof *folder->seen);
    struct folder_seen *seen = &folder->seen[folder->seen_count++];
    *seen = (struct folder_seen){.name = memory_copy_string(name, strlen(name)), .size = -1};
    return seen;
}

static bool unchanged(const struct folder_seen *seen, const struct stat *status)
{
    return seen->size == status->st_size && seen->inode == status->st_ino &&
           seen->changed.tv_sec == status->st_mtim.tv_sec &&
           seen->changed.tv_nsec == status->st_mtim.tv_nsec;
}

/* Notes a name of the inlet; true when it is a file that has come to rest. */
static bool look_at(struct gate_folders *folders, struct folder *folder, const char *name,
                    int64_t now)
{
    struct stat status;
    struct folder_seen *seen = find_seen(folder, name);
    if (!seen || fstatat(folder->places[FOLDER_INLET], name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    seen->present = true;
    if (!S_ISREG(status.st_mode)) {
        struct error error;
        error_set(&error, "folder_not_a_file", name, "%s", "");
        if (!seen->said)
            folders->say(folder->told->name, name, &error);
        seen->said = true;
        return false;
    }
    if (!unchanged(seen, &status)) {
        seen->size = status.st_size;
        seen->inode = status.st_ino;
        seen->changed = status.st_mtim;
        seen->since = now;
        seen->said = false;
    }
    return now - seen->since >= (int64_t)folder->told->quiet * TIME_SECOND;
}

static void forget_gone(struct folder *folder)
{
    size_t kept = 0;
    for (size_t i = 0; i < folder->seen_count; i++) {
        if (folder->seen[i].present)
            folder->seen[kept++] = folder->seen[i];
        else
            free(folder->seen[i].name);
    }
    folder->seen_count = kept;
}

/* Looks through the whole inlet. 1 and the name of the file that rests for longest, 0 none. */
static int find_resting(struct gate_folders *folders, struct folder *folder, int64_t now,
                        char found[256], struct error *error)
{
    const struct folder_seen *oldest = NULL;
    const struct dirent *entry;
    int copy = openat(folder->places[FOLDER_INLET], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy >= 0 ? fdopendir(copy) : NULL;
    if (!directory) {
        file_close(&copy);
        return file_error(error, folder->told->path);
    }
    for (size_t i = 0; i < folder->seen_count; i++)
        folder->seen[i].present = false;
    while ((entry = readdir(directory)))
        if (!passed_over(entry->d_name))
            look_at(folders, folder, entry->d_name, now);
    closedir(directory);
    forget_gone(folder);
    for (size_t i = 0; i < folder->seen_count; i++) {
        const struct folder_seen *seen = &folder->seen[i];
        if (seen->size >= 0 && !seen->said &&
            now - seen->since >= (int64_t)folder->told->quiet * TIME_SECOND &&
            (!oldest || seen->since < oldest->since))
            oldest = seen;
    }
    if (!oldest)
        return 0;
    snprintf(found, 256, "%s", oldest->name);
    return 1;
}

/* ---- accepting ---- */

/* One file on its way through acceptance. */
struct taking {
    struct gate_folders *folders;
    struct folder *folder;
    struct identity_session session;
    const char *name; /* raw */
    int file;
    struct stat status;
    int64_t now, transfer;
    uint8_t digest[HASH_BYTES];
};

static int begin_transfer(struct taking *taking, struct error *error)
{
    const struct gate_folder *told = taking->folder->told;
    struct gate_conduit list[64];
    size_t count;
    if (gate_conduit_list(taking->folders->store, told->source, list, 64, &count, error) != 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].destination, told->destination) != 0)
            continue;
        const struct gate_request request = {.conduit = list[i].id,
                                             .recipients = &taking->session.person,
                                             .recipient_count = 1,
                                             .purpose = told->purpose,
                                             .classification = told->classification,
                                             .personal_data = told->personal_data,
                                             .treatment = DISARM_TREATMENT_COUNT,
                                             .patience = COPYING,
                                             .now = taking->now};
        return gate_send_begin(taking->folders->store, &taking->session, &request,
                               &taking->transfer, error);
    }
    return error_set(error, "gate_conduit_unknown", told->name, "%s", told->destination);
}

static int copy_content(struct taking *taking, struct gate_item_writer *writer, struct error *error)
{
    uint8_t piece[PIECE];
    size_t got = 0;
    struct hash *hash = hash_start();
    int result;
    while ((result = file_read_some(taking->file, piece, sizeof piece, &got, taking->name,
                                    error)) == 0 &&
           got > 0) {
        struct bytes content = {piece, got};
        hash_update(hash, content);
        if ((result = gate_item_write(writer, content, error)) != 0)
            break;
    }
    hash_finish(hash, taking->digest);
    return result;
}

static int upload(struct taking *taking, struct error *error)
{
    struct gate_item_writer *writer = NULL;
    AUTO_BUFFER name = {0};
    struct stat after;
    utf8_append_clean(&name, bytes_of_string(taking->name));
    if (gate_item_begin(taking->folders->store, &taking->session, taking->transfer,
                        buffer_string(&name), taking->now, &writer, error) != 0)
        return -1;
    int result = copy_content(taking, writer, error);
    if (result == 0 &&
        (fstat(taking->file, &after) != 0 || after.st_size != taking->status.st_size ||
         after.st_mtim.tv_sec != taking->status.st_mtim.tv_sec ||
         after.st_mtim.tv_nsec != taking->status.st_mtim.tv_nsec))
        result = error_set(error, "folder_file_changed", taking->name, "%s", "");
    if (result == 0)
        result = gate_item_finish(writer, NULL, error);
    gate_item_close(writer);
    return result;
}

/* The transfer is accepted and the row says so, both or neither. */
static int accept_row(const struct taking *taking, struct error *error)
{
    struct store *store = taking->folders->store;
    if (gate_accept(store, &taking->session, taking->transfer, taking->now, error) != 0)
        return -1;
    return store_run(store, STATEMENT_FOLDER_FILE_ADD,
                     STORE_VALUES(store_text(taking->folder->told->name),
                                  store_blob(taking->name, strlen(taking->name)),
                                  store_blob(taking->digest, sizeof taking->digest),
                                  store_integer(taking->transfer), store_integer(taking->now)),
                     error);
}

static int accept_file(const struct taking *taking, struct error *error)
{
    if (store_begin(taking->folders->store, error) != 0)
        return -1;
    return store_conclude(taking->folders->store, accept_row(taking, error), error);
}

/* What is wrong with the file itself, so that waiting does not help. */
static bool file_is_unfit(const struct error *error)
{
    static const char *const codes[] = {"gate_file_name", "gate_file_size", "gate_file_type"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (!strcmp(error->code, codes[i]))
            return true;
    return false;
}

/* A file that can never be sent goes to `refused` with its reason. */
static int refuse_unfit(const struct taking *taking, const struct error *reason,
                        struct error *error)
{
    AUTO_BUFFER sentence = {0}, shown = {0};
    const struct identity_act act = {.actor = taking->session.actor,
                                     .zone = taking->session.zone,
                                     .reason = reason->code,
                                     .now = taking->now};
    struct store *store = taking->folders->store;
    message_append_error(&sentence, folder_language(&taking->session), reason);
    utf8_append_clean(&shown, bytes_of_string(taking->name));
    const struct store_fact facts[] = {{"file", buffer_string(&shown)}};
    if (folder_explain(taking->folder, taking->name, taking->transfer, buffer_string(&sentence),
                       error) != 0 ||
        folder_move(taking->folder, FOLDER_INLET, taking->name, FOLDER_REFUSED, taking->name,
                    taking->transfer, error) < 0 ||
        store_begin(store, error) != 0)
        return -1;
    return store_conclude(store,
                          identity_act_record(store, &act, "folder.refuse", taking->session.actor,
                                              facts, 1, NULL, error),
                          error);
}

/* Opens the file as it was looked at; 0 when it changed meanwhile. */
static int open_file(struct taking *taking, struct error *error)
{
    taking->file = openat(taking->folder->places[FOLDER_INLET], taking->name,
                          O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (taking->file < 0 || fstat(taking->file, &taking->status) != 0)
        return errno == ENOENT || errno == ELOOP ? 0 : file_error(error, taking->name);
    const struct folder_seen *seen = find_seen(taking->folder, taking->name);
    return seen && S_ISREG(taking->status.st_mode) && unchanged(seen, &taking->status);
}

static int send_file(struct taking *taking, struct error *error)
{
    struct store *store = taking->folders->store;
    struct error reason = {0}, own = {0};
    if (begin_transfer(taking, &reason) == 0 && upload(taking, &reason) == 0 &&
        accept_file(taking, &reason) == 0)
        return 1;
    if (taking->transfer)
        gate_send_drop(store, &taking->session, taking->transfer, reason.code, taking->now, &own);
    if (file_is_unfit(&reason))
        return refuse_unfit(taking, &reason, error) == 0 ? 1 : -1;
    *error = reason;
    return -1;
}

/* One that could not be read is said once and left alone until it changes. */
static int leave_alone(struct taking *taking, const struct error *error)
{
    struct folder_seen *seen = find_seen(taking->folder, taking->name);
    taking->folders->say(taking->folder->told->name, taking->name, error);
    if (seen)
        seen->said = true;
    return 1;
}

static int take_file(struct taking *taking, bool *accepted, struct error *error)
{
    struct folder_file file;
    int opened = open_file(taking, error);
    if (opened < 0)
        return leave_alone(taking, error);
    if (opened == 0)
        return 0;
    int sent = folder_session(taking->folders, taking->folder, taking->folder->told->source,
                              taking->now, &taking->session, error) == 0
                   ? send_file(taking, error)
                   : -1;
    if (sent < 0 && error->code && !strcmp(error->code, "folder_file_changed"))
        return 0;
    if (sent < 0)
        return -1;
    *accepted = true;
    /* from here on it is ours: the move is finished now, or after a crash */
    int64_t after = 0;
    int found;
    while ((found = folder_next(taking->folders, taking->folder, after, &file, error)) == 1) {
        after = file.id;
        if (!strcmp(file.state, "accepted") &&
            folder_settle(taking->folders, taking->folder, &file, taking->now, error) != 0)
            return -1;
    }
    return found < 0 ? -1 : 1;
}

int folder_take(struct gate_folders *folders, struct folder *folder, int64_t now, bool *accepted,
                struct error *error)
{
    char name[256];
    int found = find_resting(folders, folder, now, name, error);
    if (found != 1)
        return found;
    struct taking taking = {
        .folders = folders, .folder = folder, .name = name, .file = -1, .now = now};
    int result = take_file(&taking, accepted, error);
    file_close(&taking.file);
    return result;
}

/* ---- after acceptance ---- */

/* True when the file of that name in the inlet is the one that was accepted. */
static bool same_content(const struct folder *folder, const struct folder_file *file)
{
    uint8_t piece[PIECE], digest[HASH_BYTES];
    size_t got = 0;
    struct error error = {0};
    struct stat status;
    int opened = openat(folder->places[FOLDER_INLET], file->name,
                        O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (opened < 0 || fstat(opened, &status) != 0 || !S_ISREG(status.st_mode)) {
        file_close(&opened);
        return false;
    }
    struct hash *hash = hash_start();
    while (file_read_some(opened, piece, sizeof piece, &got, file->name, &error) == 0 && got)
        hash_update(hash, (struct bytes){piece, got});
    hash_finish(hash, digest);
    file_close(&opened);
    return !memcmp(digest, file->digest, sizeof digest);
}

int folder_settle(struct gate_folders *folders, const struct folder *folder,
                  const struct folder_file *file, int64_t now, struct error *error)
{
    char number[24];
    struct store *store = folders->store;
    snprintf(number, sizeof number, "%lld", (long long)file->transfer);
    bool moved = faccessat(folder->places[FOLDER_TAKEN], number, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    if (!moved && same_content(folder, file) &&
        folder_move(folder, FOLDER_INLET, file->name, FOLDER_TAKEN, number, file->transfer, error) <
            0)
        return -1;
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(
        store,
        store_run(store, STATEMENT_FOLDER_FILE_SET,
                  STORE_VALUES(store_integer(file->id), store_text("accepted"), store_text("taken"),
                               store_text(""), store_integer(now)),
                  error),
        error);
}
