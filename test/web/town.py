# SPDX-License-Identifier: GPL-3.0-or-later
"""A demo town that a test starts for itself, and a browser without a window to visit it."""

import base64
import hashlib
import hmac
import http.client
import os
import pathlib
import re
import signal
import struct
import subprocess
import tempfile
import time
import urllib.parse

import tap

NEW_PASSWORD = "むらさきの傘と古い時計台 42"


class Server:
    """The demo, on ports that were free."""

    def __init__(self, data=None):
        self.folder = tempfile.TemporaryDirectory()
        self.data = pathlib.Path(data or pathlib.Path(self.folder.name, "town"))
        self.passwords = {}
        self.start("--demo")

    def start(self, *arguments, zones=3):
        self.log = open(pathlib.Path(self.folder.name, "log"), "w+")
        self.process = subprocess.Popen(
            [tap.SEKISHO, "serve", *arguments, "--data", self.data],
            stdout=subprocess.PIPE, stderr=self.log, text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANG": "ja"})
        self.ports = []
        while len(self.ports) < zones:
            line = self.process.stdout.readline()
            assert line, "the server ended:\n" + self.messages()
            if account := re.match(r"\s+(\w+)\t(\S+)\t", line):
                self.passwords[account[1]] = account[2]
            if address := re.search(r"http://(?:localhost|127\.0\.0\.1):(\d+)/", line):
                self.ports.append(int(address[1]))
        for port in self.ports:
            self.await_health(port)
        self.mynumber, self.lgwan, self.internet = (self.ports + [None] * 2)[:3]
        self.secrets = {}  # of the authenticators that were registered

    def await_health(self, port):
        for _ in range(600):
            try:
                if Browser(port).get("/healthz").status == 200:
                    return
            except OSError:
                pass
            assert self.process.poll() is None, self.messages()
            time.sleep(0.05)
        raise AssertionError("no answer:\n" + self.messages())

    def messages(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text()

    def changed(self, login, port=None):
        """A browser of somebody who logged in, chose a password and registered an authenticator
        where one is asked for."""
        browser = Browser(port or self.internet)
        answer = browser.login(login, self.passwords[login])
        if answer.location == "/password":
            browser.get("/password")
            answer = browser.post("/password", present=self.passwords[login], wanted=NEW_PASSWORD,
                                  again=NEW_PASSWORD)
            assert answer.location == "/", answer.text
            self.passwords[login] = NEW_PASSWORD
            answer = browser.get("/")
        if answer.location == "/account":
            browser.get("/account")
            page = browser.post("/account/totp")
            self.secrets[login] = re.search(r"<code[^>]*>([A-Z2-7]{16,})</code>", page.text)[1]
            answer = browser.post("/account/totp/confirm", code=totp(self.secrets[login]))
            assert answer.location.startswith("/account"), answer.text
        elif answer.location == "/login/second":
            browser.get("/login/second")
            answer = browser.post("/login/second", code=totp(self.secrets[login], 1))
            assert answer.location == "/", answer.text
        assert browser.get("/").status == 200
        return browser

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.bytes = response.read()
        self.text = self.bytes.decode("utf-8", "replace")
        self.location = response.headers.get("Location")


class Browser:
    """Keeps cookies and knows the secret of the form that it saw last; follows nothing by itself."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}
        self.csrf = ""

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = dict(headers or {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        connection.request(method, path, body, headers)
        answer = Answer(connection.getresponse())
        connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, value = cookie.split(";")[0].split("=", 1)
            if "Max-Age=0" in cookie:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        if found := re.search(r'name="csrf" value="([^"]+)"', answer.text):
            self.csrf = found[1]
        return answer

    def get(self, path, **headers):
        return self.request("GET", path, headers=headers)

    def post(self, to, csrf=None, **fields):
        fields["csrf"] = self.csrf if csrf is None else csrf
        return self.request("POST", to, urllib.parse.urlencode(fields),
                            {"Content-Type": "application/x-www-form-urlencoded"})

    def login(self, login, password):
        self.get("/login")
        return self.post("/login", login=login, password=password)

    def upload(self, path, field, name, data, more=(), **fields):
        """Sends a form with one file in it; more: the names and contents of further ones."""
        mark = "SekishoTestBoundary42"
        fields = {"csrf": self.csrf, **fields}
        body = b"".join(f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n'
                        f"{value}\r\n".encode() for key, value in fields.items())
        for name, data in [(name, data), *more]:
            body += (f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
                     "Content-Type: application/octet-stream\r\n\r\n").encode() + data + b"\r\n"
        body += f"--{mark}--\r\n".encode()
        return self.request("POST", path, body,
                            {"Content-Type": f"multipart/form-data; boundary={mark}"})


def totp(secret, steps=0):
    """The code of an authenticator (RFC 6238), some steps of thirty seconds from now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place:place + 4])[0] & 0x7fffffff) % 1000000:06d}"
