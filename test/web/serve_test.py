# SPDX-License-Identifier: GPL-3.0-or-later
"""`sekisho serve --demo` as browsers and other things meet it."""

import atexit
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
import town  # noqa: E402
from town import NEW_PASSWORD  # noqa: E402

SERVER = town.Server()
atexit.register(SERVER.stop)
MYNUMBER, LGWAN, INTERNET = SERVER.ports


def test_first_login_changes_the_password_and_reaches_home():
    browser = town.Browser(INTERNET)
    assert browser.get("/").location == "/login"
    assert browser.login("kimura", SERVER.passwords["kimura"]).location == "/password"
    assert browser.get("/").location == "/password", "home is closed until the password is new"
    browser.get("/password")
    unequal = browser.post("/password", present=SERVER.passwords["kimura"], wanted=NEW_PASSWORD,
                           again="x")
    assert unequal.status == 422 and 'id="again-error"' in unequal.text
    short = browser.post("/password", present=SERVER.passwords["kimura"], wanted="ab", again="ab")
    assert short.status == 422 and 'id="wanted-error"' in short.text
    browser = SERVER.changed("kimura")
    home = browser.get("/")
    assert home.status == 200 and "今日やること" in home.text and "木村 彩" in home.text
    assert "令和" in home.text


def test_logout_ends_the_session():
    browser = SERVER.changed("tanaka")
    cookies = dict(browser.cookies)
    assert browser.post("/logout").location == "/login"
    browser.cookies = cookies
    assert browser.get("/").location == "/login"


def test_a_session_is_nothing_in_another_zone():
    browser = SERVER.changed("tanaka")
    other = town.Browser(LGWAN)
    token = browser.cookies["sekisho-internet-session"]
    other.cookies = {"sekisho-lgwan-session": token, "sekisho-internet-session": token}
    assert other.get("/").location == "/login"


def test_a_form_without_its_secret_is_refused():
    browser = SERVER.changed("tanaka")
    assert browser.post("/logout", csrf="").status == 403
    assert browser.post("/logout", csrf="x" * 43).status == 403
    assert browser.get("/").status == 200, "still logged in"
    stranger = town.Browser(INTERNET)
    assert stranger.post("/login", csrf="", login="tanaka", password=NEW_PASSWORD).status == 403


def test_a_form_from_elsewhere_is_refused():
    browser = SERVER.changed("tanaka")
    body = urllib.parse.urlencode({"csrf": browser.csrf})
    answer = browser.request("POST", "/logout", body, {
        "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site"})
    assert answer.status == 403


def test_every_answer_has_the_security_headers():
    for path in ("/login", "/nothing", "/static/sekisho.css", "/healthz", "/"):
        headers = town.Browser(INTERNET).get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert headers["Cache-Control"], path
    cookie = town.Browser(INTERNET).get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie


def test_unknown_paths_and_methods_say_nothing_of_the_inside():
    for method, path, status in (("GET", "/nothing", 404), ("GET", "/people/0", 404),
                                 ("DELETE", "/", 405), ("POST", "/healthz", 405),
                                 ("GET", "/static/../keys/blob.key", 404)):
        answer = town.Browser(INTERNET).request(method, path)
        assert answer.status == status, (method, path, answer.status)
        assert "src/" not in answer.text and "sqlite" not in answer.text.lower()


