/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The archive module: names, kinds of members, passwords, and one new archive of what remains. */
#include "disarm/format/zip.h"

#include <inttypes.h>
#include <search.h>
#include <stdio.h>

#include "base/fold.h"
#include "base/memory.h"
#include "disarm/format/container.h"
#include "disarm/format/file_name.h"
#include "disarm/format/name.h"
#include "disarm/format/zip_crypt.h"
#include "disarm/format/zip_method.h"
#include "disarm/format/zip_name.h"
#include "disarm/format/zip_read.h"
#include "disarm/format/zip_write.h"

/* libdeflate's level: near zlib's 6 in size, faster. */
#define LEVEL 6

/* Numbers tried for a name that exists already. */
#define COPIES 100000

struct archive_run {
    struct job *job;
    struct zip_writer writer;
    enum encoding encoding; /* of names that do not say theirs */
    void *names;            /* tsearch tree of the names given, in lower case */
    uint64_t unpacked, packed_total;
    uint64_t files, files_kept;
    bool encrypt;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Remembers a name; false when it, or one that differs only in case, was given before. */
static bool claim_name(struct archive_run *run, const char *name)
{
    AUTO_BUFFER folded = {0};
    fold_append(bytes_of_string(name), &folded);
    if (folded.length && folded.data[folded.length - 1] == '/')
        folded.length--;
    char *lower = memory_copy_string(folded.data, folded.length);
    char **found = tsearch(lower, &run->names, compare_names);
    if (!found)
        memory_exhausted();
    if (*found == lower)
        return true;
    free(lower);
    return false;
}

/* Makes *name one that no member has yet: "名簿.xlsx" becomes "名簿 (2).xlsx". */
static void make_unique(struct archive_run *run, struct buffer *name)
{
    if (claim_name(run, buffer_string(name)))
        return;
    size_t dot = name->length;
    for (size_t i = name->length; i-- > 1 && name->data[i] != '/' && name->data[i - 1] != '/';) {
        if (name->data[i] == '.') {
            dot = i;
            break;
        }
    }
    for (unsigned number = 2; number < COPIES; number++) {
        AUTO_BUFFER next = {0};
        buffer_append(&next, name->data, dot);
        buffer_append_format(&next, " (%u)", number);
        buffer_append(&next, name->data + dot, name->length - dot);
        if (!claim_name(run, buffer_string(&next)))
            continue;
        job_record(run->job, buffer_string(name), "name", RECEIPT_REWRITTEN, "name_double", 0, 0);
        struct buffer swap = *name;
        *name = next;
        next = swap;
        return;
    }
    memory_exhausted();
}

/* Unix file types in the upper half of the external attributes, APPNOTE 4.4.15. */
enum unix_kind {
    UNIX_MASK = 0170000,
    UNIX_NONE = 0,
    UNIX_DIRECTORY = 0040000,
    UNIX_FILE = 0100000,
    UNIX_LINK = 0120000,
};

static unsigned unix_kind(const struct zip_member *member)
{
    unsigned system = member->made_by >> 8;
    bool unix_like = system == 3 || system == 19;
    return unix_like ? member->attributes >> 16 & UNIX_MASK : UNIX_NONE;
}

/* Dates that no calendar has become the first day of MS-DOS. */
static void settle_date(const struct zip_member *member, uint16_t *time, uint16_t *date)
{
    unsigned month = member->date >> 5 & 15, day = member->date & 31;
    unsigned hour = member->time >> 11, minute = member->time >> 5 & 63, second = member->time & 31;
    bool possible =
        month >= 1 && month <= 12 && day >= 1 && hour < 24 && minute < 60 && second < 30;
    *time = possible ? member->time : ZIP_NO_TIME;
    *date = possible ? member->date : ZIP_NO_DATE;
}

/* Unpacks a member, decrypting it where needed, and counts what came out. */
static int unpack(struct archive_run *run, const struct zip_member *member, struct buffer *data,
                  struct error *error)
{
    struct job *job = run->job;
    const struct disarm_limits *limits = &job->options->limits;
    AUTO_BUFFER storage = {0};
    struct zip_member plain = *member;
    bool sealed = false;
    if (member->encrypted &&
        zip_decrypt(member, job->options->password, &storage, &plain, &sealed, error))
        return -1;
    uint64_t left = limits->unpacked_bytes - job->usage->unpacked_bytes;
    int failed = zip_method_unpack(&plain, sealed, left, data, error);
    /* Behind traditional encryption one wrong password in 256 is only seen here. */
    if (failed && member->encrypted && !sealed && !strcmp(error->code, "zip_damaged"))
        return error_set(error, "password_wrong", NULL, "%s", "");
    if (failed || job_use_unpacked(job, data->length, 0, error))
        return -1;
    run->unpacked += data->length;
    if (run->unpacked > limits->ratio_floor && run->unpacked / run->packed_total > limits->ratio)
        return error_set(error, "limit_ratio", NULL, "%" PRIu64, limits->ratio);
    return 0;
}

static void write_file(struct archive_run *run, const struct zip_member *member, struct bytes name,
                       struct bytes data)
{
    uint16_t time, date;
    settle_date(member, &time, &date);
    if (!run->encrypt) {
        zip_writer_add(&run->writer, name, data, time, date);
        return;
    }
    AUTO_BUFFER packed = {0}, extra = {0}, sealed = {0};
    uint16_t method = zip_writer_deflate(&run->writer, data, &packed) ? ZIP_DEFLATED : ZIP_STORED;
    zip_encrypt(method == ZIP_DEFLATED ? buffer_bytes(&packed) : data, method,
                run->job->options->password, &extra, &sealed);
    zip_writer_add_packed(&run->writer, &(struct zip_packed){.name = name,
                                                             .extra = buffer_bytes(&extra),
                                                             .data = buffer_bytes(&sealed),
                                                             .unpacked_length = data.length,
                                                             .method = ZIP_AES,
                                                             .flags = 1,
                                                             .time = time,
                                                             .date = date});
}

/* The path of the disarmed file: the folder as it was, the last part by what it became. */
static void append_path(struct buffer *out, const char *path, const struct format *made)
{
    const char *slash = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
    AUTO_BUFFER last = {0};
    name_append_output(&last, path + folder, made);
    buffer_append(out, path, folder);
    file_name_clean(buffer_bytes(&last), out);
}

static int disarm_file(struct archive_run *run, const struct zip_member *member, const char *path,
                       struct error *error)
{
    AUTO_BUFFER data = {0}, made = {0}, name = {0};
    const char *slash = strrchr(path, '/');
    const struct format *format;
    struct error own = {0};
    run->files++;
    if (unpack(run, member, &data, &own)) {
        bool password = !strcmp(own.code, "password_wrong");
        if (password || container_ends(own.code))
            return error_set(error, own.code, path, "%s", own.detail);
        job_record(run->job, path, "file", RECEIPT_DROPPED, own.code, member->packed.length, 0);
        return 0;
    }
    if (job_disarm_nested(run->job, path, slash ? slash + 1 : path, buffer_bytes(&data), &made,
                          &format, &own)) {
        if (!container_ends(own.code))
            return 0;
        *error = own;
        return -1;
    }
    append_path(&name, path, format);
    make_unique(run, &name);
    write_file(run, member, buffer_bytes(&name), buffer_bytes(&made));
    run->files_kept++;
    return 0;
}

static void keep_folder(struct archive_run *run, const struct zip_member *member,
                        struct buffer *path)
{
    if (path->data[path->length - 1] != '/')
        buffer_append_byte(path, '/');
    if (!claim_name(run, buffer_string(path))) {
        job_record(run->job, buffer_string(path), "folder", RECEIPT_DROPPED, "name_double", 0, 0);
        return;
    }
    uint16_t time, date;
    settle_date(member, &time, &date);
    zip_writer_add(&run->writer, buffer_bytes(path), (struct bytes){NULL, 0}, time, date);
}

static int disarm_member(struct archive_run *run, const struct zip_member *member,
                         struct error *error)
{
    AUTO_BUFFER raw = {0}, path = {0};
    zip_name_append(member, run->encoding, &raw);
    unsigned changes = file_path_clean(buffer_bytes(&raw), &path);
    if (!path.length)
        file_name_clean(bytes_of_string("_"), &path);
    file_name_record(run->job, buffer_string(&path), changes);
    unsigned kind = unix_kind(member);
    if (kind != UNIX_NONE && kind != UNIX_FILE && kind != UNIX_DIRECTORY) {
        job_record(run->job, buffer_string(&path), "file", RECEIPT_DROPPED,
                   kind == UNIX_LINK ? "zip_link" : "zip_special", member->packed.length, 0);
        return 0;
    }
    bool named_folder = path.data[path.length - 1] == '/';
    if (named_folder || (kind == UNIX_DIRECTORY && !member->declared)) {
        keep_folder(run, member, &path);
        return 0;
    }
    return disarm_file(run, member, buffer_string(&path), error);
}

static int disarm_members(struct archive_run *run, const struct zip_archive *archive,
                          struct error *error)
{
    bool encrypted = false;
    for (size_t i = 0; i < archive->count; i++)
        encrypted |= archive->members[i].encrypted;
    run->encoding = zip_name_encoding(archive);
    run->encrypt = encrypted && run->job->options->encrypt_again && run->job->options->password;
    for (size_t i = 0; i < archive->count; i++) {
        if (disarm_member(run, &archive->members[i], error))
            return -1;
    }
    if (run->files && !run->files_kept)
        return error_set(error, "zip_nothing_left", run->job->path, "%s", "");
    if (encrypted)
        job_record(run->job, NULL, "encryption", run->encrypt ? RECEIPT_REWRITTEN : RECEIPT_DROPPED,
                   run->encrypt ? "zip_encrypted_again" : "zip_opened", 0, 0);
    return 0;
}

int zip_disarm(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    struct zip_archive archive;
    struct archive_run run = {.job = job, .packed_total = in.length};
    size_t start = out->length;
    uint64_t members_left = job->options->limits.members - job->usage->members;
    if (zip_open(&archive, in, members_left, error) || job_use_members(job, archive.count, error)) {
        zip_close(&archive);
        return -1;
    }
    zip_writer_open(&run.writer, out, LEVEL);
    int failed = disarm_members(&run, &archive, error);
    if (failed)
        zip_writer_free(&run.writer);
    else
        zip_writer_finish(&run.writer);
    tdestroy(run.names, free);
    zip_close(&archive);
    if (failed)
        return -1;
    job->output_format = job->format;
    job_record(job, NULL, "archive", RECEIPT_REWRITTEN, NULL, in.length, out->length - start);
    return 0;
}
