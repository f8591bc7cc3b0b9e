-- SPDX-License-Identifier: GPL-3.0-or-later
-- Requests by a form and the decisions on them.

-- name: request_add
-- in: form text, form_digest text, object text, requester integer, department integer, fields text, seen text, now integer, due integer, retain_until integer
-- out: id integer
insert into request (form, form_digest, object, requester_id, department_id, fields, seen, state,
step, emergency, created, due, retain_until)
values ($1, $2, $3, $4, $5, $6, $7, 'open', 0, 0, $8, $9, $10) returning id;

-- name: request_step_add
-- in: request integer, step integer, role text, department integer?, state text
insert into request_step (request_id, step, role, department_id, state, reason)
values ($1, $2, $3, $4, $5, '');

-- name: request_read
-- in: id integer
-- out: id integer, form text, object text, state text, seen text, requester integer, department integer, requester_name text, created integer, due integer, decided integer?, emergency integer, step integer, fields text
select r.id, r.form, r.object, r.state, r.seen, r.requester_id, r.department_id, p.name, r.created,
r.due, r.decided, r.emergency, r.step, r.fields
from request r join person p on p.id = r.requester_id where r.id = $1;

-- name: request_step_list
-- in: request integer
-- out: role text, department integer?, state text, person integer?, name text?, acts_for integer?, decided integer?, reason text
select s.role, s.department_id, s.state, s.person_id, p.name, s.acts_for_id, s.decided, s.reason
from request_step s left join person p on p.id = s.person_id
where s.request_id = $1 order by s.step;

-- One grant of a session: department 0 holds for all departments.
-- name: request_list_waiting
-- in: role text, department integer, person integer, acts_for integer, after integer, most integer
-- out: id integer, form text, object text, state text, seen text, requester integer, department integer, requester_name text, created integer, due integer, decided integer?, emergency integer, step integer, fields text
select r.id, r.form, r.object, r.state, r.seen, r.requester_id, r.department_id, p.name, r.created,
r.due, r.decided, r.emergency, r.step, r.fields
from request_step s join request r on r.id = s.request_id join person p on p.id = r.requester_id
where s.role = $1 and s.state = 'open' and s.request_id > $5
and ($2 = 0 or s.department_id = $2)
and r.requester_id <> $3 and r.requester_id <> $4
and not exists (select 1 from request_step d where d.request_id = r.id and d.person_id = $3)
order by s.request_id limit $6;

-- Newest first.
-- name: request_list_own
-- in: person integer, before integer, most integer
-- out: id integer, form text, object text, state text, seen text, requester integer, department integer, requester_name text, created integer, due integer, decided integer?, emergency integer, step integer, fields text
select r.id, r.form, r.object, r.state, r.seen, r.requester_id, r.department_id, p.name, r.created,
r.due, r.decided, r.emergency, r.step, r.fields
from request r join person p on p.id = r.requester_id
where r.requester_id = $1 and r.id < $2 order by r.id desc limit $3;

-- name: request_step_decide
-- in: request integer, step integer, state text, person integer, acts_for integer?, now integer, reason text
update request_step set state = $3, person_id = $4, acts_for_id = $5, decided = $6, reason = $7
where request_id = $1 and step = $2 and state = 'open';

-- name: request_step_open
-- in: request integer, step integer
update request_step set state = 'open' where request_id = $1 and step = $2 and state = 'waiting';

-- name: request_go_on
-- in: id integer, step integer
update request set step = $2 where id = $1 and state = 'open' and step = $2 - 1;

-- name: request_end
-- in: id integer, state text, now integer
update request set state = $2, decided = $3 where id = $1 and state = 'open';

-- name: request_step_withdraw
-- in: request integer
update request_step set state = 'withdrawn'
where request_id = $1 and state in ('waiting', 'open');

-- name: request_emergency
-- in: id integer, due integer
update request set emergency = 1, due = $2 where id = $1 and state = 'open' and emergency = 0;

-- Whoever holds a role for a department, away or not, without one person.
-- name: role_holder_count
-- in: role text, department integer, person integer, now integer
-- out: count integer
select count(*) from role_holder join person on person.id = person_id
where role = $1 and (role_holder.department_id is null or role_holder.department_id = $2)
and person.id <> $3
and role_holder.starts <= $4 and (role_holder.ends is null or role_holder.ends > $4)
and person.starts <= $4 and (person.ends is null or person.ends > $4) and suspended is null
and (shared_until is null or shared_until > $4);
