-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whether a conduit closes a file that came closed with a password again with it, disarmed.

alter table conduit add column close_again integer not null default 0 check (close_again in (0, 1));
