/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Saving results. A file that is already there is replaced only when the receipt of an earlier run
 * stands beside it, or on --force; an input is never replaced.
 */
#include "command/disarm_save.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "disarm/receipt.h"

static void set_text(char **place, const char *text)
{
    free(*place);
    *place = memory_copy_string(text, strlen(text));
}

/* Makes the folders in front of the last slash, as open to others as the caller's umask says. */
static int make_folders(const char *path, struct error *error)
{
    AUTO_FREE char *folder = memory_copy_string(path, strlen(path));
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0777) && errno != EEXIST)
            return file_error(error, folder);
        *slash = '/';
    }
    return 0;
}

/* Asking for the umask changes it for a moment, so it is asked for once, before the threads. */
static mode_t new_file_mode = 0600;

void save_begin(void)
{
    mode_t mask = umask(0);
    umask(mask);
    new_file_mode = 0666 & ~mask;
}

/* 0 when the path may be written. `beside` is the receipt of an earlier run, or NULL. */
static int check_free(const struct save_request *request, const char *path, const char *beside,
                      struct error *error)
{
    if (!file_exists(path))
        return 0;
    if (plan_is_input(request->plan, path))
        return error_set(error, "output_is_input", path, "%s", "");
    if (!request->force && !(beside && file_exists(beside)))
        return error_set(error, "output_exists", path, "%s", "");
    return 0;
}

/* Writes to a pipe or device, which cannot be replaced. */
static int write_special(const char *path, struct bytes bytes, struct error *error)
{
    AUTO_FD file = file_open(path, O_WRONLY, 0, error);
    return file < 0 ? -1 : file_write_all(file, bytes, path, error);
}

/* Writes what a memory file holds to path. */
static int save_memory(int memory, const char *path, bool special, struct error *error)
{
    struct stat status;
    if (fstat(memory, &status))
        return file_error(error, path);
    size_t length = (size_t)status.st_size;
    void *mapped = length ? mmap(NULL, length, PROT_READ, MAP_PRIVATE, memory, 0) : NULL;
    if (mapped == MAP_FAILED)
        return file_error(error, path);
    struct bytes bytes = {mapped, length};
    int result = special ? write_special(path, bytes, error)
                         : file_replace(path, bytes, new_file_mode, error);
    if (mapped)
        munmap(mapped, length);
    return result;
}

static int save_receipt(const struct receipt *receipt, const char *path, struct error *error)
{
    AUTO_BUFFER json = {0};
    receipt_write_json(receipt, &json);
    buffer_append_byte(&json, '\n');
    return file_replace(path, buffer_bytes(&json), new_file_mode, error);
}

static int save_to_file(const struct save_request *request, const struct disarm_result *result,
                        struct error *error)
{
    if (result->output < 0)
        return 0;
    const char *slash = strrchr(request->file, '/');
    set_text(&result->receipt->output.name, slash ? slash + 1 : request->file);
    if (plan_is_input(request->plan, request->file))
        return error_set(error, "output_is_input", request->file, "%s", "");
    struct stat status;
    bool special = !stat(request->file, &status) && !S_ISREG(status.st_mode);
    return save_memory(result->output, request->file, special, error);
}

/* The receipt goes first: a result never stands there without one. */
static int save_to_folder(const struct save_request *request, struct plan_item *item,
                          const struct disarm_result *result, struct error *error)
{
    struct receipt *receipt = result->receipt;
    const char *name = item->destination;
    if (result->output >= 0) {
        name = item->made;
        set_text(&receipt->output.name, name);
    }
    AUTO_BUFFER path = {0}, beside = {0};
    buffer_append_format(&path, "%s/%s", request->folder, name);
    buffer_append_format(&beside, "%s.receipt.json", buffer_string(&path));
    const char *file = buffer_string(&path), *receipt_file = buffer_string(&beside);
    if (make_folders(file, error) ||
        (result->output >= 0 && check_free(request, file, receipt_file, error)) ||
        check_free(request, receipt_file, receipt_file, error) ||
        save_receipt(receipt, receipt_file, error))
        return -1;
    if (result->output < 0)
        return 0;
    if (!save_memory(result->output, file, false, error))
        return 0;
    unlink(receipt_file);
    return -1;
}

int save_result(const struct save_request *request, struct plan_item *item,
                const struct disarm_result *result, struct error *error)
{
    set_text(&result->receipt->input.name, item->path);
    if (request->folder)
        return save_to_folder(request, item, result, error);
    return request->file ? save_to_file(request, result, error) : 0;
}
