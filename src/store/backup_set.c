/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manifest of a backup's set, and the checks that need no more than its files. */
#include "store/backup_set.h"

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/time.h"
#include "store/outbox.h"

#define FORMAT "sekisho.backup/1"

void backup_set_free(struct backup_set *set)
{
    buffer_free(&set->organization);
    buffer_free(&set->checkpoint);
}

void backup_set_append(struct buffer *out, struct backup_set *set)
{
    struct json_writer json = json_writer_open(out);
    AUTO_BUFFER created = {0};
    time_append_utc(&created, set->created);
    json_begin_object(&json);
    json_member_string(&json, "format", FORMAT);
    json_member_string(&json, "organization", buffer_string(&set->organization));
    json_member_string(&json, "created", buffer_string(&created));
    json_member_string(&json, "database_sha256", set->database_sha256);
    json_member_unsigned(&json, "entries", set->entries);
    json_member_unsigned(&json, "blobs", set->blobs);
    json_member_string(&json, "checkpoint", buffer_string(&set->checkpoint));
    json_end_object(&json);
    buffer_append_byte(out, '\n');
}

/* Takes the values out of the parsed manifest; false when one is missing or of another type. */
static bool read_members(json_t *root, struct backup_set *set)
{
    const char *format, *organization, *created, *digest, *checkpoint;
    json_int_t entries, blobs;
    if (json_unpack(root, "{s:s, s:s, s:s, s:s, s:I, s:I, s:s !}", "format", &format,
                    "organization", &organization, "created", &created, "database_sha256", &digest,
                    "entries", &entries, "blobs", &blobs, "checkpoint", &checkpoint) != 0)
        return false;
    if (strcmp(format, FORMAT) != 0 || strlen(digest) != 64 || entries < 0 || blobs < 0 ||
        time_parse(bytes_of_string(created), &set->created, NULL) != 0)
        return false;
    memcpy(set->database_sha256, digest, sizeof set->database_sha256);
    set->entries = (uint64_t)entries;
    set->blobs = (uint64_t)blobs;
    buffer_append_string(&set->organization, organization);
    buffer_append_string(&set->checkpoint, checkpoint);
    return true;
}

int backup_set_parse(struct bytes json, const char *where, struct backup_set *set,
                     struct error *error)
{
    json_error_t reason = {.text = "members"};
    json_t *root =
        json_loadb((const char *)json.data, json.length, JSON_REJECT_DUPLICATES, &reason);
    *set = (struct backup_set){0};
    bool readable = root && read_members(root, set);
    json_decref(root);
    if (readable)
        return 0;
    backup_set_free(set);
    return error_set(error, "backup_unreadable", where, "%s", reason.text);
}

int backup_set_newest(const char *backup, struct buffer *name, struct error *error)
{
    AUTO_BUFFER sets = {0}, newest = {0};
    store_append_path(&sets, backup, "sets");
    DIR *entries = opendir(buffer_string(&sets));
    /* Sets are named by their time, digit first; what is being written begins with a dot. */
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9' &&
            strcmp(entry->d_name, buffer_string(&newest)) > 0) {
            buffer_clear(&newest);
            buffer_append_string(&newest, entry->d_name);
        }
    if (entries)
        closedir(entries);
    if (newest.length == 0)
        return error_set(error, "backup_no_set", backup, "%s", "");
    buffer_append_bytes(name, buffer_bytes(&newest));
    return 0;
}

int backup_digest(const char *path, char hex[65], struct error *error)
{
    uint8_t piece[65536], digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    size_t got;
    AUTO_FD fd = file_open(path, O_RDONLY, 0, error);
    if (fd < 0)
        return -1;
    crypto_hash_sha256_init(&state);
    do {
        if (file_read_some(fd, piece, sizeof piece, &got, path, error) != 0)
            return -1;
        crypto_hash_sha256_update(&state, piece, got);
    } while (got > 0);
    crypto_hash_sha256_final(&state, digest);
    sodium_bin2hex(hex, 65, digest, sizeof digest);
    return 0;
}

int backup_check_together(struct store *store, uint64_t position, struct error *error)
{
    struct store_batch batch;
    uint64_t recorded, waiting;
    struct error reason = {0};
    if (store_outbox_state(store, &recorded, &waiting, error) != 0)
        return -1;
    do {
        if (store_outbox_read(store, position, &batch, &reason) != 0) {
            store_batch_free(&batch);
            return error_set(error, "backup_mixed", store_directory(store), "%s %s", reason.code,
                             reason.detail);
        }
        position = batch.last;
        store_batch_free(&batch);
    } while (position < recorded);
    return 0;
}