def test_a_body_that_is_too_long_is_refused():
    browser = town.Browser(INTERNET)
    browser.get("/login")
    try:
        answer = browser.request("POST", "/login", "a" * 70000,
                                 {"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 413, answer.status
    except (BrokenPipeError, ConnectionResetError):
        pass  # it may close before all was sent


def test_a_body_of_unknown_length_is_cut_too():
    with socket.create_connection(("127.0.0.1", INTERNET), timeout=30) as wire:
        wire.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                     b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
        for _ in range(10):
            wire.sendall(b"2000\r\n" + b"a" * 0x2000 + b"\r\n")
        wire.sendall(b"0\r\n\r\n")
        assert b" 413 " in wire.recv(100)


def test_values_of_a_form_come_back_escaped():
    browser = town.Browser(INTERNET)
    answer = browser.login('"><script>alert(1)</script>', "x")
    assert answer.status == 422 and "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_who_lacks_a_permission_is_refused():
    clerk = SERVER.changed("tanaka")
    for path in ("/people", "/people/1", "/journal", "/journal/1", "/journal/1/proof"):
        assert clerk.get(path).status == 403, path
    assert "/journal" not in clerk.get("/").text


def test_people_are_listed_and_searched():
    manager = SERVER.changed("sato")
    everybody = manager.get("/people")
    assert everybody.status == 200 and "田中 花子" in everybody.text
    some = manager.get("/people?search=" + urllib.parse.quote("鈴木"))
    assert "鈴木 一郎" in some.text and "田中 花子" not in some.text
    number = re.search(r'href="/people/(\d+)"', some.text)[1]
    assert "会計年度任用職員" in manager.get(f"/people/{number}").text
    assert manager.get("/people/99999").status == 404


def upload(browser, conduit, name, data, csrf=None):
    """Sends one file to oneself, as the page's form does."""
    fields = {"csrf": browser.csrf if csrf is None else csrf, "conduit": conduit, "recipients": "",
              "purpose": "照会への回答", "classification": "Ⅲ", "personal": "no"}
    body = b"".join(
        f'--SekishoTestBoundary42\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items())
    body += (f'--SekishoTestBoundary42\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
             "Content-Type: application/octet-stream\r\n\r\n").encode() + data + b"\r\n--SekishoTestBoundary42--\r\n"
    return browser.request("POST", "/send", body,
                           {"Content-Type": "multipart/form-data; boundary=SekishoTestBoundary42"})


def test_a_file_goes_from_one_zone_to_the_next_and_only_there():
    outside = SERVER.changed("tanaka")
    conduit = re.search(r'name="conduit" value="(\d+)"', outside.get("/send").text)[1]
    text = "庁舎の電気設備点検のお知らせ\n".encode() * 5000
    refused = upload(outside, conduit, "x.txt", text, csrf="y" * 43)
    assert refused.status == 403, (refused.status, refused.text)
    assert upload(outside, conduit, "", b"").status == 422
    outside.get("/send")
    sent = upload(outside, conduit, "お知らせ.txt", text)
    assert sent.status == 303, sent.text
    number = sent.location.rsplit("/", 1)[1]
    inside = SERVER.changed("tanaka", LGWAN)
    for _ in range(600):
        page = outside.get(sent.location)
        assert "移せませんでした" not in page.text, page.text
        if "受け取れます" in page.text:
            break
        time.sleep(0.1)
    else:
        raise AssertionError(page.text)
    assert outside.get(f"/inbox/{number}/items/1").status == 404, "not in the zone it came from"
    answer = outside.get(f"/outbox/{number}/state")
    assert answer.status == 200, answer.text
    state = json.loads(answer.text)
    assert state["state"] == "ready" and not state["ended"], state
    assert state["items"][0]["state"] == "clean" and state["items"][0]["number"] == 1, state
    assert SERVER.changed("suzuki", LGWAN).get(f"/outbox/{number}").status == 404, "not another person's"
    assert SERVER.changed("suzuki", LGWAN).get(f"/outbox/{number}/state").status == 404
    assert "照会への回答" in inside.get("/inbox").text
    link = re.search(r'href="(/inbox/\d+/items/1)"', inside.get(f"/outbox/{number}").text)[1]
    got = inside.get(link)
    assert got.status == 200 and got.bytes.decode().startswith("庁舎の電気設備点検")
    assert len(got.bytes) == len(text) and "attachment" in got.headers["Content-Disposition"]
    assert "受領済み" in outside.get(sent.location).text


def test_the_language_is_chosen_and_kept():
    browser = town.Browser(INTERNET)
    assert 'lang="ja"' in browser.get("/login").text
    assert "Log in" in browser.get("/login", **{"Accept-Language": "en"}).text
    assert browser.post("/language", language="en", path="login").location == "/login"
    assert 'lang="en"' in browser.get("/login").text
    assert browser.post("/language", language="ja", path="/evil.example").location == "/"


def test_static_files_are_not_sent_twice():
    browser = town.Browser(INTERNET)
    first = browser.get("/static/sekisho.css")
    assert first.status == 200 and first.headers["Content-Type"].startswith("text/css")
    again = browser.get("/static/sekisho.css", **{"If-None-Match": first.headers["ETag"]})
    assert again.status == 304 and not again.bytes


def test_the_zone_for_personal_numbers_asks_for_a_second_factor():
    SERVER.changed("suzuki")
    browser = town.Browser(MYNUMBER)
    assert browser.login("suzuki", SERVER.passwords["suzuki"]).location == "/account"
    assert browser.get("/").location == "/account"
    browser.get("/account")
    page = browser.post("/account/totp")
    assert "<svg" in page.text and re.search(r"<code[^>]*>[A-Z2-7]{16,}</code>", page.text), page.text
    wrong = browser.post("/account/totp/confirm", code="000000")
    assert wrong.status == 422 and 'id="code-error"' in wrong.text


def started(role, zone=None):
    """The numbers of the processes of a role so far, in the order in which they were started."""
    return [line["number"] for line in map(json.loads, SERVER.messages().splitlines())
            if line["event"] == "started" and line["role"] == role and line.get("zone") == zone]


def kill_and_await(role, zone=None):
    """Kills a process and waits until another one has come and locked itself in."""
    before = started(role, zone)
    os.kill(before[-1], signal.SIGKILL)
    while len(after := started(role, zone)) == len(before):
        time.sleep(0.05)
    while "Seccomp:\t2" not in pathlib.Path(f"/proc/{after[-1]}/status").read_text():
        time.sleep(0.05)


def send_and_await(outside, name, text):
    """Sends a file to oneself and waits until it has arrived; the page of it."""
    conduit = re.search(r'name="conduit" value="(\d+)"', outside.get("/send").text)[1]
    sent = upload(outside, conduit, name, text.encode())
    assert sent.status == 303, sent.text
    while "受け取れます" not in (page := outside.get(sent.location)).text:
        assert "移せませんでした" not in page.text, page.text
        time.sleep(0.05)
    return sent.location


def test_a_web_process_that_died_comes_back():
    kill_and_await("web", "lgwan")
    SERVER.await_health(LGWAN)


def test_a_mover_that_died_comes_back_and_transfers_go_on():
    outside = SERVER.changed("tanaka")
    kill_and_await("mover")
    send_and_await(outside, "後で.txt", "後で届きます\n")


def test_a_mover_whose_workers_died_is_started_anew():
    outside = SERVER.changed("tanaka")
    mover = started("mover")[-1]
    children = pathlib.Path(f"/proc/{mover}/task/{mover}/children").read_text().split()
    assert len(children) == 1, "the zygote"
    os.kill(int(children[0]), signal.SIGKILL)
    send_and_await(outside, "次.txt", "それでも届きます\n")
    assert started("mover")[-1] != mover


def test_processes_are_locked_in():
    roles = set()
    for line in map(json.loads, SERVER.messages().splitlines()):
        status = pathlib.Path(f"/proc/{line.get('number')}/status")
        if line["event"] == "started" and status.exists():
            roles.add(line["role"])
            text = status.read_text()
            assert "Seccomp:\t2" in text and "NoNewPrivs:\t1" in text, line
    assert {"web", "mover", "renderer", "sealer"} <= roles


def test_sigterm_stops_cleanly_and_everything_is_sealed():
    assert SERVER.stop() == 0, SERVER.messages()
    assert '"event":"stopped"' in SERVER.messages()
    folder = SERVER.data
    key = (folder / "keys/journal.first.pub").as_posix()
    done = subprocess.run([tap.SEKISHO, "journal", "verify", "--key", key, folder / "journal"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    shown = subprocess.run([tap.SEKISHO, "journal", "show", folder / "journal"], capture_output=True,
                           text=True).stdout
    assert "login.accept" in shown and "password.change" in shown and "logout" in shown
    assert NEW_PASSWORD not in shown


def test_a_wrong_configuration_names_line_and_reason():
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "sekisho.conf")
        for text, line, reason in (("threads = 1\n", 1, "out of range"), ("x = 1\n", 1, "unknown name"),
                                   ("workers = 0\n", 1, "out of range"),
                                   ("\nscanner = 192.0.2.1:3310\n", 2, "127.0.0.1:PORT"),
                                   ("scanner = 127.0.0.1:70000\n", 1, "127.0.0.1:PORT"),
                                   ("scanner = /" + "x" * 108 + "\n", 1, "/PATH"),
                                   ("[zone a]\n\nlisten = here\n", 3, "ADDRESS:PORT"),
                                   ("[zone a]\n[zone a]\n", 2, "twice")):
            config.write_text(text)
            done = subprocess.run([tap.SEKISHO, "serve", "--config", config], capture_output=True,
                                  text=True, env={**os.environ, "LC_ALL": "en_US.UTF-8"})
            assert done.returncode == 3 and f"{config}:{line}" in done.stderr, done.stderr
            assert reason in done.stderr, done.stderr


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
