-- SPDX-License-Identifier: GPL-3.0-or-later
-- Zones, conduits and transfers. What a zone may see is decided here, in the statements.

-- name: zone_list
-- in: most integer
-- out: id text, name text, level integer, closed integer?
select id, name, level, closed from zone order by level, id limit $1;

-- name: zone_read
-- in: id text
-- out: id text, name text, level integer, closed integer?
select id, name, level, closed from zone where id = $1;

-- name: zone_add
-- in: id text, name text, level integer
insert into zone (id, name, level) values ($1, $2, $3) on conflict (id) do nothing;

-- name: zone_set_closed
-- in: id text, closed integer?
update zone set closed = $2 where id = $1 and (closed is null) <> ($2 is null);

-- What keeps a zone from being closed.
-- name: zone_use
-- in: id text
-- out: conduits integer, transfers integer
select (select count(*) from conduit where is_open = 1 and (source = $1 or destination = $1)),
(select count(*) from transfer where (source = $1 or destination = $1) and released = 0
and state in ('uploading', 'held', 'waiting', 'working', 'pending', 'ready'));

-- name: zone_save
-- in: id text, name text, level integer
insert into zone (id, name, level) values ($1, $2, $3)
on conflict (id) do update set name = excluded.name, level = excluded.level;

-- name: conduit_list
-- in: source text, most integer
-- out: id integer, source text, destination text, is_open integer, treatments integer, usual integer, types text, size_most integer, items_most integer, approval_from integer, approval_personal integer, emergency integer, password integer, antivirus integer, days_kept integer, medium_only integer, close_again integer
select id, source, destination, is_open, treatments, usual, types, size_most, items_most, approval_from, approval_personal, emergency, password, antivirus, days_kept, medium_only, close_again
from conduit where $1 = '' or source = $1 order by id limit $2;

-- name: conduit_read
-- in: id integer
-- out: id integer, source text, destination text, is_open integer, treatments integer, usual integer, types text, size_most integer, items_most integer, approval_from integer, approval_personal integer, emergency integer, password integer, antivirus integer, days_kept integer, medium_only integer, close_again integer
select id, source, destination, is_open, treatments, usual, types, size_most, items_most, approval_from, approval_personal, emergency, password, antivirus, days_kept, medium_only, close_again
from conduit where id = $1;

-- name: conduit_add
-- in: source text, destination text, is_open integer, treatments integer, usual integer, types text, size_most integer, items_most integer, approval_from integer, approval_personal integer, emergency integer, password integer, antivirus integer, days_kept integer, now integer, medium_only integer, close_again integer
-- out: id integer
insert into conduit (source, destination, is_open, treatments, usual, types, size_most, items_most, approval_from, approval_personal, emergency, password, antivirus, days_kept, changed, medium_only, close_again)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) returning id;

-- name: conduit_change
-- in: id integer, treatments integer, usual integer, types text, size_most integer, items_most integer, approval_from integer, approval_personal integer, emergency integer, password integer, antivirus integer, days_kept integer, now integer, medium_only integer, close_again integer
update conduit set treatments = $2, usual = $3, types = $4, size_most = $5, items_most = $6,
approval_from = $7, approval_personal = $8, emergency = $9, password = $10, antivirus = $11,
days_kept = $12, changed = $13, medium_only = $14, close_again = $15 where id = $1;

-- name: conduit_set_open
-- in: id integer, is_open integer, now integer
update conduit set is_open = $2, changed = $3 where id = $1 and is_open <> $2;

-- Begins only while the conduit is open and leaves the sender's zone.
-- name: transfer_add
-- in: conduit integer, zone text, sender integer, department integer, purpose text, classification text, personal_data integer, treatment integer, now integer, expires integer
-- out: id integer
insert into transfer (conduit_id, source, destination, sender_id, department_id, purpose,
classification, personal_data, treatment, state, why, emergency, lease, attempts, try_after, created,
expires, released)
select id, source, destination, $3, $4, $5, $6, $7, $8, 'uploading', '', 0, 0, 0, 0, $9, $10, 0
from conduit where id = $1 and source = $2 and is_open = 1 returning id;

-- name: transfer_recipient_add
-- in: transfer integer, person integer
insert into transfer_recipient (transfer_id, person_id) values ($1, $2)
on conflict (transfer_id, person_id) do nothing;

-- What a sender may still add to: its conduit's limits.
-- name: transfer_upload_read
-- in: id integer, person integer, zone text
-- out: conduit integer, items integer
select t.conduit_id, (select count(*) from transfer_item i where i.transfer_id = t.id)
from transfer t where t.id = $1 and t.sender_id = $2 and t.source = $3 and t.state = 'uploading';

