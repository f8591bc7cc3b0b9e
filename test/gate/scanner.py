# SPDX-License-Identifier: GPL-3.0-or-later
"""A scanner that speaks clamd's INSTREAM, finds nothing, and takes as long as a test wants it to."""

import contextlib
import socket
import threading


class Scanner:
    """`ponder` gets each content in a thread of its own; what it says false to is never answered."""

    def __init__(self, path, ponder):
        self.ponder = ponder
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(path))
        self.socket.listen(64)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client = self.socket.accept()[0]
            threading.Thread(target=self.answer, args=[client], daemon=True).start()

    def answer(self, client):
        with contextlib.suppress(OSError), client, client.makefile("rb") as file:  # it may hang up
            if file.read(10) != b"zINSTREAM\0":
                return
            content = b""
            while length := int.from_bytes(head := file.read(4), "big"):
                content += file.read(length)
            if len(head) < 4:
                return
            if self.ponder(content):
                client.sendall(b"stream: OK\0")
            else:
                file.read(1)  # until the other side hangs up
