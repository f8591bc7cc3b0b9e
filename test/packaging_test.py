# SPDX-License-Identifier: GPL-3.0-or-later
"""What packaging/ offers works: the systemd unit, nginx in front of a zone, and a zone's own TLS."""

import atexit
import http.client
import json
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tap  # noqa: E402

PACKAGING = tap.SOURCE / "packaging"
FOLDER = tempfile.TemporaryDirectory()
ROOT = pathlib.Path(FOLDER.name)
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def make_certificate(name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
                    ROOT / f"{name}.key", "-out", ROOT / f"{name}.crt"], check=True, capture_output=True)


class Service:
    """An organization with a zone that answers by TLS itself and one that nginx stands in front of."""

    def __init__(self):
        make_certificate("own")
        make_certificate("front")
        self.data, self.log = ROOT / "organization", ROOT / "log"
        self.own, self.behind, self.front = free_port(), free_port(), free_port()
        subprocess.run([tap.SEKISHO, "init", self.data, "--name", "みほん市"], check=True, capture_output=True)
        config = ROOT / "sekisho.conf"
        config.write_text(f"""directory = {self.data}
proxy = 127.0.0.1
[zone lgwan]
listen = 127.0.0.1:{self.own}
certificate = {ROOT}/own.crt
key = {ROOT}/own.key
[zone internet]
listen = 127.0.0.1:{self.behind}
origin = https://localhost:{self.front}
""", encoding="utf-8")
        started = time.monotonic()
        self.process = subprocess.Popen([tap.SEKISHO, "serve", "--config", config],
                                        stdout=subprocess.DEVNULL, stderr=self.log.open("w"))
        self.await_port(self.own)
        self.await_port(self.behind)
        self.took = time.monotonic() - started
        self.nginx = None

    @staticmethod
    def await_port(port):
        for _ in range(600):
            try:
                return socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"nothing answers at {port}")

    def start_nginx(self):
        """The sample configuration, with the test's ports and files instead of the usual ones."""
        if self.nginx:
            return
        if not NGINX:
            raise tap.Skip("nginx is not installed")
        text = (PACKAGING / "nginx.conf").read_text(encoding="utf-8")
        for usual, here in (("listen 443 ssl", f"listen 127.0.0.1:{self.front} ssl"),
                            ("/etc/sekisho/sekisho", f"{ROOT}/front"), ("127.0.0.1:8083", f"127.0.0.1:{self.behind}")):
            assert usual in text, usual
            text = text.replace(usual, here)
        temporary = "".join(f"{kind}_temp_path {ROOT}/{kind};" for kind in
                            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        whole = ROOT / "whole.conf"
        whole.write_text(f"daemon off; pid {ROOT}/nginx.pid; error_log {ROOT}/nginx.log; worker_processes 1;"
                         f"events {{}} http {{ access_log off; {temporary} {text} }}", encoding="utf-8")
        subprocess.run([NGINX, "-t", "-c", whole, "-e", ROOT / "nginx.log"], check=True, capture_output=True)
        self.nginx = subprocess.Popen([NGINX, "-c", whole, "-e", ROOT / "nginx.log"],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.await_port(self.front)

    def stop(self):
        if self.nginx:
            self.nginx.send_signal(signal.SIGQUIT)
            self.nginx.wait(30)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


SERVICE = Service()
atexit.register(SERVICE.stop)


def ask(port, method="GET", path="/login", body=None, headers=None, certificate=None, source=None):
    """One request; with a certificate by TLS."""
    if certificate:
        context = ssl.create_default_context(cafile=ROOT / f"{certificate}.crt")
        wire = http.client.HTTPSConnection("localhost", port, timeout=30, context=context)
    else:
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=source)
    wire.request(method, path, body, headers or {})
    answer = wire.getresponse()
    answer.text = answer.read().decode("utf-8", "replace")
    wire.close()
    return answer


def refused_address(port, login, certificate=None, source=None, **headers):
    """Tries a login that is wrong; the address that the journal names for it."""
    page = ask(port, certificate=certificate, source=source)
    cookie = page.headers["Set-Cookie"].split(";")[0]
    secret = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    fields = urllib.parse.urlencode({"csrf": secret, "login": login, "password": "x"})
    answer = ask(port, "POST", "/login", fields, {"Content-Type": "application/x-www-form-urlencoded",
                                                  "Cookie": cookie, **headers}, certificate, source)
    assert answer.status == 422, (answer.status, answer.text)
    return secret


def addresses():
    """The addresses of the refused logins in the journal, oldest first."""
    done = subprocess.run([tap.SEKISHO, "journal", "show", "--json", "--action", "login.refuse",
                           SERVICE.data / "journal"], capture_output=True, text=True, check=True)
    return re.findall(r'\\?"address\\?":\\?"([^"\\]+)', done.stdout)


def await_addresses(count):
    for _ in range(200):
        found = addresses()
        if len(found) >= count:
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def test_the_unit_is_sound_and_well_hardened():
    if not shutil.which("systemd-analyze"):
        raise tap.Skip("systemd is not installed")
    unit = ROOT / "sekisho.service"
    text = (PACKAGING / "sekisho.service").read_text(encoding="utf-8")
    unit.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text), encoding="utf-8")
    sound = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
    assert sound.returncode == 0 and not sound.stderr.strip(), sound.stderr
    exposed = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=30", "--no-pager",
                              unit], capture_output=True, text=True)
    assert exposed.returncode == 0, exposed.stdout[-300:]


