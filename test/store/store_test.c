/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "scratch.h"
#include "store/connection.h"

/* A new database in the test's directory, opened. */
static struct store *new_store(void *state)
{
    struct store *store = NULL;
    struct error error = {0};
    if (store_create(scratch_root(state), &error) != 0 ||
        store_open(scratch_root(state), &store, &error) != 0)
        fail_msg("%s: %s", error.code, error.detail);
    return store;
}

static void set_setting(struct store *store, const char *name, const char *value)
{
    assert_int_equal(store_run(store, STATEMENT_SETTING_SET,
                               STORE_VALUES(store_text(name), store_text(value), store_integer(7)),
                               NULL),
                     0);
}

/* The value of a setting in a buffer, or NULL when it is not set. */
static const char *setting(struct store *store, const char *name, struct buffer *out)
{
    AUTO_ROWS *rows = NULL;
    buffer_clear(out);
    assert_int_equal(
        store_query(store, STATEMENT_SETTING_READ, STORE_VALUES(store_text(name)), &rows, NULL), 0);
    if (store_rows_next(rows, NULL) != 1)
        return NULL;
    buffer_append_string(out, store_rows_text(rows, 0));
    return buffer_string(out);
}

static void a_new_store_is_for_its_owner_only_and_never_replaces_one(void **state)
{
    struct stat status;
    struct error error = {0};
    store_close(new_store(*state));
    assert_int_equal(stat(scratch_path(*state, "sekisho.db"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(store_create(scratch_root(*state), &error), -1);
    assert_string_equal(error.code, "file_exists");
}

static void every_statement_can_be_prepared(void **state)
{
    struct store *store = new_store(*state);
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        const struct statement_text *text = &statement_table[i];
        struct store_value values[STATEMENT_COLUMNS_MAX];
        for (size_t k = 0; k < text->in_count; k++)
            values[k] = (struct store_value){.type = text->in[k] & ~(unsigned)STORE_NULLABLE};
        struct store_rows *rows = NULL;
        struct error error = {0};
        if (store_query(store, (enum store_statement)i, values, text->in_count, &rows, &error) !=
                0 &&
            strcmp(error.code, "store_no_transaction") != 0)
            fail_msg("%s: %s %s", text->name, error.code, error.detail);
        store_rows_close(&rows);
    }
    store_close(store);
}

static void the_connection_is_set_up_safely(void **state)
{
    struct store *store = new_store(*state);
    static const struct {
        const char *sql;
        int value;
    } expected[] = {{"pragma synchronous", 2},
                    {"pragma foreign_keys", 1},
                    {"pragma trusted_schema", 0},
                    {"pragma secure_delete", 1}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        sqlite3_stmt *statement;
        assert_int_equal(sqlite3_prepare_v2(store->database, expected[i].sql, -1, &statement, NULL),
                         0);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int(statement, 0), expected[i].value);
        sqlite3_finalize(statement);
    }
    const char *forbidden[] = {
        "attach 'x.db' as x", "select load_extension('x')", "update sqlite_schema set sql = ''",
        "insert into counter values ('x', 'text')", /* STRICT */
    };
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        assert_int_not_equal(sqlite3_exec(store->database, forbidden[i], NULL, NULL, NULL),
                             SQLITE_OK);
    store_close(store);
}

static void a_commit_lasts_and_a_rollback_leaves_nothing(void **state)
{
    struct store *store = new_store(*state), *other = NULL;
    AUTO_BUFFER text = {0};
    assert_int_equal(store_begin(store, NULL), 0);
    set_setting(store, "kept", "yes");
    assert_int_equal(store_commit(store, NULL), 0);
    assert_int_equal(store_begin(store, NULL), 0);
    set_setting(store, "dropped", "yes");
    store_rollback(store);
    store_rollback(store);
    assert_int_equal(store_begin(store, NULL), 0);
    set_setting(store, "unfinished", "yes");
    store_close(store);
    assert_int_equal(store_open(scratch_root(*state), &other, NULL), 0);
    assert_string_equal(setting(other, "kept", &text), "yes");
    assert_null(setting(other, "dropped", &text));
    assert_null(setting(other, "unfinished", &text));
    store_close(other);
}

static void wrong_use_is_refused(void **state)
{
    struct store *store = new_store(*state);
    struct store_rows *rows = NULL, *second = NULL;
    struct error error = {0};
    assert_int_equal(store_run(store, STATEMENT_SETTING_SET,
                               STORE_VALUES(store_text("a"), store_text("b"), store_integer(1)),
                               &error),
                     -1);
    assert_string_equal(error.code, "store_no_transaction");
    assert_int_equal(store_begin(store, &error), 0);
    assert_int_equal(store_begin(store, &error), -1);
    assert_string_equal(error.code, "store_nested");
    assert_int_equal(store_run(store, STATEMENT_SETTING_READ, STORE_NO_VALUES, &error), -1);
    assert_string_equal(error.code, "store_misuse");
    assert_int_equal(
        store_run(store, STATEMENT_SETTING_READ, STORE_VALUES(store_integer(1)), &error), -1);
    assert_string_equal(error.code, "store_misuse");
    assert_int_equal(store_run(store, STATEMENT_SETTING_READ, STORE_VALUES(store_null()), &error),
                     -1);
    assert_string_equal(error.code, "store_misuse");
    assert_int_equal(
        store_query(store, STATEMENT_SETTING_READ, STORE_VALUES(store_text("a")), &rows, &error),
        0);
    assert_int_equal(
        store_query(store, STATEMENT_SETTING_READ, STORE_VALUES(store_text("a")), &second, &error),
        -1);
    assert_string_equal(error.code, "store_nested");
    assert_int_equal(store_commit(store, &error), -1); /* rows are still open */
    assert_string_equal(error.code, "store_nested");
    assert_int_equal(store_commit(store, &error), -1);
    assert_string_equal(error.code, "store_no_transaction");
    assert_int_equal(store_begin_read(store, &error), 0);
    assert_int_equal(store_run(store, STATEMENT_OUTBOX_TAKE_SEQUENCE, STORE_NO_VALUES, &error), -1);
    assert_string_equal(error.code, "store_no_transaction");
    assert_int_equal(store_commit(store, &error), 0);
    store_close(store);
}

static void a_rule_of_the_schema_is_a_conflict(void **state)
{
    struct store *store = new_store(*state);
    struct error error = {0};
    uint8_t id[32] = {1};
    assert_int_equal(store_begin(store, &error), 0);
    assert_int_equal(store_run(store, STATEMENT_BLOB_USE_ADD,
                               STORE_VALUES(store_blob(id, 32), store_text("x")), &error),
                     -1);
    assert_string_equal(error.code, "store_conflict");
    assert_int_equal(store_run(store, STATEMENT_SCHEMA_ADD,
                               STORE_VALUES(store_integer(1), store_integer(1)), &error),
                     -1);
    assert_string_equal(error.code, "store_conflict");
    store_close(store);
}

static void a_child_process_cannot_use_the_connection(void **state)
{
    struct store *store = new_store(*state);
    pid_t child = fork();
    if (child == 0) {
        struct error error = {0};
        int result = store_begin(store, &error);
        _exit(result == -1 && strcmp(error.code, "store_wrong_process") == 0 ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    store_close(store);
}

static void writers_wait_for_each_other_and_lose_nothing(void **state)
{
    enum { WRITERS = 4, EACH = 50 };
    store_close(new_store(*state));
    pid_t children[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        if ((children[i] = fork()) != 0)
            continue;
        struct store *store;
        int failed = store_open(scratch_root(*state), &store, NULL);
        for (int k = 0; !failed && k < EACH; k++)
            failed = store_begin(store, NULL) != 0 ||
                     store_run(store, STATEMENT_OUTBOX_TAKE_SEQUENCE, STORE_NO_VALUES, NULL) != 0 ||
                     store_commit(store, NULL) != 0;
        _exit(failed ? 1 : 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    struct store *store;
    struct store_rows *rows;
    assert_int_equal(store_open(scratch_root(*state), &store, NULL), 0);
    assert_int_equal(store_query(store, STATEMENT_OUTBOX_STATE, STORE_NO_VALUES, &rows, NULL), 0);
    assert_int_equal(store_rows_next(rows, NULL), 1);
    assert_int_equal(store_rows_integer(rows, 0), WRITERS * EACH);
    store_close(store);
}

static void a_read_transaction_sees_one_state(void **state)
{
    struct store *writer = new_store(*state), *reader = NULL;
    AUTO_BUFFER text = {0};
    assert_int_equal(store_open(scratch_root(*state), &reader, NULL), 0);
    assert_int_equal(store_begin_read(reader, NULL), 0);
    assert_null(setting(reader, "a", &text));
    assert_int_equal(store_begin(writer, NULL), 0);
    set_setting(writer, "a", "1");
    assert_int_equal(store_commit(writer, NULL), 0);
    assert_null(setting(reader, "a", &text));
    assert_int_equal(store_commit(reader, NULL), 0);
    assert_string_equal(setting(reader, "a", &text), "1");
    store_close(reader);
    store_close(writer);
}

static void a_damaged_database_is_named(void **state)
{
    struct store *store = new_store(*state);
    struct error error = {0};
    assert_int_equal(store_check(store, &error), 0);
    assert_int_equal(store_settle(store, &error), 0);
    store_close(store);
    FILE *file = fopen(scratch_path(*state, "sekisho.db"), "r+b");
    for (int page = 1; page < 8; page++) {
        fseek(file, page * 4096L, SEEK_SET);
        fputs("not a page of a b-tree", file);
    }
    fclose(file);
    int result = store_open(scratch_root(*state), &store, &error);
    if (result == 0) {
        result = store_check(store, &error);
        store_close(store);
    }
    assert_int_equal(result, -1);
    assert_string_equal(error.code, "store_broken");
}

static void an_absent_store_is_missing(void **state)
{
    struct store *store;
    struct error error = {0};
    assert_int_equal(store_open(scratch_root(*state), &store, &error), -1);
    assert_string_equal(error.code, "file_missing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(a_new_store_is_for_its_owner_only_and_never_replaces_one),
        scratch_unit_test(every_statement_can_be_prepared),
        scratch_unit_test(the_connection_is_set_up_safely),
        scratch_unit_test(a_commit_lasts_and_a_rollback_leaves_nothing),
        scratch_unit_test(wrong_use_is_refused),
        scratch_unit_test(a_rule_of_the_schema_is_a_conflict),
        scratch_unit_test(a_child_process_cannot_use_the_connection),
        scratch_unit_test(writers_wait_for_each_other_and_lose_nothing),
        scratch_unit_test(a_read_transaction_sees_one_state),
        scratch_unit_test(a_damaged_database_is_named),
        scratch_unit_test(an_absent_store_is_missing),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
