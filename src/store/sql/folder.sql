-- SPDX-License-Identifier: GPL-3.0-or-later
-- Files of watched folders.

-- name: folder_file_add
-- in: folder text, name blob, digest blob, transfer integer, now integer
insert into folder_file (folder, name, digest, transfer_id, state, placed, changed)
values ($1, $2, $3, $4, 'accepted', '', $5);

-- The next one that is not at its end.
-- name: folder_file_next
-- in: folder text, after integer
-- out: id integer, name blob, digest blob, transfer integer, state text, placed text, transfer_state text, why text
select f.id, f.name, f.digest, f.transfer_id, f.state, f.placed, t.state, t.why
from folder_file f join transfer t on t.id = f.transfer_id
where f.folder = $1 and f.state in ('accepted', 'taken', 'placing') and f.id > $2
order by f.id limit 1;

-- name: folder_file_set
-- in: id integer, from_state text, to_state text, placed text, now integer
update folder_file set state = $3, placed = $4, changed = $5 where id = $1 and state = $2;

-- ---- what keeps a folder from being worked ----

-- name: folder_trouble_set
-- in: folder text, code text, place text, detail text, now integer
insert into folder_trouble (folder, code, place, detail, since) values ($1, $2, $3, $4, $5)
on conflict (folder) do update set code = excluded.code, place = excluded.place, detail = excluded.detail,
    since = excluded.since;

-- '': of all folders.
-- name: folder_trouble_forget
-- in: folder text
delete from folder_trouble where folder = $1 or $1 = '';

-- name: folder_trouble_list
-- in: most integer
-- out: folder text, code text, place text, detail text, since integer
select folder, code, place, detail, since from folder_trouble order by folder limit $1;
