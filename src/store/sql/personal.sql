-- SPDX-License-Identifier: GPL-3.0-or-later
-- Personal data that may have to be erased.

-- name: personal_add
-- in: hash blob, salt blob, content blob, created integer
insert into personal (hash, salt, content, created) values ($1, $2, $3, $4);

-- name: personal_read
-- in: hash blob
-- out: salt blob?, content blob?, erased integer?
select salt, content, erased from personal where hash = $1;

-- name: personal_erase
-- in: hash blob, erased integer
-- out: hash blob
update personal set salt = null, content = null, erased = $2
where hash = $1 and erased is null returning hash;
