"""bacm whoami, doctor, call and journal; and what a service could do to a terminal."""

import http.server
import os
import subprocess
import threading
import time
import unittest
from email.utils import formatdate
from pathlib import Path

from support import AGENCY, API, CLIENT_ID, CM, V13, CliTest, SimTest, Simulator, if_v13

REPLY = f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>
<h:TrackingId xmlns:h="{CM}">T</h:TrackingId></s:Header><s:Body><GetUserResponse xmlns="{CM}">
<User xmlns:a="{CM}/Entities"><a:CustomerId>2002002</a:CustomerId><a:Id>7</a:Id>
<a:JobTitle>NAME</a:JobTitle><a:SecretQuestion>None</a:SecretQuestion><a:UserLifeCycleStatus>Active</a:UserLifeCycleStatus>
<a:UserName>NAME</a:UserName>MORE</User>ROLES</GetUserResponse></s:Body></s:Envelope>"""
if V13:
    REPLY = REPLY.replace("MORE", "").replace("ROLES", f"""<CustomerRoles xmlns:a="{CM}/Entities">
<a:CustomerRole><a:RoleId>41</a:RoleId><a:CustomerId>2002002</a:CustomerId></a:CustomerRole>
</CustomerRoles>""")
else:
    REPLY = REPLY.replace("MORE", "<a:IsMigratedToMicrosoftAccount>false"
                                  "</a:IsMigratedToMicrosoftAccount>").replace("ROLES", """<Roles
xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><b:int>41</b:int></Roles>""")


class Whoami(SimTest):
    def test_record(self):
        result = self.bacm("whoami")
        self.assertEqual((result.code, result.err), (0, ""))
        record = result.records()[0]
        self.assertEqual((record["userId"], record["userName"], record["customerId"],
                          record["lifeCycleStatus"], record["superAdmin"], record["roles"]),
                         (7001, "agency.admin", AGENCY, "Active", True,
                          [{"id": 41, "name": "Super Admin"}]))

    def test_roles_have_names(self):
        for token, roles in (("AGENCY-STANDARD-TOKEN", "203 Standard"),
                             ("AGENCY-VIEWER-TOKEN", "100 Viewer"),
                             ("AGENCY-CAMPAIGN-TOKEN", "16 Advertiser Campaign Manager"),
                             ("AGENCY-AGGREGATOR-TOKEN", "33 Aggregator")):
            with self.subTest(token):
                result = self.bacm("whoami", "--output", "table", BACM_ACCESS_TOKEN=token)
                row = result.out.splitlines()[1]
                if V13:
                    standard = "true" if roles.endswith("Standard") else "false"
                    self.assertRegex(row, rf"false +{standard} +false +{roles.split()[0]} in "
                                          rf"{AGENCY} +{roles}$")
                else:
                    self.assertRegex(row, f"false +{roles}$")

    def test_roles_by_customer(self):
        record = self.bacm("whoami", BACM_ACCESS_TOKEN="AGENCY-STANDARD-TOKEN").records()[0]
        if not V13:
            self.assertFalse({"customerRoles", "accountLinks", "customerLinks"} & set(record))
            return
        self.assertEqual((record["accountLinks"], record["customerLinks"], record["superAdmin"]),
                         (True, False, False))
        self.assertEqual(record["customerRoles"][0], {
            "roleId": 203, "customerId": AGENCY, "accountIds": [],
            "linkedAccountIds": record["customerRoles"][0]["linkedAccountIds"],
            "customerLinkPermission": None})

    def test_user_name_and_password(self):
        result = self.bacm("whoami", BACM_ACCESS_TOKEN=None, BACM_USERNAME="agency.admin",
                           BACM_PASSWORD="demo-password")
        if V13:
            self.assertEqual((result.code, result.out), (2, ""))
            self.assert_says(result, "v13 takes no user name and password", "bacm login")
            self.assertEqual(self.sim.log(), [])
        else:
            self.assertEqual(result.code, 0, result.err)

    def test_refused(self):
        result = self.bacm("whoami", BACM_ACCESS_TOKEN="SECRET-MARK")
        self.assertEqual((result.code, result.out), (4, ""))
        self.assert_says(result, "BACM_E_AUTHENTICATION", "105", "tracking id")
        self.assertNotIn("SECRET-MARK", result.err)


class Words(CliTest):
    """Messages of the library speak of what the command line has."""

    def refused(self, *arguments, **variables):
        result = self.bacm("whoami", *arguments, **variables)
        self.assertEqual(result.out, "")
        self.err = result.err
        return result.code

    def test_missing_secrets(self):
        self.assertEqual(self.refused(), 3)
        self.assertIn("Set BACM_DEVELOPER_TOKEN or the key developer-token", self.err)
        self.assertEqual(self.refused(BACM_DEVELOPER_TOKEN="D"), 3)
        self.assertIn("or set BACM_ACCESS_TOKEN", self.err)
        self.assertEqual(self.refused(BACM_DEVELOPER_TOKEN="D", BACM_CLIENT_ID="x"), 3)
        self.assertIn("Run bacm login, or set BACM_REFRESH_TOKEN", self.err)
        if not V13:
            self.assertEqual(self.refused(BACM_DEVELOPER_TOKEN="D", BACM_USERNAME="u"), 3)
            self.assertIn("Set BACM_USERNAME and BACM_PASSWORD", self.err)

    def test_settings_have_their_keys(self):
        for variables, said in (
                ({"BACM_CLIENT_KEY": "x"}, "client-key needs a client-certificate"),
                ({"BACM_PROXY_USER": "x"}, "proxy-user and proxy-password need a proxy"),
                ({"BACM_APP_KIND": "web", "BACM_CLIENT_ID": "x"}, "Set client-secret, or app-kind"),
                ({"BACM_CRL_FILE": "/etc/hostname"}, "the crl-file /etc/hostname cannot be used: ")):
            with self.subTest(variables):
                self.assertEqual(self.refused(BACM_DEVELOPER_TOKEN="D", **variables), 2)
                self.assertIn(said, self.err)

    def test_files_that_cannot_be_read(self):
        sim = Simulator()
        self.addCleanup(sim.stop)
        good = {"BACM_CLIENT_CERTIFICATE": sim.ready["caFile"]}
        for name, said, others in (("CA_FILE", "the CA file", {}), ("CRL_FILE", "the crl-file", {}),
                                   ("CLIENT_CERTIFICATE", "the client-certificate", {}),
                                   ("CLIENT_KEY", "the client-key", good)):
            with self.subTest(name):
                self.assertEqual(
                    self.refused(BACM_DEVELOPER_TOKEN="D",
                                 **{**others, f"BACM_{name}": "nowhere.pem"}), 2)
                self.assertIn(f"{said} nowhere.pem cannot be used: No such file or directory",
                              self.err)


class Doctor(SimTest):
    def checks(self, *arguments, **variables):
        self.result = self.bacm("doctor", *arguments, **variables)
        return {record["check"]: (record["result"], record["detail"])
                for record in self.result.records()}

    def test_all_is_well(self):
        checks = self.checks()
        self.assertEqual(self.result.code, 0, self.result.err)
        self.assertEqual({result for result, _ in checks.values()}, {"ok"})
        self.assertLess({"configuration", "version", "secrets", "trusted CAs", "connection",
                         "credentials", "role"}, checks.keys() | {"clock"})
        self.assertEqual(checks["version"][1].split(",")[0], API.name)
        self.assertRegex(checks["connection"][1], r"^localhost port \d+, TLSv1\.[23], TLS_")

    def test_each_trouble(self):
        for variables, check, code, text in (
                ({"BACM_DEVELOPER_TOKEN": None}, "secrets", 3, "no developer token"),
                ({"BACM_ACCESS_TOKEN": None}, "secrets", 3, "no access token"),
                ({"BACM_CA_FILE": "/etc/hostname"}, "trusted CAs", 2, "/etc/hostname"),
                ({"BACM_CA_FILE": None}, "connection", 6, "not trusted"),
                ({"BACM_ENDPOINT": "https://localhost:1/x"}, "connection", 6, "port 1"),
                ({"BACM_ENDPOINT": "https://nowhere.invalid/x"}, "connection", 6, "not found"),
                ({"BACM_ACCESS_TOKEN": "EXPIRED-TOKEN"}, "credentials", 4, "expired"),
                ({"BACM_ACCESS_TOKEN": "NOBODY"}, "credentials", 4, ""),
                ({"BACM_ACCESS_TOKEN": "AGENCY-VIEWER-TOKEN"}, "role", 3, "Super Admin")):
            with self.subTest(variables):
                checks = self.checks(**variables)
                self.assertEqual(self.result.code, code, self.result.out)
                self.assertEqual(checks[check][0], "mend")
                self.assertIn(text, checks[check][1])

    def test_wire_that_is_gone(self):
        """What a SOAP endpoint may answer once it has ended leads to REST."""
        for status in (303, 404, 405, 410, 501):
            with self.subTest(status):
                self.sim.control("faults", {"add": f"http={status}"})
                checks = self.checks()
                self.assertEqual(checks["credentials"][0], "mend", self.result.out)
                self.assertIn(f"HTTP {status}", checks["credentials"][1])
                self.assertEqual("--api v13-rest" in self.result.out.split(f"HTTP {status}")[1],
                                 API.name != "v13-rest")
                self.sim.control("faults", {"clear": True})

    def test_standard_user(self):
        """Enough for links of accounts, in v13."""
        checks = self.checks(BACM_ACCESS_TOKEN="AGENCY-STANDARD-TOKEN")
        self.assertEqual(self.result.code, 0 if V13 else 3)
        if V13:
            self.assertEqual(checks["role"][0], "ok")
            self.assertIn(f"203 in {AGENCY}: links of accounts; those of customers need a Super "
                          "Admin", checks["role"][1])
        else:
            self.assertEqual(checks["role"][0], "mend")

    def test_version_that_is_switched_off(self):
        for variables in ({"BACM_ENDPOINT": None}, {"BACM_ENDPOINT":
                          "https://clientcenter.api.bingads.microsoft.com/Api/x.svc"}):
            with self.subTest(variables):
                checks = self.checks(**variables, BACM_CONNECT_TO="127.0.0.1:1")
                result, text = checks["version"]
                self.assertEqual((result, text.split(",")[0]), ("ok", API.name) if V13 else (
                    "mend", "the service has switched v11 off on 2018-10-31"))
                self.assertEqual("Use --api v13-rest" in self.result.out, not V13)

    def test_endpoint_of_another_version(self):
        other = "v11" if V13 else "v13"
        endpoint = self.variables["BACM_ENDPOINT"].replace(f"/{API.name}/", f"/{other}/")
        checks = self.checks(BACM_ENDPOINT=endpoint)
        self.assertEqual(checks["version"], (
            "mend", f"{API.name} is spoken, but the endpoint is of {other}"))
        self.assertIn(f"--api {other}", self.result.out)
        self.assertEqual(self.result.code, 2)

    def test_credentials_that_the_version_does_not_take(self):
        for variables, check, text in (
                ({"BACM_OAUTH_PLATFORM": "live"}, "version", "no tokens of login.live.com"),
                ({"BACM_ACCESS_TOKEN": None, "BACM_USERNAME": "u", "BACM_PASSWORD": "p"},
                 "secrets", "user name")):
            with self.subTest(variables):
                checks = self.checks(**variables)
                self.assertEqual(checks[check][0], "mend" if V13 else "ok")
                if V13:
                    self.assertEqual(self.result.code, 2)
                    self.assertIn(text, checks[check][1])

    def test_broken_configuration(self):
        checks = self.checks(BACM_TIMEOUT="soon")
        self.assertEqual(self.result.code, 2)
        self.assertEqual(checks["configuration"][0], "mend")
        self.assert_says(self.result, "BACM_TIMEOUT: 'soon'")

    def test_configuration_file_is_named(self):
        self.write("config", "[default]\ntimeout = 30\n", mode=0o600)
        self.assertIn("config, section [default]",
                      self.checks("--config", "config")["configuration"][1])

    def test_trace_goes_on(self):
        self.checks("--trace", "trace.txt")
        self.assertIn("GetUserResponse", (self.folder / "trace.txt").read_text())


class Stub(CliTest):
    """A service of a few lines, for what the simulator would not say."""

    def serve(self, name="admin", date=None):
        body = REPLY.replace("NAME", name).encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response_only(200)
                self.send_header("Date", date or formatdate(usegmt=True))
                self.send_header("Content-Type", "text/xml; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.variables.update(BACM_ENDPOINT=f"http://127.0.0.1:{server.server_port}/x",
                              BACM_DEVELOPER_TOKEN="STUB-DEVELOPER",
                              BACM_ACCESS_TOKEN="STUB-ACCESS")

    def clock(self, offset):
        self.serve(date=formatdate(time.time() + offset, usegmt=True))
        result = self.bacm("doctor")
        checks = {record["check"]: record for record in result.records()}
        return result.code, checks["clock"]["result"], checks["clock"]["detail"]

    def test_clock_is_right(self):
        code, result, _ = self.clock(0)
        self.assertEqual((code, result), (0, "ok"))

    def test_clock_is_behind(self):
        code, result, detail = self.clock(3600)
        self.assertEqual((code, result), (1, "mend"))
        self.assertRegex(detail, r"^3(600|5[5-9]\d) s behind the service$")

    def test_clock_is_ahead(self):
        code, result, detail = self.clock(-300)
        self.assertEqual((code, result), (1, "mend"))
        self.assertRegex(detail, r"^3[0-4]\d s ahead of the service$")

    EVIL = "a&#x9b;31m&#x202e;b&#10;c&#xd;d"

    def test_text_cannot_govern_a_terminal(self):
        self.serve(name=self.EVIL)
        for output in ("table", "csv", "ndjson"):
            with self.subTest(output):
                result = self.bacm("whoami", "--output", output)
                self.assertEqual(result.code, 0, result.err)
                self.assertNotRegex(result.out, "[\u009b\u202e]")
                self.assertIn("a\ufffd31m\ufffdb", result.out)

    def test_table_has_one_line_a_record(self):
        self.serve(name=self.EVIL)
        self.assertEqual(len(self.bacm("whoami", "--output", "table").out.splitlines()), 2)

    def test_trace_on_stderr_cannot_either(self):
        self.serve(name="a\u009b31m\u202eb")
        result = self.bacm("whoami", "--trace", "-")
        self.assertNotRegex(result.err, "[\r\u009b\u202e]")
        self.assertIn("a\ufffd31m\ufffdb", result.err)

    def test_wide_characters_keep_the_columns(self):
        for name, columns in (("admin", 5), ("株式会社", 8), ("u\u0308mlaut", 6), ("🌼", 2),
                              ("x" * 40, 20), ("株" * 20, 20)):
            with self.subTest(name):
                self.serve(name=name)
                row = self.bacm("whoami", "--output", "table").out.splitlines()[1]
                cell = row[12:row.index("  Active")]
                self.assertEqual(cell.rstrip() if columns < 20 else cell.rstrip()[-1],
                                 name if columns < 20 else "…")
                width = sum(0 if c == "\u0308" else 2 if ord(c) > 0x2e80 else 1 for c in cell)
                self.assertEqual(width, 20)


class Call(SimTest):
    REQUEST = f'<GetUserRequest xmlns="{CM}"><UserId>7001</UserId></GetUserRequest>'

    def test_response(self):
        result = self.bacm("call", "GetUser", stdin=self.REQUEST)
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertIn("GetUserResponse", result.out)
        self.assertIn(">agency.admin<", result.out)
        self.assertNotIn("Envelope", result.out)

    def test_request_from_a_file(self):
        self.write("request.xml", self.REQUEST)
        self.assertEqual(self.bacm("call", "GetUser", "--input", "request.xml").code, 0)

    def test_list(self):
        result = self.bacm("call", "--list")
        self.assertEqual(len(result.out.split()), 39 if V13 else 33)
        self.assertIn("AddClientLinks\n", result.out)

    def test_template_of_each_operation(self):
        for operation in self.bacm("call", "--list").out.split():
            with self.subTest(operation):
                result = self.bacm("call", operation, "--template")
                self.assertEqual(result.code, 0, result.err)
                self.assertIn(f"{operation}Request", result.out)
        self.assertEqual(self.sim.log(), [])

    def test_template_order(self):
        text = self.bacm("call", "AddClientLinks", "--template").out
        names = [*if_v13(["Type"]), CLIENT_ID, "ManagingCustomerId", "Note", "Name", "Status",
                 "ForwardCompatibilityMap", *if_v13(["CustomerLinkPermission"])]
        places = [text.index(f":{name}>") for name in names]
        self.assertEqual(places, sorted(places))

    def test_refused(self):
        for arguments, stdin, text in (
                ((), "", "no operation"),
                (("GetUsers",), "", "did you mean GetUser?"),
                (("GetUser",), "", "stdin: empty"),
                (("GetUser",), "hello", "the request is not one well-formed element"),
                (("GetUser",), self.REQUEST.replace("</", "<"),
                 "the request is not one well-formed element"),
                (("GetUser",), f'<GetUserRequest xmlns="{CM}"><UserId>abc</UserId></GetUserRequest>',
                 "the element <UserId> of the request has no value that its type allows"),
                (("GetUser",), self.bacm("call", "GetUser", "--template").out,
                 "the element <cm:UserId> of the request has no value that its type allows"),
                (("AddClientLinks",), self.bacm("call", "AddClientLinks", "--template").out,
                 "of the request has no value that its type allows"),
                (("GetUser",), self.REQUEST.replace("UserId", "Id"), "BACM_E_ARGUMENT"),
                (("GetUser",), self.REQUEST.replace(CM, CM + "x"),
                 "must be one element in the namespace of the contract"),
                (("GetUser", "-i", "missing.xml"), "", "missing.xml: No such file")):
            with self.subTest(text):
                result = self.bacm("call", *arguments, stdin=stdin)
                self.assertEqual((result.code, result.out), (2, ""), result.err)
                self.assert_says(result, text)
        self.assertEqual(self.sim.log(), [])

    def test_fault(self):
        request = f'<AddClientLinksRequest xmlns="{CM}"/>'
        result = self.bacm("call", "AddClientLinks", stdin=request)
        self.assertEqual((result.code, result.out), (5, ""), result.err)
        self.assert_says(result, "3087", "tracking id")


class Journal(SimTest):
    def setUp(self):
        super().setUp()
        self.bacm("add", "--journal", "j", self.add_rows(1001001, 1001021))

    def test_show(self):
        record = self.bacm("journal", "show", "j").records()[0]
        self.assertEqual((record["contract"], record["endpoint"], record["managingCustomerId"],
                          record["added"], record["failed"], record["unknown"]),
                         (API.name, self.url, AGENCY, 1, 1, 0))

    def test_export(self):
        added, failed = self.bacm("journal", "export", "j").records()
        self.assertEqual((added["line"], added["state"], added["errors"]), (2, "added", []))
        self.assertEqual((failed["state"], failed["errors"][0]["code"]), ("failed", 1471))

    def test_refused(self):
        (self.folder / "clients.csv").chmod(0o600)
        (self.folder / "others.csv").write_text("", encoding="ascii")
        (self.folder / "others.csv").chmod(0o644)
        for arguments, text in ((("show",), "give show or export"), (("lsit", "j"), "give show"),
                                (("show", "missing"), "/missing cannot be opened: No such file"),
                                (("show", "others.csv"), "can be read or written by others"),
                                (("show", "clients.csv"), "Give the path of a journal that a run")):
            with self.subTest(arguments):
                result = self.bacm("journal", *arguments)
                self.assertEqual(result.code, 2)
                self.assert_says(result, text)

    def test_has_no_secret(self):
        content = (self.folder / "j").read_bytes()
        for secret in (b"DEV-DEMO", b"AGENCY-ADMIN-TOKEN"):
            self.assertNotIn(secret, content)


class Demo(unittest.TestCase):
    def test_demo(self):
        """scripts/demo checks the outcome itself; an environment must not mislead it."""
        root = Path(__file__).resolve().parent.parent.parent
        build = Path(os.environ["BACM"]).resolve().parent.parent
        done = subprocess.run([root / "scripts" / "demo", build], capture_output=True, timeout=60,
                              env={**os.environ, "BACM_ENDPOINT": "https://localhost:1/"},
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(b"15 added, 5 refused", done.stdout)


if __name__ == "__main__":
    unittest.main()
