/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Versions of the policy: storing, reading, adopting. */
#include <string.h>

#include "adoption/internal.h"

/* How long an original stays at least: the policy itself never goes while its version is there. */
#define RETAIN (INT64_C(36525) * TIME_DAY)

static const char *const stage_names[ADOPTION_STAGE_COUNT] = {"draft", "adopted", "in_force",
                                                              "replaced", "discarded"};

const char *adoption_stage_name(enum adoption_stage stage)
{
    return stage_names[stage];
}

/* ---- storing ---- */

/* The date that the text names: "2026-04" means its first day. */
static void effective_of(const struct policy *policy, char date[ADOPTION_DATE_SIZE])
{
    struct date parsed;
    AUTO_BUFFER text = {0};
    buffer_append_string(&text, policy->effective);
    if (text.length == strlen("2026-04"))
        buffer_append_string(&text, "-01");
    bool sound = date_parse(buffer_bytes(&text), &parsed, NULL) == 0;
    utf8_copy(date, ADOPTION_DATE_SIZE, sound ? buffer_string(&text) : "");
}

/* What is about to be stored. */
struct draft {
    const struct adoption_upload *upload;
    const struct policy *policy;
    struct store_blob_writer *writer;
    struct store_blob_id file;
    char text_digest[ADOPTION_DIGEST_SIZE];
};

/* 1 the text is there already as a draft (*version), 0 it is new, -1 error. */
static int find_same(struct store *store, const struct draft *draft, int64_t *version,
                     struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_POLICY_FIND_TEXT, STORE_VALUES(store_text(draft->text_digest)),
                    &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found;
    *version = store_rows_integer(rows, 0);
    return strcmp(store_rows_text(rows, 1), "draft") == 0
               ? 1
               : error_set(error, "adoption_same_text", adoption_name_of("policy", *version).text,
                           "%s", "");
}

static int add_row(struct store *store, const struct identity_act *act, const struct draft *draft,
                   int64_t *version, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    const struct adoption_upload *upload = draft->upload;
    char file_digest[ADOPTION_DIGEST_SIZE], effective[ADOPTION_DATE_SIZE];
    char title[ADOPTION_TITLE_SIZE], organization[IDENTITY_NAME_SIZE];
    adoption_digest(upload->file, file_digest);
    effective_of(draft->policy, effective);
    utf8_copy(title, sizeof title, draft->policy->title);
    utf8_copy(organization, sizeof organization, draft->policy->organization);
    if (store_query(store, STATEMENT_POLICY_ADD,
                    STORE_VALUES(store_text(organization), store_text(title),
                                 store_text_bytes(upload->text), store_text(draft->text_digest),
                                 store_integer((int64_t)upload->text.length),
                                 store_blob(draft->file.bytes, sizeof draft->file.bytes),
                                 store_text(upload->file_name), store_text(file_digest),
                                 store_integer((int64_t)upload->file.length), store_text(effective),
                                 store_text(act->actor), store_integer(act->now)),
                    &rows, error) != 0 ||
        adoption_need_row(rows, 0, error) != 0)
        return -1;
    *version = store_rows_integer(rows, 0);
    return store_rows_next(rows, error);
}

static int add_version(struct store *store, const struct identity_act *act,
                       const struct draft *draft, int64_t *version, struct error *error)
{
    int same = find_same(store, draft, version, error);
    if (same != 0)
        return same < 0 ? -1 : 0;
    struct adoption_name owner = {"policy/file"};
    if (store_blob_keep(draft->writer, owner.text, act->now + RETAIN, error) != 0 ||
        add_row(store, act, draft, version, error) != 0)
        return -1;
    owner = adoption_name_of("policy", *version);
    const struct store_fact facts[] = {{"text", draft->text_digest}};
    return identity_act_record(store, act, "policy.store", owner.text, facts, 1, NULL, error);
}

static int check_upload(const struct adoption_upload *upload, struct error *error)
{
    if (utf8_is_blank(upload->file_name) || strlen(upload->file_name) >= ADOPTION_FILE_SIZE ||
        !utf8_valid(bytes_of_string(upload->file_name)))
        return error_set(error, "adoption_bad_value", "file_name", "%s", "");
    return 0;
}

/* Writes the original file beside the database; nobody uses it yet. */
static int write_file(struct store *store, struct draft *draft, struct error *error)
{
    return store_blob_begin(store, &draft->writer, error) == 0 &&
                   store_blob_write(draft->writer, draft->upload->file, error) == 0 &&
                   store_blob_finish(draft->writer, &draft->file, NULL, error) == 0
               ? 0
               : -1;
}

int adoption_store(struct store *store, const struct identity_act *act,
                   const struct adoption_upload *upload, int64_t *version, struct error *error)
{
    if (check_upload(upload, error) != 0)
        return -1;
    struct policy *policy = policy_compile(upload->text, error);
    if (!policy)
        return -1;
    struct draft draft = {.upload = upload, .policy = policy};
    adoption_digest(upload->text, draft.text_digest);
    int result = write_file(store, &draft, error);
    if (result == 0)
        result = store_begin(store, error);
    if (result == 0)
        result = store_conclude(store, add_version(store, act, &draft, version, error), error);
    store_blob_close(draft.writer);
    if (result == 0) /* the pages that follow show it */
        adoption_policy_keep(draft.text_digest, policy);
    else
        policy_free(policy);
    return result;
}

