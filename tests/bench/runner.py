"""Starting the server and the clients of the benchmarks, and reading what they took."""

import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
CLIENT_TIMEOUT_SECONDS = 1800


class Failure(Exception):
    """A client did not do its work; the benchmark goes on without it."""


def run(command, environment=None):
    """Output of a command that must succeed."""
    try:
        done = subprocess.run([str(part) for part in command], env=environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=CLIENT_TIMEOUT_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failure(str(error)) from error
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise Failure(lines[-1])
    return done.stdout + done.stderr


class Server:
    """bench-server, with the processor time that it has used."""

    def __init__(self, programs, replies, certificate, key, latency_ms=0):
        self.certificate = certificate
        self.process = subprocess.Popen(
            [programs / "bench-server", replies, certificate, key, str(latency_ms)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ports = json.loads(self.process.stdout.readline())
        self.mark()

    def url(self, kind, case):
        port = self.ports[kind]
        return f"http://127.0.0.1:{port}/{case}" if kind == "http" else \
            f"https://localhost:{port}/{case}"

    def _cpu_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        user, system = fields.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / CLOCK_TICKS

    def mark(self):
        """Idle share is counted from here."""
        self.marked = time.monotonic(), self._cpu_seconds()

    def idle_share(self):
        wall = time.monotonic() - self.marked[0]
        return 1 - (self._cpu_seconds() - self.marked[1]) / wall

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)


class Spread:
    """Median, least and most of what was measured in several rounds."""

    def __init__(self, values):
        values = list(values)
        self.median = statistics.median(values)
        self.least, self.most = min(values), max(values)

    def as_dict(self):
        return {"median": self.median, "min": self.least, "max": self.most}


def interleave(clients, rounds):
    """
    Run each client once a round, beginning with another one each time, so that
    what else the machine does falls on all of them. clients: name to a function
    that returns a dict of figures. Returns name to list of dicts, and name to
    the reason why it has none.
    """
    names = list(clients)
    figures = {name: [] for name in names}
    failures = {}
    for turn in range(rounds):
        for name in names[turn % len(names):] + names[:turn % len(names)]:
            if name in failures:
                continue
            try:
                figures[name].append(clients[name]())
            except Failure as failure:
                failures[name] = str(failure)
                print(f"bench: {name}: {failure}", file=sys.stderr)
    return {name: got for name, got in figures.items() if name not in failures}, failures


def timed(command, environment=None):
    """Run a client; its figures a call, in microseconds."""
    told = json.loads(run(command, environment).splitlines()[0])
    calls = told["calls"]
    return {"wall_us": told["wall"] / calls * 1e6,
            "cpu_us": (told["user"] + told["system"]) / calls * 1e6}


def measured_processes(programs, times, command, environment):
    """Figures of whole processes, one a run."""
    told = run([programs / "bench-measure", times, *command], environment)
    return [json.loads(line) for line in told.splitlines() if line.startswith("{")]


def instructions(command, calls, environment=None):
    """User instructions a call, as callgrind counts them in the measured loop."""
    told = run(["valgrind", "--tool=callgrind", "--toggle-collect=bench_measured",
                "--callgrind-out-file=/dev/null", *command], environment)
    found = re.search(r"Collected : (\d+)", told)
    if not found:
        raise Failure("callgrind counted nothing")
    return int(found.group(1)) / calls


def all_instructions(command, environment):
    """User instructions of a whole process with its threads."""
    told = run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
               environment)
    found = re.search(r"Collected : (\d+)", told)
    if not found:
        raise Failure("callgrind counted nothing")
    return int(found.group(1))
