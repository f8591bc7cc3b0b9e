/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making the directory of a new organization. */
#include <sodium.h>

#include "base/error.h"
#include "base/file.h"
#include "base/time.h"
#include "store/blob.h"
#include "store/record.h"
#include "store/seal_places.h"
#include "store/sealing.h"

void seal_places_set(struct seal_places *places, const char *directory)
{
    *places = (struct seal_places){0};
    store_append_path(&places->journal, directory, "journal");
    store_append_path(&places->key, directory, "keys/journal.key");
    store_append_path(&places->public_key, directory, "keys/journal.pub");
    store_append_path(&places->state, directory, "keys/journal.state");
    places->paths =
        (struct sealer_paths){buffer_string(&places->journal), buffer_string(&places->key),
                              buffer_string(&places->public_key), buffer_string(&places->state)};
}

void seal_places_free(struct seal_places *places)
{
    buffer_free(&places->journal);
    buffer_free(&places->key);
    buffer_free(&places->public_key);
    buffer_free(&places->state);
}

/* A name for the log that no other log has. */
static void append_random_origin(struct buffer *out)
{
    uint8_t random[8];
    char hex[2 * sizeof random + 1];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(hex, sizeof hex, random, sizeof random);
    buffer_append_format(out, "sekisho/%s", hex);
}

/* After a change of keys journal.pub is the new one; whoever proves the whole log begins with the
 * first. */
static int keep_first_key(const char *directory, const char *public_key, struct error *error)
{
    AUTO_BUFFER first = {0};
    store_append_path(&first, directory, "keys/journal.first.pub");
    return file_copy(public_key, buffer_string(&first), 0644, error);
}

/* Key, state and empty journal. */
static int create_journal(const char *directory, const char *origin, struct error *error)
{
    struct seal_places places;
    AUTO_BUFFER random = {0};
    append_random_origin(&random);
    seal_places_set(&places, directory);
    int result = sealer_create(&places.paths, origin ? origin : buffer_string(&random),
                               time_now() / 1000, error);
    if (result == 0)
        result = keep_first_key(directory, buffer_string(&places.public_key), error);
    seal_places_free(&places);
    return result;
}

/* Whose directory this is: in the database, and as the first entry of its log. */
static int add_organization(struct store *store, const char *name, int64_t now, struct error *error)
{
    struct store_entry entry = {
        .time = now, .actor = "sekisho", .action = "organization.create", .object = name};
    if (store_begin(store, error) != 0)
        return -1;
    if (store_run(store, STATEMENT_ORGANIZATION_ADD,
                  STORE_VALUES(store_text(name), store_integer(now)), error) != 0 ||
        store_record(store, &entry, error) != 0) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, error);
}

static int create_database(const char *directory, const char *organization, int64_t now,
                           struct error *error)
{
    struct store *store;
    if (store_create(directory, error) != 0 || store_open(directory, &store, error) != 0)
        return -1;
    int result = add_organization(store, organization, now, error);
    store_close(store);
    return result;
}

static int seal_now(const char *directory, struct error *error)
{
    struct store_sealing *sealing;
    if (store_sealing_open(directory, NULL, &sealing, error) != 0)
        return -1;
    int result = sealer_flush(store_sealing_sealer(sealing), time_now() / 1000, error);
    store_sealing_close(sealing);
    return result;
}

int store_setup(const char *directory, const char *organization, const char *origin,
                struct error *error)
{
    return store_setup_at(directory, organization, origin, time_now(), error);
}

int store_setup_at(const char *directory, const char *organization, const char *origin, int64_t now,
                   struct error *error)
{
    AUTO_BUFFER keys = {0}, blobs = {0};
    store_append_path(&keys, directory, "keys");
    store_append_path(&blobs, directory, "blobs");
    if (sodium_init() < 0)
        return error_set(error, "store_key_bad", directory, "%s", "libsodium");
    if (file_exists(directory) && !file_directory_empty(directory))
        return error_set(error, "directory_not_empty", directory, "%s", "");
    if (file_make_directory(buffer_string(&keys), error) != 0 ||
        file_make_directory(buffer_string(&blobs), error) != 0 ||
        store_blob_create_key(directory, error) != 0 ||
        create_journal(directory, origin, error) != 0 ||
        create_database(directory, organization, now, error) != 0)
        return -1;
    return seal_now(directory, error);
}