-- name: transfer_item_add
-- in: transfer integer, name text, size integer, original blob, person integer
-- out: number integer
insert into transfer_item (transfer_id, number, name, size, original, state, why, output_name,
output_size)
select t.id, 1 + (select count(*) from transfer_item i where i.transfer_id = t.id), $2, $3, $4,
'stored', '', '', 0
from transfer t join conduit c on c.id = t.conduit_id
where t.id = $1 and t.sender_id = $5 and t.state = 'uploading'
and (select count(*) from transfer_item i where i.transfer_id = t.id) < c.items_most
returning number;

-- name: transfer_accept
-- in: id integer, person integer, zone text, now integer, day integer
update transfer set state = 'waiting', accepted = $4, expires = $4 + $5 *
(select c.days_kept from conduit c where c.id = transfer.conduit_id)
where id = $1 and sender_id = $2 and source = $3 and state = 'uploading'
and exists (select 1 from transfer_item i where i.transfer_id = transfer.id)
and exists (select 1 from conduit c where c.id = transfer.conduit_id and c.is_open = 1);

-- name: transfer_state_read
-- in: id integer
-- out: state text, request integer?, sender integer, department integer, conduit integer, released integer
select state, request_id, sender_id, department_id, conduit_id, released from transfer where id = $1;

-- name: transfer_list_inbox
-- in: person integer, zone text, before integer, most integer
-- out: id integer, conduit integer, source text, destination text, sender integer, department integer, sender_name text, purpose text, classification text, personal_data integer, treatment integer, state text, why text, request integer?, emergency integer, password integer, items integer, created integer, accepted integer?, ready integer?, ended integer?, expires integer, picked_up integer?, source_name text, destination_name text, scan text
select t.id, t.conduit_id, t.source, t.destination, t.sender_id, t.department_id, p.name, t.purpose,
t.classification, t.personal_data, t.treatment, t.state, t.why, t.request_id, t.emergency, c.password,
(select count(*) from transfer_item i where i.transfer_id = t.id), t.created, t.accepted, t.ready,
t.ended, t.expires, r.picked_up, (select z.name from zone z where z.id = t.source),
(select z.name from zone z where z.id = t.destination), t.scan
from transfer_recipient r join transfer t on t.id = r.transfer_id
join conduit c on c.id = t.conduit_id join person p on p.id = t.sender_id
where r.person_id = $1 and t.destination = $2 and t.state in ('ready', 'received')
and r.transfer_id < $3 order by r.transfer_id desc limit $4;

-- name: transfer_list_outbox
-- in: person integer, zone text, before integer, most integer
-- out: id integer, conduit integer, source text, destination text, sender integer, department integer, sender_name text, purpose text, classification text, personal_data integer, treatment integer, state text, why text, request integer?, emergency integer, password integer, items integer, created integer, accepted integer?, ready integer?, ended integer?, expires integer, picked_up integer?, source_name text, destination_name text, scan text
select t.id, t.conduit_id, t.source, t.destination, t.sender_id, t.department_id, p.name, t.purpose,
t.classification, t.personal_data, t.treatment, t.state, t.why, t.request_id, t.emergency, c.password,
(select count(*) from transfer_item i where i.transfer_id = t.id), t.created, t.accepted, t.ready,
t.ended, t.expires, null, (select z.name from zone z where z.id = t.source),
(select z.name from zone z where z.id = t.destination), t.scan
from transfer t join conduit c on c.id = t.conduit_id
join person p on p.id = t.sender_id
where t.sender_id = $1 and t.source = $2 and t.id < $3 order by t.id desc limit $4;

-- What waits for a person in a zone.
-- name: transfer_today
-- in: person integer, zone text
-- out: arrived integer, held integer
select (select count(*) from transfer_recipient r join transfer t on t.id = r.transfer_id
where r.person_id = $1 and r.picked_up is null and t.destination = $2 and t.state = 'ready'),
(select count(*) from transfer t where t.sender_id = $1 and t.source = $2 and t.state = 'held');

