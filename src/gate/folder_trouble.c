/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keeps a watched folder from being worked: said once, and kept for the pages until it is
 * over.
 */
#include <string.h>

#include "base/utf8.h"
#include "gate/folder_internal.h"
#include "identity/scheme.h"

static bool same(const struct error *one, const struct error *other)
{
    return one->code && !strcmp(one->code, other->code) && !strcmp(one->where, other->where) &&
           !strcmp(one->detail, other->detail);
}

/* Runs one statement as a transaction of its own. Pages then say too little or too much until the
 * next change: that must not keep files waiting. */
static void keep(struct gate_folders *folders, enum store_statement statement,
                 const struct store_value *values, size_t count)
{
    if (store_begin(folders->store, NULL) == 0)
        store_conclude(folders->store, store_run(folders->store, statement, values, count, NULL),
                       NULL);
}

void folder_troubles_forget(struct gate_folders *folders)
{
    keep(folders, STATEMENT_FOLDER_TROUBLE_FORGET, STORE_VALUES(store_text("")));
}

void folder_trouble(struct gate_folders *folders, struct folder *folder, const char *file,
                    int64_t now, const struct error *error)
{
    const char *name = folder->told->name;
    if (same(&folder->trouble, error))
        return;
    folder->trouble = *error;
    folders->say(name, file, error);
    keep(folders, STATEMENT_FOLDER_TROUBLE_SET,
         STORE_VALUES(store_text(name), store_text(error->code), store_text(error->where),
                      store_text(error->detail), store_integer(now)));
}

void folder_trouble_over(struct gate_folders *folders, struct folder *folder)
{
    if (!folder->trouble.code)
        return;
    folder->trouble = (struct error){0};
    keep(folders, STATEMENT_FOLDER_TROUBLE_FORGET, STORE_VALUES(store_text(folder->told->name)));
}

int folder_check_label(struct gate_folders *folders, const struct folder *folder,
                       struct error *error)
{
    AUTO_BUFFER known = {0};
    const char *label = folder->told->classification;
    int found = identity_label_known(folders->store, label, &known, error);
    if (found)
        return found < 0 ? -1 : 0;
    return error_set(error, "folder_label", label, "%s", buffer_string(&known));
}

int gate_folder_troubles(struct store *store, struct gate_folder_trouble *list, size_t most,
                         size_t *count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int more;
    *count = 0;
    if (store_query(store, STATEMENT_FOLDER_TROUBLE_LIST,
                    STORE_VALUES(store_integer((int64_t)most)), &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1) {
        struct gate_folder_trouble *trouble = &list[(*count)++];
        *trouble = (struct gate_folder_trouble){
            .error.code = message_known("error", store_rows_text(rows, 1)),
            .since = store_rows_integer(rows, 4)};
        utf8_copy(trouble->folder, sizeof trouble->folder, store_rows_text(rows, 0));
        utf8_copy(trouble->error.where, sizeof trouble->error.where, store_rows_text(rows, 2));
        utf8_copy(trouble->error.detail, sizeof trouble->error.detail, store_rows_text(rows, 3));
    }
    return more;
}
