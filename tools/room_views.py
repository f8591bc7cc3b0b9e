#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make one include directory per room that shows only what the room may see.

usage: room_views.py ROOMS.TSV SRC VIEWS STAMP

VIEWS/<room>/ holds the room's own directory whole, and of every room it may use only the public
headers named in ROOMS.TSV. A room is compiled with that directory alone on its include path, so an
include that the table does not allow does not compile.
"""

import pathlib
import shutil
import sys


def read_rooms(path):
    rooms = {}
    for line in path.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, uses, public = line.split("\t")
        rooms[name] = (
            [] if uses == "-" else uses.split(),
            [] if public == "-" else public.split(),
        )
    return rooms


def show(view, source, room, public):
    """Links the public headers of one room into a view."""
    target = view / room
    if public == ["*"]:
        target.symlink_to(source / room)
        return
    target.mkdir()
    for header in public:
        if (source / room / header).exists():
            (target / header).symlink_to(source / room / header)


def main():
    table, source, views, stamp = (pathlib.Path(a).absolute() for a in sys.argv[1:5])
    rooms = read_rooms(table)
    if views.exists():
        shutil.rmtree(views)
    for room, (uses, _) in rooms.items():
        view = views / room
        view.mkdir(parents=True)
        (view / room).symlink_to(source / room)
        for used in uses:
            show(view, source, used, rooms[used][1])
    stamp.write_text("".join(f"{room}\n" for room in rooms))


if __name__ == "__main__":
    main()