-- name: transfer_read_sent
-- in: id integer, person integer, zone text
-- out: id integer, conduit integer, source text, destination text, sender integer, department integer, sender_name text, purpose text, classification text, personal_data integer, treatment integer, state text, why text, request integer?, emergency integer, password integer, items integer, created integer, accepted integer?, ready integer?, ended integer?, expires integer, picked_up integer?, source_name text, destination_name text, scan text
select t.id, t.conduit_id, t.source, t.destination, t.sender_id, t.department_id, p.name, t.purpose,
t.classification, t.personal_data, t.treatment, t.state, t.why, t.request_id, t.emergency, c.password,
(select count(*) from transfer_item i where i.transfer_id = t.id), t.created, t.accepted, t.ready,
t.ended, t.expires, null, (select z.name from zone z where z.id = t.source),
(select z.name from zone z where z.id = t.destination), t.scan
from transfer t join conduit c on c.id = t.conduit_id
join person p on p.id = t.sender_id
where t.id = $1 and t.sender_id = $2 and t.source = $3;

-- name: transfer_read_arrived
-- in: id integer, person integer, zone text
-- out: id integer, conduit integer, source text, destination text, sender integer, department integer, sender_name text, purpose text, classification text, personal_data integer, treatment integer, state text, why text, request integer?, emergency integer, password integer, items integer, created integer, accepted integer?, ready integer?, ended integer?, expires integer, picked_up integer?, source_name text, destination_name text, scan text
select t.id, t.conduit_id, t.source, t.destination, t.sender_id, t.department_id, p.name, t.purpose,
t.classification, t.personal_data, t.treatment, t.state, t.why, t.request_id, t.emergency, c.password,
(select count(*) from transfer_item i where i.transfer_id = t.id), t.created, t.accepted, t.ready,
t.ended, t.expires, r.picked_up, (select z.name from zone z where z.id = t.source),
(select z.name from zone z where z.id = t.destination), t.scan
from transfer t join conduit c on c.id = t.conduit_id
join person p on p.id = t.sender_id
join transfer_recipient r on r.transfer_id = t.id
where t.id = $1 and r.person_id = $2 and t.destination = $3 and t.state in ('ready', 'received');

-- For an approver, on either side, while the approval is open.
-- name: transfer_read_review
-- in: id integer, zone text
-- out: id integer, conduit integer, source text, destination text, sender integer, department integer, sender_name text, purpose text, classification text, personal_data integer, treatment integer, state text, why text, request integer?, emergency integer, password integer, items integer, created integer, accepted integer?, ready integer?, ended integer?, expires integer, picked_up integer?, source_name text, destination_name text, scan text
select t.id, t.conduit_id, t.source, t.destination, t.sender_id, t.department_id, p.name, t.purpose,
t.classification, t.personal_data, t.treatment, t.state, t.why, t.request_id, t.emergency, c.password,
(select count(*) from transfer_item i where i.transfer_id = t.id), t.created, t.accepted, t.ready,
t.ended, t.expires, null, (select z.name from zone z where z.id = t.source),
(select z.name from zone z where z.id = t.destination), t.scan
from transfer t join conduit c on c.id = t.conduit_id
join person p on p.id = t.sender_id
join request q on q.id = t.request_id
where t.id = $1 and (t.source = $2 or t.destination = $2) and q.state = 'open';

-- For the mover.
-- name: transfer_read
-- in: id integer
-- out: id integer, conduit integer, source text, destination text, sender integer, department integer, sender_name text, purpose text, classification text, personal_data integer, treatment integer, state text, why text, request integer?, emergency integer, password integer, items integer, created integer, accepted integer?, ready integer?, ended integer?, expires integer, picked_up integer?, source_name text, destination_name text, scan text
select t.id, t.conduit_id, t.source, t.destination, t.sender_id, t.department_id, p.name, t.purpose,
t.classification, t.personal_data, t.treatment, t.state, t.why, t.request_id, t.emergency, c.password,
(select count(*) from transfer_item i where i.transfer_id = t.id), t.created, t.accepted, t.ready,
t.ended, t.expires, null, (select z.name from zone z where z.id = t.source),
(select z.name from zone z where z.id = t.destination), t.scan
from transfer t join conduit c on c.id = t.conduit_id
join person p on p.id = t.sender_id
where t.id = $1;

-- name: transfer_recipient_list
-- in: transfer integer, most integer
-- out: name text, picked_up integer?
select p.name, r.picked_up from transfer_recipient r join person p on p.id = r.person_id
where r.transfer_id = $1 order by p.kana, p.id limit $2;

-- name: transfer_item_list
-- in: transfer integer, most integer
-- out: number integer, name text, output_name text, size integer, output_size integer, state text, why text, receipt blob?, disarmed blob?
select i.number, i.name, i.output_name, i.size, i.output_size, i.state, i.why, i.receipt, i.disarmed
from transfer_item i where i.transfer_id = $1 order by i.number limit $2;

-- name: transfer_item_receipt
-- in: transfer integer, number integer
-- out: receipt blob?, entry integer?
select receipt, entry from transfer_item where transfer_id = $1 and number = $2;

