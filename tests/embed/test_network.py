"""Proxy, client certificate, revocation lists and the log."""

import re
import subprocess
import unittest

from peers import Authority, Proxy, TlsFront
from support import BUILD, ROOT, Simulator, compile_program, environment_for, run, scratch

SECRETS = ("DEV-DEMO", "AGENCY-ADMIN-TOKEN", "swordfish", "proxy-person")


class NetworkCase(unittest.TestCase):
    options = ()

    @classmethod
    def setUpClass(cls):
        cls.program = compile_program("network", [ROOT / "tests" / "embed" / "network.c"],
                                      "-std=c11", "-Wall", "-Wextra", "-Werror")

    def setUp(self):
        self.simulator = Simulator(*self.options)
        self.addCleanup(self.simulator.stop)

    def start(self, *arguments, **environment):
        """(status, message, hint, standard error); no secret is in any of them."""
        done = subprocess.run(
            [str(self.program), *map(str, arguments)], capture_output=True, text=True, check=False,
            timeout=60, env=environment_for(self.simulator, **environment))
        self.assertGreaterEqual(done.returncode, 0, done.stderr)
        for secret in SECRETS:
            self.assertNotIn(secret, done.stdout + done.stderr)
        status, message, hint = done.stdout.rstrip("\n").split("|")
        return status, message, hint, done.stderr

    def proxy(self, *arguments, **keywords):
        proxy = Proxy(*arguments, **keywords)
        self.addCleanup(proxy.stop)
        return proxy


