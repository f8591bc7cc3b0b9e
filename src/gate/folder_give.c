/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Into the output, with receipts; and the originals to where they rest. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "gate/folder_internal.h"

enum { NAME_MOST = 255 };

/* What is written beside a file: ending in .sekisho (behind the number) and in the output. */
static const struct {
    const char *writing, *placed;
} parts[] = {{".json", ".receipt.json"}, {".txt", ".receipt.txt"}, {"", ""}};

enum { PARTS = sizeof parts / sizeof *parts, MORE = sizeof ".receipt.json" - 1 };

/* ---- names and moves ---- */

/* The length of `text` cut to at most `most` bytes, between characters. */
static size_t cut(const char *text, size_t length, size_t most)
{
    if (length <= most)
        return length;
    while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
        most--;
    return most;
}

void folder_append_name(struct buffer *out, const char *name, int64_t number, size_t more)
{
    const char *dot = strrchr(name, '.');
    size_t length = strlen(name);
    size_t stem = dot && dot != name && strlen(dot) <= 16 ? (size_t)(dot - name) : length;
    char mark[24] = "";
    if (number)
        snprintf(mark, sizeof mark, "-%lld", (long long)number);
    size_t room = NAME_MOST - more - strlen(mark) - (length - stem);
    size_t kept = cut(name, stem, room);
    for (size_t i = 0; i < kept; i++) /* a dot in front would hide it */
        buffer_append_byte(out,
                           name[i] == '/' || (i == 0 && name[i] == '.') ? '_' : (uint8_t)name[i]);
    buffer_append_string(out, mark);
    buffer_append_string(out, name + stem);
}

