-- SPDX-License-Identifier: GPL-3.0-or-later
-- Zones, what may pass between them, and what does.

create table zone (
    id text primary key,
    name text not null,
    level integer not null              -- 0: the least protected
);

create table conduit (
    id integer primary key,
    source text not null references zone (id),
    destination text not null references zone (id),
    is_open integer not null check (is_open in (0, 1)),
    treatments integer not null check (treatments between 1 and 7), -- bit n: treatment n is allowed
    usual integer not null check (usual between 0 and 2),
    types text not null,                -- with one space between them; '': all
    size_most integer not null check (size_most > 0),
    items_most integer not null check (items_most > 0),
    approval_from integer not null check (approval_from between 0 and 5),
    approval_personal integer not null check (approval_personal in (0, 1)),
    emergency integer not null check (emergency in (0, 1)),
    password integer not null check (password in (0, 1)),
    antivirus integer not null check (antivirus between 0 and 2),
    days_kept integer not null check (days_kept > 0),
    changed integer not null,
    unique (source, destination),
    check (source <> destination)
);

create table transfer (
    id integer primary key,
    conduit_id integer not null references conduit (id),
    source text not null references zone (id),
    destination text not null references zone (id),
    sender_id integer not null references person (id),
    department_id integer not null references department (id),
    purpose text not null,
    classification text not null,
    personal_data integer not null check (personal_data in (0, 1)),
    treatment integer not null check (treatment between 0 and 2),
    state text not null check (state in ('uploading', 'held', 'waiting', 'working', 'pending', 'ready',
        'received', 'refused', 'recalled', 'expired')),
    why text not null,                  -- code of the reason why it waits, is held or was refused
    request_id integer references request (id),
    emergency integer not null check (emergency in (0, 1)),
    lease integer not null,             -- number of the mover's claim; 0: nobody's
    attempts integer not null,          -- claims that did not end
    try_after integer not null,         -- moment before which the mover leaves it alone
    created integer not null,
    accepted integer,
    ready integer,
    ended integer,
    expires integer not null,
    released integer not null check (released in (0, 1)), -- 1: its files are gone
    check (state not in ('ready', 'received') or ready is not null)
);
create index transfer_sender on transfer (sender_id, source, id);
create index transfer_queue on transfer (state, try_after, id);
create index transfer_conduit on transfer (conduit_id, state);
create index transfer_expiry on transfer (released, expires);

create table transfer_recipient (
    transfer_id integer not null references transfer (id),
    person_id integer not null references person (id),
    picked_up integer,
    primary key (transfer_id, person_id)
);
create index transfer_recipient_person on transfer_recipient (person_id, transfer_id);

create table transfer_item (
    transfer_id integer not null references transfer (id),
    number integer not null check (number > 0),
    name text not null,
    size integer not null,
    original blob references blob (id), -- null once its time is over, like disarmed
    state text not null check (state in ('stored', 'held', 'clean', 'refused')),
    why text not null,
    output_name text not null,
    output_size integer not null,
    disarmed blob references blob (id),
    receipt blob references blob (id),
    primary key (transfer_id, number),
    check (disarmed is null or state = 'clean')
);
