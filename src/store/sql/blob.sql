-- SPDX-License-Identifier: GPL-3.0-or-later
-- Blobs and who uses them.

-- name: blob_keep
-- in: id blob, size integer, key_id integer, created integer, retain_until integer
insert into blob (id, size, key_id, created, retain_until) values ($1, $2, $3, $4, $5)
on conflict (id) do update set key_id = excluded.key_id, retain_until = case
when blob.retain_until < excluded.retain_until then excluded.retain_until
else blob.retain_until end;

-- name: blob_retain
-- in: id blob, retain_until integer
update blob set retain_until = $2 where id = $1 and retain_until < $2;

-- name: blob_read
-- in: id blob
-- out: size integer, key_id integer, created integer, retain_until integer
select size, key_id, created, retain_until from blob where id = $1;

-- name: blob_list
-- in: after blob, most integer
-- out: id blob, size integer
select id, size from blob where id > $1 order by id limit $2;

-- name: blob_totals
-- out: blobs integer, bytes integer
select count(*), coalesce(sum(size), 0) from blob;

-- name: blob_list_removable
-- in: now integer, most integer
-- out: id blob
select id from blob
where retain_until <= $1 and not exists (select 1 from blob_use where blob_use.blob_id = blob.id)
order by id limit $2;

-- name: blob_remove
-- in: id blob, now integer
-- out: id blob
delete from blob
where id = $1 and retain_until <= $2
and not exists (select 1 from blob_use where blob_use.blob_id = blob.id) returning id;

-- name: blob_use_add
-- in: blob_id blob, owner text
insert into blob_use (blob_id, owner) values ($1, $2) on conflict (blob_id, owner) do nothing;

-- name: blob_use_remove
-- in: blob_id blob, owner text
delete from blob_use where blob_id = $1 and owner = $2;
