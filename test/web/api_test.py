# SPDX-License-Identifier: GPL-3.0-or-later
"""The API for programs against its description, doc/api/openapi.yaml: every route is described, every
answer is as described, and everything that is described comes."""

import atexit
import http.client
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

import jsonschema
import yaml

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
import town  # noqa: E402

SPEC = yaml.safe_load((tap.SOURCE / "doc/api/openapi.yaml").read_text(encoding="utf-8"))
TOWN = town.Server()
atexit.register(TOWN.stop)
SEEN = set()  # (path, method, status) of answers that were as described


def resolve(node):
    """The node itself, or what its $ref names."""
    while "$ref" in node:
        place = node["$ref"]
        node = SPEC
        for part in place[2:].split("/"):
            node = node[part]
    return node


def describe(method, path):
    """The description of a path as it is asked for: its template and operation."""
    plain = path.split("?")[0]
    fitting = [template for template in SPEC["paths"]
               if re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", template), plain)]
    template = min(fitting, key=lambda one: one.count("{"))
    return template, SPEC["paths"][template][method.lower()]


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.bytes = response.status, response.headers, response.read()
        self.type = response.headers.get("Content-Type")
        self.json = json.loads(self.bytes) if self.type and "json" in self.type else None


class Program:
    """Calls one zone with a token; checks every answer against the description."""

    def __init__(self, port, token):
        self.port, self.token = port, token

    def raw(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = dict(headers or {})
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        connection.request(method, path, body, headers)
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def call(self, method, path, status, value=None, body=None, headers=None):
        if value is not None:
            body, headers = json.dumps(value), {"Content-Type": "application/json", **(headers or {})}
        answer = self.raw(method, path, body, headers)
        assert answer.status == status, (method, path, answer.status, answer.bytes)
        template, operation = describe(method, path)
        assert str(status) in operation["responses"], f"{method} {template}: {status} is not described"
        kinds = resolve(operation["responses"][str(status)])["content"]
        assert answer.type in kinds, (method, path, answer.type)
        schema = kinds[answer.type].get("schema")
        if schema and answer.json is not None:
            jsonschema.Draft202012Validator({**schema, "components": SPEC["components"]}).validate(
                answer.json)
        assert answer.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in answer.headers
        SEEN.add((template, method.lower(), str(status)))
        return answer


def program(login, port, *scopes):
    """A program with a token that its person made on the account page."""
    browser = TOWN.changed(login, port)
    browser.get("/account/tokens")
    page = browser.post("/account/tokens", name="試験", days="30",
                        **{f"scope_{scope}": "1" for scope in scopes})
    found = re.search(r"<code[^>]*>([\w-]{43})</code>", page.text)
    assert found, page.text
    return Program(port, found[1])


CLERK = program("tanaka", TOWN.internet, "transfer.send", "transfer.recall")
INSIDE = program("tanaka", TOWN.lgwan, "transfer.send", "transfer.recall", "transfer.receive",
                 "receipt.read")
MANAGER = program("sato", TOWN.lgwan, "transfer.approve", "people.read", "transfer.send")
AUDITOR = program("ito", TOWN.lgwan, "journal.read", "people.read", "zones.read")
SYSTEM = program("takahashi", TOWN.lgwan, "zones.manage", "zones.read", "transfer.approve")
NARROW = program("suzuki", TOWN.lgwan, "receipt.read")
NOBODY = Program(TOWN.lgwan, None)


def conduit(caller, destination):
    rows = caller.call("GET", "/api/v1/conduits", 200).json["conduits"]
    return next(row["id"] for row in rows if row["destination"] == destination)


def begin(caller, destination, **more):
    wanted = {"conduit": conduit(caller, destination), "recipients": ["tanaka"], "purpose": "試験",
              "classification": "Ⅲ", "personal_data": False, **more}
    return caller.call("POST", "/api/v1/transfers", 201, wanted).json["id"]


def send(caller, destination, name, data, **more):
    number = begin(caller, destination, **more)
    path = f"/api/v1/transfers/{number}"
    added = caller.call("PUT", f"{path}/files?name={urllib.parse.quote(name)}", 201, body=data)
    assert added.json == {"number": 1, "size": len(data)}
    assert caller.call("POST", f"{path}/finish", 200).json["state"] in ("waiting", "working")
    return number


def await_state(caller, number, state):
    for _ in range(600):
        found = caller.call("GET", f"/api/v1/transfers/{number}", 200).json
        if found["state"] == state:
            return found
        assert found["state"] in ("waiting", "working"), found
        time.sleep(0.1)
    raise AssertionError(found)


def test_every_route_is_described_and_everything_described_is_a_route():
    text = (tap.SOURCE / "src/web/routes.c").read_text(encoding="utf-8")
    routes = {(method.lower(), pattern) for pattern, method
              in re.findall(r'\{"(/api/[^"]*)",\s*"([A-Z]+)"', text)}
    described = {(method, re.sub(r"\{\w+\}", "{}", path)) for path, operations in SPEC["paths"].items()
                 for method in operations if method != "parameters"}
    assert routes == described, routes ^ described
    names = [operation["operationId"] for operations in SPEC["paths"].values()
             for method, operation in operations.items() if method != "parameters"]
    assert len(names) == len(set(names)), names


def test_a_file_is_sent_picked_up_and_its_receipt_read_by_programs():
    text = "点検のお知らせ\n".encode() * 100_000  # more than one piece
    number = send(CLERK, "lgwan", "お知らせ.txt", text)
    assert await_state(CLERK, number, "ready")["files"][0]["output_name"] == "お知らせ.txt"
    assert CLERK.raw("GET", f"/api/v1/transfers/{number}/files/1/content").status == 403
    listed = INSIDE.call("GET", "/api/v1/inbox?limit=1", 200).json
    assert listed["transfers"][0]["id"] == number and listed["next"] == number
    behind = INSIDE.call("GET", f"/api/v1/inbox?before={listed['next']}", 200).json
    assert behind["transfers"] and behind["transfers"][0]["id"] < number
    got = INSIDE.call("GET", f"/api/v1/transfers/{number}/files/1/content", 200)
    assert got.bytes == text
    receipt = INSIDE.call("GET", f"/api/v1/transfers/{number}/files/1/receipt", 200).json
    assert receipt["input"]["name"] == "お知らせ.txt" and receipt["verdict"] == "rebuilt"
    assert INSIDE.call("GET", f"/api/v1/transfers/{number}", 200).json["state"] == "received"
    assert number in {row["id"] for row in CLERK.call("GET", "/api/v1/outbox", 200).json["transfers"]}


def register_authenticator(browser):
    """The secret of a person's new authenticator, whose code of half a minute ago is used up."""
    browser.get("/account")
    secret = re.search(r"<code[^>]*>([A-Z2-7]{16,})</code>", browser.post("/account/totp").text)[1]
    assert browser.post("/account/totp/confirm", code=town.totp(secret, -1)).status == 303
    return secret


def test_a_manager_decides_with_a_code_and_no_token_without():
    first = send(INSIDE, "internet", "a.txt", b"a\n", classification="Ⅱ", personal_data=True)
    second = send(INSIDE, "internet", "b.txt", b"b\n", classification="Ⅱ", personal_data=True)
    cases = [await_state(INSIDE, number, "pending")["approval"] for number in (first, second)]
    waiting = MANAGER.call("GET", "/api/v1/approvals", 200).json["approvals"]
    assert set(cases) <= {row["id"] for row in waiting}
    path = [f"/api/v1/approvals/{one}" for one in cases]
    seen = [MANAGER.call("GET", one, 200).json["seen"] for one in path]

    def decide(case, status, caller=MANAGER, **value):
        return caller.call("POST", path[case], status, {"decision": "approve", "seen": seen[case], **value}).json

    assert decide(0, 409, seen=seen[1])["code"] == "case_changed"
    assert decide(0, 400, decision="maybe")["code"] == "bad_request"
    assert decide(0, 422, decision="refuse")["code"] == "case_reason"
    decide(0, 403, SYSTEM)
    assert decide(0, 403)["code"] == "case_by_token"
    assert decide(0, 403, code="123456")["code"] == "factor_none"
    secret = register_authenticator(TOWN.changed("sato", TOWN.lgwan))
    assert decide(0, 403, code=town.totp(secret, -1))["code"] == "factor_wrong"
    assert INSIDE.call("GET", f"/api/v1/transfers/{first}", 200).json["state"] == "pending"
    code = town.totp(secret)
    done = decide(0, 200, code=code)
    assert done["state"] == "approved" and done["steps"][0]["name"] == "佐藤 恵"
    assert decide(1, 403, code=code)["code"] == "factor_wrong", "a code counts once"
    decide(1, 200, decision="refuse", reason="要らない", code=town.totp(secret, 1))
    refused = INSIDE.call("GET", f"/api/v1/transfers/{second}", 200).json
    assert refused["state"] == "refused" and refused["why"]["code"] == "gate_denied"
    MANAGER.call("GET", "/api/v1/approvals/999999", 404)
    MANAGER.call("POST", "/api/v1/approvals/999999", 404, {"decision": "approve", "seen": seen[0]})


def test_a_transfer_is_taken_back():
    number = send(CLERK, "lgwan", "c.txt", b"c\n")
    await_state(CLERK, number, "ready")
    path = f"/api/v1/transfers/{number}/recall"
    assert CLERK.call("POST", path, 422, {"reason": " "}).json["code"] == "gate_reason"
    assert CLERK.call("POST", path, 200, {"reason": "宛先の誤り"}).json["state"] == "recalled"
    assert CLERK.call("POST", path, 409, {"reason": "もう一度"}).json["code"] == "gate_state"
    CLERK.call("POST", "/api/v1/transfers/999999/recall", 404, {"reason": "x"})


def test_wrong_values_say_which():
    inward = conduit(CLERK, "lgwan")
    good = {"conduit": inward, "purpose": "試験", "classification": "Ⅲ", "personal_data": False}
    for change, code in (({"conduit": 999}, "gate_conduit_unknown"), ({"purpose": " "}, "gate_purpose"),
                         ({"classification": ""}, "gate_label"), ({"classification": "3A"}, "send_label"), ({"personal_data": "no"}, "send_personal"),
                         ({"treatment": "magic"}, "gate_treatment"),
                         ({"recipients": ["nobody"]}, "gate_recipient"),
                         ({"recipients": "tanaka"}, "gate_recipient")):
        problem = CLERK.call("POST", "/api/v1/transfers", 422, {**good, **change}).json
        assert problem["code"] == code, (change, problem)
    for body in ("[1]", "{", '{"a":1,"a":2}', "\xff"):
        CLERK.call("POST", "/api/v1/transfers", 400, body=body, headers={"Content-Type": "application/json"})
    CLERK.call("POST", "/api/v1/transfers", 415, body="a=1",
               headers={"Content-Type": "application/x-www-form-urlencoded"})
    CLERK.call("POST", "/api/v1/transfers", 413, {**good, "purpose": "x" * 70_000})
    number = begin(CLERK, "lgwan")
    path = f"/api/v1/transfers/{number}"
    assert CLERK.call("POST", f"{path}/finish", 422).json["code"] == "gate_no_files"
    assert CLERK.call("PUT", f"{path}/files", 422, body=b"x").json["code"] == "gate_file_name"
    CLERK.call("PUT", "/api/v1/transfers/999999/files?name=a.txt", 404, body=b"x")
    CLERK.call("POST", "/api/v1/transfers/999999/finish", 404)
    CLERK.call("GET", "/api/v1/transfers/999999", 404)
    english = CLERK.raw("GET", "/api/v1/transfers/999999", headers={"Accept-Language": "en"}).json
    japanese = CLERK.raw("GET", "/api/v1/transfers/999999").json
    assert english["code"] == japanese["code"] and english["detail"].isascii() and not japanese["detail"].isascii()


def test_receipts_and_files_that_are_not_there():
    for part in ("content", "receipt"):
        INSIDE.call("GET", f"/api/v1/transfers/999999/files/1/{part}", 404)
    number = begin(CLERK, "lgwan")
    CLERK.call("PUT", f"/api/v1/transfers/{number}/files?name=a.txt", 201, body=b"x\n")
    writer = program("tanaka", TOWN.internet, "transfer.send", "receipt.read")
    assert writer.call("GET", f"/api/v1/transfers/{number}/files/1/receipt", 409).json["code"] == "gate_state"
    CLERK.call("POST", f"/api/v1/transfers/{number}/finish", 200)
    assert CLERK.raw("POST", f"/api/v1/transfers/{number}/finish").status == 409
    SEEN.add(("/api/v1/transfers/{id}/finish", "post", "409"))


def test_conduits_are_closed_and_opened():
    zones = SYSTEM.call("GET", "/api/v1/zones", 200).json
    assert {zone["id"] for zone in zones["zones"]} == {"internet", "lgwan", "mynumber"}
    outward = next(row["id"] for row in zones["conduits"]
                   if (row["source"], row["destination"]) == ("lgwan", "mynumber"))
    path = f"/api/v1/conduits/{outward}"
    assert SYSTEM.call("POST", f"{path}/close", 422, {"reason": ""}).json["code"] == "gate_reason"
    assert SYSTEM.call("POST", f"{path}/close", 200, {"reason": "点検"}).json["open"] is False
    closed = {"conduit": outward, "purpose": "試験", "classification": "Ⅲ", "personal_data": False}
    assert INSIDE.call("POST", "/api/v1/transfers", 409, closed).json["code"] == "gate_conduit_closed"
    assert SYSTEM.call("POST", f"{path}/open", 422, {"reason": ""}).json["code"] == "gate_reason"
    assert SYSTEM.call("POST", f"{path}/open", 200, {"reason": "終わり"}).json["open"] is True
    for word in ("close", "open"):
        SYSTEM.call("POST", f"/api/v1/conduits/999/{word}", 404, {"reason": "x"})
        SYSTEM.call("POST", f"{path}/{word}", 400, body="[]", headers={"Content-Type": "application/json"})
        NARROW.call("POST", f"{path}/{word}", 403, {"reason": "x"})
    SYSTEM.call("POST", f"{path}/close", 413, {"reason": "x" * 70_000})
    SYSTEM.call("POST", f"{path}/close", 415, body="x")


def test_people_are_listed_page_by_page():
    found, after = [], 0
    while after is not None:
        page = AUDITOR.call("GET", f"/api/v1/people?limit=10&after={after}", 200).json
        found += [person["login"] for person in page["people"]]
        after = page["next"]
    assert len(found) == len(set(found)) >= 25 and "ishikawa" not in found, found
    former = AUDITOR.call("GET", "/api/v1/people?limit=200&former=true", 200).json["people"]
    assert "ishikawa" in {person["login"] for person in former}
    one = AUDITOR.call("GET", "/api/v1/people?search=" + urllib.parse.quote("佐藤"), 200).json["people"][0]
    roles = AUDITOR.call("GET", f"/api/v1/people/{one['id']}", 200).json["roles"]
    assert [role["role"] for role in roles] == ["section_manager"]
    AUDITOR.call("GET", "/api/v1/people/999999", 404)
    AUDITOR.call("GET", "/api/v1/people?after=999999", 404)


def test_the_journal_is_read_and_proved():
    page = AUDITOR.call("GET", "/api/v1/journal?action=transfer.recall", 200).json
    assert page["entries"] and page["size"] > 400
    number = page["entries"][0]["number"]
    entry = AUDITOR.call("GET", f"/api/v1/journal/{number}", 200).json
    assert entry["entry"] == page["entries"][0]["entry"] and entry["entry"]["action"] == "transfer.recall"
    with tempfile.TemporaryDirectory() as folder:
        proof = pathlib.Path(folder, "entry.tlog-proof")
        proof.write_bytes(AUDITOR.call("GET", f"/api/v1/journal/{number}/proof", 200).bytes)
        done = subprocess.run([tap.SEKISHO, "journal", "check", proof, "--key",
                               TOWN.data / "keys/journal.first.pub"], capture_output=True, text=True)
        assert done.returncode == 0 and "transfer.recall" in done.stdout, done
    assert b"\n\n\xe2\x80\x94 " in AUDITOR.call("GET", "/api/v1/journal/checkpoint", 200).bytes
    older = AUDITOR.call("GET", f"/api/v1/journal?before={number}", 200).json["entries"]
    assert older[0]["number"] == number - 1
    AUDITOR.call("GET", "/api/v1/journal/999999", 404)
    AUDITOR.call("GET", "/api/v1/journal/999999/proof", 404)


def test_no_token_makes_a_token():
    for caller in (INSIDE, MANAGER):
        assert caller.raw("POST", "/api/v1/tokens", json.dumps({"name": "x", "scopes": ["api.use"]})).json["code"] == "method_not_allowed"
    before = INSIDE.call("GET", "/api/v1/tokens", 200).json["tokens"]
    page = town.Browser(TOWN.lgwan)
    assert page.request("POST", "/account/tokens", "name=x&days=30&scope_transfer.send=1",
                        {"Authorization": f"Bearer {INSIDE.token}",
                         "Content-Type": "application/x-www-form-urlencoded"}).location == "/login"
    assert INSIDE.call("GET", "/api/v1/tokens", 200).json["tokens"] == before


def test_scopes_roles_and_zones_bind_a_token():
    for template, operations in SPEC["paths"].items():
        path = re.sub(r"\{\w+\}", "1", template)
        for method, operation in operations.items():
            if method == "parameters":
                continue
            Program(TOWN.lgwan, None).call(method.upper(), path, 401)
            if "403" in operation["responses"] and "receipt" not in path:
                NARROW.call(method.upper(), path, 403)
    AUDITOR.call("GET", "/api/v1/transfers/1/files/1/receipt", 403)
    elsewhere = Program(TOWN.internet, INSIDE.token)
    assert elsewhere.call("GET", "/api/v1/me", 401).headers["WWW-Authenticate"].startswith("Bearer")
    me = INSIDE.call("GET", "/api/v1/me", 200).json
    assert me["login"] == "tanaka" and me["zone"] == "lgwan" and "api.use" in me["scopes"]
    assert NOBODY.raw("GET", "/api/v1/nothing").status == 401, "nobody learns what exists"
    assert INSIDE.raw("GET", "/api/v1/nothing").json["code"] == "not_found"
    assert INSIDE.raw("DELETE", "/api/v1/me").json["code"] == "method_not_allowed"


def test_a_cookie_is_no_token_and_a_token_opens_no_page():
    browser = TOWN.changed("tanaka", TOWN.lgwan)
    assert browser.get("/api/v1/me").status == 401
    assert INSIDE.raw("GET", "/inbox").headers["Location"] == "/login"


def test_a_token_ends_at_once():
    shortlived = program("ito", TOWN.lgwan, "people.read")
    tokens = shortlived.call("GET", "/api/v1/tokens", 200).json["tokens"]
    mine = max(token["id"] for token in tokens)
    assert shortlived.call("DELETE", "/api/v1/tokens/999999", 404).json["code"] == "identity_unknown"
    shortlived.call("DELETE", f"/api/v1/tokens/{mine}", 200)
    shortlived.call("GET", "/api/v1/me", 401)


def test_too_many_requests_are_told_so():
    for _ in range(3000):
        answer = NARROW.raw("GET", "/api/v1/me")
        if answer.status == 429:
            break
    assert answer.json["code"] == "too_many_requests" and answer.headers["Retry-After"]
    SEEN.add(("/api/v1/me", "get", "429"))
    time.sleep(5)


def test_everything_that_is_described_has_come():
    described = {(path, method, status) for path, operations in SPEC["paths"].items()
                 for method, operation in operations.items() if method != "parameters"
                 for status in operation["responses"]}
    assert described <= SEEN, described - SEEN


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
