"""No secret in anything that bacm writes: every command, every failure.

The simulator's data set gets secrets that are easy to find. Whatever a run says
on stdout and stderr and whatever it writes to files, the token file apart, is
searched for them, with --trace and --verbose on. The same search over a bacm
that redacts nothing must find them, or it would prove nothing.
"""

import contextlib
import http.server
import json
import os
import re
import subprocess
import threading
import time
import unittest
from urllib.parse import parse_qsl

from support import PATIENCE, OAuthTest, agree, cli, page_url

DEVELOPER_MARK = "DEVMARK-4f1c&<'\">"
ACCESS_MARK = "ACCMARK-9a2b/+=="
REFRESH_MARK = "REFMARK-77d0!*"
WEB_REFRESH_MARK = "REFMARK-WEB-81aa"
SECRET_MARK = "SECMARK-5e5e~/+"
PASSWORD_MARK = "PWDMARK-0c0c"

# What all of them hold, and how the tokens begin that the simulator makes.
MARK = re.compile(rb"(?:DEV|ACC|REF|SEC|PWD|COD)MARK|SIM[ARCD]\.")

FAULTS = (
    "drop-before", "drop-after", "truncate=40", "truncate=-3", "garbage", "empty",
    "http=303", "http=401", "http=429", "http=503", "type=text/html", "gzip", "chunked",
    "fault=adapi:105", "fault=adapi:106", "fault=adapi:109", "fault=api:1001", "fault=bare",
    "fault=operation:0", "count=1", "count=-1", "huge=200000", "deep=500")
TOKEN_FAULTS = (
    "drop-before", "drop-after", "truncate=40", "garbage", "empty", "http=303",
    "http=503", "oauth-error=invalid_grant", "oauth-error=invalid_client", "no-refresh-token",
    "expires-text", "chunked", "gzip")


def marked_data():
    done = subprocess.run([os.environ["BACM_SIM"], "--print-data"], capture_output=True, check=True)
    data = json.loads(done.stdout)
    data["developerTokens"] = [{"token": DEVELOPER_MARK}]
    data["accessTokens"].append({"token": ACCESS_MARK, "userId": 7001})
    data["users"][0]["password"] = PASSWORD_MARK
    data["oauthClients"][1]["secret"] = SECRET_MARK
    data["refreshTokens"] += [
        {"token": REFRESH_MARK, "clientId": "demo-native-app", "userId": 7001},
        {"token": WEB_REFRESH_MARK, "clientId": "demo-web-app", "userId": 7001}]
    return json.dumps(data)


