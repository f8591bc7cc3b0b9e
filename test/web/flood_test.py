# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that are slow or many: the server goes on answering the others."""

import atexit
import http.client
import pathlib
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "gate"))
import small_town  # noqa: E402
import tap  # noqa: E402

PER_ADDRESS = 16
TOWN = small_town.SmallTown(general=f"connections = 64\nconnections_per_address = {PER_ADDRESS}\n"
                                    "requests_per_second = 5\nthreads = 2\nhead_seconds = 6")
TOWN.begin()
atexit.register(TOWN.stop)


def wire(address):
    """A connection from one of this machine's own addresses."""
    return socket.create_connection(("127.0.0.1", TOWN.internet), timeout=30, source_address=(address, 0))


def status_for(address, path="/login"):
    connection = http.client.HTTPConnection("127.0.0.1", TOWN.internet, timeout=30,
                                            source_address=(address, 0))
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def trickle(wires, byte):
    for one in wires:
        try:
            one.sendall(byte)
        except OSError:
            pass


def test_slow_headers_of_one_address_do_not_keep_others_out():
    wires = [wire("127.0.0.2") for _ in range(3 * PER_ADDRESS)]
    trickle(wires, b"GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    for _ in range(10):
        trickle(wires, b"a")
        assert status_for("127.0.0.3") == 200
        time.sleep(0.3)
    for one in wires:
        one.close()


def test_slow_bodies_of_one_address_do_not_keep_others_out():
    wires = [wire("127.0.0.4") for _ in range(PER_ADDRESS)]
    trickle(wires, b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
                   b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin=")
    for _ in range(10):
        trickle(wires, b"a")
        assert status_for("127.0.0.5") == 200
        time.sleep(0.3)
    for one in wires:
        one.close()


def seconds_until_ended(one, most):
    """How long a connection lasts that gets a byte every second, and what was answered."""
    started, answer = time.monotonic(), b""
    one.settimeout(1)
    while time.monotonic() - started < most:
        try:
            one.sendall(b"a")
            got = one.recv(4096)
            answer += got
            if not got:
                break
        except socket.timeout:
            continue
        except OSError:
            break
    return time.monotonic() - started, answer


def test_a_head_that_trickles_is_ended_however_lively():
    one = wire("127.0.0.9")
    one.sendall(b"GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    lasted, answer = seconds_until_ended(one, 20)
    assert 4 < lasted < 12 and not answer, (lasted, answer)


def test_a_second_head_on_the_same_connection_is_limited_too():
    one = wire("127.0.0.10")
    one.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    one.settimeout(5)
    assert one.recv(65536).startswith(b"HTTP/1.1 ")
    one.sendall(b"GET /login HTTP/1.1\r\nX-Slow: ")
    lasted, _ = seconds_until_ended(one, 20)
    assert 4 < lasted < 12, lasted


def test_a_body_may_take_longer_than_a_head_but_not_for_ever():
    one = wire("127.0.0.11")
    one.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin=")
    lasted, _ = seconds_until_ended(one, 40)
    assert 15 < lasted < 30, lasted


def test_who_waits_between_requests_is_not_ended_early():
    connection = http.client.HTTPConnection("127.0.0.1", TOWN.internet, timeout=30, source_address=("127.0.0.12", 0))
    for _ in range(3):
        connection.request("GET", "/login")
        assert connection.getresponse().read()
        time.sleep(4)
    connection.close()


def test_one_address_has_no_more_connections_than_it_may():
    wires = [wire("127.0.0.6") for _ in range(3 * PER_ADDRESS)]
    open_ones = 0
    for one in wires:
        one.settimeout(1)
        try:
            open_ones += one.recv(1) != b""
        except socket.timeout:
            open_ones += 1  # it waits for our request
        except ConnectionResetError:
            pass
        if open_ones > PER_ADDRESS:
            break
    for one in wires:
        one.close()
    assert 0 < open_ones <= PER_ADDRESS, open_ones


def test_when_all_connections_are_taken_the_next_one_waits_for_one_that_ends():
    wires = [wire(f"127.0.0.{20 + n % 5}") for n in range(64)]
    late = wire("127.0.0.30")
    late.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    late.settimeout(1)
    try:
        early = late.recv(1)
    except socket.timeout:
        early = None
    wires.pop().close()
    late.settimeout(20)
    answer = late.recv(65536)
    for one in wires:
        one.close()
    assert early is None and answer.startswith(b"HTTP/1.1 200"), (early, answer)


def test_one_address_that_asks_too_often_hears_so_and_others_do_not():
    answers = [status_for("127.0.0.7") for _ in range(60)]
    assert answers[0] == 200 and 429 in answers, answers
    assert status_for("127.0.0.8") == 200


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
