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
-- out: clause text, is_public integer, reason text, decided_by text, name text, changed integer
select clause, is_public, reason, decided_by, coalesce((select p.name from person p
where 'person/' || cast(p.id as text) = decided_by), ''), changed
from policy_publicity where clause > $1 order by clause limit $2;

-- name: publicity_set
-- in: clause text, is_public integer, reason text, decided_by text, now integer
insert into policy_publicity (clause, is_public, reason, decided_by, changed)
values ($1, $2, $3, $4, $5) on conflict (clause) do update set is_public = excluded.is_public,
reason = excluded.reason, decided_by = excluded.decided_by, changed = excluded.changed;

-- ---- set-up ----

-- name: correction_list
-- in: version integer
-- out: item text, value text
select item, value from setup_correction where version_id = $1 order by item;

-- name: correction_set
-- in: version integer, item text, value text, reason text, decided_by text, now integer
insert into setup_correction (version_id, item, value, reason, decided_by, changed)
values ($1, $2, $3, $4, $5, $6) on conflict (version_id, item) do update set value = excluded.value,
reason = excluded.reason, decided_by = excluded.decided_by, changed = excluded.changed;

-- name: policy_set_up
-- in: id integer, now integer
update policy_version set set_up = $2 where id = $1;

-- name: duty_forget
-- in: version integer
delete from duty where version_id = $1;

-- A duty that is there already keeps its date.
-- name: duty_add
-- in: version integer, requirement text, clause text, sentence_key text, role text, rhythm text, due text
insert into duty (version_id, requirement, clause, sentence_key, role, rhythm, due)
values ($1, $2, $3, $4, $5, $6, $7) on conflict (version_id, requirement) do nothing;

-- The date of the same sentence in a version that was applied before.
-- name: duty_find_due
-- in: sentence_key text, version integer
-- out: due text, rhythm text
select due, rhythm from duty where sentence_key = $1 and version_id <> $2
order by version_id desc limit 1;

-- name: duty_read
-- in: version integer, requirement text
-- out: clause text, sentence_key text, role text, rhythm text, due text
select clause, sentence_key, role, rhythm, due from duty where version_id = $1 and requirement = $2;

-- name: duty_set_due
-- in: version integer, requirement text, due text
update duty set due = $3 where version_id = $1 and requirement = $2;

-- name: duty_list
-- in: version integer
-- out: requirement text, role text, rhythm text, due text
select requirement, role, rhythm, due from duty where version_id = $1;

-- name: duty_list_due
-- in: version integer, role text, until text, most integer
-- out: requirement text, clause text, role text, due text
select requirement, clause, role, due from duty
where version_id = $1 and ($2 = '' or role = $2) and due <> '' and due <= $3
order by due, requirement limit $4;

-- ---- bindings ----

-- name: choice_list
-- out: clause text, sentence_key text, sentence text, choice text, control text, reason text, decided_by text, decided integer
select clause, sentence_key, sentence, choice, control, reason, decided_by, decided
from binding_choice order by id;

-- name: choice_add
-- in: version integer, clause text, sentence_key text, sentence text, choice text, control text, reason text, decided_by text, now integer
insert into binding_choice (version_id, clause, sentence_key, sentence, choice, control, reason,
decided_by, decided) values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- ---- owners ----

-- name: holder_count
-- in: role text, now integer
-- out: holders integer
select count(*) from role_holder join person on person.id = person_id
where role = $1 and role_holder.starts <= $2 and (role_holder.ends is null or role_holder.ends > $2)
and person.starts <= $2 and (person.ends is null or person.ends > $2) and suspended is null;

-- The roles that somebody holds.
-- name: holder_roles
-- in: now integer
-- out: role text
select distinct role from role_holder join person on person.id = person_id
where role_holder.starts <= $1 and (role_holder.ends is null or role_holder.ends > $1)
and person.starts <= $1 and (person.ends is null or person.ends > $1) and suspended is null;

-- One row: the holder with the lowest number and how many there are; none when nobody holds it.
-- name: holder_first
-- in: role text, now integer
-- out: person integer, name text, holders integer
select person.id, person.name, (select count(*) from role_holder h join person p on p.id = h.person_id
where h.role = $1 and h.starts <= $2 and (h.ends is null or h.ends > $2)
and p.starts <= $2 and (p.ends is null or p.ends > $2) and p.suspended is null)
from role_holder join person on person.id = person_id
where role = $1 and role_holder.starts <= $2 and (role_holder.ends is null or role_holder.ends > $2)
and person.starts <= $2 and (person.ends is null or person.ends > $2) and suspended is null
order by role_holder.id limit 1;

-- ---- attestations ----

-- name: attestation_add
-- in: version integer, requirement text, clause text, sentence_key text, sentence text, done integer, day text, note text, person integer, now integer
insert into attestation (version_id, requirement, clause, sentence_key, sentence, done, day, note,
person_id, recorded) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: attestation_list
-- in: sentence_key text, most integer
-- out: id integer, requirement text, done integer, day text, note text, person integer, name text, recorded integer
select attestation.id, requirement, done, day, note, person_id, person.name, recorded
from attestation join person on person.id = person_id
where sentence_key = $1 order by attestation.id desc limit $2;

