#!/usr/bin/env python3
"""Measure speed and memory of bacm against stubs, floors and peers.

    tests/bench/bench.py [--build BUILD] [--quick] [--only SECTION[,SECTION]]

All calls go to one server of fixed replies on this machine. Clients are run in
turn, several rounds; figures are medians with the least and the most. No figure
is a test; what counts are the ratios within one run. Sections:

    call     one AddClientLinks call: generated stub, library, bare socket
    decode   replies of SearchClientLinks
    bulk     bacm add at 0 and 100 ms reply time
    scale    memory and work of bacm add from 1,000 to 1,000,000 links
    start    bacm --version, bacm whoami, curl
    peers    PHP, zeep, suds, node soap, libcurl with the same calls
    size     bytes of programs and libraries, lines that each version costs

BUILD/bench/result.json gets all of it.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import fixtures
from report import Report
from runner import (Failure, Server, Spread, all_instructions, instructions, interleave,
                    measured_processes, run, timed)

ROOT = Path(__file__).resolve().parent.parent.parent
WSDL = ROOT / "wsdl/v11/CustomerManagementService.wsdl"
LATENCY_MS = 100
CALLGRIND_CALLS = 20

# Kinds of connection: port of the server, and what the client does with it.
CONNECTIONS = {
    "http, kept": ("http", "keep"),
    "TLS, kept": ("tls", "keep"),
    "TLS, new each call": ("tls_without_resumption", "new"),
    "TLS, resumed each call": ("tls", "new"),
}


class Bench:
    def __init__(self, options, folder):
        self.quick = options.quick
        self.programs = options.build / "bench"
        self.bacm = options.build / "bin" / "bacm"
        self.folder = folder
        self.report = Report(options.quick)
        replies = fixtures.write_replies(folder)
        self.certificate, key = fixtures.make_certificate(folder)
        self.server = Server(self.programs, replies, self.certificate, key)
        self.slow_server = Server(self.programs, replies, self.certificate, key, LATENCY_MS)

    def close(self):
        self.server.stop()
        self.slow_server.stop()

    def client(self, name, operation, links, case, connection, calls):
        """Command of one of the C clients."""
        kind, keep = CONNECTIONS[connection]
        return [self.programs / f"bench-{name}", operation, links, self.server.url(kind, case),
                self.certificate, keep, calls, self.folder / f"request-{min(links, 10)}.xml"]

    def environment(self, url):
        """For bacm: nothing of the person who runs this."""
        clean = {name: value for name, value in os.environ.items()
                 if not name.startswith("BACM_")}
        return dict(clean, BACM_ENDPOINT=url, BACM_CA_FILE=str(self.certificate),
                    BACM_DEVELOPER_TOKEN=fixtures.DEVELOPER_TOKEN,
                    BACM_ACCESS_TOKEN=fixtures.ACCESS_TOKEN,
                    XDG_CONFIG_HOME=str(self.folder))

    def idle_note(self):
        return f"The server was idle for {self.server.idle_share():.0%} of the time."

    # --- one call -------------------------------------------------------------------

    def _time_calls(self, connection, links, case, subjects):
        kept = CONNECTIONS[connection][1] == "keep"
        calls = (1000 if self.quick else 10000) if kept else (100 if self.quick else 500)
        figures, _ = interleave(
            {name: lambda name=name: timed(
                self.client(name, "add", links, case, connection, calls))
             for name in subjects}, 3 if self.quick else 7)
        return figures

    def _count_calls(self, connection, links, case, subjects):
        counts = {}
        for name in subjects:
            try:
                counts[name] = instructions(
                    self.client(name, "add", links, case, connection, CALLGRIND_CALLS),
                    CALLGRIND_CALLS)
            except Failure as failure:
                print(f"bench: {name}: {failure}", file=sys.stderr)
        return counts

    def call(self):
        cases = [(connection, links, str(links), f"{links} link{'s' if links > 1 else ''}")
                 for connection in CONNECTIONS for links in (1, 10)]
        cases.insert(2, ("http, kept", 10, "10refused", "10 links, 1 refused"))
        rows = []
        self.server.mark()
        for connection, links, case, title in cases:
            subjects = ("stub", "wrapper", "socket")
            times = self._time_calls(connection, links, case, subjects)
            counted = not self.quick or (connection, title) in (
                ("http, kept", "1 link"), ("http, kept", "10 links"), ("TLS, kept", "10 links"))
            counts = self._count_calls(connection, links, case, subjects) if counted else {}
            cpu = {name: Spread(each["cpu_us"] for each in got) for name, got in times.items()}
            stub, stub_count = cpu.get("stub"), counts.get("stub")
            for name in subjects:
                count = counts.get(name)
                rows.append([f"{connection}, {title}: {name}", count,
                             count / stub_count if count and stub_count else None,
                             Spread(each["wall_us"] for each in times[name])
                             if name in times else None, cpu.get(name),
                             cpu[name].median / stub.median if stub and name in cpu else None])
            if links == 10 and case == "10":
                self._call_budgets(connection, counts, cpu)
        self.report.section(
            "call", "One AddClientLinks call: stub, library (wrapper), fixed bytes on a bare socket",
            ["", "instructions", "to stub", "wall us", "CPU us", "to stub"], rows,
            [self.idle_note(), "Instructions are those of user code. The socket parses nothing."])

    def _call_budgets(self, connection, counts, cpu):
        def ratio(values, one, other):
            return values[one] / values[other] if one in values and other in values else None

        if connection == "http, kept":
            self.report.budget("instructions of a call with 10 links, to the stub",
                               ratio(counts, "wrapper", "stub"), 0.60)
        if connection == "TLS, kept":
            medians = {name: value.median for name, value in cpu.items()}
            self.report.budget("CPU time of a call with 10 links over kept TLS, to the stub",
                               ratio(medians, "wrapper", "stub"), 0.60)
            self.report.budget("CPU time of a call with 10 links over kept TLS, to a bare socket",
                               ratio(medians, "wrapper", "socket"), 3)

    # --- decoding -------------------------------------------------------------------

    def decode(self):
        pages = fixtures.PAGES * fixtures.PAGE_SIZE - 1
        cases = [("search", 10, "10", 500 if self.quick else 3000, "a page of 10 links"),
                 ("search", 1000, "1000", 20 if self.quick else 100, "a page of 1,000 links"),
                 ("pages", pages, "pages", 1, "100 pages of 1,000 links")]
        rows = []
        self.server.mark()
        for operation, links, case, calls, title in cases:
            rounds = 3 if self.quick or operation == "pages" else 5

            def command(name, count, operation=operation, links=links, case=case):
                return self.client(name, operation, links, case, "http, kept", count)

            figures, _ = interleave(
                {name: lambda name=name, calls=calls: timed(command(name, calls))
                 for name in ("stub", "wrapper")}, rounds)
            for name, got in figures.items():
                count = instructions(command(name, 1), 1) if operation == "search" else None
                cpu = Spread(each["cpu_us"] for each in got)
                rows.append([f"{title}: {name}", count / links if count else None,
                             Spread(each["wall_us"] for each in got), cpu, cpu.median / links])
        self.report.section(
            "decode", "SearchClientLinks over kept http: request, reply and all its links read",
            ["", "instructions a link", "wall us", "CPU us", "CPU us a link"], rows,
            [self.idle_note()])

    # --- bulk -----------------------------------------------------------------------

    def _accounts(self, rows):
        path = self.folder / f"accounts-{rows}.csv"
        if not path.exists():
            fixtures.write_accounts(path, rows)
        return path

    def _add(self, server, rows, concurrency=None, journal=True, times=1):
        """Figures of whole runs of bacm add, each with a new journal."""
        path = self._accounts(rows)
        command = [self.bacm, "add", path, "--yes", "--output", "ndjson"]
        if concurrency:
            command += ["--concurrency", concurrency]
        if not journal:
            command += ["--no-journal"]
        figures = []
        for _ in range(times):
            for left in self.folder.glob(f"{path.name}.journal*"):
                left.unlink()
            figures += measured_processes(self.programs, 1, command,
                                          self.environment(server.url("tls", "10")))
        return figures

    def bulk(self):
        rows = []
        for concurrency in (1, 8, 32):
            calls = concurrency * (125 if concurrency == 8 or not self.quick else 25)
            ideal = calls / concurrency * LATENCY_MS / 1000
            for journal in (True,) if self.quick else (True, False):
                got = self._add(self.slow_server, calls * 10, concurrency, journal)[0]
                share = ideal / got["wall"]
                rows.append([f"{LATENCY_MS} ms, concurrency {concurrency}"
                             f"{'' if journal else ', no journal'}", calls * 10, got["wall"],
                             calls * 10 / got["wall"], share])
                if concurrency == 8 and journal:
                    self.report.budget("bulk of 10,000 links at 100 ms, concurrency 8: share of "
                                       "the ideal", share, 0.95, at_least=True)
        links = 5000 if self.quick else 50000
        self.server.mark()
        for concurrency in (1, 8, 32):
            for journal in (True, False):
                got = self._add(self.server, links, concurrency, journal, 3)
                rows.append([f"0 ms, concurrency {concurrency}{'' if journal else ', no journal'}",
                             links, Spread(each["wall"] for each in got),
                             Spread(links / each["wall"] for each in got), None])
        self.report.section(
            "bulk", "bacm add over TLS, the whole process",
            ["reply time", "links", "seconds", "links a second", "share of the ideal"], rows,
            [f"At 0 ms: {self.idle_note()}"])

    # --- scale ----------------------------------------------------------------------

    def scale(self):
        sizes = [1000, 10000, 100000] if self.quick else [1000, 10000, 100000, 1000000]
        few = 100  # enough for every connection to be opened
        base = Spread(cpu_of(each) for each in self._add(self.server, few, times=7)).median
        work, peaks, rows = {}, {}, []
        self.server.mark()
        for links in sizes:
            got = self._add(self.server, links, times=7 if links <= 10000 else 1)
            work[links] = (Spread(cpu_of(each) for each in got).median - base) / (links - few) * 1e6
            peaks[links] = max(each["peak_kib"] for each in got) / 1024
            rows.append([f"{links:,} links", Spread(each["wall"] for each in got), work[links],
                         peaks[links]])
        notes = [self.idle_note(), f"CPU time a link is what comes on top of a run of {few} links, "
                                   f"which takes {base * 1e3:.1f} ms."]
        counts = self._count_scale(few, [1000, 10000] if self.quick else [1000, 10000, 100000])
        notes.append("Instructions a link: " + ", ".join(
            f"{count:,.0f} at {links:,}" for links, count in counts.items()) + ".")
        self.report.section("scale", "bacm add over TLS with its journal, the whole process",
                            ["", "seconds", "CPU us a link", "peak MiB"], rows, notes)
        self.report.budget(f"peak resident memory at {sizes[-1]:,} links, MiB", peaks[sizes[-1]],
                           32)
        self.report.budget(f"peak memory at {sizes[-1]:,} links, to that at 10,000",
                           peaks[sizes[-1]] / peaks[10000], 1.1)
        self.report.budget("work a link: the most of all sizes, to the least (instructions)",
                           max(counts.values()) / min(counts.values()), 1.1)
        self.report.budget("work a link: the most of all sizes, to the least (CPU time)",
                           max(work.values()) / min(work.values()), 1.1)

    def _count_scale(self, few, sizes):
        def count(links):
            path = self._accounts(links)
            for left in self.folder.glob(f"{path.name}.journal*"):
                left.unlink()
            return all_instructions([self.bacm, "add", path, "--yes", "--output", "ndjson"],
                                    self.environment(self.server.url("tls", "10")))

        base = count(few)
        return {links: (count(links) - base) / (links - few) for links in sizes}

    # --- start ----------------------------------------------------------------------

    def start(self):
        url = self.server.url("tls", "10")
        environment = self.environment(url)
        request = self.folder / "user.xml"
        request.write_text("<GetUserRequest/>", encoding="utf-8")
        commands = {
            "bacm --version": [self.bacm, "--version"],
            "bacm whoami": [self.bacm, "whoami"],
            "curl, one POST": ["curl", "--silent", "--show-error", "--fail", "--noproxy", "*",
                               "--cacert", self.certificate, "--header", "SOAPAction: GetUser",
                               "--header", "Content-Type: text/xml", "--data-binary",
                               f"@{request}", url],
        }
        self.server.mark()
        figures, _ = interleave(
            {name: lambda command=command: measured_processes(self.programs, 1, command,
                                                              environment)[0]
             for name, command in commands.items()}, 20 if self.quick else 60)
        rows = [[name, Spread(each["wall"] * 1e3 for each in got),
                 Spread(cpu_of(each) * 1e3 for each in got),
                 Spread(each["peak_kib"] / 1024 for each in got)]
                for name, got in figures.items()]
        self.report.section("start", "Whole processes over a new TLS connection",
                            ["", "wall ms", "CPU ms", "peak MiB"], rows, [self.idle_note()])
        if {"bacm whoami", "curl, one POST"} <= figures.keys():
            ours, theirs = (Spread(each["wall"] for each in figures[name]).median
                            for name in ("bacm whoami", "curl, one POST"))
            self.report.budget("bacm whoami, to curl with one POST", ours / theirs, 3)

    # --- peers ----------------------------------------------------------------------

    def peers(self):
        place = Path(__file__).resolve().parent / "peers"
        node = dict(os.environ, BENCH_NODE_MODULES=str(self.programs / "node" / "node_modules"))
        python = [python_with("zeep"), python_with("suds")]
        calls = {"bacm": 1000, "libcurl": 1000, "socket": 1000, "stub": 1000, "PHP SoapClient": 1000,
                 "node soap": 100, "zeep": 100, "suds": 30}
        names = {"bacm": "wrapper", "libcurl": "curl", "socket": "socket", "stub": "stub"}
        scripts = {"PHP SoapClient": (["php", place / "peer.php"], None),
                   "node soap": (["node", place / "peer.js"], node),
                   "zeep": ([python[0], place / "peer_zeep.py"], None),
                   "suds": ([python[1], place / "peer_suds.py"], None)}
        clients = {}
        for name, count in calls.items():
            count = count if self.quick else 10 * count
            if name in names:
                clients[name] = lambda name=name, count=count: timed(
                    self.client(names[name], "add", 10, "10", "TLS, kept", count))
            else:
                command, environment = scripts[name]
                arguments = self.client("", "add", 10, "10", "TLS, kept", count)[1:] + [WSDL]
                clients[name] = lambda command=command, arguments=arguments, env=environment: \
                    timed([*command, *arguments], env)
        self.server.mark()
        figures, failures = interleave(clients, 3 if self.quick else 5)
        walls = {name: Spread(each["wall_us"] for each in got) for name, got in figures.items()}
        rows = []
        for name in calls:
            if name in failures:
                rows.append([f"{name}: not measured, {failures[name][:60]}", None, None, None])
                continue
            faster = walls[name].median / walls["bacm"].median if "bacm" in walls else None
            rows.append([name, Spread(1e6 / each["wall_us"] for each in figures[name]),
                         Spread(each["cpu_us"] for each in figures[name]), faster])
        self.report.section(
            "peers", "AddClientLinks with 10 links over kept TLS, by what people use today",
            ["", "calls a second", "CPU us a call", "bacm is faster by"], rows,
            [self.idle_note(), "suds opens a connection for each call: it has no keep-alive."])
        for name, least in (("PHP SoapClient", 1.5), ("node soap", 10), ("zeep", 12), ("suds", 40)):
            ratio = walls[name].median / walls["bacm"].median \
                if name in walls and "bacm" in walls else None
            self.report.budget(f"calls a second, to {name}", ratio, least, at_least=True)
        # wsimport needs a hand-written binding file for this contract; there is none yet.
        self.report.budget("calls a second, to a JAX-WS stack", None, 4, at_least=True)


    # --- size -----------------------------------------------------------------------

    def size(self):
        build = self.programs.parent
        binaries = {
            "static program, v11 alone": self.programs / "versions-v11",
            "static program, v13 alone": self.programs / "versions-v13",
            "static program, both versions": self.programs / "versions-both",
            "bacm": self.bacm,
            "bacm-sim": build / "bin" / "bacm-sim",
            "libbacm.so": build / "lib" / "libbacm.so",
            "libbacm-bulk.so": build / "lib" / "libbacm-bulk.so",
        }
        self.report.section(
            "size", "Bytes after strip", ["", "bytes"],
            [[name, stripped_size(path, self.folder)] for name, path in binaries.items()],
            ["The static programs call GetUser, with libbacm.a and the system's shared libraries."])
        self.report.section(
            "lines", "Hand-written lines, and the generated ones that a version is made of",
            ["", "lines"], [[name, f"{sum(map(count_lines, paths)):,}"] for name, paths in LINES.items()])


# What one version costs, and what all of them share.
LIB = ROOT / "src" / "lib"
CONTRACT = LIB / "contract"
LINES = {
    "mapping of v11 alone": [CONTRACT / "v11.c"],
    "mapping of v13 alone": [CONTRACT / "v13.c"],
    "mapping that both share": [CONTRACT / "shared.h"],
    "interface to the mappings": [CONTRACT / "contract.h", CONTRACT / "contract.c"],
    "plumbing: one engine for all": [CONTRACT / "gsoap_table.c", CONTRACT / "gsoap_table.h"],
    "plumbing a version": [CONTRACT / "gsoap_table_v11.c"],
    "the library, all of it": sorted(LIB.rglob("*.[ch]")),
    "generated for v11": [ROOT / "gen/v11" / name for name in ("v11C.c", "v11Operations.c")],
    "generated for v13": [ROOT / "gen/v13" / name for name in ("v13C.c", "v13Operations.c")],
}


def count_lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def stripped_size(path, folder):
    copy = folder / "stripped"
    run(["strip", "-o", copy, path])
    return copy.stat().st_size


SECTIONS = ("call", "decode", "bulk", "scale", "start", "peers", "size")


def cpu_of(figures):
    return figures["user"] + figures["system"]


def python_with(module):
    """An interpreter that has the module: that of the system has Debian's packages."""
    for interpreter in (sys.executable, "/usr/bin/python3"):
        try:
            run([interpreter, "-c", f"import {module}"])
            return interpreter
        except Failure:
            continue
    return sys.executable


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=ROOT / "build", help="build folder")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: some two minutes")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections to run")
    options = parser.parse_args()
    options.build = options.build.resolve()
    wanted = options.only.split(",")
    unknown = set(wanted) - set(SECTIONS)
    if unknown:
        parser.error(f"no section is called {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="bacm-bench-") as folder:
        bench = Bench(options, Path(folder))
        try:
            for name in wanted:
                getattr(bench, name)()
        finally:
            bench.close()
        bench.report.budgets()
        bench.report.write(options.build / "bench" / "result.json")


if __name__ == "__main__":
    main()