class ProxyTest(NetworkCase):
    def test_tunnel(self):
        proxy = self.proxy()
        status, *_ = self.start(3, TEST_PROXY=f"127.0.0.1:{proxy.port}")
        self.assertEqual(status, "BACM_OK")
        target = f"localhost:{self.simulator.port}".encode()
        self.assertEqual(proxy.requests,
                         [b"CONNECT " + target + b" HTTP/1.1\r\nHost: " + target + b"\r\n\r\n"])

    def test_connect_to_goes_through_the_proxy(self):
        proxy = self.proxy()
        status, *_ = self.start(TEST_PROXY=f"127.0.0.1:{proxy.port}",
                                BACM_ENDPOINT="https://localhost:1" + self.simulator.path,
                                TEST_CONNECT_TO=f"127.0.0.1:{self.simulator.port}")
        self.assertEqual(status, "BACM_OK")
        self.assertTrue(proxy.requests[0].startswith(
            f"CONNECT 127.0.0.1:{self.simulator.port} HTTP".encode()))

    def test_tokens_are_fetched_through_the_proxy(self):
        proxy = self.proxy()
        status, message, *_ = self.start(TEST_PROXY=f"127.0.0.1:{proxy.port}",
                                         TEST_TOKEN_URL=self.simulator.ready["tokenUrl"])
        self.assertEqual((status, message), ("BACM_OK", ""))
        self.assertEqual(len(proxy.requests), 2)

    def test_credentials(self):
        proxy = self.proxy(credentials="proxy-person:swordfish:and more")
        way = {"TEST_PROXY": f"127.0.0.1:{proxy.port}", "TEST_DEBUG": "1", "TEST_TRACE": "1"}
        status, *_ = self.start(TEST_PROXY_USER="proxy-person",
                                TEST_PROXY_PASSWORD="swordfish:and more", **way)
        self.assertEqual(status, "BACM_OK")
        status, message, hint, _ = self.start(**way)
        self.assertEqual(status, "BACM_E_CONNECT")
        self.assertIn("HTTP 407", message)
        self.assertIn("proxy_user", hint)
        status, *_ = self.start(TEST_PROXY_USER="proxy-person", **way)
        self.assertEqual(status, "BACM_E_CONNECT")

    def test_refusals(self):
        for answer, wanted in ((b"HTTP/1.1 403 No\r\n\r\n", "HTTP 403"),
                               (b"HTTP/1.0 502 swordfish\r\n\r\n", "HTTP 502"),
                               (b"hello\r\n\r\n", "no HTTP answer"),
                               (b"HTTP/1.1 2xx\r\n\r\n", "no HTTP answer"),
                               (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 2000, "no HTTP answer"),
                               (b"", "no HTTP answer")):
            proxy = self.proxy(answer=answer)
            status, message, hint, _ = self.start(TEST_PROXY=f"127.0.0.1:{proxy.port}")
            self.assertEqual(status, "BACM_E_CONNECT", answer)
            self.assertIn(f"proxy 127.0.0.1 port {proxy.port}", message)
            self.assertIn(wanted, message)
        self.assertEqual(self.simulator.log(), [])

    def test_bytes_before_the_service_speaks(self):
        proxy = self.proxy(surplus=b"\x16\x03\x01")
        status, message, *_ = self.start(TEST_PROXY=f"127.0.0.1:{proxy.port}")
        self.assertEqual(status, "BACM_E_CONNECT")
        self.assertIn("no HTTP answer", message)

    def test_silence_ends_at_the_connect_timeout(self):
        proxy = self.proxy(silent=True)
        status, message, *_ = self.start(TEST_PROXY=f"127.0.0.1:{proxy.port}")
        self.assertEqual(status, "BACM_E_CONNECT")
        self.assertIn("did not answer in time", message)

    def test_no_proxy_there(self):
        proxy = Proxy()
        proxy.stop()
        status, message, hint, _ = self.start(TEST_PROXY=f"127.0.0.1:{proxy.port}")
        self.assertEqual(status, "BACM_E_CONNECT")
        self.assertIn("no connection to proxy", message)
        status, message, hint, _ = self.start(TEST_PROXY="no-such-host.invalid:8080")
        self.assertEqual(status, "BACM_E_RESOLVE")
        self.assertIn("proxy host", message)

    def test_wrong_options(self):
        for environment, word in (({"TEST_PROXY": "localhost"}, "proxy must have"),
                                  ({"TEST_PROXY": "http://localhost:1"}, "proxy must have"),
                                  ({"TEST_PROXY": "a@b:1"}, "proxy must have"),
                                  ({"TEST_PROXY_USER": "me"}, "need a proxy"),
                                  ({"TEST_PROXY": "h:1", "TEST_PROXY_PASSWORD": "x"},
                                   "needs a proxy_user"),
                                  ({"TEST_PROXY": "h:1", "TEST_PROXY_USER": "a:b"}, "colon"),
                                  ({"TEST_PROXY": "h:1", "TEST_PROXY_USER": "a\r\nX"},
                                   "control character")):
            status, message, *_ = self.start(**environment)
            self.assertEqual(status, "BACM_E_ARGUMENT", environment)
            self.assertIn(word, message)


class PlainHttpTest(NetworkCase):
    options = ("--plain-http",)

    def test_plain_http_stays_on_this_machine(self):
        proxy = self.proxy()
        status, *_ = self.start(TEST_PROXY=f"127.0.0.1:{proxy.port}")
        self.assertEqual((status, proxy.requests), ("BACM_OK", []))