-- name: attestation_latest
-- out: clause text, sentence_key text, day text, done integer
select clause, sentence_key, day, done from attestation a where not exists
(select 1 from attestation b where b.sentence_key = a.sentence_key and b.id > a.id);

-- The duties of the version that was applied last.
-- name: duty_dates
-- out: clause text, sentence_key text, due text
select clause, sentence_key, due from duty where version_id =
(select id from policy_version where set_up is not null order by set_up desc, id desc limit 1);

-- ---- exceptions ----

-- name: exception_add
-- in: version integer, requirement text, clause text, sentence_key text, sentence text, reason text, granted_by text, now integer, until text
insert into policy_exception (version_id, requirement, clause, sentence_key, sentence, reason,
granted_by, granted, until) values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: exception_running
-- in: today text
-- out: clause text, sentence_key text, until text
select clause, sentence_key, until from policy_exception where ended is null and until >= $1;

-- name: exception_end
-- in: sentence_key text, now integer
update policy_exception set ended = $2 where sentence_key = $1 and ended is null;

-- ---- evidence ----

-- One entry more of an action: for all time and for its day.
-- name: evidence_add
-- in: action text, day text, latest integer
insert into evidence_count (action, day, times, latest) values ($1, '', 1, $3), ($1, $2, 1, $3)
on conflict (day, action) do update set times = evidence_count.times + 1,
latest = case when excluded.latest > evidence_count.latest then excluded.latest
else evidence_count.latest end;

-- All actions: when the last time ever, and how often since a day ('' is before every day).
-- name: evidence_list
-- in: from_day text
-- out: action text, latest integer, times integer
select action, max(latest), sum(case when day = '' then 0 else times end) from evidence_count
where day = '' or day >= $1 group by action;

-- name: evidence_days
-- in: from_day text
-- out: day text, action text, times integer
select day, action, times from evidence_count where day >= $1 and day <> '' order by day, action;

-- ---- renewal ----

-- What was decided about sentences: each sentence's last decision.
-- name: choice_list_latest
-- out: clause text, sentence_key text, sentence text, object text
select clause, sentence_key, sentence, control from binding_choice a where not exists
(select 1 from binding_choice b where b.sentence_key = a.sentence_key and b.id > a.id) order by id;

-- name: attestation_list_latest
-- out: clause text, sentence_key text, sentence text, object text
select clause, sentence_key, sentence, day from attestation a where not exists
(select 1 from attestation b where b.sentence_key = a.sentence_key and b.id > a.id) order by id;

-- name: exception_list_running
-- in: today text
-- out: clause text, sentence_key text, sentence text, object text
select clause, sentence_key, sentence, until from policy_exception
where ended is null and until >= $1 order by id;

-- name: request_list_open
-- out: id integer, form text
select id, form from request where state = 'open' order by id;

-- ---- acknowledgement ----

-- name: acknowledgement_add
-- in: version integer, person integer, text_digest text, now integer
insert into acknowledgement (version_id, person_id, text_digest, acknowledged)
values ($1, $2, $3, $4) on conflict (version_id, person_id) do nothing;

-- name: acknowledgement_read
-- in: version integer, person integer
-- out: acknowledged integer
select acknowledged from acknowledgement where version_id = $1 and person_id = $2;

-- name: acknowledgement_count
-- in: version integer
-- out: times integer
select count(*) from acknowledgement where version_id = $1;

-- name: reader_list_pending
-- in: version integer, now integer, after integer, most integer
-- out: person integer, name text, department text, acknowledged integer
select person.id, person.name, department.name, 0
from person join department on department.id = person.department_id
where person.id > $3 and person.starts <= $2 and (person.ends is null or person.ends > $2)
and person.suspended is null and not exists
(select 1 from acknowledgement a where a.version_id = $1 and a.person_id = person.id)
order by person.id limit $4;

-- name: reader_list_done
-- in: version integer, now integer, after integer, most integer
-- out: person integer, name text, department text, acknowledged integer
select person.id, person.name, department.name, a.acknowledged
from person join department on department.id = person.department_id
join acknowledgement a on a.version_id = $1 and a.person_id = person.id
where person.id > $3 and person.starts <= $2 and (person.ends is null or person.ends > $2)
and person.suspended is null order by person.id limit $4;

-- name: reader_count
-- in: version integer, now integer
-- out: have integer, have_not integer
select coalesce(sum(case when a.person_id is null then 0 else 1 end), 0),
coalesce(sum(case when a.person_id is null then 1 else 0 end), 0)
from person left join acknowledgement a on a.version_id = $1 and a.person_id = person.id
where person.starts <= $2 and (person.ends is null or person.ends > $2)
and person.suspended is null;
