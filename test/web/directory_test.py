# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords that a directory keeps: Debian's slapd, started here for this test alone, over TLS."""

import atexit
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
import town  # noqa: E402

SLAPD = shutil.which("slapd", path="/usr/sbin:/usr/libexec")
PASSWORD = "ディレクトリの傘 7"
BASE = "dc=mihon,dc=example"
FOLDER = tempfile.TemporaryDirectory()
HERE = pathlib.Path(FOLDER.name)


def free_port():
    with socket.socket() as wire:
        wire.bind(("127.0.0.1", 0))
        return wire.getsockname()[1]


def make_certificates():
    """An authority of our own, a certificate for 127.0.0.1, and one by somebody whom nobody trusts."""
    for name in ("authority", "stranger"):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        f"/CN={name}", "-keyout", HERE / f"{name}.key", "-out", HERE / f"{name}.pem"],
                       check=True, capture_output=True)
    subprocess.run(["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=directory", "-keyout",
                    HERE / "server.key", "-out", HERE / "server.csr"], check=True, capture_output=True)
    (HERE / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    subprocess.run(["openssl", "x509", "-req", "-in", HERE / "server.csr", "-CA", HERE / "authority.pem",
                    "-CAkey", HERE / "authority.key", "-CAcreateserial", "-days", "2", "-extfile",
                    HERE / "names", "-out", HERE / "server.pem"], check=True, capture_output=True)


class Directory:
    """slapd with its own configuration and ports, as whoever runs the test."""

    def __init__(self):
        make_certificates()
        self.plain, self.secure = free_port(), free_port()
        (HERE / "data").mkdir()
        (HERE / "slapd.conf").write_text(
            "include /etc/ldap/schema/core.schema\n"
            "include /etc/ldap/schema/cosine.schema\n"
            "include /etc/ldap/schema/inetorgperson.schema\n"
            "modulepath /usr/lib/ldap\nmoduleload back_mdb\n"
            f"pidfile {HERE}/pid\nTLSCACertificateFile {HERE}/authority.pem\n"
            f"TLSCertificateFile {HERE}/server.pem\nTLSCertificateKeyFile {HERE}/server.key\n"
            "allow bind_anon_cred\n"  # the trap of empty passwords stands open
            f"database mdb\nsuffix \"{BASE}\"\ndirectory {HERE}/data\n"
            "access to * by anonymous auth by * none\n")
        entries = [f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: mihon\ndc: mihon\n"]
        entries += [f"dn: uid={login},{BASE}\nobjectClass: inetOrgPerson\nuid: {login}\ncn: {login}\n"
                    f"sn: {login}\nuserPassword: {PASSWORD}\n" for login in ("ldap.clerk", "ldap.left", "stranger")]
        (HERE / "entries.ldif").write_text("\n".join(entries))
        subprocess.run(["/usr/sbin/slapadd", "-f", HERE / "slapd.conf", "-l", HERE / "entries.ldif"],
                       check=True, capture_output=True)
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [SLAPD, "-d", "0", "-f", HERE / "slapd.conf",
             "-h", f"ldap://127.0.0.1:{self.plain}/ ldaps://127.0.0.1:{self.secure}/"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(400):
            try:
                socket.create_connection(("127.0.0.1", self.secure), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("slapd does not answer")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


class Server(town.Server):
    """One zone whose passwords the directory keeps, and one zone for personal numbers."""

    def __init__(self, address, authority, data):
        self.ports = [free_port(), free_port()]
        config = HERE / f"{data}.conf"
        config.write_text(
            f"directory = {HERE / data}\nldap_address = {address}\nldap_name = uid={{login}},{BASE}\n"
            f"ldap_authority = {HERE / authority}\n\n[zone internet]\nlisten = 127.0.0.1:{self.ports[0]}\n"
            f"\n[zone mynumber]\nlisten = 127.0.0.1:{self.ports[1]}\n")
        self.data = HERE / data
        if not self.data.exists():
            run("init", self.data, "--name", "みほん市")
            for login in ("ldap.clerk", "ldap.left", "local.person", "manager"):
                more = ["--role", "system_manager"] if login == "manager" else []
                run("user", "add", self.data, login, "--name", login, "--department", "010",
                    "--department-name", "総務課", *more)
            for login in ("ldap.clerk", "ldap.left"):
                run("user", "directory", self.data, login)
        self.log = open(HERE / f"{self.ports[0]}.log", "w+")
        self.process = subprocess.Popen([tap.SEKISHO, "serve", "--config", config], stderr=self.log,
                                        stdout=subprocess.DEVNULL)
        self.passwords, self.secrets = {}, {}
        self.internet, self.mynumber = self.ports
        for port in self.ports:
            self.await_health(port)


def run(*arguments):
    done = subprocess.run([tap.SEKISHO, *arguments], capture_output=True, text=True,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "LANG": "ja"})
    assert done.returncode == 0, done.stderr
    return done.stdout


def need():
    if not SLAPD:
        if os.environ.get("CI") == "true":
            raise AssertionError("slapd is absent, and CI needs it")
        raise tap.Skip("slapd is absent")


STATE = {}


def directory():
    need()
    if "directory" not in STATE:
        STATE["directory"] = Directory()
        atexit.register(STATE["directory"].stop)
    return STATE["directory"]


def server():
    if "server" not in STATE:
        STATE["server"] = Server(f"ldaps://127.0.0.1:{directory().secure}", "authority.pem", "town")
        atexit.register(STATE["server"].stop)
    return STATE["server"]


def login(login, password, port=None):
    browser = town.Browser(port or server().internet)
    return browser, browser.login(login, password)


def test_the_directory_is_asked_for_the_password():
    browser, answer = login("ldap.clerk", PASSWORD)
    assert answer.location == "/", (answer.text, server().messages())
    assert browser.get("/").status == 200, "our rules for passwords do not count"
    assert login("LDAP.Clerk", PASSWORD)[1].location == "/", "case of the login does not matter"
    assert login("ldap.clerk", PASSWORD + "x")[1].status == 422
    page = browser.get("/password").text
    assert "認証サーバーで管理しています" in page and 'name="wanted"' not in page
    shown = server().data / "journal"
    assert shown.exists()


def test_an_empty_password_is_never_right():
    assert login("ldap.clerk", "")[1].status == 422


def test_who_is_in_the_directory_but_not_here_is_not_let_in():
    assert login("stranger", PASSWORD)[1].status == 422
    assert login("*", PASSWORD)[1].status == 422
    assert login(f"ldap.clerk,{BASE}", PASSWORD)[1].status == 422


def test_wrong_passwords_lock_as_usual():
    for _ in range(5):
        login("ldap.left", "wrong")
    assert login("ldap.left", PASSWORD)[1].status == 429


def test_the_second_factor_is_asked_for_as_usual():
    assert login("ldap.clerk", PASSWORD, server().mynumber)[1].location == "/account"


def test_a_local_account_stays_local():
    password = re.search(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b",
                         run("user", "password", server().data, "local.person"))[0]
    assert login("local.person", password)[1].location == "/password"
    directory().stop()
    try:
        assert login("local.person", password)[1].location == "/password", "the directory is away"
        answer = login("ldap.clerk", PASSWORD)[1]
        assert answer.status == 503 and "認証サーバーに接続できない" in answer.text, answer.status
        for _ in range(6):
            assert login("ldap.clerk", "wrong")[1].status == 503, "what cannot be checked is no attempt"
    finally:
        directory().start()
    assert login("ldap.clerk", PASSWORD)[1].location == "/"


def test_starttls_comes_before_anything_is_said():
    started = Server(f"ldap://127.0.0.1:{directory().plain}", "authority.pem", "town")
    try:
        assert login("ldap.clerk", PASSWORD, started.internet)[1].location == "/"
        assert login("ldap.clerk", "wrong", started.internet)[1].status == 422
    finally:
        started.stop()


def test_a_directory_whose_certificate_is_not_trusted_is_not_asked():
    for address, authority in ((f"ldaps://127.0.0.1:{directory().secure}", "stranger.pem"),
                               (f"ldaps://localhost:{directory().secure}", "authority.pem"),
                               (f"ldap://127.0.0.1:{directory().plain}", "stranger.pem")):
        started = Server(address, authority, "town")
        try:
            assert login("ldap.clerk", PASSWORD, started.internet)[1].status == 503, address
        finally:
            started.stop()


def test_the_process_that_asks_is_locked_in_and_web_processes_open_no_connection():
    lines = [line for line in server().messages().splitlines() if '"role":"directory"' in line]
    pid = int(re.search(r'"number":(\d+)', lines[0])[1])
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    assert "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status
    os.kill(pid, signal.SIGKILL)
    for _ in range(200):
        if login("ldap.clerk", PASSWORD)[1].location == "/":
            break
        time.sleep(0.1)
    else:
        raise AssertionError("it did not come back")


def test_a_wrong_configuration_names_the_setting():
    need()
    for line, setting in (("ldap_address = http://x\n", "ldap_address"),
                          ("ldap_address = ldaps://x\nldap_name = uid=x\n", "ldap_name"),
                          ("ldap_address = ldaps://x\nldap_name = uid={login}\n", "ldap_authority")):
        config = HERE / "wrong.conf"
        config.write_text(line + "[zone a]\nlisten = 127.0.0.1:1\n")
        done = subprocess.run([tap.SEKISHO, "serve", "--config", config], capture_output=True, text=True)
        assert done.returncode == 3 and setting in done.stderr, done.stderr


def directories_started(seen):
    return len(re.findall(r'"event":"started","role":"directory"', seen.messages()))


def test_a_name_is_looked_up_again_when_nobody_answers():
    # 127.1 is no address as it is written, so it is looked up; the certificate fits what it stands for.
    named = Server(f"ldaps://127.1:{directory().secure}", "authority.pem", "named")
    atexit.register(named.stop)
    assert login("ldap.clerk", PASSWORD, named.internet)[1].location == "/", named.messages()
    assert directories_started(named) == 1
    directory().stop()
    time.sleep(11)
    assert login("ldap.clerk", PASSWORD, named.internet)[1].location != "/"
    numbered = directories_started(server())
    login("ldap.clerk", PASSWORD)
    for _ in range(100):
        if directories_started(named) == 2:
            break
        time.sleep(0.1)
    else:
        raise AssertionError(named.messages())
    assert directories_started(server()) == numbered, "a number means the same for ever"
    directory().start()
    for _ in range(50):
        if login("ldap.clerk", PASSWORD, named.internet)[1].location == "/":
            break
        time.sleep(0.2)
    else:
        raise AssertionError(named.messages())


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
