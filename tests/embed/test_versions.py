"""A static program has the versions of the contract that it names, and no other."""

import functools
import http.server
import re
import shutil
import threading
import unittest

from support import ROOT, WARNINGS, compile_program, run, scratch

SOURCE = ROOT / "tests" / "embed" / "versions.c"
SETS = {"v11": ("v11",), "v13": ("v13",), "both": ("v11", "v13")}
NAMESPACE = "https://bingads.microsoft.com/Customer/"
# A serialiser of each version's own that every one of its programs has.
EVERYWHERE = "soap_out__cm__GetUserRequest"
# Much less than the serialisers of one version are.
MUCH = 300_000

REPLY = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<GetUserResponse xmlns="{namespace}"><User xmlns:a="{namespace}/Entities"><a:CustomerId>5</a:CustomerId>
<a:Id>{user}</a:Id></User>{roles}</GetUserResponse></s:Body></s:Envelope>"""
ROLES = {
    "v11": '<Roles xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays">'
           "<b:int>41</b:int><b:int>33</b:int></Roles>",
    "v13": '<CustomerRoles xmlns:a="{namespace}/Entities"><a:CustomerRole><a:RoleId>203</a:RoleId>'
           "<a:CustomerId>5</a:CustomerId></a:CustomerRole></CustomerRoles>",
}
SAID = {"v11": "v11: user 1100, 2 roles, first 41, 0 by customer",
        "v13": "v13: user 1300, 1 roles, first 203, 1 by customer"}


class Service(http.server.BaseHTTPRequestHandler):
    """Answers GetUser in the version of the request's namespace."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):  # noqa: N802 (the name is given)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        version = re.search(re.escape(NAMESPACE) + r'(v\d+)"', body).group(1)
        self.server.asked.append((version, body))
        namespace = NAMESPACE + version
        reply = REPLY.format(namespace=namespace, user=version[1:] + "00",
                             roles=ROLES[version].format(namespace=namespace)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_arguments):
        pass


@functools.cache
def program(name):
    defines = [f"-DWITH_{version.upper()}" for version in SETS[name]]
    return compile_program(f"versions_{name}", [SOURCE], "-std=c11", *WARNINGS, *defines,
                           static=True)


def stripped_size(name):
    copy = scratch() / f"versions_{name}.stripped"
    shutil.copy(program(name), copy)
    run("strip", copy)
    return copy.stat().st_size


class VersionsTest(unittest.TestCase):
    def talk(self, name):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        done = run(program(name), f"http://127.0.0.1:{server.server_port}/")
        return done.stdout.splitlines(), server.asked

    def test_each_speaks_its_own(self):
        for name, versions in SETS.items():
            with self.subTest(name):
                lines, asked = self.talk(name)
                self.assertEqual(lines, [SAID[version] for version in versions] * 2)
                self.assertEqual([version for version, _ in asked], list(versions) * 2)
                for version, body in asked:
                    other = {"v11": "v13", "v13": "v11"}[version]
                    self.assertNotIn(f"Customer/{other}", body)

    def test_no_text_of_the_other_version(self):
        for name, versions in SETS.items():
            data = program(name).read_bytes()
            for version in ("v11", "v13"):
                found = (NAMESPACE + version).encode() in data
                self.assertEqual(found, version in versions, f"{version} in {name}")

    def test_no_serialiser_of_the_other_version(self):
        for name, versions in SETS.items():
            symbols = [line.split()[-1] for line in run("nm", program(name)).stdout.splitlines()]
            found = [symbol for symbol in symbols if symbol.endswith(EVERYWHERE)]
            self.assertEqual(len(found), len(versions), name)
            for version in ("v11", "v13"):
                own = [symbol for symbol in symbols
                       if symbol.startswith((f"bacm_{version}_", f"bacm_api_{version}"))]
                self.assertEqual(bool([symbol for symbol in own if symbol != "bacm_api_v11"]),
                                 version in versions, f"{version} in {name}")

    def test_sizes(self):
        sizes = {name: stripped_size(name) for name in SETS}
        print("stripped:", ", ".join(f"{name} {size:,}" for name, size in sizes.items()))
        for single in ("v11", "v13"):
            self.assertGreater(sizes["both"] - sizes[single], MUCH, sizes)

    def test_a_version_that_nobody_names(self):
        for name in ("v11", "both"):
            self.assertEqual(run(program(name), "default").stdout,
                             "options NULL: BACM_OK: v11\napi NULL: BACM_OK: v11\n")
        lines = run(program("v13"), "default").stdout.splitlines()
        self.assertEqual(len(lines), 4)
        for which in ("options NULL", "api NULL"):
            said = "\n".join(line for line in lines if line.startswith(which))
            self.assertIn("BACM_E_ARGUMENT: no version of the contract is named", said)
            self.assertIn("v11, is not in this program", said)
            self.assertIn("bacm_api_v13", said)


if __name__ == "__main__":
    unittest.main()
