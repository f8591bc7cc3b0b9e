-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which schema the database has.

-- name: schema_prepare
create table if not exists schema_version (version integer primary key, applied integer not null);

-- name: schema_read
-- out: version integer
select coalesce(max(version), 0) from schema_version;

-- name: schema_add
-- in: version integer, applied integer
insert into schema_version (version, applied) values ($1, $2);
