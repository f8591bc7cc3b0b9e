/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What disarming cannot be faster than with the same libraries: for a ZIP package, inflating and
 * deflating its members again; for a JPEG or PNG, decoding and encoding its pixels. No checks, no
 * sandbox. Prints microseconds and the name, between a tab, for each file that it could do.
 *
 * usage: limit_bench < LIST_OF_FILES
 */
#include <inttypes.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include <jpeglib.h> /* needs stdio.h before it */

#include "base/buffer.h"

enum { LOCAL_HEADER = 30, LEVEL = 6 };

static uint64_t now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static bool read_whole(const char *path, struct buffer *into)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t got;
    do {
        buffer_reserve(into, 1 << 16);
        got = fread(into->data + into->length, 1, 1 << 16, file);
        into->length += got;
    } while (got);
    fclose(file);
    return true;
}

/* Inflates one raw stream and deflates what came out; the number of packed bytes read, or 0. */
static size_t repack(const uint8_t *packed, size_t available)
{
    AUTO_BUFFER plain = {0}, again = {0};
    z_stream in = {.next_in = (Bytef *)(uintptr_t)packed, .avail_in = (uInt)available};
    if (inflateInit2(&in, -15) != Z_OK)
        return 0;
    int status;
    do {
        buffer_reserve(&plain, 1 << 18);
        in.next_out = plain.data + plain.length;
        in.avail_out = 1 << 18;
        status = inflate(&in, Z_NO_FLUSH);
        plain.length += (1 << 18) - in.avail_out;
    } while (status == Z_OK);
    size_t used = in.total_in;
    inflateEnd(&in);
    if (status != Z_STREAM_END)
        return 0;
    buffer_reserve(&again, compressBound(plain.length));
    uLongf length = compressBound(plain.length);
    return compress2(again.data, &length, plain.data, plain.length, LEVEL) == Z_OK ? used : 0;
}

static bool pass_zip(struct bytes file)
{
    size_t position = 0;
    bool any = false;
    while (position + LOCAL_HEADER < file.length && !memcmp(file.data + position, "PK\3\4", 4)) {
        const uint8_t *header = file.data + position;
        size_t packed = header[18] | header[19] << 8 | header[20] << 16 | (size_t)header[21] << 24;
        position += LOCAL_HEADER + (header[26] | header[27] << 8) + (header[28] | header[29] << 8);
        if (position >= file.length)
            break;
        if (header[8] == 8) {
            size_t used = repack(file.data + position, file.length - position);
            if (!used)
                return false;
            position += header[6] & 8 ? used : packed;
            any = true;
        } else {
            position += packed;
        }
        if (header[6] & 8)
            position +=
                position + 4 < file.length && !memcmp(file.data + position, "PK\7\10", 4) ? 16 : 12;
    }
    return any;
}

static bool pass_png(struct bytes file)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_memory(&image, file.data, file.length))
        return false;
    AUTO_BUFFER pixels = {0}, out = {0};
    buffer_reserve(&pixels, PNG_IMAGE_SIZE(image));
    if (!png_image_finish_read(&image, NULL, pixels.data, 0, NULL))
        return false;
    png_alloc_size_t length = PNG_IMAGE_PNG_SIZE_MAX(image);
    buffer_reserve(&out, length);
    bool done = png_image_write_to_memory(&image, out.data, &length, 0, pixels.data, 0, NULL);
    png_image_free(&image);
    return done;
}

struct jpeg_escape {
    struct jpeg_error_mgr manager;
    jmp_buf place;
};

static void jpeg_escape(j_common_ptr codec)
{
    longjmp(((struct jpeg_escape *)codec->err)->place, 1);
}

static void jpeg_silence(j_common_ptr codec)
{
    (void)codec;
}

/* Lossless: the coefficients are read and written, as the product does it. */
static bool pass_jpeg(struct bytes file)
{
    struct jpeg_escape escape;
    struct jpeg_decompress_struct in = {.err = jpeg_std_error(&escape.manager)};
    struct jpeg_compress_struct out = {.err = &escape.manager};
    unsigned char *made = NULL;
    unsigned long length = 0;
    escape.manager.error_exit = jpeg_escape;
    escape.manager.output_message = jpeg_silence;
    jpeg_create_decompress(&in);
    jpeg_create_compress(&out);
    volatile bool done = false;
    if (!setjmp(escape.place)) {
        jpeg_mem_src(&in, file.data, file.length);
        jpeg_read_header(&in, TRUE);
        jvirt_barray_ptr *coefficients = jpeg_read_coefficients(&in);
        jpeg_mem_dest(&out, &made, &length);
        jpeg_copy_critical_parameters(&in, &out);
        jpeg_write_coefficients(&out, coefficients);
        jpeg_finish_compress(&out);
        done = true;
    }
    jpeg_destroy_compress(&out);
    jpeg_destroy_decompress(&in);
    free(made);
    return done;
}

static bool pass(struct bytes file)
{
    if (file.length > LOCAL_HEADER && !memcmp(file.data, "PK\3\4", 4))
        return pass_zip(file);
    if (file.length > 8 && !memcmp(file.data, "\x89PNG", 4))
        return pass_png(file);
    return file.length > 8 && !memcmp(file.data, "\xFF\xD8", 2) && pass_jpeg(file);
}

int main(void)
{
    char line[4096];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        AUTO_BUFFER file = {0};
        if (!read_whole(line, &file))
            continue;
        uint64_t start = now_us();
        if (pass(buffer_bytes(&file)))
            printf("%" PRIu64 "\t%s\n", now_us() - start, line);
    }
    return 0;
}
