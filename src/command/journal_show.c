/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho journal show`: entries, filtered, one a line. */
#include <inttypes.h>
#include <jansson.h>

#include "base/json.h"
#include "base/time.h"
#include "command/command.h"
#include "command/journal_options.h"
#include "journal/reader.h"

struct showing {
    const struct journal_request *request;
    uint64_t shown;
};

static const char *text_of(const json_t *entry, const char *name)
{
    const char *text = json_string_value(json_object_get(entry, name));
    return text ? text : "";
}

static bool matches(const json_t *entry, const char *name, const char *wanted)
{
    return !wanted || strstr(text_of(entry, name), wanted);
}

static bool time_matches(const json_t *entry, const struct journal_request *request)
{
    int64_t moment = 0;
    const char *text = text_of(json_object_get(entry, "time"), "utc");
    if (request->from == 0 && request->until == INT64_MAX)
        return true;
    return time_parse(bytes_of_string(text), &moment, NULL) == 0 && moment >= request->from &&
           moment < request->until;
}

static bool is_wanted(const json_t *entry, const struct journal_request *request)
{
    return matches(entry, "actor", request->actor) && matches(entry, "action", request->action) &&
           matches(entry, "object", request->object) && time_matches(entry, request);
}

/* Index, time in Japan, who, what, on what, why. */
static void show_line(uint64_t index, const json_t *entry)
{
    static const char *const names[] = {"actor", "action", "object", "reason"};
    AUTO_BUFFER line = {0}, plain = {0};
    buffer_append_format(&line, "%" PRIu64 "\t%.19s", index,
                         text_of(json_object_get(entry, "time"), "tokyo"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        buffer_clear(&plain);
        command_append_plain(&plain, text_of(entry, names[i]));
        buffer_append_byte(&line, '\t');
        buffer_append_bytes(&line, buffer_bytes(&plain));
    }
    puts(buffer_string(&line));
}

static int show_entry(void *context, uint64_t index, struct bytes bytes, struct error *error)
{
    struct showing *showing = context;
    (void)error;
    json_t *entry = json_loadb((const char *)bytes.data, bytes.length, 0, NULL);
    if (is_wanted(entry, showing->request)) {
        if (!showing->request->json)
            show_line(index, entry);
        else if (entry)
            printf("{\"index\":%" PRIu64 ",\"entry\":%.*s}\n", index, (int)bytes.length,
                   (const char *)bytes.data);
        showing->shown++;
    }
    json_decref(entry);
    return showing->request->limit != 0 && showing->shown == showing->request->limit;
}

int journal_show(const struct journal_request *request)
{
    AUTO_BUFFER bytes = {0};
    struct note note;
    struct checkpoint checkpoint;
    struct error error;
    struct showing showing = {.request = request};
    struct journal_reader *reader = journal_reader_open(request->paths[0], &error);
    int result = reader ? journal_reader_checkpoint(reader, &bytes, &error) : -1;
    if (result == 0)
        result = checkpoint_parse(buffer_bytes(&bytes), &note, &checkpoint, "checkpoint", &error);
    if (result == 0) {
        journal_reader_set_size(reader, checkpoint.size);
        result = journal_reader_visit(reader, 0, checkpoint.size, show_entry, &showing, &error);
    }
    journal_reader_free(reader);
    if (result < 0)
        command_say_error(stderr, request->language, &error);
    return result < 0 ? COMMAND_FAILED : COMMAND_DONE;
}
