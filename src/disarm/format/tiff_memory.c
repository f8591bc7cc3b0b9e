/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libtiff's file procedures over memory; its messages go to the handle, not to the terminal. */
#include "disarm/format/tiff_memory.h"

#include <stdio.h>

/* No single array of an honest page is larger. */
#define ALLOCATION_LIMIT ((tmsize_t)1 << 30)

static tmsize_t read_bytes(thandle_t handle, void *data, tmsize_t length)
{
    struct tiff_memory *memory = handle;
    struct bytes all = memory->out ? buffer_bytes(memory->out) : memory->in;
    struct bytes piece = bytes_slice(all, memory->position, (size_t)length);
    if (piece.length)
        memcpy(data, piece.data, piece.length);
    memory->position += piece.length;
    return (tmsize_t)piece.length;
}

static tmsize_t write_bytes(thandle_t handle, void *data, tmsize_t length)
{
    struct tiff_memory *memory = handle;
    struct buffer *out = memory->out;
    if (!out || length < 0 || memory->position > SIZE_MAX / 2)
        return -1;
    size_t end = memory->position + (size_t)length;
    if (end > out->length) {
        buffer_reserve(out, end - out->length);
        memset(out->data + out->length, 0, end - out->length);
        out->length = end;
    }
    memcpy(out->data + memory->position, data, (size_t)length);
    memory->position = end;
    return length;
}

static uint64_t file_size(thandle_t handle)
{
    const struct tiff_memory *memory = handle;
    return memory->out ? memory->out->length : memory->in.length;
}

static uint64_t seek(thandle_t handle, uint64_t offset, int whence)
{
    struct tiff_memory *memory = handle;
    uint64_t base = whence == SEEK_CUR   ? memory->position
                    : whence == SEEK_END ? file_size(handle)
                                         : 0;
    if (__builtin_add_overflow(base, offset, &memory->position))
        memory->position = UINT64_MAX;
    return memory->position;
}

static int close_nothing(thandle_t handle)
{
    (void)handle;
    return 0;
}

__attribute__((format(printf, 4, 0))) static int on_error(TIFF *tiff, void *data,
                                                          const char *module, const char *format,
                                                          va_list arguments)
{
    (void)tiff, (void)module;
    struct tiff_memory *memory = data;
    vsnprintf(memory->message, sizeof memory->message, format, arguments);
    return 1;
}

static int on_warning(TIFF *tiff, void *data, const char *module, const char *format,
                      va_list arguments)
{
    (void)tiff, (void)data, (void)module, (void)format, (void)arguments;
    return 1;
}

static TIFF *open_memory(struct tiff_memory *memory, const char *mode)
{
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return NULL;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, ALLOCATION_LIMIT);
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, memory);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, memory);
    TIFF *tiff = TIFFClientOpenExt("", mode, memory, read_bytes, write_bytes, seek, close_nothing,
                                   file_size, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

TIFF *tiff_memory_read(struct tiff_memory *memory, struct bytes in)
{
    *memory = (struct tiff_memory){.in = in};
    return open_memory(memory, "rm");
}

TIFF *tiff_memory_write(struct tiff_memory *memory, struct buffer *out)
{
    *memory = (struct tiff_memory){.out = out};
    return open_memory(memory, "wlm");
}

void tiff_memory_close(TIFF **tiff)
{
    if (*tiff)
        TIFFClose(*tiff);
    *tiff = NULL;
}
