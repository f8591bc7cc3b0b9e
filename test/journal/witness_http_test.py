# SPDX-License-Identifier: GPL-3.0-or-later
"""Witnesses as processes on the loopback: honest, down, lying, and asked rudely."""

import contextlib
import hashlib
import http.client
import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import urllib.parse

import harness
import tap
import verifier

ORIGIN = "log.example/town"


class Witness:
    """One `sekisho witness` process with a key and a memory of its own."""

    def __init__(self, base, name, log_key):
        self.directory = base / name
        self.directory.mkdir()
        self.key = self.directory / "witness.key"
        harness.run(harness.SEKISHO, "witness", "--create", f"{name}.example/w", "--key", self.key)
        assert self.key.stat().st_mode & 0o777 == 0o600
        self.vkey = (self.directory / "witness.key.pub").read_text().strip()
        self.log_key = log_key
        self.start()

    def start(self, address="127.0.0.1:0"):
        self.process = subprocess.Popen(
            [str(harness.SEKISHO), "witness", "--key", str(self.key), "--directory",
             str(self.directory), "--listen", address, "--log", self.log_key],
            stdout=subprocess.PIPE)
        self.url = self.process.stdout.readline().decode().strip()
        assert self.url.startswith("http://127.0.0.1:"), self.url

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(10) == 0
        self.process.stdout.close()

    def request(self, method, path, body=None):
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.url).netloc, timeout=10)
        with contextlib.closing(connection):
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read()


@contextlib.contextmanager
def town(*names):
    with harness.scratch() as base:
        harness.make_log(base)
        witnesses = [Witness(base, name, harness.vkey(base)) for name in names]
        try:
            yield (base, *witnesses)
        finally:
            for witness in witnesses:
                witness.stop()


def seal(base, count, quorum, *asked, reason="試験のため"):
    """Seals count entries; gives how many witnesses signed, and whether that sufficed."""
    env = dict(os.environ, JOURNAL_DRIVER_REASON=reason)
    pairs = [f"{url}={key}" for url, key in asked]
    output = harness.run(harness.DRIVER, "seal", base, count, 1, quorum, *pairs, env=env)
    _, signed, sealed = output.splitlines()[-1].split()
    return int(signed), sealed == "sealed"


def both(*witnesses):
    return [(w.url, w.vkey) for w in witnesses]


def test_two_witnesses_cosign_and_the_verifiers_accept_it():
    with town("a", "b") as (base, a, b):
        for count in (1, 299, 30):
            assert seal(base, count, 2, *both(a, b)) == (2, True)
        key = harness.vkey(base)
        report = harness.verify(base / "journal", key, "--witness", a.vkey, "--witness", b.vkey)
        assert report["whole"] and all(w["signed"] and w["time"] for w in report["witnesses"])
        keys = [verifier.Key(k) for k in (a.vkey, b.vkey)]
        assert verifier.check_log(base / "journal", verifier.Key(key), keys) == 330
        proof = base / "p"
        harness.run(harness.SEKISHO, "journal", "proof", base / "journal", 299, "-o", proof)
        assert verifier.check_proof(proof.read_bytes(), verifier.Key(key), keys)[0] == 299


def test_a_witness_that_is_down_is_missed_and_recorded():
    with town("a", "b") as (base, a, b):
        url = b.url
        assert seal(base, 5, 2, *both(a, b)) == (2, True)
        b.stop()
        assert seal(base, 5, 2, *both(a, b)) == (1, False)
        record = json.loads((base / "journal/witnesses.json").read_text())
        assert [w["result"] for w in record["witnesses"]] == ["signed", "no_answer"]
        assert record["sealed"] is False and record["cosigned"] == 1
        key = harness.vkey(base)
        options = ["--witness", a.vkey, "--witness", b.vkey]
        found = harness.verify(base / "journal", key, *options)["problems"]
        assert [p["code"] for p in found] == ["journal_quorum"]
        assert harness.verify(base / "journal", key, *options, "--quorum", 1)["whole"]
        b.start(urllib.parse.urlsplit(url).netloc)
        assert seal(base, 5, 2, *both(a, b)) == (2, True)