static bool there(int directory, const char *name)
{
    return faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static int sync_place(const struct folder *folder, enum folder_place place, struct error *error)
{
    return fsync(folder->places[place]) == 0 ? 0 : file_error(error, folder->told->path);
}

int folder_move(const struct folder *folder, enum folder_place from, const char *name,
                enum folder_place to, const char *wanted, int64_t number, struct error *error)
{
    AUTO_BUFFER other = {0};
    int source = folder->places[from], target = folder->places[to];
    int result = renameat2(source, name, target, wanted, RENAME_NOREPLACE);
    if (result != 0 && errno == EEXIST) {
        folder_append_name(&other, wanted, number, 0);
        result = renameat2(source, name, target, buffer_string(&other), RENAME_NOREPLACE);
    }
    if (result != 0)
        return errno == ENOENT ? 0 : file_error(error, name);
    return sync_place(folder, to, error) == 0 && sync_place(folder, from, error) == 0 ? 1 : -1;
}

/* ---- writing ---- */

/* A new file in a place, under a name that is ours alone. */
static int create(const struct folder *folder, enum folder_place place, const char *name,
                  struct error *error)
{
    unlinkat(folder->places[place], name, 0);
    int file = openat(folder->places[place], name,
                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0660);
    return file >= 0 ? file : file_error(error, name);
}

/* Ends a file that was written; what could not be is taken away again. */
static int finish(const struct folder *folder, enum folder_place place, const char *name, int file,
                  int result, struct error *error)
{
    if (result == 0)
        result = file_sync(file, name, error);
    file_close(&file);
    if (result != 0)
        unlinkat(folder->places[place], name, 0);
    return result;
}

static int write_file(const struct folder *folder, enum folder_place place, const char *name,
                      struct bytes content, struct error *error)
{
    int file = create(folder, place, name, error);
    if (file < 0)
        return -1;
    return finish(folder, place, name, file, file_write_all(file, content, name, error), error);
}

int folder_explain(const struct folder *folder, const char *name, int64_t number,
                   const char *sentence, struct error *error)
{
    static const char ending[] = ".reason.txt";
    AUTO_BUFFER text = {0}, path = {0};
    buffer_append_format(&text, "%s\n", sentence);
    folder_append_name(&path, name, number, sizeof ending - 1);
    buffer_append_string(&path, ending);
    return write_file(folder, FOLDER_REFUSED, buffer_string(&path), buffer_bytes(&text), error);
}

/* ---- one step further ---- */

/* Moves a row from one state to another, with a journal entry when `action` says so. */
static int set_state(struct gate_folders *folders, const struct folder *folder,
                     const struct folder_file *file, const char *to, const char *output,
                     const char *action, int64_t now, struct error *error)
{
    AUTO_BUFFER actor = {0};
    struct store *store = folders->store;
    buffer_append_format(&actor, "folder/%s", folder->told->name);
    const struct identity_act act = {.actor = buffer_string(&actor), .now = now};
    const struct store_fact facts[] = {{"name", output}};
    if (store_begin(store, error) != 0)
        return -1;
    int result = store_run(store, STATEMENT_FOLDER_FILE_SET,
                           STORE_VALUES(store_integer(file->id), store_text(file->state),
                                        store_text(to), store_text(output), store_integer(now)),
                           error);
    if (result == 0 && action)
        result =
            identity_act_record(store, &act, action, gate_name_of("transfer", file->transfer).text,
                                facts, *output ? 1 : 0, NULL, error);
    return store_conclude(store, result, error);
}

static int write_content(const struct folder *folder, const char *name,
                         struct store_blob_reader *reader, struct error *error)
{
    struct bytes piece = {0};
    int file = create(folder, FOLDER_WRITING, name, error), result;
    if (file < 0)
        return -1;
    while ((result = store_blob_read(reader, &piece, error)) == 0 && piece.length > 0)
        if ((result = file_write_all(file, piece, name, error)) != 0)
            break;
    return finish(folder, FOLDER_WRITING, name, file, result, error);
}

static int write_receipts(struct gate_folders *folders, const struct folder *folder,
                          const struct folder_file *file, enum language language, int64_t now,
                          struct error *error)
{
    AUTO_BUFFER json = {0}, text = {0};
    char name[40];
    if (gate_receipt(folders->store, file->transfer, 1, &json, NULL, error) != 0)
        return -1;
    folder_append_receipt(&text, language, buffer_bytes(&json), file->transfer, now);
    buffer_append_byte(&json, '\n');
    snprintf(name, sizeof name, "%lld.json", (long long)file->transfer);
    if (write_file(folder, FOLDER_WRITING, name, buffer_bytes(&json), error) != 0)
        return -1;
    snprintf(name, sizeof name, "%lld.txt", (long long)file->transfer);
    return write_file(folder, FOLDER_WRITING, name, buffer_bytes(&text), error);
}

/* The name in the output: the file's own, or with the number when that or a receipt is there. */
static void choose_name(const struct folder *folder, const struct folder_file *file,
                        const char *wanted, struct buffer *name)
{
    bool taken = false;
    folder_append_name(name, wanted, 0, MORE);
    for (size_t i = 0; i < PARTS; i++) {
        AUTO_BUFFER path = {0};
        buffer_append_format(&path, "%s%s", buffer_string(name), parts[i].placed);
        taken |= there(folder->places[FOLDER_OUTPUT], buffer_string(&path));
    }
    if (!taken)
        return;
    name->length = 0;
    folder_append_name(name, wanted, file->transfer, MORE);
}

/* Whether the file and its receipts fit into the output: asked before the file is opened, since
 * each opening is written down. */
static int check_room(struct gate_folders *folders, const struct folder *folder,
                      const struct folder_file *file, struct error *error)
{
    enum { RECEIPTS = 65536 };
    struct gate_item item = {0};
    struct statvfs room;
    size_t count;
    if (gate_item_list(folders->store, file->transfer, &item, 1, &count, error) != 0)
        return -1;
    if (fstatvfs(folder->places[FOLDER_WRITING], &room) != 0 ||
        (uint64_t)room.f_bavail * room.f_frsize >= (uint64_t)item.output_size + RECEIPTS)
        return 0;
    return error_set(error, "disk_full", folder->told->output, "%s", "");
}

/* The parts of a file as they are written apart, in .sekisho; what they are called there. */
static struct gate_name writing_name(const struct folder_file *file, size_t part)
{
    struct gate_name name;
    snprintf(name.text, sizeof name.text, "%lld%s", (long long)file->transfer, parts[part].writing);
    return name;
}

/* Writes all parts, or none. */
static int write_parts(struct gate_folders *folders, const struct folder *folder,
                       const struct folder_file *file, enum language language,
                       struct store_blob_reader *reader, int64_t now, struct error *error)
{
    if (write_content(folder, writing_name(file, PARTS - 1).text, reader, error) == 0 &&
        write_receipts(folders, folder, file, language, now, error) == 0 &&
        sync_place(folder, FOLDER_WRITING, error) == 0)
        return 0;
    for (size_t i = 0; i < PARTS; i++)
        unlinkat(folder->places[FOLDER_WRITING], writing_name(file, i).text, 0);
    return -1;
}

/* Everything is written apart, under names that nobody else uses; then the row says where it goes.
 */
static int prepare(struct gate_folders *folders, const struct folder *folder,
                   const struct folder_file *file, int64_t now, struct error *error)
{
    struct identity_session session;
    struct store_blob_reader *reader = NULL;
    struct gate_item item;
    AUTO_BUFFER output = {0};
    if (folder_session(folders, folder, folder->told->destination, now, &session, error) != 0 ||
        check_room(folders, folder, file, error) != 0 ||
        gate_item_open(folders->store, &session, file->transfer, 1, now, &item, &reader, error) !=
            0)
        return -1;
    int result = write_parts(folders, folder, file, folder_language(&session), reader, now, error);
    store_blob_reader_close(reader);
    if (result != 0)
        return -1;
    choose_name(folder, file, item.output_name, &output);
    return set_state(folders, folder, file, "placing", buffer_string(&output), NULL, now, error);
}

/* What is still in .sekisho goes to its place; what is not there went before. Receipts first. */
static int place_part(const struct folder *folder, const struct folder_file *file, size_t part,
                      struct error *error)
{
    AUTO_BUFFER target = {0};
    buffer_append_format(&target, "%s%s", file->output, parts[part].placed);
    return folder_move(folder, FOLDER_WRITING, writing_name(file, part).text, FOLDER_OUTPUT,
                       buffer_string(&target), file->transfer, error);
}

/* The original to where it rests; gone when it was moved before. */
static int rest_original(const struct folder *folder, const struct folder_file *file,
                         enum folder_place place, struct error *error)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)file->transfer);
    return folder_move(folder, FOLDER_TAKEN, number, place, file->name, file->transfer, error);
}

