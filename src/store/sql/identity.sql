-- SPDX-License-Identifier: GPL-3.0-or-later
-- Departments, people, roles, deputies, and how people prove who they are.

-- ---- departments ----

-- name: department_add
-- in: code text, name text, parent_id integer?, closed integer?
-- out: id integer
insert into department (code, name, parent_id, closed) values ($1, $2, $3, $4) returning id;

-- name: department_change
-- in: id integer, code text, name text, parent_id integer?, closed integer?
update department set code = $2, name = $3, parent_id = $4, closed = $5 where id = $1;

-- name: department_read
-- in: id integer, code text
-- out: id integer, code text, name text, parent_id integer?, closed integer?
select id, code, name, parent_id, closed from department
where id = $1 or ($1 = 0 and code = $2);

-- name: department_list
-- in: after_code text, most integer
-- out: id integer, code text, name text, parent_id integer?, closed integer?
select id, code, name, parent_id, closed from department where code > $1 order by code limit $2;

-- name: department_people
-- in: id integer, now integer
-- out: people integer
select count(*) from person where department_id = $1 and (ends is null or ends > $2);

-- ---- people ----

-- name: person_add
-- in: login text, name text, kana text, mail text, department_id integer, employment text, language text, starts integer, ends integer?, shared_reason text?, shared_until integer?, created integer
-- out: id integer
insert into person (login, name, kana, mail, department_id, employment, language, starts, ends,
shared_reason, shared_until, created)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id;

-- name: person_change
-- in: id integer, login text, name text, kana text, mail text, department_id integer, employment text, language text, starts integer, ends integer?, shared_reason text?, shared_until integer?
update person set login = $2, name = $3, kana = $4, mail = $5, department_id = $6, employment = $7,
language = $8, starts = $9, ends = $10, shared_reason = $11, shared_until = $12 where id = $1;

-- name: person_read
-- in: id integer, login text
-- out: id integer, login text, name text, kana text, mail text, department_id integer, department text, employment text, language text, starts integer, ends integer?, suspended integer?, away_from integer?, away_until integer?, shared_reason text?, shared_until integer?
select person.id, login, person.name, kana, mail, department_id, department.name, employment,
language, starts, ends, suspended, away_from, away_until, shared_reason, shared_until
from person join department on department.id = department_id
where person.id = $1 or ($1 = 0 and login = $2);

-- name: person_name
-- in: id integer
-- out: name text
select name from person where id = $1;

