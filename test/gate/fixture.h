/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the gate share: the town with its three zones, and sending something. */
#ifndef TEST_GATE_FIXTURE_H
#define TEST_GATE_FIXTURE_H

#include "base/file.h"
#include "../cases/fixture.h"

#include "gate/transfers.h"

static struct error error;

static inline struct hall town_open(void *state)
{
    struct hall hall = hall_open(state);
    expect_ok(gate_zones_default(hall.store, &act, &error), &error);
    return hall;
}

static inline struct gate_conduit town_conduit(const struct hall *hall, const char *source,
                                               const char *destination)
{
    struct gate_conduit list[16];
    size_t count;
    expect_ok(gate_conduit_list(hall->store, source, list, 16, &count, &error), &error);
    for (size_t i = 0; i < count; i++)
        if (!strcmp(list[i].destination, destination))
            return list[i];
    fail_msg("no conduit from %s to %s", source, destination);
    return list[0];
}

/* Begins a transfer from the clerk to the colleague. */
static inline int64_t town_begin(const struct hall *hall, const char *source,
                                 const char *destination, const char *label)
{
    struct identity_session session = hall_session(hall, hall->clerk, source, NOW);
    struct gate_conduit conduit = town_conduit(hall, source, destination);
    const struct gate_request request = {.conduit = conduit.id,
                                         .recipients = &hall->colleague,
                                         .recipient_count = 1,
                                         .purpose = "会議の資料",
                                         .classification = label,
                                         .treatment = DISARM_TREATMENT_COUNT,
                                         .now = NOW};
    int64_t transfer = 0;
    expect_ok(gate_send_begin(hall->store, &session, &request, &transfer, &error), &error);
    return transfer;
}

static inline int town_try_item(const struct hall *hall, const char *source, int64_t transfer,
                                const char *name, struct bytes content)
{
    struct identity_session session = hall_session(hall, hall->clerk, source, NOW);
    struct gate_item_writer *writer = NULL;
    int result =
        gate_item_begin(hall->store, &session, transfer, name, NOW, &writer, &error) == 0 &&
                gate_item_write(writer, content, &error) == 0 &&
                gate_item_finish(writer, NULL, &error) == 0
            ? 0
            : -1;
    gate_item_close(writer);
    return result;
}

static inline void town_add_item(const struct hall *hall, const char *source, int64_t transfer,
                                 const char *name, struct bytes content)
{
    expect_ok(town_try_item(hall, source, transfer, name, content), &error);
}

static inline void town_accept(const struct hall *hall, const char *source, int64_t transfer)
{
    struct identity_session session = hall_session(hall, hall->clerk, source, NOW);
    expect_ok(gate_send_finish(hall->store, &session, transfer, NOW, &error), &error);
}

static inline int town_count_file(void *context, const char *name, const char *path,
                                  struct error *why)
{
    (void)path;
    (void)why;
    *(size_t *)context += strcmp(name, "lock") != 0;
    return 0;
}

/* How many files of blobs there are, those under way too. */
static inline size_t town_blob_files(const struct hall *hall)
{
    AUTO_BUFFER path = {0};
    size_t count = 0;
    store_append_path(&path, store_directory(hall->store), "blobs");
    expect_ok(file_walk(buffer_string(&path), town_count_file, &count, &error), &error);
    return count;
}

/* Sends one text from the clerk to the colleague. */
static inline int64_t town_send(const struct hall *hall, const char *source,
                                const char *destination, const char *label, const char *text)
{
    int64_t transfer = town_begin(hall, source, destination, label);
    town_add_item(hall, source, transfer, "memo.txt", bytes_of_string(text));
    town_accept(hall, source, transfer);
    return transfer;
}

/* A transfer as its sender sees it. */
static inline struct gate_transfer town_read(const struct hall *hall, const char *source,
                                             int64_t transfer)
{
    struct identity_session session = hall_session(hall, hall->clerk, source, NOW);
    struct gate_transfer found;
    expect_ok(gate_transfer_read(hall->store, &session, transfer, &found, NULL, &error), &error);
    return found;
}

/* What a person finds in the inbox of a zone. */
static inline size_t town_inbox(const struct hall *hall, int64_t person, const char *zone)
{
    struct identity_session session = hall_session(hall, person, zone, NOW);
    struct gate_transfer list[50];
    size_t count;
    expect_ok(gate_inbox(hall->store, &session, 0, list, 50, &count, &error), &error);
    return count;
}

/* Opens file 1 as a person in a zone and reads it. */
static inline int town_open_item(const struct hall *hall, int64_t person, const char *zone,
                                 int64_t transfer, struct buffer *out)
{
    struct identity_session session = hall_session(hall, person, zone, NOW);
    struct store_blob_reader *reader;
    struct gate_item item;
    struct bytes piece;
    if (gate_item_open(hall->store, &session, transfer, 1, NOW, &item, &reader, &error) != 0)
        return -1;
    while (store_blob_read(reader, &piece, &error) == 0 && piece.length)
        buffer_append_bytes(out, piece);
    store_blob_reader_close(reader);
    return 0;
}

#endif