static int place(struct gate_folders *folders, const struct folder *folder,
                 const struct folder_file *file, int64_t now, struct error *error)
{
    for (size_t i = 0; i < PARTS; i++)
        if (place_part(folder, file, i, error) < 0)
            return -1;
    if (rest_original(folder, file, FOLDER_DONE, error) < 0)
        return -1;
    return set_state(folders, folder, file, "done", file->output, "folder.place", now, error);
}

/* The conduit hands out with a password only: the owner picks it up from the inbox. */
static int leave_in_inbox(struct gate_folders *folders, const struct folder *folder,
                          const struct folder_file *file, int64_t now, const struct error *reason,
                          struct error *error)
{
    folders->say(folder->told->name, file->name, reason);
    if (rest_original(folder, file, FOLDER_DONE, error) < 0)
        return -1;
    return set_state(folders, folder, file, "done", "", "folder.leave", now, error);
}

/* The sentence that says why a transfer did not arrive. */
static void append_why(struct buffer *out, enum language language, const struct folder_file *file)
{
    AUTO_BUFFER key = {0};
    const char *known = *file->why ? message_known("error", file->why) : NULL;
    const struct error error = {.code = known};
    buffer_append_format(&key, "folder.%s", file->transfer_state);
    buffer_append_string(out, message_get(language, buffer_string(&key)));
    buffer_append_byte(out, '\n');
    if (known)
        message_append_error(out, language, &error);
}

static int refuse(struct gate_folders *folders, const struct folder *folder,
                  const struct folder_file *file, int64_t now, struct error *error)
{
    AUTO_BUFFER sentence = {0};
    struct identity_session owner = {0}; /* stays so when the account is shut */
    folder_session(folders, folder, folder->told->source, now, &owner, error);
    append_why(&sentence, folder_language(&owner), file);
    if (folder_explain(folder, file->name, file->transfer, buffer_string(&sentence), error) != 0 ||
        rest_original(folder, file, FOLDER_REFUSED, error) < 0)
        return -1;
    return set_state(folders, folder, file, "refused", "", "folder.refuse", now, error);
}

static int give_ready(struct gate_folders *folders, const struct folder *folder,
                      const struct folder_file *file, int64_t now, struct error *error)
{
    struct error reason = {0};
    if (prepare(folders, folder, file, now, &reason) == 0)
        return 0;
    if (!strcmp(reason.code, "gate_locked"))
        return leave_in_inbox(folders, folder, file, now, &reason, error);
    *error = reason;
    return -1;
}

int folder_give(struct gate_folders *folders, const struct folder *folder,
                const struct folder_file *file, int64_t now, struct error *error)
{
    const char *state = file->transfer_state;
    int result;
    if (!strcmp(file->state, "accepted"))
        result = folder_settle(folders, folder, file, now, error);
    else if (!strcmp(file->state, "placing"))
        result = place(folders, folder, file, now, error);
    else if (!strcmp(state, "ready") || !strcmp(state, "received"))
        result = give_ready(folders, folder, file, now, error);
    else if (!strcmp(state, "refused") || !strcmp(state, "recalled") || !strcmp(state, "expired"))
        result = refuse(folders, folder, file, now, error);
    else
        return 0;
    return result == 0 ? 1 : -1;
}