-- The pattern is of LIKE, escaped by a backslash. former: 1 shows closed accounts too.
-- name: person_list
-- in: pattern text, department_id integer, former integer, now integer, after_kana text, after_id integer, most integer
-- out: id integer, login text, name text, kana text, mail text, department_id integer, department text, employment text, language text, starts integer, ends integer?, suspended integer?, away_from integer?, away_until integer?, shared_reason text?, shared_until integer?
select person.id, login, person.name, kana, mail, department_id, department.name, employment,
language, starts, ends, suspended, away_from, away_until, shared_reason, shared_until
from person join department on department.id = department_id
where (kana > $5 or (kana = $5 and person.id > $6))
and ($2 = 0 or department_id = $2)
and ($3 = 1 or ends is null or ends > $4)
and (login like $1 escape '\' or person.name like $1 escape '\' or kana like $1 escape '\'
or department_id in (select d.id from department d where d.name like $1 escape '\'))
order by kana, person.id limit $7;

-- name: person_suspend
-- in: id integer, suspended integer?
update person set suspended = $2 where id = $1;

-- name: person_away
-- in: id integer, away_from integer?, away_until integer?
update person set away_from = $2, away_until = $3 where id = $1;

-- ---- roles ----

-- name: role_grant
-- in: person_id integer, role text, department_id integer?, starts integer, ends integer?
-- out: id integer
insert into role_holder (person_id, role, department_id, starts, ends)
values ($1, $2, $3, $4, $5) returning id;

-- name: role_read
-- in: id integer
-- out: person_id integer, role text, department_id integer?, starts integer, ends integer?
select person_id, role, department_id, starts, ends from role_holder where id = $1;

-- name: role_end
-- in: id integer, now integer
update role_holder set ends = $2 where id = $1 and (ends is null or ends > $2);

-- name: role_list
-- in: person_id integer, now integer, after_id integer, most integer
-- out: id integer, person_id integer, name text, role text, department_id integer?, starts integer, ends integer?
select role_holder.id, person_id, person.name, role, role_holder.department_id,
role_holder.starts, role_holder.ends
from role_holder join person on person.id = person_id
where ($1 = 0 or person_id = $1) and role_holder.id > $3
and (role_holder.ends is null or role_holder.ends > $2)
order by role_holder.id limit $4;

-- What a person may act as at a moment: roles held, then roles stood in for whose holder is still
-- one.
-- name: role_grants
-- in: person_id integer, now integer, most integer
-- out: role text, department_id integer?, acts_for integer
select role, department_id, 0 from role_holder
where person_id = $1 and starts <= $2 and (ends is null or ends > $2)
union all
select role, department_id, role_holder.person_id
from deputy join role_holder on role_holder.id = holder_id
where deputy.person_id = $1 and deputy.starts <= $2 and deputy.ends > $2
and role_holder.starts <= $2 and (role_holder.ends is null or role_holder.ends > $2)
order by 3, 1 limit $3;

-- name: deputy_add
-- in: holder_id integer, person_id integer, starts integer, ends integer
-- out: id integer
insert into deputy (holder_id, person_id, starts, ends) values ($1, $2, $3, $4) returning id;

-- name: deputy_read
-- in: id integer
-- out: holder_id integer, person_id integer, starts integer, ends integer
select holder_id, person_id, starts, ends from deputy where id = $1;

-- name: deputy_end
-- in: id integer, now integer
update deputy set ends = case when starts > $2 then starts else $2 end
where id = $1 and ends > $2;

-- name: deputy_end_all
-- in: holder_id integer, now integer
update deputy set ends = case when starts > $2 then starts else $2 end
where holder_id = $1 and ends > $2;

-- name: deputy_end_of_person
-- in: person_id integer, now integer
update deputy set ends = case when starts > $2 then starts else $2 end
where person_id = $1 and ends > $2;

-- name: deputy_list
-- in: holder_id integer, now integer, most integer
-- out: id integer, holder_id integer, person_id integer, name text, starts integer, ends integer
select deputy.id, holder_id, person_id, person.name, deputy.starts, deputy.ends
from deputy join person on person.id = person_id
where holder_id = $1 and deputy.ends > $2 order by deputy.id limit $3;

-- name: approver_list
-- in: role text, department_id integer, now integer, most integer
-- out: person_id integer, acts_for integer, name text
select person.id, 0, person.name
from role_holder join person on person.id = person_id
where role = $1 and (role_holder.department_id is null or role_holder.department_id = $2)
and role_holder.starts <= $3 and (role_holder.ends is null or role_holder.ends > $3)
and person.starts <= $3 and (person.ends is null or person.ends > $3) and suspended is null
and (shared_until is null or shared_until > $3)
and (away_from is null or away_from > $3 or away_until <= $3)
union
select person.id, role_holder.person_id, person.name
from deputy join role_holder on role_holder.id = holder_id
join person on person.id = deputy.person_id
where role = $1 and (role_holder.department_id is null or role_holder.department_id = $2)
and role_holder.starts <= $3 and (role_holder.ends is null or role_holder.ends > $3)
and deputy.starts <= $3 and deputy.ends > $3
and person.starts <= $3 and (person.ends is null or person.ends > $3) and suspended is null
and (shared_until is null or shared_until > $3)
and (away_from is null or away_from > $3 or away_until <= $3)
order by 2, 1 limit $4;

-- ---- passwords ----

-- name: password_read
-- in: person_id integer
-- out: id integer, hash text, created integer, temporary integer, uses integer
select id, hash, created, temporary, uses from password
where person_id = $1 and replaced is null;

-- name: password_replace
-- in: person_id integer, now integer
update password set replaced = $2 where person_id = $1 and replaced is null;

-- name: password_add
-- in: person_id integer, hash text, created integer, temporary integer
insert into password (person_id, hash, created, temporary, uses) values ($1, $2, $3, $4, 0);

-- name: password_count_use
-- in: person_id integer
update password set uses = uses + 1 where person_id = $1 and replaced is null;

-- The same password under a stronger hash.
-- name: password_rehash
-- in: id integer, hash text, old_hash text
update password set hash = $2 where id = $1 and hash = $3;

-- The present one and those before it, newest first.
-- name: password_history
-- in: person_id integer, most integer
-- out: hash text
select hash from password where person_id = $1 order by id desc limit $2;

-- name: password_forget
-- in: person_id integer, most integer
delete from password where person_id = $1 and replaced is not null and id not in
(select id from password where person_id = $1 order by id desc limit $2);

-- ---- wrong attempts ----

-- name: guard_read
-- in: login_hash blob
-- out: failures integer, last_failure integer, locked_until integer
select failures, last_failure, locked_until from login_guard where login_hash = $1;

-- name: guard_set
-- in: login_hash blob, failures integer, last_failure integer, locked_until integer
insert into login_guard (login_hash, failures, last_failure, locked_until)
values ($1, $2, $3, $4) on conflict (login_hash) do update set failures = excluded.failures,
last_failure = excluded.last_failure, locked_until = excluded.locked_until;

-- name: guard_lift
-- in: login_hash blob
delete from login_guard where login_hash = $1;

-- name: guard_forget
-- in: before integer
delete from login_guard where last_failure < $1 and locked_until < $1;

-- name: login_history_read
-- in: person_id integer
-- out: last_login integer?, failures integer
select last_login, failures from login_history where person_id = $1;

-- name: login_history_fail
-- in: person_id integer
insert into login_history (person_id, failures) values ($1, 1)
on conflict (person_id) do update set failures = login_history.failures + 1;

-- name: login_history_accept
-- in: person_id integer, now integer, address text
insert into login_history (person_id, last_login, last_address, failures) values ($1, $2, $3, 0)
on conflict (person_id) do update set last_login = excluded.last_login,
last_address = excluded.last_address, failures = 0;

-- ---- sessions ----

-- name: session_add
-- in: token_hash blob, person_id integer, zone text, address text, device text, second_factor text, must_change text?, idle integer, created integer, expires integer, last_login integer?, failures integer
insert into session (token_hash, person_id, zone, address, device, second_factor, must_change,
idle, created, seen, expires, last_login, failures)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12);

-- name: session_read
-- in: token_hash blob
-- out: id integer, person_id integer, zone text, address text, device text, second_factor text, must_change text?, idle integer, created integer, seen integer, expires integer, last_login integer?, failures integer, ended integer?
select id, person_id, zone, address, device, second_factor, must_change, idle, created, seen,
expires, last_login, failures, ended from session where token_hash = $1;

-- name: session_see
-- in: id integer, now integer
update session set seen = $2 where id = $1 and seen < $2;

-- name: session_pass_factor
-- in: id integer, token_hash blob, now integer
update session set second_factor = 'done', token_hash = $2, seen = $3
where id = $1 and ended is null;

-- name: session_change_done
-- in: id integer
update session set must_change = null where id = $1;

-- name: session_end
-- in: id integer, now integer
update session set ended = $2 where id = $1 and ended is null;

-- name: session_end_all
-- in: person_id integer, but integer, now integer
update session set ended = $3 where person_id = $1 and id <> $2 and ended is null;

-- name: session_forget
-- in: before integer
delete from session where (expires < $1 or ended < $1) and not exists
(select 1 from ceremony where session_id = session.id);

-- ---- tokens ----

-- name: token_add
-- in: person_id integer, name text, token_hash blob, scopes text, zone text, created integer, expires integer
-- out: id integer
insert into api_token (person_id, name, token_hash, scopes, zone, created, expires)
values ($1, $2, $3, $4, $5, $6, $7) returning id;

-- name: token_read
-- in: token_hash blob
-- out: id integer, person_id integer, scopes text, zone text, created integer, expires integer, used integer?, revoked integer?
select id, person_id, scopes, zone, created, expires, used, revoked from api_token
where token_hash = $1;

-- name: token_use
-- in: id integer, now integer
update api_token set used = $2 where id = $1;

-- name: token_revoke
-- in: id integer, person_id integer, now integer
update api_token set revoked = $3 where id = $1 and person_id = $2 and revoked is null;

-- name: token_revoke_all
-- in: person_id integer, now integer
update api_token set revoked = $2 where person_id = $1 and revoked is null;

-- name: token_list
-- in: person_id integer, now integer, after_id integer, most integer
-- out: id integer, name text, zone text, scopes text, created integer, expires integer, used integer?
select id, name, zone, scopes, created, expires, used from api_token
where person_id = $1 and revoked is null and expires > $2 and id > $3 order by id limit $4;

-- ---- second factors ----

-- name: factors_read
-- in: person_id integer
-- out: totp integer, keys integer, codes integer
select (select count(*) from totp where person_id = $1 and confirmed is not null),
(select count(*) from security_key where person_id = $1 and removed is null),
(select count(*) from recovery_code where person_id = $1 and used is null);

-- name: totp_set
-- in: person_id integer, secret blob, created integer
insert into totp (person_id, secret, created, last_step) values ($1, $2, $3, 0)
on conflict (person_id) do update set secret = excluded.secret, created = excluded.created,
confirmed = null, last_step = 0;

-- name: totp_read
-- in: person_id integer
-- out: secret blob, confirmed integer?, last_step integer
select secret, confirmed, last_step from totp where person_id = $1;

-- The same secret in another form.
-- name: totp_reseal
-- in: person_id integer, secret blob
update totp set secret = $2 where person_id = $1;

-- name: totp_take
-- in: person_id integer, step integer, now integer
update totp set last_step = $2, confirmed = case when confirmed is null then $3 else confirmed end
where person_id = $1 and last_step < $2;

-- name: totp_remove
-- in: person_id integer
delete from totp where person_id = $1;

-- name: recovery_forget
-- in: person_id integer
delete from recovery_code where person_id = $1;

-- name: recovery_add
-- in: person_id integer, hash blob
insert into recovery_code (person_id, hash) values ($1, $2);

-- name: recovery_use
-- in: person_id integer, hash blob, now integer
update recovery_code set used = $3 where person_id = $1 and hash = $2 and used is null;

-- name: ceremony_set
-- in: session_id integer, challenge blob, expires integer
insert into ceremony (session_id, challenge, expires) values ($1, $2, $3)
on conflict (session_id) do update set challenge = excluded.challenge, expires = excluded.expires;

-- name: ceremony_take
-- in: session_id integer
-- out: challenge blob, expires integer
delete from ceremony where session_id = $1 returning challenge, expires;

-- name: security_key_add
-- in: person_id integer, name text, credential blob, algorithm integer, public_key blob, counter integer, created integer
-- out: id integer
insert into security_key (person_id, name, credential, algorithm, public_key, counter, created)
values ($1, $2, $3, $4, $5, $6, $7) returning id;

-- name: security_key_read
-- in: credential blob
-- out: id integer, person_id integer, algorithm integer, public_key blob, counter integer, removed integer?
select id, person_id, algorithm, public_key, counter, removed from security_key
where credential = $1;

-- name: security_key_use
-- in: id integer, counter integer, now integer
update security_key set counter = $2, used = $3 where id = $1;

-- name: security_key_list
-- in: person_id integer, most integer
-- out: id integer, name text, credential blob, created integer, used integer?
select id, name, credential, created, used from security_key
where person_id = $1 and removed is null order by id limit $2;

-- name: security_key_remove
-- in: id integer, person_id integer, now integer
update security_key set removed = $3 where id = $1 and person_id = $2 and removed is null;

-- name: security_key_remove_all
-- in: person_id integer, now integer
update security_key set removed = $2 where person_id = $1 and removed is null;

-- ---- tables that wait for being confirmed ----

-- name: import_draft_set
-- in: person_id integer, made integer, content blob
insert into import_draft (person_id, made, content) values ($1, $2, $3)
on conflict (person_id) do update set made = excluded.made, content = excluded.content;

-- name: import_draft_read
-- in: person_id integer, since integer
-- out: content blob
select content from import_draft where person_id = $1 and made >= $2;

-- name: import_draft_remove
-- in: person_id integer
delete from import_draft where person_id = $1;

-- name: import_draft_forget
-- in: before integer
delete from import_draft where made < $1;
