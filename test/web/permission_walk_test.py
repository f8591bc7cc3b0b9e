# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody does what his role forbids: every route of the table, for every role, against a real server.

What is expected comes from data/permissions.tsv, read here by itself. A form is only announced
("Expect: 100-continue") and never sent: the server either lets it come or refuses it at once, and
nothing is changed by the walk. Routes that ask for no permission stand below with the reason why;
a new one without either fails.
"""

import atexit
import itertools
import re
import socket
import subprocess
import sys
import pathlib

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
import town  # noqa: E402

ROUTE = re.compile(r'\{"(/[^"]*)",\s*"(\w+)",\s*\w+,\s*(ROUTE_\w+),\s*(?:"([^"]+)"|NULL)')
ROLES = ["section_manager", "system_manager", "deputy_ciso", "ciso", "auditor"]

# Why a route needs no permission of its own.
BEFORE_LOGIN = "is there before anybody has logged in"
LOGIN_STEP = "is a step of the login of the session itself"
OWN = "is about the own account only"
PARTY = "the handler shows it only to who sent or receives it, or may decide on it"
FREE = {
    "/": "everybody's first page; it shows only what the person may see",
    "/account": OWN, "/account/everywhere": OWN, "/account/keys": OWN, "/account/keys/options": OWN,
    "/account/keys/{}/remove": OWN, "/account/recovery": OWN, "/account/roles/{}": OWN,
    "/account/roles/{}/deputies": OWN, "/account/roles/{}/deputies/{}/end": OWN,
    "/account/totp": OWN, "/account/totp/confirm": OWN, "/account/totp/remove": OWN,
    "/api/v1/me": OWN, "/api/v1/tokens": OWN, "/api/v1/tokens/{}": OWN,
    "/api/v1/transfers/{}": PARTY,
    "/healthz": BEFORE_LOGIN, "/language": BEFORE_LOGIN, "/login": BEFORE_LOGIN,
    "/static/*": BEFORE_LOGIN,
    "/login/key": LOGIN_STEP, "/login/key/options": LOGIN_STEP, "/login/second": LOGIN_STEP,
    "/logout": LOGIN_STEP, "/password": OWN,
    "/outbox/{}": PARTY, "/outbox/{}/state": PARTY,
}


def routes():
    """(pattern, method, access, action or None) of the table in src/web/routes.c."""
    text = (tap.SOURCE / "src/web/routes.c").read_text(encoding="utf-8")
    found = [match.groups() for match in ROUTE.finditer(text)]
    assert len(found) == text.count('{"/') > 50, "a row of the table is written in another way"
    return found


def pages():
    return [row for row in routes() if not row[0].startswith("/api/")]


def calls():
    """What programs ask for, with a token instead of a session."""
    return [row for row in routes() if row[0].startswith("/api/")]


def allowed():
    """{(role, action)}: what a role may do in some zone, from a session in any."""
    rows = set()
    for line in (tap.SOURCE / "data/permissions.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            role, action, zone, _, _ = line.split("\t")
            assert zone in ("*", "here"), "a row for one zone: teach the walk to go there"
            rows.add((role, action))
    return rows


ADDRESSES = itertools.cycle(f"127.0.0.{number}" for number in range(2, 250))


def ask(browser, method, pattern):
    """What the server says to a request of a route: the status, and where it sends the browser."""
    path = pattern.replace("{}", "999999").replace("*", "sekisho.css")
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    if browser.cookies:
        lines.append("Cookie: " + "; ".join(f"{n}={v}" for n, v in browser.cookies.items()))
    if getattr(browser, "token", None):
        lines.append(f"Authorization: Bearer {browser.token}")
    if method != "GET":
        lines += ["Expect: 100-continue", "Content-Length: 10",
                  "Content-Type: application/x-www-form-urlencoded"]
    with socket.create_connection(("127.0.0.1", browser.port), 30, (next(ADDRESSES), 0)) as wire:
        wire.sendall("\r\n".join(lines + ["", ""]).encode())
        head = b""
        while b"\r\n\r\n" not in head and (piece := wire.recv(4096)):
            head += piece
    status = int(head.split(b" ", 2)[1])
    location = re.search(rb"(?i)\r\nlocation: ([^\r]*)", head)
    return status, location and location[1].decode()


class Town(town.Server):
    """The demo with one person for each role, and one who holds none."""

    def __init__(self):
        super().__init__()
        self.add("walk.nothing", "--employment", "contractor")
        self.add("walk.staff")
        self.add("walk.staged")
        for role in ROLES:
            self.add(f"walk.{role}", "--role", role)

    def add(self, login, *more):
        done = subprocess.run([tap.SEKISHO, "user", "add", self.data, login, "--name", login,
                               "--department", "020", *more], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        self.passwords[login] = re.search(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", done.stdout)[0]


TOWN = Town()
atexit.register(TOWN.stop)


def walk(browser, roles, table):
    """Complaints about a session or token of somebody who holds these roles."""
    may, complaints = allowed(), []
    for pattern, method, access, action in table:
        if not action:
            continue
        status, location = ask(browser, method, pattern)
        refused = status == 403
        forbidden = not any((role, action) in may for role in roles)
        if location and location.startswith("/login") or refused != forbidden:
            complaints.append(f"{method} {pattern} ({action}) for {roles}: {status} {location or ''}")
    return complaints


def test_every_route_asks_for_a_permission_or_says_why_not():
    known = {action for _, action in allowed()}
    table = routes()
    for pattern, method, access, action in table:
        assert action or pattern in FREE, f"{method} {pattern} asks for no permission"
        assert not action or action in known, f"{method} {pattern}: nobody may {action}"
        assert not (action and access != "ROUTE_FULL"), f"{method} {pattern} is open too early"
    there = {pattern for pattern, _, _, action in table if not action}
    assert FREE.keys() == there, f"no such route: {FREE.keys() - there}"


def test_every_action_has_a_name_for_people():
    names = "".join(path.read_text(encoding="utf-8")
                    for path in (tap.SOURCE / "data/locale").glob("*.ja.po"))
    for action in sorted({action for _, action in allowed()}):
        assert f'msgid "action.{action}"' in names, action


def test_the_walk_would_notice_a_permission_that_is_not_asked_for():
    manager = TOWN.changed("walk.system_manager")
    assert walk(manager, ["auditor"], pages()), "the walk finds no difference between two roles"


def test_each_role_reaches_what_it_may_and_nothing_else():
    for login, roles in [("walk.nothing", []), ("walk.staff", ["staff"]),
                         *((f"walk.{role}", [role, "staff"]) for role in ROLES)]:
        for port in (TOWN.internet, TOWN.mynumber):
            browser = TOWN.changed(login, port)
            complaints = walk(browser, roles, pages())
            assert not complaints, "\n".join(complaints)
            assert ask(browser, "GET", "/")[0] == 200, "still logged in"


def test_programs_reach_what_the_roles_of_their_person_may_and_nothing_else():
    wanted = {action for _, _, _, action in calls() if action}
    for login, roles in [("walk.staff", ["staff"]), *((f"walk.{role}", [role, "staff"]) for role in ROLES)]:
        browser = TOWN.changed(login)
        offered = set(re.findall(r'name="scope_([a-z.]+)"', browser.get("/account/tokens").text))
        page = browser.post("/account/tokens", name="walk", days="30",
                            **{f"scope_{action}": "1" for action in offered & wanted})
        program = town.Browser(TOWN.internet)
        program.token = re.search(r"<code[^>]*>([\w-]{43})</code>", page.text)[1]
        complaints = walk(program, roles, calls())
        assert not complaints, "\n".join(complaints)


def test_nobody_gets_anywhere_without_logging_in():
    stranger = town.Browser(TOWN.internet)
    for pattern, method, access, _ in routes():
        status, location = ask(stranger, method, pattern)
        if pattern.startswith("/api/"):
            assert status == 401, (method, pattern, status)
        elif access == "ROUTE_OPEN":
            assert status in (100, 200), (method, pattern, status)
        else:
            assert (status, location) == (303, "/login"), (method, pattern, status, location)


def check_staged(browser, owed):
    for pattern, method, access, _ in pages():
        status, location = ask(browser, method, pattern)
        if access == "ROUTE_FULL":
            assert (status, location) == (303, owed), (method, pattern, status, location)
        else:
            assert status != 403 and location != "/login", (method, pattern, status, location)


def test_a_session_that_owes_something_reaches_only_that():
    login = "walk.staged"
    browser = town.Browser(TOWN.internet)
    assert browser.login(login, TOWN.passwords[login]).location == "/password"
    check_staged(browser, "/password")
    TOWN.changed(login)
    browser = town.Browser(TOWN.mynumber)
    assert browser.login(login, TOWN.passwords[login]).location == "/account"
    check_staged(browser, "/account")
    TOWN.changed(login, TOWN.mynumber)
    browser = town.Browser(TOWN.internet)
    assert browser.login(login, TOWN.passwords[login]).location == "/login/second"
    check_staged(browser, "/login/second")


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