def test_the_example_configuration_is_understood():
    text = (PACKAGING / "sekisho.conf").read_text(encoding="utf-8")
    example = ROOT / "example.conf"
    for written in (text, re.sub(r"(?m)^#(?=[\w\[])", "", text)):
        example.write_text(written, encoding="utf-8")
        done = subprocess.run([tap.SEKISHO, "serve", "--config", example, "--data", ROOT / "nothing"],
                              capture_output=True, text=True, env={"LC_ALL": "en_US.UTF-8"})
        assert done.returncode == 3 and "configuration is wrong" not in done.stderr, done.stderr


def test_every_setting_is_documented():
    names = set(re.findall(r"(?:TEXT|NUMBER|ADDRESS)\(serve_\w+, (\w+)", (tap.SOURCE / "src/command/serve_settings.c").read_text()))
    names |= set(re.findall(r'\{"(\w+)", SERVE_KIND', (tap.SOURCE / "src/command/serve_settings.c").read_text()))
    page = (tap.SOURCE / "doc/configuration.md").read_text(encoding="utf-8")
    assert len(names) > 8 and all(f"`{name}`" in page for name in names), [n for n in names if f"`{n}`" not in page]


def test_a_zone_answers_by_tls_itself():
    answer = ask(SERVICE.own, certificate="own")
    cookie = answer.headers["Set-Cookie"]
    assert answer.status == 200 and cookie.startswith("__Host-sekisho-lgwan-form=")
    assert "; Secure" in cookie and "; HttpOnly" in cookie and "; Path=/" in cookie and "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"]
    try:
        assert ask(SERVICE.own).status >= 400, "plain HTTP is not answered"
    except (http.client.HTTPException, OSError):
        pass
    old = ssl.create_default_context(cafile=ROOT / "own.crt")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    try:
        with socket.create_connection(("127.0.0.1", SERVICE.own), 10) as wire, \
                old.wrap_socket(wire, server_hostname="localhost"):
            raise AssertionError("TLS 1.1 is spoken")
    except (ssl.SSLError, OSError):
        pass


def test_nginx_stands_in_front_and_names_the_real_address():
    SERVICE.start_nginx()
    answer = ask(SERVICE.front, certificate="front")
    assert answer.status == 200 and answer.headers["Set-Cookie"].startswith("__Host-sekisho-internet-form=")
    assert "; Secure" in answer.headers["Set-Cookie"] and answer.headers["Content-Security-Policy"]
    before = len(addresses())
    refused_address(SERVICE.front, "nobody-a", certificate="front", **{"X-Forwarded-For": "203.0.113.7"})
    found = await_addresses(before + 1)
    assert found[-1] == "127.0.0.1", "what a client says of itself goes no further than nginx"


def test_only_the_proxy_may_say_for_whom_it_asks():
    before = len(await_addresses(0))
    refused_address(SERVICE.behind, "nobody-b", **{"X-Forwarded-For": "198.51.100.1, 203.0.113.8"})
    refused_address(SERVICE.behind, "nobody-c", source=("127.0.0.2", 0), **{"X-Forwarded-For": "203.0.113.9"})
    refused_address(SERVICE.behind, "nobody-d", **{"X-Forwarded-For": "<script>"})
    found = await_addresses(before + 3)[before:]
    assert sorted(found) == ["127.0.0.1", "127.0.0.2", "203.0.113.8"], found


def test_health_says_what_keeps_up():
    answer = ask(SERVICE.behind, path="/healthz")
    assert answer.status == 200 and json.loads(answer.text) == {"store": "ok", "sealer": "ok", "mover": "ok"}


def test_logs_are_json_without_anything_personal():
    secret = refused_address(SERVICE.behind, "login-that-is-personal", **{"X-Forwarded-For": "203.0.113.20"})
    text = ""
    while text.count('"route":"/login"') < 2:
        time.sleep(0.1)
        text = SERVICE.log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert all(line["time"].endswith("Z") and line["event"] for line in lines)
    requests = [line for line in lines if line["event"] == "request"]
    assert {"zone", "method", "route", "status", "ms"} <= requests[-1].keys()
    for word in ("login-that-is-personal", secret, "203.0.113.20", "198.51.100.1"):
        assert word not in text, word


def test_it_stops_cleanly_and_starts_quickly():
    assert SERVICE.stop() == 0, SERVICE.log.read_text()
    print(f"# started in {SERVICE.took:.2f} s")


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
