"""Start, end, TLS, and HTTP as such."""

import fcntl
import json
import os
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import tempfile
import time
import unittest
import warnings
from urllib.parse import urlsplit

import rest
from harness import AGENCY_ADMIN, API, PATIENCE, Simulator, SimulatorTest, envelope, invite, program


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


class Start(unittest.TestCase):
    def test_ready_line_and_removal_of_the_temporary_ca(self):
        sim = Simulator()
        ready = sim.ready
        self.assertTrue(ready["url"].startswith("https://localhost:"))
        self.assertTrue(ready["url"].endswith(
            "/Api/CustomerManagement/v11/CustomerManagementService.svc"))
        self.assertTrue(ready["tokenUrl"].endswith("/oauth20_token.srf"))
        self.assertEqual(ready["pid"], sim.process.pid)
        self.assertTrue(os.path.exists(ready["caFile"]))
        self.assertEqual(sim.call("GetUser").status, 200)
        self.assertEqual(sim.stop(), 0)
        self.assertFalse(os.path.exists(ready["caFile"]))

    def test_signals_end_it_cleanly_even_with_open_connections(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            sim = Simulator("--plain-http")
            with socket.create_connection(("127.0.0.1", sim.port)):
                time.sleep(0.1)
                sim.process.send_signal(number)
                self.assertEqual(sim.process.wait(timeout=60), 0)
            sim.stop()

    def test_help_version_and_mistakes(self):
        done = subprocess.run([program(), "--help"], capture_output=True, text=True, check=True)
        self.assertIn("--listen HOST:PORT", done.stdout)
        done = subprocess.run([program(), "--version"], capture_output=True, text=True, check=True)
        self.assertRegex(done.stdout, r"^bacm-sim \d+\.\d+\.\d+\n$")
        for bad in (["--listen", "nowhere"], ["--nonsense"], ["--clock", "fast"], ["stray"],
                    ["--clock-rate", "0"], ["--latency-ms", "-1"], ["--certificate", "nice"]):
            done = subprocess.run([program(), *bad], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 2, bad)
            self.assertIn("bacm-sim: ", done.stderr)

    def test_bad_data_is_refused_with_its_place(self):
        path = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"bacm-sim-data-{os.getpid()}")
        self.addCleanup(os.unlink, path)
        for text, reason in (('{"customers": [{"id": 1}]}', "customers[0]"),
                             ('{"cats": []}', "cats"), ("{", "line 1"),
                             ('{"links": [{"accountId": 1, "managingCustomerId": 2,'
                              ' "status": "Great"}]}', "ClientLinkStatus")):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            done = subprocess.run([program(), "--plain-http", "--data", path], capture_output=True,
                                  text=True, check=False, timeout=60)
            self.assertEqual(done.returncode, 1)
            self.assertIn(reason, done.stderr)