class CertificateTest(NetworkCase):
    options = ("--plain-http",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.authority = Authority(scratch() / cls.__name__, "Test authority")
        cls.server, cls.server_key = cls.authority.issue("localhost", "server")
        cls.client, cls.client_key = cls.authority.issue("the client", "client")
        cls.locked = scratch() / "locked.key"
        run("openssl", "pkey", "-in", cls.client_key, "-aes256", "-passout", "pass:swordfish",
            "-out", cls.locked)

    def front(self, client_ca=None, server=None):
        certificate, key = server or (self.server, self.server_key)
        front = TlsFront(certificate, key, client_ca, self.simulator.port)
        self.addCleanup(front.stop)
        return front

    def through(self, front, **environment):
        return self.start(BACM_ENDPOINT=f"https://localhost:{front.port}{self.simulator.path}",
                          BACM_CA_FILE=str(self.authority.certificate),
                          **{name: str(value) for name, value in environment.items()})

    def test_client_certificate(self):
        front = self.front(self.authority.certificate)
        status, message, *_ = self.through(front, TEST_CERTIFICATE=self.client,
                                           TEST_KEY=self.client_key)
        self.assertEqual((status, message), ("BACM_OK", ""))
        self.assertEqual(front.subjects, [{"commonName": "the client"}])
        status, *_ = self.through(front)
        self.assertIn(status, ("BACM_E_TLS", "BACM_E_NETWORK"))

    def test_certificate_and_key_in_one_file(self):
        both = scratch() / "both.pem"
        both.write_text(self.client.read_text() + self.client_key.read_text())
        status, message, *_ = self.through(self.front(self.authority.certificate),
                                           TEST_CERTIFICATE=both)
        self.assertEqual((status, message), ("BACM_OK", ""))

    @staticmethod
    def named(member):
        """A member of the options in a message."""
        return member

    def test_passphrase(self):
        front = self.front(self.authority.certificate)
        status, message, _, log = self.through(front, TEST_CERTIFICATE=self.client,
                                               TEST_KEY=self.locked, TEST_PASSPHRASE="swordfish")
        self.assertEqual((status, message), ("BACM_OK", ""))
        self.assertEqual(log.count("passphrase asked for"), 1)
        for passphrase in ({}, {"TEST_PASSPHRASE": "wrong"}, {"TEST_PASSPHRASE": "x" * 5000}):
            status, message, hint, _ = self.through(front, TEST_CERTIFICATE=self.client,
                                                    TEST_KEY=self.locked, **passphrase)
            self.assertEqual(status, "BACM_E_ARGUMENT")
            self.assertIn(self.named("client_key_file"), message)
            self.assertIn("passphrase", hint)

    def test_files_that_cannot_be_used(self):
        front = self.front()
        for environment, word in (({"TEST_CERTIFICATE": "/nowhere"}, "client_certificate_file"),
                                  ({"TEST_CERTIFICATE": self.client_key},
                                   "client_certificate_file"),
                                  ({"TEST_CERTIFICATE": self.client, "TEST_KEY": self.server_key},
                                   "client_key_file"),
                                  ({"TEST_KEY": self.client_key}, "client_key_file"),
                                  ({"TEST_CRL": "/nowhere"}, "crl_file"),
                                  ({"TEST_CRL": self.client}, "crl_file")):
            status, message, *_ = self.through(front, **environment)
            self.assertEqual(status, "BACM_E_ARGUMENT", environment)
            self.assertIn(self.named(word), message)

    def test_revocation_list(self):
        revoked = self.authority.issue("localhost-revoked", "server")
        clean = self.authority.revocation_list("clean.crl")
        self.authority.ca("-revoke", revoked[0])
        full = self.authority.revocation_list("full.crl")
        old = self.authority.revocation_list("old.crl", "-crl_lastupdate", "20180101000000Z",
                                             "-crl_nextupdate", "20180201000000Z")
        good, bad = self.front(), self.front(server=revoked)
        self.assertEqual(self.through(good, TEST_CRL=full)[0], "BACM_OK")
        self.assertEqual(self.through(bad, TEST_CRL=clean)[0], "BACM_OK")
        self.assertEqual(self.through(bad)[0], "BACM_OK")
        status, message, *_ = self.through(bad, TEST_CRL=full)
        self.assertEqual(status, "BACM_E_TLS")
        self.assertIn("revoked", message)
        status, message, hint, _ = self.through(good, TEST_CRL=old)
        self.assertEqual(status, "BACM_E_TLS")
        self.assertIn("expired", message)
        self.assertIn("fresh revocation list", hint)
        other = Authority(scratch() / f"other-{type(self).__name__}", "Another authority").revocation_list("other.crl")
        self.assertEqual(self.through(good, TEST_CRL=other)[0], "BACM_E_TLS")


class CommandLineTest(CertificateTest):
    """The same by options and variables of bacm."""

    @staticmethod
    def named(member):
        return member.replace("_", "-").removesuffix("-file") if "client" in member else "crl-file"

    def start(self, *arguments, **environment):
        # Files are options, what is secret comes from the environment.
        options = {"TEST_PROXY": "--proxy", "TEST_CERTIFICATE": "--client-certificate",
                   "TEST_KEY": "--client-key", "TEST_CRL": "--crl-file"}
        secrets = {"TEST_PROXY_USER": "BACM_PROXY_USER",
                   "TEST_PROXY_PASSWORD": "BACM_PROXY_PASSWORD",
                   "TEST_PASSPHRASE": "BACM_KEY_PASSPHRASE"}
        words = [word for name, value in environment.items() if name in options
                 for word in (options[name], value)]
        variables = {secrets.get(name, name): value for name, value in environment.items()
                     if name not in options}
        done = subprocess.run([str(BUILD / "bin" / "bacm"), "whoami", "--verbose", *words],
                              capture_output=True, text=True, check=False, timeout=60,
                              env=environment_for(self.simulator, XDG_CONFIG_HOME=str(scratch()),
                                                  **variables))
        for secret in SECRETS:
            self.assertNotIn(secret, done.stdout + done.stderr)
        failure = re.search(r"^bacm: (BACM_E_\w+): (.*)", done.stderr, re.MULTILINE)
        self.assertEqual(failure is None, done.returncode == 0, done.stderr)
        return (failure[1], failure[2], failure[2], "passphrase asked for") if failure else \
            ("BACM_OK", "", "", "passphrase asked for")

    def test_proxy(self):
        front = self.front(self.authority.certificate)
        proxy = self.proxy(credentials="proxy-person:swordfish")
        way = {"TEST_PROXY": f"127.0.0.1:{proxy.port}", "TEST_CERTIFICATE": self.client,
               "TEST_KEY": self.client_key}
        status, message, *_ = self.through(front, TEST_PROXY_USER="proxy-person",
                                           TEST_PROXY_PASSWORD="swordfish", **way)
        self.assertEqual((status, message), ("BACM_OK", ""))
        self.assertEqual(len(proxy.requests), 1)
        status, message, *_ = self.through(front, **way)
        self.assertEqual(status, "BACM_E_CONNECT")
        self.assertIn("HTTP 407", message)
        self.assertIn("proxy-user", message)


class LogTest(NetworkCase):
    def lines(self, log):
        return [(int(level), text) for level, text in re.findall(r"^log (\d) (.*)$", log,
                                                                  re.MULTILINE)]

    def test_success_is_one_line(self):
        *_, log = self.start()
        (level, text), = self.lines(log)
        self.assertEqual(level, 2)
        self.assertRegex(text, r"^GetUser: BACM_OK, HTTP 200, try 1, \d+ ms, \d+ bytes sent, "
                               r"\d+ received, tracking id [0-9a-f-]{36}$")

    def test_debug_tells_of_connections(self):
        *_, log = self.start(2, TEST_DEBUG="1")
        levels = [level for level, _ in self.lines(log)]
        self.assertEqual(levels, [3, 2, 2])
        self.assertRegex(self.lines(log)[0][1], rf"^connected: localhost port {self.simulator.port}"
                                                r", TLSv1\.3, \w+$")

    def test_failures(self):
        *_, log = self.start(BACM_ACCESS_TOKEN="no such token")
        (level, text), = self.lines(log)
        self.assertEqual(level, 0)
        self.assertIn("GetUser: BACM_E_AUTHENTICATION", text)
        *_, log = self.start(BACM_ACCESS_TOKEN="EXPIRED-TOKEN")
        self.assertEqual(self.lines(log)[0][0], 1)
        *_, log = self.start(BACM_ACCESS_TOKEN="")
        (level, text), = self.lines(log)
        self.assertEqual(level, 0)
        self.assertIn("BACM_E_NO_CREDENTIALS", text)
        *_, log = self.start(BACM_ENDPOINT="https://localhost:1/")
        (level, text), = self.lines(log)
        self.assertEqual(level, 1)
        self.assertIn("BACM_E_CONNECT", text)


if __name__ == "__main__":
    unittest.main()
