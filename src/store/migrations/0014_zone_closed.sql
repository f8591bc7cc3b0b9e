-- SPDX-License-Identifier: GPL-3.0-or-later
-- A zone that is no longer there stays, for what passed through it refers to it.

alter table zone add column closed integer; -- moment since which it is not to be used
