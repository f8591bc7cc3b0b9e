# SPDX-License-Identifier: GPL-3.0-or-later
"""A town of two people and two zones, served with a configuration of the test's own."""

import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "web"))
import tap  # noqa: E402
import town  # noqa: E402

DRIVER = tap.BUILD / "test/transfer_driver"
ENDS = "受け取れます", "移せませんでした", "受領済み"


class SmallTown(town.Server):
    """`general` goes before the zones of the configuration, `more` behind them. The person called
    sender may send to themselves from the internet zone to lgwan."""

    def __init__(self, general="", more=""):
        self.folder = tempfile.TemporaryDirectory(prefix="sekisho-small-town-")
        self.data = pathlib.Path(self.folder.name, "town")
        self.config = pathlib.Path(self.folder.name, "sekisho.conf")
        self.passwords = {}
        self.drive("setup")
        self.configure(general, more)
        said = subprocess.run([tap.SEKISHO, "user", "password", self.data, "sender"], check=True,
                              capture_output=True, text=True).stdout
        self.passwords["sender"] = re.search(r"[-A-Za-z0-9]{12,}", said)[0]

    def configure(self, general="", more=""):
        zones = "".join(f"[zone {zone}]\nlisten = 127.0.0.1:0\n" for zone in ("internet", "lgwan"))
        self.config.write_text(f"{general}\n{zones}{more}")

    def begin(self):
        self.start("--config", self.config, zones=2)
        self.internet, self.lgwan = self.ports

    def drive(self, how):
        return subprocess.run([DRIVER, how, self.data], check=True, capture_output=True,
                              text=True).stdout

    def send(self, browser, name, content):
        """The path of the transfer's page."""
        form = browser.get("/send")
        conduit = re.search(r'name="conduit" value="(\d+)"', form.text)[1]
        sent = browser.upload("/send", "files", name, content, conduit=conduit, recipients="",
                              purpose="照会への回答", classification="1", personal="no")
        assert sent.status == 303, (sent.status, sent.text)
        return sent.location

    def journal(self, *wanted):
        """The entries that are sealed, once all of the texts are among them."""
        for _ in range(600):
            said = subprocess.run([tap.SEKISHO, "journal", "show", "--json", self.data / "journal"],
                                  capture_output=True, text=True).stdout
            if all(text in said for text in wanted):
                return said
            time.sleep(0.05)
        raise AssertionError(said[-2000:])

    def await_text(self, browser, path, *texts):
        """The page, once it says one of the texts."""
        for _ in range(1200):
            page = browser.get(path)
            if any(text in page.text for text in texts):
                return page.text
            time.sleep(0.05)
        raise AssertionError(page.text + self.messages())

    def await_end(self, browser, path):
        return self.await_text(browser, path, *ENDS)
