-- SPDX-License-Identifier: GPL-3.0-or-later
-- Entries on their way into the journal.

-- The row lock on the counter puts recorders in one line: numbers follow the order of commits.
-- name: outbox_take_sequence
-- out: sequence integer
update counter set value = value + 1 where name = 'journal' returning value;

-- name: outbox_add
-- in: sequence integer, entry blob
insert into outbox (sequence, entry) values ($1, $2);

-- name: outbox_read
-- in: after_sequence integer, most integer
-- out: sequence integer, entry blob
select sequence, entry from outbox where sequence > $1 order by sequence limit $2;

-- The number of the last entry recorded, and how many entries still wait here: without counting
-- them, since their numbers have no gaps.
-- name: outbox_state
-- out: recorded integer, waiting integer
select value, coalesce(value + 1 - (select min(sequence) from outbox), 0) from counter where name = 'journal';

-- name: outbox_forget
-- in: up_to_sequence integer
delete from outbox where sequence <= $1;