/* ---- reading ---- */

/* In force and replaced follow from the calendar. */
static enum adoption_stage stage_of(const char *state, bool in_force, const char *effective,
                                    const char *today)
{
    if (strcmp(state, "draft") == 0)
        return ADOPTION_DRAFT;
    if (strcmp(state, "discarded") == 0)
        return ADOPTION_DISCARDED;
    if (in_force)
        return ADOPTION_IN_FORCE;
    return strcmp(effective, today) > 0 ? ADOPTION_ADOPTED : ADOPTION_REPLACED;
}

static void from_row(struct adoption_version *found, const struct store_rows *rows,
                     const char *today)
{
    const struct {
        char *into;
        size_t size;
    } texts[] = {
        {found->organization, sizeof found->organization},
        {found->title, sizeof found->title},
        {found->file_name, sizeof found->file_name},
        {found->file_digest, sizeof found->file_digest},
        {found->text_digest, sizeof found->text_digest},
        {NULL, 0}, /* two sizes */
        {NULL, 0},
        {found->number, sizeof found->number},
        {found->decided, sizeof found->decided},
        {found->effective, sizeof found->effective},
        {found->decided_by, sizeof found->decided_by},
        {found->reason, sizeof found->reason},
        {found->stored_by, sizeof found->stored_by},
        {found->recorded_by, sizeof found->recorded_by},
    };
    enum { FIRST = 3, COUNT = sizeof texts / sizeof *texts };
    found->id = store_rows_integer(rows, 0);
    for (int i = 0; i < COUNT; i++)
        if (texts[i].into)
            utf8_copy(texts[i].into, texts[i].size, store_rows_text(rows, FIRST + i));
    found->file_size = store_rows_integer(rows, 8);
    found->text_size = store_rows_integer(rows, 9);
    found->stored = store_rows_integer(rows, FIRST + COUNT);
    found->recorded = store_rows_integer(rows, FIRST + COUNT + 1);
    found->set_up = store_rows_integer(rows, FIRST + COUNT + 2);
    found->stage = stage_of(store_rows_text(rows, 1), store_rows_integer(rows, 2) != 0,
                            found->effective, today);
}

int adoption_list(struct store *store, int64_t now, int64_t before, struct adoption_version *list,
                  size_t most, size_t *count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    char today[ADOPTION_DATE_SIZE];
    int more;
    *count = 0;
    adoption_today(now, today);
    if (store_query(store, STATEMENT_POLICY_LIST,
                    STORE_VALUES(store_text(today), store_integer(before ? before : INT64_MAX),
                                 store_integer((int64_t)most)),
                    &rows, error) != 0)
        return -1;
    while ((more = store_rows_next(rows, error)) == 1)
        from_row(&list[(*count)++], rows, today);
    return more;
}

int adoption_read(struct store *store, int64_t version, int64_t now, struct adoption_version *found,
                  struct error *error)
{
    AUTO_ROWS *rows = NULL;
    char today[ADOPTION_DATE_SIZE];
    adoption_today(now, today);
    if (store_query(store, STATEMENT_POLICY_READ,
                    STORE_VALUES(store_text(today), store_integer(version)), &rows, error) != 0 ||
        adoption_need_row(rows, version, error) != 0)
        return -1;
    from_row(found, rows, today);
    return 0;
}

int adoption_in_force(struct store *store, int64_t now, struct adoption_version *found,
                      struct error *error)
{
    AUTO_ROWS *rows = NULL;
    char today[ADOPTION_DATE_SIZE];
    adoption_today(now, today);
    if (store_query(store, STATEMENT_POLICY_FIND_IN_FORCE, STORE_VALUES(store_text(today)), &rows,
                    error) != 0)
        return -1;
    int any = store_rows_next(rows, error);
    if (any != 1)
        return any;
    return adoption_read(store, store_rows_integer(rows, 0), now, found, error) == 0 ? 1 : -1;
}

int adoption_text(struct store *store, int64_t version, struct buffer *out, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_POLICY_CONTENT, STORE_VALUES(store_integer(version)), &rows,
                    error) != 0 ||
        adoption_need_row(rows, version, error) != 0)
        return -1;
    buffer_append_string(out, store_rows_text(rows, 0));
    return 0;
}

int adoption_file(struct store *store, int64_t version, struct store_blob_reader **reader,
                  struct error *error)
{
    AUTO_ROWS *rows = NULL;
    struct store_blob_id id = {{0}};
    if (store_query(store, STATEMENT_POLICY_FILE, STORE_VALUES(store_integer(version)), &rows,
                    error) != 0 ||
        adoption_need_row(rows, version, error) != 0)
        return -1;
    struct bytes column = store_rows_blob(rows, 0);
    if (column.length == sizeof id.bytes)
        memcpy(id.bytes, column.data, sizeof id.bytes);
    store_rows_close(&rows);
    return store_blob_open(store, &id, reader, error);
}
