# SPDX-License-Identifier: GPL-3.0-or-later
"""What `transfer_driver drain` and `list` say of a town."""

import collections
import json

ENDS = {"transfer.deliver", "transfer.refuse"}


def read(output):
    """(state by transfer, transfers whose files can be opened, entries by sequence number)."""
    states, files, entries = {}, set(), {}
    for line in output.splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "transfer":
            number, state = rest.split()
            states[int(number)] = state
        elif kind == "file":
            files.add(int(rest))
        elif kind == "entry":
            entry = json.loads(rest)
            assert entry["sequence"] not in entries, entry
            entries[entry["sequence"]] = entry
    return states, files, entries


def count_ends(entries):
    """How often each transfer ended."""
    return collections.Counter(int(entry["object"].split("/")[1]) for entry in entries.values()
                               if entry["action"] in ENDS)
