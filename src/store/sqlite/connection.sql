-- SPDX-License-Identifier: GPL-3.0-or-later
-- What only SQLite knows: how a connection is set up, and its transactions. Another database brings
-- its own file with the same names.

-- name: connection_journal_mode
-- out: mode text
pragma journal_mode = wal;

-- name: connection_synchronous
pragma synchronous = full;

-- name: connection_foreign_keys
pragma foreign_keys = on;

-- name: connection_trusted_schema
pragma trusted_schema = off;

-- name: connection_cell_check
pragma cell_size_check = on;

-- What was erased is overwritten, not only unlinked.
-- name: connection_secure_delete
-- out: mode integer
pragma secure_delete = on;

-- name: connection_temp_store
pragma temp_store = memory;

-- name: transaction_begin
begin immediate;

-- name: transaction_begin_read
begin deferred;

-- name: transaction_commit
commit;

-- name: transaction_rollback
rollback;

-- name: check_integrity
-- out: finding text
pragma integrity_check;

-- name: check_references
-- out: table_name text?, row_id integer?, parent text?, key integer?
pragma foreign_key_check;

-- Moves what the write-ahead log holds into the database and empties the log.
-- name: connection_checkpoint
-- out: busy integer, log integer, moved integer
pragma wal_checkpoint(truncate);
