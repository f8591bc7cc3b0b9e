/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sekisho journal verify`: the auditor's findings, for people and for programs. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/time.h"
#include "command/command.h"
#include "command/journal_options.h"

static void append_root(struct buffer *out, const struct merkle_hash *root)
{
    checkpoint_append_hash(out, root);
}

static size_t shown_problems(const struct journal_audit *audit)
{
    return audit->problem_count < JOURNAL_AUDIT_PROBLEMS_MAX ? audit->problem_count
                                                             : JOURNAL_AUDIT_PROBLEMS_MAX;
}

static void write_problem(struct json_writer *json, const struct journal_audit_problem *problem)
{
    AUTO_BUFFER ja = {0}, en = {0};
    message_append_error(&ja, LANGUAGE_JA, &problem->error);
    message_append_error(&en, LANGUAGE_EN, &problem->error);
    json_begin_object(json);
    json_member_string(json, "code", problem->error.code);
    json_member_string(json, "file", problem->error.where);
    json_key(json, "entry");
    if (problem->entry == UINT64_MAX)
        json_nothing(json);
    else
        json_unsigned(json, problem->entry);
    json_member_string(json, "detail", problem->error.detail);
    json_member_string(json, "ja", buffer_string(&ja));
    json_member_string(json, "en", buffer_string(&en));
    json_end_object(json);
}

static void write_witnesses(struct json_writer *json, const struct journal_request *request,
                            const struct journal_audit *audit)
{
    json_key(json, "witnesses");
    json_begin_array(json);
    for (size_t i = 0; i < request->witness_count; i++) {
        AUTO_BUFFER time = {0};
        bool signed_it = audit->cosigned[i].signed_it;
        if (signed_it && audit->cosigned[i].time < (uint64_t)INT64_MAX / TIME_SECOND)
            time_append_utc(&time, (int64_t)audit->cosigned[i].time * TIME_SECOND);
        json_begin_object(json);
        json_member_string(json, "name", request->witnesses[i].name);
        json_member_boolean(json, "signed", signed_it);
        json_member_string(json, "time", time.length ? buffer_string(&time) : NULL);
        json_end_object(json);
    }
    json_end_array(json);
}

static void show_json(const struct journal_request *request, const struct journal_audit *audit)
{
    AUTO_BUFFER out = {0}, root = {0}, key = {0};
    struct json_writer json = json_writer_open(&out);
    append_root(&root, &audit->root);
    note_verifier_append(&key, &audit->key);
    json_begin_object(&json);
    json_member_boolean(&json, "whole", audit->problem_count == 0);
    json_member_string(&json, "origin", request->key.name);
    json_member_unsigned(&json, "size", audit->size);
    json_member_string(&json, "root", buffer_string(&root));
    json_member_unsigned(&json, "checked", audit->checked);
    json_member_unsigned(&json, "handovers", audit->handovers);
    json_member_string(&json, "key", buffer_string(&key));
    write_witnesses(&json, request, audit);
    json_member_unsigned(&json, "problem_count", audit->problem_count);
    json_key(&json, "problems");
    json_begin_array(&json);
    for (size_t i = 0; i < shown_problems(audit); i++)
        write_problem(&json, &audit->problems[i]);
    json_end_array(&json);
    json_end_object(&json);
    buffer_append_byte(&out, '\n');
    fwrite(out.data, 1, out.length, stdout);
}

static void show_text(const struct journal_request *request, const struct journal_audit *audit)
{
    AUTO_BUFFER size = {0}, root = {0}, count = {0}, signers = {0};
    for (size_t i = 0; i < shown_problems(audit); i++)
        command_say_error(stdout, request->language, &audit->problems[i].error);
    buffer_append_format(&size, "%" PRIu64, audit->size);
    append_root(&root, &audit->root);
    buffer_append_format(&count, "%zu", audit->problem_count);
    buffer_append_format(&signers, "%zu / %zu", audit->cosigned_count, request->witness_count);
    const struct message_value values[] = {{"size", buffer_string(&size)},
                                           {"root", buffer_string(&root)},
                                           {"count", buffer_string(&count)},
                                           {"witnesses", buffer_string(&signers)},
                                           {"origin", request->key.name}};
    command_say(stdout, request->language,
                audit->problem_count == 0 ? "journal.whole" : "journal.not_whole", values,
                sizeof values / sizeof *values);
}

int journal_verify(const struct journal_request *request)
{
    const struct journal_audit_settings settings = {
        .log = &request->key,
        .witnesses = request->witnesses,
        .witness_count = request->witness_count,
        .quorum = request->quorum,
        .since = buffer_bytes(&request->since),
        .any_entries = request->any_entries,
    };
    struct journal_audit *audit = journal_audit_run(request->paths[0], &settings);
    if (request->json)
        show_json(request, audit);
    else
        show_text(request, audit);
    int status = audit->problem_count == 0 ? COMMAND_DONE : COMMAND_REFUSED;
    free(audit);
    return status;
}
