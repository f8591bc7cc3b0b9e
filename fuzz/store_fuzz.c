/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the store reads from outside: a backup's manifest, a blob's head, dates and times as people
 * and programs write them. The first byte says which. What was accepted and printed again must be
 * read as the same.
 */
#include <stdlib.h>

#include "base/era.h"
#include "fuzz.h"
#include "store/backup_set.h"
#include "store/blob_file.h"

static void insist(bool right)
{
    if (!right)
        abort();
}

static void read_manifest(struct bytes json)
{
    struct backup_set set, again;
    AUTO_BUFFER first = {0}, second = {0};
    if (backup_set_parse(json, "fuzz", &set, NULL) != 0)
        return;
    backup_set_append(&first, &set);
    insist(backup_set_parse(buffer_bytes(&first), "fuzz", &again, NULL) == 0);
    backup_set_append(&second, &again);
    insist(bytes_equal(buffer_bytes(&first), buffer_bytes(&second)));
    backup_set_free(&set);
    backup_set_free(&again);
}

static void read_date(struct bytes text)
{
    struct date date, again;
    AUTO_BUFFER printed = {0};
    if (era_parse_date(text, &date, NULL) != 0)
        return;
    era_append_date(&printed, date);
    insist(era_parse_date(buffer_bytes(&printed), &again, NULL) == 0);
    insist(date_compare(date, again) == 0);
}

static void read_time(struct bytes text)
{
    int64_t moment, again;
    AUTO_BUFFER printed = {0};
    if (time_parse(text, &moment, NULL) != 0)
        return;
    time_append_japan(&printed, moment);
    /* An offset can carry a time over the ends of the calendar. */
    if (time_parse(buffer_bytes(&printed), &again, NULL) == 0)
        insist(moment == again);
}

static void read_head(struct bytes head)
{
    uint8_t again[BLOB_HEAD];
    uint32_t key = blob_head_read(head);
    if (key == 0)
        return;
    blob_head_write(again, key);
    insist(bytes_equal((struct bytes){again, sizeof again}, head));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(struct bytes) = {read_manifest, read_date, read_time, read_head};
    if (size > 0)
        readers[data[0] % (sizeof readers / sizeof *readers)]((struct bytes){data + 1, size - 1});
    return 0;
}
