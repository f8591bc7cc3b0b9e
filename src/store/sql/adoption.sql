-- SPDX-License-Identifier: GPL-3.0-or-later
-- The adopted policy: versions and what follows from them.

-- ---- versions ----

-- name: policy_add
-- in: organization text, title text, content text, text_digest text, text_size integer, file blob, file_name text, file_digest text, file_size integer, effective text, stored_by text, now integer
-- out: id integer
insert into policy_version (state, organization, title, content, text_digest, text_size, file,
file_name, file_digest, file_size, number, decided, effective, decided_by, reason, stored_by, stored,
recorded_by)
values ('draft', $1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', $10, '', '', $11, $12, '') returning id;

-- The version in force on a day stands first in `effective desc, recorded desc, id desc`.
-- name: policy_list
-- in: today text, before integer, most integer
-- out: id integer, state text, in_force integer, organization text, title text, file_name text, file_digest text, text_digest text, file_size integer, text_size integer, number text, decided text, effective text, decided_by text, reason text, stored_by text, recorded_by text, stored integer, recorded integer?, set_up integer?
select id, state, case when id = (select n.id from policy_version n where n.state = 'adopted'
and n.effective <= $1 order by n.effective desc, n.recorded desc, n.id desc limit 1)
then 1 else 0 end, organization, title, file_name, file_digest, text_digest, file_size, text_size,
number, decided, effective, decided_by, reason, stored_by, recorded_by, stored, recorded, set_up
from policy_version where id < $2 order by id desc limit $3;

-- name: policy_read
-- in: today text, id integer
-- out: id integer, state text, in_force integer, organization text, title text, file_name text, file_digest text, text_digest text, file_size integer, text_size integer, number text, decided text, effective text, decided_by text, reason text, stored_by text, recorded_by text, stored integer, recorded integer?, set_up integer?
select id, state, case when id = (select n.id from policy_version n where n.state = 'adopted'
and n.effective <= $1 order by n.effective desc, n.recorded desc, n.id desc limit 1)
then 1 else 0 end, organization, title, file_name, file_digest, text_digest, file_size, text_size,
number, decided, effective, decided_by, reason, stored_by, recorded_by, stored, recorded, set_up
from policy_version where id = $2;

-- name: policy_find_in_force
-- in: today text
-- out: id integer
select id from policy_version where state = 'adopted' and effective <= $1
order by effective desc, recorded desc, id desc limit 1;

-- name: policy_find_text
-- in: text_digest text
-- out: id integer, state text
select id, state from policy_version where text_digest = $1 and state <> 'discarded'
order by id desc limit 1;

-- name: policy_content
-- in: id integer
-- out: content text
select content from policy_version where id = $1;

-- name: policy_digest
-- in: id integer
-- out: text_digest text
select text_digest from policy_version where id = $1;

-- name: policy_file
-- in: id integer
-- out: file blob
select file from policy_version where id = $1;

-- name: policy_adopt
-- in: id integer, number text, decided text, effective text, decided_by text, reason text, recorded_by text, now integer
update policy_version set state = 'adopted', number = $2, decided = $3, effective = $4,
decided_by = $5, reason = $6, recorded_by = $7, recorded = $8 where id = $1 and state = 'draft';

-- name: policy_discard
-- in: id integer, reason text
update policy_version set state = 'discarded', reason = $2 where id = $1 and state = 'draft';

-- ---- publication ----

-- name: publicity_list
-- in: after_clause text, most integer
-- out: clause text, is_public integer
select clause, is_public from policy_publicity where clause > $1 order by clause limit $2;

-- name: publicity_set
-- in: clause text, is_public integer, reason text, decided_by text, now integer
insert into policy_publicity (clause, is_public, reason, decided_by, changed)
values ($1, $2, $3, $4, $5) on conflict (clause) do update set is_public = excluded.is_public,
reason = excluded.reason, decided_by = excluded.decided_by, changed = excluded.changed;
