/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collecting the inputs and giving each result a place of its own. */
#include "command/disarm_plan.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"

static char *copy(const char *text)
{
    return memory_copy_string(text, strlen(text));
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void add_item(struct plan *plan, const char *path, const char *destination)
{
    if (plan->count == plan->capacity) {
        plan->capacity = plan->capacity ? plan->capacity * 2 : 64;
        plan->items = memory_resize(plan->items, plan->capacity, sizeof *plan->items);
    }
    struct plan_item *item = &plan->items[plan->count++];
    *item = (struct plan_item){.path = copy(path), .destination = copy(destination)};
    struct stat status;
    if (!stat(path, &status)) {
        item->device = status.st_dev;
        item->inode = status.st_ino;
    }
}

static int visit(void *context, const char *path, const char *full, struct error *error)
{
    (void)error;
    add_item(context, full, path);
    return 0;
}

int disarm_plan_add(struct plan *plan, const char *path, struct error *error)
{
    struct stat status;
    if (!stat(path, &status) && S_ISDIR(status.st_mode))
        return file_walk(path, visit, plan, error);
    add_item(plan, path, base_name(path));
    return 0;
}

static int compare_destination(const void *a, const void *b)
{
    return strcmp((*(struct plan_item *const *)a)->destination,
                  (*(struct plan_item *const *)b)->destination);
}

/* The items sorted by destination; the caller frees the array. */
static struct plan_item **sort_items(const struct plan *plan)
{
    struct plan_item **sorted = memory_allocate(plan->count + 1, sizeof(struct plan_item *));
    for (size_t i = 0; i < plan->count; i++)
        sorted[i] = &plan->items[i];
    qsort(sorted, plan->count, sizeof *sorted, compare_destination);
    return sorted;
}

/* Number of items from `first` on that have its destination. */
static size_t run_length(struct plan_item *const *sorted, size_t first, size_t count)
{
    size_t length = 1;
    while (first + length < count && !compare_destination(&sorted[first], &sorted[first + length]))
        length++;
    return length;
}

/* Length of the folders that the paths of all items of a run begin with. */
static size_t common_folders(struct plan_item *const *run, size_t length)
{
    const char *first = run[0]->path;
    size_t common = (size_t)(base_name(first) - first);
    for (size_t i = 1; i < length; i++) {
        size_t same = 0;
        while (same < common && first[same] == run[i]->path[same])
            same++;
        while (same && first[same - 1] != '/')
            same--;
        common = same;
    }
    return common;
}

/* A relative path without "." and "..", which must not lead out of the output folder. */
static char *clean_path(const char *path)
{
    AUTO_BUFFER clean = {0};
    while (*path) {
        size_t length = strcspn(path, "/");
        bool up = length == 2 && !strncmp(path, "..", 2);
        bool here = length == 1 && *path == '.';
        if (length && !here) {
            if (clean.length)
                buffer_append_byte(&clean, '/');
            buffer_append(&clean, up ? "__" : path, length);
        }
        path += length + (path[length] == '/');
    }
    return memory_copy_string(clean.data, clean.length);
}

static void spread_run(struct plan_item *const *run, size_t length)
{
    size_t common = common_folders(run, length);
    for (size_t i = 0; i < length; i++) {
        char *spread = clean_path(run[i]->path + common);
        free(run[i]->destination);
        run[i]->destination = spread;
    }
}

/* "folder/name (2).docx" */
static char *numbered(const char *destination, size_t number)
{
    AUTO_BUFFER name = {0};
    const char *dot = strrchr(base_name(destination), '.');
    size_t stem =
        dot && dot != base_name(destination) ? (size_t)(dot - destination) : strlen(destination);
    buffer_append(&name, destination, stem);
    buffer_append_format(&name, " (%zu)%s", number, destination + stem);
    return memory_copy_string(name.data, name.length);
}

static void number_run(struct plan_item *const *run, size_t length)
{
    for (size_t i = 1; i < length; i++) {
        char *name = numbered(run[i]->destination, i + 1);
        free(run[i]->destination);
        run[i]->destination = name;
    }
}

/* Applies `change` to every run of equal destinations; true when there was one. */
static bool change_runs(struct plan *plan, void (*change)(struct plan_item *const *, size_t))
{
    bool changed = false;
    struct plan_item **sorted = sort_items(plan);
    for (size_t i = 0; i < plan->count;) {
        size_t length = run_length(sorted, i, plan->count);
        if (length > 1) {
            change(&sorted[i], length);
            changed = true;
        }
        i += length;
    }
    free(sorted);
    return changed;
}

void plan_settle(struct plan *plan)
{
    if (!change_runs(plan, spread_run))
        return;
    /* a number can meet a name that was there before, so look again; it ends, names only grow */
    while (change_runs(plan, number_run))
        continue;
}

static bool is_taken(const struct plan *plan, const struct plan_item *item, const char *name)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_item *other = &plan->items[i];
        if (other != item &&
            (!strcmp(other->destination, name) || (other->made && !strcmp(other->made, name))))
            return true;
    }
    return false;
}

const char *plan_settle_made(struct plan *plan, struct plan_item *item, const char *name)
{
    AUTO_BUFFER made = {0};
    buffer_append_string(&made, name);
    if (strcmp(name, item->destination) && is_taken(plan, item, name)) {
        const char *dot = strrchr(name, '.');
        buffer_clear(&made);
        buffer_append_format(&made, "%s%s", item->destination, dot ? dot : "");
    }
    free(item->made);
    item->made = memory_copy_string(made.data, made.length);
    return item->made;
}

bool plan_is_input(const struct plan *plan, const char *path)
{
    struct stat status;
    if (stat(path, &status))
        return false;
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->items[i].inode == status.st_ino && plan->items[i].device == status.st_dev)
            return true;
    }
    return false;
}

void plan_free(struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        free(plan->items[i].path);
        free(plan->items[i].destination);
        free(plan->items[i].made);
    }
    free(plan->items);
    *plan = (struct plan){0};
}
