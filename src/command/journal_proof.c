/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `sekisho journal proof` and `check`: a proof that stands by itself. The entry goes along as the
 * proof's extra data, which nobody has to trust: the proof is over its hash.
 */
#include "journal/proof.h"

#include <inttypes.h>

#include "base/file.h"
#include "command/command.h"
#include "command/journal_options.h"
#include "journal/reader.h"

enum {
    PROOF_MODE = 0644,
    PROOF_BYTES_MAX = 2 << 20,
};

static int make_proof(struct journal_reader *reader, const char *entry_text, struct buffer *out,
                      struct error *error)
{
    AUTO_BUFFER bytes = {0}, entry = {0};
    struct note note;
    struct checkpoint checkpoint;
    struct merkle_proof path;
    uint64_t index;
    if (!checkpoint_parse_number(bytes_of_string(entry_text), &index))
        return error_set(error, "journal_beyond_end", "", "%s", entry_text);
    if (journal_reader_checkpoint(reader, &bytes, error) < 0 ||
        checkpoint_parse(buffer_bytes(&bytes), &note, &checkpoint, "checkpoint", error) < 0)
        return -1;
    journal_reader_set_size(reader, checkpoint.size);
    struct merkle_source source = journal_reader_source(reader);
    if (journal_reader_entry(reader, index, &entry, error) < 0 ||
        merkle_prove_inclusion(&source, index, checkpoint.size, &path, error) < 0)
        return -1;
    journal_proof_append(out, buffer_bytes(&entry), index, &path, buffer_bytes(&bytes));
    return 0;
}

static int fail(const struct journal_request *request, const struct error *error, int status)
{
    command_say_error(stderr, request->language, error);
    return status;
}

int journal_prove(const struct journal_request *request)
{
    AUTO_BUFFER out = {0};
    struct error error;
    struct journal_reader *reader = journal_reader_open(request->paths[0], &error);
    int result = reader ? make_proof(reader, request->paths[1], &out, &error) : -1;
    journal_reader_free(reader);
    if (result == 0 && request->output)
        result = file_replace(request->output, buffer_bytes(&out), PROOF_MODE, &error);
    else if (result == 0)
        fwrite(out.data, 1, out.length, stdout);
    return result < 0 ? fail(request, &error, COMMAND_FAILED) : COMMAND_DONE;
}

int journal_check(const struct journal_request *request)
{
    AUTO_BUFFER bytes = {0}, entry = {0};
    struct journal_proof proof;
    struct error error;
    if (file_read(request->paths[0], PROOF_BYTES_MAX, &bytes, &error) < 0)
        return fail(request, &error, COMMAND_FAILED);
    if (journal_proof_parse(buffer_bytes(&bytes), &proof, request->paths[0], &error) < 0 ||
        journal_proof_read_extra(&proof, &entry, request->paths[0], &error) < 0 ||
        journal_proof_verify(&proof, buffer_bytes(&entry), &request->key, &error) < 0)
        return fail(request, &error, COMMAND_REFUSED);
    fwrite(entry.data, 1, entry.length, stdout);
    putchar('\n');
    return COMMAND_DONE;
}