class Certificates(unittest.TestCase):
    def verify(self, kind, name="localhost", **context_settings):
        sim = Simulator("--certificate", kind)
        self.addCleanup(sim.stop)
        context = sim.tls_context()
        for key, value in context_settings.items():
            setattr(context, key, value)
        with socket.create_connection(("127.0.0.1", sim.port), timeout=10) as raw:
            with context.wrap_socket(raw, server_hostname=name) as tls:
                return tls.version()

    def test_the_good_one_by_each_name(self):
        for name in ("localhost", "127.0.0.1", "::1"):
            self.assertIn(self.verify("good", name), ("TLSv1.2", "TLSv1.3"))

    def openssl(self, *arguments, certificate=None):
        done = subprocess.run(["openssl", *arguments], input=certificate, capture_output=True,
                              text=True, timeout=60 * PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_the_good_one_and_its_authority_are_as_rfc_5280_wants_them(self):
        sim = Simulator()
        self.addCleanup(sim.stop)
        authority = sim.ready["caFile"]
        server = ssl.get_server_certificate(("127.0.0.1", sim.port), timeout=20 * PATIENCE)
        for name in (("-verify_hostname", "localhost"), ("-verify_ip", "127.0.0.1"),
                     ("-verify_ip", "::1")):
            self.openssl("verify", "-x509_strict", "-purpose", "sslserver", *name, "-CAfile",
                         authority, certificate=server)
        text = self.openssl("x509", "-noout", "-text", certificate=server)
        key = re.search(r"Authority Key Identifier:\s+(?:keyid:)?([0-9A-F:]+)", text).group(1)
        for part in ("Subject Key Identifier", "Basic Constraints: critical\n *CA:FALSE",
                     "Key Usage: critical\n *Digital Signature", "Extended Key Usage",
                     "Subject Alternative Name: *\n *DNS:localhost, IP Address:127.0.0.1"):
            self.assertRegex(text, part)
        text = self.openssl("x509", "-noout", "-text", "-in", authority)
        self.assertRegex(text, rf"Subject Key Identifier: *\n *{key}\n")
        for part in ("Basic Constraints: critical\n *CA:TRUE",
                     "Key Usage: critical\n *Certificate Sign, CRL Sign"):
            self.assertRegex(text, part)

    def test_each_bad_one_is_bad_for_its_reason(self):
        for kind, reason in (("expired", "expired"), ("wrong-name", "Hostname mismatch"),
                             ("name-in-cn", "Hostname mismatch"), ("star", "Hostname mismatch"),
                             ("unknown-ca", "unable to get local issuer"),
                             ("self-signed", "self-signed|self signed")):
            with self.assertRaises(ssl.SSLCertVerificationError) as caught:
                self.verify(kind)
            self.assertRegex(str(caught.exception), reason)

    def test_old_protocol_versions_are_refused(self):
        warnings.simplefilter("ignore", DeprecationWarning)
        with self.assertRaises(ssl.SSLError):
            self.verify("good", maximum_version=ssl.TLSVersion.TLSv1_1,
                        minimum_version=ssl.TLSVersion.TLSv1)


class Listen(unittest.TestCase):
    def test_addresses_that_are_printed(self):
        """A client can use them as they stand: the certificate has their name."""
        hosts = [("127.0.0.1:0", "localhost"), ("0.0.0.0:0", "localhost")]
        if has_ipv6():
            hosts += [("[::]:0", "localhost"), ("[::1]:0", "[::1]")]
        for listen, host in hosts:
            with self.subTest(listen):
                sim = Simulator("--listen", listen)
                self.addCleanup(sim.stop)
                self.assertTrue(sim.ready["url"].startswith(f"https://{host}:"), sim.ready["url"])
                self.assertEqual(sim.call("GetUser").status, 200)


class Http(SimulatorTest):
    def raw(self, data, timeout=10):
        with socket.create_connection(("127.0.0.1", self.sim.port), timeout=timeout) as peer:
            peer.sendall(data)
            peer.shutdown(socket.SHUT_WR)
            received = b""
            while chunk := peer.recv(65536):
                received += chunk
            return received

    def test_keep_alive_serves_many_requests(self):
        connection = self.sim.connection()
        for _ in range(5):
            self.assertEqual(self.sim.call("GetUser", connection=connection).status, 200)
        connection.close()

    def test_pipelined_requests_are_answered_in_order(self):
        head, body = self.sim.raw_get_user()
        self.assertEqual(self.raw((head + body) * 3).count(b"HTTP/1.1 200 OK"), 3)

    def test_chunked_request_and_expect_continue(self):
        head, body = self.sim.raw_get_user("Transfer-Encoding: chunked", "Expect: 100-continue",
                                           "Connection: close")
        half = len(body) // 2
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:]))
        reply = self.raw(head + chunks + b"0\r\n\r\n")
        self.assertTrue(reply.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"))

    def test_refusals(self):
        path = (self.sim.path + (rest.route("GetUser")[1] if API.rest else "")).encode()
        host, post = b"Host: localhost\r\n", b"POST %s HTTP/1.1\r\n" % path
        for request, status in (
                (b"NONSENSE\r\n", 400), (b"GET / HTTP/2.0\r\n" + host, 400),
                (post + host, 411), (post + host + b"Content-Length: 99999999\r\n", 413),
                (post + host + b"Content-Length: -1\r\n", 400),
                (post + host + b"Content-Length: +1\r\n", 400),
                (post + host + b"Content-Length: 1;x\r\n", 400),
                (post + host + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400),
                (post + host + b"Content-Length: 1\r\nContent-Length: 2\r\n", 400),
                (post + host + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                 400),
                (post + host + b"Content-Length: 1\r\nExpect: tea\r\n", 417),
                (post + b"Content-Length: 0\r\n", 400),
                (post + host + host + b"Content-Length: 0\r\n", 400),
                (post + host + b"X: a\rb\r\nContent-Length: 0\r\n", 400),
                (post + host + b"X: a\nb\r\nContent-Length: 0\r\n", 400),
                (b"GET / HTTP/1.1\r\n" + host + b"X: " + b"a" * 20000 + b"\r\n", 431),
                (b"GET /nowhere HTTP/1.1\r\n" + host, 404), (b"GET /nowhere HTTP/1.0\r\n", 404),
                (b"PUT %s HTTP/1.1\r\nContent-Length: 0\r\n" % path + host, 405)):
            reply = self.raw(request + b"\r\n")
            self.assertTrue(reply.startswith(b"HTTP/1.1 %d " % status), (request[:99], reply[:80]))

    def test_wrong_content_type(self):
        status, _, _ = self.sim.post("GetUser", envelope("GetUser"),
                                     headers={"Content-Type": "application/soap+xml"})
        self.assertEqual(status, 415)


class Unwritable(unittest.TestCase):
    def test_a_log_that_cannot_be_written_ends_it_with_a_failure(self):
        process = subprocess.Popen(
            [program(), "--plain-http", "--exit-with-stdin", "--log", "/dev/full"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with process:
            port = urlsplit(json.loads(process.stdout.readline())["url"]).port
            with socket.create_connection(("127.0.0.1", port)) as peer:
                peer.sendall(b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
                self.assertEqual(peer.recv(100), b"")
            self.assertEqual(process.wait(60), 1)
            self.assertIn("cannot write the log", process.stderr.read())

    def test_messages_that_nobody_reads_hold_no_call(self):
        """Each refused transaction says so; standard error is a pipe that is never read."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "state")
            sim = Simulator("--plain-http", "--state", path, log=False)
            with sqlite3.connect(path) as database:
                database.execute("CREATE TRIGGER full BEFORE INSERT ON links BEGIN"
                                 " SELECT RAISE(FAIL, 'the disk is full'); END")
            database.close()
            fcntl.fcntl(sim.process.stderr, fcntl.F_SETPIPE_SZ, 4096)
            connection = sim.connection(timeout=10 * PATIENCE)
            for _ in range(200):
                reply = sim.add(invite(1001001), connection=connection)
                self.assertEqual(reply.fault_code(), ("adapi", 0))
            connection.close()
            sim.stop()
            self.assertIn("the disk is full", sim.errors)


class ManyConnections(SimulatorTest):
    def test_64_connections_while_slow_ones_hang(self):
        slow = [socket.create_connection(("127.0.0.1", self.sim.port)) for _ in range(16)]
        for peer in slow:
            peer.sendall(b"POST ")
        connections = [self.sim.connection() for _ in range(64)]
        for connection in connections:
            connection.connect()
        for _ in range(2):
            for connection in connections:
                self.assertEqual(self.sim.call("GetUser", connection=connection).status, 200)
        for peer in slow + connections:
            peer.close()


class Limits(SimulatorTest):
    arguments = ("--plain-http", "--idle-seconds", "1", "--max-connections", "2",
                 "--latency-ms", "300")

    def test_idle_connections_make_room(self):
        start = time.monotonic()
        idle = [socket.create_connection(("127.0.0.1", self.sim.port)) for _ in range(2)]
        self.assertEqual(self.sim.call("GetUser", token=AGENCY_ADMIN).status, 200)
        self.assertGreater(time.monotonic() - start, 1.0)
        for peer in idle:
            peer.close()
