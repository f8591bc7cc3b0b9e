-- SPDX-License-Identifier: GPL-3.0-or-later
-- One's own requests, newest first.

create index request_requester on request (requester_id, id);
