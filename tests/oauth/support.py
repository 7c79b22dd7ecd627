"""Runs bacm with OAuth settings, against a simulator of its own."""

import http.client
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "sim"))

spec = importlib.util.spec_from_file_location("cli_support", TESTS / "cli" / "support.py")
cli = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cli)

AGENCY, DEVELOPER, PATIENCE, Result, Simulator, V13, program = (
    cli.AGENCY, cli.DEVELOPER, cli.PATIENCE, cli.Result, cli.Simulator, cli.V13, cli.program)

NATIVE_APP = "demo-native-app"
WEB_APP = "demo-web-app"
WEB_SECRET = "demo-web-secret"
ADMIN_REFRESH = "AGENCY-ADMIN-REFRESH"
ADMIN_WEB_REFRESH = "AGENCY-ADMIN-WEB-REFRESH"


class OAuthTest(cli.SimTest):
    """No access token in the settings: it has to come from the token endpoint."""

    cached = False # each command gets a token of its own

    def settings(self):
        return {"BACM_ENDPOINT": self.url, "BACM_CA_FILE": self.sim.ready["caFile"],
                "BACM_DEVELOPER_TOKEN": DEVELOPER, "BACM_CLIENT_ID": NATIVE_APP,
                "BACM_TOKEN_URL": self.sim.ready["tokenUrl"],
                **({} if self.cached else {"BACM_NO_TOKEN_CACHE": "1"}),
                "BACM_AUTHORIZE_URL": self.sim.ready["authorizeUrl"]}

    @property
    def token_file(self):
        return self.folder / ".local" / "state" / "bacm" / "default.token"

    def stored_token(self, path=None):
        """The refresh token on disk; None when there is no file."""
        path = path or self.token_file
        if not path.exists():
            return None
        return re.search(r"^refresh-token = (.+)$", path.read_text(), re.MULTILINE).group(1)

    def token_calls(self):
        return [record for record in self.sim.log() if record["operation"] == "token"]


class LoginTest(OAuthTest):
    """bacm login, whose user agrees at once."""

    arguments = ("--oauth-auto-consent=agency.admin",)

    def settings(self):
        """The redirect URI is the simulator's empty page, so that the answer is pasted."""
        page = self.sim.ready["authorizeUrl"].replace("authorize", "desktop")
        return {**super().settings(), "BACM_REDIRECT_URI": page}

    def begin(self, *arguments, **variables):
        """Start bacm login; the process and the URL of its page."""
        process = subprocess.Popen(
            [program(), "login", *arguments], cwd=self.folder, env=self.environment(**variables),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        said = ""
        while "://" not in said:
            line = process.stderr.readline()
            self.assertTrue(line, said)
            said += line
        return process, page_url(said)

    def finish(self, process, text=""):
        out, err = process.communicate(text, timeout=60 * PATIENCE)
        return process.returncode, out, err

    def log_in(self, **variables):
        process, url = self.begin(**variables)
        code, _, err = self.finish(process, agree(self.sim, url) + "\n")
        self.assertEqual(code, 0, err)


def page_url(text):
    """The consent page's URL in what bacm login says."""
    return re.search(r"https?://\S+", text).group(0)


def field(url, name):
    return parse_qs(urlsplit(url).query)[name][0]


def get(url, timeout=10 * PATIENCE):
    """(status, Location, body) of a GET of an http URL."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        connection.request("GET", (parts.path or "/") + ("?" + parts.query if parts.query else ""))
        reply = connection.getresponse()
        return reply.status, reply.headers.get("Location"), reply.read().decode()
    finally:
        connection.close()


def agree(sim, url):
    """Agree on the consent page; where the browser is sent."""
    parts = urlsplit(url)
    status, headers, body = sim.request("GET", parts.path + "?" + parts.query)
    if status != 302:
        raise RuntimeError(f"no consent: {status} {body!r}")
    return headers["Location"]
