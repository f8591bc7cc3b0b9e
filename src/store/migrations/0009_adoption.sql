-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a policy sets up, and what people decide about its requirements.

alter table conduit add column medium_only integer not null default 0;

-- What a person changed in the plan of a version.
create table setup_correction (
    version_id integer not null references policy_version (id),
    item text not null,
    value text not null,
    reason text not null,
    decided_by text not null,
    changed integer not null,
    primary key (version_id, item)
);

-- A decision about a requirement: clause and sentence are those of the text it was made for. The
-- last one about a control counts.
create table binding_choice (
    id integer primary key,
    version_id integer not null references policy_version (id),
    clause text not null,
    sentence_key text not null,         -- digest of the sentence and the number of the requirement
    sentence text not null,
    choice text not null check (choice in ('confirm', 'add', 'remove', 'not_applicable',
        'applicable')),
    control text not null,              -- '' when none is concerned
    reason text not null,
    decided_by text not null,
    decided integer not null
);

-- A requirement of an applied version: whose it is and when it is due next ('' has no date).
create table duty (
    version_id integer not null references policy_version (id),
    requirement text not null,
    clause text not null,
    sentence_key text not null,
    role text not null,
    rhythm text not null,
    due text not null,
    primary key (version_id, requirement)
);
create index duty_due on duty (version_id, role, due);

create table attestation (
    id integer primary key,
    version_id integer not null references policy_version (id),
    requirement text not null,
    clause text not null,
    sentence_key text not null,
    sentence text not null,
    done integer not null check (done in (0, 1)),
    day text not null,
    note text not null,
    person_id integer not null references person (id),
    recorded integer not null
);
create index attestation_key on attestation (sentence_key, id);

create table policy_exception (
    id integer primary key,
    version_id integer not null references policy_version (id),
    requirement text not null,
    clause text not null,
    sentence_key text not null,
    sentence text not null,
    reason text not null,
    granted_by text not null,
    granted integer not null,
    until text not null,
    ended integer
);

create table acknowledgement (
    version_id integer not null references policy_version (id),
    person_id integer not null references person (id),
    text_digest text not null,
    acknowledged integer not null,
    primary key (version_id, person_id)
);

-- Entries of the journal by action: day is '' for all time, else the date in Japan.
create table evidence_count (
    action text not null,
    day text not null,
    times integer not null,
    latest integer not null,
    primary key (day, action)
);
