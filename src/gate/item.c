/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file on its way in. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "gate/gate.h"

struct gate_item_writer {
    struct store *store;
    struct store_blob_writer *blob;
    int64_t transfer, person, now, size, size_most, kept_until;
    char name[GATE_FILE_NAME_SIZE];
};

/* True when a word stands in a list with one space between them, without regard to case. */
static bool is_one_of(const char *list, const char *word, size_t length)
{
    for (const char *at = list; *at; at += strspn(at, " ")) {
        size_t next = strcspn(at, " ");
        if (next == length && !strncasecmp(at, word, length))
            return true;
        at += next;
    }
    return false;
}

bool gate_type_allowed(const struct gate_conduit *conduit, const char *type)
{
    return !*conduit->types || (type && is_one_of(conduit->types, type, strlen(type)));
}

/* True when the end of a name belongs to a format that the conduit lets pass. */
static bool name_allowed(const struct gate_conduit *conduit, const char *name)
{
    const char *dot = strrchr(name, '.');
    struct disarm_format format;
    if (!*conduit->types)
        return true;
    for (size_t i = 0; dot && disarm_format_at(i, &format); i++)
        if (is_one_of(format.extensions, dot + 1, strlen(dot + 1)) &&
            gate_type_allowed(conduit, format.name))
            return true;
    return false;
}

/* The last part of a path of any system, when it can be a name. */
static int take_name(const char *path, char name[GATE_FILE_NAME_SIZE], struct error *error)
{
    const char *last = path;
    for (const char *at = path; *at; at++)
        if (*at == '/' || *at == '\\')
            last = at + 1;
    for (const char *at = last; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            return error_set(error, "gate_file_name", "name", "%s", "");
    if (utf8_is_blank(last) || strlen(last) >= GATE_FILE_NAME_SIZE || !strcmp(last, ".") ||
        !strcmp(last, ".."))
        return error_set(error, "gate_file_name", "name", "%s", "");
    utf8_copy(name, GATE_FILE_NAME_SIZE, last);
    return 0;
}

/* The conduit of a transfer that this session is still sending, and how many files it has. */
static int read_upload(struct store *store, const struct identity_session *session,
                       int64_t transfer, struct gate_conduit *conduit, int64_t *items,
                       struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_TRANSFER_UPLOAD_READ,
                    STORE_VALUES(store_integer(transfer), store_integer(session->person),
                                 store_text(session->zone)),
                    &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found < 0 ? -1
                         : error_set(error, "gate_transfer_unknown",
                                     gate_name_of("transfer", transfer).text, "%s", "");
    int64_t id = store_rows_integer(rows, 0);
    *items = store_rows_integer(rows, 1);
    return gate_conduit_read(store, id, conduit, error);
}

int gate_item_begin(struct store *store, const struct identity_session *session, int64_t transfer,
                    const char *name, int64_t now, struct gate_item_writer **writer,
                    struct error *error)
{
    struct gate_conduit conduit;
    struct gate_item_writer new = {
        .store = store, .transfer = transfer, .person = session->person, .now = now};
    int64_t items;
    *writer = NULL;
    if (take_name(name, new.name, error) != 0 ||
        read_upload(store, session, transfer, &conduit, &items, error) != 0)
        return -1;
    if (!conduit.open)
        return error_set(error, "gate_conduit_closed", gate_name_of("conduit", conduit.id).text,
                         "%s", "");
    if (items >= conduit.items_most)
        return error_set(error, "gate_too_many_files", new.name, "%lld",
                         (long long)conduit.items_most);
    if (!name_allowed(&conduit, new.name))
        return error_set(error, "gate_file_type", new.name, "%s", conduit.types);
    new.size_most = conduit.size_most;
    new.kept_until = now; /* the transfer uses it: no retention of its own */
    if (store_blob_begin(store, &new.blob, error) != 0)
        return -1;
    *writer = memory_allocate(1, sizeof **writer);
    **writer = new;
    return 0;
}

int gate_item_write(struct gate_item_writer *writer, struct bytes content, struct error *error)
{
    writer->size += (int64_t)content.length;
    if (writer->size > writer->size_most)
        return error_set(error, "gate_file_size", writer->name, "%lld",
                         (long long)writer->size_most);
    return store_blob_write(writer->blob, content, error);
}

static int add_item(struct gate_item_writer *writer, const struct store_blob_id *id,
                    int64_t *number, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(writer->store, STATEMENT_TRANSFER_ITEM_ADD,
                    STORE_VALUES(store_integer(writer->transfer), store_text(writer->name),
                                 store_integer(writer->size),
                                 store_blob(id->bytes, sizeof id->bytes),
                                 store_integer(writer->person)),
                    &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found < 0 ? -1
                         : error_set(error, "gate_state",
                                     gate_name_of("transfer", writer->transfer).text, "%s", "");
    *number = store_rows_integer(rows, 0);
    return store_rows_next(rows, error);
}

/* The owner's name has the item's number, which is known only now: first keep, then name. */
static int keep_item(struct gate_item_writer *writer, const struct store_blob_id *id,
                     int64_t *number, struct error *error)
{
    struct gate_name passing = gate_owner_of(writer->transfer, 0, "original");
    if (store_blob_keep(writer->blob, passing.text, writer->kept_until, error) != 0 ||
        add_item(writer, id, number, error) != 0)
        return -1;
    struct gate_name owner = gate_owner_of(writer->transfer, *number, "original");
    if (store_blob_share(writer->store, id, owner.text, writer->kept_until, error) != 0)
        return -1;
    return store_blob_release(writer->store, id, passing.text, error);
}

int gate_item_finish(struct gate_item_writer *writer, int64_t *number, struct error *error)
{
    struct store_blob_id id;
    int64_t own;
    if (store_blob_finish(writer->blob, &id, NULL, error) != 0 ||
        store_begin(writer->store, error) != 0)
        return -1;
    return store_conclude(writer->store, keep_item(writer, &id, number ? number : &own, error),
                          error);
}

void gate_item_close(struct gate_item_writer *writer)
{
    if (writer)
        store_blob_close(writer->blob);
    free(writer);
}