-- For an approver, as transfer_read_review: the disarmed file, never the original.
-- name: transfer_item_review
-- in: transfer integer, number integer, zone text
-- out: number integer, name text, output_name text, size integer, output_size integer, state text, why text, receipt blob?, disarmed blob?
select i.number, i.name, i.output_name, i.size, i.output_size, i.state, i.why, i.receipt,
coalesce(i.preview, i.disarmed)
from transfer_item i join transfer t on t.id = i.transfer_id
join request q on q.id = t.request_id
where t.id = $1 and i.number = $2 and (t.source = $3 or t.destination = $3)
and q.state = 'open' and t.released = 0 and i.state = 'clean' and i.disarmed is not null;

-- The one statement that leads a recipient to a file's content, and never to the original.
-- name: transfer_item_arrived
-- in: transfer integer, number integer, person integer, zone text, now integer
-- out: number integer, name text, output_name text, size integer, output_size integer, state text, why text, receipt blob?, disarmed blob?
select i.number, i.name, i.output_name, i.size, i.output_size, i.state, i.why, i.receipt, i.disarmed
from transfer_item i join transfer t on t.id = i.transfer_id
join transfer_recipient r on r.transfer_id = t.id
where t.id = $1 and i.number = $2 and r.person_id = $3 and t.destination = $4
and t.state in ('ready', 'received') and t.released = 0 and t.expires > $5
and i.state = 'clean' and i.disarmed is not null;

-- name: transfer_pick_up
-- in: transfer integer, person integer, zone text, now integer
update transfer_recipient set picked_up = $4
where transfer_id = $1 and person_id = $2 and picked_up is null
and exists (select 1 from transfer t where t.id = $1 and t.destination = $3
and t.state in ('ready', 'received') and t.released = 0 and t.expires > $4);

-- name: transfer_receive
-- in: id integer, now integer
update transfer set state = 'received', ended = $2 where id = $1 and state = 'ready'
and not exists (select 1 from transfer_recipient r where r.transfer_id = $1 and r.picked_up is null);

-- name: transfer_recall
-- in: id integer, person integer, zone text, now integer
update transfer set state = 'recalled', why = '', lease = 0, ended = $4
where id = $1 and sender_id = $2 and source = $3
and state in ('uploading', 'held', 'waiting', 'working', 'pending', 'ready')
and not exists (select 1 from transfer_recipient r
where r.transfer_id = $1 and r.picked_up is not null);

-- An upload that is still going on has until then.
-- name: transfer_upload_extend
-- in: id integer, person integer, zone text, expires integer
update transfer set expires = $4
where id = $1 and sender_id = $2 and source = $3 and state = 'uploading';

-- name: transfer_upload_drop
-- in: id integer, person integer, zone text, now integer
update transfer set state = 'recalled', why = 'gate_upload_broken', released = 1, ended = $4
where id = $1 and sender_id = $2 and source = $3 and state = 'uploading';

-- name: transfer_list_unfinished
-- in: conduit integer, after integer, most integer
-- out: id integer, request integer?
select id, request_id from transfer where conduit_id = $1
and state in ('uploading', 'held', 'waiting', 'working', 'pending') and id > $2
order by id limit $3;

-- name: transfer_count_unfinished
-- in: conduit integer
-- out: count integer
select count(*) from transfer where conduit_id = $1
and state in ('uploading', 'held', 'waiting', 'working', 'pending');

-- Transfers that nobody takes on: some wait for long, and none is being worked on.
-- name: transfer_count_stuck
-- in: before integer
-- out: count integer
select count(*) from transfer where state = 'waiting' and accepted < $1 and try_after < $1
and not exists (select 1 from transfer w where w.state = 'working');

-- name: transfer_refuse
-- in: id integer, why text, now integer
update transfer set state = 'refused', why = $2, lease = 0, ended = $3 where id = $1
and state in ('uploading', 'held', 'waiting', 'working', 'pending');

-- name: transfer_approve
-- in: id integer, request integer, now integer, day integer
update transfer set state = 'ready', why = '', ready = $3, expires = $3 + $4 *
(select c.days_kept from conduit c where c.id = transfer.conduit_id)
where id = $1 and request_id = $2 and state = 'pending'
and exists (select 1 from conduit c where c.id = transfer.conduit_id and c.is_open = 1);

-- name: transfer_deny
-- in: id integer, request integer, now integer
update transfer set state = 'refused', why = 'gate_denied', ended = $3
where id = $1 and request_id = $2 and (state = 'pending' or (state = 'ready' and emergency = 1));

