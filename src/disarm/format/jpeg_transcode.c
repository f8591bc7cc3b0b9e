/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lossless way: quantised coefficients out of one JPEG stream into a new one. */
#include "disarm/format/jpeg_codec.h"

#include "base/memory.h"
#include "disarm/format/jpeg_session.h"
#include "disarm/format/picture_exif.h"
#include "disarm/format/picture_icc.h"

#define MARKER_APP1       (JPEG_APP0 + 1)
#define MARKER_APP2       (JPEG_APP0 + 2)
#define SEGMENT_LIMIT     0xFFFF
#define COEFFICIENT_LIMIT 1023

/* Channels that a colour profile of this picture describes. */
static unsigned profile_channels(J_COLOR_SPACE space)
{
    if (space == JCS_GRAYSCALE)
        return 1;
    return space == JCS_CMYK || space == JCS_YCCK ? 4 : 3;
}

/* Brings one row of blocks into the range that 8-bit samples can have (T.81 §F.1.2). */
static void clamp_blocks(JBLOCK *blocks, JDIMENSION count)
{
    for (JDIMENSION i = 0; i < count; i++) {
        for (int k = 0; k < DCTSIZE2; k++) {
            JCOEF *value = &blocks[i][k];
            *value = *value > COEFFICIENT_LIMIT    ? COEFFICIENT_LIMIT
                     : *value < -COEFFICIENT_LIMIT ? -COEFFICIENT_LIMIT
                                                   : *value;
        }
    }
}

static void clamp_coefficients(struct jpeg_session *session, jvirt_barray_ptr *coefficients)
{
    j_common_ptr codec = (j_common_ptr)&session->source;
    for (int i = 0; i < session->source.num_components; i++) {
        const jpeg_component_info *component = &session->source.comp_info[i];
        for (JDIMENSION row = 0; row < component->height_in_blocks; row++) {
            JBLOCKARRAY blocks =
                codec->mem->access_virt_barray(codec, coefficients[i], row, 1, TRUE);
            clamp_blocks(blocks[0], component->width_in_blocks);
        }
    }
}

/* The target's header: the source's frame, and only those markers that change what is seen. */
static void describe_target(struct jpeg_session *session)
{
    struct jpeg_decompress_struct *source = &session->source;
    struct jpeg_compress_struct *target = &session->target;
    jpeg_copy_critical_parameters(source, target);
    target->optimize_coding = TRUE;
    if (source->progressive_mode)
        jpeg_simple_progression(target);
    target->write_JFIF_header = source->saw_JFIF_marker;
    target->write_Adobe_marker = source->saw_Adobe_marker;
    bool density = source->saw_JFIF_marker && source->density_unit <= 2 && source->X_density &&
                   source->Y_density;
    target->JFIF_major_version = 1;
    target->JFIF_minor_version = 1;
    target->density_unit = density ? source->density_unit : 0;
    target->X_density = density ? source->X_density : 1;
    target->Y_density = density ? source->Y_density : 1;
}

static void write_orientation(struct jpeg_session *session, unsigned orientation)
{
    if (orientation < 2 || orientation > 8)
        return;
    AUTO_BUFFER exif = {0};
    buffer_append(&exif, "Exif\0", 6);
    picture_exif_append(&exif, orientation);
    jpeg_write_marker(&session->target, MARKER_APP1, exif.data, (unsigned)exif.length);
}

static bool write_profile(struct jpeg_session *session)
{
    AUTO_FREE JOCTET *data = NULL;
    unsigned length = 0;
    if (!jpeg_read_icc_profile(&session->source, &data, &length))
        return false;
    struct bytes profile = picture_icc_sane((struct bytes){data, length},
                                            profile_channels(session->source.jpeg_color_space));
    if (profile.length)
        jpeg_write_icc_profile(&session->target, profile.data, (unsigned)profile.length);
    return profile.length > 0;
}

static int transcode(struct jpeg_session *session, struct job *job, struct bytes in,
                     struct jpeg_account *account, struct error *error)
{
    if (setjmp(session->escape))
        return jpeg_session_error(session, job->path, error);
    jpeg_session_open(session);
    jpeg_mem_src(&session->source, in.data, in.length);
    jpeg_save_markers(&session->source, MARKER_APP2, SEGMENT_LIMIT);
    jpeg_read_header(&session->source, TRUE);
    if (job_use_pixels(job, session->source.image_width, session->source.image_height, error))
        return -1;
    jvirt_barray_ptr *coefficients = jpeg_read_coefficients(&session->source);
    if (account->clamp)
        clamp_coefficients(session, coefficients);
    describe_target(session);
    jpeg_write_coefficients(&session->target, coefficients);
    write_orientation(session, account->orientation);
    account->color_profile = write_profile(session);
    jpeg_finish_compress(&session->target);
    jpeg_finish_decompress(&session->source);
    account->repaired = session->errors.num_warnings > 0 || account->clamp;
    size_t left = session->source.src->bytes_in_buffer;
    account->used = account->repaired || left > in.length ? in.length : in.length - left;
    return 0;
}

int jpeg_codec_transcode(struct job *job, struct bytes in, struct jpeg_account *account,
                         struct buffer *out, struct error *error)
{
    struct jpeg_session *session = memory_allocate(1, sizeof *session);
    int result = transcode(session, job, in, account, error);
    if (result == 0)
        buffer_append_bytes(out, buffer_bytes(&session->made));
    jpeg_session_close(session);
    free(session);
    return result;
}

static int transcode_strip(struct jpeg_session *session, struct bytes tables, struct bytes stream,
                           const char *where, struct error *error)
{
    if (setjmp(session->escape))
        return jpeg_session_error(session, where, error);
    jpeg_session_open(session);
    if (tables.length) {
        jpeg_mem_src(&session->source, tables.data, tables.length);
        jpeg_read_header(&session->source, FALSE);
    }
    jpeg_mem_src(&session->source, stream.data, stream.length);
    jpeg_read_header(&session->source, TRUE);
    jvirt_barray_ptr *coefficients = jpeg_read_coefficients(&session->source);
    describe_target(session);
    session->target.write_JFIF_header = FALSE;
    session->target.write_Adobe_marker = FALSE;
    jpeg_write_coefficients(&session->target, coefficients);
    jpeg_finish_compress(&session->target);
    jpeg_finish_decompress(&session->source);
    return 0;
}

int jpeg_codec_transcode_strip(struct bytes tables, struct bytes stream, const char *where,
                               struct buffer *out, struct error *error)
{
    struct jpeg_session *session = memory_allocate(1, sizeof *session);
    int result = transcode_strip(session, tables, stream, where, error);
    if (result == 0)
        buffer_append_bytes(out, buffer_bytes(&session->made));
    jpeg_session_close(session);
    free(session);
    return result;
}
