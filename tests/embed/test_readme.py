"""The first steps of README, as a newcomer types them, against a simulator."""

import os
import re
import unittest
from urllib.parse import urlsplit

from support import BUILD, ROOT, Simulator, installed, run, scratch

SECTIONS = ("Five minutes: the command line", "Five minutes: C")
# What the test does in another way: the simulator, the installation, and the login, for
# which a browser is needed (tests/oauth/test_login.py).
LEFT_OUT = ("bacm-sim", "make install", "BACM_CLIENT_ID", "bacm login", "unset BACM_ACCESS_TOKEN")


def blocks(title):
    """(language, text) of the fenced blocks of a section."""
    text = (ROOT / "README.md").read_text("utf-8")
    section = re.search(rf"^## {title}\n(.*?)^## ", text, re.MULTILINE | re.DOTALL).group(1)
    return re.findall(r"^```(\w*)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


class ReadmeTest(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator()
        self.addCleanup(self.simulator.stop)
        self.folder = scratch() / "readme"
        self.folder.mkdir()

    def write_files(self, found):
        texts = {"csv": [], "c": []}
        for language, text in found:
            texts.get(language, []).append(text)
        names = dict(zip(("clients.csv", "clients-v13.csv"), texts["csv"], strict=True))
        names.update(zip(("invite.c",), texts["c"], strict=True))
        for name, text in names.items():
            (self.folder / name).write_text(text, "utf-8")

    def script(self, found):
        """The lines behind a dollar, with the places that are others here."""
        lines = [line[2:] for _, text in found for line in text.splitlines()
                 if line.startswith("$ ") and not any(word in line for word in LEFT_OUT)]
        self.assertGreater(len(lines), 12)
        place = urlsplit(self.simulator.ready["url"]).netloc
        return "\n".join(lines).replace("$PWD/build/bin", str(BUILD / "bin")).replace(
            "localhost:8443", place).replace(
            "$PWD/sim-ca.pem", self.simulator.ready["caFile"]).replace(
            "$HOME/bacm", str(installed()))

    def test_every_step_works(self):
        found = [block for title in SECTIONS for block in blocks(title)]
        self.write_files(found)
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        done = run("bash", "-ex", "-c", self.script(found), cwd=self.folder, env=environment)
        self.assertTrue(done.stdout.endswith("\nlink 0: invited\n"), done.stdout)
        self.assertIn("2 links would be sent", done.stderr)
        invited = [link.get("accountId") for entry in self.simulator.log()
                   if entry["operation"] == "AddClientLinks"
                   for link in entry["links"] if link["accepted"]]
        self.assertEqual(invited, [1001001, 1001002, 1001003, 1001004, 1001005])


if __name__ == "__main__":
    unittest.main()
