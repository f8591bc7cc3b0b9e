/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/error.h"
#include "base/file.h"
#include "scratch.h"
#include "store/connection.h"

/* What a database of each version holds; one line per migration. Written as SQL because the
 * statements of today's program are made for today's schema. */
static const char *const data_of_version[] = {
    NULL,
    "insert into organization values (1, 'みほん市', 5);"
    "insert into setting values ('zone', 'lgwan', 6);"
    "update counter set value = 3; insert into outbox values (3, x'7b7d');",
    "insert into blob values (zeroblob(32), 10, 1, 5, 6);"
    "insert into blob_use values (zeroblob(32), 'transfer/1');",
    "insert into personal values (zeroblob(32), x'01', x'02', 5, null);",
    "insert into department values (1, '0100', '総務課', null, null);"
    "insert into person values (1, 'hanako', '見本 花子', 'ミホン ハナコ', '', 1, 'regular', 'ja', "
    "5,"
    " null, null, null, null, null, null, 5);"
    "insert into role_holder values (1, 1, 'auditor', null, 5, null);"
    "insert into deputy values (1, 1, 1, 5, 6);"
    "insert into password values (1, 1, 'hash', 5, 1, 0, null);"
    "insert into login_guard values (x'01', 1, 5, 6);"
    "insert into login_history values (1, 5, '127.0.0.1', 0);"
    "insert into session values (1, x'01', 1, 'lgwan', '', '', 'none', null, 1, 5, 5, 6, null, 0,"
    " null);"
    "insert into api_token values (1, 1, 'scanner', x'01', 'api.use', 'lgwan', 5, 6, null, null);"
    "insert into totp values (1, x'01', 5, null, 0);"
    "insert into recovery_code values (1, x'01', null);"
    "insert into security_key values (1, 1, 'key', x'01', -7, x'02', 0, 5, null, null);"
    "insert into ceremony values (1, x'01', 6);",
    "insert into request values (1, 'transfer', '', 'transfer/1', 1, 1, '{}', 'sha256:', 'open', "
    "0, 0,"
    " 1, 2, null, 3);"
    "insert into request_step values (1, 0, 'ciso', null, 'open', null, null, null, '')",
    "insert into zone (id, name, level) values ('lgwan', 'L', 1), ('internet', 'I', 0);"
    "insert into conduit (id, source, destination, is_open, treatments, usual, types, size_most,"
    " items_most, approval_from, approval_personal, emergency, password, antivirus, days_kept, "
    "changed)"
    " values (1, 'internet', 'lgwan', 1, 7, 0, '', 1, 1, 5, 0, 0, 0, 0, 1, 1);"
    "insert into transfer (id, conduit_id, source, destination, sender_id, department_id, purpose,"
    " classification, personal_data, treatment, state, why, request_id, emergency, lease, attempts,"
    " try_after, created, accepted, ready, ended, expires, released) values (1, 1, 'internet', "
    "'lgwan', 1, 1, 'p', 'I', 0, 0, 'waiting', '', "
    "1, 0,"
    " 0, 0, 0, 1, 1, null, null, 2, 0);"
    "insert into transfer_recipient values (1, 1, null);"
    "insert into transfer_item (transfer_id, number, name, size, original, state, why, output_name,"
    " output_size, disarmed, receipt) values (1, 1, 'a', 1, (select id from blob), 'stored', '', "
    "'', 0, "
    "null,"
    " null)",
    "insert into import_draft values (1, 5, x'01')",
    "insert into policy_version values (1, 'draft', '', 't', 'x', 'sha256:', 1, (select id from "
    "blob),"
    " 'f', 'sha256:', 1, '', '', '', '', '', 'person/1', 5, '', null, null);"
    "insert into policy_publicity values ('standard/1', 1, 'r', 'person/1', 5)",
    "insert into setup_correction values (1, 'zone/lgwan/level', '1', '', 'person/1', 5);"
    "insert into binding_choice values (1, 1, 'standard/1', 'k/0', 's', 'confirm', '', '', 'p', 5);"
    "insert into duty values (1, 'standard/1#1', 'standard/1', 'k/0', 'ciso', 'always', '');"
    "insert into attestation values (1, 1, 'standard/1#1', 'standard/1', 'k/0', 's', 1, '', '', 1, "
    "5);"
    "insert into policy_exception values (1, 1, 'standard/1#1', 'standard/1', 'k/0', 's', 'r', "
    "'p', 5,"
    " '2027-03-31', null);"
    "insert into acknowledgement values (1, 1, 'sha256:', 5);"
    "insert into evidence_count values ('login.accept', '', 1, 5)",
    "update transfer set scan = 'clean'",
    "insert into folder_file values (1, 'f', x'61', x'00', 1, 'taken', '', 5)",
    "update transfer_item set entry = 1",
    "update transfer_recipient set picked_up = 5", /* only indexes are new */
    "update zone set closed = 5 where id = 'internet'",
    "update conduit set close_again = 1",
    "update transfer_item set preview = x'00'",
    "insert into folder_trouble values ('f', 'folder_label', 'II', '', 5)",
    "update request set state = 'open' where id = 0", /* only an index is new */
};