-- name: transfer_emergency
-- in: id integer, person integer, zone text, now integer, day integer
update transfer set state = 'ready', why = '', emergency = 1, ready = $4, expires = $4 + $5 *
(select c.days_kept from conduit c where c.id = transfer.conduit_id)
where id = $1 and sender_id = $2 and source = $3 and state = 'pending'
and exists (select 1 from conduit c
where c.id = transfer.conduit_id and c.is_open = 1 and c.emergency = 1);

-- The mover takes the next one that waits; with scanned 0 of those that antivirus does not look at,
-- with plain 0 of the others.
-- name: transfer_claim
-- in: lease integer, now integer, plain integer, scanned integer
-- out: id integer
update transfer set state = 'working', why = '', lease = $1, attempts = attempts + 1
where state = 'waiting' and id = (select t.id from transfer t
where t.state = 'waiting' and t.try_after <= $2 and t.conduit_id in (select c.id from conduit c
where case when c.antivirus = 0 then $3 else $4 end = 1)
order by t.try_after, t.id limit 1) returning id;

-- name: transfer_attempts
-- in: id integer, lease integer
-- out: attempts integer
select attempts from transfer where id = $1 and lease = $2 and state = 'working';

-- name: transfer_give_back
-- in: id integer, lease integer, why text, try_after integer
update transfer set state = 'waiting', why = $3, lease = 0, attempts = attempts - 1, try_after = $4
where id = $1 and lease = $2 and state = 'working';

-- Only the one mover that holds the lock asks for this, before it begins.
-- name: transfer_free_leases
update transfer set state = 'waiting', lease = 0 where state = 'working';

-- As well, when that mover lives and could not give back what it had claimed: no attempt of it.
-- name: transfer_return_leases
update transfer set state = 'waiting', lease = 0, attempts = attempts - 1 where state = 'working';

-- name: transfer_work_list
-- in: transfer integer
-- out: number integer, name text, original blob?, state text
select number, name, original, state from transfer_item where transfer_id = $1 order by number;

-- name: transfer_item_end
-- in: transfer integer, number integer, state text, why text, output_name text, output_size integer, disarmed blob?, receipt blob?, preview blob?
update transfer_item set state = $3, why = $4, output_name = $5, output_size = $6, disarmed = $7,
receipt = $8, preview = $9 where transfer_id = $1 and number = $2 and state in ('stored', 'held');

-- name: transfer_item_entry
-- in: transfer integer, number integer, entry integer
update transfer_item set entry = $3 where transfer_id = $1 and number = $2;

-- name: transfer_work_end
-- in: id integer, lease integer, state text, why text, request integer?, ready integer?, ended integer?, now integer, day integer, scan text
update transfer set state = $3, why = $4, request_id = $5, ready = $6, ended = $7, lease = 0,
attempts = 0, try_after = 0, scan = case when scan = 'absent' then scan else $10 end, expires = $8 + $9 *
(select c.days_kept from conduit c where c.id = transfer.conduit_id)
where id = $1 and lease = $2 and state = 'working';

-- name: transfer_password
-- in: id integer, person integer, zone text, item integer
update transfer set state = 'waiting', why = '', try_after = 0
where id = $1 and sender_id = $2 and source = $3 and state = 'held'
and exists (select 1 from transfer_item i
where i.transfer_id = $1 and i.number = $4 and i.state = 'held');

-- name: transfer_held
-- in: id integer, person integer, zone text, item integer
-- out: id integer
select t.id from transfer t join transfer_item i on i.transfer_id = t.id
where t.id = $1 and t.sender_id = $2 and t.source = $3 and t.state = 'held'
and i.number = $4 and i.state = 'held';

-- name: transfer_list_old
-- in: now integer, most integer
-- out: id integer, state text, request integer?
select id, state, request_id from transfer
where released = 0 and expires <= $1 and state <> 'working' order by expires limit $2;

-- name: transfer_expire
-- in: id integer, state text, now integer
update transfer set why = case state when 'uploading' then 'gate_upload_broken' else why end,
state = $2, released = 1, ended = coalesce(ended, $3)
where id = $1 and released = 0 and expires <= $3 and state <> 'working';

-- name: transfer_blob_list
-- in: transfer integer
-- out: number integer, original blob?, disarmed blob?, preview blob?
select number, original, disarmed, preview from transfer_item where transfer_id = $1 order by number;

-- name: transfer_blob_forget
-- in: transfer integer
update transfer_item set original = null, disarmed = null, preview = null where transfer_id = $1;
