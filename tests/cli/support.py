"""Runs bacm for a test, against a simulator of its own.

Most tests run once for each version of the contract: scripts/run-tests cli, and
cli@v13. What differs is said here or in the test that it is about.
"""

import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "sim"))

from harness import (AGENCY, AGENCY_ADMIN, API, CLIENT_ADMIN, CLIENT_ID,  # noqa: E402
                     CLIENT_NUMBER, CM, DEVELOPER, PATIENCE, Simulator)

SAMPLE = TESTS / "data" / "clients.csv"
LIMIT_SECONDS = 60 * PATIENCE

V13 = not API.v11

__all__ = ["AGENCY", "AGENCY_ADMIN", "API", "CLIENT_ADMIN", "CLIENT_ID", "CLIENT_NUMBER", "CM",
           "DEVELOPER", "PATIENCE", "SAMPLE", "V13", "CliTest", "Result", "SimTest", "Simulator",
           "billed", "if_v13", "program"]


def if_v13(fields):
    """What a record or a message has with v13 only."""
    return fields if V13 else type(fields)()


def billed(content):
    """Rows as the version wants them: v13 wants IsBillToClient in each, at the end.

    A row whose quotes are wrong stays as it is, and so does one that says it already.
    """
    if isinstance(content, str):
        return billed(content.encode()).decode()
    if not V13 or b"IsBillToClient" in content.split(b"\n")[0]:
        return content
    if content.lstrip().startswith((b"{", b"[")):
        return re.sub(rb"\}(?=\r?(\n|$))", rb',"IsBillToClient":false}', content)
    header, quoted, lines = True, False, []
    for line in re.findall(rb"[^\r\n]*(?:\r\n|\n|\r|$)", content):
        text = line.rstrip(b"\r\n")
        quoted ^= text.count(b'"') % 2 == 1
        if text and not quoted:
            line = text + (b",IsBillToClient" if header else b",false") + line[len(text):]
            header = False
        lines.append(line)
    return b"".join(lines)


def program():
    path = os.environ.get("BACM")
    if not path:
        raise RuntimeError("set BACM to the path of the bacm to test")
    return path


class Result:
    """What a run of bacm has left behind."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def records(self):
        """The records of an NDJSON output."""
        return [json.loads(line) for line in self.out.splitlines()]

    def csv(self):
        return list(csv.DictReader(io.StringIO(self.out, newline="")))

    def outcomes(self):
        return [record["outcome"] for record in self.records()]


class CliTest(unittest.TestCase):
    """A folder and a home of its own for each test; nothing of the caller's settings."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-cli-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.variables = {"HOME": folder.name, "PATH": os.environ["PATH"], "TMPDIR": folder.name,
                          "BACM_API": API.name}

    def write(self, name, content, mode=None):
        """A file in the test's folder; content as text or bytes. Gives its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if mode is not None:
            path.chmod(mode)
        return name

    def write_rows(self, name, content):
        """The same with rows to invite, as the version wants them."""
        return self.write(name, billed(content))

    def environment(self, **variables):
        """None takes a variable away."""
        merged = {**self.variables, **variables}
        return {name: value for name, value in merged.items() if value is not None}

    def bacm(self, *arguments, stdin=b"", **variables):
        """Runs bacm in the test's folder; keywords are environment variables."""
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        done = subprocess.run([program(), *map(str, arguments)], input=data, cwd=self.folder,
                              env=self.environment(**variables), capture_output=True,
                              timeout=LIMIT_SECONDS, check=False)
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *arguments, stdout=subprocess.PIPE, preexec_fn=None, **variables):
        """Starts bacm and leaves it running."""
        process = subprocess.Popen([program(), *map(str, arguments)], cwd=self.folder,
                                   stdin=subprocess.DEVNULL, preexec_fn=preexec_fn,
                                   env=self.environment(**variables),
                                   stdout=stdout, stderr=subprocess.PIPE, bufsize=0)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def assert_says(self, result, *texts):
        for text in texts:
            self.assertIn(text, result.err)


class SimTest(CliTest):
    """A simulator for each test; `arguments` are its options."""

    arguments = ()

    def setUp(self):
        super().setUp()
        self.sim = Simulator(*self.arguments)
        self.addCleanup(self.sim.stop)
        self.variables.update(self.settings())

    def settings(self):
        return {"BACM_ENDPOINT": self.url, "BACM_CA_FILE": self.sim.ready["caFile"],
                "BACM_DEVELOPER_TOKEN": DEVELOPER, "BACM_ACCESS_TOKEN": AGENCY_ADMIN}

    @property
    def url(self):
        """Of the simulated service, of the version that is tested."""
        return self.sim.ready["url" if API.v11 else "urlRest" if API.rest else "urlV13"]

    def operations(self):
        """Names of the operations that reached the simulator, in order."""
        return [record["operation"] for record in self.sim.log()]

    def add_rows(self, *ids):
        """A CSV with these accounts. Gives its name."""
        return self.write_rows("clients.csv", "ClientAccountId\n" + "".join(f"{i}\n" for i in ids))
