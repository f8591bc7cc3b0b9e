-- SPDX-License-Identifier: GPL-3.0-or-later
-- Procedures: what was asked for by a form, and who decided each step.

create table request (
    id integer primary key,
    form text not null,
    form_digest text not null,          -- of the form as it was when it was filled in
    object text not null,               -- what it is about, such as 'transfer/17'
    requester_id integer not null references person (id),
    department_id integer not null references department (id),
    fields text not null,               -- JSON
    seen text not null,                 -- digest that a decision must name
    state text not null check (state in ('open', 'approved', 'refused', 'withdrawn')),
    step integer not null,              -- that is open
    emergency integer not null check (emergency in (0, 1)), -- done already, approved afterwards
    created integer not null,
    due integer not null,
    decided integer,
    retain_until integer not null,
    check ((state = 'open') = (decided is null))
);
create index request_object on request (object);

create table request_step (
    request_id integer not null references request (id),
    step integer not null,
    role text not null,
    department_id integer references department (id), -- null: the whole organization
    state text not null check (state in ('waiting', 'open', 'approved', 'refused', 'withdrawn')),
    person_id integer references person (id),
    acts_for_id integer references person (id),
    decided integer,
    reason text not null,
    primary key (request_id, step),
    check ((state in ('approved', 'refused')) = (person_id is not null))
);
create index request_step_open on request_step (role, state, request_id);
