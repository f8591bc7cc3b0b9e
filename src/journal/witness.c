/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a witness checks before it cosigns (C2SP tlog-witness, section add-checkpoint). */
#include "journal/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/file.h>

#include "base/memory.h"
#include "journal/files.h"
#include "journal/proof.h"

enum {
    STATUS_OK = 200,
    STATUS_BAD_REQUEST = 400,
    STATUS_FORBIDDEN = 403,
    STATUS_NOT_FOUND = 404,
    STATUS_CONFLICT = 409,
    STATUS_UNPROCESSABLE = 422,
    STATUS_FAILED = 500,
    DIGITS = 64,
    CHECKPOINT_MODE = 0644,
};

struct witness {
    int directory;
    int lock;
    struct note_signer signer;
    struct note_verifier *logs;
    size_t log_count;
};

/* A request, cut into its parts. */
struct request {
    uint64_t old_size;
    struct merkle_proof proof;
    struct bytes note_bytes;
    struct note note;
    struct checkpoint checkpoint;
};

struct witness *witness_open(const char *directory, const struct note_signer *signer,
                             const struct note_verifier *logs, size_t log_count,
                             struct error *error)
{
    if (sodium_init() < 0 || signer->verifier.algorithm != NOTE_COSIGNATURE) {
        error_set(error, "journal_bad_key", "", "%s", signer->verifier.name);
        return NULL;
    }
    struct witness *witness = memory_allocate(1, sizeof *witness);
    witness->lock = -1;
    witness->signer = *signer;
    witness->logs = memory_allocate(log_count + 1, sizeof *logs);
    if (log_count > 0)
        memcpy(witness->logs, logs, log_count * sizeof *logs);
    witness->log_count = log_count;
    witness->directory = files_open_directory(directory, error);
    if (witness->directory >= 0) {
        witness->lock = openat(witness->directory, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0640);
        if (witness->lock < 0)
            file_error(error, "lock");
        else if (flock(witness->lock, LOCK_EX | LOCK_NB) == 0)
            return witness;
        else
            error_set_errno(error, "journal_in_use", directory);
    }
    witness_close(witness);
    return NULL;
}

void witness_close(struct witness *witness)
{
    if (!witness)
        return;
    file_close(&witness->directory);
    file_close(&witness->lock);
    note_signer_wipe(&witness->signer);
    free(witness->logs);
    free(witness);
}

static bool take_old_size(struct bytes body, size_t *position, uint64_t *size)
{
    size_t end = bytes_find(body, 0, "\n");
    if (end == SIZE_MAX || !bytes_start_with(body, "old "))
        return false;
    *position = end + 1;
    return checkpoint_parse_number(bytes_slice(body, 4, end - 4), size);
}

static bool parse_request(struct bytes body, struct request *request)
{
    size_t position;
    if (!take_old_size(body, &position, &request->old_size) ||
        journal_proof_parse_path(body, &position, &request->proof, "", NULL) < 0)
        return false;
    request->note_bytes = bytes_slice(body, position, body.length);
    return checkpoint_parse(request->note_bytes, &request->note, &request->checkpoint, "", NULL) ==
           0;
}

/* 0 when a trusted key of the log signed the checkpoint, else the status to answer. */
static int check_signature(const struct witness *witness, const struct request *request)
{
    bool known = false, trusted = false;
    for (size_t i = 0; i < witness->log_count; i++) {
        const struct note_verifier *log = &witness->logs[i];
        if (!bytes_equal_string(request->checkpoint.origin, log->name))
            continue;
        known = true;
        switch (note_verify(request->note.text, request->note.signatures, log, NULL)) {
        case NOTE_SIGNED:
            trusted = true;
            break;
        case NOTE_FORGED:
            return STATUS_FORBIDDEN;
        case NOTE_UNSIGNED:
            break;
        }
    }
    return !known ? STATUS_NOT_FOUND : trusted ? 0 : STATUS_FORBIDDEN;
}

static void append_file_name(struct buffer *out, struct bytes origin)
{
    struct merkle_hash hash;
    merkle_hash_data(origin, &hash);
    for (size_t i = 0; i < sizeof hash.bytes; i++)
        buffer_append_format(out, "%02x", hash.bytes[i]);
    buffer_append_string(out, ".checkpoint");
}

/* The last cosigned checkpoint of a log; size 0 when there is none. bytes keeps what it points to.
 */
