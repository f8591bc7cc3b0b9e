/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `sekisho journal export`: the sealed record as files for a medium that is kept elsewhere, with a
 * manifest in the form of sha256sum(1), so that a reader without Sekisho can check the copy too.
 */
#include "base/file.h"
#include "base/memory.h"
#include "command/command.h"
#include "command/journal_options.h"
#include "journal/copy.h"
#include "journal/reader.h"

#define MANIFEST "MANIFEST.sha256"

enum {
    MANIFEST_MODE = 0644,
    FILE_BYTES_MAX = 32 << 20,
};

static int add_to_manifest(void *context, const char *path, const char *full, struct error *error)
{
    AUTO_BUFFER bytes = {0};
    struct merkle_hash hash;
    if (!strcmp(path, MANIFEST))
        return 0;
    if (file_read(full, FILE_BYTES_MAX, &bytes, error) < 0)
        return -1;
    merkle_hash_data(buffer_bytes(&bytes), &hash);
    for (size_t i = 0; i < sizeof hash.bytes; i++)
        buffer_append_format(context, "%02x", hash.bytes[i]);
    buffer_append_format(context, "  %s\n", path);
    return 0;
}

static int write_manifest(const char *directory, struct error *error)
{
    AUTO_BUFFER manifest = {0}, path = {0};
    if (file_walk(directory, add_to_manifest, &manifest, error) < 0)
        return -1;
    buffer_append_format(&path, "%s/" MANIFEST, directory);
    return file_replace(buffer_string(&path), buffer_bytes(&manifest), MANIFEST_MODE, error);
}

static int copy(const char *from, const char *to, struct error *error)
{
    AUTO_BUFFER checkpoint = {0};
    struct journal_reader *reader = journal_reader_open(from, error);
    if (!reader)
        return -1;
    int result = journal_reader_checkpoint(reader, &checkpoint, error);
    journal_reader_free(reader);
    if (result < 0)
        return -1;
    return journal_copy(from, to, buffer_bytes(&checkpoint), error);
}

int journal_export(const struct journal_request *request)
{
    struct error error;
    if (!request->to) {
        journal_request_complain(request, "usage.to_needed", "--to");
        return COMMAND_USAGE;
    }
    if (copy(request->paths[0], request->to, &error) < 0 ||
        write_manifest(request->to, &error) < 0) {
        command_say_error(stderr, request->language, &error);
        return COMMAND_FAILED;
    }
    return COMMAND_DONE;
}
