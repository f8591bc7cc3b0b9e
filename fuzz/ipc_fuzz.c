/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The codec and what is read with it. The first byte says which message the rest is. A task or an
 * event that is accepted must be written down again as the very same bytes: there is one form only.
 */
#include <stdlib.h>

#include "disarm/report.h"
#include "disarm/task.h"
#include "fuzz.h"

static void insist(bool right)
{
    if (!right)
        abort();
}

static void read_task(struct bytes message)
{
    struct task task;
    AUTO_BUFFER again = {0};
    if (task_decode(message, &task, NULL))
        return;
    task_encode(&task, &again);
    insist(bytes_equal(buffer_bytes(&again), message));
    task_clear(&task);
}

static void read_event(struct bytes message)
{
    struct task_event event;
    AUTO_BUFFER again = {0};
    if (task_event_decode(message, &event, NULL))
        return;
    task_event_encode(&event, &again);
    insist(bytes_equal(buffer_bytes(&again), message));
}

static void read_report(struct bytes message)
{
    struct report report;
    struct receipt receipt = {.row_limit = 5};
    struct error error = {0};
    AUTO_BUFFER json = {0};
    if (report_decode(message, receipt.row_limit, &report, &receipt, &error)) {
        insist(error.code != NULL);
    } else {
        insist(!report.reason.code != !report.output_format);
        receipt.reason = report.reason;
        receipt.verdict = report.reason.code ? RECEIPT_REFUSED : RECEIPT_REBUILT;
        receipt_write_json(&receipt, &json);
    }
    receipt_clear(&receipt);
}

static void read_fields(struct bytes message)
{
    struct ipc_reader reader = ipc_reader_open(message);
    char text[8];
    while (!reader.cursor.failed && !ipc_finished(&reader)) {
        struct ipc_reader before = reader;
        ipc_take_u8(&reader);
        if (reader.cursor.failed) {
            reader = before;
            ipc_take_bytes(&reader, 16);
        }
        if (reader.cursor.failed) {
            reader = before;
            ipc_take_text(&reader, text, sizeof text);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(struct bytes) = {read_task, read_event, read_report,
                                                    read_fields};
    if (size)
        readers[data[0] % 4]((struct bytes){data + 1, size - 1});
    return 0;
}