/* A database of an older version with data in every table that it has. */
static struct store *old_store(void *state, int version)
{
    struct store *store = NULL;
    const char *path = scratch_path(state, "sekisho.db");
    assert_int_equal(file_replace(path, (struct bytes){NULL, 0}, 0600, NULL), 0);
    assert_int_equal(connection_open(scratch_root(state), SQLITE_OPEN_READWRITE, &store, NULL), 0);
    assert_int_equal(migrate_to(store, version, NULL), 0);
    for (int i = 1; i <= version; i++)
        assert_int_equal(sqlite3_exec(store->database, data_of_version[i], NULL, NULL, NULL), 0);
    return store;
}

static int64_t count_of(struct store *store, const char *sql)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static void every_version_comes_forward_with_its_data(void **state)
{
    assert_int_equal(sizeof data_of_version / sizeof *data_of_version, migration_count + 1);
    for (int version = 0; version <= (int)migration_count; version++) {
        struct store *store = NULL;
        struct error error = {0};
        store_close(old_store(*state, version));
        if (store_open(scratch_root(*state), &store, &error) != 0)
            fail_msg("version %d: %s %s", version, error.code, error.detail);
        assert_int_equal(count_of(store, "select max(version) from schema_version"),
                         migration_count);
        assert_int_equal(store_check(store, NULL), 0);
        assert_int_equal(count_of(store, "select value from counter"), version >= 1 ? 3 : 0);
        assert_int_equal(count_of(store, "select count(*) from outbox where entry = x'7b7d'"),
                         version >= 1);
        assert_int_equal(count_of(store, "select count(*) from blob_use"), version >= 2);
        assert_int_equal(count_of(store, "select count(*) from personal"), version >= 3);
        assert_int_equal(count_of(store, "select count(*) from ceremony"), version >= 4);
        assert_int_equal(count_of(store, "select count(*) from request_step"), version >= 5);
        assert_int_equal(count_of(store, "select count(*) from transfer_item"), version >= 6);
        assert_int_equal(count_of(store, "select count(*) from import_draft"), version >= 7);
        store_close(store);
        remove(scratch_path(*state, "sekisho.db-wal"));
        remove(scratch_path(*state, "sekisho.db-shm"));
    }
}

static void every_table_is_strict(void **state)
{
    struct store *store = old_store(*state, (int)migration_count);
    assert_int_equal(count_of(store,
                              "select count(*) from pragma_table_list where type = 'table' and "
                              "not strict and name not like 'sqlite_%' and name <> "
                              "'schema_version'"),
                     0);
    store_close(store);
}

static void a_newer_schema_is_refused_untouched(void **state)
{
    struct store *store = old_store(*state, (int)migration_count);
    struct error error = {0};
    assert_int_equal(sqlite3_exec(store->database, "insert into schema_version values (9999, 1)",
                                  NULL, NULL, NULL),
                     0);
    store_close(store);
    AUTO_BUFFER before = {0}, after = {0};
    assert_int_equal(file_read(scratch_path(*state, "sekisho.db"), 1 << 20, &before, NULL), 0);
    assert_int_equal(store_open(scratch_root(*state), &store, &error), -1);
    assert_string_equal(error.code, "store_newer_schema");
    assert_int_equal(file_read(scratch_path(*state, "sekisho.db"), 1 << 20, &after, NULL), 0);
    assert_true(bytes_equal(buffer_bytes(&before), buffer_bytes(&after)));
}

static void a_migration_that_fails_leaves_the_old_schema(void **state)
{
    struct store *store = old_store(*state, 1);
    struct error error = {0};
    assert_int_equal(
        sqlite3_exec(store->database, "create table blob_use (x integer)", NULL, NULL, NULL), 0);
    assert_int_equal(migrate_to(store, (int)migration_count, &error), -1);
    assert_int_equal(count_of(store, "select max(version) from schema_version"), 1);
    assert_int_equal(count_of(store, "select count(*) from sqlite_schema where name = 'blob'"), 0);
    assert_int_equal(count_of(store, "select count(*) from setting"), 1);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(every_version_comes_forward_with_its_data),
        scratch_unit_test(every_table_is_strict),
        scratch_unit_test(a_newer_schema_is_refused_untouched),
        scratch_unit_test(a_migration_that_fails_leaves_the_old_schema),
    };
    return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