static int load_last(const struct witness *witness, const char *name, struct buffer *bytes,
                     struct checkpoint *last, struct error *error)
{
    struct note note;
    struct error missing = {0};
    *last = (struct checkpoint){.size = 0};
    merkle_hash_data((struct bytes){NULL, 0}, &last->root);
    if (files_read(witness->directory, name, NOTE_BYTES_MAX, bytes, &missing) < 0) {
        if (strcmp(missing.code, "file_missing") == 0)
            return 0;
        if (error)
            *error = missing;
        return -1;
    }
    if (checkpoint_parse(buffer_bytes(bytes), &note, last, name, error) < 0)
        return -1;
    /* A file that is not of our making must not let us forget what we signed. */
    if (note_verify(note.text, note.signatures, &witness->signer.verifier, NULL) != NOTE_SIGNED)
        return error_set(error, "journal_bad_signature", name, "%s", witness->signer.verifier.name);
    return 0;
}

static int answer_conflict(struct witness_answer *answer, uint64_t size)
{
    answer->content_type = "text/x.tlog.size";
    buffer_append_format(&answer->body, "%" PRIu64 "\n", size);
    return STATUS_CONFLICT;
}

static int cosign(struct witness *witness, const char *name, const struct request *request,
                  uint64_t now, struct witness_answer *answer, struct error *error)
{
    AUTO_BUFFER line = {0};
    AUTO_BUFFER note = {0};
    note_append_signature(&line, request->note.text, &witness->signer, now);
    buffer_append_bytes(&note, request->note.text);
    buffer_append_byte(&note, '\n');
    buffer_append_bytes(&note, buffer_bytes(&line)); /* first, so that no one can crowd it out */
    buffer_append_bytes(&note, request->note.signatures);
    if (request->note.signature_count >= NOTE_SIGNATURES_MAX)
        return STATUS_BAD_REQUEST;
    if (files_replace(witness->directory, name, buffer_bytes(&note), CHECKPOINT_MODE, error) < 0)
        return -1;
    buffer_append_bytes(&answer->body, buffer_bytes(&line));
    return STATUS_OK;
}

/* The status to answer, or -1 after an internal failure. */
static int judge(struct witness *witness, struct bytes body, uint64_t now,
                 struct witness_answer *answer, struct error *error)
{
    struct request request;
    struct checkpoint last;
    AUTO_BUFFER bytes = {0};
    AUTO_BUFFER name = {0};
    if (body.length > WITNESS_BODY_MAX || !parse_request(body, &request))
        return STATUS_BAD_REQUEST;
    int refused = check_signature(witness, &request);
    if (refused)
        return refused;
    if (request.old_size > request.checkpoint.size)
        return STATUS_BAD_REQUEST;
    append_file_name(&name, request.checkpoint.origin);
    if (load_last(witness, buffer_string(&name), &bytes, &last, error) < 0)
        return -1;
    if (request.old_size != last.size)
        return answer_conflict(answer, last.size);
    if (last.size == request.checkpoint.size &&
        !merkle_hash_equal(&last.root, &request.checkpoint.root))
        return answer_conflict(answer, last.size);
    if (!merkle_verify_consistency(last.size, &last.root, request.checkpoint.size,
                                   &request.checkpoint.root, &request.proof))
        return STATUS_UNPROCESSABLE;
    return cosign(witness, buffer_string(&name), &request, now, answer, error);
}

int witness_add_checkpoint(struct witness *witness, struct bytes body, uint64_t now,
                           struct witness_answer *answer, struct error *error)
{
    *answer = (struct witness_answer){.content_type = "text/plain; charset=utf-8"};
    int status = judge(witness, body, now, answer, error);
    answer->status = status < 0 ? STATUS_FAILED : status;
    return status < 0 ? -1 : 0;
}

int witness_get_checkpoint(struct witness *witness, const char *digits,
                           struct witness_answer *answer, struct error *error)
{
    *answer = (struct witness_answer){.status = STATUS_NOT_FOUND,
                                      .content_type = "text/plain; charset=utf-8"};
    if (strlen(digits) != DIGITS || strspn(digits, "0123456789abcdef") != DIGITS)
        return 0;
    AUTO_BUFFER name = {0};
    struct error failure = {0};
    buffer_append_format(&name, "%s.checkpoint", digits);
    if (files_read(witness->directory, buffer_string(&name), NOTE_BYTES_MAX, &answer->body,
                   &failure) == 0) {
        answer->status = STATUS_OK;
        return 0;
    }
    if (strcmp(failure.code, "file_missing") == 0)
        return 0;
    answer->status = STATUS_FAILED;
    if (error)
        *error = failure;
    return -1;
}