class Secrets(OAuthTest):
    """Runs in a folder that is searched afterwards."""

    def setUp(self):
        cli.CliTest.setUp(self)
        data = os.path.join(self.folder, "data.json")
        self.write("data.json", marked_data())
        self.sim = cli.Simulator("--data", data, "--oauth-auto-consent=agency.admin")
        self.addCleanup(self.sim.stop)
        os.unlink(data)
        self.variables.update(self.settings())
        self.variables.update({"BACM_DEVELOPER_TOKEN": DEVELOPER_MARK, "BACM_VERBOSE": "yes",
                               "BACM_TRACE": "trace", "BACM_TIMEOUT": "2"})
        self.program = cli.program()
        self.write_rows("clients.csv", "ClientAccountId\n1001001\n1001002\n1001025\n9\n")

    def credentials(self):
        """The kinds of credentials, as variables."""
        web = {"BACM_CLIENT_ID": "demo-web-app", "BACM_APP_KIND": "web",
               "BACM_REDIRECT_URI": "https://web.sim.example/callback",
               "BACM_CLIENT_SECRET": SECRET_MARK}
        return {
            "access token": {"BACM_ACCESS_TOKEN": ACCESS_MARK},
            "password": {"BACM_USERNAME": "agency.admin", "BACM_PASSWORD": PASSWORD_MARK},
            "native app": {"BACM_REFRESH_TOKEN": REFRESH_MARK},
            "web app": {**web, "BACM_REFRESH_TOKEN": WEB_REFRESH_MARK},
            "wrong secret": {**web, "BACM_REFRESH_TOKEN": WEB_REFRESH_MARK,
                             "BACM_CLIENT_SECRET": SECRET_MARK + "x"},
            "wrong tokens": {"BACM_ACCESS_TOKEN": ACCESS_MARK + "x",
                             "BACM_DEVELOPER_TOKEN": DEVELOPER_MARK + "x"},
        }

    def run_it(self, arguments, stdin="", **variables):
        done = subprocess.run([self.program, *arguments], input=stdin.encode(), cwd=self.folder,
                              env=self.environment(**variables), capture_output=True,
                              timeout=60 * PATIENCE, check=False)
        return done

    def written(self, done):
        """(place, bytes) of all that a run has written."""
        yield "stdout", done.stdout
        yield "stderr", done.stderr
        for path in self.folder.rglob("*"):
            if path.is_file() and not path.name.endswith((".token", ".config")):
                yield path.name, path.read_bytes()

    def leaks(self, done):
        return {place: MARK.search(data).group() for place, data in self.written(done)
                if MARK.search(data)}

    def assert_clean(self, done, what):
        self.assertEqual(self.leaks(done), {}, what)

    # every command

    COMMANDS = (
        ["whoami"], ["doctor"], ["search", "--managing-customer-id", "2002002"],
        ["search", "--output", "table", "1001001"], ["add", "--dry-run", "clients.csv"],
        ["add", "--yes", "clients.csv"], ["add", "--yes", "clients.csv"],
        ["journal", "show", "clients.csv.journal"], ["journal", "export", "clients.csv.journal"],
        ["update", "cancel", "--yes", "1001001"], ["wait", "--for", "1", "1001025"],
        ["call", "GetUser"], ["call", "--list"], ["spec"], ["--help"], ["profile", "list"],
        ["logout"])

    def test_every_command(self):
        body = '<GetUserRequest xmlns="https://bingads.microsoft.com/Customer/v11"/>'
        for kind, variables in self.credentials().items():
            for command in self.COMMANDS:
                with self.subTest(kind, command=command):
                    done = self.run_it(command, body, **variables)
                    self.assertGreaterEqual(done.returncode, 0)
                    self.assert_clean(done, command)

    def test_every_failure_of_the_service(self):
        for kind in ("access token", "native app"):
            variables = self.credentials()[kind]
            for fault in FAULTS:
                self.sim.control("faults", {"clear": True})
                for operation in ("GetUser", "AddClientLinks"):
                    self.sim.control("faults", {"add": f"{fault},op={operation}"})
                with self.subTest(kind, fault=fault):
                    done = self.run_it(["add", "--yes", "--no-journal", "--no-role-check",
                                        "--managing-customer-id", "2002002", "--tries", "1",
                                        "--throttle-wait", "1", "--deadline", "2", "clients.csv"],
                                       **variables)
                    self.assert_clean(done, fault)
                    self.assert_clean(self.run_it(["whoami"], **variables), fault)

    def test_every_failure_of_the_token_endpoint(self):
        variables = self.credentials()["web app"]
        for fault in TOKEN_FAULTS:
            self.sim.control("faults", {"clear": True})
            self.sim.control("faults", {"add": f"{fault},op=token"})
            with self.subTest(fault=fault):
                self.assert_clean(self.run_it(["whoami"], **variables), fault)

    def test_login(self):
        page = self.sim.ready["authorizeUrl"].replace("authorize", "desktop")
        # The first handshake of a simulator under valgrind can outlast what login waits for one.
        with contextlib.closing(self.sim.connection()) as connection:
            connection.connect()
        for answer in ("", "https://x/?code=CODMARK&state=0", "https://x/?code=CODMARK&state={}",
                       "https://x/?error=access_denied&state={}", "good"):
            with self.subTest(answer):
                process = subprocess.Popen(
                    [self.program, "login"], cwd=self.folder, text=True,
                    env=self.environment(BACM_REDIRECT_URI=page), stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                said = ""
                while "://" not in said:
                    said += process.stderr.readline()
                url = page_url(said)
                state = re.search(r"state=([^&\s]+)", url).group(1)
                line = agree(self.sim, url) if answer == "good" else answer.format(state)
                out, err = process.communicate(line + "\n", timeout=60 * PATIENCE)
                done = subprocess.CompletedProcess([], process.returncode, out.encode(),
                                                   (said + err).encode())
                self.assertEqual(process.returncode, 0 if answer == "good" else 4, err)
                self.assert_clean(done, answer)

    def test_device_revocation_and_commands(self):
        process = self.start("login", "--device", BACM_DEVICE_URL=self.sim.ready["deviceUrl"])
        said = b""
        while not (code := re.search(rb"/device\n\s+(\S+)\n", said)):
            said += process.stderr.readline()
        self.sim.request("GET", "/device?user_code=" + code.group(1).decode())
        out, err = process.communicate(timeout=60 * PATIENCE)
        self.assertEqual(process.returncode, 0, err)
        self.assert_clean(subprocess.CompletedProcess([], 0, out, said + err), "device")
        for url in (self.sim.ready["revokeUrl"], self.sim.ready["tokenUrl"]):
            self.assert_clean(self.run_it(["logout"], BACM_REVOKE_URL=url), "logout")
        for command in (f"echo '{ACCESS_MARK}'", f"echo '{ACCESS_MARK}'; exit 1",
                        f"printf '{ACCESS_MARK}\\001'", f"echo '{ACCESS_MARK}'; echo DEVMARK"):
            self.assert_clean(self.run_it(["whoami"], BACM_TOKEN_COMMAND=command), command)

    # places that are not the wire

    def test_bad_configuration_is_not_repeated(self):
        for line in (f"developer-tokn = {DEVELOPER_MARK}", f"developer-token {DEVELOPER_MARK}",
                     f"developer-token = a\ndeveloper-token = {DEVELOPER_MARK}",
                     f"access-token = {ACCESS_MARK}\x01"):
            with self.subTest(line):
                self.write("a.config", f"[default]\n{line}\n", 0o600)
                done = self.run_it(["whoami"], BACM_CONFIG="a.config", BACM_DEVELOPER_TOKEN=None)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assert_clean(done, line)

    def test_secrets_as_options_are_not_repeated(self):
        for option in ("developer-token", "access-token", "client-secret", "refresh-token",
                       "password"):
            for arguments in ([f"--{option}=SECMARK"], [f"--{option}", "SECMARK"]):
                done = self.run_it(["whoami", *arguments])
                self.assertEqual(done.returncode, 2)
                self.assert_clean(done, option)

    def test_command_line_that_others_see(self):
        self.sim.control("faults", {"add": "stall=4000,op=GetUser"})
        process = self.start("whoami", **self.credentials()["web app"])
        time.sleep(0.5)
        self.assertIsNone(process.poll())
        with open(f"/proc/{process.pid}/cmdline", "rb") as file:
            self.assertIsNone(MARK.search(file.read()))
        process.communicate(timeout=60 * PATIENCE)

    # a service that repeats what it was sent

    def test_service_that_repeats_secrets(self):
        with Parrot() as parrot:
            for kind, variables in self.credentials().items():
                with self.subTest(kind):
                    done = self.run_it(["whoami"], **parrot.variables, **variables)
                    self.assertNotEqual(done.returncode, 0)
                    self.assert_clean(done, kind)

    def test_this_test_finds_secrets(self):
        self.program = os.path.join(os.environ["BACM_BUILD"], "tests", "helpers",
                                    "bacm_unredacted")
        # A password is sent where the version takes one.
        for kind in ("access token",) if cli.V13 else ("access token", "password"):
            self.assertIn("trace", self.leaks(self.run_it(["whoami"], **self.credentials()[kind])))
            os.unlink(self.folder / "trace")
        with Parrot() as parrot:
            done = self.run_it(["whoami"], BACM_TRACE=None, **parrot.variables,
                               **self.credentials()["access token"])
            self.assertIn("stderr", self.leaks(done))
            done = self.run_it(["whoami"], BACM_TRACE=None, **parrot.variables,
                               **self.credentials()["web app"])
            self.assertIn("stderr", self.leaks(done))


class Parrot:
    """An HTTP server whose refusals repeat the secrets of the request."""

    def __enter__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), ParrotHandler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.variables = {"BACM_ENDPOINT": url + "/service", "BACM_TOKEN_URL": url + "/token",
                          "BACM_CA_FILE": None}
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class ParrotHandler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/token":
            self.refuse_token(body)
        else:
            self.refuse_call(body)

    def refuse_token(self, body):
        fields = dict(parse_qsl(body))
        said = " ".join(value for name, value in fields.items() if name not in ("scope", "client_id"))
        self.answer(400, f"application/json; said={said}",
                    json.dumps({"error": "invalid_client", "error_description": said}))

    def refuse_call(self, body):
        secrets = " ".join(re.findall(
            r"<(?:\w+:)?(?:AuthenticationToken|DeveloperToken|Password)>([^<]*)<", body))
        self.answer(500, "text/xml", (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
            f"<faultcode>s:Server</faultcode><faultstring>{secrets}</faultstring><detail>"
            '<AdApiFaultDetail xmlns="https://adapi.microsoft.com">'
            f"<TrackingId>{secrets}</TrackingId><Errors><AdApiError><Code>105</Code>"
            f"<Detail>{secrets}</Detail><ErrorCode>{secrets}</ErrorCode><Message>{secrets}"
            "</Message></AdApiError></Errors></AdApiFaultDetail></detail></s:Fault></s:Body>"
            "</s:Envelope>"))

    def answer(self, status, kind, text):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    unittest.main()
