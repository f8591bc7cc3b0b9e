/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking witnesses for cosignatures (C2SP tlog-witness, the log's side). */
#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/json.h"
#include "base/time.h"
#include "journal/reader.h"
#include "journal/sealer_internal.h"

enum {
    STATUS_OK = 200,
    STATUS_CONFLICT = 409,
    ROUNDS = 2, /* the second for witnesses that told us what they know */
    RECORD_MODE = 0644,
};

static const char *const result_names[] = {
    [WITNESS_NOT_ASKED] = "not_asked", [WITNESS_SIGNED] = "signed",
    [WITNESS_NO_ANSWER] = "no_answer", [WITNESS_REFUSED] = "refused",
    [WITNESS_AHEAD] = "ahead",         [WITNESS_BAD_ANSWER] = "bad_answer",
};

/* The body of an add-checkpoint request: old size, consistency proof, checkpoint. */
static int append_body(struct buffer *out, const struct sealer *sealer,
                       struct journal_reader *reader, uint64_t old_size, struct error *error)
{
    struct merkle_proof proof;
    struct merkle_source source = journal_reader_source(reader);
    uint64_t size = journal_published_size(sealer->journal);
    if (merkle_prove_consistency(&source, old_size, size, &proof, error) < 0)
        return -1;
    buffer_append_format(out, "old %" PRIu64 "\n", old_size);
    for (size_t i = 0; i < proof.count; i++) {
        checkpoint_append_hash(out, &proof.hashes[i]);
        buffer_append_byte(out, '\n');
    }
    buffer_append_byte(out, '\n');
    buffer_append_bytes(out, buffer_bytes(&sealer->text));
    buffer_append_byte(out, '\n');
    buffer_append_bytes(out, buffer_bytes(&sealer->signature));
    return 0;
}

/* Takes the witness's own lines when they hold; anything else in the answer is ignored. */
static bool take_cosignature(struct sealer *sealer, size_t witness, struct bytes answer)
{
    const struct note_verifier *key = &sealer->witnesses.keys[witness];
    struct note_signature line;
    size_t count;
    if (note_parse_signatures(answer, &count, "", NULL) < 0 ||
        note_verify(buffer_bytes(&sealer->text), answer, key, NULL) != NOTE_SIGNED)
        return false;
    while (note_next_signature(&answer, &line)) {
        if (line.id != key->id || !bytes_equal_string(line.name, key->name))
            continue;
        buffer_append_bytes(&sealer->cosignatures, line.line);
        break;
    }
    sealer->cosigned++;
    return true;
}

/* True when the witness knows another size than we thought, and it is worth asking again. */
static bool learn_size(struct sealer *sealer, struct witness_record *record, struct bytes answer)
{
    uint64_t known, size = journal_published_size(sealer->journal);
    if (answer.length > 0 && answer.data[answer.length - 1] == '\n')
        answer.length--;
    record->result = WITNESS_BAD_ANSWER;
    if (!checkpoint_parse_number(answer, &known))
        return false;
    if (known > size) {
        record->result = WITNESS_AHEAD;
        return false;
    }
    bool news = known != record->known;
    record->known = known;
    return news;
}

/* Judges an answer; true when the witness should be asked once more at once. */
static bool judge(struct sealer *sealer, struct sealer_question *question, int64_t now)
{
    struct witness_record *record = &sealer->records[question->witness];
    struct bytes answer = buffer_bytes(&question->answer);
    record->asked = now;
    record->status = question->status;
    if (question->status == STATUS_CONFLICT)
        return learn_size(sealer, record, answer);
    if (question->status == 0) {
        record->result = WITNESS_NO_ANSWER;
    } else if (question->status != STATUS_OK) {
        record->result = WITNESS_REFUSED;
    } else if (take_cosignature(sealer, question->witness, answer)) {
        record->result = WITNESS_SIGNED;
        record->known = journal_published_size(sealer->journal);
    } else {
        record->result = WITNESS_BAD_ANSWER;
    }
    return false;
}

/* Asks the witnesses marked in asked; leaves marked those to ask again. */
static int ask_round(struct sealer *sealer, bool asked[SEALER_WITNESSES_MAX], int64_t now,
                     struct error *error)
{
    struct sealer_question questions[SEALER_WITNESSES_MAX] = {0};
    struct buffer bodies[SEALER_WITNESSES_MAX] = {0};
    size_t count = 0;
    struct journal_reader *reader = journal_reader_open(sealer->paths.journal, error);
    if (!reader)
        return -1;
    journal_reader_set_size(reader, journal_published_size(sealer->journal));
    int result = 0;
    for (size_t i = 0; i < sealer->witnesses.count && result == 0; i++) {
        if (!asked[i])
            continue;
        result = append_body(&bodies[count], sealer, reader, sealer->records[i].known, error);
        questions[count].witness = i;
        questions[count].body = buffer_bytes(&bodies[count]);
        count++;
    }
    journal_reader_free(reader);
    if (result == 0 && count > 0)
        sealer->witnesses.ask(sealer->witnesses.context, questions, count);
    for (size_t i = 0; i < count; i++) {
        if (result == 0)
            asked[questions[i].witness] = judge(sealer, &questions[i], now);
        buffer_free(&questions[i].answer);
        buffer_free(&bodies[i]);
    }
    return result;
}

static int write_records(const struct sealer *sealer, struct error *error)
{
    AUTO_BUFFER out = {0};
    AUTO_BUFFER path = {0};
    struct json_writer json = json_writer_open(&out);
    json_begin_object(&json);
    json_member_unsigned(&json, "size", journal_published_size(sealer->journal));
    json_member_unsigned(&json, "cosigned", sealer->cosigned);
    json_member_unsigned(&json, "quorum", sealer->witnesses.quorum);
    json_member_boolean(&json, "sealed", sealer_is_sealed(sealer));
    json_key(&json, "witnesses");
    json_begin_array(&json);
    for (size_t i = 0; i < sealer->witnesses.count; i++) {
        const struct witness_record *record = &sealer->records[i];
        AUTO_BUFFER time = {0};
        time_append_utc(&time, record->asked * 1000);
        json_begin_object(&json);
        json_member_string(&json, "name", sealer->witnesses.keys[i].name);
        json_member_string(&json, "result", result_names[record->result]);
        json_member_unsigned(&json, "status", (uint64_t)record->status);
        json_member_unsigned(&json, "known_size", record->known);
        json_member_string(&json, "asked", record->asked ? buffer_string(&time) : NULL);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    buffer_append_byte(&out, '\n');
    buffer_append_format(&path, "%s/witnesses.json", sealer->paths.journal);
    return file_replace(buffer_string(&path), buffer_bytes(&out), RECORD_MODE, error);
}

/* A witness that failed is left alone for a while, so that it does not hold up every checkpoint. */
static bool should_ask(const struct witness_record *record, int64_t now)
{
    if (record->result == WITNESS_SIGNED)
        return false;
    return record->result == WITNESS_NOT_ASKED || now < record->asked ||
           now - record->asked >= SEALER_RETRY_MS;
}

int sealer_ask_witnesses(struct sealer *sealer, int64_t now, struct error *error)
{
    bool asked[SEALER_WITNESSES_MAX] = {false};
    bool any = false;
    size_t before = sealer->cosigned;
    for (size_t i = 0; i < sealer->witnesses.count; i++) {
        asked[i] = should_ask(&sealer->records[i], now);
        any = any || asked[i];
    }
    if (!any)
        return 0;
    for (int round = 0; round < ROUNDS; round++)
        if (ask_round(sealer, asked, now, error) < 0)
            return -1;
    if (sealer->cosigned > before && sealer_publish(sealer, error) < 0)
        return -1;
    return write_records(sealer, error);
}
