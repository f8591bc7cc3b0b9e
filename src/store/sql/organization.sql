-- SPDX-License-Identifier: GPL-3.0-or-later
-- The organization and its settings.

-- name: organization_add
-- in: name text, created integer
insert into organization (id, name, created) values (1, $1, $2);

-- name: organization_read
-- out: name text, created integer
select name, created from organization where id = 1;

-- name: setting_set
-- in: name text, value text, changed integer
insert into setting (name, value, changed) values ($1, $2, $3)
on conflict (name) do update set value = excluded.value, changed = excluded.changed;

-- name: setting_read
-- in: name text
-- out: value text, changed integer
select value, changed from setting where name = $1;

-- name: setting_list
-- in: after_name text, most integer
-- out: name text, value text
select name, value from setting where name > $1 order by name limit $2;

-- name: organization_rename
-- in: name text
update organization set name = $1 where id = 1;
