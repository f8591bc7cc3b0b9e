/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libjpeg's callbacks: errors, the limit on scans, and output into a buffer. */
#include "disarm/format/jpeg_session.h"

#include <jerror.h>

/* Honest progressive files have about ten scans; hundreds are a way to waste time. */
#define SCANS_LIMIT 200

#define OUTPUT_STEP ((size_t)1 << 16)

static void on_error(j_common_ptr codec)
{
    struct jpeg_session *session = (struct jpeg_session *)codec->err;
    (*codec->err->format_message)(codec, session->message);
    longjmp(session->escape, 1);
}

static void on_message(j_common_ptr codec, int level)
{
    if (level < 0)
        codec->err->num_warnings++;
}

static void on_progress(j_common_ptr codec)
{
    if (codec->is_decompressor && ((j_decompress_ptr)codec)->input_scan_number > SCANS_LIMIT) {
        codec->err->msg_code = JERR_BAD_PROGRESSION;
        on_error(codec);
    }
}

static void give_room(j_compress_ptr target)
{
    struct jpeg_session *session = (struct jpeg_session *)target->err;
    buffer_reserve(&session->made, OUTPUT_STEP);
    session->destination.next_output_byte = session->made.data + session->made.length;
    session->destination.free_in_buffer = session->made.capacity - session->made.length;
}

static boolean on_full(j_compress_ptr target)
{
    struct jpeg_session *session = (struct jpeg_session *)target->err;
    session->made.length = session->made.capacity;
    give_room(target);
    return TRUE;
}

static void on_end(j_compress_ptr target)
{
    struct jpeg_session *session = (struct jpeg_session *)target->err;
    session->made.length = session->made.capacity - session->destination.free_in_buffer;
}

void jpeg_session_open(struct jpeg_session *session)
{
    jpeg_std_error(&session->errors);
    session->errors.error_exit = on_error;
    session->errors.emit_message = on_message;
    session->source.err = session->target.err = &session->errors;
    jpeg_create_decompress(&session->source);
    jpeg_create_compress(&session->target);
    session->progress.progress_monitor = on_progress;
    session->source.progress = &session->progress;
    session->destination = (struct jpeg_destination_mgr){
        .init_destination = give_room,
        .empty_output_buffer = on_full,
        .term_destination = on_end,
    };
    session->target.dest = &session->destination;
}

int jpeg_session_error(const struct jpeg_session *session, const char *where, struct error *error)
{
    return error_set(error, "bad_picture", where, "%s", session->message);
}

void jpeg_session_close(struct jpeg_session *session)
{
    if (session->target.err)
        jpeg_destroy_compress(&session->target);
    if (session->source.err)
        jpeg_destroy_decompress(&session->source);
    buffer_free(&session->made);
}