class Liar(http.server.BaseHTTPRequestHandler):
    """Answers with a cosignature on another tree."""

    def do_POST(self):  # noqa: N802 (the library's name)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(body)
        answer = self.server.answer
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def test_a_witness_that_lies_does_not_count():
    with town("a", "b") as (base, a, b):
        assert seal(base, 5, 2, *both(a, b)) == (2, True)
        lines = (base / "journal/checkpoint").read_text().splitlines(keepends=True)
        old_line = next(line for line in lines if "b.example" in line)
        liar = http.server.HTTPServer(("127.0.0.1", 0), Liar)
        liar.answer, liar.bodies = old_line.encode(), []
        thread = threading.Thread(target=liar.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{liar.server_port}"
            assert seal(base, 5, 2, (a.url, a.vkey), (url, b.vkey)) == (1, False)
            assert liar.bodies[0].startswith(b"old 5\n")
        finally:
            liar.shutdown()
            thread.join()
            liar.server_close()
        assert old_line not in (base / "journal/checkpoint").read_text()


def test_a_roll_back_is_seen_through_the_witness():
    with town("a") as (base, a):
        assert seal(base, 20, 1, *both(a)) == (1, True)
        old = harness.copy(base, base.with_name(base.name + "-old"))
        try:
            assert seal(base, 20, 1, *both(a)) == (1, True)
            key = harness.vkey(base)
            # Everything of the town is put back, its keys too; each file is honest.
            assert harness.verify(old / "journal", key, "--witness", a.vkey)["whole"]
            digits = hashlib.sha256(ORIGIN.encode()).hexdigest()
            status, _, kept = a.request("GET", f"/checkpoint/{digits}")
            assert status == 200
            (base / "kept").write_bytes(kept)
            found = harness.verify(old / "journal", key, "--since", base / "kept")["problems"]
            assert [p["code"] for p in found] == ["journal_rolled_back"]
            # And the witness does not sign the old town's new entries.
            assert seal(old, 5, 1, *both(a), reason="other") == (0, False)
            assert seal(old, 50, 1, *both(a), reason="other") == (0, False)
        finally:
            shutil.rmtree(old)


def test_a_witness_remembers_over_a_restart():
    with town("a") as (base, a):
        assert seal(base, 5, 1, *both(a)) == (1, True)
        a.stop()
        a.start()
        checkpoint = (base / "journal/checkpoint").read_bytes()
        status, content_type, body = a.request("POST", "/add-checkpoint",
                                               b"old 0\n\n" + checkpoint)
        assert (status, content_type, body) == (409, "text/x.tlog.size", b"5\n")


def test_rude_requests_are_refused():
    with town("a") as (base, a):
        checkpoint = (base / "journal/checkpoint").read_bytes()
        other = checkpoint.replace(ORIGIN.encode(), b"log.example/city")
        forged = checkpoint.replace(b"\n0\n", b"\n1\n")
        for status, body in ((400, b""), (400, b"old 0"), (400, b"old x\n\n" + checkpoint),
                             (404, b"old 0\n\n" + other), (403, b"old 0\n\n" + forged),
                             (413, b"x" * (3 << 20))):
            assert a.request("POST", "/add-checkpoint", body)[0] == status, body[:40]
        assert a.request("GET", "/add-checkpoint")[0] == 404
        assert a.request("GET", "/checkpoint/../witness.key")[0] == 404
        assert a.request("POST", "/elsewhere", b"")[0] == 404
        assert a.request("POST", "/add-checkpoint", b"old 0\n\n" + checkpoint)[0] == 200


def test_usage_is_explained():
    harness.run(harness.SEKISHO, "witness", status=2)
    harness.run(harness.SEKISHO, "witness", "--key", "/nonexistent", "--directory", "/", "--listen",
                "x", status=2)
    assert "--log" in harness.run(harness.SEKISHO, "witness", "--help")
    assert "verify" in harness.run(harness.SEKISHO, "journal", "--help")
    harness.run(harness.SEKISHO, "journal", "verify", status=2)
    harness.run(harness.SEKISHO, "journal", "nothing", status=2)


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
